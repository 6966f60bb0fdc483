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

from gateway.errors import MissingQuery
from gateway.graph.execution import Execution, refused
from gateway.graph.requests import query_of, reader_of
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
    query = query_of(await _body(request), _language(request))
    execution: Execution = request.app.state.execution
    answer = await execution.answer(query, reader_of(request.app.state, caller, query.language))
    return _answer(request, orjson.dumps(answer), HTTPStatus.OK)


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


def _refusal(request: Request, refusal: Refusal) -> Response:
    language = _language(request)
    told = problem(refusal, language)
    headers = {name: value for name, value in told.headers.items() if name not in ("content-type", "content-length")}
    return _answer(request, refused(refusal, language), refusal.status, headers)


def _language(request: Request) -> Language:
    return preferred(request.headers.get("accept-language"))


def _answer(request: Request, body: bytes, status: int, headers: dict[str, str] | None = None) -> Response:
    wanted = GRAPHQL in request.headers.get("accept", "")
    return Response(body, status, headers, GRAPHQL if wanted else "application/json")
