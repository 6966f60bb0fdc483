"""Reading targets: one statement for all forms of the question, bounded for hubs in the SQL."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from contracts.activities import PEOPLE_UNIT, PopulationGroup
from contracts.instants import AskedMonth
from contracts.text import Code
from contracts.values import Country, Pcode, SectorCode
from database import Record, Transaction
from pydantic import BaseModel, ConfigDict, Field
from runtime.access import Principal, Role
from runtime.changes import CHANGED_IN, GONE, Span, changed
from runtime.listing import Page
from runtime.naming import check_months

from activities.reference.queries import sectors_below
from activities.targets.domain import Key

SORT = Key._fields
COLUMNS = (
    "id",
    "version",
    "country",
    "area",
    "area_path",
    "area_names",
    "level",
    "sector",
    "indicator",
    "population_group",
    "month_from",
    "month_to",
    "unit",
    "value",
    "people",
    "withdrawn",
    "set_at",
)


class TargetFilter(BaseModel):
    """Which targets. Sectors are exact unless `descendants` asks for those below; an area means all below it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: UUID | None = None
    country: Country | None = None
    area: Annotated[Pcode | None, Field(description="This area and all below it")] = None
    level: Annotated[int | None, Field(ge=0, le=3, description="0 country to 3 sub-district")] = None
    sector: SectorCode | None = None
    descendants: bool = False
    indicator: Code | None = None
    population_group: PopulationGroup | None = None
    month_from: Annotated[AskedMonth | None, Field(description="Periods that reach this month or a later one")] = None
    month_to: Annotated[AskedMonth | None, Field(description="Periods that begin in this month or an earlier one")] = (
        None
    )
    withdrawn: Annotated[bool, Field(description="Those that were withdrawn too")] = False


async def targets_page(
    tx: Transaction, principal: Principal, wanted: TargetFilter, *, first: int, after: Sequence[object] | None
) -> Page:
    """Targets that match and that the reader may see, in the order of their keys. Raises `MonthsReversed`."""
    rows = await tx.fetch(
        TARGETS, *await _asked(tx, principal, wanted), first + 1, *(map(str, after) if after else [None] * len(SORT))
    )
    return Page.of([_shown(row) for row in rows], first=first, sort=tuple(f"_{name}" for name in SORT))


async def changed_targets(
    tx: Transaction, principal: Principal, wanted: TargetFilter, span: Span
) -> Sequence[Mapping[str, Any]]:
    """Targets of a span that match; one that was withdrawn is gone, unless the withdrawn are asked for too."""
    asked = await _asked(tx, principal, wanted)
    rows = await tx.fetch(CHANGED, *asked, span.first + 1, *span.arguments, not span.from_the_start)
    return [
        {**_shown(row), CHANGED_IN: row["changed"], GONE: row["value"] is None and not wanted.withdrawn} for row in rows
    ]


async def _asked(tx: Transaction, principal: Principal, wanted: TargetFilter) -> list[Any]:
    """The first arguments of both questions. Raises `MonthsReversed`."""
    check_months(wanted.month_from, wanted.month_to)
    sectors = await sectors_below(tx, wanted.sector) if wanted.sector and wanted.descendants else None
    return [
        wanted.id,
        wanted.country,
        wanted.area,
        wanted.level,
        sectors or ([wanted.sector] if wanted.sector else None),
        wanted.indicator,
        wanted.population_group,
        wanted.month_from,
        wanted.month_to,
        wanted.withdrawn or wanted.id is not None,
        list(principal.areas) if principal.role == Role.HUB else None,
    ]


def _shown(row: Record) -> Mapping[str, Any]:
    """The target as it is read: empty texts of the key become null, and the key itself stands beside it."""
    key = {f"_{name}": row[name] for name in SORT}
    shown = {**row, "indicator": row["indicator"] or None, "population_group": row["population_group"] or None}
    shown["people"] = row["value"] if row["unit"] == PEOPLE_UNIT else None
    return {**shown, "withdrawn": row["value"] is None, **key}


async def units_of(tx: Transaction, indicators: Iterable[str]) -> dict[str, str]:
    """What each of these indicators counts."""
    codes = sorted(indicators)
    if not codes:
        return {}
    rows = await tx.fetch("select code, unit from indicator where code = any($1::text[])", codes)
    return {row["code"]: row["unit"] for row in rows}


_AFTER = ", ".join(f"${13 + place}::text" for place in range(len(SORT)))
_KEY = ", ".join(f"t.{name}" for name in SORT)

_LEVEL = "coalesce(t.area_levels[cardinality(t.area_levels)], cardinality(t.area_path) - 1)"

_MATCHING = f"""
select t.id, t.version, {_KEY}, t.area_path, a.names as area_names, {_LEVEL} as level,
       t.unit, t.value, t.set_at, t.changed_in::text as changed
  from target as t
  left join area as a on a.country = t.country and a.pcode = t.area
 where ($1::uuid is null or t.id = $1)
   and ($2::text is null or t.country = $2)
   and ($3::text is null or t.area_path @> array[$3])
   and ($4::int is null or {_LEVEL} = $4)
   and ($5::text[] is null or t.sector = any($5))
   and ($6::text is null or t.indicator = $6)
   and ($7::text is null or t.population_group = $7)
   and ($8::text is null or t.month_to >= $8)
   and ($9::text is null or t.month_from <= $9)
   and ($11::text[] is null or t.area_path && $11)
"""  # noqa: S608  names of the key

TARGETS = f"""
{_MATCHING}
   and ($10::bool or t.value is not null)
   and ($13::text is null or ({_KEY}) > ({_AFTER}))
 order by {_KEY}
 limit $12
"""
CHANGED = f"""
{_MATCHING}
   and ($10::bool or t.value is not null or $16::bool)
   and {changed("t", "$13", "$14", "$15")}
 order by t.changed_in, t.id
 limit $12
"""
