"""What of a report can be read: each column with its sensitivity level."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from contracts.sensitivity import Sensitivity, levels_of

from activities.reports.shape import NewReport, ReportedPeople

LOW, MODERATE, HIGH = Sensitivity.LOW, Sensitivity.MODERATE, Sensitivity.HIGH


@dataclass(frozen=True)
class ReadColumn:
    """A column as it is selected: `shown` to who is cleared for its level, else `coarse`."""

    level: Sensitivity
    shown: str
    coarse: str = "null"


def _sent(*names: str, cast: str = "") -> dict[str, ReadColumn]:
    levels = levels_of(NewReport)
    return {name: ReadColumn(levels[name], f"r.{name}{cast}") for name in names}


def _kept(*names: str, level: Sensitivity = MODERATE) -> dict[str, ReadColumn]:
    return {name: ReadColumn(level, f"r.{name}") for name in names}


COLUMNS: Mapping[str, ReadColumn] = {
    **_kept("id", "version", "stage", "sensitivity"),
    **_kept("organisation_id", "organisation_name", "organisation_resolved"),
    **_kept("implementer_id", "implementer_name", "implementer_resolved"),
    **_sent("external_id", "donors", "un_funded", "sector", "activity", "activity_description", "indicator", "unit"),
    **_sent("in_response_plan", "hub", "cross_line", "modality", "conditionality", "transfer_mechanism", "country"),
    **_sent("output_value", "transfer_value_usd", "budget_required", "budget_received", cast="::text"),
    "area": ReadColumn(HIGH, "r.area", "r.area_path[least(cardinality(r.area_path), 4)]"),
    "area_path": ReadColumn(HIGH, "r.area_path", "r.area_path[1:4]"),
    **_kept("adm1", "adm2", "adm3"),
    **_kept("area_as_sent", level=HIGH),
    **_sent("community", "neighbourhood", "site_name", "site_type", "latitude", "longitude"),
    **_sent("month", "start_date", "end_date", "status", "population_group", "households"),
    **{f"people_{part}": ReadColumn(level, f"r.people_{part}") for part, level in levels_of(ReportedPeople).items()},
    **_sent("newly_reached", "previously_assisted", "reported_elsewhere", "disaggregation_method", "currency"),
    **_sent("measured_outputs", "comments"),
    **_kept("exact_repeat", "flags", "submitted_at", "submitted_by_role"),
    # Who they are, and what they wrote to one another, is between the owner, its reviewers and the secretariat.
    **_kept("submitted_by", "submission_comment", level=HIGH),
    **_kept("reviewed_at", "reviewed_by_role", "reviewed_as"),
    **_kept("reviewed_by", "review_comment", "override_reason", level=HIGH),
}
PEOPLE = tuple(name for name in COLUMNS if name.startswith("people_"))
SORT = ("month", "id")


@lru_cache(maxsize=500)
def selected(names: tuple[str, ...], high: str) -> str:
    """The select list of these columns: without `high`, what only the cleared see is not read at all."""
    return ", ".join(f"{_masked(COLUMNS[name], high)} as {name}" for name in names)


def _masked(column: ReadColumn, high: str) -> str:
    if Sensitivity.MODERATE.allows(column.level):
        return column.shown
    return f"case when {high} then {column.shown} else {column.coarse} end"


def as_object(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with all columns in the form of REST."""
    seen = {name: row[name] for name in COLUMNS if name not in PEOPLE}
    seen["people"] = {name.removeprefix("people_"): row[name] for name in PEOPLE}
    return seen
