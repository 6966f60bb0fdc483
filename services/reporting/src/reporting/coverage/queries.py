"""Figures of areas, read from their cells."""

from collections.abc import Mapping, Sequence
from typing import Any

from contracts.figures import COVERAGE, ByGroup, CoverageFilter
from database import Transaction
from runtime.listing import Page, Part

from reporting.closing.queries import Closing, closing_of
from reporting.counting.cells import COUNTS, GROUPS, OPEN
from reporting.counting.domain import TIME_BASIS
from reporting.disclosure import NEVER_WHOLE, Sight, disclosed, sees_whole
from reporting.places import IN_PLACES, LEVEL, PLACES, SECTORS, WHOLE, of_areas

EACH_GROUP = "each"
GOVERNORATE = 1
"""Below it others are not told that there is work on violence or child protection, not by a count of reports."""


async def figures(tx: Transaction, asked: CoverageFilter, sight: Sight, part: Part) -> Page:
    """The figures that match, as this reader may see them, by group, country, area, sector and month."""
    arguments = (
        asked.country,
        asked.area,
        asked.level,
        asked.sector,
        asked.descendants,
        asked.month_from,
        asked.month_to,
        list(groups_of(asked)),
        sight.bounded,
        list(sight.areas),
        list(sight.sectors),
        sight.sees_all,
        list(NEVER_WHOLE),
        part.first + 1,
        *(part.behind or [None] * len(COVERAGE.sort)),
    )
    statement, given = part.asked(OF_AREAS if part.keys else FIGURES, arguments, PLACES)
    found = [dict(row) for row in await tx.fetch(statement, *given)]
    closing = await closing_of(tx, [row for row in found if not sees_whole(row, sight)], sight)
    return part.page([_shown(row, sight, closing) for row in found], COVERAGE.sort)


def groups_of(asked: ByGroup) -> Sequence[str]:
    """The groups a filter asks for, `all` of them together being one."""
    return GROUPS if asked.population_group == EACH_GROUP else (asked.population_group,)


def _shown(row: Mapping[str, Any], sight: Sight, closing: Closing) -> Mapping[str, Any]:
    figure = {**row, "time_basis": TIME_BASIS, "frozen_at": None}
    figure |= {"reports_without_new_flag": row["unflagged"], "reports_in_other_units": row["in_other_units"]}
    figure["basis"] = "official" if row["official_reports"] == row["reports"] else "provisional"
    return disclosed(figure, sight, closing.told(row))


def _known(column: str, shown: str) -> str:
    return f"case when c.{column}_known > 0 then c.{column} end as {shown}"


FIGURES = f"""
with wanted as materialized (
    select {LEVEL} as level, {SECTORS} as sectors
)
select c.country, c.area, a.names as area_names, c.level, c.sector, c.month, c.population_group,
       c.rule_code, c.rule_version, r.counts_people,
       {_known("total", "people_total")}, {_known("men", "people_men")}, {_known("women", "people_women")},
       {_known("boys", "people_boys")}, {_known("girls", "people_girls")},
       case when c.total_known > 0 then c.not_disaggregated end as people_not_disaggregated,
       {_known("with_disability", "people_with_disability")}, {_known("frequencies", "frequencies")},
       {_known("official_total", "official_people_total")},
       {_known("official_frequencies", "official_frequencies")},
       {", ".join(f"c.{name}" for name in (*COUNTS, *OPEN))}, c.organisations,
       {WHOLE.format(sector="c.sector")} as whole
  from coverage_cell as c
  left join area as a on a.country = c.country and a.pcode = c.area
  join counting_rule as r on r.code = c.rule_code and r.version = c.rule_version
 where c.level = (select level from wanted)
   and c.population_group = any($8::text[])
   and ($1::text is null or c.country = $1)
   and ({IN_PLACES.format(pcodes="array[$2]", restricts="$2::text is not null")})
   and ({IN_PLACES.format(pcodes="$10::text[]", restricts="$9::bool")})
   and ($4::text is null or c.sector = any((select sectors from wanted)::text[]))
   and ($12::bool or c.level <= {GOVERNORATE} or c.sector <> all($13::text[]))
   and ($6::text is null or c.month >= $6)
   and ($7::text is null or c.month <= $7)
   and ($15::text is null or (c.population_group, c.country, c.area, c.sector, c.month) > ($15, $16, $17, $18, $19))
 order by c.population_group, c.country, c.area, c.sector, c.month
 limit $14
"""  # noqa: S608  constants of this module
OF_AREAS = of_areas(FIGURES, pcodes="$10::text[]", restricts="$9::bool")
