"""Code lists all services share: sectors, indicators, organisation types, scopes. They are short and read whole."""

from datetime import date
from typing import Literal

from pydantic import BaseModel

from contracts.event import Event, Topic, published
from contracts.nouns import Filter, Row, described, noun
from contracts.sensitivity import Low, Moderate
from contracts.values import Country, Names, Pcode, SectorCode

CODES = Topic("registry.codes")


class SectorFields(BaseModel):
    """What is said of a sector."""

    code: Low[SectorCode] = described("Global code, such as WSH.", "الرمز العالمي مثل WSH.")
    names: Low[Names] = described("Names.", "الأسماء.")
    aliases: Low[tuple[str, ...]] = described(
        "Spellings found in real files, such as ESNFI.", "تهجئات ترد في الملفات، مثل ESNFI.", ()
    )
    parent: Low[SectorCode | None] = described("Code of the sector above.", "رمز القطاع الأعلى.", None)
    has_working_group: Low[bool] = described("Whether a working group coordinates it.", "هل له مجموعة عمل.", False)


class Sector(SectorFields, Row):
    """A sector of the global coordination groups, or an area of responsibility below one.

    قطاع من مجموعات التنسيق العالمية، أو مجال مسؤولية دونه.
    """

    version: Low[int] = described("Version.", "النسخة.")


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


class Indicator(IndicatorFields, Row):
    """An indicator of a sector's plan.

    مؤشر من خطة قطاع.
    """

    version: Low[int] = described("Version.", "النسخة.")


@published(CODES)
class IndicatorChanged(IndicatorFields, Event):
    """An indicator of a sector's plan, such as `wsh_ind_1_1_1`."""

    type: Low[Literal["registry.indicator.changed.v1"]] = "registry.indicator.changed.v1"

    @property
    def key(self) -> str:
        return f"indicator:{self.code}"


class OrganisationType(Row):
    """An entry of the HAPI list of organisation types."""

    code: Low[str] = described("Code, such as 441.", "الرمز، مثل 441.")
    names: Low[Names] = described("Names.", "الأسماء.")
    version: Low[int] = described("Version.", "النسخة.")


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


class Scope(ScopeFields, Row):
    """A set of areas that is coordinated together."""

    version: Low[int] = described("Version.", "النسخة.")


@published(Topic("registry.scopes"))
class ScopeChanged(ScopeFields, Event):
    """A set of areas that is coordinated together, with the day it starts."""

    type: Low[Literal["registry.scope.changed.v1"]] = "registry.scope.changed.v1"

    @property
    def key(self) -> str:
        return self.code


class CodeFilter(Filter):
    """Which entries: all of them."""


class IndicatorFilter(Filter):
    """Which indicators."""

    sector: SectorCode | None = described("Exact code of the sector.", "رمز القطاع تماماً.", None)


SECTORS = noun("sectors", "registry", Sector, CodeFilter, ("code",), key=("code",), whole=True)
INDICATORS = noun("indicators", "registry", Indicator, IndicatorFilter, ("code",), key=("code",), whole=True)
ORGANISATION_TYPES = noun(
    "organisation-types", "registry", OrganisationType, CodeFilter, ("code",), key=("code",), whole=True
)
SCOPES = noun("scopes", "registry", Scope, CodeFilter, ("country", "code"), key=("code",), whole=True)


def belongs_to(sector: str, other: str) -> bool:
    """Whether it is that sector, or one of its areas of responsibility."""
    return sector == other or sector.startswith(f"{other}-")
