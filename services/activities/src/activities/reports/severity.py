"""What makes a row severe: words that speak of gender-based violence, of child protection or of safe spaces.

*Data responsibility* in the domain: such work is severe "by whatever field says so". The words are data,
`severe_words.csv`; some of them mean it only beside protection (`CP`, `survivors`). A false alarm hides a row from
others until a reviewer lowers it; a word that is missed may cost a life.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from contracts.folding import fold
from contracts.sensitivity import Sensitivity
from tables.values import word

from activities.words import rows_of

EDITION = 2
"""Of the words: raised with them, so that what is stored is judged anew."""

BESIDE_PROTECTION = "protection"
PROTECTION_WORDS = frozenset({"pro", "prot", "protection", "proteccion", "حمايه", "koruma"})
_CLITICS = re.compile(r"^[وف]?(?:لل|[بلك]?ال|[بلك])?(?=\w{3})")
"""And, so, in, for, like, the: written together with an Arabic word."""
_APART = re.compile(r"\b[a-z](?: +[a-z])+\b")
_NUMBERED = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
"""Where a number is written together with a word: `GBV2024`."""
_LIKE_LATIN = str.maketrans("авсеніјкморѕтух", "abcehijkmopstyx")
"""Cyrillic letters nobody tells from Latin ones, as folded."""
_ARABIC = re.compile(r"[\u0621-\u064a]")


class Meaning(NamedTuple):
    """What a text says of its row."""

    severe: bool
    sectors: frozenset[str]
    """Sectors it names by its words."""

    def __or__(self, other: "Meaning") -> "Meaning":
        return Meaning(self.severe or other.severe, self.sectors | other.sectors)


NOTHING = Meaning(False, frozenset())


def meaning_of(texts: Iterable[str | None], *, protection: bool) -> Meaning:
    """What these texts mean together; `protection` says whether the row is protection's."""
    meaning = NOTHING
    for text in texts:
        if text and (found := _meaning(text, protection)) is not NOTHING:
            meaning |= found
    return meaning


NOT_SEVERE = frozenset({Sensitivity.LOW.value, Sensitivity.MODERATE.value, Sensitivity.HIGH.value})


def may_be_severe(cells: Sequence[str], sector: str, said: str) -> bool:
    """Whether a row of a file may be severe, by any of its words or by the level its sender says."""
    if said.strip() and word("sensitivity", said, {}) not in NOT_SEVERE:
        return True
    texts = (text for text in cells if text and not text.isdecimal())
    return meaning_of(texts, protection=concerns_protection(sector)).severe


@lru_cache(maxsize=2000)
def concerns_protection(sector: str) -> bool:
    """Whether a sector's code or name, as it was sent, is protection's."""
    return not PROTECTION_WORDS.isdisjoint(_words(sector))


@lru_cache(maxsize=20_000)
def _meaning(text: str, protection: bool) -> Meaning:
    words = _words(text)
    found = _found(text, words, protection)
    if found and (plain := _without_ordinary(words)) != words:
        found = _found(text, plain, protection)
    return Meaning(True, frozenset(filter(None, found))) if found else NOTHING


def _found(text: str, words: tuple[str, ...], protection: bool) -> list[str]:
    """Sectors of the phrases there are, empty where a phrase names none."""
    phrases = _phrases()
    found = [
        sector
        for place, word in enumerate(words)
        for rest, context, sector in phrases.get(word, ())
        if (protection or context != BESIDE_PROTECTION) and words[place + 1 : place + 1 + len(rest)] == rest
    ]
    found += [
        sector
        for word in (*words, *_initials(text))
        for context, sector in _together().get(word, ())
        if protection or context != BESIDE_PROTECTION
    ]
    return found


def _without_ordinary(words: tuple[str, ...]) -> tuple[str, ...]:
    """Without what is ordinary though its words are not: `rape seed`."""
    for ordinary in _ordinary():
        for place in range(len(words) - len(ordinary), -1, -1):
            if words[place : place + len(ordinary)] == ordinary:
                words = words[:place] + words[place + len(ordinary) :]
    return words


def _initials(text: str) -> list[str]:
    """Letters written apart, each part of a cell by itself and without the `s` of a genitive: `G.B.V./C.P.`."""
    if not _APART.search(text.translate(_LETTERS)):
        return []
    parts = re.split(r"[/|\\,;،؛&+()\-–—\n]|['’]s\b|\s{2,}|(?<=\.) ", text)
    spelled = [part.translate(_LETTERS).split() for part in parts]
    return ["".join(letters) for letters in spelled if len(letters) > 1 and max(map(len, letters)) == 1] + [
        letters[0].replace(" ", "") for part in parts for letters in _APART.finditer(part.translate(_LETTERS))
    ]


def _words(text: str) -> tuple[str, ...]:
    """Its words, each bare of what is written together with it; letters that stand apart (`G.B.V`) are one word."""
    bare = _NUMBERED.sub(" ", text.translate(_LETTERS).translate(_LIKE_LATIN))
    if _APART.search(bare):
        bare = _APART.sub(lambda letters: letters[0].replace(" ", ""), bare)
    return tuple(_stem(word) for word in bare.split())


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    return _CLITICS.sub("", word) if _ARABIC.match(word) else word


class _Letters(dict[int, str]):
    """Each letter as `fold` has it; what joins letters or marks them is nothing, anything else a gap."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        unseen = unicodedata.category(letter) in ("Cf", "Mn", "Me", "Lm")
        found = self[code] = fold(letter) or ("" if unseen or letter in _FOLDED_AWAY else " ")
        return found


_LETTERS = _Letters()
_FOLDED_AWAY = "ءـ"


@cache
def _together() -> dict[str, list[tuple[str, str]]]:
    """Phrases of several words written as one (`safespace`; a zero-width space leaves no gap), and acronyms."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in rows_of("severe_words.csv"):
        found.setdefault("".join(_words(row["words"])), []).append((row["context"], row["sector"]))
    return found


@cache
def _ordinary() -> tuple[tuple[str, ...], ...]:
    return tuple(_words(row["words"]) for row in rows_of("ordinary_words.csv"))


@cache
def _phrases() -> dict[str, list[tuple[tuple[str, ...], str, str]]]:
    """By their first word: the words that follow, in which context, and the sector they name."""
    found: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
    for row in rows_of("severe_words.csv"):
        first, *rest = _words(row["words"])
        found.setdefault(first, []).append((tuple(rest), row["context"], row["sector"]))
    return found
