"""Problems of rows by their cause: one fault of one value is told once, however many rows have it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from contracts.lines import normalised
from runtime.problems import Refusal
from runtime.rows.outcomes import Outcome
from tables.headings import SheetColumn

from activities.reports.as_written import as_text
from activities.reports.sectors import NAMING_SECTOR
from activities.reports.severity import may_be_severe

MOST_CAUSES = 100
"""Told with their values; rows with yet other values are told together."""
FIRST_ROWS = 5
LONGEST_VALUE = 200

CauseKey = tuple[str, str | None, str | None]
"""Code, field, value."""


@dataclass(frozen=True)
class Cause:
    """All rows with one fault of one field and, unless there are many, one value."""

    code: str
    field: str | None
    value: str | None
    facts: Mapping[str, Any]
    sheet: int
    """Of the first rows."""
    rows: int = 0
    first_rows: Sequence[int] = ()

    def with_row(self, sheet: int, row: int) -> "Cause":
        """The cause with one more row."""
        is_told = sheet == self.sheet and len(self.first_rows) < FIRST_ROWS and row not in self.first_rows
        return replace(self, rows=self.rows + 1, first_rows=(*self.first_rows, *([row] if is_told else [])))


Causes = Mapping[CauseKey, Cause]


@dataclass(frozen=True)
class RefusedRows:
    """Rows of a sheet that were refused, with what they say in which column."""

    sheet: int
    outcomes: Iterable[Outcome]
    columns: Sequence[SheetColumn] = ()
    cells: Mapping[int, Sequence[str]] = field(default_factory=dict)
    """By the row's number."""

    def may_be_severe(self, row: int) -> bool:
        """Whether a row may be severe: of such a row nothing is quoted."""
        cells = self.cells.get(row, ())
        sector, said = (
            " ".join(
                cells[column.place] for column in self.columns if column.field in named and column.place < len(cells)
            )
            for named in (NAMING_SECTOR, ("sensitivity",))
        )
        return may_be_severe(cells, sector, said)

    def value_of(self, field: str | None, row: int) -> tuple[str, str] | None:
        """The field and text of the first column that says anything of a field."""
        return text_of(field, self.cells.get(row, ()), self.columns)


def with_rows(causes: Causes, refused: RefusedRows) -> Causes:
    """The causes with those of more rows."""
    found = dict(causes)
    for outcome in refused.outcomes:
        met = set()
        is_quoted = not refused.may_be_severe(outcome.row)
        for fault in outcome.errors:
            key = _key(fault, refused.value_of(fault.field, outcome.row))
            if not is_quoted or (key not in found and len(found) >= MOST_CAUSES):
                key = (*key[:2], None)
            if key in met:
                continue
            met.add(key)
            known = found.get(key) or Cause(*key, _facts(fault, key[2]), refused.sheet)
            found[key] = known.with_row(refused.sheet, outcome.row)
    return found


def as_json(causes: Causes) -> list[dict[str, Any]]:
    """The causes, those of most rows first."""
    return [dict(vars(cause)) for cause in sorted(causes.values(), key=lambda cause: -cause.rows)]


def of_json(kept: Iterable[Mapping[str, Any]]) -> Causes:
    """The causes that were kept as JSON."""
    return {(cause.code, cause.field, cause.value): cause for cause in (Cause(**each) for each in kept)}


def text_of(field: str | None, cells: Sequence[str], columns: Sequence[SheetColumn]) -> tuple[str, str] | None:
    """What a row says in the columns of a field, the first that says anything."""
    if field is None:
        return None
    alike = {field, f"{field}_name", f"{field}_acronym", *(NAMING_SECTOR if field in NAMING_SECTOR else ())}
    for column in columns:
        text = normalised(cells[column.place]).strip() if column.place < len(cells) else ""
        if text and column.field and column.field in alike:
            return column.field, as_text(text)
    return None


def _key(fault: Refusal, said: tuple[str, str] | None) -> CauseKey:
    value = said[1] if said else fault.facts.get("value")
    return fault.code, fault.field, None if value is None else str(value)[:LONGEST_VALUE]


def _facts(fault: Refusal, value: str | None) -> dict[str, Any]:
    facts = {name: each if isinstance(each, int | float) else str(each) for name, each in fault.facts.items()}
    return facts if value is not None else {name: each for name, each in facts.items() if name != "value"}
