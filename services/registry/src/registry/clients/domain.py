"""What a machine client is, and what each role's must name."""

import secrets
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from contracts.registry import Grant, IdentityChanged
from runtime.access import Role

from registry.clients.errors import AreasNeeded, OrganisationNeeded, SectorsNeeded

SECRET_BYTES = 32


@dataclass(frozen=True)
class NewClient:
    """A system that may ask for tokens, and what they will say."""

    name: str
    role: Role
    organisation_id: UUID | None = None
    sectors: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()

    def check(self) -> None:
        """Raises `OrganisationNeeded`, `SectorsNeeded`, `AreasNeeded`."""
        if self.role is Role.MEMBER and self.organisation_id is None:
            raise OrganisationNeeded("organisation_id")
        if self.role is Role.COORDINATOR and not self.sectors:
            raise SectorsNeeded("sectors")
        if self.role in (Role.COORDINATOR, Role.HUB) and not self.areas:
            raise AreasNeeded("areas")

    def changed(self, client_id: str, version: int) -> IdentityChanged:
        """What the others may know of it."""
        role: Any = self.role.value
        grant = Grant(role=role, organisation_id=self.organisation_id, sectors=self.sectors, areas=self.areas)
        return IdentityChanged(version=version, subject=client_id, kind="client", grants=(grant,))


def ended(client_id: str, version: int) -> IdentityChanged:
    """The same of a client that may do nothing any more."""
    return IdentityChanged(version=version, subject=client_id, kind="client")


@dataclass(frozen=True)
class Revoked:
    """A client that was revoked: its version then, or none where it had been before."""

    version: int | None


@dataclass(frozen=True)
class Credentials:
    """What a client proves itself with. The secret is shown once."""

    client_id: str
    client_secret: str = field(repr=False)


def new_secret() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)
