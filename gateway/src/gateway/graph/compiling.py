"""Compiling an operation to its plan, in one walk over its selections.

The walk knows types and columns, never roles: a plan is kept with its text and serves everybody.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLField,
    GraphQLNonNull,
    GraphQLObjectType,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
)

from gateway.errors import QueryTooCostly
from gateway.graph.completion import Failure, OneOf
from gateway.graph.extents import INTROSPECTION
from gateway.graph.field_sources import ChosenRows, ColumnValue, Link, NodeBatch, PageRows, Pages, SameRow
from gateway.graph.limits import ALL, LISTED, WIDTH
from gateway.graph.linking import ServiceLink
from gateway.graph.plan import ON, FetchedField, Load, Made, Path, Plan, PlanNode, PlanRun, Read, RootPlan
from gateway.graph.roots import ROOT, Root
from gateway.graph.schema_types import is_list, metadata_of, nulls_checked, reading_of, target_kind
from gateway.graph.selection import TYPENAME, SelectionContext


@dataclass
class Compiler:
    """Walks an operation's selections, once."""

    scope: SelectionContext
    fetched: list[FetchedField] = field(default_factory=list)

    def plan(self, operation: OperationDefinitionNode, kind: GraphQLObjectType) -> Plan:
        """The plan of a validated operation. Raises `QueryTooCostly`."""
        selected = self.scope.fields([operation.selection_set], kind)
        introspecting: list[FieldNode] = []
        roots: list[RootPlan] = []
        for key, nodes in selected.items():
            name = nodes[0].name.value
            if name in INTROSPECTION:
                introspecting += nodes
            elif name != TYPENAME:
                roots.append(self._root((key,), kind.fields[name], nodes))
        about = self._document(operation, introspecting) if introspecting else None
        changes = operation.operation is OperationType.MUTATION
        return Plan(kind, changes, selected, self.scope, tuple(roots), (*self.fetched, *roots), about)

    def _root(self, path: Path, found: GraphQLField, nodes: Sequence[FieldNode]) -> RootPlan:
        source: Root = metadata_of(found)[ROOT]
        rows = {"one": 1, "all": ALL}.get(source.shape)
        part = self._target(found, nodes, path)
        return RootPlan(path, found, nodes, part, getattr(source, "effort", 0), rows)

    def _document(self, operation: OperationDefinitionNode, nodes: Sequence[FieldNode]) -> DocumentNode:
        alone = OperationDefinitionNode(
            operation=operation.operation,
            variable_definitions=operation.variable_definitions,
            selection_set=SelectionSetNode(selections=tuple(nodes)),
        )
        return DocumentNode(definitions=(alone, *self.scope.fragments.values()))

    def _target(self, found: GraphQLField, nodes: Sequence[FieldNode], path: Path) -> PlanNode:
        """What a field leads to: objects of one kind, or each of one of several."""
        kind = target_kind(found)
        if isinstance(kind, GraphQLObjectType):
            return self._rows(kind, nodes, path)
        possible = [each.name for each in self.scope.schema.get_possible_types(kind)]
        parts = {name: self._one_of(name, nodes, (*path, f"{ON}{name}")) for name in possible}
        return _one_of_several(parts, (*path, ON))

    def _one_of(self, name: str, nodes: Sequence[FieldNode], path: Path) -> PlanNode:
        kind = self.scope.schema.type_map[name]
        assert isinstance(kind, GraphQLObjectType)
        return self._rows(kind, nodes, path)

    def _rows(self, kind: GraphQLObjectType, nodes: Sequence[FieldNode], path: Path) -> PlanNode:
        """Objects with the fields that are selected on the value of a field."""
        parts = {key: self._field(kind, below, (*path, key)) for key, below in self.scope.below(nodes, kind).items()}
        width = sum(part.width for part in parts.values())
        if width > WIDTH:
            raise QueryTooCostly(cost=width, limit=WIDTH)
        keys, reads = tuple(parts), tuple(part.read for part in parts.values())
        return PlanNode(
            lambda batch, run: _zipped(keys, [read(batch, run) for read in reads], batch.size),
            width,
            frozenset().union(*(part.columns for part in parts.values())),
            frozenset().union(*(part.page_columns for part in parts.values())),
            tuple(link for part in parts.values() for link in part.links),
            _all_loaded([part.load for part in parts.values() if part.load]),
        )

    def _field(self, kind: GraphQLObjectType, nodes: Sequence[FieldNode], path: Path) -> PlanNode:
        name = nodes[0].name.value
        if name == TYPENAME:
            return PlanNode(lambda batch, run: [kind.name] * batch.size)
        found = kind.fields[name]
        reading = reading_of(found)
        if isinstance(reading, ColumnValue):
            return PlanNode(_sure(found, lambda batch, run: reading.values(batch)), columns=frozenset(reading.columns))
        below = self._target(found, nodes, path)
        if isinstance(reading, PageRows):
            return _paged(below)
        if isinstance(reading, ServiceLink):
            self.fetched.append(FetchedField(path, found, nodes, below, reading.list.effort))
            return _linked_pages(reading, self.fetched[-1])
        return _linked(found, reading, below, path)


def _zipped(keys: tuple[str, ...], columns: Sequence[Sequence[Any]], size: int) -> list[Made]:
    made: list[Made] = [{} for _ in range(size)]
    # Column by column: a third faster than a dictionary of each row.
    for key, column in zip(keys, columns, strict=True):
        for row, value in zip(made, column, strict=True):
            row[key] = value
    return made


def _all_loaded(loads: Sequence[Load]) -> Load | None:
    """What loads all of it at the same time."""
    if len(loads) < 2:
        return next(iter(loads), None)

    async def load(batch: NodeBatch, run: PlanRun) -> None:
        await asyncio.gather(*(each(batch, run) for each in loads))

    return load


def _one_of_several(parts: Mapping[str, PlanNode], path: Path) -> PlanNode:
    """Objects whose rows say of which kind each is, in a column of its own."""

    def chosen(batch: NodeBatch, run: PlanRun) -> dict[str, ChosenRows]:
        if (known := run.loaded.get((path, id(batch)))) is None:
            names = batch.column(TYPENAME)
            places = {kind: [place for place, name in enumerate(names) if name == kind] for kind in parts}
            known = run.loaded[path, id(batch)] = {
                kind: ChosenRows(batch, each) for kind, each in places.items() if each
            }
        found: dict[str, ChosenRows] = known
        return found

    def read(batch: NodeBatch, run: PlanRun) -> Sequence[Any]:
        made: list[Any] = [None] * batch.size
        for kind, rows in chosen(batch, run).items():
            for place, each in zip(rows.places, parts[kind].read(rows, run), strict=True):
                made[place] = OneOf(each, kind)
        return made

    async def load(batch: NodeBatch, run: PlanRun) -> None:
        loads = [(parts[kind].load, rows) for kind, rows in chosen(batch, run).items()]
        await asyncio.gather(*(each(rows, run) for each, rows in loads if each))

    return PlanNode(
        read,
        max(part.width for part in parts.values()),
        frozenset((TYPENAME,)).union(*(part.columns for part in parts.values())),
        links=tuple(link for part in parts.values() for link in part.links),
        load=load if any(part.load for part in parts.values()) else None,
    )


def _paged(below: PlanNode) -> PlanNode:
    """The rows of pages."""
    build, further = below.read, below.load

    def read(batch: NodeBatch, run: PlanRun) -> Sequence[Any]:
        assert isinstance(batch, Pages)
        made = build(batch.rows, run)
        return [made[place.start : place.stop] for place in batch.places]

    async def load(batch: NodeBatch, run: PlanRun) -> None:
        assert isinstance(batch, Pages)
        assert further
        await further(batch.rows, run)

    return PlanNode(read, below.width, page_columns=below.columns, links=below.links, load=further and load)


def _linked(found: GraphQLField, link: Link, below: PlanNode, path: Path) -> PlanNode:
    """Nodes that are at hand: of the same row, or of memory."""
    build, further, listed = below.read, below.load, is_list(found)
    never_null = isinstance(found.type, GraphQLNonNull)

    def read(batch: NodeBatch, run: PlanRun) -> Sequence[Any]:
        # What links hang on is looked up once, so that they are found again.
        target, places = run.loaded[path, id(batch)] if further else link.nodes(batch, run.reader.memory)
        made = build(target, run)
        if isinstance(places, range):  # each row's own, in their order
            return made
        if never_null and None in places:
            run.torn = True
        if listed:
            return [None if place is None else [made[one] for one in place] for place in places]
        return [None if place is None else made[place] for place in places]

    async def load(batch: NodeBatch, run: PlanRun) -> None:
        assert further
        run.loaded[path, id(batch)] = target, _ = link.nodes(batch, run.reader.memory)
        await further(target, run)

    times = LISTED if listed else 1
    return PlanNode(
        read,
        below.width * times,
        frozenset(link.columns) | (below.columns if isinstance(link, SameRow) else frozenset()),
        links=tuple((times * each, asked) for each, asked in below.links),
        load=further and load,
    )


def _linked_pages(link: ServiceLink, fetched: FetchedField) -> PlanNode:
    """Pages of a service's list, a page for each row."""
    path, build, further, needed = fetched.path, fetched.part.read, fetched.part.load, fetched.part.page_needed

    async def load(batch: NodeBatch, run: PlanRun) -> None:
        keys = list(zip(*(batch.column(name) for name in link.columns), strict=True))
        once = {key: place for place, key in enumerate(dict.fromkeys(key for key in keys if None not in key))}
        if not once:
            run.loaded[path, id(batch)] = None, [None] * batch.size
            return
        try:
            run.spend(len(once) * fetched.own_cost(run.arguments))
            pages = await link.pages(run.reader, run.arguments[path], needed, list(once))
        except Exception as failed:
            run.loaded[path, id(batch)] = Failure(failed), ()
            return
        run.loaded[path, id(batch)] = pages, [once.get(key) for key in keys]
        if further:
            await further(pages, run)

    def read(batch: NodeBatch, run: PlanRun) -> Sequence[Any]:
        pages, places = run.loaded[path, id(batch)]
        if isinstance(pages, Failure):
            run.torn = True
            return [pages] * batch.size
        made = build(pages, run) if pages else []
        return [None if place is None else made[place] for place in places]

    return PlanNode(read, 1, frozenset(link.columns), links=((1, fetched),), load=load)


def _sure(found: GraphQLField, read: Read) -> Read:
    """The same, and it is noted where null stands that may not."""
    has_null = nulls_checked(found)
    if has_null is None:
        return read

    def checked(batch: NodeBatch, run: PlanRun) -> Sequence[Any]:
        values = read(batch, run)
        run.torn |= has_null(values)
        return values

    return checked
