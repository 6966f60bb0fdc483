"""Instants, days and months as users send them: as ISO 8601 writes them, within what Python and PostgreSQL hold."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final

from contracts.values import Month
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, TypeAdapter
from pydantic_core import PydanticCustomError

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOMENT = re.compile(rf"{DAY.pattern}[Tt ][0-9]{{2}}:[0-9]{{2}}")
FIRST_MONTH: Final = "2000-01"
LAST_MONTH: Final = "2199-12"


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


Instant = Annotated[AwareDatetime, BeforeValidator(_instant_as_written), AfterValidator(_in_utc)]
"""A moment, in UTC, of the years 1 to 9999. To PostgreSQL the very first and last are its infinities: good to compare
with, and for a value that is kept a narrower type is to be made of this one."""

Day = Annotated[date, BeforeValidator(_day_as_written)]
"""A day of the calendar, of the years 1 to 9999."""

ReportingMonth = Annotated[Month, AfterValidator(_in_our_time)]
"""A month somebody can report on, plan for or ask about."""

_INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)
_DAY: TypeAdapter[date] = TypeAdapter(Day)


def instant(text: object) -> datetime:
    """The moment, in UTC. Raises `ValueError`."""
    return _INSTANT.validate_python(text)


def day(text: object) -> date:
    """Raises `ValueError`."""
    return _DAY.validate_python(text)
