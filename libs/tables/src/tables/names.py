"""Months by their names, in the languages of those who report, with the numbers that stand beside them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from contracts.folding import fold
from runtime.validation import HijriDate

from tables.errors import NotAMonth, QuarterNotMonth, SeveralMonths
from tables.values import words_of

LONGEST = 80
"""Letters of a text that is looked at for a month or a day."""
MOST_WORDS = 3
"""Of the name of a month."""
IS_HIJRI = re.compile(r"(?<!\d)1[34]\d\d(?!\d)|\d\s*(?:هـ?|AH)(?!\w)")
"""A year of the Hijri calendar, or what stands behind one."""

_ISO_AMONG = re.compile(r"(?<!\d)\d{4}[-/.]\d{1,2}(?!\d)")
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_NUMBER = re.compile(r"(?<!\d)(\d{1,2})(st|nd|rd|th|er)?(?!\d)", re.IGNORECASE)
_QUARTER = re.compile(
    r"(?<![^\W\d_])[qt]\s*[1-4](?!\d)|(?<!\d)[1-4]\s*(?:st|nd|rd|th)?\s*q(?:uarter)?(?![^\W\d_])|quarter|trimestre|çeyrek|"
    r"(?:ال)?ربع\s+(?:ال)?(?:[أاإ]ول|ثاني|ثالث|رابع|[1-4])",
    re.IGNORECASE,
)
_HALF = re.compile(r"(?<![^\W\d_])[hs]\s*[12](?!\d)|\bsemester\b|semestre|(?:ال)?نصف", re.IGNORECASE)
_BETWEEN = re.compile(r"[-–—/|,;&+\n]|\b(?:to|and|until|till)\b|\s(?:إلى|الى|حتى|à|ile)\s|\sو\s*", re.IGNORECASE)


@dataclass(frozen=True)
class NamedMonth:
    """A month that was named."""

    month: int
    year: str | None
    numbers: tuple[int, ...]
    """Short numbers beside it, days or years of two digits, in their order."""
    number_first: bool
    """Whether one of them stands before the name."""
    is_day: bool
    """Whether it is a day for certain: `26th`."""


def named(plain: str) -> NamedMonth:
    """The one month a text names. Raises `NotAMonth`, `SeveralMonths` for `Jan-Mar` or a quarter, `HijriDate`."""
    if _QUARTER.search(plain):
        raise QuarterNotMonth("month")
    years = set(_YEAR.findall(plain))
    if _HALF.search(plain) or len(years) > 1 or len(set(_ISO_AMONG.findall(plain))) > 1:
        raise SeveralMonths("month")
    bare = _YEAR.sub(" ", plain)
    beside = list(_NUMBER.finditer(bare))
    months = set(_months(_NUMBER.sub(" ", bare)))
    if not months:
        raise NotAMonth("month")
    if len(months) > 1:
        raise SeveralMonths("month")
    first = bool(beside) and not re.search(r"[^\W\d_]", bare[: beside[0].start()])
    numbers = tuple(int(found[1]) for found in beside)
    return NamedMonth(months.pop(), years.pop() if years else None, numbers, first, any(found[2] for found in beside))


def _months(text: str) -> Iterator[int]:
    """The months of a text that names nothing else. Raises `NotAMonth`, `HijriDate`."""
    for piece in _BETWEEN.split(text):
        words = fold(piece).split()
        while words:
            length, month = _beginning(words)
            if month:
                yield month
            words = words[length:]


def _beginning(words: list[str]) -> tuple[int, int | None]:
    """How many of the words are the first name, and its month; a word such as "month" names none."""
    for length in range(min(MOST_WORDS, len(words)), 0, -1):
        name = " ".join(words[:length])
        if number := words_of("month").get(name):
            return length, int(number)
        if name in words_of("hijri_month"):
            raise HijriDate("month")
        if name in words_of("beside_month"):
            return length, None
    raise NotAMonth("month")
