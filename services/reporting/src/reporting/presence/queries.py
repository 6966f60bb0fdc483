"""Who works where, read off the keys of presence."""

from collections.abc import Mapping, Sequence
from typing import Any

from contracts.sensitivity import Sensitivity
from database import Transaction
from pydantic import Field
from runtime.listing import Page

from reporting.asked import PlaceAndTime
from reporting.disclosure import Sight
from reporting.places import IN_PLACES, LEVEL, SECTORS

SORT = ("country", "area", "sector_key")
COLUMNS = (
    "country",
    "area",
    "area_names",
    "level",
    "sector",
    "month_from",
    "month_to",
    "organisations",
    "reports",
    "organisation_ids",
    "organisation_names",
    "organisations_withheld",
)


class PresenceFilter(PlaceAndTime):
    """Which presence."""

    all_sectors: bool = Field(False, description="One row per area for all sectors together")


async def presence(
    tx: Transaction, asked: PresenceFilter, sight: Sight, *, first: int, behind: Sequence[object] | None
) -> Page:
    """Distinct organisations and reports by country, area and sector over the months asked for.

    Counts are never suppressed. An organisation is named where one of its reports here may be seen as such:
    `organisations_withheld` counts the others.
    """
    rows = await tx.fetch(
        PRESENCE,
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
        first + 1,
        *(behind or [None] * len(SORT)),
    )
    return Page.of([_shown(dict(row), asked) for row in rows], first=first, sort=SORT)


def _reaches_high(level: Sensitivity | None) -> bool:
    return level is not None and level.allows(Sensitivity.HIGH)


def _shown(row: Mapping[str, Any], asked: PresenceFilter) -> Mapping[str, Any]:
    named = row["named"] or []
    return {
        **row,
        "sector": row["sector_key"] or None,
        "month_from": asked.month_from or row["first_month"],
        "month_to": asked.month_to or row["last_month"],
        "organisation_ids": [one["id"] for one in named],
        "organisation_names": [one["names"] for one in named],
        "organisations_withheld": row["organisations"] - len(named),
    }


PRESENCE = f"""
with wanted as materialized (
    select {LEVEL} as level, {SECTORS} as sectors
), at_work as (
    select c.country, c.area, case when $15::bool then '' else c.sector end as sector_key, c.organisation_id,
           sum(c.reports) as reports, min(c.month) as first_month, max(c.month) as last_month,
           bool_or($11::bool
               or ($12::uuid = c.organisation_id)
               or ($13::bool and c.high_reports > 0 and c.sector = any($10::text[]) and a.path && $9::text[])
               or ($14::text in ('moderate', 'high', 'severe') and c.moderate_reports > 0)) as named
      from presence_cell as c
      left join area as a on a.country = c.country and a.pcode = c.area
     where c.level = (select level from wanted)
       and ($1::text is null or c.country = $1)
       and ({IN_PLACES.format(pcodes="array[$2]", restricts="$2::text is not null")})
       and ({IN_PLACES.format(pcodes="$9::text[]", restricts="$8::bool")})
       and ($4::text is null or c.sector = any((select sectors from wanted)::text[]))
       and ($6::text is null or c.month >= $6)
       and ($7::text is null or c.month <= $7)
       and ($17::text is null or (c.country, c.area) >= ($17, $18))
       and c.reports > 0
     group by 1, 2, 3, 4
), page as (
    select country, area, sector_key, count(*) as organisations, sum(reports)::bigint as reports,
           min(first_month) as first_month, max(last_month) as last_month,
           array_agg(organisation_id order by organisation_id) filter (where named) as ids
      from at_work
     where ($17::text is null or (country, area, sector_key) > ($17, $18, $19))
     group by 1, 2, 3
     order by 1, 2, 3
     limit $16
)
select p.*, a.names as area_names, (select level from wanted) as level, n.named
  from page as p
  left join area as a on a.country = p.country and a.pcode = p.area
  left join lateral (
      select jsonb_agg(jsonb_build_object(
                 'id', w.id, 'names', coalesce(o.names, jsonb_build_object('en', v.name))) order by w.id) as named
        from unnest(p.ids) as w (id)
        left join organisation as o on o.id = w.id
        left join provider_name as v on v.id = w.id) as n on true
 order by 1, 2, 3
"""  # noqa: S608  constants of this module
