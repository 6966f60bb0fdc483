"""Which columns of a service a selection needs: no more are asked for."""

from graphql import FieldNode, GraphQLObjectType

from gateway.graph.kinds import node_kind, reading_of
from gateway.graph.reading import Same
from gateway.graph.selection import TYPENAME, Scope, Selected


def columns_of(kind: GraphQLObjectType, selected: Selected, scope: Scope) -> set[str]:
    """Columns the fields of a node are read from."""
    needed: set[str] = set()
    for nodes in selected.values():
        name = nodes[0].name.value
        if name == TYPENAME:
            continue
        field = kind.fields[name]
        reading = reading_of(field)
        needed.update(reading.columns)
        if isinstance(reading, Same):
            needed |= columns_of(node_kind(field), scope.below(nodes), scope)
    return needed


def row_selections(connection: Selected, scope: Scope) -> list[list[FieldNode]]:
    """The places of a connection where fields of its rows are selected: `nodes`, and `node` of its `edges`."""
    found = []
    for nodes in connection.values():
        if nodes[0].name.value == "nodes":
            found.append(nodes)
        elif nodes[0].name.value == "edges":
            found += [below for below in scope.below(nodes).values() if below[0].name.value == "node"]
    return found
