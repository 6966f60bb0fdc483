"""Questions about areas."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from contracts.folding import sought
from database import Record, Transaction

from registry.selection import Selection

COLUMNS = "country, pcode, level, names, aliases, parent, path, latitude, longitude, version"
FIELDS = tuple(COLUMNS.split(", "))
SORT = ("country", "pcode")


@dataclass(frozen=True)
class AreaFilter:
    """Which areas: each part that is given narrows the list."""

    country: str | None = None
    level: int | None = None
    parent: str | None = None
    within: str | None = None
    search: str | None = None

    def bound_to(self) -> object:
        """What a cursor of this list is bound to."""
        return ["areas", asdict(self)]


NAMED = """
    (country, pcode) in (
        select area_name.country, area_name.pcode from area_name where starts_with(area_name.folded, nullif({}, ''))
    )
"""


async def areas(tx: Transaction, asked: AreaFilter, *, first: int, after: Sequence[object] | None) -> Sequence[Record]:
    """Areas in order of their P-codes, one more than `first` where more follow."""
    selected = Selection()
    selected.add_given("country = {}", asked.country)
    selected.add_given("level = {}::smallint", asked.level)
    selected.add_given("parent = {}", asked.parent)
    selected.add_given("path @> array[{}]", asked.within)
    selected.add_given(NAMED, sought(asked.search) if asked.search is not None else None)
    selected.add_after("(country, pcode) > ({}, {})", after)
    limit = selected.limit(first)
    return await tx.fetch(
        f"select {COLUMNS} from area {selected.where} order by country, pcode {limit}",  # noqa: S608  constants of the code
        *selected.values,
    )


async def area(tx: Transaction, country: str, pcode: str) -> Record | None:
    return await tx.fetchrow(f"select {COLUMNS} from area where country = $1 and pcode = $2", country, pcode)  # noqa: S608
