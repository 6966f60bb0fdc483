"""Looking up the registry's facts for a batch."""

from collections.abc import Collection

from contracts.lines import code
from database import Record, Transaction
from tables.sectors import Sectors

from plans.reference.domain import Area, Indicator, Reference


async def reference_for(tx: Transaction, areas: Collection[tuple[str, str]], indicators: Collection[str]) -> Reference:
    """What a batch names: areas by country and P-code as they are sent, indicators by code."""
    named = sorted({(country, form) for country, pcode in areas for form in (pcode, code(pcode).upper())})
    found = await tx.fetch(AREAS, [country for country, _ in named], [pcode for _, pcode in named])
    sectors = await tx.fetch("select code, spellings from sector")
    known = await tx.fetch("select code, sector, unit from indicator where code = any($1::text[])", sorted(indicators))
    return Reference(
        {(row["country"], row["pcode"]): _area(row) for row in found},
        Sectors({row["code"]: row["spellings"] for row in sectors}),
        {row["code"]: Indicator(row["sector"], row["unit"]) for row in known},
    )


def _area(row: Record) -> Area:
    levels = tuple(row["levels"]) if row["levels"] else None
    return Area(row["country"], row["pcode"], row["level"], tuple(row["path"]), levels)


AREAS = """
select a.country, a.pcode, a.level, a.path,
       case when cardinality(a.path) <> a.level + 1 then array(
           select coalesce(up.level, p.step - 1)::smallint
             from unnest(a.path) with ordinality as p (pcode, step)
             left join area as up on up.country = a.country and up.pcode = p.pcode
            order by p.step) end as levels
  from area as a
 where (a.country, a.pcode) in (select * from unnest($1::text[], $2::text[]))
"""
