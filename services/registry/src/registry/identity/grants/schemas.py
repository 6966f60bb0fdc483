"""Powers as users send them."""

from typing import Literal
from uuid import UUID

from contracts.values import Pcode, SectorCode
from pydantic import BaseModel, ConfigDict, Field
from runtime.access import Role

from registry.identity.grants.domain import Powers


class SentGrant(BaseModel):
    model_config = ConfigDict(extra="forbid")

    role: Literal["member", "coordinator", "hub", "secretariat"]
    organisation_id: UUID | None = None
    sectors: tuple[SectorCode, ...] = Field(default=(), max_length=30)
    areas: tuple[Pcode, ...] = Field(default=(), max_length=100)

    def as_powers(self) -> Powers:
        sectors, areas = tuple(dict.fromkeys(self.sectors)), tuple(dict.fromkeys(self.areas))
        return Powers(Role(self.role), self.organisation_id, sectors, areas)
