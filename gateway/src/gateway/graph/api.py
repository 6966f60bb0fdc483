"""The door of GraphQL: one query a request, refusals in the form of GraphQL errors."""

from http import HTTPStatus
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from runtime.access import Caller
from runtime.body import EdgeRequest
from runtime.edge import GateRoute, PlainRoute
from runtime.language import Language, preferred
from runtime.problems import MalformedBody, Refusal, problem

from gateway.errors import BatchRefused, MissingQuery
from gateway.graph.execution import Execution, Query, refused
from gateway.graph.roots import Reader
from gateway.pages import graphiql, refusals

GRAPHQL = "application/graphql-response+json"


class GraphRoute(PlainRoute):
    """Says refusals as GraphQL clients expect them: `errors`, each with our code."""

    async def respond(self, request: EdgeRequest) -> Response:
        try:
            return await super().respond(request)
        except Refusal as refusal:
            return _refusal(request, refusal)


router = APIRouter(route_class=GateRoute, include_in_schema=False)


async def answer_query(request: EdgeRequest) -> Response:
    """Answer one query."""
    caller: Caller = request.state.caller
    query = query_of(await _body(request), request)
    state = request.app.state
    headers = _passed_on(caller, query.language)
    reader = Reader(caller, state.memory, state.questions, state.cursor_key, headers)
    execution: Execution = state.execution
    return _answer(request, orjson.dumps(await execution.answer(query, reader)), HTTPStatus.OK)


QUERIES = GraphRoute("/graphql", answer_query)


@router.get("/graphql")
async def explore(request: Request) -> Response:
    """GraphiQL, in development; queries by GET are refused everywhere."""
    if graphiql.is_shown(request):
        return graphiql.graphiql(request)
    refusal = MissingQuery()
    if refusals.wants_page(request):
        return refusals.as_page(request, refusal)
    return _refusal(request, refusal)


async def _body(request: Request) -> Any:
    try:
        return await request.json()
    except ValueError as error:
        raise MalformedBody from error


def query_of(body: Any, request: Request) -> Query:
    """What the body asks. Raises `BatchRefused`, `MissingQuery`."""
    if isinstance(body, list):
        raise BatchRefused
    text, variables, operation = (
        (body.get("query"), body.get("variables"), body.get("operationName")) if isinstance(body, dict) else (None,) * 3
    )
    forms = isinstance(text, str) and isinstance(variables, dict | None) and isinstance(operation, str | None)
    if not forms or not text:
        raise MissingQuery
    return Query(text, variables or {}, operation, preferred(request.headers.get("accept-language")))


def _passed_on(caller: Caller, language: Language) -> dict[str, str]:
    # Written anew from what was verified and understood: nothing of the caller's own header lines goes further.
    return {"authorization": f"Bearer {caller.principal.token}", "accept-language": language}


def _refusal(request: Request, refusal: Refusal) -> Response:
    language = preferred(request.headers.get("accept-language"))
    told = problem(refusal, language)
    headers = {name: value for name, value in told.headers.items() if name not in ("content-type", "content-length")}
    return _answer(request, refused(refusal, language), refusal.status, headers)


def _answer(request: Request, body: bytes, status: int, headers: dict[str, str] | None = None) -> Response:
    wanted = GRAPHQL in request.headers.get("accept", "")
    return Response(body, status, headers, GRAPHQL if wanted else "application/json")
