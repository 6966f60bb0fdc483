"""Documents: a query text is parsed, validated and measured once, and its plans are kept with it."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakValueDictionary

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    parse,
    validate,
)

from gateway.errors import InvalidQuery, InvalidVariables, QueryTooDeep, QueryTooLong, UnknownOperation
from gateway.graph.compiling import Compiler
from gateway.graph.extents import Definition, Expansion, extents_of
from gateway.graph.faults import faults_of
from gateway.graph.limits import (
    ALIASES,
    DEPTH,
    INTROSPECTION_ALIASES,
    TOKENS,
    check_extents,
    check_form,
)
from gateway.graph.plan import Plan
from gateway.graph.selection import SelectionContext

REMEMBERED = 500
LONGEST_REMEMBERED = 8 * 1024
CHARACTERS_REMEMBERED = 512 * 1024
"""Of all texts together: what is kept of a text takes some hundred and fifty times its size."""
SHAPES = 16
LONG = 512
"""Characters from which a text is read beside the event loop."""


@dataclass(frozen=True)
class Operation:
    """One operation of a document, with its plans by the values of its conditions."""

    node: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    extent: Expansion
    plans: dict[tuple[object, ...], Plan] = field(default_factory=dict)

    def plan(self, schema: GraphQLSchema, variables: Mapping[str, Any]) -> Plan:
        """The plan for variables of this shape, compiled once. Raises `QueryTooCostly`, `InvalidVariables`."""
        decided = tuple(variables.get(name) for name in sorted(self.extent.conditions))
        if None in decided:
            raise InvalidVariables(faults_of([GraphQLError("A variable of @skip or @include is null.")]))
        if decided not in self.plans:
            if len(self.plans) >= SHAPES:
                del self.plans[next(iter(self.plans))]
            root = schema.get_root_type(self.node.operation)
            assert root is not None
            self.plans[decided] = Compiler(SelectionContext(schema, self.fragments, variables)).plan(self.node, root)
        return self.plans[decided]

    @property
    def subscribes(self) -> bool:
        """Whether it is answered again and again, not once."""
        return self.node.operation is OperationType.SUBSCRIPTION

    @property
    def changes(self) -> bool:
        """Whether it is a mutation."""
        return self.node.operation is OperationType.MUTATION


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

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._known: OrderedDict[str, Document] = OrderedDict()
        self._held = 0
        # One thread: it shares the interpreter with the event loop, which would wait for each of several.
        self._reading = ThreadPoolExecutor(1, "documents")
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def document(self, text: str, asker: str, *, suggestions: bool) -> Document:
        """With `suggestions`, what is wrong is told with the names of the schema that were perhaps meant.

        Raises `InvalidQuery`, `QueryTooLong`, `QueryTooDeep` and their like.
        """
        known = self._known.get(text)
        if known:
            self._known.move_to_end(text)
            return known
        read = (
            await self._read_in_thread(text, asker, suggestions) if len(text) > LONG else self._read(text, suggestions)
        )
        if len(text) <= LONGEST_REMEMBERED:
            self._remember(text, read)
        return read

    async def _read_in_thread(self, text: str, asker: str, suggestions: bool) -> Document:
        # One at a time of each: whoever sends many waits for their own.
        async with self._turns.setdefault(asker, asyncio.Lock()):
            return await asyncio.get_running_loop().run_in_executor(self._reading, self._read, text, suggestions)

    def _remember(self, text: str, read: Document) -> None:
        self._held += 0 if text in self._known else len(text)
        self._known[text] = read
        while len(self._known) > REMEMBERED or self._held > CHARACTERS_REMEMBERED:
            forgotten, _ = self._known.popitem(last=False)
            self._held -= len(forgotten)

    def _read(self, text: str, suggestions: bool) -> Document:
        document = _parsed(text)
        extents = extents_of(document)
        introspects = any(extent.introspects for _, extent in extents)
        check_form(document, INTROSPECTION_ALIASES if introspects else ALIASES)
        check_extents(extents)
        errors = validate(self._schema, document, max_errors=5, hide_suggestions=not suggestions)
        if errors:
            raise InvalidQuery(faults_of(errors))
        return _document(extents)


def _parsed(text: str) -> DocumentNode:
    try:
        return parse(text, max_tokens=TOKENS, allow_empty_selection_sets=False)
    except GraphQLSyntaxError as error:
        if "exceeds" in error.message or "more than" in error.message:
            raise QueryTooLong(limit=TOKENS) from error
        raise InvalidQuery(faults_of([error])) from error
    except RecursionError as error:
        raise QueryTooDeep(limit=DEPTH) from error


def _document(extents: Sequence[tuple[Definition, Expansion]]) -> Document:
    fragments = {node.name.value: node for node, _ in extents if isinstance(node, FragmentDefinitionNode)}
    return Document(
        {
            node.name.value if node.name else None: Operation(node, fragments, extent)
            for node, extent in extents
            if isinstance(node, OperationDefinitionNode)
        }
    )
