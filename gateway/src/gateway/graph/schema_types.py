"""Types of the schema as a plan sees them: how each field is read, and whether null may stand there."""

from collections.abc import Callable, Sequence
from typing import Any

from graphql import (
    GraphQLAbstractType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_composite_type,
    is_list_type,
)

from gateway.graph.field_sources import READS, Reading

DEFINITION = "strawberry-definition"


def reading_of(field: GraphQLField) -> Reading:
    """How the field of a node is read."""
    reading: Reading = metadata_of(field)[READS]
    return reading


def metadata_of(field: GraphQLField) -> Any:
    return field.extensions[DEFINITION].metadata


def target_kind(field: GraphQLField) -> GraphQLObjectType | GraphQLAbstractType:
    """The type a field leads to: an object type, an interface or a union."""
    named = get_named_type(field.type)
    assert isinstance(named, GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType)
    return named


def node_kind(field: GraphQLField) -> GraphQLObjectType:
    """The object type a field leads to, where it is one."""
    named = target_kind(field)
    assert isinstance(named, GraphQLObjectType)
    return named


def leads_to_node(field: GraphQLField) -> bool:
    return is_composite_type(get_named_type(field.type))


def is_list(field: GraphQLField) -> bool:
    return is_list_type(field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type)


def nulls_checked(field: GraphQLField) -> Callable[[Sequence[Any]], bool] | None:
    """Whether values of the field hold null where its type allows none; `None` where it may stand anywhere."""
    kind, outer = field.type, isinstance(field.type, GraphQLNonNull)
    inside = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    if not (is_list_type(inside) and isinstance(inside.of_type, GraphQLNonNull)):
        return _holds_null if outer else None
    if outer:
        return lambda values: _holds_null(values) or _holds_list_with_null(values)
    return _holds_list_with_null


def _holds_null(values: Sequence[Any]) -> bool:
    return None in values


def _holds_list_with_null(values: Sequence[Any]) -> bool:
    return any(None in value for value in values if value)


def connection_node(connection: GraphQLObjectType) -> GraphQLObjectType:
    """The type of the rows of a connection."""
    return node_kind(connection.fields["nodes"])
