"""A sheet: rows as a person counts them, and where among them its headings are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from contracts.lines import normalised
from runtime.delimited import EncodingNotUnderstood, is_broken
from runtime.problems import Refusal

from activities.uploads.errors import NoHeadings, TooManyColumns
from activities.uploads.headings import (
    LEAST_HEADINGS,
    Column,
    headed_columns,
    is_tag_row,
    recognised,
    tagged_columns,
)

FIRST_ROWS = 25
"""Filled rows among which the headings must be."""
MOST_ABOVE = 1_000_000
"""Rows that are looked through for them."""
MOST_COLUMNS = 500
PLACES = frozenset({"area", *(f"adm{level}{ending}" for level in range(1, 5) for ending in ("", "_name"))})
BESIDE = frozenset({"country", "community", "neighbourhood", "site_name", "site_type", "latitude", "longitude"})
"""Fields that say more of a place, but nothing of what was done there."""


@dataclass(frozen=True)
class Record:
    """A row of the file, numbered as a spreadsheet does."""

    number: int
    cells: Sequence[str]
    fault: Refusal | None = None

    @property
    def is_blank(self) -> bool:
        return self.fault is None and not any(normalised(cell).strip() for cell in self.cells)


class Source(Protocol):
    """Where the rows of a sheet come from; `records` begins anew each time."""

    @property
    def name(self) -> str | None: ...

    def records(self) -> Iterator[Record]: ...

    def position(self) -> int: ...


@dataclass(frozen=True)
class Sheet:
    """A sheet whose headings were understood."""

    number: int
    """Its place in the file, from 1."""
    source: Source
    columns: Sequence[Column]
    first_row: int
    """The first row of data."""
    sector: str | None = None
    """The sector the sheet's own name says."""

    @property
    def holds_reports(self) -> bool:
        """Whether its headings name a place and something else: a list of places is no list of reports."""
        fields = {column.field for column in self.columns if column.field}
        return bool(fields & PLACES) and bool(fields - PLACES - BESIDE)


def filled_rows(source: Source) -> list[Record]:
    """The first rows that are not blank; none where the sheet is empty."""
    rows = (record for record in islice(source.records(), MOST_ABOVE) if not record.is_blank)
    return list(islice(rows, FIRST_ROWS))


def understood(top: Sequence[Record], sector: str | None) -> tuple[list[Column], int]:
    """The columns, and the number of the first row of data.

    Raises `NoHeadings`, `TooManyColumns`, `EncodingNotUnderstood`.
    """
    rows = [record for record in top if record.fault is None and len(record.cells) <= MOST_COLUMNS]
    for place, record in enumerate(rows):
        if is_tag_row(record.cells):
            headings = rows[place - 1].cells if place else ()
            return tagged_columns(record.cells, headings), record.number + 1
    best = max(rows, key=lambda record: recognised(record.cells, sector), default=None)
    if best is None or recognised(best.cells, sector) < LEAST_HEADINGS:
        if any(len(record.cells) > MOST_COLUMNS for record in top):
            raise TooManyColumns(limit=MOST_COLUMNS)
        if any(is_broken(cell) for record in top for cell in record.cells):
            raise EncodingNotUnderstood
        raise NoHeadings(limit=FIRST_ROWS)
    return headed_columns(best.cells, sector), best.number + 1
