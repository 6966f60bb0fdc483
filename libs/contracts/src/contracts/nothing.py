"""What people write where there is nothing to say, such as `N/A`, `لا يوجد` or `—`: one list for every door.

Taken for a name it would make one place, one site or one organisation of many. The list is `data/nothing.csv`.
"""

import csv
import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from contracts.folding import fold
from contracts.lines import line

_DIGIT = re.compile(r"\d")
"""Whatever has one says something: no word of the list has any. Ids and dates cost no more than the look for it."""
LONGEST = 60
"""Letters beyond which a text says something."""
_DRAWN = frozenset("~|=^`´¨_<>")
"""Signs that are no punctuation to Unicode and say no more; a tick or a plus may say yes."""
_APART = (re.compile(r"[()\[\]|\n؛;]|\s[/\\–—-]\s"), re.compile(r"[()\[\]|\n؛;/\\]"))
"""Between two languages that both say it, as in `None / لا يوجد`."""


def is_nothing(text: str) -> bool:
    """Whether a text says that there is nothing: no text at all, punctuation alone, or a word of the list."""
    return len(text) <= LONGEST and not _DIGIT.search(text) and _is_nothing(text)


@lru_cache(maxsize=50_000)
def _is_nothing(text: str) -> bool:
    bare = line(text)
    return _says_nothing(bare) or any(_all_say_nothing(pattern.split(bare)) for pattern in _APART)


def _all_say_nothing(pieces: list[str]) -> bool:
    return len(pieces) > 1 and all(_says_nothing(piece.strip()) for piece in pieces)


def _says_nothing(text: str) -> bool:
    return _squeezed(text) in _words() or all(_is_drawn(character) for character in text)


def _is_drawn(character: str) -> bool:
    return character in _DRAWN or unicodedata.category(character)[0] in "PZ"


def _squeezed(text: str) -> str:
    """However it is spaced and dotted: `N/A`, `n. a.` and `NA` are one."""
    return fold(text).replace(" ", "")


@cache
def _words() -> frozenset[str]:
    with (Path(__file__).parent / "data" / "nothing.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(_squeezed(row["spelling"]) for row in csv.DictReader(file))
