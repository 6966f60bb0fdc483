"""How names are compared: folded, so that one name in two spellings is one name."""

import re
import unicodedata
from functools import lru_cache

from contracts.lines import line

_SAME = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("ىی", "ي"),
        "ؤ": "و",
        "ئ": "ي",
        "ة": "ه",
        "ک": "ك",
        "ء": "",
        "ـ": "",
        "ı": "i",
        "&": " and ",
    }
)
_GAP = re.compile(r"[\W_]+")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


def western_digits(text: str) -> str:
    return text.translate(_DIGITS)


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """Without case, diacritics, tatweel and punctuation, hamza and alef forms as one."""
    if text.isascii():
        return " ".join(_GAP.sub(" ", text.replace("&", " and ").lower()).split())
    once = _fold(line(text))
    # Taking marks away can bring forth a letter that folds further: go on until nothing changes.
    while (again := _fold(once)) != once:
        once = again
    return once


def _fold(text: str) -> str:
    apart = unicodedata.normalize("NFKD", western_digits(text).translate(_SAME).casefold())
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(_GAP.sub(" ", bare.translate(_SAME)).split())


def parts(text: str) -> list[str]:
    """The text itself, then the halves of a bilingual cell such as `Idleb/إدلب`."""
    halves = [half.strip() for half in re.split(r"[/|\n]| - ", text)]
    return [text, *(half for half in halves if half and half != text)]
