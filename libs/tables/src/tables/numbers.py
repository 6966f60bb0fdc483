"""Numbers as people write them, with the separators of their column."""

import re
from decimal import Decimal

from contracts.folding import fold
from runtime.validation import DigitsLost

from tables.conventions import UNKNOWN, ColumnKind, Convention
from tables.errors import AmbiguousNumber
from tables.separators import LONGEST_NUMBER, DecimalMark, WrittenNumber, written
from tables.values import words_of

LONGEST_COUNT = 18
THOUSANDS = 3
"""Digits of a group."""
_WITH_UNIT = re.compile(r"([^a-zA-Z]*\d)\s*([^\W\d_].*)")
_OF_WORKBOOK = re.compile(r"-?\d+\.\d{3}0")
"""A number of a workbook with three decimals has a fourth, so that nobody takes them for thousands (`workbook.py`)."""


def read_number(
    text: str, flags: dict[str, None], convention: Convention = UNKNOWN, sort: ColumnKind = ColumnKind.COUNT
) -> int | str | Decimal:
    """A count as a whole number or a `Decimal`, else plain digits; what is no number stays as it is, to be refused.

    Raises `AmbiguousNumber` for `1.000` where it can be 1 or 1000, `DigitsLost` for `1E+05`.
    """
    number = written(text) or (_without_unit(text, flags) if sort is ColumnKind.COUNT else None)
    if number is None or (sort is ColumnKind.DEGREES and number.grouped and number.doubtful is None):
        return text
    if number.digits_lost:
        raise DigitsLost
    plain = _plain(number, convention, sort, flags)
    if sort is ColumnKind.COUNT:
        return _count(plain, text)
    return plain[:-1] if _OF_WORKBOOK.fullmatch(plain) else plain


def _count(plain: str, text: str) -> int | str | Decimal:
    whole, _, fraction = plain.partition(".")
    if "٫" in text and len(fraction) == THOUSANDS:
        # Many keyboards have no separator of thousands in Arabic.
        raise AmbiguousNumber
    if len(whole) > LONGEST_COUNT:
        return plain
    return Decimal(plain) if fraction.strip("0") else int(whole)


def _plain(number: WrittenNumber, convention: Convention, sort: ColumnKind, flags: dict[str, None]) -> str:
    if number.doubtful is None:
        if number.grouped:
            flags["thousands_separator_assumed"] = None
        if number.comma_as_point:
            flags["decimal_comma_assumed"] = None
        return number.plain
    if not _parts_thousands(number, convention, sort):
        if number.fraction is DecimalMark.POINT:
            flags["decimal_comma_assumed"] = None
        elif sort is ColumnKind.QUANTITY and DecimalMark.POINT not in convention.proved:
            flags["decimal_point_assumed"] = None
        return number.doubtful
    flags["thousands_separator_assumed"] = None
    return number.plain


def _parts_thousands(number: WrittenNumber, convention: Convention, sort: ColumnKind) -> bool:
    """Whether the one mark of `1.000` or `1,000` parts thousands. Raises `AmbiguousNumber`."""
    if sort is ColumnKind.DEGREES:
        return False
    ours = number.fraction
    proved = convention.mark
    if sort is ColumnKind.COUNT:
        # Nobody counts fractions of people: only the column itself can say otherwise.
        if convention.proved & frozenset(DecimalMark) - {ours}:
            raise AmbiguousNumber
        return True
    if len(proved) == 1:
        return ours in proved
    if ours is DecimalMark.POINT and not convention.proved >= frozenset(DecimalMark):
        return True
    raise AmbiguousNumber


def _without_unit(text: str, flags: dict[str, None]) -> WrittenNumber | None:
    """`13 شخص` and `13 people` are 13."""
    found = _WITH_UNIT.fullmatch(text) if len(text) <= LONGEST_NUMBER else None
    if not found or fold(found[2]) not in words_of("people"):
        return None
    flags["unit_after_number"] = None
    return written(found[1])
