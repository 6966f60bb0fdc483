"""What counts as one unit, and what a new version of a report changes."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b
from importlib.resources import files
from typing import NamedTuple
from uuid import UUID

from contracts.places import by_level
from contracts.reports import ReportChanged, ReportOrganisation
from contracts.small_counts import BY_SEX, DISABILITY, withheld_parts
from contracts.targets import PEOPLE_UNIT
from contracts.values import NO_GROUP, People

TIME_BASIS = "monthly"
"""Reach of one month. It is never set against a yearly need."""

ALL_GROUPS = "all"
"""Population group of a figure that takes all groups together."""


NOBODY = People()


class Unit(NamedTuple):
    """Where people are counted once: reports of one unit are counted together."""

    country: str
    adm1: str
    path: str
    unit_key: str
    sector: str
    month: str
    population_group: str

    @property
    def id(self) -> UUID:
        """The unit's number, by which its facts and cells are kept."""
        named = (self.country, self.path, self.unit_key, self.sector, self.month, self.population_group)
        return UUID(bytes=blake2b("\0".join(named).encode(), digest_size=16).digest())


@dataclass(frozen=True)
class Fact:
    """A report as counting sees it."""

    id: UUID
    version: int
    unit: Unit
    indicator: str
    organisation_id: UUID
    implementer_id: UUID
    status: str
    stage: str
    sensitivity: str
    newly_reached: bool | None = None
    people: People = NOBODY
    counted_unit: str = PEOPLE_UNIT
    component: str = ""
    core: bool = True

    @classmethod
    def of(cls, report: ReportChanged) -> "Fact":
        return cls(
            report.id,
            report.version,
            unit_of(report),
            report.indicator or "",
            report.organisation.id,
            (report.implementer or report.organisation).id,
            report.status.value,
            report.stage.value,
            report.sensitivity.value,
            report.newly_reached,
            report.people,
            report.counted_unit or PEOPLE_UNIT,
            report.component or "",
            report.core_item is not False,
        )

    @cached_property
    def unit_id(self) -> UUID:
        return self.unit.id

    @cached_property
    def withheld(self) -> tuple[bool, bool]:
        """Whether others do not see all parts by sex and age group in the row, and people with disability."""
        hidden = withheld_parts({**self.people.__dict__, "total": self.total})
        return not hidden.isdisjoint(BY_SEX), DISABILITY in hidden

    @cached_property
    def total(self) -> int | None:
        """People the report counts: its total, or the sum of the parts it gives instead."""
        people = self.people
        if people.total is not None:
            return people.total
        parts = [part for part in (people.men, people.women, people.boys, people.girls) if part is not None]
        return sum(parts) if parts else None


def unit_of(report: ReportChanged) -> Unit:
    path = by_level(report.area_path, report.area_levels)
    group = report.population_group.value if report.population_group else NO_GROUP
    adm1 = path[1] if len(path) > 1 and path[1] else report.country
    return Unit(report.country, adm1, "/".join(path), report.unit_key, report.sector, report.month, group)


@dataclass(frozen=True)
class FactChange:
    """A fact that comes (+1) or goes (-1)."""

    sign: int
    fact: Fact
    merged_into: UUID | None = None
    """The organisation its implementer is counted as, where that is another."""

    @property
    def present(self) -> UUID:
        """Who is present by it."""
        return self.merged_into or self.fact.implementer_id

    def counted_as(self, merged: Mapping[UUID, UUID]) -> "FactChange":
        return replace(self, merged_into=merged.get(self.fact.implementer_id))


def changes(arrived: Iterable[Fact], held: Iterable[Fact]) -> list[FactChange]:
    """What the arrived facts change: of each report the newest, where it is newer than the one held."""
    before = {fact.id: fact for fact in held}
    after: dict[UUID, Fact] = {}
    for fact in arrived:
        known = after.get(fact.id) or before.get(fact.id)
        if known is None or known.version < fact.version:
            after[fact.id] = fact
    going = [FactChange(-1, before[id]) for id in after if id in before]
    return going + [FactChange(1, fact) for fact in after.values()]


def unresolved(reports: Iterable[ReportChanged]) -> dict[UUID, str]:
    """Names of the organisations that stand under their provider's spelling."""
    named: list[ReportOrganisation] = []
    for report in reports:
        named += [who for who in (report.organisation, report.implementer) if who and not who.resolved]
    return {who.id: who.name for who in named if who.name}


@dataclass(frozen=True)
class CountingRule:
    """How one sector counts people; data, never code.

    `apart`: parts of the sector that are added up by themselves, of which the greatest makes the reach; `core_only`: of
    these, only core items reach people; `only_units`: units that are people, where any other is not; `never_units`:
    units that never are.
    """

    code: str
    version: int
    sector: str
    method: str
    counts_people: bool
    statuses: tuple[str, ...]
    presence_statuses: tuple[str, ...]
    provisional: bool
    apart: tuple[str, ...] = ()
    core_only: tuple[str, ...] = ()
    only_units: tuple[str, ...] = ()
    never_units: tuple[str, ...] = ()


LISTS = ("apart", "core_only", "only_units", "never_units")


def _presets() -> Sequence[CountingRule]:
    with files("reporting").joinpath("data/counting_rules.csv").open(encoding="utf-8") as file:
        return [
            CountingRule(
                row["code"],
                int(row["version"]),
                row["sector"],
                row["method"],
                row["counts_people"] == "true",
                tuple(row["statuses"].split()),
                tuple(row["presence_statuses"].split()),
                row["provisional"] == "true",
                *(tuple(row[name].split()) for name in LISTS),
            )
            for row in csv.DictReader(file)
        ]


PRESETS = _presets()
"""The rules that hold until a working group ratifies its own."""
