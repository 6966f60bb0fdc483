"""Answering a query: by its plan, else by plain execution; what fails is said with our codes and without data."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from graphql import GraphQLSchema
from graphql.execution.values import VariableValues, get_variable_values
from runtime.access import Role
from runtime.language import Language
from runtime.problems import Refusal, Unavailable
from strawberry import Schema
from strawberry.extensions import SchemaExtension

from gateway.allowances.spenders import Allowances
from gateway.asking.questions import Refused
from gateway.errors import IntrospectionOff, InvalidVariables, OverWebSocketOnly, QueryTooCostly, ServiceTooSlow
from gateway.graph.documents import Documents, Operation, RootShape, Shape
from gateway.graph.faults import faults_of
from gateway.graph.kinds import metadata_of
from gateway.graph.limits import COST, check_variables
from gateway.graph.plan import Plan, Unplannable
from gateway.graph.roots import ROOT, Arguments, Reader, ServiceStream
from gateway.graph.telling import Located, Place, failed

log = structlog.get_logger("graphql")
PAUSES = (0.2, 1.0, 3.0, 10.0)
"""Seconds between the times an event's row is asked for."""


@dataclass(frozen=True)
class Query:
    """What a request asks."""

    text: str
    variables: dict[str, Any]
    operation: str | None
    language: Language


@dataclass(frozen=True)
class Measured:
    """An operation with its arguments read, before anything is asked."""

    shape: Shape
    arguments: Mapping[str, Arguments]
    """Of each root by its key."""
    cost: int
    """Values the answer could hold, and what making them takes: what an operation is charged by."""

    def place(self, key: str) -> Place:
        return next(root for root in self.shape.roots if root.key == key).place


@dataclass(frozen=True)
class Subscription:
    """What a subscription listens to, and how each event becomes an answer."""

    plan: Plan
    root: RootShape
    source: ServiceStream
    wanted: Mapping[str, Any]

    def refused(self, refusal: Refused) -> Located:
        """What its stream refuses, with the place of the subscription in the query."""
        return Located(self.source.refused(refusal), self.root.place)

    async def answer(self, id: str, reader: Reader, language: Language) -> dict[str, Any] | None:
        """The row of an event as its reader may see it; None where they may not.

        A service that is away for a moment is waited for: what is told only once must not be lost by it.
        """
        key = self.root.key
        for pause in (*PAUSES, None):
            data, failures = await self.plan.answer(reader, {key: {"id": id}})
            if pause is None or not isinstance(failures.get(key), Unavailable | ServiceTooSlow):
                break
            await asyncio.sleep(pause)
        if failures:
            return _said(None, [failed(failures[key], self.root.place, language)])
        return None if data[key] is None else _said(data, [])


class Execution:
    """Answers queries over one schema."""

    def __init__(
        self, schema: Schema, *, tells_schema: bool, plans: bool = True, allowances: Allowances | None = None
    ) -> None:
        self._allowances = allowances
        self._strawberry = schema
        self._schema: GraphQLSchema = schema._schema
        self._documents = Documents(self._schema, suggestions=tells_schema)
        self._tells_schema = tells_schema
        self._plans = plans

    async def answer(self, query: Query, reader: Reader) -> dict[str, Any]:
        """The data and errors of the answer. Raises `Refusal` where nothing was executed."""
        operation = await self.operation(query, reader)
        if operation.subscribes:
            raise OverWebSocketOnly
        if operation.extent.introspects and not (self._tells_schema or reader.caller.role is Role.SECRETARIAT):
            raise IntrospectionOff
        measured = self._measured(operation, query, reader)
        if measured.shape.plan is not None and self._plans:
            try:
                data, failures = await measured.shape.plan.answer(reader, measured.arguments)
                told = [failed(each, measured.place(key), query.language) for key, each in failures.items()]
                return _said(data, told)
            except Unplannable as reason:
                log.warning("unplannable", reason=str(reason))
        return await self._execute(operation, query, reader)

    async def operation(self, query: Query, reader: Reader) -> Operation:
        """The operation that is asked for. Raises `Refusal`."""
        document = await self._documents.document(query.text, reader.caller.principal.subject)
        return document.operation(query.operation)

    def subscription(self, operation: Operation, query: Query, reader: Reader) -> Subscription:
        """A subscription, ready to be answered for each of its events. Raises `Refusal`."""
        measured = self._measured(operation, query, reader)
        plan = measured.shape.plan
        assert plan is not None, "validation lets nothing into a subscription that has no plan"
        [root] = measured.shape.roots
        source = metadata_of(root.field)[ROOT]
        return Subscription(plan, root, source, measured.arguments[root.key].get("filter") or {})

    def _measured(self, operation: Operation, query: Query, reader: Reader) -> Measured:
        """Raises `QueryTooCostly`, `InvalidVariables`, and `Located` where one root is refused."""
        variables = self._coerced(operation, query.variables)
        shape = operation.shape(self._schema, variables.coerced)
        arguments: dict[str, Arguments] = {}
        cost = 0
        for root in shape.roots:
            try:
                arguments[root.key] = root.arguments(variables)
                cost += root.cost(arguments[root.key])
            except Refusal as refusal:
                raise Located(refusal, root.place) from refusal
        if cost > COST:
            raise QueryTooCostly(cost=cost, limit=COST)
        if self._allowances:
            self._allowances.spend_on_graph(reader.caller.principal.subject, cost, stream=operation.subscribes)
        return Measured(shape, arguments, cost)

    def _coerced(self, operation: Operation, given: dict[str, Any]) -> VariableValues:
        check_variables(given)
        definitions = operation.node.variable_definitions or ()
        hidden = not self._tells_schema
        coerced = get_variable_values(self._schema, definitions, given, max_errors=5, hide_suggestions=hidden)
        if isinstance(coerced, VariableValues):
            return coerced
        raise InvalidVariables(faults_of(coerced))

    async def _execute(self, operation: Operation, query: Query, reader: Reader) -> dict[str, Any]:
        result = await self._strawberry.execute(
            query.text,
            variable_values=query.variables,
            context_value=Executing(reader, operation),
            operation_name=query.operation,
        )
        told = [
            failed(error.original_error or error, Place(error.path or (), error.nodes or ()), query.language)
            for error in result.errors or ()
        ]
        return _said(result.data, told)


@dataclass(frozen=True)
class Executing:
    """Context of plain execution."""

    reader: Reader
    operation: Operation


class Prepared(SchemaExtension):
    """Hands Strawberry the document that was parsed and validated already."""

    def on_operation(self) -> Iterator[None]:
        context = self.execution_context
        context.graphql_document = context.context.operation.document
        context.validation_rules = ()
        yield


def _said(data: Any, errors: list[dict[str, Any]]) -> dict[str, Any]:
    return {"data": data, "errors": errors} if errors else {"data": data}
