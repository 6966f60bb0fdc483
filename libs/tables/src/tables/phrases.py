"""What a heading says, every word of it accounted for: names of one field, and words that add nothing to it.

Halves in two languages need no rule of their own: they name one field, or the heading is not understood.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache

from contracts.folding import fold

from tables.words import rows_of

NOT_READ = "-"
"""Begins the field of a heading that is known, and of which nothing is kept."""
LONGEST = 400
"""Letters of a heading; what is longer is none."""
MOST_WORDS = 60
LONGEST_PHRASE = 12
"""Words that are looked up together."""

_SYMBOLS = (
    (re.compile(r"^\s*#\s*$"), "serial"),
    (re.compile(r"[%٪]"), " percent "),
    (re.compile(r"[<≤]\s*=?\s*(\d+)"), r" under \1 "),
    (re.compile(r"[>≥]\s*=?\s*(\d+)"), r" over \1 "),
    (re.compile(r"(\d+)\s*\+"), r" \1 plus "),
    (re.compile(r"\+\s*(\d+)"), r" \1 plus "),
)
"""Signs that mean something, as words: folding drops them."""
_INNER_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Vocabulary:
    """Fields by the phrases that name them: the first table that has a phrase says what it means."""

    def __init__(self, tables: Sequence[Iterable[tuple[str, str]]]) -> None:
        self._tables = [{spelled(phrase): field for phrase, field in table} for table in tables]

    def field_of(self, heading: str) -> str | None:
        """The one field that all words of the heading speak of; none where a word says anything else."""
        if len(heading) > LONGEST:
            return None
        forms = dict.fromkeys((spelled(heading), spelled(_INNER_CAPITAL.sub(" ", heading))))
        return next((field for form in forms if (field := self._meant(form))), None)

    def fields_named(self, text: str) -> frozenset[str]:
        """The fields that phrases of a text name, whatever else it says."""
        return frozenset(self._named(spelled(text).split()[:MOST_WORDS]))

    @property
    def phrases(self) -> Sequence[str]:
        """The headings that name a field, as they are looked up."""
        told = dict.fromkeys(phrase for table in self._tables for phrase in table)
        return [phrase for phrase in told if not (self._called(phrase) or NOT_READ).startswith(NOT_READ)]

    def has(self, heading: str) -> bool:
        """Whether the heading stands in a table as it is."""
        return self._called(spelled(heading)) is not None

    def _meant(self, form: str) -> str | None:
        if (field := self._called(form)) is not None:
            return field
        words = form.split()
        if not 1 < len(words) <= MOST_WORDS:
            return None
        named = self._named(words)
        fitting = {field: size for field, size in named.items() if self._covers(words, field)}
        longest = [field for field, size in fitting.items() if size == max(fitting.values())]
        return longest[0] if len(longest) == 1 else None

    def _called(self, phrase: str) -> str | None:
        return next((table[phrase] for table in self._tables if phrase in table), None) if phrase else None

    def _named(self, words: Sequence[str]) -> Mapping[str, int]:
        """The fields that phrases of the heading name, with the words of the longest phrase for each."""
        named: dict[str, int] = {}
        for start, end in _spans(len(words)):
            if field := self._called(" ".join(words[start:end])):
                named[field] = max(named.get(field, 0), end - start)
        return named

    def _covers(self, words: Sequence[str], field: str) -> bool:
        """Whether the words are names of the field and words that add nothing to it, one behind the other."""
        nothing = adding_nothing(field)
        reached = {0}
        for start, end in _spans(len(words)):
            phrase = " ".join(words[start:end])
            if start in reached and (phrase in nothing or self._called(phrase) == field):
                reached.add(end)
        return len(words) in reached


def _spans(count: int) -> Iterator[tuple[int, int]]:
    for start in range(count):
        for end in range(start + 1, min(count, start + LONGEST_PHRASE) + 1):
            yield start, end


def spelled(text: str) -> str:
    """A heading as it is looked up: folded, its signs as words, its usual spellings as one."""
    return _spelled(text[:LONGEST])


@lru_cache(maxsize=20_000)
def _spelled(text: str) -> str:
    for sign, word in _SYMBOLS:
        text = sign.sub(word, text)
    form = f" {fold(text)} "
    for spelling, same in _same():
        # Twice: of two that touch, the first takes the space between them.
        form = form.replace(f" {spelling} ", f" {same} ").replace(f" {spelling} ", f" {same} ")
    return form.strip()


def changes_the_meaning(text: str) -> bool:
    """Whether a word of it makes another figure of a number: planned, new, indirect, percent …"""
    words = spelled(text).split()[:MOST_WORDS]
    return any(" ".join(words[start:end]) in _changing() for start, end in _spans(len(words)))


def may_stand_in_headings(text: str) -> bool:
    """Whether it is one of the words that add nothing to some field: `For whom`, `People reached`."""
    return spelled(text) in _all_adding_nothing()


@cache
def passed_over() -> Sequence[tuple[str, str]]:
    """Headings of columns that no table needs, such as the number of a row."""
    return [(row["heading"], NOT_READ) for row in rows_of("passed_over.csv")]


@cache
def _all_adding_nothing() -> frozenset[str]:
    return frozenset(spelled(row["words"]) for row in _words("adds_nothing"))


@cache
def adding_nothing(field: str) -> frozenset[str]:
    """Words that may stand beside the field's name: units, instructions, qualifiers."""
    return frozenset(spelled(row["words"]) for row in _words("adds_nothing") if concerns(row["for"].split(), field))


def concerns(fields: Sequence[str], field: str) -> bool:
    """Whether a list such as `people.* households` or `!people.*` has the field."""
    without = [name[1:] for name in fields if name.startswith("!")]
    among = [name for name in fields if not name.startswith("!")] or ["*"]
    return any(_is(name, field) for name in among) and not any(_is(name, field) for name in without)


def _is(name: str, field: str) -> bool:
    return field.startswith(name[:-1]) if name.endswith("*") else field == name


@cache
def _same() -> Sequence[tuple[str, str]]:
    rows = [(fold(row["words"]), row["for"]) for row in _words("same")]
    return sorted(rows, key=lambda row: -len(row[0]))


@cache
def _changing() -> frozenset[str]:
    return frozenset(spelled(row["words"]) for row in _words("changes"))


def _words(kind: str) -> Iterable[dict[str, str]]:
    return [row for row in rows_of("heading_words.csv") if row["kind"] == kind]
