"""What a batch of reports needs of the registry's facts, looked up once for the whole batch."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from contracts.places import at_level

from activities.spelling import folded, parts

_STRONG = re.compile(r"[/|\\\n;؛()\[\]]| [-–—] |[–—]")
"""Between two sectors in one cell."""
_WEAK = re.compile(r"[/|\\\n;؛()\[\]\-–—:+,،&]")
"""What may also stand within the name of one."""


@dataclass(frozen=True, slots=True)
class Area:
    country: str
    pcode: str
    level: int
    path: tuple[str, ...]
    spellings: frozenset[str]
    levels: tuple[int, ...] | None = None
    """Of each area of the path, where a level is skipped."""

    def at(self, level: int) -> str | None:
        """The area of this level it lies in, or is."""
        return at_level(self.path, self.levels, level)

    def is_called(self, name: str) -> bool:
        """Whether one half of a bilingual cell is a spelling of this area."""
        return any(folded(part) in self.spellings for part in parts(name))


@dataclass(frozen=True, slots=True)
class Organisation:
    id: UUID
    status: str
    spellings: frozenset[str]
    acronyms: frozenset[str]


class Reference:
    """The registry's facts a batch of reports is checked against."""

    def __init__(
        self,
        areas: Iterable[Area],
        sectors: Mapping[str, Sequence[str]],
        indicators: Mapping[str, str],
        organisations: Iterable[Organisation],
        providers: frozenset[UUID] = frozenset(),
    ) -> None:
        self._areas = {(area.country, area.pcode): area for area in areas}
        self._sectors = frozenset(sectors)
        self._sector_by_name = {name: code for code, names in sectors.items() for name in names}
        self._sector_by_name |= {folded(code): code for code in sectors}
        self._sector_memory: dict[str, str | None] = {}
        self._sectors_memory: dict[str, Sequence[str]] = {}
        self._indicators = indicators
        self.organisations = {organisation.id: organisation for organisation in organisations}
        self.providers = providers
        self.places: dict[tuple[str | None, ...], Any] = {}
        """What `reports.resolution` has made of the places this batch names."""
        self._areas_by_name = _by_name(self._areas.values())
        self._by_spelling = _verified_by(self.organisations.values(), "spellings")
        self._by_acronym = _verified_by(self.organisations.values(), "acronyms")

    def area(self, country: str, pcode: str) -> Area | None:
        return self._areas.get((country, pcode.upper()))

    def areas_called(self, country: str, level: int, name: str) -> list[Area]:
        """Areas of a level by one half of a bilingual cell, the whole cell first."""
        for part in parts(name):
            if found := self._areas_by_name.get((country, level, folded(part))):
                return found
        return []

    def sector(self, text: str) -> str | None:
        """The sector's code, by code or any spelling, also inside `WASH_OP` or `Presence: Health`."""
        if text in self._sectors:
            return text
        if text not in self._sector_memory:
            self._sector_memory[text] = self._read_sector(text)
        return self._sector_memory[text]

    def _read_sector(self, text: str) -> str | None:
        for form in _undressed(text):
            if form.upper() in self._sectors:
                return form.upper()
            if named := self._sector_by_name.get(folded(form)):
                return named
        return None

    def sectors_named(self, text: str) -> Sequence[str]:
        """All sectors a cell names: itself, or each of its parts, such as `Protection / GBV`."""
        if text in self._sectors:
            return (text,)
        if text not in self._sectors_memory:
            self._sectors_memory[text] = self._read_sectors(text)
        return self._sectors_memory[text]

    def _read_sectors(self, text: str) -> Sequence[str]:
        for separators in (None, _STRONG, _WEAK):
            forms = separators.split(text) if separators else [text]
            named = [code for form in forms if (code := self._whole(form.strip()))]
            if named:
                return tuple(dict.fromkeys(named))
        found = self._read_sector(text)
        return (found,) if found else ()

    def _whole(self, form: str) -> str | None:
        """The sector of this code or name, as a whole."""
        for bare in _bare(form):
            if bare.upper() in self._sectors:
                return bare.upper()
            if named := self._sector_by_name.get(folded(bare)):
                return named
        return None

    @property
    def sector_codes(self) -> frozenset[str]:
        return self._sectors

    def sector_of(self, indicator: str) -> str | None:
        return self._indicators.get(indicator)

    def organisation_called(self, name: str | None, acronym: str | None) -> tuple[UUID | None, bool]:
        """The one verified organisation of that name, and whether only its acronym says so."""
        for text in parts(name) if name else ():
            if (found := self._by_spelling.get(folded(text))) and len(found) == 1:
                return found[0], False
        for spelling in (acronym, name):
            if spelling and (found := self._by_acronym.get(folded(spelling))) and len(found) == 1:
                return found[0], True
        return None, False


def belongs_to(sector: str, other: str) -> bool:
    """Whether it is that sector, or one of its areas of responsibility."""
    return sector == other or sector.startswith(f"{other}-")


def _undressed(text: str) -> Iterable[str]:
    """The cell, its halves, and each without what 3W files put around a sector's name."""
    for part in parts(text):
        yield from _bare(part)


def _bare(text: str) -> Iterable[str]:
    yield text
    bare = text.rpartition(":")[2].strip()
    yield bare
    for ending in ("_OP", " OP", "_3W"):
        if bare.upper().endswith(ending):
            yield bare[: -len(ending)]


def _by_name(areas: Iterable[Area]) -> dict[tuple[str, int, str], list[Area]]:
    found: dict[tuple[str, int, str], list[Area]] = {}
    for area in areas:
        for name in area.spellings:
            found.setdefault((area.country, area.level, name), []).append(area)
    return found


def _verified_by(organisations: Iterable[Organisation], names: str) -> dict[str, list[UUID]]:
    found: dict[str, list[UUID]] = {}
    for organisation in organisations:
        if organisation.status == "verified":
            for name in getattr(organisation, names):
                found.setdefault(name, []).append(organisation.id)
    return found


@dataclass
class Wanting:
    """Gathers what a batch names."""

    pcodes: set[tuple[str, str]] = field(default_factory=set)
    area_names: set[tuple[str, str]] = field(default_factory=set)
    organisation_ids: set[UUID] = field(default_factory=set)
    organisation_names: set[str] = field(default_factory=set)
    indicators: set[str] = field(default_factory=set)
    provider_ids: set[UUID] = field(default_factory=set)
    _folded: dict[str, list[str]] = field(default_factory=dict)
    _named: set[tuple[object, ...]] = field(default_factory=set)

    def is_new(self, named: tuple[object, ...]) -> bool:
        """Whether nobody asked so far about what was named so; from now on somebody did."""
        before = len(self._named)
        self._named.add(named)
        return len(self._named) > before

    def area(self, country: str, text: str) -> None:
        self.pcodes.add((country, text.upper()))
        self.area_names.update((country, form) for form in self._forms(text))

    def organisation(self, text: str) -> None:
        self.organisation_names.update(self._forms(text))

    def _forms(self, text: str) -> list[str]:
        if text not in self._folded:
            self._folded[text] = [folded(part) for part in parts(text)]
        return self._folded[text]
