"""The edge of a service: each request is let in by the table of routes, and gets its one transaction here."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Annotated, Any

from database import Database, Transaction
from fastapi import APIRouter, Depends, Request, Response
from fastapi.routing import APIRoute
from starlette.routing import Route

from runtime import idempotency
from runtime.access import ANONYMOUS, Caller, Principal, RouteTable, Rule
from runtime.body import BoundedRequest, check_announced
from runtime.conditional import unless_known
from runtime.problems import InvalidToken, MissingToken, NotPermitted
from runtime.tokens import NO_BEARER, TokenVerifier

READING = frozenset({"GET", "HEAD"})
Handler = Callable[[Request], Awaitable[Response]]
PlainHandler = Callable[[BoundedRequest], Awaitable[Response]]


class AuthorizedRoute(APIRoute):
    """Route class of a process without a database: checks the caller by the table of routes, and limits the body."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        answer = super().get_route_handler()
        template = self.path_format

        async def handle(incoming: Request) -> Response:
            request = BoundedRequest(incoming.scope, incoming.receive)
            rule = await authorize(request, template)
            if rule.streams:
                return await answer(request)
            await request.read(rule.largest_body)
            response = await self.carry_out(request, rule, answer)
            if request.method in READING:
                return unless_known(request, response, revalidated=rule.revalidated)
            return response

        return handle

    async def carry_out(self, request: BoundedRequest, rule: Rule, answer: Handler) -> Response:
        return await answer(request)


class RawRoute(Route):
    """A `POST` whose answer takes the request alone: let in and limited as any other, but FastAPI reads nothing for it.

    For what is asked most: FastAPI's way to an answer takes longer than the answer. See decision 0015.
    """

    def __init__(self, path: str, answer: PlainHandler, rule: Rule) -> None:
        super().__init__(path, self.respond, methods=["POST"], include_in_schema=False)
        self._answer = answer
        self.rule = rule

    async def respond(self, request: BoundedRequest) -> Response:
        """The answer. Raises `Refusal`."""
        rule = await authorize(request, self.path)
        await request.read(rule.largest_body)
        return await self._answer(request)


class TransactionalRoute(AuthorizedRoute):
    """Route class of every router of a service: opens and commits the request's one transaction besides."""

    async def carry_out(self, request: BoundedRequest, rule: Rule, answer: Handler) -> Response:
        if request.method in READING or rule.read_only:
            by_key = self.path_format.endswith("}")
            return await _read(request, answer, by_key=by_key)
        return await _change(request, answer, rule)


class RouteWithoutRule(RuntimeError):
    """A route says nowhere who is let in."""


def table_of(routers: Iterable[APIRouter], plain: Iterable[RawRoute] = ()) -> RouteTable:
    """The table of routes: the rule that stands at each. Raises `RouteWithoutRule`."""
    table: dict[tuple[str, str], Rule] = {}
    for route in (route for router in routers for route in router.routes):
        if not isinstance(route, AuthorizedRoute):
            raise RouteWithoutRule(f"lets everybody in, for it is no TransactionalRoute: {route}")
        rule = getattr(route.endpoint, "rule", None)
        if rule is None:
            raise RouteWithoutRule(f"{route.endpoint.__module__}.{route.name} needs a line `@Rule(…)` above its `def`")
        table |= {(method, route.path_format): rule for method in sorted(route.methods or ())}
    return table | {("POST", each.path): each.rule for each in plain}


async def authorize(request: Request, template: str) -> Rule:
    """The row of the table of routes by which this caller and this body are let in. Raises `Refusal`."""
    rule: Rule = request.app.state.access[(request.method, template)]
    request.state.caller = await _caller_by(request, rule)
    check_announced(request, rule)
    return rule


async def _caller_by(request: Request, rule: Rule) -> Caller:
    principal = ANONYMOUS if rule.own_credentials else await principal_of(request)
    reach = rule.roles.get(principal.role)
    if reach is None:
        raise MissingToken if principal is ANONYMOUS else NotPermitted(role=principal.role.words)
    return Caller(principal, reach)


async def principal_of(request: Request) -> Principal:
    """Who the Authorization header names; `ANONYMOUS` without one. Raises `InvalidToken`."""
    header = request.headers.get("authorization")
    return ANONYMOUS if header is None else await principal_from_header(header, request.app.state.verifier)


async def principal_from_header(header: str, verifier: TokenVerifier) -> Principal:
    """Who the value of an Authorization header names. Raises `InvalidToken`, `Unavailable`."""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise InvalidToken(reason=NO_BEARER)
    return await verifier.verify(token.strip())


async def _read(request: Request, answer: Handler, *, by_key: bool) -> Response:
    database = database_of(request)
    async with database.lookup() if by_key else database.connection() as connection:
        request.state.tx = connection
        return await answer(request)


async def _change(request: BoundedRequest, answer: Handler, rule: Rule) -> Response:
    caller: Caller = request.state.caller
    claim = idempotency.claim_of(request, caller.principal.subject, await request.body())

    async def work(tx: Transaction) -> Response:
        request.state.tx = tx
        return await idempotency.answered_once(tx, claim, lambda: answer(request), planned_once=rule.planned_once)

    return await database_of(request).run(work)


def database_of(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


# Coroutines, though they wait for nothing: FastAPI sends plain functions to a thread, which costs more than a query.
async def _tx(request: Request) -> Transaction:
    tx: Transaction = request.state.tx
    return tx


async def _caller(request: Request) -> Caller:
    caller: Caller = request.state.caller
    return caller


async def _database(request: Request) -> Database:
    return database_of(request)


Tx = Annotated[Transaction, Depends(_tx)]
"""The request's transaction (a plain connection while only reading)."""
Asking = Annotated[Caller, Depends(_caller)]
"""Who asks, already let in by the table of routes."""
Db = Annotated[Database, Depends(_database)]
"""The pool, for a route that streams and opens its own transactions."""
