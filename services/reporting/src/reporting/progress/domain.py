"""What reach means against a target, and what of it is told. No I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contracts.protection import WITHHELD_PROTECTION, is_protection
from contracts.targets import PEOPLE_UNIT

from reporting.disclosure import WITHHELD_ROWS, is_fully_visible, why_nobody

Counts = Sequence[int | None]
BY_UNIT = frozenset({"max", "mean"})
"""Methods that take the months of each unit together."""


def progress_of(row: Mapping[str, Any], reach: Mapping[str, Any]) -> dict[str, Any]:
    """The target of a row, what was reached of it as the reader may see it, and how the two compare."""
    target = row["target_summed"] if row["target_set"] is None else row["target_set"]
    compares = row["unit"] == PEOPLE_UNIT
    reached = _visible_reach(row, reach) if compares else NOBODY
    return {
        **row,
        **_target(row, target),
        "time_basis": "monthly" if row["month_from"] == row["month_to"] else "cumulative",
        "people_reached": reached.people,
        **_compared("", target, reached.people),
        "official_people_reached": reached.official,
        **_compared("official_", target, reached.official),
        "reports": reach["reports"] or 0,
        "official_reports": reach["official_reports"] or 0,
        "basis": _basis(reach),
        "rule_code": reach["code"],
        "rule_version": reach["version"],
        "suppressed": reached.withheld is not None,
        "reason": _why_null(target, compares, reach, reached),
    }


@dataclass(frozen=True)
class ReachedPeople:
    """Unique people over the period, and those of approved reports alone; why some or all of them are not told."""

    people: int | None
    official: int | None
    withheld: str | None = None


NOBODY = ReachedPeople(None, None)


def _visible_reach(row: Mapping[str, Any], reach: Mapping[str, Any]) -> ReachedPeople:
    """By the rules of coverage: all reports, those up to moderate, or in protection nothing."""
    if is_fully_visible({**row, "severe": reach["severe"]}):
        return _counted(row, reach, "")
    if is_protection(row["sector"]) and not row["whole"]:
        return ReachedPeople(None, None, WITHHELD_PROTECTION)
    if not reach["restricted"]:
        return _counted(row, reach, "")
    open = _counted(row, reach, "open_")
    return ReachedPeople(open.people or None, open.official or None, WITHHELD_ROWS)


def _target(row: Mapping[str, Any], target: int | None) -> dict[str, Any]:
    set_, summed = row["target_set"], row["target_summed"]
    return {
        "target": target,
        "target_basis": None if target is None else "summed" if set_ is None else "set",
        "target_difference": None if set_ is None or summed is None else set_ - summed,
    }


def _compared(prefix: str, target: int | None, reached: int | None) -> dict[str, Any]:
    """R/T and max(T - R, 0). A zero or missing denominator gives null, never zero."""
    coverage = reached / target if target and reached is not None else None
    compared: dict[str, Any] = {
        f"{prefix}coverage": None if coverage is None else round(coverage, 4),
        f"{prefix}gap": None if target is None or reached is None else max(target - reached, 0),
    }
    if not prefix:
        compared["over_target"] = None if target is None or reached is None else reached > target
    return compared


def _basis(reach: Mapping[str, Any]) -> str | None:
    if not reach["reports"]:
        return None
    return "official" if reach["official_reports"] == reach["reports"] else "provisional"


def _why_null(target: int | None, compares: bool, reach: Mapping[str, Any], reached: ReachedPeople) -> str | None:
    """Why there is no coverage of the target, or what is left out of it; none where it is there and whole."""
    if target is None:
        return "no_target"
    if not compares:
        return "output_not_counted_yet"
    if target == 0:
        return "zero_target"
    if reached.withheld or reached.people is not None:
        return reached.withheld
    return why_nobody(reach)


def _counted(row: Mapping[str, Any], reach: Mapping[str, Any], side: str) -> ReachedPeople:
    if _adds_months(row, reach):
        return ReachedPeople(added(reach[f"{side}totals"] or ()), added(reach[f"{side}officials"] or ()))
    return ReachedPeople(reach[f"unit_{side}total"], reach[f"unit_{side}official_total"])


def _adds_months(row: Mapping[str, Any], reach: Mapping[str, Any]) -> bool:
    """Whether the reach is the sum of the area's months; else units are counted over the period by themselves."""
    one_month = row["month_from"] == row["month_to"]
    return not row["indicator"] and bool(one_month or reach["method"] not in BY_UNIT)


def added(counts: Counts) -> int | None:
    """Their sum; null where none is known."""
    known = [count for count in counts if count is not None]
    return sum(known) if known else None
