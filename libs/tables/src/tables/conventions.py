"""How a column writes its numbers and dates: one convention a column, told by all that stands in it.

Where a column proves nothing, what the sheet's other columns of its sort prove is followed. Decision 0039.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal, TypeVar

from contracts.instants import FIRST_REPORTED, last_reported
from pydantic import PlainSerializer

from tables.separators import DecimalMark, digits, written

LONGEST = 40
"""Letters of the longest cell that can say something of its column."""
LAST_DAY = 31
_SAME_TWICE = r"(?:\s?-\s?(?=\d+\s?-)|\s?/\s?(?=\d+\s?/)|\s?\.\s?(?=\d+\s?\.)|\s{1,2}(?=\d+\s))"
DAY_AND_MONTH = re.compile(rf"(\d{{1,2}}){_SAME_TWICE}(\d{{1,2}})\s?[-/. ]\s?(\d{{4}}|\d{{2}})(?!\d)")
"""The same mark twice: `10-11/2025` is two months."""
_BESIDE_NAME = re.compile(r"(\d{1,2})[-/. ]*[^\W\d_][^\d]*|[^\d]*[^\W\d_][-/. '’]*(\d{1,2})")

Proved = TypeVar("Proved")


class DateOrder(StrEnum):
    """Which stands first in a date."""

    DAY = "day"
    MONTH = "month"


DAYS_BY_NAMES: Literal["days"] = "days"
"""Proof that the short numbers beside the names of months are days: `31-Mar`."""

Proof = DecimalMark | DateOrder | Literal["days"]
Proofs = Annotated[frozenset[Proof], PlainSerializer(sorted)]


class ColumnKind(StrEnum):
    """Columns whose conventions are one another's."""

    COUNT = "count"
    QUANTITY = "quantity"
    DEGREES = "degrees"
    DATE = "date"


@dataclass(frozen=True)
class Convention:
    """What the cells of a column prove together, so that none of them is read by itself."""

    proved: Proofs = frozenset()
    by_sheet: Proofs = frozenset()
    """What the sheet's columns of this sort prove."""

    @property
    def order(self) -> frozenset[DateOrder]:
        """What dates have first: nothing, one, or both where the column or sheet contradicts itself."""
        return self._of(frozenset(DateOrder))

    @property
    def mark(self) -> frozenset[DecimalMark]:
        """What parts fractions, in the same way."""
        return self._of(frozenset(DecimalMark))

    def _of(self, kind: frozenset[Proved]) -> frozenset[Proved]:
        own = frozenset(each for each in kind if each in self.proved)
        return own or frozenset(each for each in kind if each in self.by_sheet)


UNKNOWN = Convention()


class Evidence:
    """What the cells of a column were seen to say of its convention."""

    def __init__(self) -> None:
        self.proved: set[Proof] = set()
        self.doubtful: set[DecimalMark] = set()
        """Marks that would part fractions if all `1.000` and `1,000` were thousands, as they are in counts."""

    def observe(self, text: str) -> None:
        """Take one filled cell into account."""
        if len(text) > LONGEST or text.isdecimal() or not (text[0].isdecimal() or text[-1].isdecimal()):
            return
        number = written(text)
        if number is None:
            self.proved.update(_of_date(digits(text)))
        elif number.fraction:
            (self.doubtful if number.doubtful else self.proved).add(number.fraction)


def _of_date(text: str) -> Iterable[Proof]:
    if found := DAY_AND_MONTH.match(text):
        first, second = int(found[1]), int(found[2])
        if first > 12 >= second:
            return (DateOrder.DAY,)
        return (DateOrder.MONTH,) if second > 12 >= first else ()
    if found := _BESIDE_NAME.fullmatch(text):
        number = int(found[1] or found[2])
        return (DAYS_BY_NAMES,) if number <= LAST_DAY and not is_short_year(number) else ()
    return ()


def is_short_year(number: int) -> bool:
    """Whether two digits can be a year somebody reports on."""
    return int(FIRST_REPORTED[:4]) <= 2000 + number <= int(last_reported()[:4])


def conventions_of(sorts: Mapping[int, ColumnKind], seen: Mapping[int, Evidence]) -> dict[int, Convention]:
    """The convention of each of these columns of one sheet."""
    known = {place: sort for place, sort in sorts.items() if place in seen}
    proved = {place: _proved(sort, seen[place]) for place, sort in known.items()}
    dates = _together(proved[place] for place, sort in known.items() if sort is ColumnKind.DATE)
    numbers = _together(proved[place] for place, sort in known.items() if sort is not ColumnKind.DATE)
    return {
        place: Convention(proved[place], dates if sort is ColumnKind.DATE else numbers) for place, sort in known.items()
    }


def _proved(sort: ColumnKind, seen: Evidence) -> frozenset[Proof]:
    return frozenset(seen.proved | seen.doubtful if sort is ColumnKind.COUNT else seen.proved)


def _together(proofs: Iterable[frozenset[Proof]]) -> frozenset[Proof]:
    return frozenset[Proof]().union(*proofs)
