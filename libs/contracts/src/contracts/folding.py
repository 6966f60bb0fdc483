"""Folding of names: two spellings that a reader takes for the same become the same text.

Arabic hamza and alef forms, ya and alef maqsura, ta marbuta, tatweel, diacritics; case, diacritics and apostrophes of
Latin letters; digits of every script; punctuation and spaces; `&` and "and". For matching and search, never to be
shown. The one folding there is: what is stored folded is compared with what is folded anywhere else.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from contracts.lines import line
from contracts.values import Names

EDITION = 2
"""Raised when names fold otherwise: what is kept folded is then folded anew."""
LETTERS = str.maketrans(
    {
        "ٱ": "ا",  # wasla
        "ى": "ي",
        "ی": "ي",  # Persian and Kurdish ya
        "ې": "ي",
        "ة": "ه",
        **dict.fromkeys("ۀەہھۂۃ", "ه"),  # Persian, Kurdish and Urdu ha
        **dict.fromkeys("کڪ", "ك"),  # Persian and Kurdish kaf
        "ء": None,
        "ـ": None,  # tatweel
        "ı": "i",
        "ł": "l",
        "đ": "d",
        "ø": "o",
    }
)
APOSTROPHES = frozenset("'’‘ʼʻ`´ʾʿˈ′ʹ")
SILENT = frozenset({"Mn", "Me", "Cf"})
"""Categories of marks a name is read without: diacritics, joiners, direction marks."""
AND = " and "
_ELIDED = re.compile(rf"(?<!\w)([dl])[{''.join(APOSTROPHES)}](?=[aeiouyh])")
"""Of French, as in `gouvernorat d'Alep`: two words, where the apostrophe of `Dar'a` stands within one."""
_GAP = re.compile(r"[^0-9a-z]+")
_ASCII = {ord(sign): None for sign in APOSTROPHES} | {ord("&"): AND}
LONGEST_SPELLING = 100
MOST_WORDS = 40
"""Bounds of what names are found by: one letter may fold to eighteen, so a name of 300 could fill megabytes."""


def fold(text: str) -> str:
    """The folded form of a name: letters and digits, words with one space between."""
    # Names come again and again; a long text seldom does, and it may fold to many letters.
    return _remembered(text) if len(text) <= LONGEST_SPELLING else _fold(text)


def _fold(text: str) -> str:
    if text.isascii():
        return _GAP.sub(" ", _ELIDED.sub(r"\1 ", text.lower()).translate(_ASCII)).strip()
    plain = line(text).replace("´", "'")  # decomposed, it would be a space with an accent
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", plain).casefold())
    letters = "".join(map(_plain, _ELIDED.sub(r"\1 ", decomposed))).translate(LETTERS)
    return " ".join(letters.split())


_remembered = lru_cache(maxsize=20_000)(_fold)


def folded(names: Names, aliases: Iterable[str] = ()) -> list[str]:
    """All its folded spellings, by which a file or a row may name it."""
    texts = (names.ar, names.en, names.tr, names.ku, *aliases)
    return sorted({form for text in texts if text and (form := fold(text))})


def spellings(names: list[str]) -> set[str]:
    """Folded names, and what stands behind each of their spaces: a search for the beginning of a word finds them."""
    found: set[str] = set()
    for name in names:
        words = fold(name).split()
        found |= {" ".join(words[start:])[:LONGEST_SPELLING] for start in range(min(len(words), MOST_WORDS))}
    return found


def sought(text: str) -> str:
    """What a search text is compared with `spellings` as: the beginning of one."""
    return fold(text)[:LONGEST_SPELLING]


@lru_cache(maxsize=5_000)
def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category in SILENT or character in APOSTROPHES:
        return ""
    if category == "Nd":
        return str(unicodedata.digit(character))
    if character == "&":
        return AND
    return character if character.isalnum() or character == "ـ" else " "
