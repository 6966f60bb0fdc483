"""What reach means against a target, and when it must not be told. No I/O."""

from collections.abc import Mapping, Sequence
from typing import Any

from contracts.activities import PEOPLE_UNIT

from reporting.disclosure import FEWEST_ORGANISATIONS, SMALL_COUNT, is_protection, tells

Counts = Sequence[int | None]


def progress_of(row: Mapping[str, Any], reach: Mapping[str, Any]) -> dict[str, Any]:
    """The target of a row, what was reached of it as the reader may see it, and how the two compare."""
    target = row["target_summed"] if row["target_set"] is None else row["target_set"]
    compares = row["unit"] == PEOPLE_UNIT
    people, official = _counted(row, reach) if compares else (None, None)
    hidden = None if row["whole"] else _why_hidden(row, reach, people)
    official_hidden = hidden is not None or (not row["whole"] and _official_tells(row, reach, people, official))
    return {
        **row,
        **_target(row, target),
        "time_basis": "monthly" if row["month_from"] == row["month_to"] else "cumulative",
        "people_reached": None if hidden else people,
        **_compared("", target, None if hidden else people),
        "official_people_reached": None if official_hidden else official,
        **_compared("official_", target, None if official_hidden else official),
        "reports": reach["reports"] or 0,
        "official_reports": reach["official_reports"] or 0,
        "basis": _basis(reach),
        "rule_code": reach["code"],
        "rule_version": reach["version"],
        "suppressed": (hidden is not None and people is not None) or (official_hidden and official is not None),
        "reason": _why_null(target, compares, reach, people, hidden),
    }


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


def _why_null(
    target: int | None, compares: bool, reach: Mapping[str, Any], people: int | None, hidden: str | None
) -> str | None:
    """Why there is no coverage of the target; none where there is one."""
    if target is None:
        return "no_target"
    if not compares:
        return "output_not_counted_yet"
    if target == 0:
        return "zero_target"
    if people is None:
        return "no_people_counted" if reach["counts_people"] else "services_only"
    return hidden


def _counted(row: Mapping[str, Any], reach: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """Unique people over the period, and those of approved reports alone."""
    if _adds_months(row, reach):
        return added(reach["totals"] or ()), added(reach["officials"] or ())
    return reach["unit_total"], reach["unit_official"]


def _adds_months(row: Mapping[str, Any], reach: Mapping[str, Any]) -> bool:
    """Whether the reach is the sum of the area's months; else units are counted over the period by themselves."""
    one_month = row["month_from"] == row["month_to"]
    return not row["indicator"] and bool(one_month or reach["method"] != "max")


def added(counts: Counts) -> int | None:
    """Their sum; null where none is known."""
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def _why_hidden(row: Mapping[str, Any], reach: Mapping[str, Any], people: int | None) -> str | None:
    """The rules of coverage, and what a shown count would tell of the months that coverage hides."""
    if people is None:
        return None
    # Who reports one indicator is not counted, so that of protection's indicators nothing is told.
    if is_protection(row["sector"]) and (row["indicator"] or (reach["organisations"] or 0) < FEWEST_ORGANISATIONS):
        return "few_organisations"
    if people < SMALL_COUNT:
        return "small_count"
    if row["indicator"]:
        return None
    months = zip(reach["totals"] or (), reach["months_organisations"] or (), strict=True)
    few = FEWEST_ORGANISATIONS if is_protection(row["sector"]) else 0
    hidden = [n for n, organisations in months if n is not None and (n < SMALL_COUNT or organisations < few)]
    return "small_count" if _gives_away(hidden, row, reach) else None


def _official_tells(row: Mapping[str, Any], reach: Mapping[str, Any], people: int | None, official: int | None) -> bool:
    """Whether the official count, or what it leaves of all, is small, in the period or in one of its months."""
    if official is None:
        return False
    # As in coverage: how many organisations stand behind the approved reports alone is not counted.
    if is_protection(row["sector"]) and reach["official_reports"] not in (0, reach["reports"]):
        return True
    if tells(official, people):
        return True
    if row["indicator"]:
        return False
    months = zip(reach["totals"] or (), reach["officials"] or (), strict=True)
    hidden = [count for total, count in months if count is not None and tells(count, total)]
    return _gives_away(hidden, row, reach)


def _gives_away(hidden: Sequence[int], row: Mapping[str, Any], reach: Mapping[str, Any]) -> bool:
    """Whether a count over the period tells months that coverage hides.

    Periods are free, and two that overlap differ by a month: so one with a hidden month is told for calendar years
    alone, which never overlap. There too it is told only where several months stand behind what is left of it, with
    enough people, and not the most that so many hidden months could have. Where each unit's greatest month counts,
    one small unit may be all that is left, however many months it was hidden in: then nothing is told.
    """
    if not hidden or row["month_from"] == row["month_to"]:
        return False  # a month by itself is judged as coverage does
    if not _adds_months(row, reach):
        return True
    together = sum(hidden)
    in_doubt = len(hidden) > 1 and together >= SMALL_COUNT and together != (SMALL_COUNT - 1) * len(hidden)
    return not (in_doubt and _is_year(row["month_from"], row["month_to"]))


def _is_year(first: str, last: str) -> bool:
    return first.endswith("-01") and last == f"{first[:4]}-12"
