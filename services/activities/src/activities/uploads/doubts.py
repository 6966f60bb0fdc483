"""What of a sheet is not understood, found before any of its rows is taken."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from activities.uploads.errors import ColumnsNotUnderstood
from activities.uploads.headings import Column
from activities.uploads.sheet import Sheet, last_heading
from activities.uploads.survey import MOST_VALUES, SAMPLES, Survey, Surveyed
from activities.uploads.values import YES_OR_NO

SECTORS = frozenset({"sector", "sector_name", "area_of_responsibility"})
MOST_NAMED = 10
"""Columns named in one refusal."""
LONGEST_NAMED = 60
"""Letters of a heading or a sample in it."""


@dataclass(frozen=True)
class Doubt:
    """A column that was not understood, and what stands in it."""

    column: Column
    surveyed: Surveyed


def settled(sheet: Sheet, survey: Survey) -> Sheet:
    """The sheet without fields that the values of their columns contradict."""
    return replace(sheet, columns=[_settled(column, survey.columns[column.place]) for column in sheet.columns])


def _settled(column: Column, surveyed: Surveyed) -> Column:
    """Numbers under "New beneficiaries" are no yes or no; "HRP activity" may be the name of one."""
    if column.field not in YES_OR_NO:
        return column
    others = surveyed.something if column.doubtful else surveyed.telling
    are_numbers = surveyed.telling > 0 and surveyed.answers == surveyed.ciphers
    return column.unread() if are_numbers or others > surveyed.answers else column


def not_understood(columns: Sequence[Column], survey: Survey, *, in_text: bool) -> list[Doubt]:
    """Columns that hold numbers, months, dates or codes and would be lost untold."""
    fields = {column.field for column in columns if column.field}
    named = {column.place: column for column in columns}
    last = last_heading(columns)
    doubts = []
    for place, surveyed in sorted(survey.columns.items()):
        column = named.get(place) or Column(place, "", None, None)
        # Beyond the headings of a text file stands what an unquoted separator moved there: the fault of its row.
        if place > last and (in_text or 2 * surveyed.filled < survey.rows):
            continue
        if surveyed.is_telling and not _is_harmless(column, surveyed, fields):
            doubts.append(Doubt(column, surveyed))
    return doubts


def _is_harmless(column: Column, surveyed: Surveyed, fields: Iterable[str]) -> bool:
    if column.field or surveyed.adds_up:
        return True
    if not column.name and column.place == 0 and surveyed.counts_up:
        return True
    if column.spare is None:
        return False
    asked = column.spare.split()
    return not asked or any(field.startswith(name) for field in fields for name in asked)


def hidden_sectors(
    columns: Sequence[Column], survey: Survey, said: str, sector_called: Callable[[str], str | None]
) -> list[Doubt]:
    """Columns that name other sectors than the form or the sheet's name, which all rows would get instead."""
    if {column.field for column in columns} & SECTORS:
        return []
    doubts = []
    for column in columns:
        surveyed = survey.columns[column.place]
        if column.field or not surveyed.values or len(surveyed.values) > MOST_VALUES:
            continue
        named = {sector_called(value) for value in surveyed.values}
        if None not in named and named != {said}:
            samples = dict.fromkeys(sorted(surveyed.values)[:SAMPLES])
            doubts.append(Doubt(column, replace(surveyed, samples=samples)))
    return doubts


def refusal_of(doubts: Iterable[tuple[Sheet, Doubt]], *, several: bool) -> ColumnsNotUnderstood | None:
    """The refusal that names these columns, with their sheet where there are several."""
    told = [
        f"{sheet.source.name}: {_named(doubt)}" if several and sheet.source.name else _named(doubt)
        for sheet, doubt in doubts
    ]
    if not told:
        return None
    return ColumnsNotUnderstood(columns="; ".join(told[:MOST_NAMED]), count=len(told))


def _named(doubt: Doubt) -> str:
    samples = ", ".join(_short(sample) for sample in doubt.surveyed.samples)
    return f"«{_short(doubt.column.name) or letters(doubt.column.place)}» ({samples})"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_NAMED else f"{text[:LONGEST_NAMED]}…"


def letters(place: int) -> str:
    """A column as a spreadsheet calls it: A, B … AA."""
    said = ""
    number = place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        said = chr(ord("A") + rest) + said
    return said
