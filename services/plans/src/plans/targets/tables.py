"""Targets as a table (CSV): an HXL row, or headings in Arabic or English, then a target a row."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from contracts.lines import code, normalised
from contracts.nothing import is_nothing
from runtime.problems import Refusal
from runtime.rows.errors import RowLongerThanHeadings, RowTooLarge, TooManyRows
from runtime.rows.outcomes import Outcome, rejected_row
from runtime.rows.reading import LONGEST_LINE, MOST_ROWS
from tables.agreement import UNKNOWN_MEANING, Meaning, disagreement, number_or_text
from tables.codepages import is_arabic
from tables.contents import Content, content_of
from tables.conventions import UNKNOWN, Convention
from tables.delimited import (
    START,
    EncodingNotUnderstood,
    declared_separator,
    encoding_of,
    errors_of,
    is_broken,
    separator,
)
from tables.doubts import not_understood, refusal_of
from tables.headings import Column, is_tag_row
from tables.months import read_month
from tables.numbers import read_number
from tables.records import Record
from tables.sheet import Sheet, last_heading
from tables.survey import Survey, conventions, survey
from tables.values import word

from plans.targets.columns import AREAS, MONTHS, NUMBERS, TARGET_FIELDS, columns_of
from plans.targets.errors import NoTargetColumns

FIRST_ROWS = 25
"""Rows among which the headings must be."""
MOST_COLUMNS = 100
LONGEST_TOLD = 60


@dataclass
class Table:
    """A table's rows as objects, what was assumed in each, and those that can't be read."""

    rows: list[tuple[int, dict[str, Any]]]
    flags: dict[int, tuple[str, ...]]
    rejected: list[Outcome]


@dataclass(frozen=True)
class Source:
    """The rows of a table in a request; read twice: what its columns hold, then what each row says."""

    body: bytes
    name: str | None = None

    def records(self) -> Iterator[Record]:
        return _lines(self.body)

    def position(self) -> int:
        return 0


def read_table(body: bytes, *, accept_ignored: bool = False) -> Table:
    """Raises `NoTargetColumns`, `TooManyRows`, `ColumnsNotUnderstood`, `ColumnsDisagree`,
    `EncodingNotUnderstood`.
    """
    source = Source(body)
    columns, first_row = _headed(source.records())
    sheet = Sheet(1, source, columns, first_row)
    surveyed = survey(sheet, TARGET_FIELDS)
    _check(sheet, surveyed, accept_ignored=accept_ignored)
    reader = _Reader(columns, surveyed)
    table = Table([], {}, [])
    for record in source.records():
        if record.number < first_row or sheet.is_blank(record) or is_tag_row(record.cells):
            continue
        if len(table.rows) + len(table.rejected) >= MOST_ROWS:
            raise TooManyRows(limit=MOST_ROWS)
        reader.take(table, record)
    return table


def _check(sheet: Sheet, surveyed: Survey, *, accept_ignored: bool) -> None:
    if differing := disagreement(sheet, surveyed, conventions(sheet.columns, surveyed, TARGET_FIELDS), _meaning):
        raise differing
    doubts = [] if accept_ignored else not_understood(sheet.columns, surveyed, in_text=True)
    if refusal := refusal_of(((sheet, doubt) for doubt in doubts), several=False):
        raise refusal


def _meaning(field: str, text: str, convention: Convention) -> Meaning:
    """What a cell says for certain: names of sectors and groups may be two for one."""
    if field not in MONTHS and field not in NUMBERS and field not in AREAS and field != "country":
        return UNKNOWN_MEANING
    try:
        return number_or_text(_value(field, text, {}, convention))
    except Refusal:
        return UNKNOWN_MEANING


class _Reader:
    def __init__(self, columns: Sequence[Column], surveyed: Survey) -> None:
        self._fields = [(column.place, column.field) for column in columns if column.field]
        self._last = last_heading(columns)
        self._lost = {doubt.column.place for doubt in not_understood(columns, surveyed, in_text=True)}
        self._conventions = conventions(columns, surveyed, TARGET_FIELDS)

    def take(self, table: Table, record: Record) -> None:
        """The row as an object, or why it can't be read."""
        flags: dict[str, None] = {}
        if record.fault or len(record.cells) > MOST_COLUMNS or sum(map(len, record.cells)) > LONGEST_LINE:
            table.rejected.append(rejected_row(record.number, [RowTooLarge()]))
            return
        cells = [normalised(cell).strip() for cell in record.cells]
        faults = self._beyond(cells)
        row = self._row(cells, flags, faults)
        if faults:
            table.rejected.append(rejected_row(record.number, faults))
            return
        table.rows.append((record.number, row))
        table.flags[record.number] = tuple(flags)

    def _beyond(self, cells: Sequence[str]) -> list[Refusal]:
        beyond = (cell for cell in cells[self._last + 1 :] if content_of(cell) is not Content.NOTHING)
        return [RowLongerThanHeadings(value=cell[:LONGEST_TOLD]) for cell in islice(beyond, 1)]

    def _row(self, cells: Sequence[str], flags: dict[str, None], faults: list[Refusal]) -> dict[str, Any]:
        """What each filled cell says. An empty number withdraws nothing: it is left out, and its row refused."""
        row: dict[str, Any] = {}
        if any(place < len(cells) and cells[place] for place in self._lost):
            flags["column_not_read"] = None
        for place, field in self._fields:
            text = cells[place] if place < len(cells) else ""
            if is_nothing(text):
                flags.update({"na_as_empty": None} if text else {})
                continue
            try:
                if is_broken(text):
                    raise EncodingNotUnderstood
                value = _value(field, text, flags, self._conventions.get(place, UNKNOWN))
            except Refusal as fault:
                fault.field = field
                faults.append(fault)
                continue
            if field in row:
                flags["columns_of_one_field"] = None
            row.setdefault(field, value)
        finest = next((row[field] for field in AREAS if field in row), None)
        row = {field: value for field, value in row.items() if field not in AREAS}
        return row if finest is None else {**row, "area": finest}


def _value(field: str, text: str, flags: dict[str, None], convention: Convention) -> object:
    if field in MONTHS:
        return read_month(text, None, flags, convention)
    if field in NUMBERS:
        return read_number(text, flags, convention)
    if field in AREAS or field == "country":
        return code(text).upper()
    if field == "population_group":
        return word("population_group", text, flags) or text
    return code(text) if field == "indicator" else text


def _headed(lines: Iterator[Record]) -> tuple[list[Column], int]:
    """The columns, by a row of HXL tags where there is one, and the first row behind. Raises `NoTargetColumns`."""
    top = list(islice(lines, FIRST_ROWS))
    named = [(record, columns) for record in top if (columns := columns_of(record.cells))]
    if not named:
        raise NoTargetColumns
    record, columns = next((each for each in named if is_tag_row(each[0].cells)), named[0])
    return columns, record.number + 1


def _lines(body: bytes) -> Iterator[Record]:
    """Raises `EncodingNotUnderstood`."""
    encoding = encoding_of(io.BytesIO(body), is_arabic)
    whole = body.decode(encoding, errors=errors_of(encoding))
    text = io.StringIO(whole, newline="")
    parted_by = declared_separator(text) or separator(whole[:START], lambda cells: len(columns_of(cells)))
    return _records(text, parted_by)


def _records(text: io.TextIOBase, parted_by: str) -> Iterator[Record]:
    reader = csv.reader(text, delimiter=parted_by)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader, None)
        except csv.Error:
            yield Record(number, [], RowTooLarge(row=number))
            continue
        if cells is None:
            return
        yield Record(number, cells)
