"""The door of GraphQL: one query a request, refusals in the form of GraphQL errors."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from runtime.access import Caller
from runtime.edge import GateRoute, Handler
from runtime.language import Language, preferred
from runtime.problems import MalformedBody, Refusal, problem

from gateway.errors import MissingQuery
from gateway.graph.execution import Execution, refused
from gateway.graph.requests import query_of, reader_of
from gateway.pages import graphiql, refusals

GRAPHQL = "application/graphql-response+json"


class GraphRoute(GateRoute):
    """Says refusals as GraphQL clients expect them: `errors`, each with our code."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        handle = super().get_route_handler()

        async def speak_graphql(request: Request) -> Response:
            try:
                response: Response = await handle(request)
            except Refusal as refusal:
                return _refusal(request, refusal)
            return response

        return speak_graphql

    def answering(self) -> Handler:
        # The endpoint takes the request alone: FastAPI's reading of parameters would take longer than the answer.
        endpoint: Handler = self.endpoint
        return endpoint


router = APIRouter(route_class=GraphRoute, include_in_schema=False)


@router.post("/graphql")
async def answer_query(request: Request) -> Response:
    """Answer one query."""
    caller: Caller = request.state.caller
    query = query_of(await _body(request), _language(request))
    execution: Execution = request.app.state.execution
    answer = await execution.answer(query, reader_of(request.app.state, caller, query.language))
    return _answer(request, orjson.dumps(answer), HTTPStatus.OK)


@router.get("/graphql")
async def explore(request: Request) -> Response:
    """GraphiQL, in development; queries by GET are refused everywhere."""
    if graphiql.is_shown(request):
        return graphiql.graphiql(request)
    refusal = MissingQuery()
    if refusals.wants_page(request):
        return refusals.as_page(request, refusal)
    raise refusal


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
