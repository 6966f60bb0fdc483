"""Targets as a table (CSV): an HXL row, or headings in Arabic or English, then a target a row."""

import io
from dataclasses import dataclass
from itertools import islice
from typing import Any

from runtime.problems import Refusal
from runtime.rows.errors import RowTooLarge, TooManyRows
from runtime.rows.outcomes import Outcome, rejected_row
from runtime.rows.reading import LONGEST_LINE, MOST_ROWS
from tables.agreement import UNKNOWN_MEANING, Meaning, disagreement, number_or_text
from tables.cells import CellReader, FileContext
from tables.conventions import Convention
from tables.doubts import not_understood, refusal_of, settled
from tables.fields import Kind
from tables.headings import is_tag_row
from tables.profile import Profile
from tables.reading import ParsedRow, RowReader
from tables.records import RowSource, TableRecord
from tables.survey import survey
from tables.text import TextSource

from plans.targets.columns import AREAS, TARGET_FIELDS, columns_of
from plans.targets.errors import NoTargetColumns

FIRST_ROWS = 25
"""Rows among which the headings must be."""
MOST_COLUMNS = 100
CELLS = CellReader(TARGET_FIELDS, FileContext(in_text=True))


@dataclass
class Table:
    """A table's rows as objects, what was assumed in each, and those that can't be read."""

    rows: list[tuple[int, dict[str, Any]]]
    flags: dict[int, tuple[str, ...]]
    rejected: list[Outcome]


def read_table(body: bytes, *, accept_ignored: bool = False) -> Table:
    """Raises `NoTargetColumns`, `TooManyRows`, `ColumnsNotUnderstood`, `ColumnsDisagree`,
    `EncodingNotUnderstood`.
    """
    source = TextSource(io.BytesIO(body), lambda cells: len(columns_of(cells)))
    profile = _proposed(source, accept_ignored=accept_ignored)
    reader = TargetReader(profile, CELLS)
    table = Table([], {}, [])
    for record in source.records():
        if record.number < profile.first_row or profile.passes_over(record) or is_tag_row(record.cells):
            continue
        if len(table.rows) + len(table.rejected) >= MOST_ROWS:
            raise TooManyRows(limit=MOST_ROWS)
        _take(table, record, reader)
    return table


def _proposed(source: RowSource, *, accept_ignored: bool) -> Profile:
    """How the table is read. Raises `NoTargetColumns`, `ColumnsDisagree`, `ColumnsNotUnderstood`."""
    profile = _headed(source)
    seen = survey(source, profile, TARGET_FIELDS)
    profile = settled(profile, seen, TARGET_FIELDS)
    if differing := disagreement(profile, seen, _meaning):
        raise differing
    doubts = not_understood(profile, seen, in_text=True)
    if doubts and not accept_ignored:
        raise refusal_of([(None, doubt) for doubt in doubts])
    return profile.model_copy(update={"lost": frozenset(doubt.column.place for doubt in doubts)})


def _headed(source: RowSource) -> Profile:
    """The columns, by a row of HXL tags where there is one. Raises `NoTargetColumns`."""
    top = list(islice(source.records(), FIRST_ROWS))
    named = [(record, columns) for record in top if (columns := columns_of(record.cells))]
    if not named:
        raise NoTargetColumns
    record, columns = next((each for each in named if is_tag_row(each[0].cells)), named[0])
    return Profile(headings=(record.number,), columns=tuple(columns))


def _meaning(field: str, text: str, convention: Convention) -> Meaning:
    """What a cell says for certain: names of sectors and groups may be two for one."""
    if TARGET_FIELDS.kind(field) in (Kind.TEXT, Kind.CHOICE):
        return UNKNOWN_MEANING
    try:
        return number_or_text(CELLS.value_of(field, text, convention, {}))
    except Refusal:
        return UNKNOWN_MEANING


class TargetReader(RowReader):
    """Reads the rows of a table as targets. An empty number withdraws nothing: it is left out, and its row refused."""

    def complete(self, row: ParsedRow) -> None:
        """The finest area it names is its area."""
        named = [row.fields.pop(field) for field in AREAS if field in row.fields]
        if named:
            row.fields["area"] = named[0]


def _take(table: Table, record: TableRecord, reader: TargetReader) -> None:
    """The row as an object, or why it can't be read."""
    if record.fault or len(record.cells) > MOST_COLUMNS or sum(map(len, record.cells)) > LONGEST_LINE:
        table.rejected.append(rejected_row(record.number, [record.fault or RowTooLarge()]))
        return
    row = reader.read(record.cells)
    if row.faults:
        table.rejected.append(rejected_row(record.number, row.faults))
        return
    table.rows.append((record.number, row.fields))
    table.flags[record.number] = tuple(row.flags)
