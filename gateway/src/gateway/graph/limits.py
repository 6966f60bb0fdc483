"""Limits of a query: how long, how deep, how many aliases, and how many values its answer could hold."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
)

from gateway.errors import (
    QueryTooDeep,
    TooManyAliases,
    TooManyRepeats,
    TooManySelections,
    TooManyValues,
)
from gateway.graph.extents import Definition, Expansion

DEPTH = 10
INTROSPECTION_DEPTH = 16
"""Tools ask for the type of an argument through nine wrappers; how often introspection may return to itself, and how
much an answer may hold, is limited apart from its depth."""
ALIASES = 30
INTROSPECTION_ALIASES = 5
"""Tools need none, and each could hold the whole schema."""
VALUES = 2_000
"""Of variables, as many as a text could hold."""
TOKENS = 2000
SELECTIONS = 5_000
"""Of all operations together, with their fragments written out: what the length of a text does not bound."""
REPEATS = 20
WIDTH = 1_000
"""Values a single row may bring."""
COST = 30_000
"""Values an answer may hold."""
LISTED = 10
"""Nodes a list inside a node is taken to hold; how long a page is, `first` says."""
ALL = 100
"""Nodes a short code list is taken to hold."""


def check_form(document: DocumentNode, aliases_allowed: int = ALIASES) -> None:
    """What can be said before validation, so that a hostile document does not reach it."""
    aliases = 0
    for selections in _selection_sets(document):
        fields = [node for node in selections.selections if isinstance(node, FieldNode)]
        aliases += sum(node.alias is not None for node in fields)
        repeated = Counter(node.alias.value if node.alias else node.name.value for node in fields)
        if repeated and max(repeated.values()) > REPEATS:
            raise TooManyRepeats(limit=REPEATS)
    if aliases > aliases_allowed:
        raise TooManyAliases(limit=aliases_allowed)


def _selection_sets(document: DocumentNode) -> Iterator[SelectionSetNode]:
    pending: list[Node] = list(document.definitions)
    while pending:
        selections: SelectionSetNode | None = getattr(pending.pop(), "selection_set", None)
        if selections:
            yield selections
            pending.extend(selections.selections)


def check_extents(extents: Sequence[tuple[Definition, Expansion]]) -> None:
    """That no walk of the document can be long, ours or the library's. Raises `TooManySelections`, `QueryTooDeep`."""
    operations = [extent for node, extent in extents if isinstance(node, OperationDefinitionNode)]
    largest = max((extent.selections for _, extent in extents), default=0)
    if max(largest, sum(extent.selections for extent in operations)) > SELECTIONS:
        raise TooManySelections(limit=SELECTIONS)
    for extent in operations:
        deepest = INTROSPECTION_DEPTH if extent.introspects else DEPTH
        if extent.depth > deepest:
            raise QueryTooDeep(limit=deepest)


def check_variables(variables: Any) -> None:
    """That nothing long is coerced. Raises `TooManyValues`."""
    pending, values = [variables], 0
    while pending:
        value = pending.pop()
        if isinstance(value, dict | list):
            values += len(value)
            pending.extend(value.values() if isinstance(value, dict) else value)
        if values > VALUES:
            raise TooManyValues("variables", limit=VALUES)
