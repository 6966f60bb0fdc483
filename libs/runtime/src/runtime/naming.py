"""What a filter or a body names of the public lists: an area, a sector, an indicator nobody knows is refused by name.

Each service keeps what the registry says of them in tables of the same names. A filter that names something unknown
finds nothing, so it is looked up only where nothing was found.
"""

from collections.abc import Mapping
from datetime import date

from contracts.values import Month
from database import Transaction
from pydantic import BaseModel

from runtime.problems import Invalid, OfValue, Refusal


class Unknown(OfValue):
    """Nobody knows what is named here."""

    ar = "لا أحد يعرف المذكور هنا."


class UnknownCountry(Unknown):
    """No country with areas known here has this code or name."""

    ar = "لا يوجد بلد بهذا الرمز أو الاسم له مناطق معروفة هنا."


class UnknownArea(Unknown):
    """No area is known by this code or name in the country."""

    ar = "لا توجد منطقة معروفة بهذا الرمز أو الاسم في هذا البلد."


class UnknownSector(Unknown):
    """No sector is known by this code or name."""

    ar = "لا يوجد قطاع معروف بهذا الرمز أو الاسم."


class UnknownIndicator(Unknown):
    """No indicator is known by this code."""

    ar = "لا يوجد مؤشر معروف بهذا الرمز."


class IndicatorOfOtherSector(Refusal):
    """This indicator belongs to the sector {expected}."""

    ar = "هذا المؤشر يخص القطاع {expected}."


class UnknownOrganisation(Unknown):
    """No organisation is known by this id."""

    ar = "لا توجد منظمة معروفة بهذا المعرّف."


class SeveralOrganisations(Refusal):
    """This names different organisations: send a row for each."""

    ar = "تذكر هذه القيمة منظمات مختلفة: أرسل صفاً لكل منظمة."


class UnknownOrganisationType(Unknown):
    """No organisation type is known by this code."""

    ar = "لا يوجد نوع منظمة معروف بهذا الرمز."


class MonthsReversed(Refusal):
    """The last month lies before the first."""

    ar = "الشهر الأخير يسبق الشهر الأول."


class DatesReversed(Refusal):
    """The end is before the start."""

    ar = "تاريخ الانتهاء قبل تاريخ البدء."


class PeriodTwice(Refusal):
    """Send either `month` or `month_from` and `month_to`, not both."""

    ar = "أرسل إمّا `month` وإمّا `month_from` و`month_to`، وليس كليهما."


AREA = "area where pcode = {value} and ({country}::text is null or country = {country})"
PUBLIC: Mapping[str, tuple[str, type[Unknown]]] = {
    "country": ("area where country = {value}", UnknownCountry),
    "area": (AREA, UnknownArea),
    "within": (AREA, UnknownArea),
    "parent": (AREA, UnknownArea),
    "sector": ("sector where code = {value}", UnknownSector),
    "indicator": ("indicator where code = {value}", UnknownIndicator),
    "type_code": ("organisation_type where code = {value}", UnknownOrganisationType),
}
"""Fields of filters and bodies that name an entry of a public list, where it stands, and its refusal. Ids of
organisations are not among them: who is not verified is nobody's business, nor is whether there is such a one."""


async def check_named(tx: Transaction, filter: BaseModel) -> None:
    """Raises the `Unknown…` of what the filter or the body names in vain, or `Invalid` with all of them."""
    given = {name: str(value) for name in PUBLIC if (value := getattr(filter, name, None)) is not None}
    if not given:
        return
    country = given.get("country")
    tests = [
        f"exists (select from {PUBLIC[name][0].format(value=f'${place}', country='$1')})"
        for place, name in enumerate(given, start=2)
    ]
    statement = f"select array[{', '.join(tests)}] as known, $1::text as country"
    row = await tx.fetchrow(statement, country, *given.values())
    assert row is not None
    pairs = zip(given.items(), row["known"], strict=True)
    refused = [PUBLIC[name][1](name, value=value) for (name, value), known in pairs if not known]
    if len(refused) == 1:
        raise refused[0]
    if refused:
        raise Invalid(refused)


def check_months(first: Month | None, last: Month | None, field: str = "month_to") -> None:
    """Raises `MonthsReversed`."""
    if first and last and last < first:
        raise MonthsReversed(field)


def check_dates(first: date | None, last: date | None, field: str = "end_date") -> None:
    """Raises `DatesReversed`."""
    if first and last and last < first:
        raise DatesReversed(field)


def check_period(filter: BaseModel) -> None:
    """Raises `MonthsReversed` where a filter's months are."""
    check_months(getattr(filter, "month_from", None), getattr(filter, "month_to", None))
