"""What kind of thing a cell holds, told without knowing its column: enough to see that a figure would be lost."""

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

from contracts.folding import fold
from contracts.nothing import is_nothing

from tables.separators import digits
from tables.spelling import western_digits
from tables.values import words_of

LONGEST = 60
"""Letters of a number, month, date or code."""

_SIGNS = "-+.,'’٫٬ \u00a0\u2009\u202f"
_NUMBER = re.compile(rf"^[-+]?[$€£]?\s*\d[\d{re.escape(_SIGNS)}]*\s*[%٪$€£]?$")
_EXPONENT = re.compile(r"^[-+]?\d+(?:\.\d+)?[eE][-+]?\d+$")
_PHONE = re.compile(r"^(?:\+|00)[\d\s()-]{9,20}$|^0\d[\d\s-]{7,13}$")
_DATE = re.compile(r"^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})(?:[ T,].*)?$")
_MONTH = re.compile(
    r"^(?:\d{4}[-/.]\d{1,2}|\d{1,2}[-/.]\d{4}|\d{4}\s*-?q[1-4]|q[1-4](?:[\s/-]*\d{2,4})?)$", re.IGNORECASE
)
_CODE = re.compile(r"^(?=.*[A-Za-z])[A-Za-z0-9][A-Za-z0-9_./-]*$")
"""With a digit among its letters."""
_IDLE = re.compile(r"^(?:[0٠]+(?:[.,][0٠]*)?|#[A-Z0-9_/]+[!?]?|1899-12-3[01]|1900-01-0[01])$")
"""What a formula shows while the cells it looks at are empty."""
_LETTERS = re.compile(r"[^\W\d_]+")


class Content(StrEnum):
    """What figures, months, places and ids are made of, and what they are not made of."""

    NOTHING = "nothing"
    NUMBER = "number"
    DATE = "date"
    MONTH = "month"
    CODE = "code"
    TEXT = "text"


TELLING = frozenset({Content.NUMBER, Content.DATE, Content.MONTH, Content.CODE})


def content_of(text: str) -> Content:
    """The kind of a cell's trimmed text."""
    if not text or is_nothing(text):
        return Content.NOTHING
    if len(text) > LONGEST:
        return Content.TEXT
    plain = western_digits(text)
    if not any(letter.isdigit() for letter in plain):
        return Content.MONTH if _names_months(plain) else Content.TEXT
    if _PHONE.match(plain):
        return Content.TEXT
    if _MONTH.match(plain):
        return Content.MONTH
    if _DATE.match(plain):
        return Content.DATE
    if _NUMBER.match(plain) or _EXPONENT.match(plain):
        return Content.NUMBER
    if _names_months(plain):
        return Content.MONTH
    return Content.CODE if _CODE.match(plain) else Content.TEXT


def is_idle(text: str) -> bool:
    """Whether it is what stands in a row prepared with formulas that nobody filled in."""
    return len(text) <= LONGEST and _is_idle(text)


def adds_up(cells: Sequence[str], place: int, parts: Sequence[int]) -> bool | None:
    """Whether a cell is the sum of others; none where it, all of them, or a number among them says nothing plain."""
    total = digits(cells[place]) if place < len(cells) else ""
    numbers = [digits(cells[part]) for part in parts if part < len(cells) and not is_idle(cells[part])]
    plain = bool(numbers) and all(each.isdecimal() and len(each) <= LONGEST for each in (total, *numbers))
    return int(total) == sum(map(int, numbers)) if plain else None


@lru_cache(maxsize=20_000)
def _is_idle(text: str) -> bool:
    return not text or bool(_IDLE.match(text)) or is_nothing(text)


def _names_months(text: str) -> bool:
    """`March`, `آذار 2026`, `25 Mar 2026`, `Jan-Mar`, in any language months are known in."""
    names = words_of("month")
    said = " ".join(_LETTERS.findall(fold(text)))
    return bool(said) and (said in names or all(word in names for word in said.split()))
