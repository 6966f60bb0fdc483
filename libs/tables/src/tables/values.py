"""Words that stand for values, in the languages of those who write them: `values.csv`."""

import re
from functools import cache, lru_cache

from contracts.folding import fold
from contracts.lines import line
from contracts.nothing import is_nothing

from tables.spelling import LIST, meaning_of_cell
from tables.words import rows_of

LONGEST = 200
"""Letters beyond which a text is no word."""
NAMELESS = "nameless"
"""Kind of what stands where a name should, and is none."""
SEVERAL = "several"
"""Kind of what a cell means whose parts mean different values of the kind it names."""
_ARTICLE = re.compile(r"\bال(?=\w{3})")
_FEMININE = re.compile(r"(?<=\w{3})ه\b")


def word(kind: str, text: str, flags: dict[str, None]) -> str | None:
    """The value that a cell spells, such as `Completed` for "مكتملة"; none where its parts mean different ones."""
    if len(text) > LONGEST:
        return None
    value, assumed = _read(kind, text)
    flags.update(dict.fromkeys(assumed))
    return value


@lru_cache(maxsize=20_000)
def _read(kind: str, text: str) -> tuple[str | None, tuple[str, ...]]:
    words = _words(kind)

    def known(part: str) -> frozenset[str]:
        value = words.get(_form(part))
        return frozenset((value,) if value else ())

    found = meaning_of_cell(text, known, LIST)
    if found.several and not found.doubtful and (value := words_of(SEVERAL).get(fold(kind))):
        return value, ("several_values_as_one",)
    if found.one is None or found.doubtful:
        return None, ()
    return found.one, ("part_not_understood",) if found.remarks else ()


def is_no_name(text: str) -> bool:
    """Whether it names nothing though it stands where a name should."""
    return len(text) <= LONGEST and _is_no_name(text)


@lru_cache(maxsize=50_000)
def _is_no_name(text: str) -> bool:
    return is_nothing(text) or fold(text) in words_of(NAMELESS)


@cache
def words_of(kind: str) -> dict[str, str]:
    """Values by their folded spelling."""
    return {fold(row["spelling"]): row["value"] for row in rows_of("values.csv") if row["kind"] == kind}


@cache
def _words(kind: str) -> dict[str, str]:
    """Values of a kind by the form their words are compared in; what says true or false, yes and no say too."""
    kinds = ("boolean", kind) if set(words_of(kind).values()) <= {"true", "false"} else (kind,)
    rows = [row for wanted in kinds for row in rows_of("values.csv") if row["kind"] == wanted]
    return {_form(row["spelling"]): row["value"] for row in rows}


def _form(text: str) -> str:
    """Folded, and without the article and the feminine ending of Arabic words; a sign such as a tick as it is."""
    return _FEMININE.sub("", _ARTICLE.sub("", fold(text))) or line(text)
