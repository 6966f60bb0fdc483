"""The doors that pass requests on."""

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response
from runtime.routing import AuthorizedRoute

from gateway.access import CREDENTIALS, METHODS, OPEN_PAGE, PASSED_ON
from gateway.errors import UnknownService
from gateway.pools import ALERTING, IDENTITY, OWN_ROOM, Upstream
from gateway.proxy.forwarding import Proxy
from gateway.proxy.openapi import openapi_of
from gateway.proxy.paths import service_path
from gateway.proxy.streams import is_stream

router = APIRouter(route_class=AuthorizedRoute, include_in_schema=False)

COMING_IN = (b"/v1/session", b"/v1/invitations/")
"""Where people come in and go at the registry."""
ISSUING = b"/v1/alerts"
MOVED: Mapping[tuple[str, bytes], str] = {("activities", b"/v1/targets"): "plans"}
"""What is answered for one more release under the service it stood in before."""


@router.api_route("/api/{service}/v1/{path:path}", methods=list(METHODS))
@PASSED_ON
async def pass_on(request: Request, service: str) -> Response:
    """A partner's request to a service."""
    path = service_path(request.scope["raw_path"])
    service = service_of(service, path)
    passage = _proxy(request, room_of(request.method, service, path))
    if is_stream(request.method, service, path):
        passage = request.app.state.stream_passages[service]
    return await passage.carry(request, path, PASSED_ON)


def service_of(service: str, path: bytes) -> str:
    """The service that answers: the one named, unless what is asked for moved to another."""
    moved = MOVED.get((service, b"/".join(path.split(b"/", 3)[:3])))
    return moved or service


def room_of(method: str, service: str, path: bytes) -> str:
    """Whose room a request takes: the service's, unless somebody comes in or issues an alert by it."""
    if service == "registry" and path.startswith(COMING_IN):
        return IDENTITY
    if service == "alerts" and method == "POST" and path == ISSUING:
        return ALERTING
    return service if service not in OWN_ROOM else ""


@router.get("/api/{service}/openapi.json")
@OPEN_PAGE
async def openapi(request: Request, service: str) -> Response:
    """What a service takes and answers."""
    upstream: Upstream | None = request.app.state.upstreams.get(room_of("GET", service, b""))
    if upstream is None:
        raise UnknownService
    async with upstream.pool.place():
        document = await openapi_of(upstream.http, service, upstream.origin)
    return Response(document, media_type="application/json")


@router.post("/oauth/token")
@CREDENTIALS
async def token(request: Request) -> Response:
    """Client credentials for a token, by the registry."""
    return await _to_registry(request, b"/oauth/token")


@router.get("/.well-known/jwks.json")
@CREDENTIALS
async def keys(request: Request) -> Response:
    """The registry's public keys."""
    return await _to_registry(request, b"/.well-known/jwks.json")


async def _to_registry(request: Request, path: bytes) -> Response:
    return await _proxy(request, IDENTITY).carry(request, path, CREDENTIALS)


def _proxy(request: Request, service: str) -> Proxy:
    passage: Proxy | None = request.app.state.passages.get(service)
    if passage is None:
        raise UnknownService
    return passage
