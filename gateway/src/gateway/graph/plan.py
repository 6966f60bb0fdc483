"""Plans: a selection compiled once to a function from rows to the answer, for every role alike.

A plan makes the same answer as plain execution, column by column. It raises `Unplannable` where it can't, at
compile time (introspection) or at run time (null where the schema allows none): then plain execution answers.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import FieldNode, GraphQLField, GraphQLObjectType

from gateway.graph.columns import needed_by
from gateway.graph.kinds import is_list, leads_to_node, metadata_of, never_null, node_kind, reading_of
from gateway.graph.reading import Batch, Link
from gateway.graph.roots import ROOT, Arguments, Found, Needed, Reader, Root
from gateway.graph.selection import TYPENAME, Scope, Selected

Made: TypeAlias = dict[str, Any]
Part: TypeAlias = Callable[[Batch], Sequence[Any]]
Assemble: TypeAlias = Callable[[Found], Any]


class Unplannable(Exception):
    """Plain execution must answer this."""


@dataclass(frozen=True)
class RootPlan:
    """How one root field is answered."""

    key: str
    root: Root
    needed: Needed
    assemble: Assemble

    async def answer(self, reader: Reader, arguments: Arguments) -> Any:
        return self.assemble(await self.root.found(reader, arguments, self.needed))


@dataclass(frozen=True)
class Plan:
    """How a whole query is answered."""

    constants: Mapping[str, str | None]
    """Response keys in order; the value of those that need no rows."""
    roots: tuple[RootPlan, ...]

    async def answer(self, reader: Reader, arguments: Mapping[str, Arguments]) -> tuple[Made, dict[str, Exception]]:
        """The data, and what failed, by response key; `arguments` are those of each root by its key."""
        if len(self.roots) == 1:
            outcomes: list[Any] = [await _outcome(self.roots[0], reader, arguments)]
        else:
            outcomes = await asyncio.gather(*(_outcome(root, reader, arguments) for root in self.roots))
        by_key = {root.key: outcome for root, outcome in zip(self.roots, outcomes, strict=True)}
        failed = {key: outcome for key, outcome in by_key.items() if isinstance(outcome, Exception)}
        data = {key: None if key in failed else by_key.get(key, value) for key, value in self.constants.items()}
        return data, failed


async def _outcome(root: RootPlan, reader: Reader, arguments: Mapping[str, Arguments]) -> Any:
    try:
        return await root.answer(reader, arguments[root.key])
    except Unplannable:
        raise
    except Exception as failed:
        return failed


def compiled(query: GraphQLObjectType, selected: Selected, scope: Scope) -> Plan:
    """The plan of a validated query. Raises `Unplannable`."""
    constants: dict[str, str | None] = {}
    roots = []
    for key, nodes in selected.items():
        name = nodes[0].name.value
        constants[key] = query.name if name == TYPENAME else None
        if name == TYPENAME:
            continue
        if name not in query.fields:
            raise Unplannable(name)
        roots.append(_root(key, query.fields[name], nodes, scope))
    return Plan(constants, tuple(roots))


def _root(key: str, field: GraphQLField, nodes: list[FieldNode], scope: Scope) -> RootPlan:
    root: Root = metadata_of(field)[ROOT]
    kind, below = node_kind(field), scope.below(nodes)
    if root.shape == "connection":
        assemble = _connection(kind, below, scope)
    else:
        assemble = _shaped(_nodes(kind, below, scope), root.shape)
    return RootPlan(key, root, needed_by(field, below, scope), assemble)


def _shaped(build: Part, shape: str) -> Assemble:
    if shape == "all":
        return lambda found: build(found.batch)
    return lambda found: build(found.batch)[0] if found.batch.size else None


def _connection(kind: GraphQLObjectType, selected: Selected, scope: Scope) -> Assemble:
    parts = {key: _connection_part(kind, nodes, scope) for key, nodes in selected.items()}
    return lambda found: {key: part(found) for key, part in parts.items()}


def _connection_part(kind: GraphQLObjectType, nodes: list[FieldNode], scope: Scope) -> Assemble:
    name, below = nodes[0].name.value, scope.below(nodes)
    if name == TYPENAME:
        return lambda found: kind.name
    if name in BESIDE:
        return BESIDE[name]
    target = node_kind(kind.fields[name])
    if name == "nodes":
        build = _nodes(target, below, scope)
        return lambda found: build(found.batch)
    if name == "edges":
        return _edges(target, below, scope)
    return _page_info(target, below)


def _edges(kind: GraphQLObjectType, selected: Selected, scope: Scope) -> Assemble:
    parts: dict[str, Assemble] = {}
    for key, nodes in selected.items():
        name = nodes[0].name.value
        if name == "cursor":
            parts[key] = lambda found: found.cursors
        elif name == "node":
            parts[key] = _edge_nodes(_nodes(node_kind(kind.fields[name]), scope.below(nodes), scope))
        else:
            parts[key] = lambda found: [kind.name] * found.batch.size
    keys, makers = tuple(parts), tuple(parts.values())
    return lambda found: _zipped(keys, [make(found) for make in makers], found.batch.size)


def _edge_nodes(build: Part) -> Assemble:
    return lambda found: build(found.batch)


BESIDE: Mapping[str, Assemble] = {
    "position": lambda found: found.position,
    "gone": lambda found: found.gone,
    "asOf": lambda found: found.freshness and found.freshness.as_of,
    "rebuilding": lambda found: found.freshness and found.freshness.rebuilding,
}
PAGE_INFO: Mapping[str, Assemble] = {
    "hasNextPage": lambda found: found.has_next,
    "hasPreviousPage": lambda found: found.has_previous,
    "startCursor": lambda found: found.start,
    "endCursor": lambda found: found.end,
}


def _page_info(kind: GraphQLObjectType, selected: Selected) -> Assemble:
    names = {key: nodes[0].name.value for key, nodes in selected.items()}
    return lambda found: {key: kind.name if name == TYPENAME else PAGE_INFO[name](found) for key, name in names.items()}


def _nodes(kind: GraphQLObjectType, selected: Selected, scope: Scope) -> Part:
    """Rows of a batch as objects with the fields that are selected."""
    keys = tuple(selected)
    parts = tuple(_part(kind, nodes, scope) for nodes in selected.values())
    return lambda batch: _zipped(keys, [part(batch) for part in parts], batch.size)


def _zipped(keys: tuple[str, ...], columns: Sequence[Sequence[Any]], size: int) -> list[Made]:
    made: list[Made] = [{} for _ in range(size)]
    # Column by column: a third faster than a dictionary of each row.
    for key, column in zip(keys, columns, strict=True):
        for row, value in zip(made, column, strict=True):
            row[key] = value
    return made


def _part(kind: GraphQLObjectType, nodes: list[FieldNode], scope: Scope) -> Part:
    name = nodes[0].name.value
    if name == TYPENAME:
        return lambda batch: [kind.name] * batch.size
    field = kind.fields[name]
    reading = reading_of(field)
    if not leads_to_node(field):
        return _sure(field, reading.values)  # type: ignore[union-attr]
    build = _nodes(node_kind(field), scope.below(nodes), scope)
    linked = _linked_lists if is_list(field) else _linked
    return _sure(field, linked(reading, build))  # type: ignore[arg-type]


def _linked(link: Link, build: Part) -> Part:
    def read(batch: Batch) -> Sequence[Any]:
        target, places = link.nodes(batch)
        made = build(target)
        return [None if place is None else made[place] for place in places]

    return read


def _linked_lists(link: Link, build: Part) -> Part:
    def read(batch: Batch) -> Sequence[Any]:
        target, places = link.nodes(batch)
        made = build(target)
        return [None if place is None else [made[one] for one in place] for place in places]

    return read


def _sure(field: GraphQLField, read: Part) -> Part:
    if not never_null(field):
        return read

    def checked(batch: Batch) -> Sequence[Any]:
        values = read(batch)
        if None in values:
            raise Unplannable(f"null in a field of {field.type}")
        return values

    return checked
