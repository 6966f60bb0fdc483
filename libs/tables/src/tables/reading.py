"""From the cells of a row to its fields, by a profile: what is unambiguous is read, and said where it was assumed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from contracts.lines import normalised
from contracts.nothing import is_nothing
from runtime.problems import Refusal
from runtime.rows.errors import RowLongerThanHeadings

from tables.cells import NOTHING_SAID, CellReader, Flags, ParsedCell
from tables.contents import Content, content_of
from tables.fields import Fields, Kind
from tables.headings import SheetColumn
from tables.profile import Profile
from tables.separators import digits

YEAR = "year"
"""Of a month that is written without one; no field of a row."""
LONGEST_TOLD = 60
LONGEST_YEAR = 40
MOST_REMEMBERED = 50_000
LONGEST_REMEMBERED = 60
"""Letters; longer texts seldom stand in two rows."""
_FOUR_DIGITS = re.compile(r"(?<!\d)\d{4}(?!\d)")


@dataclass(slots=True)
class ParsedRow:
    """A row's fields, what was assumed while reading it, and what can't be read."""

    cells: Sequence[str]
    fields: dict[str, Any] = field(default_factory=dict)
    flags: Flags = field(default_factory=dict)
    faults: list[Refusal] = field(default_factory=list)


class RowReader:
    """Reads the rows of one sheet; the same few words stand in most of their cells, so each is read once.

    Who reads rows of one kind says what else becomes of them (`keep`, `complete`).
    """

    def __init__(self, profile: Profile, cells: CellReader) -> None:
        columns = profile.columns
        self._columns: list[tuple[SheetColumn, str, str | None, dict[str, ParsedCell]]] = [
            (column, column.field, _holder_of(column.field), {})
            for column in columns
            if column.field and column.field != YEAR
        ]
        self._cells = cells
        self._fields = cells.fields
        self._profile = profile
        self._last = profile.last_heading
        unnamed = [column for column in columns if not column.name and column.place < self._last]
        self._nameless = {column.place for column in unnamed if not column.counts_rows} - profile.lost
        self._seconds = _seconds(columns, cells.fields)
        self._year = next((column.place for column in columns if column.field == YEAR), None)
        self._texts = {name for _, name, *_ in self._columns if cells.fields.kind(name) is Kind.TEXTS}
        self._nothing, self._values = profile.nothing, profile.values
        self._remembered = 0

    def read(self, cells: Sequence[str]) -> ParsedRow:
        """The fields of one row."""
        cells = [cell.strip() if cell.isascii() else normalised(cell).strip() for cell in cells]
        row = ParsedRow(cells)
        fields, flags = row.fields, row.flags
        year, filled = self._year_of(cells), len(cells)
        self._note_beyond_headings(row)
        for column, name, into, remembered in self._columns:
            if (place := column.place) >= filled or not (text := cells[place]):
                continue
            heard = remembered.get(text)
            if heard is None:
                try:
                    heard = self._hear(column, text, year, remembered)
                except Refusal as fault:
                    row.faults.append(fault)
                    continue
            if heard.flags:
                flags.update(dict.fromkeys(heard.flags))
            if heard.says:
                self._put(fields, name, into, heard.value)
                if place in self._seconds:
                    flags["columns_of_one_field"] = None
            elif heard.kept:
                self.keep(row, name, text)
        for name, said in self._profile.defaults.items():
            if name not in fields:
                fields[name] = said
                flags["said_by_profile"] = None
        self.complete(row)
        return row

    def is_moved(self, place: int, content: Content) -> bool:
        """Whether a cell beyond the headings belongs into another column, where it would say another thing."""
        return True

    def keep(self, row: ParsedRow, field: str, text: str) -> None:
        """Note what was not understood."""

    def complete(self, row: ParsedRow) -> None:
        """Note what else is known of the row."""

    def _hear(self, column: SheetColumn, text: str, year: str | None, remembered: dict[str, ParsedCell]) -> ParsedCell:
        """What the cell says, remembered for the next with this text. Raises why it can't be read."""
        if text in self._nothing:
            heard = NOTHING_SAID
        else:
            meant = self._values[column.place].get(text, text) if column.place in self._values else text
            heard = self._cells.hear(column, meant, year)
        # Beside a column of years the same word is another month in another row.
        if len(text) <= LONGEST_REMEMBERED and (self._year is None or not self._is_moment(column)):
            if self._remembered >= MOST_REMEMBERED:
                for *_, others in self._columns:
                    others.clear()
                self._remembered = 0
            self._remembered += 1
            remembered[text] = heard
        return heard

    def _is_moment(self, column: SheetColumn) -> bool:
        return self._fields.kind(column.field or "") in (Kind.MONTH, Kind.DAY)

    def _note_beyond_headings(self, row: ParsedRow) -> None:
        """What stands under no heading, or in a column that was not understood and sent all the same, is said."""
        cells, flags, lost = row.cells, row.flags, self._profile.lost
        for place in lost:
            if place < len(cells) and content_of(cells[place]) is not Content.NOTHING:
                flags["column_not_read"] = None
        for place in self._nameless:
            if place < len(cells) and cells[place]:
                flags["cell_without_heading"] = None
        for place in range(self._last + 1, len(cells)):
            content = content_of(cells[place])
            if content is Content.NOTHING or place in lost:
                continue
            if self.is_moved(place, content):
                row.faults.append(RowLongerThanHeadings(value=cells[place][:LONGEST_TOLD]))
                return
            flags["cell_without_heading"] = None

    def _year_of(self, cells: Sequence[str]) -> str | None:
        """The year a row says in a column of its own; an empty text where what stands there is not understood."""
        text = digits(cells[self._year][:LONGEST_YEAR]) if self._year is not None and self._year < len(cells) else ""
        if not text or is_nothing(text):
            return None
        years = set(_FOUR_DIGITS.findall(text))
        return years.pop() if len(years) == 1 else ""

    def _put(self, fields: dict[str, Any], name: str, holder: str | None, value: object) -> None:
        """Of two columns for one field, which say the same or complete each other, take the first that is filled."""
        if holder is not None:
            fields.setdefault(holder, {}).setdefault(name[len(holder) + 1 :], value)
        elif name not in fields:
            fields[name] = [value] if name in self._texts else value
        elif name in self._texts:
            fields[name].append(value)
        elif name in self._fields.kept_together:
            fields[name] = fields[name] if value in str(fields[name]).split("\n") else f"{fields[name]}\n{value}"


def _seconds(columns: Sequence[SheetColumn], fields: Fields) -> frozenset[int]:
    """Columns for a field that one before them is for, too; not where a row keeps what all of them say."""
    first: dict[str, int] = {}
    for column in columns:
        if column.field and column.field not in fields.kept_together:
            first.setdefault(column.field, column.place)
    return frozenset(column.place for column in columns if first.get(column.field or "", column.place) != column.place)


def _holder_of(field: str) -> str | None:
    """The field that holds those of a name with a point, such as `people.men`."""
    return field.partition(".")[0] if "." in field else None
