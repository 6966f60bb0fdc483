"""Answering a query: by its plan, else by plain execution; what fails is said with our codes and without data."""

import asyncio
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import structlog
from graphql import GraphQLSchema
from graphql.execution.values import VariableValues, get_variable_values
from runtime.access import Role
from runtime.language import Language
from runtime.problems import Internal, Invalid, Refusal, Unavailable
from strawberry import Schema
from strawberry.extensions import SchemaExtension
from strawberry.utils.str_converters import to_camel_case

from gateway.allowances.spenders import Allowances
from gateway.asking.questions import Refused
from gateway.errors import IntrospectionOff, InvalidVariables, OverWebSocketOnly, QueryTooCostly, ServiceTooSlow
from gateway.graph.documents import Documents, Operation, Shape
from gateway.graph.faults import faults_of
from gateway.graph.kinds import metadata_of
from gateway.graph.limits import COST
from gateway.graph.plan import Plan, Unplannable
from gateway.graph.roots import ROOT, Arguments, Reader, ServiceStream

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
class Subscription:
    """What a subscription listens to, and how each event becomes an answer."""

    plan: Plan
    key: str
    source: ServiceStream
    wanted: Mapping[str, Any]

    async def answer(self, id: str, reader: Reader, language: Language) -> dict[str, Any] | None:
        """The row of an event as its reader may see it; None where they may not.

        A service that is away for a moment is waited for: what is told only once must not be lost by it.
        """
        for pause in (*PAUSES, None):
            data, failed = await self.plan.answer(reader, {self.key: {"id": id}})
            if pause is None or not isinstance(failed.get(self.key), Unavailable | ServiceTooSlow):
                break
            await asyncio.sleep(pause)
        if failed:
            return _said(None, [_error(failed[self.key], [self.key], language)])
        return None if data[self.key] is None else _said(data, [])


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
        operation = await self.operation(query)
        if operation.subscribes:
            raise OverWebSocketOnly
        if operation.introspects and not (self._tells_schema or reader.caller.role is Role.SECRETARIAT):
            raise IntrospectionOff
        shape, arguments = self._measured(operation, query, reader)
        if shape.plan is not None and self._plans:
            try:
                data, failed = await shape.plan.answer(reader, arguments)
                return _said(data, [_error(each, [key], query.language) for key, each in failed.items()])
            except Unplannable as reason:
                log.warning("unplannable", reason=str(reason))
        return await self._execute(operation, query, reader)

    async def operation(self, query: Query) -> Operation:
        """The operation that is asked for. Raises `Refusal`."""
        return (await self._documents.document(query.text)).operation(query.operation)

    def subscription(self, operation: Operation, query: Query, reader: Reader) -> Subscription:
        """A subscription, ready to be answered for each of its events. Raises `Refusal`."""
        shape, arguments = self._measured(operation, query, reader)
        assert shape.plan is not None, "validation lets nothing into a subscription that has no plan"
        [root] = shape.roots
        source = metadata_of(root.field)[ROOT]
        return Subscription(shape.plan, root.key, source, arguments[root.key].get("filter") or {})

    def _measured(self, operation: Operation, query: Query, reader: Reader) -> tuple[Shape, dict[str, Arguments]]:
        variables = self._coerced(operation, query.variables)
        shape = operation.shape(self._schema, variables.coerced)
        arguments: dict[str, Arguments] = {root.key: root.arguments(variables) for root in shape.roots}
        cost = _checked_cost(shape, arguments)
        if self._allowances:
            self._allowances.spend_on_graph(reader.caller.principal.subject, cost, stream=operation.subscribes)
        return shape, arguments

    def _coerced(self, operation: Operation, given: dict[str, Any]) -> VariableValues:
        coerced = get_variable_values(self._schema, operation.node.variable_definitions or (), given, max_errors=5)
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
        errors = [_error(error.original_error or error, error.path, query.language) for error in result.errors or ()]
        return _said(result.data, errors)


def _checked_cost(shape: Shape, arguments: Mapping[str, Arguments]) -> int:
    cost = sum(root.cost(arguments[root.key]) for root in shape.roots)
    if cost > COST:
        raise QueryTooCostly(cost=cost, limit=COST)
    return cost


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


def _error(failed: Exception, path: Sequence[str | int] | None, language: Language) -> dict[str, Any]:
    """One entry of `errors`: what is not a refusal is logged by its kind and place, and told as `internal`."""
    if not isinstance(failed, Refusal):
        frames = traceback.extract_tb(failed.__traceback__)[-4:]
        log.error("failed", cause=type(failed).__name__, at=[f"{frame.name}:{frame.lineno}" for frame in frames])
        failed = Internal()
    return {
        "message": failed.sentence(language),
        "path": list(path or ()),
        "extensions": extensions_of(failed, language),
    }


def extensions_of(refusal: Refusal, language: Language) -> Mapping[str, Any]:
    """The stable code of a refusal, and its single errors where it has such, with fields as the graph calls them."""
    errors = [_with_field_of_graph(error) for error in _errors_of(refusal, language)]
    return {"code": refusal.code, **({"errors": errors} if errors else {})}


def _errors_of(refusal: Refusal, language: Language) -> Sequence[Mapping[str, Any]]:
    if isinstance(refusal, Refused):
        return refusal.errors or ()
    if isinstance(refusal, Invalid):
        return [error.as_error(language) for error in refusal.errors]
    return [] if refusal.field is None else [refusal.as_error(language)]


def _with_field_of_graph(error: Mapping[str, Any]) -> Mapping[str, Any]:
    """`filter.month_from` of a service is `filter.monthFrom` here."""
    field = error.get("field")
    return {**error, "field": to_camel_case(field)} if isinstance(field, str) else error


def refused(refusal: Refusal, language: Language) -> bytes:
    """The body of an answer where nothing was executed."""
    error = {"message": refusal.sentence(language), "extensions": extensions_of(refusal, language)}
    return orjson.dumps({"errors": [error]})
