"""The one statement that counts: from the facts of the touched units to the cells of every area above them.

A unit's cells are computed anew from its facts. Areas get the difference to what the unit's cells said before. After
a rebuild the same statement counts all facts at once, onto cells that are still empty.
"""

# ruff: noqa: S608  composed of constants of this module only

from contracts.reports import PopulationGroup
from contracts.values import NO_GROUP

GROUPS = (*(group.value for group in PopulationGroup), NO_GROUP)
"""In the order of the counts in `presence_cell.by_group`."""

MEASURES = (
    "total",
    "men",
    "women",
    "boys",
    "girls",
    "not_disaggregated",
    "with_disability",
    "frequencies",
    "official_total",
    "official_frequencies",
)
KNOWN = tuple(name for name in MEASURES if name != "not_disaggregated")
"""Measures that may be null; "not disaggregated" is known where the total is."""

LEFT_OUT = ("unflagged", "in_other_units")
"""Numbers of reports that reach nobody: under `new_only` without saying whether these people are new; and whose numbers
count something else than people."""

COUNTS = ("reports", "official_reports", "restricted", "severe", "parts_withheld", "disability_withheld", *LEFT_OUT)
"""Numbers of reports: restricted ones are above moderate, of withheld ones others do not see all parts."""

OPEN = ("open_total", "open_frequencies", "open_official_total", "open_official_frequencies")
"""Measures without restricted reports."""

SUMS = (*COUNTS, *MEASURES, *OPEN, *(f"{name}_known" for name in KNOWN))
CELL = "level, population_group, country, area, sector, month, adm1"
UNIT = "country, adm1, unit"


def _each(form: str, names: tuple[str, ...], separator: str = ", ") -> str:
    return separator.join(form.format(name) for name in names)


STANDS = "{0}.stage in ('submitted', 'approved')"
"""Whether a report counts at all: what was returned or withdrawn counts nowhere."""


# What came and went, and what there is: a change as both statements see it.
CHANGED = """select * from unnest($1::int[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[],
                                $8::text[], $9::uuid[], $10::text[], $11::text[], $12::text[], $13::text[])
         as c (sign, country, adm1, unit, path, sector, month, population_group, organisation_id,
               status, stage, sensitivity, unit_key)"""
WHOLE = """select 1 as sign, country, adm1, unit, path, sector, month, population_group,
           coalesce(o.merged_into, implementer_id) as organisation_id, status, stage, sensitivity, unit_key
      from report_fact left join organisation as o on o.id = implementer_id and o.merged_into is not null"""

_RULE = "code, version, method, counts_people, statuses, presence_statuses, apart, core_only, only_units, never_units"
UNITS = f"""
merged as materialized (
    select id, merged_into from organisation where merged_into is not null
), rule as materialized (
    select s.sector, {_each("r.{0}", tuple(_RULE.split(", ")))}
      from (select distinct sector from change) as s
     cross join lateral (select * from counting_rule as r
                          where r.sector in (s.sector, '') order by r.sector desc, r.version desc limit 1) as r
), unit as materialized (
    select u.*, {_each("r.{0}", tuple(_RULE.split(", ")))}
      from (select distinct country, adm1, unit, path, sector, month, population_group, unit_key from change) as u
      join rule as r using (sector)
)"""

# A report on another's work does not count where the implementer reported the same work itself: same unit, sector,
# indicator, month and group. Under `max` a unit counts once anyway, and the greater of the two is the better count.
# Parts of a sector that are counted apart (shelter, NFI) are added up by themselves.
FACT = f"""
fact as (
    select u.country, u.adm1, unit, f.indicator,
           case when f.component = any(u.apart) then f.component else '' end as component,
           f.id, f.total, f.men, f.women, f.boys, f.girls, f.with_disability,
           f.newly_reached, coalesce(o.merged_into, f.organisation_id) as organisation_id,
           coalesce(i.merged_into, f.implementer_id) as implementer_id,
           coalesce(o.merged_into, f.organisation_id) <> coalesce(i.merged_into, f.implementer_id) as for_another,
           f.sensitivity in ('low', 'moderate') as open, f.sensitivity = 'severe' as severe,
           f.parts_withheld, f.disability_withheld,
           f.stage = 'approved' as official, f.status = any(u.statuses) as countable, u.method, u.counts_people,
           f.counted_unit <> all(u.never_units)
               and (cardinality(u.only_units) = 0 or f.counted_unit = any(u.only_units)) as of_people,
           f.core or f.component <> all(u.core_only) as eligible
      from unit as u
      join report_fact as f using (country, adm1, unit)
      left join merged as o on o.id = f.organisation_id
      left join merged as i on i.id = f.implementer_id
     where {STANDS.format("f")} and f.status = any(u.presence_statuses)
), once as (
    select *,
           countable and of_people and not (method <> 'max' and for_another
               and bool_or(countable and of_people and not for_another) over work) as counted,
           countable and of_people and official and not (method <> 'max' and for_another
               and bool_or(countable and of_people and official and not for_another) over work) as officially
      from fact
    window work as (partition by unit, indicator, implementer_id)
), reach as (
    select *, counts_people and counted and eligible and total is not null
                  and (method <> 'new_only' or newly_reached is not null) as reaches,
              counts_people and officially and eligible and total is not null
                  and (method <> 'new_only' or newly_reached is not null) as officially_reaches,
              counts_people and counted and eligible and total is not null
                  and method = 'new_only' and newly_reached is null as unflagged,
              countable and not of_people and total is not null as in_other_units,
           case when method = 'new_only' then newly_reached::int else 1 end as share,
           greatest(total - coalesce(men, 0) - coalesce(women, 0) - coalesce(boys, 0) - coalesce(girls, 0), 0) as rest
      from once
), ranked as (
    select *,
           row_number() over (partition by unit, indicator
               order by reaches desc, total desc, num_nonnulls(men, women, boys, girls) desc, id) as place,
           row_number() over (partition by unit, indicator
               order by officially_reaches desc, total desc, num_nonnulls(men, women, boys, girls) desc, id)
               as official_place
      from reach
)"""

# Which cells make the reach of their unit: under `max` the greatest, else all of the greatest of the parts that are
# counted apart, for the same people get shelter and household items.
_COUNTS = """
           case when method = 'max'
                then row_number() over (partition by unit order by {0}total desc nulls last, indicator, component) = 1
                else component = first_value(component) over (partition by unit
                                                              order by {1} desc nulls last, component) end"""
_HELD = (*COUNTS, *MEASURES, *OPEN)
_SAME_CELL = _each("{0}", _HELD)
CELLS = f"""
sums as (
    select {UNIT}, indicator, component, method,
           count(*) as reports, count(*) filter (where official) as official_reports,
           {_each("sum({0} * share) filter (where takes) as {0}", ("total", "men", "women", "boys", "girls"))},
           sum(rest * share) filter (where takes) as not_disaggregated,
           sum(with_disability * share) filter (where takes) as with_disability,
           sum(total) filter (where counted) as frequencies,
           sum(total * share) filter (where officially_takes) as official_total,
           sum(total) filter (where officially) as official_frequencies,
           count(*) filter (where not open) as restricted, count(*) filter (where severe) as severe,
           count(*) filter (where takes and share > 0 and parts_withheld) as parts_withheld,
           count(*) filter (where takes and share > 0 and disability_withheld) as disability_withheld,
           {_each("count(*) filter (where {0}) as {0}", LEFT_OUT)},
           sum(total * share) filter (where takes and open) as open_total,
           sum(total) filter (where counted and open) as open_frequencies,
           sum(total * share) filter (where officially_takes and open) as open_official_total,
           sum(total) filter (where officially and open) as open_official_frequencies
      from (select *, reaches and (method <> 'max' or place = 1) as takes,
                   officially_reaches and (method <> 'max' or official_place = 1) as officially_takes
              from ranked) as taken
     group by {UNIT}, indicator, component, method
), part as (
    select *, sum(total) over (partition by unit, component) as together,
           sum(official_total) over (partition by unit, component) as official_together
      from sums
), cell as materialized (
    select *, {_COUNTS.format("", "together")} as counts,
           {_COUNTS.format("official_", "official_together")} as official_counts
      from part
), old as materialized (
    select c.*, unit.method from unit join unit_cell as c using ({UNIT})
), gone as (
    delete from unit_cell as c using old as o
     where (c.country, c.adm1, c.unit, c.indicator, c.component) = (o.country, o.adm1, o.unit, o.indicator, o.component)
       and (o.unit, o.indicator, o.component) not in (select unit, indicator, component from cell)
), kept as (
    insert into unit_cell as held
           ({UNIT}, indicator, component, rule_code, rule_version, counts, official_counts, {_SAME_CELL})
    select {UNIT}, c.indicator, c.component, u.code, u.version, c.counts, c.official_counts, {_SAME_CELL}
      from cell as c join unit as u using ({UNIT})
    on conflict ({UNIT}, indicator, component) do update
    set rule_code = excluded.rule_code, rule_version = excluded.rule_version, counts = excluded.counts,
        official_counts = excluded.official_counts,
        {_each("{0} = excluded.{0}", _HELD)}
    where held is distinct from excluded
)"""

OVER_UNITS = "('max', 'mean')"
"""Methods by which each unit's months are taken together: the greatest, or their mean; others add."""

# What a period is counted from where the months of areas can't be added up: per unit, and per indicator.
REACHED = ("total", "official_total", "open_total", "open_official_total")
_REACHED = _each("{0}", REACHED)
REACHES = f"""
reached as materialized (
    select unit, '' as indicator, (sum(total) filter (where counts))::bigint as total,
           (sum(official_total) filter (where official_counts))::bigint as official_total,
           (sum(open_total) filter (where counts))::bigint as open_total,
           (sum(open_official_total) filter (where official_counts))::bigint as open_official_total
      from cell where method in {OVER_UNITS} group by unit having count(total) > 0
     union all
    select unit, indicator, {_each("sum({0})::bigint as {0}", REACHED)}
      from cell where indicator <> '' and total is not null
     group by unit, indicator
), lost as (
    select unit, '' as indicator from old where method in {OVER_UNITS}
     union
    select unit, indicator from old where indicator <> ''
    except
    select unit, indicator from reached
), unreached as (
    delete from unit_reach as r using lost as l join unit as u using (unit)
     where (r.country, r.sector, r.indicator, r.path, r.unit_key, r.population_group, r.month)
         = (u.country, u.sector, l.indicator, u.path, u.unit_key, u.population_group, u.month)
), reaching as (
    insert into unit_reach as held
        (country, sector, indicator, path, unit_key, population_group, month, {_REACHED})
    select country, sector, indicator, path, unit_key, population_group, month, {_REACHED}
      from reached join unit using (unit)
    on conflict (country, sector, indicator, path, unit_key, population_group, month) do update
    set {_each("{0} = excluded.{0}", REACHED)}
    where ({_each("held.{0}", REACHED)}) is distinct from ({_each("excluded.{0}", REACHED)})
)"""

_SAID = f"""
    select {UNIT}, {_each("{{sign}} * {0} as {0}", COUNTS)},
           {_each("case when counts then {{sign}} * {0} end as {0}", MEASURES[:7])},
           {{sign}} * frequencies as frequencies,
           case when official_counts then {{sign}} * official_total end as official_total,
           {{sign}} * official_frequencies as official_frequencies,
           case when counts then {{sign}} * open_total end as open_total,
           {{sign}} * open_frequencies as open_frequencies,
           case when official_counts then {{sign}} * open_official_total end as open_official_total,
           {{sign}} * open_official_frequencies as open_official_frequencies,
           {{sign}} as sign
      from {{cells}}"""

_DIFFERENCE = f"""
    select country, adm1, path, sector, month, population_group,
           {_each("sum({0})::bigint as {0}", _HELD)},
           {_each("(sum(sign) filter (where {0} is not null))::int as {0}_known", KNOWN)}
      from ({_SAID.format(sign=1, cells="cell")}
            union all {_SAID.format(sign=-1, cells="old")}) as said
      join unit using ({UNIT})
     group by country, adm1, path, sector, month, population_group"""

# From a place to each area on its path; where a level has none, nothing stands between two slashes.
_UPWARD = """
     cross join lateral (select u.area, u.step from unnest(string_to_array(path, '/')) with ordinality as u (area, step)
                          where u.area <> '') as up"""
_AT = """(up.step - 1)::smallint as level, d.country, up.area, d.sector, d.month,
           case when up.step = 1 then d.country else d.adm1 end as adm1"""
_PLACE = "level, country, area, sector, month, adm1"
_IN_GROUP = ", ".join(f"coalesce(sum(d.sign) filter (where d.population_group = '{group}'), 0)" for group in GROUPS)
_IN_GROUPS = ", ".join(f"held.by_group[{n}] + excluded.by_group[{n}]" for n, _ in enumerate(GROUPS, 1))
_GROUPS = ", ".join(f"('{group}', {n})" for n, group in enumerate(GROUPS, 1))

AREAS = f"""
figures as (
    select {_AT}, g.population_group, {_each("sum(d.{0})::bigint as {0}", SUMS)}
      from ({_DIFFERENCE}) as d {_UPWARD}
     cross join lateral (values (d.population_group), ('all')) as g (population_group)
     group by 1, 2, 3, 4, 5, 6, 7
), moved as (
    select {_AT}, d.organisation_id, sum(d.sign) as reports,
           coalesce(sum(d.sign) filter (where d.sensitivity in ('low', 'moderate')), 0) as moderate_reports,
           coalesce(sum(d.sign) filter (where d.sensitivity <> 'severe'), 0) as high_reports,
           array[{_IN_GROUP}] as by_group
      from (select c.* from change as c join rule as r using (sector)
             where {STANDS.format("c")} and c.status = any(r.presence_statuses)) as d {_UPWARD}
     group by 1, 2, 3, 4, 5, 6, 7
), present as (
    insert into presence_cell as held ({_PLACE}, organisation_id, reports, moderate_reports, high_reports, by_group)
    select {_PLACE}, organisation_id, reports, moderate_reports, high_reports, by_group
      from moved
     where (reports, moderate_reports, high_reports, by_group) <> (0, 0, 0, array_fill(0::bigint, array[{len(GROUPS)}]))
    on conflict (level, country, area, sector, month, organisation_id, adm1) do update
    set reports = held.reports + excluded.reports,
        moderate_reports = held.moderate_reports + excluded.moderate_reports,
        high_reports = held.high_reports + excluded.high_reports,
        by_group = array[{_IN_GROUPS}]
    returning {_each("new.{0}", tuple(_PLACE.split(", ")))},
              (new.reports > 0)::int - (coalesce(old.reports, 0) > 0)::int as organisations,
              old.by_group as before, new.by_group as after
), arrivals as (
    select {_PLACE}, 'all' as population_group, sum(organisations) as organisations
      from present where organisations <> 0 group by {_PLACE}
     union all
    select {_PLACE}, g.population_group, sum((after[g.n] > 0)::int - (coalesce(before[g.n], 0) > 0)::int)
      from present join (values {_GROUPS}) as g (population_group, n)
        on (after[g.n] > 0) <> (coalesce(before[g.n], 0) > 0)
     group by {_PLACE}, g.population_group
), raised as (
    select {CELL}, coalesce(organisations, 0) as organisations, {_each("coalesce({0}, 0) as {0}", SUMS)}
      from figures full join arrivals using ({CELL})
)
insert into coverage_cell as held ({CELL}, rule_code, rule_version, organisations, {_each("{0}", SUMS)})
select {_each("d.{0}", tuple(CELL.split(", ")))}, r.code, r.version, d.organisations, {_each("d.{0}", SUMS)}
  from raised as d join rule as r using (sector)
 where (d.organisations, {_each("d.{0}", SUMS)}) <> (0, {_each("0", SUMS)})
on conflict ({CELL}) do update
set rule_code = excluded.rule_code, rule_version = excluded.rule_version,
    organisations = held.organisations + excluded.organisations,
    {_each("{0} = held.{0} + excluded.{0}", SUMS)}
"""

_COUNTED = f"{UNITS},\n{FACT},\n{CELLS},\n{REACHES},\n{AREAS}"
RECOUNT = f"with change as materialized ({CHANGED}),\n{_COUNTED}"
COUNT_ALL = f"with change as not materialized ({WHOLE}),\n{_COUNTED}"

_EMPTIED = f"""
    select distinct {_AT}
      from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
           as d (country, adm1, path, sector, month) {_UPWARD}"""
_SAME_PLACE = _each("held.{0} = d.{0}", tuple(_PLACE.split(", ")), " and ")
SWEEP_PRESENCE = f"""
delete from presence_cell as held using ({_EMPTIED}) as d where {_SAME_PLACE} and held.reports = 0
"""
SWEEP_COVERAGE = f"""
delete from coverage_cell as held using ({_EMPTIED}) as d
 where {_SAME_PLACE} and held.population_group = any($6::text[]) and held.reports = 0 and held.organisations = 0
"""
"""The cells above these units in which nothing is left: no other transaction ever sees them empty."""
