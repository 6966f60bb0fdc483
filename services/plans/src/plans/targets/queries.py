"""Reading targets, bounded for hubs in the SQL."""

from contracts.sensitivity import Sensitivity
from contracts.targets import PEOPLE_UNIT, TARGETS, TargetFilter
from runtime.access import Reader, Role
from runtime.arguments import Condition
from runtime.sources import NOTHING, Source, no_condition
from runtime.visibility import Visibility

LEVEL = "coalesce(t.area_levels[cardinality(t.area_levels)], cardinality(t.area_path) - 1)"


def _sectors(filter: TargetFilter, _: Reader) -> Condition:
    if filter.sector is None:
        return NOTHING
    below = " or t.sector in (select code from sector where parent = {0})" if filter.descendants else ""
    return f"t.sector = {{0}}{below}", (filter.sector,)


def _not_withdrawn(filter: TargetFilter, _: Reader) -> Condition:
    return NOTHING if filter.withdrawn or filter.id else ("t.value is not null", ())


VISIBILITY = Visibility(in_scope={Role.HUB: "t.area_path && {areas}"}, level=Sensitivity.MODERATE)
SOURCE = Source(
    TARGETS,
    "target as t left join area as a on a.country = t.country and a.pcode = t.area",
    "t",
    columns={
        "area_names": "a.names",
        "level": LEVEL,
        "indicator": "nullif(t.indicator, '')",
        "population_group": "nullif(t.population_group, '')",
        "people": f"case when t.unit = '{PEOPLE_UNIT}' then t.value end",
        "withdrawn": "t.value is null",
    },
    conditions={
        "area": "t.area_path @> array[{}::text]",
        "level": f"{LEVEL} = {{}}",
        "sector": _sectors,
        "descendants": no_condition,
        "month_from": "t.month_to >= {}",
        "month_to": "t.month_from <= {}",
        "withdrawn": _not_withdrawn,
    },
    visibility=VISIBILITY,
    fixed=frozenset(TargetFilter.model_fields) - {"withdrawn"},
)
"""A target keeps its key for ever: it leaves a list by being withdrawn alone."""
