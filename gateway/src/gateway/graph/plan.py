"""Plans: an operation compiled once, in one walk: what it costs, the columns it needs, how its answer is made of them.

The walk knows types and columns, never roles: a plan is kept with its text and serves everybody.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
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
    OperationType,
    SelectionSetNode,
)

from gateway.errors import QueryTooCostly
from gateway.graph.completion import Failure, completed
from gateway.graph.extents import INTROSPECTION
from gateway.graph.kinds import is_list, metadata_of, node_kind, nulls_checked, reading_of
from gateway.graph.limits import ALL, LISTED, WIDTH
from gateway.graph.linking import ServiceLink
from gateway.graph.reading import CURSOR, Batch, Link, PageRows, Pages, Same, Value
from gateway.graph.roots import ROOT, Arguments, Needed, Reader, Root, page_size
from gateway.graph.selection import TYPENAME, Scope, Selected
from gateway.graph.telling import Place

Made: TypeAlias = dict[str, Any]


Path: TypeAlias = tuple[str, ...]
"""Of a field, by the names of the answer, without the places in lists."""


@dataclass
class Run:
    """One answering of a plan."""

    reader: Reader
    arguments: Mapping[Path, Arguments]
    """Of each field whose rows are asked for."""
    torn: bool = False
    """Whether null stands where the schema allows none, or something failed."""
    loaded: dict[tuple[Path, int], Any] = field(default_factory=dict)
    """Where a field leads to, by its path and the rows it is read of, with what had to be asked for before."""


Read: TypeAlias = Callable[[Batch, Run], Sequence[Any]]
"""Values, one a row."""
Load: TypeAlias = Callable[[Batch, Run], Awaitable[None]]
"""Asks for what must be there before these rows are read."""


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
    links: tuple[tuple[int, "Asked"], ...] = ()
    """Lists that are asked for with the rows, and how many of each there are for one row."""
    load: Load | None = None

    @property
    def needed(self) -> Needed:
        """What is needed of the rows."""
        return Needed(sorted(self.columns), "none")

    @property
    def page_needed(self) -> Needed:
        """What is needed of the rows of pages."""
        cursors = "each" if CURSOR in self.page_columns else "ends" if ENDS & self.columns else "none"
        return Needed(sorted(self.page_columns - {CURSOR}), cursors)  # type: ignore[arg-type]

    def cost(self, arguments: Mapping[Path, Arguments]) -> int:
        """Values one row brings, with the lists that are asked for with it. Raises `TooSmall`, `TooLarge`."""
        return self.width + sum(times * asked.cost(arguments) for times, asked in self.links)


ENDS = frozenset(("start", "end"))


@dataclass(frozen=True)
class Asked:
    """A field whose rows are asked for: a root, or a list of a service by rows it hangs on."""

    path: Path
    field: GraphQLField
    nodes: Sequence[FieldNode]
    part: Part
    effort: int
    """Values a row counts for besides those it brings."""
    rows: int | None = None
    """How many there are at most, where `first` doesn't say."""

    @property
    def key(self) -> str:
        return self.path[-1]

    @property
    def place(self) -> Place:
        return Place(self.path, self.nodes)

    def cost(self, arguments: Mapping[Path, Arguments]) -> int:
        """Values the answer could hold of it. Raises `TooSmall`, `TooLarge`."""
        return (self.part.cost(arguments) + self.effort) * (self.rows or page_size(arguments[self.path]))


@dataclass(frozen=True)
class RootPlan(Asked):
    """How one root field is answered."""

    @cached_property
    def root(self) -> Root:
        source: Root = metadata_of(self.field)[ROOT]
        return source

    async def answer(self, run: Run) -> Any:
        """The value of the field, or how it failed."""
        try:
            found = await self.root.found(run.reader, run.arguments[self.path], self._needed)
            if self.part.load:
                await self.part.load(found, run)
            made = self.part.read(found, run)
        except Exception as failed:
            run.torn = True
            return Failure(failed)
        return made if is_list(self.field) else next(iter(made), None)

    @cached_property
    def _needed(self) -> Needed:
        return self.part.page_needed if self.root.shape == "connection" else self.part.needed


@dataclass(frozen=True)
class Plan:
    """How a whole operation is answered."""

    kind: GraphQLObjectType
    changes: bool
    """Whether it is a mutation."""
    selected: Selected
    scope: Scope
    roots: tuple[RootPlan, ...]
    asked: tuple[Asked, ...]
    """Links, the inner ones first, then the roots."""
    introspection: DocumentNode | None
    """What is asked about the schema itself: for the library."""

    async def answer(
        self, reader: Reader, arguments: Mapping[Path, Arguments], told: Mapping[str, Any]
    ) -> tuple[Made | None, list[Failure]]:
        """The data, and what failed; `told` is what the schema says of itself."""
        run = Run(reader, arguments)
        answers = [root.answer(run) for root in self.roots]
        # One alone is not made a task of; changes are made one after the other.
        at_once = len(answers) > 1 and not self.changes
        values = await asyncio.gather(*answers) if at_once else [await answer for answer in answers]
        by_key = {**told, **{root.key: value for root, value in zip(self.roots, values, strict=True)}}
        data = {key: by_key.get(key, self.kind.name) for key in self.selected}
        return completed(data, self.kind, self.selected, self.scope) if run.torn else (data, [])


@dataclass
class Compiler:
    """Walks an operation's selections, once."""

    scope: Scope
    asked: list[Asked] = field(default_factory=list)

    def plan(self, operation: OperationDefinitionNode, kind: GraphQLObjectType) -> Plan:
        """The plan of a validated operation. Raises `QueryTooCostly`."""
        selected = self.scope.fields([operation.selection_set])
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
        return Plan(kind, changes, selected, self.scope, tuple(roots), (*self.asked, *roots), about)

    def _root(self, path: Path, found: GraphQLField, nodes: Sequence[FieldNode]) -> RootPlan:
        source: Root = metadata_of(found)[ROOT]
        rows = {"one": 1, "all": ALL}.get(source.shape)
        part = self._rows(node_kind(found), nodes, path)
        return RootPlan(path, found, nodes, part, getattr(source, "effort", 0), rows)

    def _document(self, operation: OperationDefinitionNode, nodes: Sequence[FieldNode]) -> DocumentNode:
        alone = OperationDefinitionNode(
            operation=operation.operation,
            variable_definitions=operation.variable_definitions,
            selection_set=SelectionSetNode(selections=tuple(nodes)),
        )
        return DocumentNode(definitions=(alone, *self.scope.fragments.values()))

    def _rows(self, kind: GraphQLObjectType, nodes: Sequence[FieldNode], path: Path) -> Part:
        """Objects with the fields that are selected on the value of a field."""
        parts = {key: self._field(kind, below, (*path, key)) for key, below in self.scope.below(nodes).items()}
        width = sum(part.width for part in parts.values())
        if width > WIDTH:
            raise QueryTooCostly(cost=width, limit=WIDTH)
        keys, reads = tuple(parts), tuple(part.read for part in parts.values())
        return Part(
            lambda batch, run: _zipped(keys, [read(batch, run) for read in reads], batch.size),
            width,
            frozenset().union(*(part.columns for part in parts.values())),
            frozenset().union(*(part.page_columns for part in parts.values())),
            tuple(link for part in parts.values() for link in part.links),
            _all_loaded([part.load for part in parts.values() if part.load]),
        )

    def _field(self, kind: GraphQLObjectType, nodes: Sequence[FieldNode], path: Path) -> Part:
        name = nodes[0].name.value
        if name == TYPENAME:
            return Part(lambda batch, run: [kind.name] * batch.size)
        found = kind.fields[name]
        reading = reading_of(found)
        if isinstance(reading, Value):
            return Part(_sure(found, lambda batch, run: reading.values(batch)), columns=frozenset(reading.columns))
        below = self._rows(node_kind(found), nodes, path)
        if isinstance(reading, PageRows):
            return _paged(below)
        if isinstance(reading, ServiceLink):
            self.asked.append(Asked(path, found, nodes, below, reading.list.effort))
            return _asked(reading, self.asked[-1])
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

    async def load(batch: Batch, run: Run) -> None:
        await asyncio.gather(*(each(batch, run) for each in loads))

    return load


def _paged(below: Part) -> Part:
    """The rows of pages."""
    build, further = below.read, below.load

    def read(batch: Batch, run: Run) -> Sequence[Any]:
        assert isinstance(batch, Pages)
        made = build(batch.rows, run)
        return [made[place.start : place.stop] for place in batch.places]

    async def load(batch: Batch, run: Run) -> None:
        assert isinstance(batch, Pages)
        assert further
        await further(batch.rows, run)

    return Part(read, below.width, page_columns=below.columns, links=below.links, load=further and load)


def _linked(found: GraphQLField, link: Link, below: Part, path: Path) -> Part:
    """Nodes that are at hand: of the same row, or of memory."""
    build, further, listed = below.read, below.load, is_list(found)
    never_null = isinstance(found.type, GraphQLNonNull)

    def read(batch: Batch, run: Run) -> Sequence[Any]:
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

    async def load(batch: Batch, run: Run) -> None:
        assert further
        run.loaded[path, id(batch)] = target, _ = link.nodes(batch, run.reader.memory)
        await further(target, run)

    times = LISTED if listed else 1
    return Part(
        read,
        below.width * times,
        frozenset(link.columns) | (below.columns if isinstance(link, Same) else frozenset()),
        links=tuple((times * each, asked) for each, asked in below.links),
        load=further and load,
    )


def _asked(link: ServiceLink, asked: Asked) -> Part:
    """Pages of a service's list, a page for each row."""
    path, build, further, needed = asked.path, asked.part.read, asked.part.load, asked.part.page_needed

    async def load(batch: Batch, run: Run) -> None:
        keys = list(zip(*(batch.column(name) for name in link.columns), strict=True))
        once = {key: place for place, key in enumerate(dict.fromkeys(key for key in keys if None not in key))}
        if not once:
            run.loaded[path, id(batch)] = None, [None] * batch.size
            return
        try:
            pages = await link.pages(run.reader, run.arguments[path], needed, list(once))
        except Exception as failed:
            run.loaded[path, id(batch)] = Failure(failed), ()
            return
        run.loaded[path, id(batch)] = pages, [once.get(key) for key in keys]
        if further:
            await further(pages, run)

    def read(batch: Batch, run: Run) -> Sequence[Any]:
        pages, places = run.loaded[path, id(batch)]
        if isinstance(pages, Failure):
            run.torn = True
            return [pages] * batch.size
        made = build(pages, run) if pages else []
        return [None if place is None else made[place] for place in places]

    return Part(read, 1, frozenset(link.columns), links=((1, asked),), load=load)


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
