"""A report as the others may know it: nothing finer than the sub-district, no site, no text.

The same state is made of what was just sent and of what is kept, so that a review tells what the submission told.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from contracts.places import shared_steps
from contracts.reports import ImplementerContest, ReportChanged, ReportStage

from activities.reports.counted import component_of, counted_unit
from activities.reports.domain import Identified, OrganisationRef
from activities.reports.schemas import ReportedPeople

PARTS = tuple(ReportedPeople.model_fields)
MADE = frozenset(
    {"type", "version", "id", "stage", "area", "area_path", "area_levels", "organisation", "implementer", "people"}
    | {"counted_unit", "component", "core_item"}
)
"""Fields of the event that are made of several columns, or say which state it is."""
KEPT_AS_SENT = tuple(name for name in ReportChanged.model_fields if name not in MADE)
UNDERSTOOD = frozenset({"sensitivity", "unit_key", "sector", "status", "exact_repeat"})
"""Of these, what stands in the report as it was understood, and not as it was sent."""
AS_SENT = tuple(name for name in KEPT_AS_SENT if name not in UNDERSTOOD)
_read_sent = attrgetter(*AS_SENT)
NAMED = tuple(f"{who}_{part}" for who in ("organisation", "implementer") for part in ("id", "name", "resolved"))
COUNTED_BY = ("activity", "unit")
"""Columns whose words counting is told the meaning of, never the words."""
COLUMNS = (
    "id",
    "version",
    "stage",
    "area_path",
    "area_levels",
    "implementer_contest",
    *KEPT_AS_SENT,
    *COUNTED_BY,
    *NAMED,
    *(f"people_{part}" for part in PARTS),
)
"""Columns of `report` a state is made of."""


class PublishedOrganisation(NamedTuple):
    """An organisation as it is told."""

    id: UUID
    name: str | None
    resolved: bool


def sent_state(
    identified: Identified, id: UUID, version: int, sensitivity: str, contest: str | None = None
) -> dict[str, Any]:
    """A `ReportChanged` of a report sent just now; level and contest may be those of an earlier version."""
    report, sent = identified.report, identified.report.sent
    values = dict(zip(AS_SENT, _read_sent(sent), strict=True))
    values |= {
        "version": version,
        "id": id,
        "stage": ReportStage.SUBMITTED,
        "sensitivity": sensitivity,
        "unit_key": report.unit_key,
        "sector": report.sector,
        "status": report.status,
        "exact_repeat": identified.exact_repeat,
    }
    withheld = ImplementerContest.withholds(contest)
    implementer = _named(report.implementer) if report.implementer and not withheld else None
    place, counted = report.place, _counting(report.sector, sent.activity, sent.indicator, sent.unit, sent.output_value)
    return _state(
        values, _shared(place.path, place.levels), counted, (_named(report.owner), implementer), report.people.__dict__
    )


def stored_state(row: Mapping[str, Any]) -> dict[str, Any]:
    """A `ReportChanged` of a row of `report`."""
    organisation = PublishedOrganisation(row["organisation_id"], row["organisation_name"], row["organisation_resolved"])
    implementer = None
    if row["implementer_id"] and not ImplementerContest.withholds(row["implementer_contest"]):
        implementer = PublishedOrganisation(row["implementer_id"], row["implementer_name"], row["implementer_resolved"])
    values = {name: row[name] for name in ("version", "id", "stage", *KEPT_AS_SENT)}
    counted = _counting(*(row[name] for name in ("sector", "activity", "indicator", "unit", "output_value")))
    people = {part: row[f"people_{part}"] for part in PARTS}
    return _state(values, _shared(row["area_path"], row["area_levels"]), counted, (organisation, implementer), people)


def _counting(
    sector: str, activity: str | None, indicator: str | None, unit: str | None, output_value: Decimal | None
) -> dict[str, Any]:
    """What the words of a report mean to who counts."""
    component = component_of(sector, activity, indicator, unit)
    return {
        "counted_unit": counted_unit(unit, output_value),
        "component": component.name,
        "core_item": component.core,
    }


def _state(
    values: dict[str, Any],
    where: Mapping[str, Any],
    counted: Mapping[str, Any],
    named: tuple[PublishedOrganisation, PublishedOrganisation | None],
    people: Mapping[str, int | None],
) -> dict[str, Any]:
    output: Decimal | None = values["output_value"]
    if output is not None:
        values["output_value"] = format(abs(output), "f")  # 1E+3 comes back as 1000, -0 as 0
    organisation, implementer = named
    values |= where
    values |= counted
    values["organisation"] = _as_published(organisation)
    values["implementer"] = _as_published(implementer) if implementer else None
    values["people"] = _without_nulls(people)
    return _without_nulls(values)


def _shared(path: Sequence[str], levels: Sequence[int] | None) -> dict[str, Any]:
    """The place, no finer than the sub-district."""
    steps = shared_steps(path, levels)
    return {
        "area": path[steps - 1],
        "area_path": list(path[:steps]),
        "area_levels": list(levels[:steps]) if levels else None,
    }


def _named(organisation: OrganisationRef) -> PublishedOrganisation:
    return PublishedOrganisation(organisation.id, organisation.provider_name, organisation.resolved)


def _without_nulls(state: Mapping[str, Any]) -> dict[str, Any]:
    """Without what has no value: `None` is every field's default."""
    return {name: value for name, value in state.items() if value is not None}


@lru_cache(maxsize=2000)
def _as_published(named: PublishedOrganisation) -> dict[str, Any]:
    return _without_nulls(named._asdict())
