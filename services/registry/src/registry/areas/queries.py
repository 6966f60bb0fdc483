"""Questions about areas."""

from contracts.areas import AREAS, AreaFilter
from contracts.folding import sought
from runtime.access import Reader
from runtime.arguments import Condition
from runtime.sources import NOTHING, Source
from runtime.visibility import OPEN

NAMED = """(a.country, a.pcode) in (
    select n.country, n.pcode from area_name as n where position(nullif({}, '') in n.folded) > 0)"""
"""All names are looked through: there are so few that an index on their parts costs more than it saves (0043)."""


def _named(filter: AreaFilter, _: Reader) -> Condition:
    if filter.search is None:
        return NOTHING
    return NAMED, (sought(filter.search),)


SOURCE = Source(
    AREAS,
    "area as a",
    "a",
    visibility=OPEN,
    columns={"id": "a.country || ':' || a.pcode"},
    conditions={"level": "a.level = {}::smallint", "within": "a.path @> array[{}::text]", "search": _named},
    fixed=frozenset({"country", "level", "parent", "within"}),
)
"""An area stays where it is: it leaves a list by being called otherwise alone."""
