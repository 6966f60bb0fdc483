"""Powers, and what each role's must name."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from contracts.identities import Grant as PublishedGrant
from runtime.access import Role
from runtime.problems import Refusal

from registry.identity.grants.errors import GrantNeedsAreas, GrantNeedsOrganisation, GrantNeedsSectors, NotOfThisRole


@dataclass(frozen=True)
class Powers:
    """What a grant gives: a role, and how far it goes."""

    role: Role
    organisation_id: UUID | None = None
    sectors: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    same_organisations: tuple[UUID, ...] = field(default=(), compare=False)
    """All ids of its organisation, where others were merged into it, or it into another."""

    def faults(self, within: str = "") -> Iterable[Refusal]:
        """What the role needs and lacks, or has and should not; `within` is where in the request the powers stand."""
        coordinates = self.role is Role.COORDINATOR
        if self.role is Role.MEMBER and self.organisation_id is None:
            yield GrantNeedsOrganisation(f"{within}organisation_id")
        if coordinates and not self.sectors:
            yield GrantNeedsSectors(f"{within}sectors")
        if self.role in (Role.COORDINATOR, Role.HUB) and not self.areas:
            yield GrantNeedsAreas(f"{within}areas")
        if self.sectors and not coordinates:
            yield NotOfThisRole(f"{within}sectors", role=self.role.words)
        if self.areas and self.role not in (Role.COORDINATOR, Role.HUB):
            yield NotOfThisRole(f"{within}areas", role=self.role.words)
        if self.organisation_id and self.role not in (Role.MEMBER, Role.COORDINATOR):
            yield NotOfThisRole(f"{within}organisation_id", role=self.role.words)

    def is_member_of(self, organisation_id: UUID | None) -> bool:
        return self.role is Role.MEMBER and self.organisation_id == organisation_id

    def published(self) -> PublishedGrant:
        role: Any = self.role.value
        return PublishedGrant(role=role, organisation_id=self.organisation_id, sectors=self.sectors, areas=self.areas)


def same_organisations(ids: Iterable[object] | None) -> tuple[UUID, ...]:
    """All ids of an organisation; none where it has no other but its own."""
    found = tuple(UUID(str(id)) for id in ids or ())
    return found if len(found) > 1 else ()
