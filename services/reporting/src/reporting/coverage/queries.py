"""Figures of areas, read from their cells."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from contracts.figures import COVERAGE, ByGroup, CoverageFilter
from contracts.sensitivity import Sensitivity
from database import Transaction
from runtime.access import Reader, Role
from runtime.listing import Page, PageRequest
from runtime.visibility import Visibility, conditions_for, numbered, values_of

from reporting.closing.queries import ClosedMonths, closing_of
from reporting.counting.cells import COUNTS, GROUPS, OPEN
from reporting.counting.domain import TIME_BASIS
from reporting.disclosure import disclosed, is_fully_visible
from reporting.places import IN_AREA, LEVEL, PLACES, SECTORS, in_readers
from reporting.visibility import of_figures

EACH_GROUP = "each"
FIGURES, OF_EACH = of_figures(in_readers(of_areas=False)), of_figures(in_readers(of_areas=True))


async def figures(tx: Transaction, reader: Reader, filter: CoverageFilter, part: PageRequest) -> Page:
    """The figures that match, as this reader may see them, by group, country, area, sector and month."""
    arguments = (
        filter.country,
        filter.area,
        filter.level,
        filter.sector,
        filter.descendants,
        filter.month_from,
        filter.month_to,
        list(groups_of(filter)),
        part.first + 1,
        *(part.after or [None] * len(COVERAGE.sort)),
    )
    text, names = _figures(OF_EACH if part.keys else FIGURES, reader.role)
    statement, given = part.statement_for(text, (*arguments, *values_of(reader, names)), PLACES)
    found = [dict(row) for row in await tx.fetch(statement, *given)]
    closing = await closing_of(tx, [row for row in found if not is_fully_visible(row)], reader)
    return part.page([_shown(row, closing) for row in found], COVERAGE.sort)


def groups_of(filter: ByGroup) -> Sequence[str]:
    """The groups a filter asks for, `all` of them together being one."""
    return GROUPS if filter.population_group == EACH_GROUP else (filter.population_group,)


def _shown(row: Mapping[str, Any], closing: ClosedMonths) -> Mapping[str, Any]:
    figure = {**row, "time_basis": TIME_BASIS, "frozen_at": None}
    figure |= {"reports_without_new_flag": row["unflagged"], "reports_in_other_units": row["in_other_units"]}
    figure["basis"] = "official" if row["official_reports"] == row["reports"] else "provisional"
    return disclosed(figure, closing.disclosed(row))


def _known(column: str, shown: str) -> str:
    return f"case when c.{column}_known > 0 then c.{column} end as {shown}"


@cache
def _figures(visibility: Visibility, role: Role) -> tuple[str, tuple[str, ...]]:
    """The statement for this role, and what it takes of its reader."""
    seen = conditions_for(visibility, role)
    statement = f"""
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
       {seen.high} as whole, {seen.cleared[Sensitivity.SEVERE]} as sees_severe
  from coverage_cell as c
  left join area as a on a.country = c.country and a.pcode = c.area
  join counting_rule as r on r.code = c.rule_code and r.version = c.rule_version
 where c.level = (select level from wanted)
   and c.population_group = any($8::text[])
   and ($1::text is null or c.country = $1)
   and {IN_AREA}
   and {seen.visible}
   and ($4::text is null or c.sector = any((select sectors from wanted)::text[]))
   and ($6::text is null or c.month >= $6)
   and ($7::text is null or c.month <= $7)
   and ($10::text is null or (c.population_group, c.country, c.area, c.sector, c.month) > ($10, $11, $12, $13, $14))
 order by c.population_group, c.country, c.area, c.sector, c.month
 limit $9
"""  # noqa: S608  constants of this module
    return numbered(statement, behind=14)
