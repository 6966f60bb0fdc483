"""Which column of a table of targets is which field: by its HXL tag, else by its heading. Both are data."""

from collections.abc import Sequence
from functools import cache

from activities.uploads.headings import Column, Pattern, column_of, pattern_of, read_tag, said_by_tag
from activities.uploads.phrases import NOT_READ, Vocabulary
from activities.words import rows_of

AREAS = ("area", "adm3", "adm2", "adm1")
"""Columns that can name the area, the finest first."""
NUMBERS = frozenset({"people", "value"})
"""Columns that can say how many: people, or whatever the indicator counts."""


def columns_of(cells: Sequence[str]) -> list[Column]:
    """The columns that a row of headings or HXL tags names; none where it is no such row."""
    columns = [_column(place, cell) for place, cell in enumerate(cells)]
    fields = {column.field for column in columns}
    return columns if not fields.isdisjoint(AREAS) and not fields.isdisjoint(NUMBERS) else []


def _column(place: int, cell: str) -> Column:
    tag = read_tag(cell)
    if tag is None:
        return column_of(place, cell, None, _headings().field_of(cell))
    return column_of(place, "", tag, said_by_tag(tag, _tags()))


@cache
def _headings() -> Vocabulary:
    """What targets are made of; else what reports pass over as well, such as the number of a row."""
    own = [(row["heading"], row["field"]) for row in rows_of("target_headings.csv") if row["language"] != "hxl"]
    passed_over = [(row["heading"], NOT_READ) for row in rows_of("headings.csv") if row["field"] == NOT_READ]
    return Vocabulary([own, passed_over])


@cache
def _tags() -> tuple[Pattern, ...]:
    rows = [row for row in rows_of("target_headings.csv") if row["language"] == "hxl"]
    return tuple(pattern_of(row["heading"], row["field"]) for row in rows)
