"""A plan and plain execution give the same answer, whatever is selected."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from typing import Any
from zlib import crc32

import orjson
import pytest
from contracts.examples import example_of
from contracts.nouns import NOUNS
from gateway.errors import InvalidQuery, QueryTooCostly, QueryTooDeep, TooManyAliases
from gateway.graph.execution import Execution, Query
from gateway.graph.roots import GraphReader
from gateway.graph.schema import graph
from gateway.graph.schema_types import connection_node, leads_to_node, node_kind
from gateway.reference.memory import ReferenceMemory
from graphql import GraphQLObjectType
from hypothesis import given, settings
from hypothesis import strategies as st
from runtime.access import Caller, Extent, Principal, Role
from runtime.listing import ends

from .oracle import Oracle

SCHEMA = graph()._schema
PLANNED = Execution(SCHEMA, tells_schema=True)
PLAIN = Oracle(SCHEMA)
ID = "00000000-0000-0000-0000-000000000001"
KNOWN: dict[str, list[Any]] = {
    "id": [ID, "00000000-0000-0000-0000-000000000009"],
    "organisation_id": [ID, "00000000-0000-0000-0000-000000000099"],
    "organisation_ids": [[ID, "00000000-0000-0000-0000-000000000002", "unknown"], []],
    "implementer_id": [None, ID],
    "sector": ["WSH", "XXX"],
    "sectors": [["WSH"], ["EDU", "XXX"]],
    "area": ["SY070004", "SY99"],
    "areas": [["SY07", "SY02"], ["SY99"]],
    "info": [{"ar": {"event": "فيضان", "headline": "فيضان"}}, {"en": {"event": "Flood", "headline": "Flood"}}],
}
"""What names something: of two rows, one whose is in memory and one whose is not."""


@cache
def columns_of(name: str) -> Mapping[str, list[Any]]:
    """Two rows of a noun, made of its examples: one with all there can be in it, one with as little."""
    noun = NOUNS[name]
    rows = [example_of(noun.row, bare=bare) for bare in (False, True)]
    found = {column: [value_of(row, column) for row in rows] for column in noun.columns}
    known = {column: given for column, given in KNOWN.items() if type(found.get(column, [None])[0]) is type(given[-1])}
    return found | known


def value_of(row: Mapping[str, Any], column: str) -> Any:
    """The value of a column, which may stand within an object of the row."""
    if column in row:
        return row[column]
    [part] = (each for each in row if column.startswith(f"{each}_") and isinstance(row[each], dict))
    return row[part][column.removeprefix(f"{part}_")]


CURSORS: dict[str, Callable[[Sequence[str]], Sequence[str]]] = {"each": list, "ends": ends, "none": lambda _: []}


class Asked:
    """Stands for the services: the same rows for every question, but for columns that lost a value."""

    def __init__(self, lost: Mapping[str, int] | None = None) -> None:
        self._lost = lost or {}

    async def ask(self, service: str, path: str, question: dict[str, Any], headers: object) -> dict[str, Any]:
        columns = columns_of(path.split("/")[2])
        told = CURSORS[question.get("cursors", "ends")]
        sizes = [min(crc32(repr(key).encode()) % 3, question["first"]) for key in question.get("of", ())]
        size = min(2, question["first"])
        beside = {
            "as_of": None if question["first"] == 1 else "2026-03-01T10:00:00+00:00",
            "rebuilding": question["first"] == 1,
        }
        if sizes:
            return {
                "columns": {name: self._of_all(name, columns[name], sizes) for name in question["columns"]},
                "sizes": sizes,
                "cursors": [told(["a", "b", "c"][:each]) for each in sizes],
                "has_next": [each == 1 for each in sizes],
                **beside,
            }
        return {
            "columns": {name: self._left(name, columns[name][:size]) for name in question["columns"]},
            "cursors": told(["a", "b", "c"][:size]),
            "has_next": False,
            **beside,
        }

    def _of_all(self, name: str, values: list[Any], sizes: list[int]) -> list[Any]:
        return [value for size in sizes for value in self._left(name, values[:size])]

    def _left(self, name: str, values: list[Any]) -> list[Any]:
        return [None if self._lost.get(name) == place else value for place, value in enumerate(values)]


async def both(
    memory: ReferenceMemory, text: str, variables: dict[str, Any] | None = None, lost: Mapping[str, int] | None = None
) -> tuple[bytes, bytes]:
    query = Query(text, variables or {}, None, "en")
    caller = Caller(Principal("test", Role.SECRETARIAT), Extent.ANY)
    reader = GraphReader(caller, memory, Asked(lost), "k" * 32, None, {})  # type: ignore[arg-type]
    answers = [await execution.answer(query, reader) for execution in (PLANNED, PLAIN)]
    for answer in answers:
        answer.get("errors", []).sort(key=lambda error: str(error["path"]))  # roots are answered at the same time
    planned, plain = (orjson.dumps(answer) for answer in answers)
    return planned, plain


def selections(kind: GraphQLObjectType, depth: int) -> st.SearchStrategy[str]:
    """Selection sets of a type, with aliases, fragments, conditions and repeats."""
    return st.lists(_field(kind, depth), min_size=1, max_size=5).map(lambda fields: "{" + " ".join(fields) + "}")


def _field(kind: GraphQLObjectType, depth: int) -> st.SearchStrategy[str]:
    leaves = [name for name, field in kind.fields.items() if not leads_to_node(field)]
    links = [name for name, field in kind.fields.items() if leads_to_node(field)]
    plain = st.sampled_from([*leaves, "__typename"])
    if depth and links:
        linked = st.sampled_from(links).flatmap(
            lambda name: selections(node_kind(kind.fields[name]), depth - 1).map(lambda below: name + below)
        )
        plain = st.one_of(plain, linked)
    condition = st.sampled_from(["", "", "", "@include", "@skip"])
    return st.tuples(plain, condition, st.sampled_from(["", "", "...", "alias"])).map(
        lambda chosen: _dressed(kind, *chosen)
    )


def _dressed(kind: GraphQLObjectType, text: str, condition: str, form: str) -> str:
    name, brace, below = text.partition("{")
    directive = f" {condition}(if: $yes)" if condition else ""
    if form == "alias":
        name = f"x{crc32(text.encode()) % 1000}_{name.strip('_')}: {name}"
    written = f"{name}{directive} {brace}{below}"
    return f"... on {kind.name} {{ {written} }}" if form == "..." else written


def _root_queries() -> st.SearchStrategy[str]:
    query = SCHEMA.query_type
    assert query is not None
    arguments = {"organisation": f'(id: "{ID}")', "report": f'(id: "{ID}")', "alert": f'(id: "{ID}")'}
    arguments |= {"area": '(country: "SY", pcode: "SY0700")', "reports": "(first: 2)"}

    def written(name: str) -> st.SearchStrategy[str]:
        kind = node_kind(query.fields[name])
        if kind.name.endswith("Connection"):
            node = connection_node(kind)
            freshness = "asOf rebuilding" if "asOf" in kind.fields else ""
            below = st.tuples(selections(node, 3), selections(node, 3), st.booleans()).map(
                lambda chosen: (
                    f"{{ {freshness} pageInfo {{ hasNextPage endCursor __typename }} nodes {chosen[0]} "
                    f"edges {{ cursor node {chosen[1]} }} }}"
                    if chosen[2]
                    else f"{{ edges {{ node {chosen[0]} __typename }} __typename }}"
                )
            )
        else:
            below = selections(kind, 3)
        return below.map(lambda selected: f"{name}{arguments.get(name, '')} {selected}")

    one = st.sampled_from(sorted(query.fields)).flatmap(written)
    return st.lists(one, min_size=1, max_size=3).map(
        lambda roots: (
            "query ($yes: Boolean = true) { "
            + " ".join(f"r{number}: {text}" for number, text in enumerate(roots))
            + " again: __typename @include(if: $yes) }"
        )
    )


NEVER_NULL = ["id", "version", "country", "month", "status", "flags", "areas", "names", "level", "organisation_ids"]
LISTS = sorted(name for name, field in SCHEMA.query_type.fields.items() if "nodes" in node_kind(field).fields)  # type: ignore[union-attr]


@pytest.mark.parametrize("root", LISTS)
async def test_every_field_of_a_list_is_answered(memory: ReferenceMemory, root: str) -> None:
    fields = connection_node(node_kind(SCHEMA.query_type.fields[root])).fields  # type: ignore[union-attr]
    leaves = " ".join(name for name, field in fields.items() if not leads_to_node(field))
    planned, plain = await both(memory, f"{{ {root} {{ nodes {{ {leaves} }} }} }}")
    assert planned == plain
    assert b'"errors"' not in planned


@settings(max_examples=60, deadline=None)
@given(text=_root_queries(), yes=st.sampled_from([True, False, None]))
def test_any_selection(text: str, yes: bool | None) -> None:
    memory = filled()
    variables = {} if yes is None else {"yes": yes}

    async def check() -> None:
        # Two selections of one key that differ, or too many of them, are refused before either way begins.
        with suppress(InvalidQuery, TooManyAliases, QueryTooCostly, QueryTooDeep):
            planned, plain = await both(memory, text, variables)
            assert planned == plain
            assert b'"errors"' not in planned

    asyncio.run(check())


def filled() -> ReferenceMemory:
    from contracts.areas import AreaChanged
    from contracts.codes import SectorChanged
    from contracts.organisations import OrganisationChanged
    from contracts.values import Names

    memory = ReferenceMemory()
    names = Names(ar="اسم", en="Name")
    paths = [("SY",), ("SY", "SY07"), ("SY", "SY07", "SY0700"), ("SY", "SY07", "SY0700", "SY070004"), ("SY", "SY02")]
    for path in paths:
        parent = path[-2] if len(path) > 1 else None
        memory.take(
            [AreaChanged(version=1, country="SY", pcode=path[-1], level=len(path) - 1, names=names, parent=parent,
                         path=path)]
        )  # fmt: skip
    memory.take([SectorChanged(version=1, code="WSH", names=names)])
    memory.take(
        [OrganisationChanged(version=1, id=ID, names=names, type_code="441", status="verified", areas=("SY0700",),
                             sectors=("WSH",))]
    )  # fmt: skip
    memory.complete.set()
    return memory


@pytest.mark.parametrize(
    "text",
    [
        "{ reports { nodes { id month } } }",
        "{ reports(first: 1) { edges { cursor node { organisation { names { ar } } people { total } } } } }",
        "{ a: reports { nodes { id } } b: reports { nodes { month } pageInfo { endCursor hasPreviousPage } } }",
        "{ alerts { nodes { categories info { ar { event } } areas { parent { parent { names { en } } } } } } }",
        "fragment F on Report { area { ...G } } fragment G on Area { level } { reports { nodes { ...F ...F } } }",
        "{ reports { nodes { area { pcode } area { names { en } } } } }",
        "{ presence { nodes { organisationNames { en } organisations { names { en } areas { names { ar } } } } } }",
        "{ areas(first: 5) { nodes { pcode organisationsPresent { nodes { organisationNames { en } } }"
        " alerts(first: 1) { nodes { severity areas { pcode"
        " progress { edges { cursor node { people: peopleReached } } } } } } } } }",
        "{ reports { nodes { area { coverage { pageInfo { endCursor hasNextPage hasPreviousPage } asOf nodes { month }"
        " } } organisation { reports { nodes { month organisation { names { ar } } } } } } } }",
        "{ presence { asOf then: asOf rebuilding nodes { level } } coverage(first: 1) { rebuilding asOf __typename } }",
        '{ organisation(id: "00000000-0000-0000-0000-0000000000ff") { id } }',
        '{ areas(search: "اسم", first: 2) { nodes { pcode } pageInfo { endCursor } } }',
        "{ __typename sectors { code parent { code } } }",
    ],
)
async def test_common_shapes(memory: ReferenceMemory, text: str) -> None:
    planned, plain = await both(memory, text)
    assert planned == plain
    assert b'"errors"' not in planned


@settings(max_examples=60, deadline=None)
@given(text=_root_queries(), lost=st.dictionaries(st.sampled_from(NEVER_NULL), st.integers(0, 1), min_size=1))
def test_null_where_the_schema_allows_none_is_told_the_same_way(text: str, lost: dict[str, int]) -> None:
    memory = filled()

    async def check() -> None:
        with suppress(InvalidQuery, TooManyAliases, QueryTooCostly, QueryTooDeep):
            planned, plain = await both(memory, text, lost=lost)
            assert planned == plain

    asyncio.run(check())


async def test_what_stands_around_a_null_is_null_and_the_error_says_where(memory: ReferenceMemory) -> None:
    planned, plain = await both(memory, "{ reports { nodes { id version } } sectors { code } }", lost={"version": 1})
    assert planned == plain
    answer = orjson.loads(planned)
    assert (answer["data"]["reports"], bool(answer["data"]["sectors"])) == (None, True)
    [error] = answer["errors"]
    assert (error["path"], error["extensions"]["code"]) == (["reports", "nodes", 1, "version"], "internal")
    assert error["locations"] == [{"line": 1, "column": 24}]
