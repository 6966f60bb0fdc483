"""From the cells of a row to its fields, by a profile: what is unambiguous is read, and said where it was assumed."""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from contracts.lines import normalised
from contracts.nothing import is_nothing
from runtime.problems import Refusal
from runtime.rows.errors import RowLongerThanHeadings

from tables.cells import NOTHING_SAID, CellReader, Flags, ParsedCell
from tables.contents import Content, adds_up, content_of, is_idle
from tables.fields import Fields, Kind
from tables.headings import SheetColumn
from tables.profile import Profile, RowTemplate
from tables.separators import digits

YEAR = "year"
"""Of a month that is written without one; no field of a row."""
LONGEST_TOLD = 60
LONGEST_YEAR = 40
LONGEST_PART = 20
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
    part: str = ""
    """Which of the rows of its line it is."""


_Put = Callable[[dict[str, Any], str, str | None, object], None]
_ReadColumn = tuple[SheetColumn, str, str | None, dict[str, ParsedCell], _Put]
"""A column with a field it is read for, what holds the field, what its texts say, and how that is taken. Plain, as it
is unpacked for each cell."""


class RowReader:
    """Reads the rows of one sheet; the same few words stand in most of their cells, so each is read once.

    Who reads rows of one kind says what else becomes of them (`keep`, `complete`).
    """

    def __init__(self, profile: Profile, cells: CellReader) -> None:
        columns = profile.columns
        self._cells = cells
        self._fields = cells.fields
        self._profile = profile
        self._memories: list[dict[str, ParsedCell]] = []
        self._own = {place for template in profile.templates for place in template.columns}
        read = [column for column in columns if column.field and column.field != YEAR]
        self._sums = [(self._read_columns([column]), column.sum_of) for column in read if column.sum_of]
        read = [column for column in read if not column.sum_of]
        self._columns = self._read_columns([column for column in read if column.place not in self._own])
        self._templates = [
            (template, self._read_columns([column for column in read if column.place in template.columns]))
            for template in profile.templates
        ]
        if not any(columns for _, columns in self._templates):
            # Nobody said yet what its columns count.
            self._templates = []
        self._constants: dict[tuple[str, str, str | None], ParsedCell] = {}
        self._last = profile.last_heading
        unnamed = [c for c in columns if not (c.name or c.field or c.spare == "") and c.place < self._last]
        self._nameless = {column.place for column in unnamed if not column.counts_rows} - profile.lost
        scopes = [self._columns, *(columns for _, columns in self._templates)]
        self._seconds = frozenset[int]().union(
            *(_seconds([column for column, *_ in scope], cells.fields) for scope in scopes)
        )
        self._year = next((column.place for column in columns if column.field == YEAR), None)
        self._texts = {column.field for column in read if cells.fields.kind(column.field or "") is Kind.TEXTS}
        self._nothing, self._values = profile.nothing, profile.values
        self._remembered = 0

    def _read_columns(self, columns: Sequence[SheetColumn]) -> list[_ReadColumn]:
        memories: dict[int, dict[str, ParsedCell]] = {column.place: {} for column in columns}
        self._memories += memories.values()
        return [
            (column, name, _holder_of(name), memories[column.place], self._add if column.added else self._put)
            for column in columns
            for name in (column.field or "", *column.also)
        ]

    def read_all(self, cells: Sequence[str]) -> Sequence[ParsedRow]:
        """The rows that a line is; none where a line of a wide sheet says nothing."""
        if not self._templates:
            return (self.read(cells),)
        line = ParsedRow(_trimmed(cells))
        year = self._take_shared(line)
        said = self._profile.templates_of(line.cells)
        if not said:
            rows = [line] if self._has_figures(line) else []
        elif line.faults:
            rows = [line]
        else:
            rows = [self._row_of(line, *self._templates[number], year) for number in said]
            for row in [row for row in rows if not row.faults][1:]:
                self._drop_shared_figures(row)
        for row in rows:
            self._complete(row)
        return rows

    def read(self, cells: Sequence[str]) -> ParsedRow:
        """The fields of a line that is one row."""
        row = ParsedRow(_trimmed(cells))
        self._take_shared(row)
        self._complete(row)
        return row

    def _take_shared(self, row: ParsedRow) -> str | None:
        """Take what stands in the columns that are no template's; the year it says."""
        year = self._year_of(row.cells)
        self._note_beyond_headings(row)
        self._take(row, self._columns, year)
        for columns, parts in self._sums:
            if all(place >= len(row.cells) or is_idle(row.cells[place]) for place in parts):
                self._take(row, columns, year)
            elif adds_up(row.cells, columns[0][0].place, parts) is False:
                row.flags["total_does_not_add_up"] = None
        return year

    def _take(self, row: ParsedRow, columns: Sequence[_ReadColumn], year: str | None) -> None:
        cells, fields, flags = row.cells, row.fields, row.flags
        filled = len(cells)
        faulty = -1
        for column, name, holder, remembered, put in columns:
            if (place := column.place) >= filled or not (text := cells[place]):
                continue
            heard = remembered.get(text)
            if heard is None:
                try:
                    heard = self._hear(column, text, year, remembered)
                except Refusal as fault:
                    if faulty != place:
                        row.faults.append(fault)
                    faulty = place
                    continue
            if heard.flags:
                flags.update(dict.fromkeys(heard.flags))
            if heard.says:
                put(fields, name, holder, heard.value)
                if place in self._seconds:
                    flags["columns_of_one_field"] = None
            elif heard.kept:
                self.keep(row, name, text)

    def _row_of(
        self, line: ParsedRow, template: RowTemplate, columns: Sequence[_ReadColumn], year: str | None
    ) -> ParsedRow:
        """One of the rows of a line: what all of them say, and its own."""
        others = self._own - template.columns
        cells = ["" if place in others else cell for place, cell in enumerate(line.cells)]
        fields = {
            name: value.copy() if isinstance(value, dict | list) else value for name, value in line.fields.items()
        }
        row = ParsedRow(cells, fields, line.flags.copy())
        said = []
        for name, text in template.constants.items():
            try:
                heard = self._constant(name, text, year)
            except Refusal as fault:
                row.faults.append(fault)
                continue
            row.flags.update(dict.fromkeys(heard.flags))
            fields[name] = heard.value
            said.append(_part_name(name, str(heard.value)))
        row.part = " ".join(said)
        self._take(row, columns, year)
        return row

    def _constant(self, name: str, text: str, year: str | None) -> ParsedCell:
        key = name, text, year
        if key not in self._constants:
            self._constants[key] = self._cells.hear(SheetColumn(-1, "", None, name), text, year)
        return self._constants[key]

    def _drop_shared_figures(self, row: ParsedRow) -> None:
        """Take from a row what another row of its line has told."""
        for name in self._profile.told_once:
            if (holder := _holder_of(name)) is None:
                row.fields.pop(name, None)
            elif inner := row.fields.get(holder):
                inner.pop(name[len(holder) + 1 :], None)

    def _has_figures(self, row: ParsedRow) -> bool:
        """Whether it counts anything."""
        said = dict(row.fields)
        for holder in [name for name, value in said.items() if isinstance(value, dict)]:
            said |= {f"{holder}.{key}": value for key, value in said.pop(holder).items()}
        return any(name.startswith(self._fields.figures) and value != 0 for name, value in said.items())

    def _complete(self, row: ParsedRow) -> None:
        for name, said in self._profile.defaults.items():
            if name not in row.fields and name != YEAR:
                row.fields[name] = said
                row.flags["said_by_profile"] = None
        self.complete(row)

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
                for others in self._memories:
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
        if any(place < len(cells) and content_of(cells[place]) is not Content.NOTHING for place in lost):
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
            return self._profile.defaults.get(YEAR)
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

    def _add(self, fields: dict[str, Any], name: str, holder: str | None, value: object) -> None:
        """Add what a part of a field says to what other parts say."""
        inside: dict[str, Any] = fields if holder is None else fields.setdefault(holder, {})
        key = name if holder is None else name[len(holder) + 1 :]
        inside[key] = _sum(inside[key], value) if key in inside else value


def _sum(one: Any, other: Any) -> object:
    """What is no number stays as it is, to be refused."""
    if isinstance(one, int) and isinstance(other, int):
        return one + other
    for value in (one, other):
        try:
            Decimal(value)
        except InvalidOperation:
            return value
    return Decimal(one) + Decimal(other)


def _part_name(field: str, value: str) -> str:
    """What tells rows of a line apart: `2025-03`, `newly_reached`; of a long text its hash."""
    if len(value) > LONGEST_PART:
        return hashlib.blake2b(value.encode(errors="replace"), digest_size=6).hexdigest()
    return {"true": field, "false": f"not_{field}"}.get(value, value)


def _trimmed(cells: Sequence[str]) -> list[str]:
    return [cell.strip() if cell.isascii() else normalised(cell).strip() for cell in cells]


def _seconds(columns: Sequence[SheetColumn], fields: Fields) -> frozenset[int]:
    """Columns for a field that one before them is for, too; not where a row keeps what all of them say."""
    first: dict[str, int] = {}
    for column in columns:
        if column.field and not column.added and column.field not in fields.kept_together:
            first.setdefault(column.field, column.place)
    return frozenset(
        column.place
        for column in columns
        if not column.added and first.get(column.field or "", column.place) != column.place
    )


def _holder_of(field: str) -> str | None:
    """The field that holds those of a name with a point, such as `people.men`."""
    return field.partition(".")[0] if "." in field else None
