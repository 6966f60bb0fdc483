"""Questions about countries."""

from collections.abc import Sequence

from database import Record, Transaction

COUNTRIES = """
    select country.code, country.iso3, country.names, country.version,
           exists (select from area where area.country = country.code and area.pcode = country.code) as has_areas,
           coalesce((
               select jsonb_agg(
                          jsonb_build_object('level', level, 'pattern', pattern, 'names', country_level.names)
                          order by level
                      )
                 from country_level where country_level.country = country.code
           ), '[]') as levels
      from country
"""


async def countries(tx: Transaction) -> Sequence[Record]:
    """All countries with their levels and patterns."""
    return await tx.fetch(COUNTRIES + " order by country.code")


async def country(tx: Transaction, code: str) -> Record | None:
    return await tx.fetchrow(COUNTRIES + " where country.code = $1", code)
