"""Questions about areas."""

from collections.abc import Mapping
from typing import Annotated, Any

from contracts.folding import sought
from contracts.text import Line
from contracts.values import Country, Pcode
from database import Record, Transaction
from pydantic import BaseModel, ConfigDict, Field
from runtime.changes import CHANGED_IN, GONE, Span
from runtime.listing import Page, Part

from registry.selection import Selection

COLUMNS = "country, pcode, level, names, aliases, parent, path, latitude, longitude, version"
FIELDS = tuple(COLUMNS.split(", "))
SORT = ("country", "pcode")


class AreaFilter(BaseModel):
    """Which areas: each part that is given narrows the list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    country: Country | None = None
    level: Annotated[int | None, Field(ge=0, le=9)] = None
    parent: Annotated[Pcode | None, Field(description="Areas directly below this one")] = None
    within: Annotated[Pcode | None, Field(description="This area and all below it")] = None
    search: Annotated[Line | None, Field(description="Beginning of a word of a name, in any spelling")] = None


NAMED = """
    (country, pcode) in (
        select area_name.country, area_name.pcode from area_name where starts_with(area_name.folded, nullif({}, ''))
    )
"""
CHANGED = "(changed_in, country, pcode) > ({}::text::xid8, {}, {}) and changed_in < {}::text::xid8"


async def areas(tx: Transaction, asked: AreaFilter, part: Part) -> Page:
    """Areas in order of their P-codes."""
    selected = Selection()
    _narrow(selected, asked)
    selected.add_given(NAMED, sought(asked.search) if asked.search is not None else None)
    selected.add_after("(country, pcode) > ({}, {})", part.behind)
    limit = selected.limit(part.first)
    rows = await tx.fetch(
        f"select {COLUMNS} from area {selected.where} order by country, pcode {limit}",  # noqa: S608  constants of the code
        *selected.values,
    )
    return Page.of([dict(row) for row in rows], first=part.first, sort=SORT)


async def changed_areas(tx: Transaction, asked: AreaFilter, span: Span) -> list[Mapping[str, Any]]:
    """Areas of a span that match; one that is no longer called what is sought is gone. An area stays where it is."""
    selected = Selection()
    _narrow(selected, asked)
    named = "true"
    if asked.search is not None:
        selected.add(f"({NAMED} or {{}})", sought(asked.search), not span.from_the_start)
        named = NAMED.format(f"${len(selected.values) - 1}")
    transaction, id, until = span.arguments
    country, _, pcode = (id if ":" in id else ":").partition(":")
    selected.add(CHANGED, transaction, country, pcode, until)
    limit = selected.limit(span.first)
    rows = await tx.fetch(
        f"""
        select {COLUMNS}, country || ':' || pcode as id, changed_in::text as "{CHANGED_IN}",
               ({named}) is not true as "{GONE}"
          from area {selected.where} order by changed_in, country, pcode {limit}
        """,  # noqa: S608  constants of the code
        *selected.values,
    )
    return [dict(row) for row in rows]


def _narrow(selected: Selection, asked: AreaFilter) -> None:
    selected.add_given("country = {}", asked.country)
    selected.add_given("level = {}::smallint", asked.level)
    selected.add_given("parent = {}", asked.parent)
    selected.add_given("path @> array[{}]", asked.within)


async def area(tx: Transaction, country: str, pcode: str) -> Record | None:
    return await tx.fetchrow(f"select {COLUMNS} from area where country = $1 and pcode = $2", country, pcode)  # noqa: S608
