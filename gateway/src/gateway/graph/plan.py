"""Plans: an operation compiled once, in one walk: what it costs, the columns it needs, how its answer is made of them.

The walk knows types and columns, never roles: a plan is kept with its text and serves everybody.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLField,
    GraphQLNonNull,
    GraphQLObjectType,
    OperationDefinitionNode,
    SelectionSetNode,
)

from gateway.errors import QueryTooCostly
from gateway.graph.completion import Failure, completed
from gateway.graph.extents import INTROSPECTION
from gateway.graph.kinds import is_list, metadata_of, node_kind, nulls_checked, reading_of
from gateway.graph.limits import ALL, LISTED, WIDTH
from gateway.graph.reading import CURSOR, Batch, Link, PageRows, Pages, Same, Value
from gateway.graph.roots import ROOT, Arguments, Needed, Reader, Root, page_size
from gateway.graph.selection import TYPENAME, Scope, Selected
from gateway.graph.telling import Place
from gateway.reference.memory import Memory

Made: TypeAlias = dict[str, Any]


@dataclass
class Run:
    """One answering of a plan."""

    memory: Memory
    torn: bool = False
    """Whether null stands where the schema allows none, or something failed."""


Read: TypeAlias = Callable[[Batch, Run], Sequence[Any]]
"""Values, one a row."""


@dataclass(frozen=True)
class Part:
    """Something selected on rows of one kind: a field, or the object all selected fields make."""

    read: Read
    width: int = 1
    """Values it brings into the answer, for each row."""
    columns: frozenset[str] = frozenset()
    """Columns of the rows it is read from."""
    page_columns: frozenset[str] = frozenset()
    """Where the rows are pages: the columns of their rows."""


@dataclass(frozen=True)
class RootPlan:
    """How one root field is answered."""

    key: str
    field: GraphQLField
    nodes: Sequence[FieldNode]
    part: Part

    @cached_property
    def root(self) -> Root:
        source: Root = metadata_of(self.field)[ROOT]
        return source

    @property
    def place(self) -> Place:
        return Place([self.key], self.nodes)

    def cost(self, arguments: Arguments) -> int:
        """Values the answer could hold. Raises `TooSmall`, `TooLarge`."""
        rows = {"one": 1, "all": ALL}.get(self.root.shape)
        return (self.part.width + getattr(self.root, "effort", 0)) * (rows or page_size(arguments))

    async def answer(self, reader: Reader, arguments: Arguments, run: Run) -> Any:
        """The value of the field, or how it failed."""
        try:
            made = self.part.read(await self.root.found(reader, arguments, self._needed), run)
        except Exception as failed:
            run.torn = True
            return Failure(failed)
        return made if is_list(self.field) else next(iter(made), None)

    @cached_property
    def _needed(self) -> Needed:
        columns = self.part.page_columns if self.root.shape == "connection" else self.part.columns
        return Needed(sorted(columns - {CURSOR}), CURSOR in columns)


@dataclass(frozen=True)
class Plan:
    """How a whole operation is answered."""

    kind: GraphQLObjectType
    selected: Selected
    scope: Scope
    roots: tuple[RootPlan, ...]
    introspection: DocumentNode | None
    """What is asked about the schema itself: for the library."""

    async def answer(
        self, reader: Reader, arguments: Mapping[str, Arguments], told: Mapping[str, Any]
    ) -> tuple[Made | None, list[Failure]]:
        """The data, and what failed; `arguments` are those of each root by its key, `told` what the schema says."""
        run = Run(reader.memory)
        answers = [root.answer(reader, arguments[root.key], run) for root in self.roots]
        # One alone is not made a task of.
        values = await asyncio.gather(*answers) if len(answers) > 1 else [await answer for answer in answers]
        by_key = {**told, **{root.key: value for root, value in zip(self.roots, values, strict=True)}}
        data = {key: by_key.get(key, self.kind.name) for key in self.selected}
        return completed(data, self.kind, self.selected, self.scope) if run.torn else (data, [])


@dataclass
class Compiler:
    """Walks an operation's selections, once."""

    scope: Scope
    roots: list[RootPlan] = field(default_factory=list)

    def plan(self, operation: OperationDefinitionNode, kind: GraphQLObjectType) -> Plan:
        """The plan of a validated operation. Raises `QueryTooCostly`."""
        selected = self.scope.fields([operation.selection_set])
        introspecting: list[FieldNode] = []
        for key, nodes in selected.items():
            name = nodes[0].name.value
            if name in INTROSPECTION:
                introspecting += nodes
            elif name != TYPENAME:
                found = kind.fields[name]
                self.roots.append(RootPlan(key, found, nodes, self._rows(node_kind(found), nodes)))
        about = self._document(operation, introspecting) if introspecting else None
        return Plan(kind, selected, self.scope, tuple(self.roots), about)

    def _document(self, operation: OperationDefinitionNode, nodes: Sequence[FieldNode]) -> DocumentNode:
        alone = OperationDefinitionNode(
            operation=operation.operation,
            variable_definitions=operation.variable_definitions,
            selection_set=SelectionSetNode(selections=tuple(nodes)),
        )
        return DocumentNode(definitions=(alone, *self.scope.fragments.values()))

    def _rows(self, kind: GraphQLObjectType, nodes: Sequence[FieldNode]) -> Part:
        """Objects with the fields that are selected on the value of a field."""
        parts = {key: self._field(kind, below) for key, below in self.scope.below(nodes).items()}
        width = sum(part.width for part in parts.values())
        if width > WIDTH:
            raise QueryTooCostly(cost=width, limit=WIDTH)
        keys, reads = tuple(parts), tuple(part.read for part in parts.values())
        return Part(
            lambda batch, run: _zipped(keys, [read(batch, run) for read in reads], batch.size),
            width,
            frozenset().union(*(part.columns for part in parts.values())),
            frozenset().union(*(part.page_columns for part in parts.values())),
        )

    def _field(self, kind: GraphQLObjectType, nodes: Sequence[FieldNode]) -> Part:
        name = nodes[0].name.value
        if name == TYPENAME:
            return Part(lambda batch, run: [kind.name] * batch.size)
        found = kind.fields[name]
        reading = reading_of(found)
        if isinstance(reading, Value):
            return Part(_sure(found, lambda batch, run: reading.values(batch)), columns=frozenset(reading.columns))
        below = self._rows(node_kind(found), nodes)
        if isinstance(reading, PageRows):
            return Part(_paged(below.read), below.width, page_columns=below.columns)
        read = _linked(found, reading, below.read)
        width = below.width * (LISTED if is_list(found) else 1)
        columns = frozenset(reading.columns)
        return Part(read, width, columns | below.columns if isinstance(reading, Same) else columns)


def _zipped(keys: tuple[str, ...], columns: Sequence[Sequence[Any]], size: int) -> list[Made]:
    made: list[Made] = [{} for _ in range(size)]
    # Column by column: a third faster than a dictionary of each row.
    for key, column in zip(keys, columns, strict=True):
        for row, value in zip(made, column, strict=True):
            row[key] = value
    return made


def _linked(found: GraphQLField, link: Link, build: Read) -> Read:
    listed, never_null = is_list(found), isinstance(found.type, GraphQLNonNull)

    def read(batch: Batch, run: Run) -> Sequence[Any]:
        target, places = link.nodes(batch, run.memory)
        made = build(target, run)
        if isinstance(places, range):  # each row's own, in their order
            return made
        if never_null and None in places:
            run.torn = True
        if listed:
            return [None if place is None else [made[one] for one in place] for place in places]
        return [None if place is None else made[place] for place in places]

    return read


def _paged(build: Read) -> Read:
    def read(batch: Batch, run: Run) -> Sequence[Any]:
        assert isinstance(batch, Pages)
        made = build(batch.rows, run)
        return [made[place.start : place.stop] for place in batch.places]

    return read


def _sure(found: GraphQLField, read: Read) -> Read:
    """The same, and it is noted where null stands that may not."""
    has_null = nulls_checked(found)
    if has_null is None:
        return read

    def checked(batch: Batch, run: Run) -> Sequence[Any]:
        values = read(batch, run)
        run.torn |= has_null(values)
        return values

    return checked
