"""How the fields of a node are read: from columns of rows, or from what memory knows about a code in them.

A field declares its reading once, in the metadata of its type.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any, TypeAlias

from gateway.reference.collection import Entry
from gateway.reference.memory import ReferenceMemory

READS = "reads"
"""Key of a field's reading in its metadata."""
CURSOR = "cursor"
"""Column of a row's cursor, where each was asked for."""

Place: TypeAlias = "int | None"


class NodeBatch:
    """Rows of one kind as columns."""

    def __init__(self, size: int) -> None:
        self.size = size

    def column(self, name: str) -> Sequence[Any]:
        raise NotImplementedError


class ServiceRows(NodeBatch):
    """Rows a service answered with."""

    def __init__(self, columns: Mapping[str, Sequence[Any]]) -> None:
        super().__init__(len(next(iter(columns.values()))))
        self._columns = columns

    def column(self, name: str) -> Sequence[Any]:
        return self._columns[name]


class MemoryEntries(NodeBatch):
    """Entries of memory, or objects that lie in a column."""

    def __init__(self, entries: Sequence[Entry], cursors: Sequence[str] = ()) -> None:
        super().__init__(len(entries))
        self._entries = entries
        self._cursors = cursors

    def column(self, name: str) -> Sequence[Any]:
        return self._cursors if name == CURSOR else [entry.get(name) for entry in self._entries]


class ChosenRows(NodeBatch):
    """Some rows of a batch."""

    def __init__(self, batch: NodeBatch, places: Sequence[int]) -> None:
        super().__init__(len(places))
        self._batch = batch
        self.places = places

    def column(self, name: str) -> Sequence[Any]:
        values = self._batch.column(name)
        return [values[place] for place in self.places]


class Pages(NodeBatch):
    """Pages of a list: each is a row that says where it stands, and the rows of all of them lie in one batch."""

    def __init__(self, rows: NodeBatch, sizes: Sequence[int], columns: Mapping[str, Sequence[Any]]) -> None:
        super().__init__(len(sizes))
        self.rows = rows
        self._sizes = sizes
        self._columns = columns

    @cached_property
    def places(self) -> Sequence[range]:
        """Where the rows of each page lie."""
        if len(self._sizes) == 1:
            return [range(self._sizes[0])]
        return [range(start, end) for start, end in pairwise(accumulate(self._sizes, initial=0))]

    def column(self, name: str) -> Sequence[Any]:
        return self._columns.get(name) or [None] * self.size


@dataclass(frozen=True)
class OfColumn:
    """What is read of one column."""

    name: str

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.name,)


@dataclass(frozen=True)
class ColumnValue(OfColumn):
    """The value of a column, as it is."""

    def values(self, batch: NodeBatch) -> Sequence[Any]:
        return batch.column(self.name)


@dataclass(frozen=True)
class EnumValue(ColumnValue):
    """The value of a column, one of an enum's or a list of such."""

    enum: type[Enum]

    def values(self, batch: NodeBatch) -> Sequence[Any]:
        return _renamed(batch.column(self.name), self._names)

    @cached_property
    def _names(self) -> Mapping[Any, str | None]:
        return {member.value: member.name for member in self.enum} | {None: None}


def _renamed(values: Sequence[Any], members: Mapping[Any, Any]) -> Sequence[Any]:
    if any(isinstance(value, list) for value in values):
        return [value and [members[one] for one in value] for value in values]
    return [members[value] for value in values]


@dataclass(frozen=True)
class NestedObject(OfColumn):
    """A node that lies in a column as an object."""

    def nodes(self, batch: NodeBatch, memory: ReferenceMemory) -> tuple[NodeBatch, Sequence[Any]]:
        values = batch.column(self.name)
        if None not in values:
            return MemoryEntries(values), range(len(values))
        entries = [value for value in values if value is not None]
        counted = iter(range(len(entries)))
        return MemoryEntries(entries), [None if value is None else next(counted) for value in values]


@dataclass(frozen=True)
class EachLanguage(OfColumn):
    """A name made of one part of each language's text, such as the headlines of an alert."""

    part: str

    def nodes(self, batch: NodeBatch, memory: ReferenceMemory) -> tuple[NodeBatch, Sequence[Any]]:
        texts = batch.column(self.name)
        entries = [{language: said[self.part] for language, said in text.items() if said} for text in texts]
        return MemoryEntries(entries), range(len(entries))


@dataclass(frozen=True)
class NestedList(OfColumn):
    """Nodes that lie in a column as a list of objects."""

    def nodes(self, batch: NodeBatch, memory: ReferenceMemory) -> tuple[NodeBatch, Sequence[Any]]:
        entries: list[Entry] = []
        places: list[range | None] = []
        for values in batch.column(self.name):
            start = len(entries)
            entries.extend(values or ())
            places.append(None if values is None else range(start, len(entries)))
        return MemoryEntries(entries), places


@dataclass(frozen=True)
class PageRows:
    """The rows of a page."""

    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class SameRow:
    """A node made of the same row's columns, such as the people of a report."""

    columns: tuple[str, ...] = ()

    def nodes(self, batch: NodeBatch, memory: ReferenceMemory) -> tuple[NodeBatch, Sequence[Any]]:
        return batch, range(batch.size)


Find: TypeAlias = Callable[..., Entry | None]


@dataclass(frozen=True)
class MemoryNode:
    """A node of memory's, found by the values of these columns; null where memory knows none."""

    find: Find
    columns: tuple[str, ...]

    def nodes(self, batch: NodeBatch, memory: ReferenceMemory) -> tuple[NodeBatch, Sequence[Any]]:
        keys = list(zip(*(batch.column(name) for name in self.columns), strict=True))
        entries, places = _found_once(memory, self.find, keys)
        return MemoryEntries(entries), [places[key] for key in keys]


@dataclass(frozen=True)
class MemoryNodes:
    """Nodes of memory's, found by the codes listed in the last column; those memory does not know are left out."""

    find: Find
    columns: tuple[str, ...]

    def nodes(self, batch: NodeBatch, memory: ReferenceMemory) -> tuple[NodeBatch, Sequence[Any]]:
        rows = zip(*(batch.column(name) for name in self.columns), strict=True)
        keys = [None if codes is None else [(*before, code) for code in codes] for *before, codes in rows]
        entries, places = _found_once(memory, self.find, [key for row in keys for key in row or ()])
        known = [None if row is None else [places[key] for key in row if places[key] is not None] for row in keys]
        return MemoryEntries(entries), known


def _found_once(
    memory: ReferenceMemory, find: Find, keys: Sequence[tuple[Any, ...]]
) -> tuple[list[Entry], dict[Any, Place]]:
    """What memory knows under the keys, each once, and where each key's entry lies among them."""
    entries: list[Entry] = []
    places: dict[Any, Place] = {}
    for key in dict.fromkeys(keys):
        entry = None if key[-1] is None else find(memory, *key)
        places[key] = None if entry is None else len(entries)
        if entry is not None:
            entries.append(entry)
    return entries, places


Link: TypeAlias = NestedObject | EachLanguage | NestedList | SameRow | MemoryNode | MemoryNodes
Reading: TypeAlias = ColumnValue | PageRows | Link
