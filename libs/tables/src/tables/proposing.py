"""Columns whose headings are not understood: what they may be for, by a heading near theirs and by what stands in them.

What is less certain than `CERTAIN` is proposed and not read (decision 0066).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from rapidfuzz import fuzz, process

from tables.contents import Content
from tables.fields import Fields, Kind
from tables.headings import CERTAIN, GUESSED, Headings, SheetColumn
from tables.phrases import changes_the_meaning, spelled
from tables.profile import Profile, RowTemplate
from tables.spelling import parts_of
from tables.survey import MOST_VALUES, Survey, Surveyed
from tables.values import word

Known = Callable[[str, str], str | None]
"""The value of a field that is known by a text: an activity, an indicator, a sector."""

NEAR_HEADING = 85
"""Of a hundred: how like its heading must be to one the tables have, and each of its words to one of that."""
NEAR_LEAST, NEAR_MOST = 0.7, 0.85
BY_CONTENTS = 0.5
MATCHED = 0.9
LEAST_ACTIVITIES = 3
"""Columns of numbers under headings nobody knows that are taken for activities."""
BY_ITSELF = {"activity", "indicator"}
"""Where a column says it, no heading does."""
SPELLED_BY_WORDS = ("status", "population_group", "modality")


def proposed(profile: Profile, survey: Survey, headings: Headings, known: Known) -> Profile:
    """The profile with what the columns that were not understood may be for."""
    taken = {column.field for column in profile.columns if column.field}
    columns = []
    for column in profile.columns:
        surveyed = survey.columns[column.place]
        guessed = _guessed(column, surveyed, headings, taken, known) if _is_open(column, surveyed) else column
        taken |= {guessed.field} if guessed.field else set()
        columns.append(guessed)
    found = profile.model_copy(update={"columns": tuple(columns)})
    return found if taken & BY_ITSELF else _by_activity(found, survey, headings.fields, known)


def _is_open(column: SheetColumn, surveyed: Surveyed) -> bool:
    unread = not column.field and column.spare is None and not column.proposed and not column.tag
    return unread and bool(column.heading) and surveyed.something > 0 and not surveyed.adds_up


def _guessed(
    column: SheetColumn, surveyed: Surveyed, headings: Headings, taken: Iterable[str | None], known: Known
) -> SheetColumn:
    field, score = _near(column.heading, headings)
    if field and field not in taken and _agrees(headings.fields.kind(field), surveyed):
        certainty = NEAR_LEAST + (NEAR_MOST - NEAR_LEAST) * (score - NEAR_HEADING) / (100 - NEAR_HEADING)
        return _with_field(column, field, round(certainty, 2))
    if (field := _by_contents(surveyed, known)) and field not in taken:
        return _with_field(column, field, BY_CONTENTS)
    return column


def _with_field(column: SheetColumn, field: str, confidence: float) -> SheetColumn:
    if confidence >= CERTAIN:
        return replace(column, field=field, confidence=confidence)
    return replace(column, proposed=field, confidence=confidence)


def _near(heading: str, headings: Headings) -> tuple[str | None, float]:
    """The field of the heading most like this one, letter by letter and word by word, in any order."""
    form = spelled(heading)
    if changes_the_meaning(heading):
        return None, 0
    found = process.extract(form, headings.phrases, scorer=fuzz.token_sort_ratio, score_cutoff=NEAR_HEADING, limit=5)
    near = [(headings.field_called(phrase), score) for phrase, score, _ in found if _is_near(form, phrase)]
    fields = {field for field, _ in near}
    return near[0] if len(fields) == 1 else (None, 0)


def _is_near(one: str, other: str) -> bool:
    """Whether their words are each other's: a word left out, or another number, makes another heading."""
    words, others = sorted(one.split()), sorted(other.split())
    return len(words) == len(others) and all(
        fuzz.ratio(word, each) >= NEAR_HEADING and (word == each or not any(map(str.isdigit, word + each)))
        for word, each in zip(words, others, strict=True)
    )


_HOLDING: Mapping[Kind, frozenset[Content]] = {
    **dict.fromkeys((Kind.COUNT, Kind.QUANTITY, Kind.DEGREES), frozenset({Content.NUMBER})),
    Kind.MONTH: frozenset({Content.MONTH, Content.DATE, Content.NUMBER}),
    Kind.DAY: frozenset({Content.DATE}),
    **dict.fromkeys((Kind.PCODE, Kind.CODE), frozenset({Content.CODE, Content.NUMBER})),
    **dict.fromkeys((Kind.TEXT, Kind.TEXTS, Kind.CHOICE, Kind.YES_OR_NO), frozenset({Content.TEXT, Content.CODE})),
}


def _agrees(kind: Kind | None, surveyed: Surveyed) -> bool:
    """Whether nine of ten cells hold what the field's do."""
    if kind is None:
        return False
    fitting = sum(surveyed.contents[content] for content in _HOLDING[kind])
    return 10 * fitting >= 9 * surveyed.something


def _by_contents(surveyed: Surveyed, known: Known) -> str | None:
    """The field that all of a column's few values are values of; one of months, by whatever they are."""
    if surveyed.contents[Content.MONTH] and _agrees(Kind.MONTH, surveyed):
        return "month"
    values = surveyed.values if len(surveyed.values) <= MOST_VALUES else set()
    if not values:
        return None
    spelled_by = [field for field in SPELLED_BY_WORDS if all(word(field, value, {}) for value in values)]
    if len(spelled_by) == 1:
        return spelled_by[0]
    return "sector" if all(known("sector", value) for value in values) else None


def _by_activity(profile: Profile, survey: Survey, fields: Fields, known: Known) -> Profile:
    """A sheet with a column of outputs for each activity: a row for each that says something."""
    if profile.templates:
        return profile
    numbers = [
        column
        for column in profile.columns
        if _is_open(column, survey.columns[column.place]) and _agrees(Kind.QUANTITY, survey.columns[column.place])
        if any(map(str.isalpha, column.heading)) and not changes_the_meaning(column.heading)
    ]
    if len(numbers) < LEAST_ACTIVITIES:
        return profile
    said = {column.place: _activity(column.heading, known) for column in numbers}
    outputs = {
        column.place: _with_field(column, "output_value", MATCHED if "indicator" in said[column.place] else GUESSED)
        for column in numbers
    }
    templates = (RowTemplate(constants=said[place], columns=frozenset({place})) for place in said)
    told = dict.fromkeys(
        column.field for column in profile.columns if column.field and column.field.startswith(fields.figures)
    )
    columns = tuple(outputs.get(column.place, column) for column in profile.columns)
    return profile.model_copy(
        update={"columns": columns, "templates": tuple(templates), "told_once": tuple(filter(None, told))}
    )


def _activity(heading: str, known: Known) -> dict[str, str]:
    """The activity of a heading, in its first language; with its indicator, where one is known by any part of it."""
    parts = [part.text.strip("_ \\") for part in parts_of(heading)] or [heading]
    names = [part for part in parts if part]
    indicator = next((code for part in (heading, *names) if (code := known("indicator", part))), None)
    return {"activity": names[0]} | ({"indicator": indicator} if indicator else {})
