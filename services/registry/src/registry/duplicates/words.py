"""What the words of an organisation's name mean: translated, their weight, and how they sound across alphabets."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from contracts.folding import fold
from tables import words

DATA = Path(__file__).parents[1] / "data"
GENERIC_WEIGHT = 0.25
PREFIXES = ("وال", "بال", "كال", "فال", "لل", "ال", "و", "ل", "ب")
"""Article and particles that are written in front of an Arabic word."""
BRACKETED = re.compile(r"\(.*?\)")
ARABIC = re.compile(r"[\u0600-\u06ff]")
SOUNDS = str.maketrans(
    {
        **dict.fromkeys("بپ", "b"), **dict.fromkeys("تطث", "t"), **dict.fromkeys("جچ", "j"), "خ": "x",
        **dict.fromkeys("دضذ", "d"), "ر": "r", **dict.fromkeys("زظ", "z"), **dict.fromkeys("سص", "s"), "ش": "c",
        "غ": "g", "ف": "f", **dict.fromkeys("قك", "k"), "ل": "l", "م": "m", "ن": "n",
        **dict.fromkeys("احعهويؤئآأإ", None), **dict.fromkeys("aeiouyhw", None),
        "p": "b", "q": "k", "v": "f",
    }
)  # fmt: skip
"""Consonants as both alphabets write them; vowels, and what is heard by one ear only, are left out."""
LETTERS = (("sh", "ش"), ("kh", "خ"), ("gh", "غ"), ("ch", "ش"), ("ph", "f"), ("ck", "k"), ("c", "k"))


class WordKind(StrEnum):
    SILENT = "silent"
    BROAD = "broad"
    """International, worldwide: left out where anything else is said."""
    GENERIC = "generic"
    """Says what kind of body it is, as half of all names do."""
    WORD = "word"
    PLACE = "place"
    """Tells a national branch from another one."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a name."""

    text: str
    """Translated to English where its meaning is known, and without its plural."""
    kind: WordKind
    sound: str
    proper: bool = False
    """Whether it is in no list of words, as names of their own are."""

    @property
    def weight(self) -> float:
        return GENERIC_WEIGHT if self.kind is WordKind.GENERIC else 1.0

    @property
    def is_arabic(self) -> bool:
        return bool(ARABIC.search(self.text))


@lru_cache(maxsize=50_000)
def words_of(name: str) -> tuple[Word, ...]:
    """The words of a name that say something, each once, in their order."""
    found = tuple(dict.fromkeys(_words(name)))
    return tuple(word for word in found if word.kind is not WordKind.BROAD) or found


def _words(name: str) -> Iterator[Word]:
    for token in fold(name).split():
        known = _meaning_of(token)
        if known is None:
            text = _without_prefix(token)
            yield Word(_singular(text), WordKind.WORD, sound_of(text), proper=True)
        elif known[1] is not WordKind.SILENT:
            yield Word(known[0], known[1], sound_of(known[0]))


@lru_cache(maxsize=20_000)
def _meaning_of(token: str) -> tuple[str, WordKind] | None:
    known = _known()
    return next((known[form] for form in _forms(token) if form in known), None)


def _forms(token: str) -> Iterator[str]:
    """The token, without its plural, without what is written in front of it."""
    yield token
    yield _singular(token)
    if ARABIC.search(token):
        for prefix in PREFIXES:
            if token.startswith(prefix) and len(token) - len(prefix) > 1:
                yield token[len(prefix) :]
    elif token[0] in "ld" and len(token) > 4:  # French, whose apostrophe was lost
        yield token[1:]
        yield _singular(token[1:])


def _singular(token: str) -> str:
    return token[:-1] if len(token) > 3 and token.endswith("s") and not token.endswith("ss") else token


def _without_prefix(token: str) -> str:
    for prefix in ("وال", "لل", "ال"):
        if token.startswith(prefix) and len(token) - len(prefix) > 2:
            return token[len(prefix) :]
    return token


@cache
def _known() -> Mapping[str, tuple[str, WordKind]]:
    known: dict[str, tuple[str, WordKind]] = {}
    for row in words.rows_of("name_words.csv", DATA):
        for word in row["words"].split():
            form = fold(word)
            for each in (form, _singular(form)):
                if each:
                    known.setdefault(each, (row["meaning"], WordKind(row["kind"])))
    return known


@lru_cache(maxsize=20_000)
def sound_of(word: str) -> str:
    """The consonants of a word, doubled ones once: `جرحى` and `Jarha` are the same."""
    for latin, one in LETTERS:
        word = word.replace(latin, one)
    sound = word.translate(SOUNDS)
    return "".join(each for place, each in enumerate(sound) if not place or sound[place - 1] != each)


class KnownNames(NamedTuple):
    """What the world calls an organisation, in several languages."""

    names: Sequence[str]
    acronyms: Sequence[str]


def of_known(name: str) -> KnownNames | None:
    """All names of the organisation everybody knows by this one. An acronym alone says nothing."""
    return _known_organisations().get(fold(BRACKETED.sub("", name)))


@cache
def _known_organisations() -> Mapping[str, KnownNames]:
    rows = words.rows_of("known_organisations.csv", DATA)
    known = [KnownNames(row["names"].split("|"), row["acronyms"].split("|")) for row in rows]
    return {fold(name): each for each in known for name in each.names}
