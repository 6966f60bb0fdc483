"""What a value that nobody knows may mean: the nearest of the names that are known, which a person confirms."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from contracts.folding import fold
from rapidfuzz import fuzz, process
from tables.values import words_of

from activities.proposals.tally import AREAS, ORGANISATIONS
from activities.reports.sectors import NAMING_SECTOR
from activities.uploads.fields import REPORT_FIELDS

LEAST_SCORE = 60.0
"""Of 100: two names that are less alike are not proposed for one another."""

ToSettle = Sequence[tuple[str, str, int]]
"""Field, value and rows."""


@dataclass(frozen=True)
class KnownName:
    """An entry of a list with its names."""

    value: str
    """What a cell would say to mean it."""
    label: str | None
    spellings: Sequence[str]


@dataclass(frozen=True)
class Suggestion:
    """What a value may mean, and how near its name is, 0 to 1."""

    proposal: str
    label: str | None
    score: float


def list_of(field: str) -> str:
    """The list a field's values are entries of: `adm3`, `organisation`, `sector`, or the field's own words."""
    if field in AREAS:
        return field.removesuffix("_name")
    if field in ORGANISATIONS:
        return "organisation"
    return "sector" if field in NAMING_SECTOR else field


def suggested(wanted: ToSettle, known: Mapping[str, Sequence[KnownName]]) -> list[Suggestion | None]:
    """The nearest entry for each of these values, `known` being the lists of the registry."""
    lists = {name: _choices(entries) for name, entries in known.items()}
    for name in {list_of(field) for field, *_ in wanted} - lists.keys():
        kind = REPORT_FIELDS.kind(name)
        lists[name] = {form: KnownName(value, None, ()) for form, value in words_of(name).items()} if kind else {}
    return [_nearest(text, lists[list_of(field)]) for field, text, _ in wanted]


def _choices(entries: Iterable[KnownName]) -> dict[str, KnownName]:
    return {fold(spelling): entry for entry in entries for spelling in entry.spellings}


def _nearest(text: str, choices: Mapping[str, KnownName]) -> Suggestion | None:
    found = process.extractOne(fold(text), choices.keys(), scorer=fuzz.ratio, score_cutoff=LEAST_SCORE)
    if found is None:
        return None
    form, score, _ = found
    return Suggestion(choices[form].value, choices[form].label, round(score / 100, 2))
