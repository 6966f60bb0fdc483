"""What of a sheet is not understood, found before any of its rows is taken."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tables.conventions import UNKNOWN, conventions_of
from tables.errors import ColumnsNotUnderstood
from tables.fields import Fields, Kind
from tables.headings import ALL_WORDS, SheetColumn
from tables.profile import Profile
from tables.survey import Survey, Surveyed

MOST_NAMED = 10
"""Columns named in one refusal."""
MOST_DIFFERING = 10
"""Of so many cells one may be another number than the columns it is the sum of come to."""
LONGEST_NAMED = 60
"""Letters of a heading or a sample in it."""


@dataclass(frozen=True)
class Doubt:
    """A column that was not understood, and what stands in it."""

    column: SheetColumn
    surveyed: Surveyed


def settled(profile: Profile, survey: Survey, fields: Fields) -> Profile:
    """The profile with what stands in its columns: how they write, and without fields that their values contradict."""
    columns = tuple(_decided(column, survey.columns[column.place], fields) for column in profile.columns)
    return with_conventions(profile.model_copy(update={"columns": columns}), survey, fields)


def with_conventions(profile: Profile, survey: Survey, fields: Fields) -> Profile:
    """The profile with how its columns write; what they prove nothing of is as the profile has it."""
    sorts = {column.place: sort for column in profile.columns if column.field and (sort := fields.sort(column.field))}
    conventions = conventions_of(sorts, {place: surveyed.evidence for place, surveyed in survey.columns.items()})
    columns = [
        replace(
            column,
            convention=found if (found := conventions.get(column.place, UNKNOWN)) != UNKNOWN else column.convention,
            counts_rows=not column.name and not column.place and survey.columns[column.place].counts_up,
        )
        for column in profile.columns
    ]
    return profile.model_copy(update={"columns": tuple(columns)})


def _decided(column: SheetColumn, surveyed: Surveyed, fields: Fields) -> SheetColumn:
    """The column as its values decide.

    Numbers under "New beneficiaries" are no yes or no, and yes under "Disability" is no number; "HRP activity" may be
    the name of one.
    """
    kind = fields.kind(column.field or "")
    if kind is Kind.COUNT and column.doubtful:
        counts = surveyed.answers == surveyed.ciphers and surveyed.is_informative
        return replace(column, confidence=ALL_WORDS) if counts or not surveyed.filled else column.unread()
    if kind is not Kind.YES_OR_NO:
        return column
    others = surveyed.something if column.doubtful else surveyed.informative
    are_numbers = surveyed.informative > 0 and surveyed.answers == surveyed.ciphers
    if are_numbers or others > surveyed.answers:
        return column.unread()
    return replace(column, confidence=max(column.confidence, ALL_WORDS))


def not_understood(profile: Profile, survey: Survey, *, in_text: bool) -> list[Doubt]:
    """Columns that hold numbers, months, dates or codes and would be lost untold."""
    fields = {column.field for column in profile.columns if column.field}
    named = {column.place: column for column in profile.columns}
    last = profile.last_heading
    doubts = []
    for place, surveyed in sorted(survey.columns.items()):
        column = named.get(place) or SheetColumn(place, "", None, None)
        # Beyond the headings of a text file stands what an unquoted separator moved there: the fault of its row.
        if place > last and (in_text or 2 * surveyed.filled < survey.rows):
            continue
        differs = MOST_DIFFERING * surveyed.differing > surveyed.compared
        if differs or (surveyed.is_informative and not _is_harmless(column, surveyed, fields)):
            doubts.append(Doubt(column, surveyed))
    return doubts


def _is_harmless(column: SheetColumn, surveyed: Surveyed, fields: Iterable[str]) -> bool:
    if column.field or surveyed.adds_up:
        return True
    if not column.name and column.place == 0 and surveyed.counts_up:
        return True
    if column.spare is None:
        return False
    asked = column.spare.split()
    return not asked or any(field.startswith(name) for field in fields for name in asked)


def refusal_of(doubts: Sequence[tuple[str | None, Doubt]]) -> ColumnsNotUnderstood:
    """The refusal that names these columns, with the name of their sheet where there are several."""
    told = [f"{sheet}: {_named(doubt)}" if sheet else _named(doubt) for sheet, doubt in doubts]
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
