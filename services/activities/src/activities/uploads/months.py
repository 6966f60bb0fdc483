"""The month a cell names, in the many ways people write it; never one of several."""

import re
from datetime import date

from activities.spelling import folded, western_digits
from activities.uploads.errors import NotAMonth, SeveralMonths
from activities.uploads.values import words_of

DAY_FIRST = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$")

_ISO_MONTH = re.compile(r"^(\d{4})[-/.](\d{1,2})(?:[-/.]\d{1,2})?(?:[ T]\d{1,2}:.*)?$")
_MONTH_YEAR = re.compile(r"^(\d{1,2})[-/.](\d{4})$")
_ISO_AMONG = re.compile(r"(?<!\d)\d{4}[-/.]\d{1,2}(?!\d)")
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_SHORT_YEAR = re.compile(r"^[^\W\d_]+[-'’](\d{2})$")
_DAY = re.compile(r"(?<!\d)\d{1,2}(st|nd|rd|th)?(?!\d)", re.IGNORECASE)
_QUARTER = re.compile(r"\b(?:q|quarter\s*)[1-4]\b|\bquarter\b|\b[hs][12]\b|\bsemester\b|الربع|النصف", re.IGNORECASE)
_BETWEEN = re.compile(r"[-–—/|,;&+\n]|\b(?:to|and|until|till)\b|\s(?:إلى|الى|حتى)\s|\sو\s*", re.IGNORECASE)


def read_month(text: str, form_month: str | None, flags: dict[str, None]) -> str:
    """`2026-03`, `2026-03-31`, `03/2026`, `31/03/2026`, `March 2026`, `Mar-26`, `آذار 2026`; without a year the form's.

    Raises `NotAMonth`, and `SeveralMonths` for `Jan-Mar` or a quarter: no one month can be chosen for its figures.
    """
    plain = western_digits(text).strip()
    if found := _ISO_MONTH.match(plain):
        return _month(int(found[1]), int(found[2]))
    if found := _MONTH_YEAR.match(plain):
        return _month(int(found[2]), int(found[1]))
    if found := DAY_FIRST.match(plain):
        return _month_of_day(int(found[1]), int(found[2]), int(found[3]), flags)
    return _named(plain, form_month, flags)


def _month_of_day(first: int, second: int, year: int, flags: dict[str, None]) -> str:
    if first <= 12 and second <= 12 and first != second:
        flags["day_first_assumed"] = None
    day, month = (second, first) if second > 12 else (first, second)
    try:
        return date(year, month, day).isoformat()[:7]
    except ValueError:
        raise NotAMonth("month") from None


def _named(plain: str, form_month: str | None, flags: dict[str, None]) -> str:
    """A month by its name, with a year or with the form's."""
    years = set(_YEAR.findall(plain))
    if _QUARTER.search(plain) or len(years) > 1 or len(set(_ISO_AMONG.findall(plain))) > 1:
        raise SeveralMonths("month")
    numbers = {_number(piece) for piece in _BETWEEN.split(_DAY.sub(" ", _YEAR.sub(" ", plain))) if piece.strip(" .'’")}
    if None in numbers or not numbers:
        raise NotAMonth("month")
    if len(numbers) > 1:
        raise SeveralMonths("month")
    return _month(_year(plain, years, form_month, flags), int(numbers.pop() or 0))


def _number(piece: str) -> str | None:
    return words_of("month").get(folded(piece))


def _year(plain: str, years: set[str], form_month: str | None, flags: dict[str, None]) -> int:
    if years:
        return int(years.pop())
    if found := _SHORT_YEAR.match(plain):
        flags["two_digit_year"] = None
        return 2000 + int(found[1])
    if form_month is None:
        raise NotAMonth("month")
    flags["year_from_form"] = None
    return int(form_month[:4])


def _month(year: int, month: int) -> str:
    if not 1 <= month <= 12:
        raise NotAMonth("month")
    return f"{year:04d}-{month:02d}"
