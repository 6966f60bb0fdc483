"""Questions about countries."""

from contracts.areas import COUNTRIES
from database import Transaction
from runtime.sources import Source
from runtime.visibility import OPEN

SOURCE = Source(
    COUNTRIES,
    "country as c",
    "c",
    visibility=OPEN,
    columns={
        "has_areas": "exists (select from area as a where a.country = c.code and a.pcode = c.code)",
        "levels": """coalesce((
            select jsonb_agg(
                       jsonb_build_object('level', l.level, 'pattern', l.pattern, 'names', l.names) order by l.level
                   )
              from country_level as l where l.country = c.code), '[]')""",
    },
)
"""All countries with their levels and patterns."""


async def code_of(tx: Transaction, country: str) -> str:
    """The P-code of a country that may be named by its ISO code of three letters."""
    found = await tx.fetchval(
        "select code from country where code = $1 or iso3 = $1 order by code = $1 desc limit 1", country
    )
    return str(found or country)
