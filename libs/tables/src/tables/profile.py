"""How the rows of a sheet are read, as data: proposed by what the sheet says, kept as JSON, applied to its rows."""

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Annotated

from contracts.folding import fold
from contracts.lines import normalised
from pydantic import BaseModel, ConfigDict, PlainSerializer

from tables.contents import Content, content_of, is_idle
from tables.headings import SheetColumn
from tables.records import MOST_COLUMNS, TableRecord
from tables.values import words_of

TOTAL = "total_row"
"""Kind of the words that a row of totals begins with."""
LONGEST_WORD = 40

Places = Annotated[frozenset[int], PlainSerializer(sorted)]
"""Of columns, from 0."""


class RowTemplate(BaseModel):
    """One of the rows that a line of a wide sheet is: a month, an activity, or those reached anew."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    constants: Mapping[str, str]
    """What its headings say for its cells, by field, read as a cell of the field is."""
    columns: Places
    """Columns that are this row's alone; those that are no template's are of all rows of the line."""


class Profile(BaseModel):
    """What was understood of a sheet."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    headings: tuple[int, ...]
    """The rows its headings and tags stand in; those below them are read."""
    columns: tuple[SheetColumn, ...]
    templates: tuple[RowTemplate, ...] = ()
    """The rows a line may be; none: a line is one row. What says nothing in its own columns, or zero, is no row."""
    told_once: tuple[str, ...] = ()
    """Fields that stand for the whole line: the first of its rows has them."""
    lost: Places = frozenset()
    """Places of columns that were not understood, and hold what would be lost untold."""
    values: Mapping[int, Mapping[str, str]] = {}
    """What texts of a column mean, by its place, that nobody else would know."""
    defaults: Mapping[str, str] = {}
    """Fields that hold for each row that does not say them."""
    nothing: frozenset[str] = frozenset()
    """Texts that say nothing here, beside those that never do."""
    passed_over: Mapping[int, frozenset[str]] = {}
    """Texts of a column, by its place, whose rows are not read."""

    @property
    def first_row(self) -> int:
        """The first row of data."""
        return self.headings[-1] + 1

    @property
    def last_heading(self) -> int:
        """The place of the last column that has a heading or a tag, or is known without; -1 where none is."""
        named = (column.place for column in self.columns if column.name or column.field or column.spare == "")
        return max(named, default=-1)

    def templates_of(self, cells: Sequence[str]) -> list[int]:
        """The templates, by number, whose own columns say something in a line."""
        width = len(cells)
        return [
            number
            for number, places in enumerate(self._own)
            if any(place < width and cells[place] and not is_idle(normalised(cells[place]).strip()) for place in places)
        ]

    def rows_of(self, record: TableRecord) -> int:
        """How many rows a line is at most."""
        return max(1, len(self.templates_of(record.cells))) if self.templates else 1

    def passes_over(self, record: TableRecord) -> bool:
        """Whether a row is not read: it holds nothing but a running number and what idle formulas show, or is named."""
        if record.is_blank:
            return True
        if record.fault or len(record.cells) > MOST_COLUMNS:
            return False
        numbering = self._numbering
        if all(place in numbering or is_idle(normalised(cell).strip()) for place, cell in enumerate(record.cells)):
            return True
        return self.is_total(record) or (bool(self.passed_over) and self._names(record))

    def is_total(self, record: TableRecord) -> bool:
        """Whether a row is the total of others: it names itself so, and holds nothing else but numbers."""
        first = next((cell for cell in record.cells if cell), "")
        if not first or first[-1].isdecimal() or len(first) > LONGEST_WORD or not _names_a_total(first):
            return False
        others = [cell for cell in record.cells if cell and cell != first]
        return all(content_of(cell.strip()) in (Content.NOTHING, Content.NUMBER) or is_idle(cell) for cell in others)

    def _names(self, record: TableRecord) -> bool:
        cells = record.cells
        return any(
            place < len(cells) and normalised(cells[place]).strip() in texts
            for place, texts in self.passed_over.items()
        )

    @cached_property
    def _own(self) -> list[list[int]]:
        """The columns of each template that are read."""
        read = {column.place for column in self.columns if column.field}
        return [sorted(template.columns & read) for template in self.templates]

    @cached_property
    def _numbering(self) -> frozenset[int]:
        """Columns that are known and never read: numbers of rows, telephones."""
        return frozenset(column.place for column in self.columns if column.spare == "")


@lru_cache(maxsize=20_000)
def _names_a_total(text: str) -> bool:
    return fold(text.strip(" :")) in words_of(TOTAL)
