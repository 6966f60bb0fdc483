"""What a batch of reports needs of the registry's facts, looked up once for the whole batch."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any
from uuid import UUID

from contracts.folding import fold
from contracts.lines import code
from contracts.places import at_level
from tables.sectors import Sectors
from tables.spelling import CellMeaning, meaning_of_cell, parts_of

from activities.reference.names import all_forms, forms


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


@dataclass(frozen=True, slots=True)
class Organisation:
    id: UUID
    status: str
    spellings: frozenset[str]
    acronyms: frozenset[str]
    codes: frozenset[tuple[str, str]] = frozenset()
    """Codes of clusters, each behind the sector whose cluster gave it."""
    merged_into: UUID | None = None


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
        self.sectors = Sectors(sectors)
        self._indicators = indicators
        self.organisations = {organisation.id: organisation for organisation in organisations}
        self.providers = providers
        self.places: dict[tuple[str | None, ...], Any] = {}
        """What `reports.resolution` has made of the places this batch names."""
        self.read_sectors: dict[tuple[str | None, ...], tuple[str, list[str]]] = {}
        """The same of their sectors."""
        self._areas_by_name = _by_name(self._areas.values())
        self._organisation_memory: dict[tuple[str | None, ...], NamedOrganisation] = {}
        self._by_spelling = _verified_by(self.organisations.values(), attrgetter("spellings"))
        self._by_acronym = _verified_by(self.organisations.values(), attrgetter("acronyms"))
        self._by_code = _verified_by(self.organisations.values(), _codes_of)

    def area(self, country: str, pcode: str) -> Area | None:
        return self._areas.get((country, pcode)) or self._areas.get((country, code(pcode).upper()))

    def areas_called(self, country: str, level: int, name: str) -> CellMeaning[Area]:
        """Areas of a level that a cell names, by all of its parts; what stands in brackets may be what it lies in."""
        named = meaning_of_cell(
            name, lambda text: self._called(country, level, text) or self._coded(country, level, text)
        )
        if len(named.values) < 2:
            return named
        parts = parts_of(name)
        spelled = [found for part in parts if not part.remark if (found := self._called(country, level, part.text))]
        common = frozenset.intersection(*spelled) if spelled else frozenset()
        above = [part.text for part in parts if part.remark]
        inside = frozenset(area for area in common if all(self._lies_in(area, text) for text in above))
        return CellMeaning(inside, remarks=True) if above and inside else named

    def _called(self, country: str, level: int, name: str) -> frozenset[Area]:
        found = (self._areas_by_name.get((country, level, form)) for form in forms(name, level))
        return next((frozenset(areas) for areas in found if areas), frozenset())

    def _coded(self, country: str, level: int, text: str) -> frozenset[Area]:
        """The area whose code stands beside its name: of another's the cell names two."""
        area = self.area(country, text)
        return frozenset((area,) if area and area.level == level else ())

    def _lies_in(self, area: Area, name: str) -> bool:
        """Whether this is a name of an area above it."""
        above = (found for level in range(1, area.level) for found in self._called(area.country, level, name))
        return any(found.pcode in area.path for found in above)

    def is_called(self, area: Area, name: str) -> bool:
        """Whether a cell names this area and no other."""
        named = self.areas_called(area.country, area.level, name)
        return area in named.values and not named.several

    def sector_of(self, indicator: str) -> str | None:
        return self._indicators.get(indicator)

    def is_same(self, one: UUID, other: UUID) -> bool:
        """Whether two ids are of one organisation."""
        return self._standing(one) == self._standing(other)

    def _standing(self, id: UUID) -> UUID:
        known = self.organisations.get(id)
        return known.merged_into or id if known else id

    def _one_of(self, ids: Iterable[UUID]) -> frozenset[UUID]:
        """These; of ids of one organisation that alone which the others were merged into, or the first."""
        found = frozenset(ids)
        standing = {self._standing(id) for id in found}
        return frozenset([min(found & standing or found)]) if len(standing) == 1 else found

    def organisation_called(
        self, name: str | None, acronym: str | None, sector: str | None = None
    ) -> "NamedOrganisation":
        """The verified organisation of that name, or of that acronym where the name is not known.

        Either may be a code of the sector's cluster, or of any other where one organisation alone has it.
        """
        asked = (name, acronym, sector)
        if asked not in self._organisation_memory:
            issuer = self.sectors.named(sector) if sector and self._by_code else None
            self._organisation_memory[asked] = self._read_organisation(name, acronym, issuer)
        return self._organisation_memory[asked]

    def _read_organisation(self, name: str | None, acronym: str | None, issuer: str | None) -> "NamedOrganisation":
        coded = next((id for text in (name, acronym) if text and (id := self._coded_organisation(text, issuer))), None)
        if coded:
            return NamedOrganisation(coded)
        named: CellMeaning[UUID] = meaning_of_cell(name, self._organisations_called) if name else CellMeaning()
        if named.several:
            return NamedOrganisation(None, several=True)
        if named.one:
            return NamedOrganisation(named.one, by_acronym=not self._is_spelled(named.one, name), partly=named.doubtful)
        by_acronym = meaning_of_cell(acronym, self._organisations_called).one if acronym else None
        return NamedOrganisation(by_acronym, by_acronym=True) if by_acronym else NamedOrganisation(None)

    def _coded_organisation(self, text: str, issuer: str | None) -> UUID | None:
        form = fold(text)
        holders = self._one_of(self._by_code.get(f"{issuer} {form}") or self._by_code.get(form) or ())
        return min(holders) if len(holders) == 1 else None

    def _organisations_called(self, text: str) -> frozenset[UUID]:
        form = fold(text)
        return self._one_of(self._by_spelling.get(form) or self._by_acronym.get(form) or ())

    def _is_spelled(self, id: UUID, name: str | None) -> bool:
        """Whether a part of the name is a name of the organisation, not its acronym."""
        spelled = (name or "", *(part.text for part in parts_of(name or "")))
        return any(id in self._by_spelling.get(fold(text), ()) for text in spelled)


@dataclass(frozen=True, slots=True)
class NamedOrganisation:
    """The organisation a row names."""

    id: UUID | None
    by_acronym: bool = False
    """Whether only its acronym says so."""
    partly: bool = False
    """Whether a part of the name is not known that may be another's."""
    several: bool = False
    """Whether the parts of the name are names of different organisations."""


def _by_name(areas: Iterable[Area]) -> dict[tuple[str, int, str], list[Area]]:
    found: dict[tuple[str, int, str], list[Area]] = {}
    for area in areas:
        for name in area.spellings:
            found.setdefault((area.country, area.level, name), []).append(area)
    return found


def _codes_of(organisation: Organisation) -> Iterator[str]:
    """Its codes, each with its issuer and by itself."""
    for issuer, form in organisation.codes:
        yield f"{issuer} {form}"
        yield form


def _verified_by(
    organisations: Iterable[Organisation], names: Callable[[Organisation], Iterable[str]]
) -> dict[str, list[UUID]]:
    found: dict[str, list[UUID]] = {}
    for organisation in organisations:
        if organisation.status == "verified":
            for name in names(organisation):
                found.setdefault(name, []).append(organisation.id)
    return found


@dataclass
class LookupKeys:
    """Gathers what a batch names."""

    pcodes: set[tuple[str, str]] = field(default_factory=set)
    area_names: set[tuple[str, str]] = field(default_factory=set)
    organisation_ids: set[UUID] = field(default_factory=set)
    organisation_names: set[str] = field(default_factory=set)
    indicators: set[str] = field(default_factory=set)
    provider_ids: set[UUID] = field(default_factory=set)
    _named: set[tuple[object, ...]] = field(default_factory=set)

    def is_new(self, named: tuple[object, ...]) -> bool:
        """Whether nobody asked so far about what was named so; from now on somebody did."""
        before = len(self._named)
        self._named.add(named)
        return len(self._named) > before

    def area(self, country: str, text: str) -> None:
        self.pcodes.update((country, code(each).upper()) for each in (text, *(part.text for part in parts_of(text))))
        self.area_names.update((country, form) for form in all_forms(text))

    def organisation(self, text: str) -> None:
        self.organisation_names.update(fold(each) for each in (text, *(part.text for part in parts_of(text))))
