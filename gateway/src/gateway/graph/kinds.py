"""Types of the schema as a plan sees them: how each field is read, and whether null may stand there."""

from typing import Any

from graphql import GraphQLField, GraphQLNonNull, GraphQLObjectType, get_named_type, is_list_type, is_object_type

from gateway.graph.reading import READS, Reading

DEFINITION = "strawberry-definition"


def reading_of(field: GraphQLField) -> Reading:
    """How the field of a node is read."""
    reading: Reading = metadata_of(field)[READS]
    return reading


def metadata_of(field: GraphQLField) -> Any:
    return field.extensions[DEFINITION].metadata


def node_kind(field: GraphQLField) -> GraphQLObjectType:
    """The object type a field leads to."""
    named = get_named_type(field.type)
    assert isinstance(named, GraphQLObjectType)
    return named


def leads_to_node(field: GraphQLField) -> bool:
    return is_object_type(get_named_type(field.type))


def is_list(field: GraphQLField) -> bool:
    return is_list_type(field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type)


def never_null(field: GraphQLField) -> bool:
    return isinstance(field.type, GraphQLNonNull)


def connection_node(connection: GraphQLObjectType) -> GraphQLObjectType:
    """The type of the rows of a connection."""
    return node_kind(connection.fields["nodes"])
