"""The forms a name of a place may be known by: as it stands, without `محافظة` or `Sub-district`, with its article."""

from collections.abc import Iterator
from functools import cache, lru_cache

from contracts.folding import fold
from tables.spelling import parts_of

from activities.words import rows_of

ARTICLE = "ال"
CENTRE = "مركز "
"""What districts and sub-districts that are called after their main town may have before its name."""
LEVELS = "1234"


@lru_cache(maxsize=20_000)
def forms(name: str, level: int) -> tuple[str, ...]:
    """Folded forms of a name of a place of this level, the closest first."""
    return tuple(dict.fromkeys(_forms(name, str(level))))


def all_forms(text: str) -> set[str]:
    """All forms that a cell, or a part of it, may be known by at any level."""
    names = [text, *(part.text for part in parts_of(text))]
    return {form for name in names for level in LEVELS for form in forms(name, int(level))}


def _forms(name: str, level: str) -> Iterator[str]:
    form = fold(name)
    named = [each for each in (form, _without_kind(form, level)) if each]
    yield from named
    for before in (ARTICLE, CENTRE) if level in "23" else (ARTICLE,):
        for each in named:
            yield each.removeprefix(before) if each.startswith(before) else before + each


def _without_kind(form: str, level: str) -> str:
    """Without the word that says what kind of place it is, where it is the kind of this level."""
    for word, levels in _kinds():
        if level in levels:
            if form.startswith(f"{word} "):
                return form[len(word) + 1 :]
            if form.endswith(f" {word}"):
                return form[: -len(word) - 1]
    return ""


@cache
def _kinds() -> tuple[tuple[str, str], ...]:
    """Folded words with the levels they are said of, the longest first."""
    found = {fold(row["word"]): row["levels"] for row in rows_of("place_words.csv")}
    return tuple(sorted(found.items(), key=lambda kind: -len(kind[0])))
