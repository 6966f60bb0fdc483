"""Frozen months of protection: written once, read by governorate, sector and month."""

# ruff: noqa: S608  composed of constants of this module and of counting

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from contracts.protection import IN_PROTECTION
from database import Transaction
from messaging.rebuilding import schema_of

from reporting.closing.domain import FEWEST_ORGANISATIONS, MEASURES, OPEN_DAYS, Contribution
from reporting.counting.cells import FACT, UNITS
from reporting.counting.domain import ALL_GROUPS

GOVERNORATE = 1


class Month(NamedTuple):
    """A governorate's month of one sector of protection."""

    country: str
    adm1: str
    sector: str
    month: str


async def contributions_of(tx: Transaction, months: Sequence[Month]) -> Mapping[Month, list[Contribution]]:
    """What was frozen of each; nothing where nothing was."""
    if not months:
        return {}
    rows = await tx.fetch(FROZEN, *(list(column) for column in zip(*months, strict=True)))
    found: dict[Month, list[Contribution]] = {}
    for row in rows:
        key = Month(*(row[name] for name in Month._fields))
        counts = {name: row[name] for name in MEASURES}
        organisation = row["merged_organisation"] or row["organisation_id"]
        implementer = row["merged_implementer"] or row["implementer_id"]
        whose = (row["population_group"], organisation, implementer)
        resolved = (row["resolved"], row["implementer_resolved"])
        found.setdefault(key, []).append(Contribution(*whose, *resolved, counts, row["frozen_at"]))
    return found


async def ripe(tx: Transaction) -> dict[Month, tuple[int, int]]:
    """Months that are closed, not frozen yet, and may have enough organisations, with what is approved of each."""
    rows = await tx.fetch(RIPE, FEWEST_ORGANISATIONS)
    return {
        Month(*(row[name] for name in Month._fields)): (row["official_reports"], row["official_total"]) for row in rows
    }


async def freeze(tx: Transaction, months: Collection[Month]) -> None:
    """Keep what these months' approved reports say now, where enough organisations stand behind it."""
    await tx.execute(FREEZE, *(list(column) for column in zip(*months, strict=True)), FEWEST_ORGANISATIONS)


FROZEN = """
select c.*, o.merged_into as merged_organisation, i.merged_into as merged_implementer from closed_figure as c
  left join organisation as o on o.id = c.organisation_id
  left join organisation as i on i.id = c.implementer_id
  join unnest($1::text[], $2::text[], $3::text[], $4::text[]) as w (country, adm1, sector, month)
 using (country, adm1, sector, month)
"""

# Where the work was done; without a scope, everywhere on earth.
_CLOSED_BY = (
    f"to_char(date_trunc('month', now() at time zone {{zone}} - interval '{OPEN_DAYS} days')"
    " - interval '1 month', 'YYYY-MM')"
)
_LAST_CLOSED = f"""(
    select coalesce(min({_CLOSED_BY.format(zone="s.time_zone")}), {_CLOSED_BY.format(zone="'Etc/GMT+12'")})
      from scope as s
     where s.country = c.country and s.areas && array[c.country, c.area])"""

RIPE = f"""
select c.country, c.area as adm1, c.sector, c.month, c.official_reports, c.official_total
  from coverage_cell as c
 where c.level = {GOVERNORATE} and c.population_group = '{ALL_GROUPS}'
   and {IN_PROTECTION.format(sector="c.sector")}
   and c.official_reports >= $1 and c.organisations >= $1 and c.official_total > 0
   and not exists (
       select from closed_figure as f
        where (f.country, f.adm1, f.sector, f.month) = (c.country, c.area, c.sector, c.month))
   and c.month <= {_LAST_CLOSED}
   and to_regnamespace('{schema_of("reporting")}') is null
"""
"""During a rebuild none is: the figures that answer stand still, and what is frozen of them stays for ever."""

# Under a `max` rule one report stands for a unit, so that nothing is added up by organisation: nothing is frozen.
FREEZE = f"""
with change as materialized (
    select f.country, f.adm1, f.unit, f.path, f.sector, f.month, f.population_group, f.unit_key
      from report_fact as f
      join unnest($1::text[], $2::text[], $3::text[], $4::text[]) as w (country, adm1, sector, month)
     using (country, adm1, sector, month)
     where {IN_PROTECTION.format(sector="f.sector")}
), {UNITS}, {FACT}, contribution as materialized (
    select u.country, u.adm1, u.sector, u.month, u.population_group, r.organisation_id, r.implementer_id,
           sum(r.total * r.share) as total, sum(r.men * r.share) as men, sum(r.women * r.share) as women,
           sum(r.boys * r.share) as boys, sum(r.girls * r.share) as girls,
           sum(r.rest * r.share) as not_disaggregated, sum(r.with_disability * r.share) as with_disability
      from ranked as r
      join unit as u using (country, adm1, unit)
     where r.officially_reaches and r.method <> 'max'
     group by 1, 2, 3, 4, 5, 6, 7
), known as materialized (
    select c.*, coalesce(o.verified, false) as resolved, coalesce(i.verified, false) as implementer_resolved
      from contribution as c
      left join organisation as o on o.id = c.organisation_id
      left join organisation as i on i.id = c.implementer_id
), enough as (
    select country, adm1, sector, month from known
     where total > 0
     group by 1, 2, 3, 4
    having count(distinct organisation_id) filter (where resolved) >= $5
       and count(distinct implementer_id) filter (where implementer_resolved) >= $5
)
insert into closed_figure
       (country, adm1, sector, month, population_group, organisation_id, implementer_id, resolved,
        implementer_resolved, {", ".join(MEASURES)})
select country, adm1, sector, month, population_group, organisation_id, implementer_id, resolved,
       implementer_resolved, {", ".join(MEASURES)}
  from known join enough using (country, adm1, sector, month)
on conflict do nothing
"""
