"""The month a cell names, in the many ways people write it; never one of several."""

import re
from dataclasses import dataclass

from contracts.instants import HIJRI_YEARS
from runtime.validation import HijriDate

from tables.conventions import DAY_AND_MONTH, DAYS_BY_NAMES, UNKNOWN, Convention, is_short_year
from tables.dates import ISO_DATE, day_and_month, without_time
from tables.errors import AmbiguousMonth, NotAMonth, YearMissing
from tables.names import IS_HIJRI, LONGEST, NamedMonth, named

_ISO_MONTH = re.compile(r"^(?!\d{4}\.1$)(\d{4})\s?[-/.m]\s?(\d{1,2})$", re.IGNORECASE)
"""Not `2026.1`: a spreadsheet that took the month for a number makes that of October."""
_COMPACT_MONTH = re.compile(r"^(20\d\d)(0[1-9]|1[0-2])(?:[0-3]\d)?$")
_MONTH_YEAR = re.compile(r"^(?:شهر|month|m)?\s?(\d{1,2})\s?[-/., ]\s?(\d{4})$", re.IGNORECASE)
_MONTH_ALONE = re.compile(r"^(?:شهر|month|m)?\s?(\d{1,2})$", re.IGNORECASE)


@dataclass(frozen=True)
class YearContext:
    """The year a row says beside its month, or else its form."""

    row: str | None = None
    """Empty where the row's year is not understood: then no other is taken for it."""
    form: str | None = None

    @property
    def year(self) -> str | None:
        return self.form if self.row is None else self.row

    def taken(self, flags: dict[str, None]) -> int:
        """The year, said to be the form's where it is. Raises `YearMissing`."""
        if not self.year:
            raise YearMissing("month")
        if self.row is None:
            flags["year_from_form"] = None
        return int(self.year)


def read_month(
    text: str,
    form_month: str | None,
    flags: dict[str, None],
    convention: Convention = UNKNOWN,
    row_year: str | None = None,
) -> str:
    """`2026-03`, `2026-03-31`, `03/2026`, `31/03/2026`, `March 2026`, `Mar-26`, `آذار 2026`; `3` in a known year.

    The year is the month's own, else that of the row, else the form's. Raises `NotAMonth`, and `SeveralMonths` for
    `Jan-Mar` or a quarter: no one month can be chosen for its figures; `AmbiguousDate`, `HijriDate`.
    """
    plain = without_time(text)
    month = _read(plain, YearContext(row_year, form_month[:4] if form_month else None), flags, convention)
    if row_year and month[:4] != row_year:
        flags["year_differs"] = None
    return month


def _read(plain: str, elsewhere: YearContext, flags: dict[str, None], convention: Convention) -> str:
    if len(plain) > LONGEST:
        raise NotAMonth("month")
    if IS_HIJRI.search(plain):
        raise HijriDate("month")
    if found := ISO_DATE.match(plain) or _ISO_MONTH.match(plain) or _COMPACT_MONTH.match(plain):
        return _month(int(found[1]), int(found[2]))
    if found := _MONTH_YEAR.match(plain):
        return _month(int(found[2]), int(found[1]))
    if found := DAY_AND_MONTH.fullmatch(plain):
        return _month_of_day(found, flags, convention)
    if found := _MONTH_ALONE.match(plain):
        return _month(elsewhere.taken(flags), int(found[1])) if 1 <= int(found[1]) <= 12 else _month(0, 0)
    said = named(plain)
    return _month(_year(said, elsewhere, flags, convention), said.month)


def _month_of_day(found: re.Match[str], flags: dict[str, None], convention: Convention) -> str:
    day = day_and_month(found, flags, convention)
    if day is None:
        raise NotAMonth("month")
    return day[:7]


def _year(named: NamedMonth, elsewhere: YearContext, flags: dict[str, None], convention: Convention) -> int:
    """The year of a month that was named; of two short numbers the second: `25-Mar-26`."""
    if named.year:
        return int(named.year)
    if len(named.numbers) > 1:
        flags["two_digit_year"] = None
        return 2000 + named.numbers[-1]
    if not named.numbers or not _is_short_year(named, elsewhere, convention):
        return elsewhere.taken(flags)
    flags["two_digit_year"] = None
    return 2000 + named.numbers[0]


def _is_short_year(named: NamedMonth, elsewhere: YearContext, convention: Convention) -> bool:
    """Whether `Mar-26` and `26-Mar` are of 2026: spreadsheets write the first for months, and the second for days, too.

    Raises `AmbiguousMonth`.
    """
    year = 2000 + named.numbers[0]
    if named.is_day or DAYS_BY_NAMES in convention.proved or not is_short_year(named.numbers[0]):
        return False
    known = elsewhere.year if named.number_first else elsewhere.row
    if not known or int(known) == year:
        return True
    if named.number_first and abs(int(known) - year) > 1:
        return False
    raise AmbiguousMonth("month")


def _month(year: int, month: int) -> str:
    if year in HIJRI_YEARS:
        raise HijriDate("month")
    if not 1 <= month <= 12:
        raise NotAMonth("month")
    return f"{year:04d}-{month:02d}"
