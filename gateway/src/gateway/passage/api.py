"""The doors that pass requests on."""

from fastapi import APIRouter, Request, Response
from runtime.access import Rule
from runtime.edge import GateRoute

from gateway.access import METHODS, PASSED_ON
from gateway.errors import UnknownService
from gateway.passage.openapi import openapi_of
from gateway.passage.paths import path_behind
from gateway.passage.proxy import Passage
from gateway.passage.streams import is_stream

router = APIRouter(route_class=GateRoute, include_in_schema=False)


@router.api_route("/api/{service}/v1/{path:path}", methods=list(METHODS))
async def pass_on(request: Request, service: str) -> Response:
    """A partner's request to a service."""
    path = path_behind(request.scope["raw_path"])
    passage = _passage(request, service)
    if is_stream(request.method, service, path):
        passage = request.app.state.stream_passages[service]
    return await passage.carry(request, path, PASSED_ON)


@router.get("/api/{service}/openapi.json")
async def openapi(request: Request, service: str) -> Response:
    """What a service takes and answers."""
    _passage(request, service)
    state = request.app.state
    document = await openapi_of(state.http, service, state.settings.origins[service])
    return Response(document, media_type="application/json")


@router.post("/oauth/token")
async def token(request: Request) -> Response:
    """Client credentials for a token, by the registry."""
    return await _to_registry(request, b"/oauth/token")


@router.get("/.well-known/jwks.json")
async def keys(request: Request) -> Response:
    """The registry's public keys."""
    return await _to_registry(request, b"/.well-known/jwks.json")


async def _to_registry(request: Request, path: bytes) -> Response:
    rule: Rule = PASSED_ON
    return await _passage(request, "registry").carry(request, path, rule)


def _passage(request: Request, service: str) -> Passage:
    passage: Passage | None = request.app.state.passages.get(service)
    if passage is None:
        raise UnknownService
    return passage
