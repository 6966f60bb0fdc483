"""Areas and the rules by which a file's rows find their place: country, parent, path, pattern."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from contracts.areas import AreaChanged
from runtime.problems import Refusal
from runtime.validation import Missing

from registry.areas.errors import (
    AreaMoved,
    AreaRepeated,
    ParentAmbiguous,
    ParentNotAbove,
    UnknownParent,
)
from registry.countries.domain import PcodePatterns
from registry.names import NamesByLanguage, spellings

COUNTRY = re.compile(r"[A-Z]{2,3}", re.ASCII)


@dataclass(frozen=True)
class AreaRow:
    """An area as a file describes it."""

    row: int | None
    level: int
    pcode: str
    names: NamesByLanguage
    aliases: tuple[str, ...] = ()
    parent: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    is_nested: bool = False
    """Whether its file has no column for what it stands under: the beginning of its P-code tells."""
    boundary: Mapping[str, str] | None = None
    """GeoJSON by level of detail; its point then was only found within it: one that was published stays."""

    @property
    def beginnings(self) -> list[str]:
        """What its P-code begins with, the longest first."""
        return [self.pcode[:length] for length in range(len(self.pcode) - 1, 1, -1)]

    def as_country(self, iso3: Mapping[str, str]) -> "AreaRow":
        """With the P-codes of countries that it names by their codes of three letters."""
        if self.level == 0 and self.pcode in iso3:
            return replace(self, pcode=iso3[self.pcode])
        return replace(self, parent=iso3[self.parent]) if self.parent and self.parent in iso3 else self


@dataclass(frozen=True)
class AreaChange:
    """A field of an area that a load changes; of a boundary only that it is another."""

    id: str
    field: str
    before: object
    after: object


@dataclass(frozen=True)
class AreaPlace:
    """Where an area stands."""

    level: int
    path: tuple[str, ...]
    row: int | None = None
    has_point: bool = False

    @property
    def country(self) -> str:
        return self.path[0]

    @property
    def pcode(self) -> str:
        return self.path[-1]


@dataclass(frozen=True)
class PlacedArea:
    """A row of a file with its place."""

    area: AreaRow
    path: tuple[str, ...]

    @property
    def country(self) -> str:
        return self.path[0]

    @property
    def parent(self) -> str | None:
        return self.path[-2] if len(self.path) > 1 else None


@dataclass(frozen=True)
class WrittenArea:
    """An area as it stands after a change."""

    country: str
    pcode: str
    level: int
    version: int
    names: NamesByLanguage
    aliases: tuple[str, ...]
    parent: str | None
    path: tuple[str, ...]
    latitude: float | None
    longitude: float | None

    def changed(self) -> AreaChanged:
        return AreaChanged(**vars(self))

    def spellings(self) -> set[str]:
        return spellings([*self.names.values(), *self.aliases, self.pcode])


@dataclass
class LoadPlan:
    """What a file comes to: areas with their place, refused rows, and countries that are new."""

    placed: list[PlacedArea] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    roots: list[str] = field(default_factory=list)
    """Countries the file's areas stand under that have no area of their own yet."""


class Placing:
    """Finds the place of each row of one file. A parent may come later in the file than its children."""

    def __init__(self, known: Iterable[AreaPlace], patterns: PcodePatterns, country: str | None) -> None:
        self._places: dict[str, list[AreaPlace]] = {}
        self._patterns = patterns
        self._country = country
        self._seen: dict[tuple[str, str], int | None] = {}
        for place in known:
            self._places.setdefault(place.pcode, []).append(place)

    def plan(self, rows: Sequence[AreaRow]) -> LoadPlan:
        plan = LoadPlan()
        for row in sorted(rows, key=lambda row: row.level):
            try:
                if row.row is not None or not self._is_known(row):
                    plan.placed.append(self._place(row, plan))
            except Refusal as refused:
                if row.row is None:
                    continue  # what stands below it is refused
                refused.row = row.row
                plan.refused.append(refused)
        return plan

    def _place(self, row: AreaRow, plan: LoadPlan) -> PlacedArea:
        above = self._above(row)
        path = (*above.path, row.pcode) if above else (row.pcode,)
        country = path[0]
        self._patterns.check(country, row.level, row.pcode)
        self._check_stays(row, path)
        if (country, row.pcode) in self._seen:
            raise AreaRepeated("pcode", first=self._seen[country, row.pcode])
        if above and above.level == 0 and not self._known(country, country):
            plan.roots.append(country)
            self._remember(above)
        self._seen[country, row.pcode] = row.row
        known = self._known(country, row.pcode)
        if known and known.has_point and row.boundary is not None:
            row = replace(row, latitude=None, longitude=None)
        self._remember(AreaPlace(row.level, path, row.row))
        return PlacedArea(row, path)

    def _above(self, row: AreaRow) -> AreaPlace | None:
        if row.level == 0:
            if not COUNTRY.fullmatch(row.pcode) or row.parent:
                raise UnknownParent("parent_pcode", parent=row.parent or row.pcode)
            return None
        if row.is_nested:
            row = replace(row, parent=self._beginning(row))
        found = [place for place in self._places.get(row.parent or "", ()) if self._is_needed(place)]
        if len(found) > 1:
            raise ParentAmbiguous("parent_pcode", parent=row.parent)
        if not found:
            return self._new_country(row)
        if found[0].level >= row.level:
            raise ParentNotAbove("parent_pcode", parent=row.parent, level=found[0].level)
        return found[0]

    def _beginning(self, row: AreaRow) -> str | None:
        """The parent of an area whose file names none: the one it has, or the longest known beginning of its P-code."""
        if row.level == 1:
            return self._country or row.pcode[:2]
        known = [place for place in self._places.get(row.pcode, ()) if self._is_needed(place)]
        if len(known) == 1 and known[0].level == row.level:
            return known[0].path[-2]
        above = (place for begun in row.beginnings for place in self._places.get(begun, ()))
        return next((place.pcode for place in above if place.level < row.level and self._is_needed(place)), None)

    def _is_known(self, row: AreaRow) -> bool:
        return any(place.level == row.level and self._is_needed(place) for place in self._places.get(row.pcode, ()))

    def _new_country(self, row: AreaRow) -> AreaPlace:
        if row.parent is None:
            raise Missing("parent_pcode")
        wanted = self._country in (None, row.parent)
        if row.level != 1 or not wanted or not COUNTRY.fullmatch(row.parent):
            raise UnknownParent("parent_pcode", parent=row.parent)
        return AreaPlace(0, (row.parent,))

    def _check_stays(self, row: AreaRow, path: tuple[str, ...]) -> None:
        known = self._known(path[0], row.pcode)
        if known and known.row is None and (known.path, known.level) != (path, row.level):
            raise AreaMoved("parent_pcode", path=" ".join(known.path))

    def _known(self, country: str, pcode: str) -> AreaPlace | None:
        return next((place for place in self._places.get(pcode, ()) if place.country == country), None)

    def _remember(self, place: AreaPlace) -> None:
        if not self._known(place.country, place.pcode):
            self._places.setdefault(place.pcode, []).append(place)

    def _is_needed(self, place: AreaPlace) -> bool:
        return self._country in (None, place.country)
