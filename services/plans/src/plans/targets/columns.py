"""Which column of a table of targets is which field: by its HXL tag, else by its heading. Both are data."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tables.fields import Fields, Kind, kinds_of
from tables.headings import Headings, SheetColumn, column_of, pattern_of, read_tag
from tables.phrases import Vocabulary, passed_over
from tables.words import rows_of

from plans.targets.schemas import NewTarget

DATA = Path(__file__).parents[1] / "data"
AREAS = ("area", "adm3", "adm2", "adm1")
"""Columns that can name the area, the finest first."""
TARGET_FIELDS = Fields({**dict.fromkeys(AREAS, Kind.PCODE), **kinds_of(NewTarget)})


def columns_of(cells: Sequence[str]) -> list[SheetColumn]:
    """The columns that a row of headings or HXL tags names; none where it is no such row."""
    columns = [_column(place, cell) for place, cell in enumerate(cells)]
    fields = {column.field for column in columns if column.field}
    return columns if not fields.isdisjoint(AREAS) and Kind.COUNT in map(TARGET_FIELDS.kind, fields) else []


def _column(place: int, cell: str) -> SheetColumn:
    tag = read_tag(cell)
    if tag is None:
        return column_of(place, cell, None, _headings().lookup_heading(cell))
    return column_of(place, "", tag, _headings().field_of_tag(tag))


@cache
def _headings() -> Headings:
    """What targets are made of; else what no table needs, such as the number of a row."""
    rows = rows_of("target_headings.csv", DATA)
    own = [(row["heading"], row["field"]) for row in rows if row["language"] != "hxl"]
    patterns = [pattern_of(row["heading"], row["field"]) for row in rows if row["language"] == "hxl"]
    return Headings(TARGET_FIELDS, Vocabulary([own, passed_over()]), patterns)
