"""Folding of names: two spellings that a reader takes for the same become the same text.

Arabic hamza and alef forms, ya and alef maqsura, ta marbuta, tatweel, diacritics; case, diacritics and apostrophes of
Latin letters; digits of every script; punctuation and spaces. For matching and search, never to be shown.
"""

import unicodedata

from contracts.lines import line

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
LONGEST_SPELLING = 100
MOST_WORDS = 40
"""Bounds of what names are found by: one letter may fold to eighteen, so a name of 300 could fill megabytes."""


def fold(text: str) -> str:
    """The folded form of a name: letters and digits, words with one space between."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", line(text)).casefold())
    letters = "".join(_plain(character) for character in decomposed).translate(LETTERS)
    return " ".join(letters.split())


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


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category in SILENT or character in APOSTROPHES:
        return ""
    if category == "Nd":
        return str(unicodedata.digit(character))
    return character if character.isalnum() or character == "ـ" else " "
