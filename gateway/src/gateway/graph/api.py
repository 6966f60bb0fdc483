"""The door of GraphQL: one query a request, refusals in the form of GraphQL errors."""

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from runtime.access import Caller, Rule
from runtime.body import BoundedRequest
from runtime.idempotency import NOT_KEPT
from runtime.language import Language, preferred
from runtime.problems import MalformedBody, Refusal, problem
from runtime.routing import AuthorizedRoute, RawRoute

from gateway.access import LARGEST_QUERY, READERS, TOLD
from gateway.errors import QueriesByPost
from gateway.graph.error_format import refused
from gateway.graph.execution import Execution
from gateway.graph.requests import query_of, reader_of
from gateway.pages import graphiql, refusals

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"
QUALITY = re.compile(r"[01](\.\d{0,3})?")
OF_THE_QUERY = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY)
"""Statuses of what is wrong with the query itself, not with the request or with who sends it."""


class GraphRoute(RawRoute):
    """Says refusals as GraphQL clients expect them: `errors`, each with our code."""

    async def respond(self, request: BoundedRequest) -> Response:
        try:
            return await super().respond(request)
        except Refusal as refusal:
            return _refusal(request, refusal, refusal.status)


router = APIRouter(route_class=AuthorizedRoute, include_in_schema=False)


async def answer_query(request: BoundedRequest) -> Response:
    """Answer one query."""
    caller: Caller = request.state.caller
    query = query_of(await _body(request), _language(request))
    execution: Execution = request.app.state.execution
    try:
        answer = await execution.answer(query, reader_of(request.app.state, caller, query.language))
    except Refusal as refusal:
        if refusal.status not in OF_THE_QUERY:
            raise
        # A server that did understand the request says so where the media type could be anybody's.
        status = HTTPStatus.BAD_REQUEST if media_type(request) == GRAPHQL else HTTPStatus.OK
        return _refusal(request, refusal, status)
    # What a change answers may be a secret that is told once.
    return _answer(request, orjson.dumps(answer), HTTPStatus.OK, NOT_KEPT if "mutation" in query.text else None)


QUERIES = GraphRoute("/graphql", answer_query, Rule(READERS, largest_body=LARGEST_QUERY))


@router.get("/graphql")
@TOLD
async def explore(request: Request) -> Response:
    """GraphiQL, in development; queries by GET are refused everywhere: what is asked would stand in logs."""
    if graphiql.is_shown(request):
        return graphiql.graphiql(request)
    refusal = QueriesByPost()
    if refusals.wants_page(request):
        return refusals.as_page(request, refusal)
    return _refusal(request, refusal, refusal.status)


async def _body(request: Request) -> Any:
    try:
        return await request.json()
    except ValueError as error:
        raise MalformedBody from error


def _refusal(request: Request, refusal: Refusal, status: int) -> Response:
    language = _language(request)
    told = problem(refusal, language)
    headers = {name: value for name, value in told.headers.items() if name not in ("content-type", "content-length")}
    return _answer(request, orjson.dumps({"errors": refused(refusal, language)}), status, headers)


def _language(request: Request) -> Language:
    return preferred(request.headers.get("accept-language"))


def _answer(request: Request, body: bytes, status: int, headers: Mapping[str, str] | None = None) -> Response:
    return Response(body, int(status), headers, f"{media_type(request)}; charset=utf-8")


def media_type(request: Request) -> str:
    """Of the two, that which is wanted more; where none is named, the one every client understands."""
    wanted = request.headers.get("accept", "")
    if GRAPHQL not in wanted.lower():
        return JSON  # what most say
    ours, usual = (_preference(wanted, each) for each in (GRAPHQL, JSON))
    return GRAPHQL if ours > 0 and ours >= usual else JSON


def _preference(accept: str, media_type: str) -> float:
    """How much, 0 to 1, by the range of `Accept` that names it most closely."""
    ranges = {media_type: 3, f"{media_type.partition('/')[0]}/*": 2, "*/*": 1}
    closest, quality = 0, 0.0
    for part in accept.lower().split(","):
        name, *parameters = (each.strip() for each in part.split(";"))
        if ranges.get(name, 0) > closest:
            closest, quality = ranges[name], _quality(parameters)
    return quality


def _quality(parameters: Iterable[str]) -> float:
    said = next((each[2:] for each in parameters if each.startswith("q=")), "1")
    return float(said) if QUALITY.fullmatch(said) else 1.0
