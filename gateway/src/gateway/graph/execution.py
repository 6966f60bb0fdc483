"""Answering a query by its plan; what fails is said with our codes and without data."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError, GraphQLSchema, execute_sync
from graphql.execution.values import VariableValues, get_variable_values
from runtime.access import Role
from runtime.language import Language
from runtime.problems import Refusal, Unavailable

from gateway.allowances.policies import Per
from gateway.allowances.spenders import Allowances
from gateway.errors import (
    ChangesByPost,
    IntrospectionOff,
    InvalidVariables,
    OverWebSocketOnly,
    QueryTooCostly,
    ServiceTooSlow,
)
from gateway.graph.arguments import arguments_of
from gateway.graph.changes import ChangesSubscription
from gateway.graph.commands import PLACE, Command
from gateway.graph.documents import Documents, Operation
from gateway.graph.error_format import Located, sentence_of
from gateway.graph.faults import faults_of
from gateway.graph.limits import COST, check_variables
from gateway.graph.plan import FetchedField, Path, Plan, RootPlan
from gateway.graph.roots import Arguments, GraphReader, ServiceChanges, ServiceStream
from gateway.upstream.questions import ServiceRefusal

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
class MeasuredOperation:
    """An operation with its arguments read, before anything is asked."""

    plan: Plan
    arguments: Mapping[Path, Arguments]
    """Of each field that takes some."""
    cost: int
    """Values the answer could hold, and what making them takes: what an operation is charged by."""


@dataclass(frozen=True)
class SubscriptionPlan:
    """What a subscription listens to, and how each event becomes an answer."""

    plan: Plan
    root: RootPlan
    source: ServiceStream
    arguments: Mapping[Path, Arguments]

    @property
    def event_filter(self) -> Mapping[str, Any]:
        """Of which events it is told."""
        wanted: Mapping[str, Any] = self.arguments[self.root.path].get("filter") or {}
        return wanted

    def refused(self, refusal: ServiceRefusal) -> Located:
        """What its stream refuses, with the place of the subscription in the query."""
        return Located(self.source.refused(refusal), self.root.place)

    async def answer(self, id: str, reader: GraphReader, language: Language) -> dict[str, Any] | None:
        """The row of an event as its reader may see it; None where they may not.

        A service that is away for a moment is waited for: what is told only once must not be lost by it.
        """
        key, arguments = self.root.key, {**self.arguments, self.root.path: {"id": id}}
        for pause in (*PAUSES, None):
            data, failures = await self.plan.answer(reader, arguments, {})
            if pause is None or not any(isinstance(each.cause, Unavailable | ServiceTooSlow) for each in failures):
                break
            await asyncio.sleep(pause)
        return None if data and data[key] is None and not failures else sentence_of(data, failures, language)


class Execution:
    """Answers queries over one schema."""

    def __init__(self, schema: GraphQLSchema, *, tells_schema: bool, allowances: Allowances | None = None) -> None:
        self._allowances = allowances
        self._schema = schema
        self._documents = Documents(schema)
        self._tells_schema = tells_schema

    async def answer(self, query: Query, reader: GraphReader, *, by_post: bool = True) -> dict[str, Any]:
        """The data and errors of the answer. Raises `Refusal` where nothing was executed."""
        operation = await self.operation(query, reader)
        if operation.subscribes:
            raise OverWebSocketOnly
        if operation.changes and not by_post:
            raise ChangesByPost
        if operation.extent.introspects and not self._may_introspect(reader):
            raise IntrospectionOff
        measured = self._measured(operation, query, reader)
        about = self._about_schema(measured.plan, query)
        return sentence_of(*await measured.plan.answer(reader, measured.arguments, about), query.language)

    async def operation(self, query: Query, reader: GraphReader) -> Operation:
        """The operation that is asked for. Raises `Refusal`."""
        if not reader.memory.complete.is_set():
            raise Unavailable  # names and areas it has not read yet would be told as if there were none
        subject, suggestions = reader.caller.principal.subject, self._may_introspect(reader)
        document = await self._documents.document(query.text, subject, suggestions=suggestions)
        return document.operation(query.operation)

    def subscription(
        self, operation: Operation, query: Query, reader: GraphReader
    ) -> SubscriptionPlan | ChangesSubscription:
        """A subscription, ready to be answered for each of its events. Raises `Refusal`."""
        measured = self._measured(operation, query, reader)
        [root] = measured.plan.roots
        source = root.root
        if isinstance(source, ServiceChanges):
            return ChangesSubscription(measured.plan, root, source, measured.arguments)
        assert isinstance(source, ServiceStream)
        return SubscriptionPlan(measured.plan, root, source, measured.arguments)

    def _may_introspect(self, reader: GraphReader) -> bool:
        return self._tells_schema or reader.caller.role is Role.SECRETARIAT

    def _measured(self, operation: Operation, query: Query, reader: GraphReader) -> MeasuredOperation:
        """Raises `QueryTooCostly`, `InvalidVariables`, and `Located` where one field is refused."""
        hidden = not self._may_introspect(reader)
        variables = self._coerced(operation, query.variables, hidden)
        plan = operation.plan(self._schema, variables.coerced)
        arguments: dict[Path, Arguments] = {}
        cost = 0
        for asked in plan.fetched:
            try:
                arguments[asked.path] = _arguments(asked, variables, hidden)
                each = asked.cost(arguments)
            except Refusal as refusal:
                raise Located(refusal, asked.place) from refusal
            cost += each if isinstance(asked, RootPlan) else 0  # a link's is its root's as well
        if cost > COST:
            raise QueryTooCostly(cost=cost, limit=COST)
        if self._allowances:
            if plan.changes:
                _spend_on_changes(self._allowances, plan, reader.caller.principal.subject)
            self._allowances.spend_on_graph(reader.caller.principal.subject, cost, stream=operation.subscribes)
        return MeasuredOperation(plan, arguments, cost)

    def _coerced(self, operation: Operation, given: dict[str, Any], hidden: bool) -> VariableValues:
        check_variables(given)
        definitions = operation.node.variable_definitions or ()
        coerced = get_variable_values(self._schema, definitions, given, max_errors=5, hide_suggestions=hidden)
        if isinstance(coerced, VariableValues):
            return coerced
        raise InvalidVariables(faults_of(coerced))

    def _about_schema(self, plan: Plan, query: Query) -> Mapping[str, Any]:
        """What the schema says of itself, by response key."""
        if plan.introspection is None:
            return {}
        return execute_sync(self._schema, plan.introspection, variable_values=query.variables).data or {}


def _spend_on_changes(allowances: Allowances, plan: Plan, subject: str) -> None:
    """Each change counts as the request it is by REST. Raises `TooManyRequests`."""
    for command in (root.root for root in plan.roots):
        if isinstance(command, Command):
            path = f"/api/{command.service}{PLACE.sub('0', command.path)}"
            allowances.spend(Per.CALLER, subject, command.method, path)


def _arguments(fetched: FetchedField, variables: VariableValues, hidden: bool) -> Arguments:
    """Raises `InvalidVariables`."""
    nulls = isinstance(fetched, RootPlan) and isinstance(fetched.root, Command)  # there null may be said
    try:
        return arguments_of(fetched.field, fetched.nodes[0], variables, hide_suggestions=hidden, nulls=nulls)
    except GraphQLError as error:
        raise InvalidVariables(faults_of([error])) from error
