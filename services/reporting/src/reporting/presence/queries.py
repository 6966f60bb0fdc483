"""Who works where, read off the keys of presence."""

# ruff: noqa: S608  composed of constants of this module only

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any
from uuid import UUID

from contracts.figures import PresenceFilter
from contracts.sensitivity import Sensitivity
from database import Transaction
from runtime.access import Reader, Role
from runtime.listing import Page, PageRequest
from runtime.visibility import ALWAYS, Visibility, conditions_for, numbered, values_of

from reporting.counting.domain import ALL_GROUPS
from reporting.places import IN_AREA, LEVEL, PLACES, SECTORS, in_readers
from reporting.visibility import of_presence

OF_ORGANISATION = ("organisation_id",)
SORT = ("country", "area", "sector_key")


async def presence(tx: Transaction, reader: Reader, filter: PresenceFilter, part: PageRequest) -> Page:
    """Distinct organisations and reports by country, area and sector over the months asked for.

    Of one organisation these are the same rows, where it is among those named: it can't be found where it is withheld.
    Counts are never suppressed. An organisation is named where one of its reports here may be seen as such; one that
    is not verified, such as a name nobody has resolved, to its reviewers alone: `organisations_withheld` counts the
    others.
    """
    arguments = (
        filter.country,
        filter.area,
        filter.level,
        filter.sector,
        filter.descendants,
        filter.month_from,
        filter.month_to,
        filter.all_sectors,
        part.first + 1,
        *(part.after or [None] * len(SORT)),
        filter.organisation_id,
    )
    of_areas = part.keys is not None and part.keys.by != OF_ORGANISATION
    text, names = _presence(reader.role, of_areas=of_areas)
    places = {**PLACES, "organisation_id": len(arguments)}
    statement, given = part.statement_for(text, (*arguments, *values_of(reader, names)), places)
    rows = await tx.fetch(statement, *given)
    known = await _names(tx, {id for row in rows for id in row["named"] or ()})
    return part.page([_shown(dict(row), filter, known) for row in rows], SORT)


async def _names(tx: Transaction, ids: Collection[UUID]) -> Mapping[UUID, Any]:
    return {row["id"]: row["names"] for row in await tx.fetch(NAMES, list(ids))}


def _shown(row: Mapping[str, Any], filter: PresenceFilter, names: Mapping[UUID, Any]) -> Mapping[str, Any]:
    named = row["named"] or []
    return {
        **row,
        "sector": row["sector_key"] or None,
        "month_from": filter.month_from or row["first_month"],
        "month_to": filter.month_to or row["last_month"],
        "organisation_ids": named,
        "organisation_names": [names[id] for id in named],
        "organisations_withheld": row["organisations"] - len(named),
    }


_MATCHES = f"""c.level = (select level from wanted)
       and ($1::text is null or c.country = $1)
       and {IN_AREA}
       and ($4::text is null or c.sector = any((select sectors from wanted)::text[]))
       and ($6::text is null or c.month >= $6)
       and ($7::text is null or c.month <= $7)"""
_SECTOR_KEY = "case when $8::bool then '' else c.sector end"

CELLS, CELLS_OF_EACH = (Visibility(in_scope={Role.HUB: in_readers(of_areas=of_areas)}) for of_areas in (False, True))


def _visible_to(cell: str, role: Role) -> str:
    """How many reports count: of severe reports of others nothing is said, not that they are there."""
    severe = conditions_for(of_presence(cell), role).cleared[Sensitivity.SEVERE]
    if severe == ALWAYS:
        return f"{cell}.reports"
    return f"case when {severe} then {cell}.reports else {cell}.high_reports end"


# The page's rows are found first, in the order of the key and where there is one cell for all organisations, so that
# only what stands on the page is counted.
@cache
def _presence(role: Role, *, of_areas: bool) -> tuple[str, tuple[str, ...]]:
    """The statement for this role, and what it takes of its reader."""
    bounds = conditions_for(CELLS_OF_EACH if of_areas else CELLS, role).visible
    named = conditions_for(of_presence("c"), role)
    heard_of, of_cell = (_visible_to(cell, role) for cell in ("c", "p"))
    heard = f"""exists (
           select from presence_cell as p
            where (p.level, p.country, p.area, p.sector, p.month) = (c.level, c.country, c.area, c.sector, c.month)
              and {of_cell} > 0)"""
    if role is Role.SECRETARIAT:  # who hears of all that the cell counts
        heard = ALWAYS
    statement = f"""
with wanted as materialized (
    select {LEVEL} as level, {SECTORS} as sectors
), shown as materialized (
    select distinct c.country, c.area, {_SECTOR_KEY} as sector_key
      from coverage_cell as c
     where {_MATCHES} and c.population_group = '{ALL_GROUPS}' and c.organisations > 0
       and {bounds} and {heard}
       and ($13::uuid is null or (c.country, c.area, c.sector, c.month) in (
           select c.country, c.area, c.sector, c.month
             from presence_cell as c
             left join area as a on a.country = c.country and a.pcode = c.area
            where c.organisation_id = coalesce((
                    select m.merged_into from organisation as m where m.id = $13::uuid), $13::uuid)
              and c.level = (select level from wanted)
              and {heard_of} > 0 and {named.visible}))
       and ($10::text is null or (c.country, c.area) >= ($10, $11))
       and ($10::text is null or (c.country, c.area, {_SECTOR_KEY}) > ($10, $11, $12))
     order by 1, 2, 3
     limit $9
)
select s.*, a.names as area_names, (select level from wanted) as level, w.*
  from shown as s
  left join area as a on a.country = s.country and a.pcode = s.area
 cross join lateral (
    select count(*) as organisations, sum(o.reports)::bigint as reports,
           min(o.first_month) as first_month, max(o.last_month) as last_month,
           array_agg(o.id order by o.id) filter (where o.named) as named
      from (
        select c.organisation_id as id, sum({heard_of}) as reports, min(c.month) as first_month,
               max(c.month) as last_month,
               bool_or({named.visible}) as named
          from presence_cell as c
         where {_MATCHES} and c.country = s.country and c.area = s.area and {_SECTOR_KEY} = s.sector_key
           and {heard_of} > 0
         group by c.organisation_id) as o) as w
 order by 1, 2, 3
"""
    return numbered(statement, behind=13)


NAMES = """
select w.id, coalesce(o.names, jsonb_build_object('en', v.name)) as names
  from unnest($1::uuid[]) as w (id)
  left join organisation as o on o.id = w.id
  left join provider_name as v on v.id = w.id
"""
