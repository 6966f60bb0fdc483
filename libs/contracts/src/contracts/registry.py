"""Events of the registry: who works where, and the code lists all services share."""

from datetime import date
from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from contracts.event import Event, Topic, published
from contracts.nouns import described
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


class OrganisationFields(BaseModel):
    """What is said of an organisation; contacts never travel."""

    names: Low[Names] = described("Names.", "الأسماء.")
    acronyms: Low[Names] = described("Acronyms.", "الأسماء المختصرة.", Names())
    aliases: Low[tuple[str, ...]] = described("Other spellings.", "تهجئات أخرى.", ())
    type_code: Low[str] = described(
        "Type of the HAPI list, such as 441 (national NGO).", "النوع بحسب قائمة HAPI، مثل 441 (منظمة وطنية)."
    )
    status: Low[OrganisationStatus] = described("Standing.", "الحالة.")
    external_ids: Low[dict[str, str]] = described(
        "Id by scheme: iati, xm_ocha, fts.", "المعرّف في كل نظام: iati وxm_ocha وfts.", {}
    )
    sectors: Low[tuple[SectorCode, ...]] = described("Codes of the sectors it works in.", "رموز قطاعات عملها.", ())
    areas: Low[tuple[Pcode, ...]] = described(
        "P-codes of the areas it works in, of level 1 to 3.", "رموز مناطق عملها، من المستوى 1 إلى 3.", ()
    )


@published(ORGANISATIONS)
class OrganisationChanged(OrganisationFields, Event):
    """An organisation as others may know it: contacts never travel."""

    type: Low[Literal["registry.organisation.changed.v1"]] = "registry.organisation.changed.v1"
    id: Low[UUID]


class AreaFields(BaseModel):
    """What is said of an area."""

    country: Low[Country] = described("P-code of the country.", "رمز البلد.")
    pcode: Low[Pcode] = described("P-code.", "الرمز P-code.")
    level: Low[int] = described(
        "0 country, 1 governorate, 2 district, 3 sub-district, 4 community.",
        "المستوى: 0 بلد، 1 محافظة، 2 منطقة، 3 ناحية، 4 تجمّع سكاني.",
    )
    names: Low[Names] = described("Names.", "الأسماء.")
    aliases: Low[tuple[str, ...]] = described("Other spellings.", "تهجئات أخرى.", ())
    parent: Low[Pcode | None] = described("P-code of the area above.", "رمز المنطقة الأعلى.")
    path: Low[tuple[Pcode, ...]] = described(
        "P-codes from the country down to the area itself; a level may be skipped.",
        "الرموز من البلد نزولاً إلى المنطقة نفسها، وقد يغيب مستوى منها.",
    )
    latitude: Low[float | None] = described(
        "Of the centroid, published by its COD: not the place of any work.",
        "خط عرض المركز كما نُشر مع المنطقة، وليس موقع أي عمل.",
        None,
    )
    longitude: Low[float | None] = described("Of the centroid.", "خط طول المركز.", None)


@published(AREAS)
class AreaChanged(AreaFields, Event):
    """An area of a country's common operational dataset (COD-AB)."""

    type: Low[Literal["registry.area.changed.v1"]] = "registry.area.changed.v1"

    @property
    def key(self) -> str:
        return f"{self.country}:{self.pcode}"


class SectorFields(BaseModel):
    """What is said of a sector."""

    code: Low[SectorCode] = described("Global code, such as WSH.", "الرمز العالمي مثل WSH.")
    names: Low[Names] = described("Names.", "الأسماء.")
    aliases: Low[tuple[str, ...]] = described(
        "Spellings found in real files, such as ESNFI.", "تهجئات ترد في الملفات، مثل ESNFI.", ()
    )
    parent: Low[SectorCode | None] = described("Code of the sector above.", "رمز القطاع الأعلى.", None)
    has_working_group: Low[bool] = described("Whether a working group coordinates it.", "هل له مجموعة عمل.", False)


@published(CODES)
class SectorChanged(SectorFields, Event):
    """A sector of the global coordination groups, or an area of responsibility below one."""

    type: Low[Literal["registry.sector.changed.v1"]] = "registry.sector.changed.v1"

    @property
    def key(self) -> str:
        return f"sector:{self.code}"


class IndicatorFields(BaseModel):
    """What is said of an indicator."""

    code: Low[str] = described("Code, such as wsh_ind_1_1_1.", "الرمز، مثل wsh_ind_1_1_1.")
    sector: Low[SectorCode] = described("Code of its sector.", "رمز قطاعه.")
    names: Low[Names] = described("Names.", "الأسماء.")
    unit: Low[str] = described(
        "What is counted: people, or an output such as kits.", "وحدة القياس: أشخاص، أو مخرجات كالحصص."
    )


@published(CODES)
class IndicatorChanged(IndicatorFields, Event):
    """An indicator of a sector's plan, such as `wsh_ind_1_1_1`."""

    type: Low[Literal["registry.indicator.changed.v1"]] = "registry.indicator.changed.v1"

    @property
    def key(self) -> str:
        return f"indicator:{self.code}"


class ScopeFields(BaseModel):
    """What is said of a scope."""

    code: Low[str] = described("Code.", "الرمز.")
    names: Low[Names] = described("Names.", "الأسماء.")
    country: Low[Country] = described("P-code of the country.", "رمز البلد.")
    areas: Low[tuple[Pcode, ...]] = described("P-codes of its areas.", "رموز مناطقه.")
    active_from: Moderate[date | None] = described(
        "Day its coordination starts; null while it is only planned.", "يوم بدء تنسيقه، ويغيب ما دام مخططاً فقط."
    )
    time_zone: Low[str] = described(
        "Zone of its months and deadlines.", "المنطقة الزمنية لأشهره ومواعيده.", "Asia/Damascus"
    )


@published(SCOPES)
class ScopeChanged(ScopeFields, Event):
    """A set of areas that is coordinated together, with the day it starts."""

    type: Low[Literal["registry.scope.changed.v1"]] = "registry.scope.changed.v1"

    @property
    def key(self) -> str:
        return self.code


class GrantFields(BaseModel):
    """A role somebody holds, and how far it goes."""

    role: Moderate[Literal["member", "coordinator", "hub", "secretariat"]] = described("Role.", "الدور.")
    organisation_id: Moderate[UUID | None] = described("Id of the organisation it is held for.", "معرّف المنظمة.", None)
    sectors: Moderate[tuple[SectorCode, ...]] = described(
        "Codes of the sectors it covers.", "رموز القطاعات المشمولة.", ()
    )
    areas: Moderate[tuple[Pcode, ...]] = described(
        "P-codes of the areas it covers, with all below them.", "رموز المناطق المشمولة مع ما دونها.", ()
    )


class Grant(GrantFields, Value):
    """A role somebody holds, and how far it goes."""


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
