"""Interfaces and unions: rows that may be of several kinds, read by what each says it is."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import orjson
import pytest
import strawberry
from gateway.errors import InvalidQuery, QueryTooCostly, QueryTooDeep, TooManyAliases
from gateway.graph import links
from gateway.graph.connections import Connection
from gateway.graph.execution import Execution, Query
from gateway.graph.field_sources import MemoryEntries, MemoryNode, NodeBatch
from gateway.graph.fields import describe, inside_list, known_organisation, read_by, value
from gateway.graph.reference_types import Area, Organisation
from gateway.graph.roots import ROOT, GraphReader, NeededColumns, page_of
from gateway.graph.scalars import SCALARS, Id
from gateway.graph.schema_types import leads_to_node
from gateway.reference.memory import ReferenceMemory
from hypothesis import given, settings
from hypothesis import strategies as st
from runtime.access import Caller, Extent, Principal, Role
from strawberry.schema.config import StrawberryConfig

from .oracle import Oracle
from .test_plans import ID, Asked, filled

WORDS = describe("A word.", "كلمة.")
EVENTS: list[dict[str, Any]] = [
    {"__typename": "Visit", "id": ID, "country": "SY", "area": "SY0700", "note": "a", "parts": []},
    {"__typename": "Call", "id": ID, "organisation_id": ID, "parts": [{"__typename": "Visit", "id": ID, "note": "b"}]},
    {"__typename": "Visit", "id": ID, "country": "SY", "area": None, "note": "c"},
    {"__typename": "Call", "id": ID, "organisation_id": None, "parts": [{"__typename": "Call", "id": ID}]},
]


@strawberry.interface(description=WORDS)
class Event:
    id: Id = value("Id.", "معرّف.", column="id")


@strawberry.type(description=WORDS)
class Visit(Event):
    note: str = value("Note.", "ملاحظة.", column="note")
    area: Area | None = read_by(describe("Area.", "منطقة."), MemoryNode(ReferenceMemory.area, ("country", "area")))


@strawberry.type(description=WORDS)
class Call(Event):
    who: Organisation | None = known_organisation("Who.", "من.", column="organisation_id")


Part = Annotated[Visit | Call, strawberry.union("Part", description=WORDS)]


@strawberry.type(description=WORDS)
class Day(Event):
    parts: list[Part] = inside_list("Parts.", "أجزاء.", column="parts")


@dataclass(frozen=True)
class Feed:
    """Rows as a service would answer with them."""

    shape: Literal["connection"] = "connection"

    async def found(self, reader: GraphReader, arguments: Any, needed: NeededColumns) -> NodeBatch:
        return page_of(MemoryEntries(EVENTS, ["c"] * len(EVENTS)), ["c"] * len(EVENTS), False, False, {})


@dataclass(frozen=True)
class Days:
    shape: Literal["all"] = "all"

    async def found(self, reader: GraphReader, arguments: Any, needed: NeededColumns) -> NodeBatch:
        return MemoryEntries([{"id": ID, "parts": EVENTS[:2]}, {"id": ID, "parts": EVENTS[1:]}])


@strawberry.type(description=WORDS)
class Root:
    feed: Connection[Event] | None = strawberry.field(description=WORDS, metadata={ROOT: Feed()})
    days: list[Day] | None = strawberry.field(description=WORDS, metadata={ROOT: Days()})


links.declare()
SCHEMA = strawberry.Schema(Root, types=[Visit, Call], config=StrawberryConfig(scalar_map=SCALARS))._schema
PLANNED, PLAIN = Execution(SCHEMA, tells_schema=True), Oracle(SCHEMA)


async def both(text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    caller = Caller(Principal("test", Role.SECRETARIAT), Extent.ANY)
    reader = GraphReader(caller, filled(), Asked(), "k" * 32, None, {})  # type: ignore[arg-type]
    planned, plain = [await each.answer(Query(text, {}, None, "en"), reader) for each in (PLANNED, PLAIN)]
    return planned, plain


async def test_each_row_is_answered_as_what_it_is() -> None:
    planned, plain = await both(
        """{ feed { nodes { __typename id ...V ... on Call { who { names { ar } } } ... on Event { again: id } } } }
        fragment V on Visit { note area { pcode alerts(first: 2) { nodes { id severity } } } }"""
    )
    assert orjson.dumps(planned) == orjson.dumps(plain)
    nodes = planned["data"]["feed"]["nodes"]
    assert [list(node) for node in nodes] == [
        ["__typename", "id", "note", "area", "again"],
        ["__typename", "id", "who", "again"],
    ] * 2
    assert (nodes[0]["note"], nodes[0]["area"]["pcode"], nodes[1]["who"]) == ("a", "SY0700", {"names": {"ar": "اسم"}})


SELECTED = st.lists(
    st.sampled_from(
        [
            "__typename",
            "... on Visit { note }",
            "... on Visit { area { pcode coverage(first: 1) { nodes { month } } } }",
            "... on Call { who { id reports(first: 2) { nodes { month } } } __typename }",
            "... on Event { id }",
            "...F",
            "... { ... on Event { ... on Call { id } } }",
        ]
    ),
    min_size=1,
    max_size=5,
).map(" ".join)


@settings(max_examples=50, deadline=None)
@given(one=SELECTED, other=SELECTED, lost=st.sampled_from([None, "note", "id"]))
def test_any_selection_is_answered_as_by_plain_execution(one: str, other: str, lost: str | None) -> None:
    text = f"""{{
        feed {{ nodes {{ {one} }} edges {{ cursor node {{ {other} }} }} }}
        days {{ id parts {{ {other} }} }} }} fragment F on Visit {{ note id }}"""
    kept = [dict(event) for event in EVENTS]

    async def check() -> None:
        used = text if "...F" in text.partition("fragment")[0] else text.partition("fragment")[0]
        with suppress(InvalidQuery, TooManyAliases, QueryTooCostly, QueryTooDeep):
            planned, plain = await both(used)
            for answer in (planned, plain):
                answer.get("errors", []).sort(key=lambda error: str(error["path"]))
            assert orjson.dumps(planned) == orjson.dumps(plain)

    try:
        if lost:
            EVENTS[2][lost] = None
        asyncio.run(check())
    finally:
        EVENTS[:] = kept


def test_types_of_this_test_have_links() -> None:
    assert leads_to_node(SCHEMA.type_map["Area"].fields["alerts"])  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", ["{ feed { nodes { note } } }", "{ days { parts { id } } }"])
async def test_a_field_of_one_kind_is_asked_of_that_kind(text: str) -> None:
    with pytest.raises(InvalidQuery):
        await both(text)
