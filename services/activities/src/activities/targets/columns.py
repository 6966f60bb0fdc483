"""Which column of a table of targets is which field: by its HXL tag, else by its heading. Both are data."""

from collections.abc import Sequence
from functools import cache

from activities.spelling import folded, parts
from activities.uploads.headings import Tag, read_tag
from activities.words import rows_of

AREAS = ("area", "adm3", "adm2", "adm1")
"""Columns that can name the area, the finest first."""
NUMBERS = frozenset({"people", "value"})
"""Columns that can say how many: people, or whatever the indicator counts."""


def fields_of(cells: Sequence[str]) -> dict[int, str]:
    """The field of each column that a row of headings or HXL tags names; none where it is no such row."""
    named = {place: field for place, cell in enumerate(cells) if (field := _field(cell))}
    fields = set(named.values())
    return named if not fields.isdisjoint(AREAS) and not fields.isdisjoint(NUMBERS) else {}


def _field(cell: str) -> str | None:
    tag = read_tag(cell)
    if tag:
        return _tagged(tag)
    return next((field for part in parts(cell) if (field := _headings().get(folded(part.replace("*", " "))))), None)


def _tagged(tag: Tag) -> str | None:
    """The field of the pattern that asks for most of the tag."""
    fitting = [(len(asked.attributes), field) for asked, field in _tags() if _fits(asked, tag)]
    return max(fitting)[1] if fitting else None


def _fits(asked: Tag, tag: Tag) -> bool:
    return asked.name == tag.name and asked.attributes <= tag.attributes


@cache
def _headings() -> dict[str, str]:
    return {folded(row["heading"]): row["field"] for row in rows_of("target_headings.csv") if row["language"] != "hxl"}


@cache
def _tags() -> tuple[tuple[Tag, str], ...]:
    rows = (row for row in rows_of("target_headings.csv") if row["language"] == "hxl")
    return tuple((tag, row["field"]) for row in rows if (tag := read_tag(row["heading"])))
