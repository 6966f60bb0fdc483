"""Who works where, read off the keys of presence."""

# ruff: noqa: S608  composed of constants of this module only

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from contracts.figures import PresenceFilter
from contracts.sensitivity import Sensitivity
from database import Transaction
from runtime.listing import Page, Part

from reporting.counting.domain import ALL_GROUPS
from reporting.disclosure import Sight
from reporting.places import IN_PLACES, LEVEL, PLACES, SECTORS, of_areas

OF_ORGANISATION = ("organisation_id",)
SORT = ("country", "area", "sector_key")


async def presence(tx: Transaction, asked: PresenceFilter, sight: Sight, part: Part) -> Page:
    """Distinct organisations and reports by country, area and sector over the months asked for.

    Of one organisation these are the same rows, where it is among those named: it can't be found where it is withheld.
    Counts are never suppressed. An organisation is named where one of its reports here may be seen as such; one that
    is not verified, such as a name nobody has resolved, to its reviewers alone: `organisations_withheld` counts the
    others.
    """
    arguments = (
        asked.country,
        asked.area,
        asked.level,
        asked.sector,
        asked.descendants,
        asked.month_from,
        asked.month_to,
        sight.bounded,
        list(sight.areas),
        list(sight.sectors),
        sight.sees_all,
        sight.organisation_id,
        _reaches_high(sight.in_scope),
        sight.in_scope if sight.bounded else sight.other,
        asked.all_sectors,
        part.first + 1,
        *(part.behind or [None] * len(SORT)),
        asked.organisation_id,
    )
    of_areas = part.keys and part.keys.by != OF_ORGANISATION
    statement, given = part.asked(OF_AREAS if of_areas else PRESENCE, arguments, {**PLACES, "organisation_id": 20})
    rows = await tx.fetch(statement, *given)
    names = await _names(tx, {id for row in rows for id in row["named"] or ()})
    return part.page([_shown(dict(row), asked, names) for row in rows], SORT)


async def _names(tx: Transaction, ids: Collection[UUID]) -> Mapping[UUID, Any]:
    return {row["id"]: row["names"] for row in await tx.fetch(NAMES, list(ids))}


def _reaches_high(level: Sensitivity | None) -> bool:
    return level is not None and level.allows(Sensitivity.HIGH)


def _shown(row: Mapping[str, Any], asked: PresenceFilter, names: Mapping[UUID, Any]) -> Mapping[str, Any]:
    named = row["named"] or []
    return {
        **row,
        "sector": row["sector_key"] or None,
        "month_from": asked.month_from or row["first_month"],
        "month_to": asked.month_to or row["last_month"],
        "organisation_ids": named,
        "organisation_names": [names[id] for id in named],
        "organisations_withheld": row["organisations"] - len(named),
    }


_MATCHES = f"""c.level = (select level from wanted)
       and ($1::text is null or c.country = $1)
       and ({IN_PLACES.format(pcodes="array[$2]", restricts="$2::text is not null")})
       and ({IN_PLACES.format(pcodes="$9::text[]", restricts="$8::bool")})
       and ($4::text is null or c.sector = any((select sectors from wanted)::text[]))
       and ($6::text is null or c.month >= $6)
       and ($7::text is null or c.month <= $7)"""
_HEARD_OF = "case when $11::bool or c.organisation_id = $12::uuid then c.reports else c.high_reports end"
"""Of severe reports of others nothing is said, not that they are there."""
_NAMED = """($11::bool
       or ($12::uuid = c.organisation_id)
       or ($13::bool and c.high_reports > 0 and c.sector = any($10::text[]) and a.path && $9::text[])
       or ($14::text in ('moderate', 'high', 'severe') and c.moderate_reports > 0
           and c.organisation_id in (select known.id from organisation as known where known.verified)))"""
_SECTOR_KEY = "case when $15::bool then '' else c.sector end"

# The page's rows are found first, in the order of the key and where there is one cell for all organisations, so that
# only what stands on the page is counted.
PRESENCE = f"""
with wanted as materialized (
    select {LEVEL} as level, {SECTORS} as sectors
), shown as materialized (
    select distinct c.country, c.area, {_SECTOR_KEY} as sector_key
      from coverage_cell as c
     where {_MATCHES} and c.population_group = '{ALL_GROUPS}' and c.organisations > 0
       and ($11::bool or exists (
           select from presence_cell as p
            where (p.level, p.country, p.area, p.sector, p.month) = (c.level, c.country, c.area, c.sector, c.month)
              and (p.high_reports > 0 or p.organisation_id = $12::uuid and p.reports > 0)))
       and ($20::uuid is null or (c.country, c.area, c.sector, c.month) in (
           select c.country, c.area, c.sector, c.month
             from presence_cell as c
             left join area as a on a.country = c.country and a.pcode = c.area
            where c.organisation_id = $20::uuid and c.level = (select level from wanted)
              and {_HEARD_OF} > 0 and {_NAMED}))
       and ($17::text is null or (c.country, c.area) >= ($17, $18))
       and ($17::text is null or (c.country, c.area, {_SECTOR_KEY}) > ($17, $18, $19))
     order by 1, 2, 3
     limit $16
)
select s.*, a.names as area_names, (select level from wanted) as level, w.*
  from shown as s
  left join area as a on a.country = s.country and a.pcode = s.area
 cross join lateral (
    select count(*) as organisations, sum(o.reports)::bigint as reports,
           min(o.first_month) as first_month, max(o.last_month) as last_month,
           array_agg(o.id order by o.id) filter (where o.named) as named
      from (
        select c.organisation_id as id, sum({_HEARD_OF}) as reports, min(c.month) as first_month,
               max(c.month) as last_month,
               bool_or({_NAMED}) as named
          from presence_cell as c
         where {_MATCHES} and c.country = s.country and c.area = s.area and {_SECTOR_KEY} = s.sector_key
           and {_HEARD_OF} > 0
         group by c.organisation_id) as o) as w
 order by 1, 2, 3
"""
OF_AREAS = of_areas(PRESENCE, pcodes="$9::text[]", restricts="$8::bool")
NAMES = """
select w.id, coalesce(o.names, jsonb_build_object('en', v.name)) as names
  from unnest($1::uuid[]) as w (id)
  left join organisation as o on o.id = w.id
  left join provider_name as v on v.id = w.id
"""
