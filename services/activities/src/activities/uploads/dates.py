"""Days as people write them, in the order of their column."""

import re
from datetime import date, timedelta

from activities.spelling import western_digits
from activities.uploads.conventions import UNKNOWN, Convention
from activities.uploads.months import DAY_FIRST

EPOCH, EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
SERIALS = range(20_000, 80_000)
"""Day numbers taken for dates: 1954 to 2119."""

ISO_DATE = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]\d{1,2}:.*)?$")
_SERIAL = re.compile(r"^\d{5}(\.\d+)?$")


def date_of_serial(text: str, epoch: date | None, flags: dict[str, None]) -> str | None:
    """A date whose cell lost its format: a day number of the workbook."""
    if epoch is None or not _SERIAL.match(text) or int(text[:5]) not in SERIALS:
        return None
    flags["excel_serial_date"] = None
    return (epoch + timedelta(days=int(text[:5]))).isoformat()


def read_date(text: str, flags: dict[str, None], convention: Convention = UNKNOWN) -> str:
    """ISO 8601; of `03/04/2026` the day is taken to stand first, as in Syria, and that is said."""
    plain = western_digits(text).strip()
    if found := ISO_DATE.match(plain):
        return f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}"
    if not (found := DAY_FIRST.match(plain)):
        return plain
    first, second, year = int(found[1]), int(found[2]), int(found[3])
    if first <= 12 and second <= 12 and first != second:
        flags["day_first_assumed"] = None
    day, month = (second, first) if second > 12 else (first, second)
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return plain
