"""What is published for programs: events as AsyncAPI with their schemas, and the schema of the graph."""

from functools import cache

import orjson
from contracts.documents import asyncapi, schema_of
from contracts.event import event_of
from fastapi import APIRouter, Request, Response
from runtime.problems import NotFound
from runtime.routing import AuthorizedRoute

from gateway.access import OPEN_PAGE
from gateway.graph.schema import graph

router = APIRouter(route_class=AuthorizedRoute, include_in_schema=False)

READ = ["GET", "HEAD"]
A_WHILE = {"Cache-Control": "public, max-age=300"}


@router.api_route("/asyncapi.json", methods=READ)
@OPEN_PAGE
async def events(request: Request) -> Response:
    """The events, as an AsyncAPI document; its schemas are beside it."""
    return Response(_events(), headers=A_WHILE, media_type="application/json")


@router.api_route("/schemas/{name}", methods=READ)
@OPEN_PAGE
async def event_schema(request: Request, name: str) -> Response:
    """JSON Schema of an event, as the AsyncAPI document refers to it: `schemas/registry.area.changed.v1.json`."""
    event = event_of(name.removesuffix(".json"))
    if event is None or not name.endswith(".json"):
        raise NotFound
    return Response(orjson.dumps(schema_of(event)), headers=A_WHILE, media_type="application/schema+json")


@router.api_route("/schema.graphql", methods=READ)
@OPEN_PAGE
async def graph_schema(request: Request) -> Response:
    """The schema of the graph, the same as is committed."""
    return Response(_graph(), headers=A_WHILE, media_type="text/plain; charset=utf-8")


@cache
def _events() -> bytes:
    return orjson.dumps(asyncapi())


@cache
def _graph() -> str:
    return graph().as_str() + "\n"
