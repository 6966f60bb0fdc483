"""Targets at the level asked for, and what was reached of each over its own period."""

# ruff: noqa: S608  composed of constants of this module only

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from contracts.figures import PROGRESS, ProgressFilter
from contracts.sensitivity import Sensitivity
from database import Record, Transaction
from runtime.access import Reader, Role
from runtime.listing import Page, PageRequest, Row
from runtime.naming import PeriodTwice
from runtime.visibility import Visibility, conditions_for, numbered, values_of

from reporting.counting.cells import LEFT_OUT, OVER_UNITS, REACHED
from reporting.counting.domain import ALL_GROUPS
from reporting.coverage.queries import groups_of
from reporting.places import BY_LEVEL, IN_AREA, LEVEL, PLACES, SECTORS, in_readers
from reporting.progress.domain import progress_of
from reporting.visibility import WHOLE

SORT = tuple(f"_{name}" for name in PROGRESS.sort)


async def progress(tx: Transaction, reader: Reader, filter: ProgressFilter, part: PageRequest) -> Page:
    """Targets that match with what was reached of them, as this reader may see it, in the order of their keys.

    Raises `PeriodTwice`.
    """
    if filter.month and (filter.month_from or filter.month_to):
        raise PeriodTwice("month").formerly("month_and_period")
    arguments = (
        filter.country,
        filter.area,
        filter.level,
        filter.sector,
        filter.descendants,
        *filter.period,
        list(groups_of(filter)),
        filter.indicator,
        part.first + 1,
        *(part.after or [None] * len(PROGRESS.sort)),
    )
    text, names = _arguments(reader.role, of_areas=part.keys is not None)
    statement, given = part.statement_for(text, (*arguments, *values_of(reader, names)), PLACES)
    page = part.page([dict(row) for row in await tx.fetch(statement, *given)], SORT)
    reaches = await _reaches(tx, page.rows)
    rows: list[dict[str, Any]] = [
        {**progress_of(row, dict(reach)), "indicator": row["indicator"] or None, **_key(row)}
        for row, reach in zip(page.rows, reaches, strict=True)
    ]
    return replace(page, rows=rows)


def _key(row: Row) -> dict[str, Any]:
    return {f"_{name}": row[name] for name in PROGRESS.sort}


async def _reaches(tx: Transaction, rows: Sequence[Row]) -> list[Record]:
    """What was reached in each row's area over its period, in their order."""
    if not rows:
        return []
    columns = [[row[name] for row in rows] for name in (*PROGRESS.sort, "path", "level")]
    return await tx.fetch(REACH, *columns)


_WANTED_LEVEL = "(select level from wanted)"
_UP_TO_LEVEL = f"t.path[1:{_WANTED_LEVEL} + 1]"
_SAME = " and ".join(
    f"{{0}}.{name} = {{1}}.{name}"
    for name in ("country", "sector", "indicator", "population_group", "month_from", "month_to")
)
_BOTH = "($6::text is not null and $7::text is not null)"

TARGET = Visibility(in_scope={Role.HUB: f"t.path && {{areas}} and {_UP_TO_LEVEL} && {{areas}}"})
CELLS, CELLS_OF_EACH = (Visibility(in_scope={Role.HUB: in_readers(of_areas=of_areas)}) for of_areas in (False, True))
"""Of cells without a target: others are told of all sectors, for no people of these are."""


# Until all is counted there is nothing to set targets against, so nothing is told, as of coverage.
# An area is asked for by the whole path as well, for that is what the index knows.
# Paths hold each area at the place of its level, and nothing where one is skipped.
# A target lies at the level asked for, or below: then it is part of the sum of the area it lies in, but for those
# inside another area that is part of the same sum.
@cache
def _arguments(role: Role, *, of_areas: bool) -> tuple[str, tuple[str, ...]]:
    """The statement for this role, and what it takes of its reader."""
    target = conditions_for(TARGET, role)
    cells = conditions_for(CELLS_OF_EACH if of_areas else CELLS, role)
    whole = conditions_for(WHOLE, role)
    statement = f"""
with wanted as materialized (
    select {LEVEL} as level, {SECTORS} as sectors
), chosen as materialized (
    select t.*, cardinality(t.path) - 1 as level, t.path[{_WANTED_LEVEL} + 1] as inside
      from target as t
     where t.value is not null
       and exists (select from projection_complete where consumer = 'reporting')
       and t.path[{_WANTED_LEVEL} + 1] <> ''
       and t.population_group = any($8::text[])
       and ($1::text is null or t.country = $1)
       and ($2::text is null or t.path @> array[$2] and {_UP_TO_LEVEL} @> array[$2])
       and {target.visible}
       and ($4::text is null or t.sector = any((select sectors from wanted)::text[]))
       and ($9::text is null or t.indicator = $9)
       and case when {_BOTH} then t.month_from = $6 and t.month_to = $7
                else ($6 is null or t.month_from >= $6) and ($7 is null or t.month_to <= $7) end
), above as materialized (
    select c.id, c.country, c.sector, c.indicator, c.population_group, c.month_from, c.month_to, a.area
      from chosen as c
     cross join lateral unnest(c.path[{_WANTED_LEVEL} + 2:c.level]) as a (area)
), contained as (
    select a.id from above as a join chosen as o on {_SAME.format("o", "a")} and o.area = a.area
), part as (
    select c.*, c.level > {_WANTED_LEVEL} as below from chosen as c where c.id not in (select id from contained)
), targeted as materialized (
    select country, inside as area, sector, indicator, population_group, month_from, month_to, max(unit) as unit,
           min(array_to_string(path[1:{_WANTED_LEVEL} + 1], '/')) as path,
           max(value) filter (where not below) as target_set,
           (sum(value) filter (where below))::bigint as target_summed,
           array_agg(area) filter (where below) as parts, max(level) filter (where below) as finest
      from part
     group by country, inside, sector, indicator, population_group, month_from, month_to
), untargeted as (
    select distinct c.country, c.area, c.sector, '' as indicator, c.population_group, $6 as month_from,
           $7 as month_to, 'people' as unit, null as path, null::bigint as target_set, null::bigint as target_summed,
           null::text[] as parts, null::int as finest
      from coverage_cell as c
     where {_BOTH} and $9 is null
       and c.level = {_WANTED_LEVEL}
       and c.population_group = any($8)
       and ($1::text is null or c.country = $1)
       and {IN_AREA}
       and {cells.visible}
       and ($4::text is null or c.sector = any((select sectors from wanted)::text[]))
       and c.month between $6 and $7
       and c.reports > 0
       and not exists (
        select from targeted as t
         where (t.country, t.area, t.sector, t.indicator, t.population_group)
             = (c.country, c.area, c.sector, '', c.population_group))
), page as (
    select * from (select * from targeted union all select * from untargeted) as r
     where ($11::text is null
            or (r.country, r.area, r.sector, r.indicator, r.population_group, r.month_from, r.month_to)
               > ($11, $12, $13, $14, $15, $16, $17))
     order by country, area, sector, indicator, population_group, month_from, month_to
     limit $10
)
select p.*, a.names as area_names, {_WANTED_LEVEL} as level,
       coalesce(p.path, {BY_LEVEL}, p.area) as path,
       {whole.high} as whole, {whole.cleared[Sensitivity.SEVERE]} as sees_severe,
       case when p.finest is not null then (
            select count(*) from area as x
             where x.country = p.country and x.level = p.finest and x.path @> array[p.area]) end as areas,
       case when p.finest is not null then (
            select count(*) from area as x
             where x.country = p.country and x.level = p.finest and x.path && p.parts) end as areas_with_target
  from page as p
  left join area as a on a.country = p.country and a.pcode = p.area
 order by p.country, p.area, p.sector, p.indicator, p.population_group, p.month_from, p.month_to
"""
    return numbered(statement, behind=17)


def _over_units(name: str, sum: str) -> str:
    """Each side of what units reached, added up so and called so."""
    return ", ".join(f"{sum.format(side)} as {name.format(side)}" for side in REACHED)


TAKEN_TOGETHER = "case r.method when 'max' then max(q.{0}) when 'mean' then round(avg(q.{0})) else sum(q.{0}) end"

# Months of an area add up where the rule adds; else, and for one indicator, each unit is counted over the period by
# itself. The second bound of the path is what follows all that begins with `path/` in the order of the key.
REACH = f"""
with asked as materialized (
    select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                         $9::int[])
           with ordinality
           as k (country, area, sector, indicator, population_group, month_from, month_to, path, level, place)
), rule as materialized (
    select s.sector, r.code, r.version, r.method, r.counts_people
      from (select distinct sector from asked) as s
     cross join lateral (select * from counting_rule as r
                          where r.sector in (s.sector, '') order by r.sector desc, r.version desc limit 1) as r
)
select r.code, r.version, r.method, coalesce(r.counts_people, true) as counts_people, m.*, u.*
  from asked as k
  left join rule as r using (sector)
 cross join lateral (
    select array_agg(case when c.total_known > 0 then c.total end) as totals,
           array_agg(case when c.official_total_known > 0 then c.official_total end) as officials,
           array_agg(case when c.total_known > 0 then c.open_total end) as open_totals,
           array_agg(case when c.official_total_known > 0 then c.open_official_total end) as open_officials,
           {", ".join(f"coalesce(sum(c.{name}), 0) as {name}" for name in ("restricted", "severe", *LEFT_OUT))},
           sum(c.reports)::bigint as reports, sum(c.official_reports)::bigint as official_reports
      from coverage_cell as c
     where c.level = k.level and c.population_group = k.population_group and c.country = k.country and c.area = k.area
       and c.sector = k.sector and c.month between k.month_from and k.month_to) as m
 cross join lateral (
    select {_over_units("unit_{0}", "sum(b.{0})::bigint")}
      from (
        select {_over_units("{0}", TAKEN_TOGETHER)}
          from unit_reach as q
         where (k.indicator <> '' or (r.method in {OVER_UNITS} and k.month_from < k.month_to))
           and q.country = k.country and q.sector = k.sector and q.indicator = k.indicator
           and q.path >= k.path and q.path < k.path || '0'
           and (q.path = k.path or starts_with(q.path, k.path || '/'))
           and q.month between k.month_from and k.month_to
           and k.population_group in ('{ALL_GROUPS}', q.population_group)
         group by q.path, q.unit_key, q.population_group) as b) as u
 order by k.place
"""
