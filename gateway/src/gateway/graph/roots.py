"""Roots of the graph: where the rows of each root field come from, with at most one question to one service."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal, Protocol, TypeAlias

from contracts.event import Topic
from runtime.access import Caller
from runtime.cursors import Cursors
from runtime.listing import LARGEST_PAGE, ends
from runtime.validation import TooLarge, TooSmall

from gateway.graph.field_sources import CURSOR, MemoryEntries, NodeBatch, Pages, ServiceRows
from gateway.reference.collection import Collection, Entry
from gateway.reference.memory import ReferenceMemory
from gateway.upstream.commands import ServiceCommands
from gateway.upstream.questions import ServiceQueries, ServiceRefusal

ROOT = "root"
"""Key of a root field's source in its metadata."""
DEFAULT_PAGE = 50

BESIDE = ("as_of", "rebuilding", "position", "gone")
"""What a list says beside its rows. Of figures: how far they have come. Of changes: up to where they are told, and what
left the list."""

Arguments: TypeAlias = Mapping[str, Any]
"""Arguments of a root field by their Python names, without those that were left out."""


@dataclass(frozen=True)
class GraphReader:
    """Who reads the graph, and with what."""

    caller: Caller
    memory: ReferenceMemory
    questions: ServiceQueries
    cursor_key: str
    commands: ServiceCommands
    headers: Mapping[str, str] = field(repr=False)
    """Passed on with each question: the bearer token, the language."""


@dataclass(frozen=True)
class NeededColumns:
    """What a selection needs of the rows: no more is asked for."""

    columns: Sequence[str]
    """In order, each once."""
    cursors: Literal["each", "ends", "none"] = "ends"
    """Of which rows a cursor is needed: of each, or of the first and the last."""


def page_of(
    rows: NodeBatch, cursors: Sequence[str], has_next: bool, has_previous: bool, extra: Mapping[str, Sequence[Any]]
) -> Pages:
    """One page; `cursors` are those of each row, or of the first and the last, `beside` what is said of all rows."""
    start, end = (cursors[0], cursors[-1]) if cursors else (None, None)
    position = extra.get("position", (None,))
    place: dict[str, Sequence[Any]] = {
        "has_next": [has_next],
        "has_previous": [has_previous],
        "start": [start],
        **extra,
    }
    place["end"] = [position[0] or end]  # where the next page starts behind
    return Pages(rows, [rows.size], place)


class Root(Protocol):
    """Source of a root field."""

    @property
    def shape(self) -> Literal["connection", "one", "all"]: ...

    async def found(self, reader: GraphReader, arguments: Arguments, needed: NeededColumns) -> NodeBatch:
        """The rows that match, or their `Pages` where it is a connection. Raises `Refusal`."""
        ...


@dataclass(frozen=True)
class ServiceList:
    """A connection over rows of a service."""

    service: str
    path: str
    key: str
    """Column that is asked for when the selection needs none."""
    effort: int = 0
    """Values a row counts for besides those it brings: what it costs the service to make."""
    shape: Literal["connection"] = "connection"

    async def found(self, reader: GraphReader, arguments: Arguments, needed: NeededColumns) -> NodeBatch:
        answer = await self.answered(reader, arguments, needed)
        columns = {**answer["columns"], **({CURSOR: answer["cursors"]} if needed.cursors == "each" else {})}
        beside = {name: [answer[name]] for name in BESIDE if name in answer}
        behind = "after" in arguments
        return page_of(ServiceRows(columns), answer["cursors"], answer["has_next"], behind, beside)

    async def answered(
        self, reader: GraphReader, arguments: Arguments, needed: NeededColumns, **others: object
    ) -> dict[str, Any]:
        """What the service answers. Raises `Refusal`."""
        question = {
            "columns": needed.columns or (self.key,),
            "filter": arguments.get("filter") or {},
            "first": page_size(arguments),
            "after": arguments.get("after"),
            **({} if needed.cursors == "ends" else {"cursors": needed.cursors}),
            **({"changes_after": arguments["changes_after"]} if "changes_after" in arguments else {}),
            **others,
        }
        return await _answered(reader, self.service, self.path, question, "filter.")


@dataclass(frozen=True)
class ServiceOne:
    """One row of a service, by its id."""

    service: str
    path: str
    key: str = "id"
    shape: Literal["one"] = "one"

    async def found(self, reader: GraphReader, arguments: Arguments, needed: NeededColumns) -> NodeBatch:
        question = {
            "columns": needed.columns or (self.key,),
            "filter": {"id": arguments["id"]},
            "first": 1,
            "cursors": "none",
        }
        answer = await _answered(reader, self.service, self.path, question, "")
        return ServiceRows(answer["columns"])


@dataclass(frozen=True)
class ServiceStream:
    """One row after the other, by the ids a service's stream tells."""

    row: ServiceOne
    stream: str
    """Path of the stream, which is opened with the subscriber's own token."""
    parameters: Mapping[str, str]
    """Query parameter of each field of the filter."""
    shape: Literal["one"] = "one"

    async def found(self, reader: GraphReader, arguments: Arguments, needed: NeededColumns) -> NodeBatch:
        return await self.row.found(reader, arguments, needed)

    def refused(self, refusal: ServiceRefusal) -> ServiceRefusal:
        """What the stream refuses, told of the fields of the filter."""
        return refusal.about({parameter: f"filter.{name}" for name, parameter in self.parameters.items()})

    def query_parameters(self, filter: Mapping[str, Any]) -> list[tuple[str, str]]:
        """The filter as query parameters."""
        return [
            (self.parameters[name], str(each))
            for name, value in filter.items()
            for each in (value if isinstance(value, list | tuple) else [value])
        ]


@dataclass(frozen=True)
class ServiceChanges:
    """What changes in a list of a service, page by page."""

    list: ServiceList
    topic: Topic
    """Where it is heard that something changed, and no more."""
    shape: Literal["connection"] = "connection"

    async def found(self, reader: GraphReader, arguments: Arguments, needed: NeededColumns) -> NodeBatch:
        return await self.list.found(reader, arguments, needed)


@dataclass(frozen=True)
class MemoryList:
    """A connection over entries of memory that match."""

    home: Callable[[ReferenceMemory], Collection]
    key: Callable[[Entry], str]
    candidates: Callable[[GraphReader, Arguments], Iterable[str] | None]
    """Keys of an index in order, or `None` to walk through all."""
    matches: Callable[[GraphReader, Arguments, Entry], bool]
    check: Callable[[ReferenceMemory, Arguments], None]
    """That every code the arguments name is known. Raises `UnknownArea`, `UnknownSector` and their like."""
    changes: ServiceList
    """Where its changes are asked for: memory does not know in which order they were made."""
    asked: Callable[[Arguments], Arguments] = lambda arguments: arguments
    """The arguments as that list takes them."""
    shape: Literal["connection"] = "connection"

    async def found(self, reader: GraphReader, arguments: Arguments, needed: NeededColumns) -> NodeBatch:
        self.check(reader.memory, arguments)
        if "changes_after" in arguments:
            return await self.changes.found(reader, self.asked(arguments), needed)
        first = page_size(arguments)
        bound_to = {name: value for name, value in arguments.items() if name not in ("first", "after")}
        cursors = Cursors(reader.cursor_key, bound_to=bound_to)
        after = arguments.get("after")
        behind = None if after is None else str(cursors.decode(after)[0])
        walk = (entry for entry in self._walk(reader, arguments, behind) if self.matches(reader, arguments, entry))
        entries = list(islice(walk, first + 1))
        page = entries[:first]
        told = [cursors.encode([self.key(entry)]) for entry in (page if needed.cursors == "each" else ends(page))]
        return page_of(MemoryEntries(page, told), told, len(entries) > first, after is not None, {})

    def _walk(self, reader: GraphReader, arguments: Arguments, after: str | None) -> Iterator[Entry]:
        home = self.home(reader.memory)
        keys = self.candidates(reader, arguments)
        if keys is None:
            return home.after(after)
        listed = (home.get(key) for key in keys if after is None or key > after)
        return (entry for entry in listed if entry is not None)


@dataclass(frozen=True)
class MemoryOne:
    """One entry of memory."""

    find: Callable[[GraphReader, Arguments], Entry | None]
    shape: Literal["one"] = "one"

    async def found(self, reader: GraphReader, arguments: Arguments, needed: NeededColumns) -> NodeBatch:
        entry = self.find(reader, arguments)
        return MemoryEntries([entry] if entry else [])


@dataclass(frozen=True)
class MemoryAll:
    """All entries of a short code list."""

    home: Callable[[ReferenceMemory], Collection]
    shape: Literal["all"] = "all"

    async def found(self, reader: GraphReader, arguments: Arguments, needed: NeededColumns) -> NodeBatch:
        return MemoryEntries(list(self.home(reader.memory)))


async def _answered(
    reader: GraphReader, service: str, path: str, question: Mapping[str, Any], argument: str
) -> dict[str, Any]:
    """The service's answer; what it refuses of the filter is told of the argument that stands for it here."""
    try:
        return await reader.questions.ask(service, path, question, reader.headers)
    except ServiceRefusal as refused:
        fields = {name: f"{argument}{name}" for name in question["filter"]}
        raise refused.about({**fields, **{f"filter.{name}": field for name, field in fields.items()}}) from refused


def page_size(arguments: Arguments) -> int:
    """Rows that are asked for. Raises `TooSmall`, `TooLarge`."""
    first = arguments.get("first", DEFAULT_PAGE)
    if first is None:
        return DEFAULT_PAGE
    if first < 1:
        raise TooSmall("first", bound=1)
    if first > LARGEST_PAGE:
        raise TooLarge("first", bound=LARGEST_PAGE)
    return int(first)
