"""Nodes as plain execution walks them: one row of a batch, read field by field."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from gateway.graph.reading import READS, Batch, Choice, Reading, Value


class Node:
    """One row of a batch as a value of `kind`, a Strawberry type."""

    __slots__ = ("_batch", "_index", "_kind")

    def __init__(self, kind: type, batch: Batch, index: int) -> None:
        self._kind = kind
        self._batch = batch
        self._index = index

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        reading, target = readings_of(self._kind)[name]
        if isinstance(reading, Choice):
            return _once(self._batch, (name, self._kind), reading.members)[self._index]
        if isinstance(reading, Value):
            return _once(self._batch, (name, self._kind), reading.values)[self._index]
        batch, places = _once(self._batch, (name, self._kind), reading.nodes)
        return _nodes(target, batch, places[self._index])


def _once(batch: Batch, key: object, read: Any) -> Any:
    if key not in batch.read:
        batch.read[key] = read(batch)
    return batch.read[key]


def _nodes(kind: type, batch: Batch, place: Any) -> Any:
    if isinstance(place, Sequence):
        return [Node(kind, batch, each) for each in place]
    return None if place is None else Node(kind, batch, place)


@cache
def readings_of(kind: type) -> Mapping[str, tuple[Reading, type]]:
    """The reading of each field of a Strawberry type, and the type it leads to."""
    fields = kind.__strawberry_definition__.fields  # type: ignore[attr-defined]
    return {field.python_name: (field.metadata[READS], _target(field.type)) for field in fields}


def _target(annotated: Any) -> type:
    while hasattr(annotated, "of_type"):
        annotated = annotated.of_type
    return annotated  # type: ignore[no-any-return]
