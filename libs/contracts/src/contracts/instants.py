"""Instants, days and months as users send them: as ISO 8601 writes them, within what Python and PostgreSQL hold."""

import re
import time
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Annotated, Any, Final

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, TypeAdapter
from pydantic_core import PydanticCustomError

from contracts.values import Month

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOMENT = re.compile(rf"{DAY.pattern}[Tt ][0-9]{{2}}:[0-9]{{2}}")
FIRST_MONTH: Final = "2000-01"
LAST_MONTH: Final = "2199-12"
FIRST_REPORTED: Final = "2011-01"
"""The first month of what is reported and planned; the last is December of next year."""
_FIRST_REPORTED_YEAR = int(FIRST_REPORTED[:4])
SECONDS = 60
"""Of a minute: no zone changes its day within one."""
HIJRI_YEARS = range(1300, 1500)
"""Years of the Islamic calendars, lunar and solar: as years of ours nobody means them."""
_LATEST_ZONE = timezone(timedelta(hours=14))


def _instant_as_written(value: Any) -> Any:
    # A bare number would be taken for seconds since 1970.
    if isinstance(value, datetime) or (isinstance(value, str) and MOMENT.match(value.strip())):
        return value
    raise PydanticCustomError("not_an_instant", "an instant with its offset")


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        bounds = {"first": "0001-01-01T00:00:00Z", "last": "9999-12-31T23:59:59Z"}
        raise PydanticCustomError("instant_out_of_range", "beyond the years 1 to 9999", bounds) from None


def _day_as_written(value: Any) -> Any:
    if isinstance(value, date) or (isinstance(value, str) and DAY.match(value.strip())):
        return value
    raise PydanticCustomError("date_parsing", "a day such as 2026-03-31")


def _in_our_time(month: str) -> str:
    if not FIRST_MONTH <= month <= LAST_MONTH:
        bounds = {"first": FIRST_MONTH, "last": LAST_MONTH}
        raise PydanticCustomError("month_out_of_range", "beyond the months taken here", bounds)
    return month


def today() -> date:
    """The day where it is latest on earth: at a month's end nobody is refused for living east of the machine."""
    return _day_of(int(time.time()) // SECONDS)


@lru_cache(maxsize=1)
def _day_of(minute: int) -> date:
    """Each row asks for it several times."""
    return datetime.fromtimestamp(minute * SECONDS, _LATEST_ZONE).date()


def this_month() -> str:
    """The month of `today`."""
    return _month_of(today())


@lru_cache(maxsize=1)
def _month_of(day: date) -> str:
    return day.isoformat()[:7]


def last_reported() -> str:
    """The last month somebody can report on or plan for."""
    return _last_reported(today().year)


@lru_cache(maxsize=1)
def _last_reported(year: int) -> str:
    return f"{year + 1}-12"


def _in_the_window(month: str) -> str:
    last = last_reported()
    if FIRST_REPORTED <= month <= last:
        return month
    if int(month[:4]) in HIJRI_YEARS:
        raise PydanticCustomError("hijri_date", "a month of the Islamic calendar")
    raise PydanticCustomError("month_out_of_range", "beyond the window", {"first": FIRST_REPORTED, "last": last})


def _day_in_the_window(value: date) -> date:
    if _FIRST_REPORTED_YEAR <= value.year <= today().year + 1:
        return value
    if value.year in HIJRI_YEARS:
        raise PydanticCustomError("hijri_date", "a day of the Islamic calendar")
    bounds = {"first": f"{FIRST_REPORTED}-01", "last": f"{last_reported()}-31"}
    raise PydanticCustomError("date_out_of_range", "beyond the window", bounds)


Instant = Annotated[AwareDatetime, BeforeValidator(_instant_as_written), AfterValidator(_in_utc)]
"""A moment, in UTC, of the years 1 to 9999. To PostgreSQL the very first and last are its infinities: good to compare
with, and for a value that is kept a narrower type is to be made of this one."""

Day = Annotated[date, BeforeValidator(_day_as_written)]
"""A day of the calendar, of the years 1 to 9999."""

AskedMonth = Annotated[Month, AfterValidator(_in_our_time)]
"""A month somebody can ask about: whoever asks for more than there can be is shown what there is."""

ReportingMonth = Annotated[Month, AfterValidator(_in_the_window)]
"""A month somebody can report on or plan for."""

ReportedDay = Annotated[Day, AfterValidator(_day_in_the_window)]
"""A day somebody can report on or plan for."""

_INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)
_DAY: TypeAdapter[date] = TypeAdapter(Day)


def instant(text: object) -> datetime:
    """The moment, in UTC. Raises `ValueError`."""
    return _INSTANT.validate_python(text)


def day(text: object) -> date:
    """Raises `ValueError`."""
    return _DAY.validate_python(text)
