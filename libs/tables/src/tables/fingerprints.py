"""The shape of a sheet, told by its headings: files of one shape are read by one profile."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from contracts.folding import fold
from contracts.lines import line

from tables.headings import LONGEST_HEADING, SheetColumn, is_for_reasons, read_tag
from tables.parts import MONTH
from tables.profile import Profile
from tables.records import TableRecord
from tables.values import words_of

MOST_ROWS = 3
"""Rows of headings and tags that are looked at together."""
FIRST_ROWS = 15
"""Filled rows among which the headings must be."""
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_DATE = re.compile(
    r"(?<!\d)(?:\d{1,2}[-/.]\d{1,2}[-/.])?(?:20\d\d[-/.]\d{1,2}(?:[-/.]\d{1,2})?|\d{1,2}[-/.]20\d\d)(?!\d)"
)


def headed_places(rows: Sequence[Sequence[str]]) -> list[int]:
    """Places of the columns of which one of these rows says anything, but for reasons why rows were refused."""
    width = max(map(len, rows), default=0)
    columns = ([cells[place] for cells in rows if place < len(cells) and line(cells[place])] for place in range(width))
    return [place for place, said in enumerate(columns) if said and not any(map(is_for_reasons, said))]


def fingerprint(rows: Sequence[Sequence[str]]) -> str:
    """Of the headings and tags in these rows, in order, without empty columns.

    A year or a date is any year or date, and so is a month where the headings name one month alone: next month's file
    has the shape of this one. Other numbers, such as ages, are as they stand.
    """
    columns = [
        sorted({_form(cells[place]) for cells in rows if place < len(cells) and line(cells[place])})
        for place in headed_places(rows)
    ]
    months = {word for column in columns for form in column for word in form.split() if word in words_of("month")}
    if len({words_of("month")[month] for month in months}) == 1:
        columns = [
            [" ".join("month" if word in months else word for word in form.split()) for form in column]
            for column in columns
        ]
    return hashlib.sha256("\x1e".join("\x1f".join(column) for column in columns).encode()).hexdigest()[:32]


def shapes_of(top: Sequence[TableRecord]) -> Iterator[tuple[str, tuple[TableRecord, ...]]]:
    """What the shape of a sheet would be, whichever of its first rows its headings were."""
    rows = [record for record in top[:FIRST_ROWS] if record.fault is None]
    for first in range(len(rows)):
        for count in range(1, MOST_ROWS + 1):
            if first + count <= len(rows):
                chosen = tuple(rows[first : first + count])
                yield fingerprint([record.cells for record in chosen]), chosen


def anchored(profile: Profile, rows: Sequence[TableRecord]) -> Profile | None:
    """The profile on a sheet whose headings are these; nothing where their columns are not the profile's."""
    old = sorted(column.place for column in profile.columns if column.name and not is_for_reasons(column.name))
    new = headed_places([record.cells for record in rows])
    if len(old) != len(new):
        return None
    moved = dict(zip(old, new, strict=True))
    taken = set(new)
    moved |= {column.place: column.place for column in profile.columns if not column.name and column.place not in taken}
    columns = [
        replace(
            column,
            place=moved[column.place],
            sum_of=tuple(moved[place] for place in column.sum_of if place in moved),
        )
        for column in profile.columns
        if column.place in moved
    ]
    columns += [
        SheetColumn(place, cell, None, None, spare="")
        for place, cell in {
            place: cell for row in rows for place, cell in enumerate(row.cells) if is_for_reasons(cell)
        }.items()
    ]
    templates = [
        each.model_copy(update={"columns": frozenset(moved[place] for place in each.columns if place in moved)})
        for each in profile.templates
    ]
    return profile.model_copy(
        update={
            "headings": tuple(record.number for record in rows),
            "columns": tuple(sorted(columns, key=lambda column: column.place)),
            "templates": tuple(templates),
            "lost": frozenset(),
            "values": {moved[place]: texts for place, texts in profile.values.items() if place in moved},
            "passed_over": {moved[place]: texts for place, texts in profile.passed_over.items() if place in moved},
        }
    )


def with_months_of(profile: Profile, fresh: Profile) -> Profile | None:
    """The profile with the months this sheet says itself, another year's perhaps; nothing where it has not as many."""
    if not any(MONTH in template.constants for template in profile.templates):
        return profile
    months = [template.constants.get(MONTH) for template in fresh.templates]
    if [MONTH in template.constants for template in profile.templates] != [month is not None for month in months]:
        return None
    templates = [
        template.model_copy(update={"constants": {**template.constants, **({MONTH: month} if month else {})}})
        for template, month in zip(profile.templates, months, strict=True)
    ]
    return profile.model_copy(update={"templates": tuple(templates)})


@lru_cache(maxsize=20_000)
def _form(cell: str) -> str:
    text = line(cell)[:LONGEST_HEADING]
    tag = read_tag(text)
    return str(tag) if tag else fold(_YEAR.sub(" year ", _DATE.sub(" date ", text)))
