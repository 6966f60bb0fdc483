"""Plans: what an operation costs, the columns it needs, and how its answer is made of them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from graphql import DocumentNode, FieldNode, GraphQLField, GraphQLObjectType

from gateway.errors import QueryTooCostly
from gateway.graph.completion import Failure, completed
from gateway.graph.error_format import QueryLocation
from gateway.graph.field_sources import CURSOR, NodeBatch
from gateway.graph.limits import COST
from gateway.graph.roots import ROOT, Arguments, GraphReader, NeededColumns, Root, page_size
from gateway.graph.schema_types import is_list, metadata_of
from gateway.graph.selection import Selected, SelectionContext

Made: TypeAlias = dict[str, Any]


Path: TypeAlias = tuple[str, ...]
"""Of a field, by the names of the answer, without the places in lists."""


ON = "..."
"""Begins the part of a path that says of which kind an object is, where it may be of several."""


@dataclass
class PlanRun:
    """One answering of a plan."""

    reader: GraphReader
    arguments: Mapping[Path, Arguments]
    """Of each field whose rows are asked for."""
    torn: bool = False
    """Whether null stands where the schema allows none, or something failed."""
    loaded: dict[tuple[Path, int], Any] = field(default_factory=dict)
    """Where a field leads to, by its path and the rows it is read of, with what had to be asked for before."""
    cost: int = 0
    """Values that were asked for by links."""

    def spend(self, cost: int) -> None:
        """Counts what a link asks for by the rows there are: a list within a row may be longer than it was taken to be.

        Raises `QueryTooCostly`.
        """
        self.cost += cost
        if self.cost > COST:
            raise QueryTooCostly(cost=self.cost, limit=COST)


Read: TypeAlias = Callable[[NodeBatch, PlanRun], Sequence[Any]]
"""Values, one a row."""
Load: TypeAlias = Callable[[NodeBatch, PlanRun], Awaitable[None]]
"""Asks for what must be there before these rows are read."""


@dataclass(frozen=True)
class PlanNode:
    """Something selected on rows of one kind: a field, or the object all selected fields make."""

    read: Read
    width: int = 1
    """Values it brings into the answer, for each row."""
    columns: frozenset[str] = frozenset()
    """Columns of the rows it is read from."""
    page_columns: frozenset[str] = frozenset()
    """Where the rows are pages: the columns of their rows."""
    links: tuple[tuple[int, "FetchedField"], ...] = ()
    """Lists that are asked for with the rows, and how many of each there are for one row."""
    load: Load | None = None

    @property
    def needed(self) -> NeededColumns:
        """What is needed of the rows."""
        return NeededColumns(sorted(self.columns), "none")

    @property
    def page_needed(self) -> NeededColumns:
        """What is needed of the rows of pages."""
        cursors = "each" if CURSOR in self.page_columns else "ends" if ENDS & self.columns else "none"
        return NeededColumns(sorted(self.page_columns - {CURSOR}), cursors)  # type: ignore[arg-type]

    def cost(self, arguments: Mapping[Path, Arguments]) -> int:
        """Values one row brings, with the lists that are asked for with it. Raises `TooSmall`, `TooLarge`."""
        return self.width + sum(times * asked.cost(arguments) for times, asked in self.links)


ENDS = frozenset(("start", "end"))


@dataclass(frozen=True)
class FetchedField:
    """A field whose rows are asked for: a root, or a list of a service by rows it hangs on."""

    path: Path
    field: GraphQLField
    nodes: Sequence[FieldNode]
    part: PlanNode
    effort: int
    """Values a row counts for besides those it brings."""
    rows: int | None = None
    """How many there are at most, where `first` doesn't say."""

    @property
    def key(self) -> str:
        return self.path[-1]

    @property
    def place(self) -> QueryLocation:
        return QueryLocation([name for name in self.path if not name.startswith(ON)], self.nodes)

    def cost(self, arguments: Mapping[Path, Arguments]) -> int:
        """Values the answer could hold of it. Raises `TooSmall`, `TooLarge`."""
        return (self.part.cost(arguments) + self.effort) * self._most(arguments)

    def own_cost(self, arguments: Mapping[Path, Arguments]) -> int:
        """The same without the links of its rows."""
        return (self.part.width + self.effort) * self._most(arguments)

    def _most(self, arguments: Mapping[Path, Arguments]) -> int:
        return self.rows or page_size(arguments[self.path])


@dataclass(frozen=True)
class RootPlan(FetchedField):
    """How one root field is answered."""

    @cached_property
    def root(self) -> Root:
        source: Root = metadata_of(self.field)[ROOT]
        return source

    async def answer(self, run: PlanRun) -> Any:
        """The value of the field, or how it failed."""
        try:
            return await self.made(await self.found(run), run)
        except Exception as failed:
            run.torn = True
            return Failure(failed)

    async def found(self, run: PlanRun) -> NodeBatch:
        """Its rows. Raises `Refusal`."""
        return await self.root.found(run.reader, run.arguments[self.path], self._needed)

    async def made(self, found: NodeBatch, run: PlanRun) -> Any:
        """The value of the field, of its rows."""
        if self.part.load:
            await self.part.load(found, run)
        made = self.part.read(found, run)
        return made if is_list(self.field) else next(iter(made), None)

    @cached_property
    def _needed(self) -> NeededColumns:
        return self.part.page_needed if self.root.shape == "connection" else self.part.needed


@dataclass(frozen=True)
class Plan:
    """How a whole operation is answered."""

    kind: GraphQLObjectType
    changes: bool
    """Whether it is a mutation."""
    selected: Selected
    scope: SelectionContext
    roots: tuple[RootPlan, ...]
    fetched: tuple[FetchedField, ...]
    """Links, the inner ones first, then the roots."""
    introspection: DocumentNode | None
    """What is asked about the schema itself: for the library."""

    async def answer(
        self, reader: GraphReader, arguments: Mapping[Path, Arguments], row: Mapping[str, Any]
    ) -> tuple[Made | None, list[Failure]]:
        """The data, and what failed; `told` is what the schema says of itself."""
        run = PlanRun(reader, arguments)
        answers = [root.answer(run) for root in self.roots]
        # One alone is not made a task of; changes are made one after the other.
        at_once = len(answers) > 1 and not self.changes
        values = await asyncio.gather(*answers) if at_once else [await answer for answer in answers]
        return self.answer_of({**row, **{root.key: value for root, value in zip(self.roots, values, strict=True)}}, run)

    def answer_of(self, values: Mapping[str, Any], run: PlanRun) -> tuple[Made | None, list[Failure]]:
        """The data, and what failed, of the values of its fields."""
        data = {key: values.get(key, self.kind.name) for key in self.selected}
        return completed(data, self.kind, self.selected, self.scope) if run.torn else (data, [])
