"""Questions about countries."""

from contracts.areas import COUNTRIES
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
