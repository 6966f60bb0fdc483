"""How a cell is compared with what is known: as a whole, and part by part."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from contracts.lines import AS_CODE
from contracts.nothing import is_nothing

_SEPARATORS = r"[/|\\\n;؛()\[\]]|\s[-–—]\s|\s[–—]|[–—]\s"
CELL = re.compile(f"({_SEPARATORS})")
"""Between the parts of a cell: two languages of one name, a name and what is said of it, or two names."""
LIST = re.compile(rf"({_SEPARATORS}|[,،&+]|\band\b|\bet\b|\bve\b|\sو(?=\s*\w))", re.IGNORECASE)
"""The same where words that several may be given of stand in a cell."""
_OPENS = re.compile(r"[(\[]|\s*[-–—]\s*")
"""What begins a part that only says more of the part before."""
_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_ARABIC_THEN_LATIN = r"(?<=[\u0600-\u06ff])[\s\W]+(?=[A-Za-z\u00c0-\u024f])"
_LATIN_THEN_ARABIC = r"(?<=[A-Za-z\u00c0-\u024f])[\s\W]+(?=[\u0600-\u06ff])"
_TURN = re.compile(f"{_ARABIC_THEN_LATIN}|{_LATIN_THEN_ARABIC}")
"""Where a text goes on in the other script."""

T = TypeVar("T")


def western_digits(text: str) -> str:
    """With the digits and letters of ASCII where they stand in full width, or as Arabic writes digits."""
    return text.translate(AS_CODE)


def parts(text: str) -> list[str]:
    """The text itself, then the halves of a bilingual cell such as `Idleb/إدلب`."""
    halves = [half.strip() for half in re.split(r"[/|\n]| - ", text)]
    return [text, *(half for half in halves if half and half != text)]


@dataclass(frozen=True, slots=True)
class CellPart:
    """A part of a cell; a remark only says more of what stands before it, as in `Idleb (city)`."""

    text: str
    remark: bool = False

    @property
    def script(self) -> str:
        return "arabic" if _ARABIC.search(self.text) else "latin" if _LATIN.search(self.text) else ""


@dataclass(frozen=True, slots=True)
class CellMeaning(Generic[T]):
    """What a cell means, of all its parts."""

    values: frozenset[T] = frozenset()
    """What all parts that are known may mean; of all of them, where they mean different things."""
    several: bool = False
    """Whether its parts mean different things."""
    remarks: bool = False
    """Whether a part is not known that only says more, or may be a translation."""
    doubtful: bool = False
    """Whether a part is not known that may as well mean something else."""

    @property
    def one(self) -> T | None:
        """The one thing it means."""
        return next(iter(self.values)) if len(self.values) == 1 and not self.several else None


@lru_cache(maxsize=20_000)
def parts_of(text: str, separators: re.Pattern[str] = CELL) -> tuple[CellPart, ...]:
    """The parts of a cell that say something; none where it is all one."""
    found = tuple(_parts(text, separators))
    return () if len(found) == 1 and found[0].text == text.strip() else found


def _parts(text: str, separators: re.Pattern[str]) -> Iterator[CellPart]:
    before = ""
    for place, piece in enumerate(separators.split(text)):
        if place % 2:
            before = piece
            continue
        remark = bool(_OPENS.fullmatch(before))
        for half in _TURN.split(piece.strip()):
            if half and not is_nothing(half):
                yield CellPart(half, remark)


def meaning_of_cell(
    text: str, known: Callable[[str], frozenset[T]], separators: re.Pattern[str] = CELL
) -> CellMeaning[T]:
    """What a cell means: as a whole, else by all of its parts that are known, each of which may mean several things.

    Parts that agree are one thing in two languages. A part nobody knows may be its translation where it is written in
    the other script, or say more of it behind a dash or in brackets; else the cell is doubtful.
    """
    if whole := known(text):
        return CellMeaning(whole)
    parts = parts_of(text, separators)
    meanings = [(part, known(part.text)) for part in parts]
    found = [values for _, values in meanings if values]
    if not found:
        return CellMeaning()
    scripts = {part.script for part, values in meanings if values}
    led = any(not part.remark for part, values in meanings if values)
    unknown = [part for part, values in meanings if not values]
    doubtful = any(part.script in (*scripts, "") and not (part.remark and led) for part in unknown)
    common = frozenset.intersection(*found)
    if not common:
        return CellMeaning(frozenset.union(*found), several=True)
    return CellMeaning(common, remarks=bool(unknown), doubtful=doubtful)
