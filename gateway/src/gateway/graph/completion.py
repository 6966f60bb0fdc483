"""Completion of an answer in which something failed, or null stands where the schema allows none: as the specification
has it, what is around it becomes null up to where null is allowed, and an error says where it was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import FieldNode, GraphQLObjectType, GraphQLType, is_leaf_type, is_list_type, is_non_null_type

from gateway.graph.selection import TYPENAME, Selected, SelectionContext

Path = tuple[str | int, ...]


class OneOf(dict[str, Any]):
    """An object where those of several kinds may stand."""

    def __init__(self, made: Mapping[str, Any], kind: str) -> None:
        super().__init__(made)
        self.kind = kind


class NullFound(Exception):
    """A service or memory knows nothing where the schema says there is something."""


@dataclass(frozen=True)
class Failure:
    """Why there is no value, and where."""

    cause: Exception
    path: Path = ()
    nodes: Sequence[FieldNode] = ()


class _Missing(Exception):
    """There is no value where one must be."""

    def __init__(self, failure: Failure) -> None:
        super().__init__()
        self.failure = failure


def completed(
    data: dict[str, Any], kind: GraphQLObjectType, selected: Selected, scope: SelectionContext
) -> tuple[dict[str, Any] | None, list[Failure]]:
    """The answer as it may be, and what failed in it."""
    completion = _Completion(scope)
    try:
        return completion.fields(kind, data, selected, ()), completion.failures
    except _Missing as missing:
        return None, [*completion.failures, missing.failure]


@dataclass
class _Completion:
    scope: SelectionContext
    failures: list[Failure] = field(default_factory=list)

    def fields(self, kind: GraphQLObjectType, made: dict[str, Any], selected: Selected, path: Path) -> dict[str, Any]:
        """Raises `_Missing`."""
        return {
            key: made[key]
            if nodes[0].name.value not in kind.fields or nodes[0].name.value == TYPENAME
            else self._value(kind.fields[nodes[0].name.value].type, made[key], nodes, (*path, key))
            for key, nodes in selected.items()
        }

    def _value(self, kind: GraphQLType, value: Any, nodes: Sequence[FieldNode], path: Path) -> Any:
        """Raises `_Missing`."""
        if not is_non_null_type(kind):
            try:
                return self._inside(kind, value, nodes, path)
            except _Missing as missing:
                self.failures.append(missing.failure)
                return None
        inside = self._inside(kind.of_type, value, nodes, path)
        if inside is None:
            raise _Missing(Failure(NullFound(), path, nodes))
        return inside

    def _inside(self, kind: GraphQLType, value: Any, nodes: Sequence[FieldNode], path: Path) -> Any:
        if isinstance(value, Failure):
            raise _Missing(Failure(value.cause, path, nodes))
        if value is None or is_leaf_type(kind):
            return value
        if is_list_type(kind):
            return [self._value(kind.of_type, one, nodes, (*path, place)) for place, one in enumerate(value)]
        named = self.scope.schema.type_map[value.kind] if isinstance(value, OneOf) else kind
        assert isinstance(named, GraphQLObjectType)
        return self.fields(named, value, self.scope.below(nodes, named), path)
