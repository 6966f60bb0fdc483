"""Instants and days as users send them: ISO 8601, and within what Python and PostgreSQL both hold."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BeforeValidator
from pydantic_core import PydanticCustomError

INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?([Zz]|[+-][0-9]{2}(:?[0-9]{2})?)")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
FINEST = re.compile(r"(?<=[.,][0-9]{6})[0-9]+")
"""Digits of a second beyond the microsecond, which neither keeps."""


def _written(value: Any) -> Any:
    """Only as ISO 8601 writes it: a bare number would be taken for seconds since 1970."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not INSTANT.fullmatch(value.strip()):
        raise PydanticCustomError("not_an_instant", "an instant with its offset, such as 2026-03-31T08:00:00Z")
    return FINEST.sub("", value.strip())


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("instant_out_of_range", "an instant between the years 1 and 9999 in UTC") from None


def _day(value: Any) -> Any:
    if isinstance(value, datetime) or not (isinstance(value, date) or isinstance(value, str) and DAY.fullmatch(value.strip())):
        raise PydanticCustomError("date_parsing", "a day such as 2026-03-31")
    return value.strip() if isinstance(value, str) else value


Instant = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_in_utc)]
"""A moment, in UTC."""

Day = Annotated[date, BeforeValidator(_day)]
"""A day of the calendar, of the years 1 to 9999."""
