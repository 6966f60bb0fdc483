"""Targets as a table (CSV): an HXL row, or headings in Arabic or English, then a target a row."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from contracts.lines import code, normalised
from contracts.nothing import is_nothing
from runtime.problems import Refusal

from activities.rows.bodies import LONGEST_LINE, MOST_ROWS
from activities.rows.domain import Outcome, refused_row
from activities.rows.errors import RowTooLarge, TooManyRows
from activities.targets.columns import AREAS, NUMBERS, fields_of
from activities.targets.errors import NoTargetColumns
from activities.uploads.headings import is_tag_row
from activities.uploads.months import read_month
from activities.uploads.numbers import read_number
from activities.uploads.text import encoding_of, errors_of
from activities.uploads.values import word

FIRST_ROWS = 25
"""Rows among which the headings must be."""
MOST_COLUMNS = 100
BEGINNING = 64 * 1024
"""Characters among which the separator is looked for."""
MONTHS = frozenset({"month", "month_from", "month_to"})


@dataclass(frozen=True)
class Line:
    """A row of the table, numbered as a spreadsheet does."""

    number: int
    cells: Sequence[str]


@dataclass
class Table:
    """A table's rows as objects, what was assumed in each, and those that can't be read."""

    rows: list[tuple[int, dict[str, Any]]]
    flags: dict[int, tuple[str, ...]]
    refused: list[Outcome]


def read_table(body: bytes) -> Table:
    """Raises `NoTargetColumns`, `TooManyRows`."""
    columns, lines = _headed(_lines(body))
    table = Table([], {}, [])
    for line in lines:
        if not any(normalised(cell).strip() for cell in line.cells):
            continue
        if len(table.rows) + len(table.refused) >= MOST_ROWS:
            raise TooManyRows(limit=MOST_ROWS)
        _take(table, line, columns)
    return table


def _take(table: Table, line: Line, columns: Mapping[int, str]) -> None:
    flags: dict[str, None] = {}
    faults: list[Refusal] = []
    if len(line.cells) > MOST_COLUMNS or sum(map(len, line.cells)) > LONGEST_LINE:
        table.refused.append(refused_row(line.number, [RowTooLarge()]))
        return
    row = _fields(line.cells, columns, flags, faults)
    if faults:
        table.refused.append(refused_row(line.number, faults))
        return
    table.rows.append((line.number, row))
    table.flags[line.number] = tuple(flags)


def _fields(
    cells: Sequence[str], columns: Mapping[int, str], flags: dict[str, None], faults: list[Refusal]
) -> dict[str, Any]:
    """What each filled cell says. An empty number withdraws nothing: it is left out, and its row refused."""
    row: dict[str, Any] = {}
    for place, field in columns.items():
        text = normalised(cells[place]).strip() if place < len(cells) else ""
        if is_nothing(text):
            flags.update({"na_as_empty": None} if text else {})
            continue
        try:
            row.setdefault(field, _value(field, text, flags))
        except Refusal as fault:
            fault.field = field
            faults.append(fault)
    finest = next((row[field] for field in AREAS if field in row), None)
    row = {field: value for field, value in row.items() if field not in AREAS}
    return row if finest is None else {**row, "area": finest}


def _value(field: str, text: str, flags: dict[str, None]) -> object:
    if field in MONTHS:
        return read_month(text, None, flags)
    if field in NUMBERS:
        return read_number(text, flags)
    if field in AREAS or field == "country":
        return code(text).upper()
    if field == "population_group":
        return word("population_group", text, flags) or text
    return code(text) if field == "indicator" else text


def _headed(lines: Iterator[Line]) -> tuple[dict[int, str], Iterator[Line]]:
    """The columns, by a row of HXL tags where there is one, and the rows behind. Raises `NoTargetColumns`."""
    top = list(islice(lines, FIRST_ROWS))
    named = [(place, fields) for place, line in enumerate(top) if (fields := fields_of(line.cells))]
    if not named:
        raise NoTargetColumns
    place, columns = next((each for each in named if is_tag_row(top[each[0]].cells)), named[0])
    # Tags that say too little to go by are no target all the same.
    return columns, chain((line for line in top[place + 1 :] if not is_tag_row(line.cells)), lines)


def _lines(body: bytes) -> Iterator[Line]:
    encoding = encoding_of(io.BytesIO(body))
    text = body.decode(encoding, errors=errors_of(encoding))
    return _records(io.StringIO(text, newline=""), max(",;\t|", key=text[:BEGINNING].count))


def _records(text: io.TextIOBase, separator: str) -> Iterator[Line]:
    reader = csv.reader(text, delimiter=separator)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader, None)
        except csv.Error:
            yield Line(number, ["?" * (LONGEST_LINE + 1)])
            continue
        if cells is None:
            return
        yield Line(number, cells)
