"""Documents: a query text is parsed, validated and measured once, and its plans are kept with it."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    parse,
    validate,
)
from graphql.execution.values import VariableValues
from graphql.language import Visitor, visit

from gateway.errors import InvalidQuery, InvalidVariables, QueryTooDeep, QueryTooLong, UnknownOperation
from gateway.graph.arguments import arguments_of
from gateway.graph.faults import faults_of
from gateway.graph.kinds import metadata_of, node_kind
from gateway.graph.limits import ALL, DEPTH, INTROSPECTION_DEPTH, TOKENS, Measure, check_form, width
from gateway.graph.plan import Plan, Unplannable, compiled
from gateway.graph.roots import ROOT, Arguments, page_size
from gateway.graph.selection import Scope, Selected

REMEMBERED = 500
LONGEST_REMEMBERED = 8 * 1024
SHAPES = 16
LONG = 2 * 1024
"""Characters from which a text is parsed beside the event loop."""


@dataclass(frozen=True)
class RootShape:
    """A root field of an operation: how wide its rows are, and where its arguments stand."""

    key: str
    field: GraphQLField
    node: FieldNode
    width: int

    def arguments(self, variables: VariableValues) -> dict[str, Any]:
        """Raises `InvalidVariables`."""
        try:
            return arguments_of(self.field, self.node, variables)
        except GraphQLError as error:
            raise InvalidVariables(faults_of([error])) from error

    def cost(self, arguments: Arguments) -> int:
        """Values the answer could hold. Raises `TooSmall`, `TooLarge`."""
        source = metadata_of(self.field)[ROOT]
        rows = {"one": 1, "all": ALL}.get(source.shape)
        return (self.width + getattr(source, "effort", 0)) * (rows or page_size(arguments))


@dataclass(frozen=True)
class Shape:
    """An operation with its conditions decided."""

    roots: tuple[RootShape, ...]
    plan: Plan | None
    """`None` where only plain execution will do."""


@dataclass(frozen=True)
class Operation:
    """One operation of a document, with its shapes by the values of its conditions."""

    node: OperationDefinitionNode
    document: DocumentNode
    fragments: Mapping[str, FragmentDefinitionNode]
    introspects: bool
    conditions: tuple[str, ...]
    """Variables that `@skip` and `@include` depend on."""
    shapes: dict[tuple[object, ...], Shape] = field(default_factory=dict)

    def shape(self, schema: GraphQLSchema, variables: Mapping[str, Any]) -> Shape:
        """The operation for variables of this shape, compiled once. Raises `QueryTooCostly`."""
        decided = tuple(variables.get(name) for name in self.conditions)
        if decided not in self.shapes:
            if len(self.shapes) >= SHAPES:
                self.shapes.clear()
            self.shapes[decided] = self._shaped(schema, Scope(self.fragments, variables))
        return self.shapes[decided]

    @property
    def subscribes(self) -> bool:
        """Whether it is answered again and again, not once."""
        return self.node.operation is OperationType.SUBSCRIPTION

    def _shaped(self, schema: GraphQLSchema, scope: Scope) -> Shape:
        root = schema.get_root_type(self.node.operation)
        assert root is not None
        selected = scope.fields([self.node.selection_set])
        roots = tuple(_roots(root, selected, scope))
        try:
            return Shape(roots, compiled(root, selected, scope))
        except Unplannable:
            return Shape(roots, None)


def _roots(query: GraphQLObjectType, selected: Selected, scope: Scope) -> Iterator[RootShape]:
    for key, nodes in selected.items():
        found = query.fields.get(nodes[0].name.value)
        if found is not None:
            yield RootShape(key, found, nodes[0], width(node_kind(found), scope.below(nodes), scope))


@dataclass(frozen=True)
class Document:
    """A valid document."""

    operations: Mapping[str | None, Operation]

    def operation(self, name: str | None) -> Operation:
        """The operation to be run. Raises `UnknownOperation`."""
        if name is None and len(self.operations) == 1:
            return next(iter(self.operations.values()))
        if name not in self.operations:
            raise UnknownOperation("operationName")
        return self.operations[name]


class Documents:
    """Valid documents by their text; the least recently used are forgotten."""

    def __init__(self, schema: GraphQLSchema, *, suggestions: bool) -> None:
        self._schema = schema
        self._suggestions = suggestions
        self._known: OrderedDict[str, Document] = OrderedDict()

    async def document(self, text: str) -> Document:
        """Raises `InvalidQuery`, `QueryTooLong`, `QueryTooDeep` and their like."""
        known = self._known.get(text)
        if known:
            self._known.move_to_end(text)
            return known
        read = await asyncio.to_thread(self._read, text) if len(text) > LONG else self._read(text)
        if len(text) <= LONGEST_REMEMBERED:
            self._known[text] = read
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return read

    def _read(self, text: str) -> Document:
        document = _parsed(text)
        check_form(document)
        errors = validate(self._schema, document, max_errors=5, hide_suggestions=not self._suggestions)
        if errors:
            raise InvalidQuery(faults_of(errors))
        return _document(document)


def _parsed(text: str) -> DocumentNode:
    try:
        return parse(text, max_tokens=TOKENS, allow_empty_selection_sets=False)
    except GraphQLSyntaxError as error:
        if "exceeds" in error.message or "more than" in error.message:
            raise QueryTooLong(limit=TOKENS) from error
        raise InvalidQuery(faults_of([error])) from error
    except RecursionError as error:
        raise QueryTooDeep(limit=DEPTH) from error


def _document(document: DocumentNode) -> Document:
    definitions = document.definitions
    fragments = {node.name.value: node for node in definitions if isinstance(node, FragmentDefinitionNode)}
    operations: dict[str | None, Operation] = {}
    for node in definitions:
        if isinstance(node, OperationDefinitionNode):
            introspects = _introspects(node.selection_set, fragments, set())
            Measure(fragments, INTROSPECTION_DEPTH if introspects else DEPTH).check_depth(node.selection_set)
            name = node.name.value if node.name else None
            operations[name] = Operation(node, document, fragments, introspects, _conditions(document))
    return Document(operations)


def _introspects(selections: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode], seen: set[str]) -> bool:
    for node in selections.selections:
        if isinstance(node, FieldNode):
            if node.name.value in ("__schema", "__type"):
                return True
        elif isinstance(node, FragmentSpreadNode):
            name = node.name.value
            if name not in seen and _introspects(fragments[name].selection_set, fragments, seen | {name}):
                return True
        elif _introspects(node.selection_set, fragments, seen):  # type: ignore[attr-defined]
            return True
    return False


class _Conditions(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: dict[str, None] = {}

    def enter_directive(self, node: Any, *_: Any) -> None:
        for argument in node.arguments:
            if isinstance(argument.value, VariableNode):
                self.names[argument.value.name.value] = None


def _conditions(document: DocumentNode) -> tuple[str, ...]:
    visitor = _Conditions()
    visit(document, visitor)
    return tuple(visitor.names)
