"""Whether bytes are Arabic in Windows-1256: told by the words they make, which other code pages don't make of them."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from contracts.folding import fold

from tables.words import rows_of

PAGE = "cp1256"
OTHERS = ("iso8859_6", "mac_arabic", "cp720", "cp864")
"""Code pages of Arabic whose letters have other numbers."""
MOST_MIXED = 0.1
"""Share of words that may be of two scripts, as names glued to a particle are."""
AHEAD = 3
"""How many times the words of another page are to be outnumbered."""
_WORD = re.compile(r"[^\W\d_]+")
_ARABIC_LETTER = re.compile("[\u0621-\u063a\u0641-\u064a]")
_LATIN_LETTER = re.compile("[A-Za-z\u00c0-\u024f]")
_PARTICLES = ("وال", "بال", "لل", "ال", "و", "ب", "ل")


def is_arabic(sample: bytes) -> bool:
    """Whether it holds known words, few of two scripts, and no other page makes as many words of it."""
    words = _words(sample, PAGE)
    mixed = sum(1 for word in words if _LATIN_LETTER.search(word))
    known = _known_among(words)
    most = max(_known_among(_words(sample, page)) for page in OTHERS)
    return bool(known) and mixed <= MOST_MIXED * len(words) and known >= AHEAD * most


def _words(sample: bytes, page: str) -> list[str]:
    """Those with Arabic letters; a tatweel before a name of another script is no part of it."""
    text = unicodedata.normalize("NFKC", sample.decode(page, errors="replace"))
    return [word for word in _WORD.findall(text.replace("ـ", " ")) if _ARABIC_LETTER.search(word)]


def _known_among(words: Iterable[str]) -> int:
    return sum(1 for word in words if not _bare(fold(word)).isdisjoint(_known()))


def _bare(word: str) -> set[str]:
    """The word, and what is left of it without a particle before it."""
    return {word, *(word.removeprefix(particle) for particle in _PARTICLES if word.startswith(particle))}


@cache
def _known() -> frozenset[str]:
    """Words of three letters and more in the tables of words, and others that are frequent in what is sent."""
    texts = [
        *(row["heading"] for row in rows_of("passed_over.csv")),
        *(row["spelling"] for row in rows_of("values.csv")),
        *(row["words"] for row in rows_of("frequent_words.csv")),
    ]
    words = {word for text in texts for word in fold(text).split() if _ARABIC_LETTER.search(word)}
    return frozenset(bare for word in words for bare in _bare(word) if len(bare) > 2)
