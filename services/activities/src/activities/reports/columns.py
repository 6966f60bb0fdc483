"""What of a report can be read: each column with its sensitivity level."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from contracts.places import FINEST_SHARED
from contracts.protection import IN_PROTECTION, WITHHELD_PROTECTION, WITHHELD_SMALL
from contracts.reports import REPORTS
from contracts.sensitivity import Sensitivity
from contracts.small_counts import PARTS, withheld_parts
from runtime.looks import RELATION, is_high

from activities.reports.schemas import KINDS

SHARED_STEPS = f"""case when r.area_levels is null then least(cardinality(r.area_path), {FINEST_SHARED + 1})
    else (select count(*)::int from unnest(r.area_levels) as l where l <= {FINEST_SHARED}) end"""  # noqa: S608  a constant
"""How far others see down the path: to the sub-district, by each area's own level."""

MODERATE, HIGH = Sensitivity.MODERATE, Sensitivity.HIGH


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


NAMED_STILL = "({contest} is null or {contest} = 'dismissed' or r.implementer_id = any($1::uuid[]))"
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
        name: ReadColumn(HIGH, f"r.{name}", f"case when r.implementer_id = any($1::uuid[]) then r.{name} end")
        for name in names
    }


OTHERWISE: Mapping[str, ReadColumn] = {
    **_named("organisation"),
    **_named("implementer", told=NAMED_STILL),
    "area": ReadColumn(HIGH, "r.area", f"r.area_path[{SHARED_STEPS}]"),
    "area_path": ReadColumn(HIGH, "r.area_path", f"r.area_path[1:{SHARED_STEPS}]"),
    "withheld": ReadColumn(MODERATE, "null::text", f"'{WITHHELD_PROTECTION}'", counts=True),
    **_between("contested_by", "contest_reason", "contest_settled_by", "contest_settlement"),
}
"""Columns that others see another value of, instead of none."""
MONEY = frozenset(name for name, kind in KINDS.items() if kind is Decimal)
COUNTING = MONEY | {
    "households",
    "newly_reached",
    "previously_assisted",
    "reported_elsewhere",
    "disaggregation_method",
    "measured_outputs",
    "currency",
}
"""Columns that count people, or what they were given, beside the people themselves."""


def _column(name: str, level: Sensitivity) -> ReadColumn:
    counts = name in COUNTING or name.startswith("people_")
    return OTHERWISE.get(name) or ReadColumn(level, f"r.{name}{'::text' * (name in MONEY)}", counts=counts)


COLUMNS: Mapping[str, ReadColumn] = {name: _column(name, level) for name, level in REPORTS.levels.items()}
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
    organisations are the first argument of the statement.
    """
    masked = (_masked(COLUMNS[name], high, protected).format(contest=contest) for name in names)
    return ", ".join(f"{column} as {name}" for column, name in zip(masked, names, strict=True))


def needed(columns: Iterable[str]) -> tuple[str, ...]:
    """These columns, and those that decide on what is withheld of them."""
    names = tuple(columns)
    return tuple(dict.fromkeys([*names, *(() if JUDGED.isdisjoint(names) else (*PEOPLE, "withheld"))]))


def without_small_parts(row: Any, cleared: Collection[str]) -> Any:
    """The row as it may be seen, with `withheld` among its columns, where its relation is not a cleared one."""
    if row[RELATION] in cleared:
        return row
    hidden = withheld_parts({name.removeprefix("people_"): row[name] for name in PEOPLE})
    if not hidden:
        return row
    return {**row, **{f"people_{part}": None for part in hidden}, "withheld": WITHHELD_SMALL}


def _masked(column: ReadColumn, high: str, protected: str) -> str:
    if column.counts:
        return f"case when {high} or not ({protected}) then {column.shown} else {column.coarse} end"
    if not is_high(column.level) and not column.masked:
        return column.shown
    return f"case when {high} then {column.shown} else {column.coarse} end"


def as_object(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with all columns in the form of REST."""
    seen = {name: row[name] for name in COLUMNS if name not in PEOPLE}
    seen["people"] = {name.removeprefix("people_"): row[name] for name in PEOPLE}
    return seen
