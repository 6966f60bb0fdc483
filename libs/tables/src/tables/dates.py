"""Days as people write them, in the order of their column."""

import re
from datetime import date, timedelta

from contracts.instants import HIJRI_YEARS
from runtime.validation import HijriDate

from tables.conventions import DAY_AND_MONTH, UNKNOWN, Convention, DateOrder
from tables.errors import AmbiguousDate, NotAMonth
from tables.names import IS_HIJRI, LONGEST, NamedMonth, named
from tables.separators import digits

EPOCH, EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
SERIALS = range(20_000, 80_000)
"""Day numbers taken for dates: 1954 to 2119."""

ISO_DATE = re.compile(r"^(\d{4})(?:-(?=\d+-)|/(?=\d+/)|\.(?=\d+\.))(\d{1,2})[-/.](\d{1,2})$")
"""The same mark twice: `2025-10/11` is two months."""
_COMPACT_DATE = re.compile(r"^(20\d\d)(\d\d)(\d\d)$")
_TIME = re.compile(r"[,T\s]\s*\d{1,2}:\d{2}.*$")
_OF_OUR_ERA = re.compile(r"(?<=\d)\s*(?:م|AD)\.?$", re.IGNORECASE)
_SAME = str.maketrans({"،": ",", "\\": "/", "_": "-", **dict.fromkeys("‐‑‒–—−", "-")})
_SERIAL = re.compile(r"^\d{5}(\.\d+)?$")


def date_of_serial(text: str, epoch: date | None, flags: dict[str, None]) -> str | None:
    """A date whose cell lost its format: a day number of the workbook."""
    if epoch is None or not _SERIAL.match(text) or int(text[:5]) not in SERIALS:
        return None
    flags["excel_serial_date"] = None
    return (epoch + timedelta(days=int(text[:5]))).isoformat()


def without_time(text: str) -> str:
    """The day of a moment, its digits Western and its marks the usual ones; a long text is none and stays."""
    if len(text) > LONGEST:
        return text
    return _OF_OUR_ERA.sub("", _TIME.sub("", digits(text).translate(_SAME).strip()))


def read_date(text: str, flags: dict[str, None], convention: Convention = UNKNOWN, year: str | None = None) -> str:
    """ISO 8601; `25/03/2026` in the order of its column, `25-Mar-2026`, `25 آذار 2026`; `25 Mar` in the row's `year`.

    What is no date stays as it is, to be refused. Raises `AmbiguousDate`, `HijriDate`.
    """
    plain = without_time(text)
    if len(plain) > LONGEST:
        return plain
    if IS_HIJRI.search(plain):
        raise HijriDate
    if found := ISO_DATE.match(plain) or _COMPACT_DATE.match(plain):
        return _iso(int(found[1]), int(found[2]), int(found[3])) or plain
    if found := DAY_AND_MONTH.fullmatch(plain):
        return day_and_month(found, flags, convention) or plain
    try:
        return _named_day(named(plain), flags, year) or plain
    except NotAMonth:
        return plain


def day_and_month(found: re.Match[str], flags: dict[str, None], convention: Convention) -> str | None:
    """The date of two short numbers and a year, in the order of the column, else day first, which is said."""
    first, second, year = int(found[1]), int(found[2]), found[3]
    if len(year) < len("2026"):
        flags["two_digit_year"] = None
    if first <= 12 and second <= 12 and first != second:
        if len(convention.order) > 1:
            raise AmbiguousDate
        if not convention.order:
            flags["day_first_assumed"] = None
        elif convention.order.isdisjoint(convention.proved):
            flags["date_order_from_sheet"] = None
        month_first = convention.order == {DateOrder.MONTH}
    else:
        month_first = second > 12
    day, month = (second, first) if month_first else (first, second)
    return _iso(_full(year), month, day)


def _named_day(named: NamedMonth, flags: dict[str, None], year: str | None) -> str | None:
    """A day by the name of its month."""
    match named.year, named.numbers:
        case str(), (day,):
            return _iso(int(named.year), named.month, day)
        case None, (day, short):
            flags["two_digit_year"] = None
            return _iso(2000 + short, named.month, day)
        case None, (day,) if year and named.number_first:
            return _iso(int(year), named.month, day)
    return None


def _full(year: str) -> int:
    return int(year) if len(year) == len("2026") else 2000 + int(year)


def _iso(year: int, month: int, day: int) -> str | None:
    if year in HIJRI_YEARS:
        raise HijriDate
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
