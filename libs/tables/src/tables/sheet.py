"""A sheet: rows as a person counts them, and where among them its headings are."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from contracts.lines import normalised

from tables.contents import is_idle
from tables.delimited import EncodingNotUnderstood, is_broken
from tables.errors import NoHeadings, TooManyColumns
from tables.headings import LEAST_HEADINGS, Column, Headings, is_tag_row
from tables.levels import merged
from tables.records import MOST_COLUMNS, Record, Source

FIRST_ROWS = 25
"""Filled rows among which the headings must be."""
MOST_ABOVE = 1_000_000
"""Rows that are looked through for them."""


@dataclass(frozen=True)
class Sheet:
    """A sheet whose headings were understood."""

    number: int
    """Its place in the file, from 1."""
    source: Source
    columns: Sequence[Column]
    first_row: int
    """The first row of data."""

    def is_blank(self, record: Record) -> bool:
        """Whether a row holds nothing, or only a running number and what idle formulas show."""
        if record.is_blank:
            return True
        if record.fault or len(record.cells) > MOST_COLUMNS:
            return False
        numbering = self._numbering
        return all(place in numbering or is_idle(normalised(cell).strip()) for place, cell in enumerate(record.cells))

    @cached_property
    def _numbering(self) -> frozenset[int]:
        """Columns that are known and never read: numbers of rows, telephones."""
        return frozenset(column.place for column in self.columns if column.spare == "")


def last_heading(columns: Sequence[Column]) -> int:
    """The place of the last column with a heading or a tag; -1 where none has."""
    return max((column.place for column in columns if column.name), default=-1)


def filled_rows(source: Source) -> list[Record]:
    """The first rows that are not blank; none where the sheet is empty."""
    rows = (record for record in islice(source.records(), MOST_ABOVE) if not record.is_blank)
    return list(islice(rows, FIRST_ROWS))


def understood(top: Sequence[Record], known: Headings) -> tuple[list[Column], int]:
    """The columns, and the number of the first row of data.

    Raises `NoHeadings`, `TooManyColumns`, `EncodingNotUnderstood`.
    """
    rows = [record for record in top if record.fault is None and len(record.cells) <= MOST_COLUMNS]
    for place, record in enumerate(rows):
        if is_tag_row(record.cells):
            headings = rows[place - 1].cells if place else ()
            return known.tagged_columns(record.cells, headings), record.number + 1
    headings, last = _headings(rows, known)
    if known.recognised(headings) < LEAST_HEADINGS:
        if any(len(record.cells) > MOST_COLUMNS for record in top):
            raise TooManyColumns(limit=MOST_COLUMNS)
        if any(is_broken(cell) for record in top for cell in record.cells):
            raise EncodingNotUnderstood
        raise NoHeadings(limit=FIRST_ROWS)
    return known.headed_columns(headings), last + 1


def _headings(rows: Sequence[Record], known: Headings) -> tuple[Sequence[str], int]:
    """The row that names most fields, with those right above and below it that are headings, too; the last's number."""
    if not rows:
        return (), 0
    best = max(range(len(rows)), key=lambda place: known.recognised(rows[place].cells))
    first = last = best
    while first and rows[first - 1].number == rows[first].number - 1:
        first -= 1
    while last + 1 < len(rows) and rows[last + 1].number == rows[last].number + 1:
        last += 1
    cells = [record.cells for record in rows[first : last + 1]]
    headings, lowest = merged(cells, best - first, known)
    return headings, rows[first + lowest].number
