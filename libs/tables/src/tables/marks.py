"""What is known of a sheet's cells beside their values: errors, formulas without a value, formats that show more.

Used by the reading program only. The library that reads workbooks tells none of it, and takes such a cell for an empty
one, or its digits for fewer than a person sees.
"""

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tables.containers import FileFault

FORMULA = "#=FORMULA?"
"""What is handed on of a formula that has no value. No tag of HXL reads so."""
MOST_COLUMNS = 500
MOST_MARKS = 4_000_000
"""Of one sheet, eight bytes each."""
MOST_KINDS = 1000
_COLUMN_BITS, _KIND_BITS = 14, 10


@dataclass(frozen=True)
class Mark:
    """What is handed on of a cell with such a value, and whether a formula made it."""

    shown: Callable[[str], str]
    formula: bool = False
    known: bool = True
    """Whether the formula has a value that is none of its errors."""


def _same(text: str) -> str:
    return text


WITHOUT_VALUE = Mark(lambda _: FORMULA, formula=True, known=False)
NOTHING_YET = Mark(_same, formula=True)
"""A formula that came to 0 or to no text, as one does that waits for its row to be filled in."""
ERROR_OF_FORMULA = Mark(_same, formula=True, known=False)


def error(text: str) -> Mark:
    return Mark(lambda _: text)


@dataclass
class MarkTable:
    """The marks of a workbook, each once, by number. Raises `Fault` where they are more than anybody makes."""

    marks: list[Mark] = field(default_factory=list)
    _numbers: dict[object, int] = field(default_factory=dict)

    def number(self, key: object, mark: Callable[[], Mark]) -> int:
        """Of the mark that is known by this key."""
        if key not in self._numbers:
            if len(self.marks) >= MOST_KINDS:
                raise FileFault("workbook_too_large")
            self._numbers[key] = len(self.marks)
            self.marks.append(mark())
        return self._numbers[key]


class Marks:
    """The marked cells of a sheet."""

    def __init__(self, kinds: MarkTable) -> None:
        self._kinds = kinds
        self._found = array("q")

    def add(self, row: int, column: int, number: int) -> None:
        if column > MOST_COLUMNS:
            return
        if len(self._found) >= MOST_MARKS:
            raise FileFault("workbook_too_large")
        self._found.append(((row << _COLUMN_BITS) + column << _KIND_BITS) + number)

    def become(self, old: int, new: int) -> None:
        """All cells with one mark have the other instead."""
        bits = (1 << _KIND_BITS) - 1
        self._found = array("q", (each - old + new if each & bits == old else each for each in self._found))

    @property
    def last_row(self) -> int:
        return max(self._found, default=-1) >> (_COLUMN_BITS + _KIND_BITS)

    def by_row(self) -> Iterator[tuple[int, list[tuple[int, Mark]]]]:
        """The rows that have marked cells, in their order."""
        if any(after < before for before, after in pairwise(self._found)):
            self._found = array("q", sorted(self._found))
        at, marked = -1, list[tuple[int, Mark]]()
        for each in self._found:
            row = each >> (_COLUMN_BITS + _KIND_BITS)
            if row != at:
                if marked:
                    yield at, marked
                at, marked = row, []
            column = (each >> _KIND_BITS) & ((1 << _COLUMN_BITS) - 1)
            marked.append((column, self._kinds.marks[each & ((1 << _KIND_BITS) - 1)]))
        if marked:
            yield at, marked


def shown(cells: list[str], marks: Sequence[tuple[int, Mark]]) -> list[str]:
    """The cells as a person should find them."""
    for column, mark in marks:
        text = mark.shown(cells[column] if column < len(cells) else "")
        if text:
            cells += [""] * (column + 1 - len(cells))
            cells[column] = text
    return cells


def is_prepared(cells: Sequence[str], marks: Sequence[tuple[int, Mark]], widest: int) -> bool:
    """Whether a row holds nothing but formulas that wait for it to be filled in.

    Formulas that came to nothing are no row; those of which nobody knows what they came to are none where they are
    few beside the sheet's columns: a sheet that is all formulas is told, not passed over.
    """
    formulas = {column for column, mark in marks if mark.formula}
    if not formulas or any(place not in formulas and text.strip() for place, text in enumerate(cells)):
        return False
    unknown = sum(1 for _, mark in marks if mark.formula and not mark.known)
    return 2 * unknown <= widest
