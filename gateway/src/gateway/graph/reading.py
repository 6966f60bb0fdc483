"""How the fields of a node are read: from columns of rows, or from what memory knows about a code in them.

A field declares its reading once, in the metadata of its type. Plain execution reads row by row, a plan column by
column; both go through the readings here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

from gateway.reference.collection import Entry
from gateway.reference.memory import Memory

READS = "reads"
"""Key of a field's reading in its metadata."""

Rows: TypeAlias = "Batch"
Place: TypeAlias = "int | None"


class Batch:
    """Rows of one kind as columns, with what was already read of them."""

    def __init__(self, memory: Memory, size: int) -> None:
        self.memory = memory
        self.size = size
        self.read: dict[object, Any] = {}

    def column(self, name: str) -> Sequence[Any]:
        raise NotImplementedError


class Columns(Batch):
    """Rows a service answered with."""

    def __init__(self, memory: Memory, columns: Mapping[str, Sequence[Any]], size: int) -> None:
        super().__init__(memory, size)
        self._columns = columns

    def column(self, name: str) -> Sequence[Any]:
        return self._columns[name]


class Entries(Batch):
    """Entries of memory, or objects that lie in a column."""

    def __init__(self, memory: Memory, entries: Sequence[Entry]) -> None:
        super().__init__(memory, len(entries))
        self._entries = entries

    def column(self, name: str) -> Sequence[Any]:
        return [entry.get(name) for entry in self._entries]


@dataclass(frozen=True)
class Value:
    """The value of a column, as it is."""

    name: str

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.name,)

    def values(self, batch: Batch) -> Sequence[Any]:
        return batch.column(self.name)


@dataclass(frozen=True)
class Choice(Value):
    """The value of a column, one of an enum's or a list of such."""

    enum: type[Enum]

    def values(self, batch: Batch) -> Sequence[Any]:
        members = {member.value: member.name for member in self.enum}
        return [_renamed(members, value) for value in batch.column(self.name)]

    def members(self, batch: Batch) -> Sequence[Any]:
        """The values as plain execution wants them."""
        members = {member.value: member for member in self.enum}
        return [_renamed(members, value) for value in batch.column(self.name)]


def _renamed(members: Mapping[Any, Any], value: Any) -> Any:
    if isinstance(value, list):
        return [members[one] for one in value]
    return None if value is None else members[value]


@dataclass(frozen=True)
class Inside:
    """A node that lies in a column as an object."""

    name: str

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.name,)

    def nodes(self, batch: Batch) -> tuple[Batch, Sequence[Any]]:
        found = _Gathered()
        places = [None if value is None else found.add(index, value) for index, value in enumerate(self._of(batch))]
        return Entries(batch.memory, found.entries), places

    def _of(self, batch: Batch) -> Sequence[Any]:
        return batch.column(self.name)


@dataclass(frozen=True)
class InsideList:
    """Nodes that lie in a column as a list of objects."""

    name: str

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.name,)

    def nodes(self, batch: Batch) -> tuple[Batch, Sequence[Any]]:
        entries: list[Entry] = []
        places: list[range | None] = []
        for values in batch.column(self.name):
            start = len(entries)
            entries.extend(values or ())
            places.append(None if values is None else range(start, len(entries)))
        return Entries(batch.memory, entries), places


@dataclass(frozen=True)
class Same:
    """A node made of the same row's columns, such as the people of a report."""

    columns: tuple[str, ...] = ()

    def nodes(self, batch: Batch) -> tuple[Batch, Sequence[Any]]:
        return batch, range(batch.size)


Find: TypeAlias = Callable[..., Entry | None]


@dataclass(frozen=True)
class Known:
    """A node of memory's, found by the values of these columns; null where memory knows none."""

    find: Find
    columns: tuple[str, ...]

    def nodes(self, batch: Batch) -> tuple[Batch, Sequence[Any]]:
        found = _Gathered()
        keys = zip(*(batch.column(name) for name in self.columns), strict=True)
        places = [self._place(batch.memory, found, key) for key in keys]
        return Entries(batch.memory, found.entries), places

    def _place(self, memory: Memory, found: "_Gathered", key: tuple[Any, ...]) -> Place:
        if key in found.places:
            return found.places[key]
        entry = None if key[-1] is None else self.find(memory, *key)
        return found.add(key, entry)


@dataclass(frozen=True)
class KnownList:
    """Nodes of memory's, found by the codes listed in the last column; those memory does not know are left out."""

    find: Find
    columns: tuple[str, ...]

    def nodes(self, batch: Batch) -> tuple[Batch, Sequence[Any]]:
        one = Known(self.find, self.columns)
        found = _Gathered()
        places = []
        for *before, codes in zip(*(batch.column(name) for name in self.columns), strict=True):
            each = [one._place(batch.memory, found, (*before, code)) for code in codes or ()]
            places.append(None if codes is None else [place for place in each if place is not None])
        return Entries(batch.memory, found.entries), places


class _Gathered:
    """Entries found so far, each once."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.places: dict[Any, Place] = {}

    def add(self, key: Any, entry: Entry | None) -> Place:
        place = None
        if entry is not None:
            place = len(self.entries)
            self.entries.append(entry)
        self.places[key] = place
        return place


Leaf: TypeAlias = Value | Choice
Link: TypeAlias = Inside | InsideList | Same | Known | KnownList
Reading: TypeAlias = Leaf | Link
