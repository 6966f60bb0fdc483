"""Events of the registry: who works where, and the code lists all services share."""

from datetime import date
from enum import StrEnum
from typing import Literal
from uuid import UUID

from contracts.event import Event, Topic, published
from contracts.sensitivity import Low, Moderate
from contracts.values import Country, Names, Pcode, SectorCode, Value

ORGANISATIONS = Topic("registry.organisations")
AREAS = Topic("registry.areas")
CODES = Topic("registry.codes")
SCOPES = Topic("registry.scopes")
IDENTITIES = Topic("registry.identities")


class OrganisationStatus(StrEnum):
    APPLIED = "applied"
    VERIFIED = "verified"
    SUSPENDED = "suspended"


@published(ORGANISATIONS)
class OrganisationChanged(Event):
    """An organisation as others may know it: contacts never travel."""

    type: Low[Literal["registry.organisation.changed.v1"]] = "registry.organisation.changed.v1"
    id: Low[UUID]
    names: Low[Names]
    acronyms: Low[Names] = Names()
    aliases: Low[tuple[str, ...]] = ()
    type_code: Low[str]
    """Organisation type of the HAPI list, such as `441` (national NGO)."""
    status: Low[OrganisationStatus]
    external_ids: Low[dict[str, str]] = {}
    """Id by scheme: `iati`, `xm_ocha`, `fts`."""
    sectors: Low[tuple[SectorCode, ...]] = ()
    areas: Low[tuple[Pcode, ...]] = ()
    """Areas of work, adm1 to adm3."""

    @property
    def key(self) -> str:
        return str(self.id)


@published(AREAS)
class AreaChanged(Event):
    """An area of a country's common operational dataset (COD-AB)."""

    type: Low[Literal["registry.area.changed.v1"]] = "registry.area.changed.v1"
    country: Low[Country]
    pcode: Low[Pcode]
    level: Low[int]
    """0 country, 1 governorate, 2 district, 3 sub-district, 4 community."""
    names: Low[Names]
    aliases: Low[tuple[str, ...]] = ()
    parent: Low[Pcode | None]
    path: Low[tuple[Pcode, ...]]
    """P-codes from adm0 down to the area itself. A level may be skipped: its place here is not an area's level."""
    latitude: Low[float | None] = None
    """Centroid of the area, published by its COD: not the place of any work."""
    longitude: Low[float | None] = None

    @property
    def key(self) -> str:
        return f"{self.country}:{self.pcode}"


@published(CODES)
class SectorChanged(Event):
    """A sector of the global coordination groups, or an area of responsibility below one."""

    type: Low[Literal["registry.sector.changed.v1"]] = "registry.sector.changed.v1"
    code: Low[SectorCode]
    names: Low[Names]
    aliases: Low[tuple[str, ...]] = ()
    """Spellings found in real files, such as `ESNFI` or `Water, Sanitation & Hygiene`."""
    parent: Low[SectorCode | None] = None
    has_working_group: Low[bool] = False

    @property
    def key(self) -> str:
        return f"sector:{self.code}"


@published(CODES)
class IndicatorChanged(Event):
    """An indicator of a sector's plan, such as `wsh_ind_1_1_1`."""

    type: Low[Literal["registry.indicator.changed.v1"]] = "registry.indicator.changed.v1"
    code: Low[str]
    sector: Low[SectorCode]
    names: Low[Names]
    unit: Low[str]
    """What is counted: `people`, or an output such as `kits`."""

    @property
    def key(self) -> str:
        return f"indicator:{self.code}"


@published(SCOPES)
class ScopeChanged(Event):
    """A set of areas that is coordinated together, with the day it starts."""

    type: Low[Literal["registry.scope.changed.v1"]] = "registry.scope.changed.v1"
    code: Low[str]
    names: Low[Names]
    country: Low[Country]
    areas: Low[tuple[Pcode, ...]]
    active_from: Moderate[date | None]
    """Null while the scope is only planned."""
    time_zone: Low[str] = "Asia/Damascus"

    @property
    def key(self) -> str:
        return self.code


class Grant(Value):
    """A role somebody holds, and how far it goes."""

    role: Moderate[Literal["member", "coordinator", "hub", "secretariat"]]
    organisation_id: Moderate[UUID | None] = None
    sectors: Moderate[tuple[SectorCode, ...]] = ()
    areas: Moderate[tuple[Pcode, ...]] = ()


@published(IDENTITIES)
class IdentityChanged(Event):
    """What somebody may do, a machine client or a person, by the `sub` of their tokens. No name, no address travels.

    Whoever keeps something going on somebody's behalf, such as a subscription, ends it when the right has ended.
    """

    type: Low[Literal["registry.identity.changed.v1"]] = "registry.identity.changed.v1"
    subject: Moderate[str]
    kind: Moderate[Literal["client", "person"]]
    grants: Moderate[tuple[Grant, ...]] = ()
    """None while nothing may be done: the client is revoked, the person left."""
    erased: Moderate[bool] = False
    """Who this was is to be known no more: what is kept on their behalf goes."""

    @property
    def key(self) -> str:
        return self.subject
