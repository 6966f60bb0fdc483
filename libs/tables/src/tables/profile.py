"""How the rows of a sheet are read, as data: proposed by what the sheet says, kept as JSON, applied to its rows."""

from collections.abc import Mapping
from functools import cached_property

from contracts.lines import normalised
from pydantic import BaseModel, ConfigDict

from tables.contents import is_idle
from tables.headings import SheetColumn
from tables.records import MOST_COLUMNS, TableRecord


class Profile(BaseModel):
    """What was understood of a sheet."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    headings: tuple[int, ...]
    """The rows its headings and tags stand in; those below them are read."""
    columns: tuple[SheetColumn, ...]
    lost: frozenset[int] = frozenset()
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
        """The place of the last column with a heading or a tag; -1 where none has."""
        return max((column.place for column in self.columns if column.name), default=-1)

    def passes_over(self, record: TableRecord) -> bool:
        """Whether a row is not read: it holds nothing but a running number and what idle formulas show, or is named."""
        if record.is_blank:
            return True
        if record.fault or len(record.cells) > MOST_COLUMNS:
            return False
        numbering = self._numbering
        if all(place in numbering or is_idle(normalised(cell).strip()) for place, cell in enumerate(record.cells)):
            return True
        return bool(self.passed_over) and self._names(record)

    def _names(self, record: TableRecord) -> bool:
        cells = record.cells
        return any(
            place < len(cells) and normalised(cells[place]).strip() in texts
            for place, texts in self.passed_over.items()
        )

    @cached_property
    def _numbering(self) -> frozenset[int]:
        """Columns that are known and never read: numbers of rows, telephones."""
        return frozenset(column.place for column in self.columns if column.spare == "")
