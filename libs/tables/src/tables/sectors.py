"""Sectors as cells name them: by code, by any of their names, beside other words, several in one cell."""

import re
from collections.abc import Iterable, Mapping, Sequence

from contracts.codes import belongs_to
from contracts.folding import fold

from tables.spelling import parts_of

_WEAK = re.compile(r"[/|\\\n;؛()\[\]\-–—:+,،&]")
"""Between two sectors in one cell; it may also stand within the name of one."""


class Sectors:
    """The sectors of the registry, with their folded spellings."""

    def __init__(self, spellings: Mapping[str, Sequence[str]]) -> None:
        self.codes = frozenset(spellings)
        self._by_name = {name: code for code, names in spellings.items() for name in names}
        self._by_name |= {fold(code): code for code in spellings}
        self._memory: dict[str, Sequence[str]] = {}

    def named(self, text: str) -> str | None:
        """The one sector a cell names, by code or any spelling, also inside `WASH_OP` or `Presence: Health`.

        Of a sector and its area of responsibility it is the latter.
        """
        named = self.all_named(text)
        closest = max(named, key=len, default=None)
        return closest if closest and all(belongs_to(closest, other) for other in named) else None

    def all_named(self, text: str) -> Sequence[str]:
        """All sectors a cell names: itself, or each of its parts, such as `Protection / GBV`."""
        if text in self.codes:
            return (text,)
        if text not in self._memory:
            self._memory[text] = self._read(text)
        return self._memory[text]

    def _read(self, text: str) -> Sequence[str]:
        for pieces in ([text], [part.text for part in parts_of(text)], _WEAK.split(text)):
            named = [code for piece in pieces if (code := self._whole(piece.strip()))]
            if named:
                return tuple(dict.fromkeys(named))
        return ()

    def _whole(self, form: str) -> str | None:
        """The sector of this code or name, as a whole."""
        for bare in _bare(form):
            if bare.upper() in self.codes:
                return bare.upper()
            if named := self._by_name.get(fold(bare)):
                return named
        return None


def _bare(text: str) -> Iterable[str]:
    yield text
    bare = text.rpartition(":")[2].strip()
    yield bare
    for ending in ("_OP", " OP", "_3W"):
        if bare.upper().endswith(ending):
            yield bare[: -len(ending)]
