"""Code lists all services share: sectors, indicators, organisation types, scopes. They are short and read whole."""

from contracts.nouns import Filter, Row, described, noun
from contracts.registry import IndicatorFields, ScopeFields, SectorFields
from contracts.sensitivity import Low
from contracts.values import Names, SectorCode


class Sector(SectorFields, Row):
    """A sector of the global coordination groups, or an area of responsibility below one.

    قطاع من مجموعات التنسيق العالمية، أو مجال مسؤولية دونه.
    """

    version: Low[int] = described("Version.", "النسخة.")


class Indicator(IndicatorFields, Row):
    """An indicator of a sector's plan.

    مؤشر من خطة قطاع.
    """

    version: Low[int] = described("Version.", "النسخة.")


class OrganisationType(Row):
    """An entry of the HAPI list of organisation types."""

    code: Low[str] = described("Code, such as 441.", "الرمز، مثل 441.")
    names: Low[Names] = described("Names.", "الأسماء.")
    version: Low[int] = described("Version.", "النسخة.")


class Scope(ScopeFields, Row):
    """A set of areas that is coordinated together."""

    version: Low[int] = described("Version.", "النسخة.")


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
