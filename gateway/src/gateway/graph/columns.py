"""What a selection needs of a service's rows: no more is asked for."""

from graphql import FieldNode, GraphQLField, GraphQLObjectType

from gateway.graph.kinds import connection_node, metadata_of, node_kind, reading_of
from gateway.graph.reading import Same
from gateway.graph.roots import ROOT, Needed
from gateway.graph.selection import TYPENAME, Scope, Selected


def needed_by(root: GraphQLField, selected: Selected, scope: Scope) -> Needed:
    """What the fields selected on the value of a root field need."""
    kind = node_kind(root)
    if metadata_of(root)[ROOT].shape != "connection":
        return Needed(sorted(_columns_of(kind, selected, scope)))
    columns: set[str] = set()
    for nodes in _row_selections(selected, scope):
        columns |= _columns_of(connection_node(kind), scope.below(nodes), scope)
    return Needed(sorted(columns), _tells_cursors(selected, scope))


def _columns_of(kind: GraphQLObjectType, selected: Selected, scope: Scope) -> set[str]:
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
            needed |= _columns_of(node_kind(field), scope.below(nodes), scope)
    return needed


def _row_selections(connection: Selected, scope: Scope) -> list[list[FieldNode]]:
    """The places of a connection where fields of its rows are selected: `nodes`, and `node` of its `edges`."""
    found = []
    for nodes in connection.values():
        if nodes[0].name.value == "nodes":
            found.append(nodes)
        elif nodes[0].name.value == "edges":
            found += [below for below in scope.below(nodes).values() if below[0].name.value == "node"]
    return found


def _tells_cursors(connection: Selected, scope: Scope) -> bool:
    edges = [nodes for nodes in connection.values() if nodes[0].name.value == "edges"]
    return any(below[0].name.value == "cursor" for nodes in edges for below in scope.below(nodes).values())
