"""What a machine client is, and what each role's must name."""

import secrets
from dataclasses import dataclass, field
from uuid import UUID

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


@dataclass(frozen=True)
class Credentials:
    """What a client proves itself with. The secret is shown once."""

    client_id: str
    client_secret: str = field(repr=False)


def new_secret() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)
