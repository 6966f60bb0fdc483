"""A sheet: rows as a person counts them, and where among them its headings are."""

from collections.abc import Sequence
from itertools import islice, zip_longest

from tables.delimited import EncodingNotUnderstood, is_broken
from tables.errors import NoHeadings, TooManyColumns
from tables.headings import LEAST_HEADINGS, Headings, is_tag_row
from tables.levels import combined, merged
from tables.profile import Profile
from tables.records import MOST_COLUMNS, RowSource, TableRecord
from tables.wide import laid_out

FIRST_ROWS = 25
"""Filled rows among which the headings must be."""
MOST_ABOVE = 1_000_000
"""Rows that are looked through for them."""


def filled_rows(source: RowSource) -> list[TableRecord]:
    """The first rows that are not blank; none where the sheet is empty."""
    rows = (record for record in islice(source.records(), MOST_ABOVE) if not record.is_blank)
    return list(islice(rows, FIRST_ROWS))


def understood(top: Sequence[TableRecord], known: Headings, name: str | None = None) -> Profile:
    """The columns as their headings say, and where headings say too little of a wide sheet, its title and its name.

    Raises `NoHeadings`, `TooManyColumns`, `EncodingNotUnderstood`.
    """
    rows = [record for record in top if record.fault is None and len(record.cells) <= MOST_COLUMNS]
    for place, record in enumerate(rows):
        if is_tag_row(record.cells):
            headings, numbers = _headings_of_tags(rows, place, known)
            columns = known.tagged_columns(record.cells, headings)
            return laid_out(Profile(headings=numbers, columns=tuple(columns)), headings, known)
    headings, numbers = _headings(rows, known)
    if known.recognised(headings) < LEAST_HEADINGS:
        if any(len(record.cells) > MOST_COLUMNS for record in top):
            raise TooManyColumns(limit=MOST_COLUMNS)
        if any(is_broken(cell) for record in top for cell in record.cells):
            raise EncodingNotUnderstood
        raise NoHeadings(limit=FIRST_ROWS)
    titles = [cell for record in rows if record.number < numbers[0] for cell in record.cells if cell]
    profile = Profile(headings=numbers, columns=tuple(known.headed_columns(headings)))
    return laid_out(profile, headings, known, [*titles, name or ""])


def headed_by(rows: Sequence[TableRecord], known: Headings) -> Profile:
    """The columns as these rows of headings and tags say, which somebody named."""
    tags = next((record for record in rows if is_tag_row(record.cells)), None)
    headings: Sequence[str] = ()
    for cells in (record.cells for record in rows if record is not tags):
        headings = (combined(headings, cells, known) or _joined(headings, cells)) if headings else cells
    columns = known.tagged_columns(tags.cells, headings) if tags else known.headed_columns(headings)
    profile = Profile(headings=tuple(record.number for record in rows), columns=tuple(columns))
    return laid_out(profile, headings, known)


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    return [" ".join(filter(None, cells)) for cells in zip_longest(upper, lower, fillvalue="")]


def _headings_of_tags(
    rows: Sequence[TableRecord], place: int, known: Headings
) -> tuple[Sequence[str], tuple[int, ...]]:
    """The headings of a row of tags, above it or, in some templates, below; and the numbers of both rows."""
    tags = rows[place].number
    if place + 1 < len(rows) and _are_headings(rows[place + 1].cells, known):
        return rows[place + 1].cells, (tags, rows[place + 1].number)
    above = rows[place - 1 : place] if place else []
    return (above[0].cells, (above[0].number, tags)) if above else ((), (tags,))


def _are_headings(cells: Sequence[str], known: Headings) -> bool:
    filled = sum(1 for cell in cells if cell.strip())
    return known.recognised(cells) > max(LEAST_HEADINGS, filled // 2)


def _headings(rows: Sequence[TableRecord], known: Headings) -> tuple[Sequence[str], tuple[int, ...]]:
    """The row that names most fields, with those right above and below it that are headings, too; their numbers."""
    if not rows:
        return (), ()
    best = max(range(len(rows)), key=lambda place: known.recognised(rows[place].cells))
    first = last = best
    while first and rows[first - 1].number == rows[first].number - 1:
        first -= 1
    while last + 1 < len(rows) and rows[last + 1].number == rows[last].number + 1:
        last += 1
    cells = [record.cells for record in rows[first : last + 1]]
    headings, places = merged(cells, best - first, known)
    return headings, tuple(rows[first + place].number for place in places)
