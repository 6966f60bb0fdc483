"""Limits of a query: how long, how deep, how many aliases, and how many values its answer could hold."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    Node,
    SelectionSetNode,
)

from gateway.errors import QueryTooCostly, QueryTooDeep, TooManyAliases, TooManyRepeats
from gateway.graph.kinds import is_list, leads_to_node, node_kind
from gateway.graph.selection import Scope, Selected

DEPTH = 10
INTROSPECTION_DEPTH = 16
"""Tools ask for the type of an argument through nine wrappers; how often introspection may return to itself, and how
much an answer may hold, is limited apart from its depth."""
ALIASES = 30
TOKENS = 2000
REPEATS = 20
WIDTH = 1_000
"""Values a single row may bring."""
COST = 30_000
"""Values an answer may hold."""
LISTED = 10
"""Nodes a list inside a node is taken to hold."""
PAGE = ("edges", "nodes")
"""Lists of a connection: how long they are is what `first` says."""
ALL = 100
"""Nodes a short code list is taken to hold."""


def check_form(document: DocumentNode) -> None:
    """What can be said before validation, so that a hostile document does not reach it."""
    aliases = 0
    for selections in _selection_sets(document):
        fields = [node for node in selections.selections if isinstance(node, FieldNode)]
        aliases += sum(node.alias is not None for node in fields)
        repeated = Counter(node.alias.value if node.alias else node.name.value for node in fields)
        if repeated and max(repeated.values()) > REPEATS:
            raise TooManyRepeats(limit=REPEATS)
    if aliases > ALIASES:
        raise TooManyAliases(limit=ALIASES)


def _selection_sets(document: DocumentNode) -> Iterator[SelectionSetNode]:
    pending: list[Node] = list(document.definitions)
    while pending:
        selections: SelectionSetNode | None = getattr(pending.pop(), "selection_set", None)
        if selections:
            yield selections
            pending.extend(selections.selections)


@dataclass
class Measure:
    """Depth and width of selections; each fragment is measured once for each level, so that none explodes."""

    fragments: dict[str, FragmentDefinitionNode]
    depth: int = DEPTH

    def __post_init__(self) -> None:
        self._known: dict[tuple[str, int], int] = {}

    def check_depth(self, selections: SelectionSetNode, level: int = 1) -> None:
        """Raises `QueryTooDeep`."""
        if level > self.depth:
            raise QueryTooDeep(limit=self.depth)
        for node in selections.selections:
            if isinstance(node, FragmentSpreadNode):
                self._check_fragment(node.name.value, level)
            elif below := node.selection_set:  # type: ignore[attr-defined]
                self.check_depth(below, level + isinstance(node, FieldNode))

    def _check_fragment(self, name: str, level: int) -> None:
        if self._known.get((name, level)) is None:
            self._known[(name, level)] = level
            self.check_depth(self.fragments[name].selection_set, level)


def width(kind: GraphQLObjectType, selected: Selected, scope: Scope) -> int:
    """Values that one object of this kind brings into the answer. Raises `QueryTooCostly`."""
    values = 0
    for nodes in selected.values():
        field = kind.fields.get(nodes[0].name.value)
        if field is None or not leads_to_node(field):
            values += 1
        else:
            below = width(node_kind(field), scope.below(nodes), scope)
            values += below * (LISTED if is_list(field) and nodes[0].name.value not in PAGE else 1)
        if values > WIDTH:
            raise QueryTooCostly(cost=values, limit=WIDTH)
    return values
