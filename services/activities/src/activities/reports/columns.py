"""What of a report can be read: each column with its sensitivity level."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from contracts.places import FINEST_SHARED
from contracts.protection import IN_PROTECTION, WITHHELD_PROTECTION, WITHHELD_SMALL
from contracts.sensitivity import Sensitivity, levels_of
from contracts.small_counts import PARTS, withheld_parts

from activities.reports.shape import NewReport, ReportedPeople

SHARED_STEPS = f"""case when r.area_levels is null then least(cardinality(r.area_path), {FINEST_SHARED + 1})
    else (select count(*)::int from unnest(r.area_levels) as l where l <= {FINEST_SHARED}) end"""  # noqa: S608  a constant
"""How far others see down the path: to the sub-district, by each area's own level."""

LOW, MODERATE, HIGH = Sensitivity.LOW, Sensitivity.MODERATE, Sensitivity.HIGH


@dataclass(frozen=True)
class ReadColumn:
    """A column as it is selected: `shown` to who is cleared for its level, else `coarse`."""

    level: Sensitivity
    shown: str
    coarse: str = "null"
    counts: bool = False
    """It counts people, or what they were given: of protection only those cleared for the row's high fields see it."""
    masked: bool = False
    """Whatever its level, not everybody who sees the row sees it whole."""


def _sent(*names: str, cast: str = "", counts: bool = False) -> dict[str, ReadColumn]:
    levels = levels_of(NewReport)
    return {name: ReadColumn(levels[name], f"r.{name}{cast}", counts=counts) for name in names}


def _kept(*names: str, level: Sensitivity = MODERATE) -> dict[str, ReadColumn]:
    return {name: ReadColumn(level, f"r.{name}") for name in names}


NAMED_STILL = "({contest} is null or {contest} = 'dismissed' or r.implementer_id = $1::uuid)"
"""Whether others are told the implementer: not where it contests that, unless it asks itself."""


def _named(who: str, told: str = "true") -> dict[str, ReadColumn]:
    """An organisation that is named: one nobody has resolved is its sender's and the reviewers' alone."""
    resolved = f"r.{who}_resolved"
    return {
        f"{who}_id": ReadColumn(
            MODERATE, f"r.{who}_id", f"case when {resolved} and {told} then r.{who}_id end", masked=True
        ),
        f"{who}_name": ReadColumn(HIGH, f"r.{who}_name"),
        f"{who}_resolved": ReadColumn(MODERATE, resolved),
    }


def _between(*names: str) -> dict[str, ReadColumn]:
    """What is said of a contest: the implementer that raised it reads it too."""
    return {
        name: ReadColumn(HIGH, f"r.{name}", f"case when r.implementer_id = $1::uuid then r.{name} end")
        for name in names
    }


COLUMNS: Mapping[str, ReadColumn] = {
    **_kept("id", "version", "stage", "sensitivity"),
    **_named("organisation"),
    **_named("implementer", told=NAMED_STILL),
    # Names nobody resolves: like every unresolved name they are the sender's and the reviewers'.
    "donors": ReadColumn(HIGH, "r.donors"),
    **_sent("external_id", "un_funded", "sector", "activity", "activity_description", "indicator", "unit"),
    **_sent("in_response_plan", "hub", "cross_line", "modality", "conditionality", "transfer_mechanism", "country"),
    **_sent("output_value", "transfer_value_usd", "budget_required", "budget_received", cast="::text", counts=True),
    "area": ReadColumn(HIGH, "r.area", f"r.area_path[{SHARED_STEPS}]"),
    "area_path": ReadColumn(HIGH, "r.area_path", f"r.area_path[1:{SHARED_STEPS}]"),
    **_kept("adm1", "adm2", "adm3"),
    **_kept("area_as_sent", level=HIGH),
    **_sent("community", "neighbourhood", "site_name", "site_type", "latitude", "longitude"),
    **_sent("month", "start_date", "end_date", "status", "population_group"),
    **_sent("households", counts=True),
    **{
        f"people_{part}": ReadColumn(level, f"r.people_{part}", counts=True)
        for part, level in levels_of(ReportedPeople).items()
    },
    **_sent("newly_reached", "previously_assisted", "reported_elsewhere", "disaggregation_method", counts=True),
    **_sent("measured_outputs", "currency", counts=True),
    "withheld": ReadColumn(MODERATE, "null::text", f"'{WITHHELD_PROTECTION}'", counts=True),
    **_sent("comments", "as_written"),
    **_kept("exact_repeat", "flags", "submitted_at", "submitted_by_role"),
    # Who they are, and what they wrote to one another, is between the owner, its reviewers and the secretariat.
    **_kept("submitted_by", "submission_comment", level=HIGH),
    **_kept("reviewed_at", "reviewed_by_role", "reviewed_as"),
    **_kept("reviewed_by", "review_comment", "override_reason", level=HIGH),
    **_kept("sensitivity_by", "sensitivity_reason", level=HIGH),
    **_kept("withdrawn_at", "withdrawn_by", "withdrawn_by_role", "withdrawal_reason", level=HIGH),
    **_kept("upload_id", "upload_sheet", "upload_row", level=HIGH),
    **_kept("implementer_contest", "contested_at", "contest_settled_at"),
    **_between("contested_by", "contest_reason", "contest_settled_by", "contest_settlement"),
}
PEOPLE = tuple(name for name in COLUMNS if name.startswith("people_"))
JUDGED = frozenset(f"people_{part}" for part in PARTS) | {"withheld"}
"""What is withheld where a part is small; whether it is depends on all of `PEOPLE`."""
SORT = ("month", "id")
CONTEST = "r.implementer_contest"
PROTECTED = IN_PROTECTION.format(sector="r.sector")


@lru_cache(maxsize=500)
def selected(names: tuple[str, ...], high: str, protected: str = PROTECTED, contest: str = CONTEST) -> str:
    """The select list of these columns: without `high`, what only the cleared see is not read at all.

    `protected` says whether counts are protection's, `contest` what stands of its implementer's contest. The reader's
    organisation is the first argument of the statement.
    """
    masked = (_masked(COLUMNS[name], high, protected).format(contest=contest) for name in names)
    return ", ".join(f"{column} as {name}" for column, name in zip(masked, names, strict=True))


def needed(columns: Iterable[str]) -> tuple[str, ...]:
    """These columns, and those that decide on what is withheld of them."""
    names = tuple(columns)
    return tuple(dict.fromkeys([*names, *(() if JUDGED.isdisjoint(names) else (*PEOPLE, "withheld"))]))


def without_small_parts(row: Any, cleared: Collection[str]) -> Any:
    """The row as it may be seen, where its columns are `needed` ones and its relation is not a cleared one."""
    if row["_relation"] in cleared or "withheld" not in row.keys():  # noqa: SIM118  a record is asked for its keys
        return row
    hidden = withheld_parts({name.removeprefix("people_"): row[name] for name in PEOPLE})
    if not hidden:
        return row
    return {**row, **{f"people_{part}": None for part in hidden}, "withheld": WITHHELD_SMALL}


def _masked(column: ReadColumn, high: str, protected: str) -> str:
    if column.counts:
        return f"case when {high} or not ({protected}) then {column.shown} else {column.coarse} end"
    if Sensitivity.MODERATE.allows(column.level) and not column.masked:
        return column.shown
    return f"case when {high} then {column.shown} else {column.coarse} end"


def as_object(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with all columns in the form of REST."""
    seen = {name: row[name] for name in COLUMNS if name not in PEOPLE}
    seen["people"] = {name.removeprefix("people_"): row[name] for name in PEOPLE}
    return seen
