"""Each role on each route of the gateway: who may goes through, nobody else does."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import orjson
import pytest
import pytest_asyncio
from contracts.services import SERVICES
from gateway.access import METHODS
from gateway.graph.api import QUERIES
from gateway.main import ROUTERS
from gateway.pages.assets import address
from runtime.access import Role
from runtime.routing import table_of
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from testkit.ports import listening
from testkit.trust import TestIssuer

from .conftest import OpenGateway
from .reading_pages import figures
from .rows import Rows

ACCESS = table_of(ROUTERS, (QUERIES,))
QUERY = {"query": "{ sectors { code } }"}
PAGES = {
    "/": "/",
    "/invitation": "/invitation?token=" + "a" * 43,
    "/guides/{name}": "/guides/hubs",
    "/docs/{service}": "/docs/registry",
    "/assets/{name}": address("tansiq.css"),
    "/asyncapi.json": "/asyncapi.json",
    "/schemas/{name}": "/schemas/registry.area.changed.v1.json",
    "/schema.graphql": "/schema.graphql",
}
CASES: dict[tuple[str, str], tuple[str, Any]] = {
    ("POST", "/graphql"): ("/graphql", QUERY),
    ("GET", "/graphql"): ("/graphql", None),
    **{(method, "/api/{service}/v1/{path}"): ("/api/activities/v1/echo", None) for method in METHODS},
    ("GET", "/api/{service}/openapi.json"): ("/api/registry/openapi.json", None),
    ("POST", "/oauth/token"): ("/oauth/token", None),
    ("GET", "/metrics"): ("/metrics", None),
    ("GET", "/.well-known/jwks.json"): ("/.well-known/jwks.json", None),
    **{(method, template): (path, None) for method in ("GET", "HEAD") for template, path in PAGES.items()},
}


@dataclass
class Behind:
    """What reached the services: the token of each request that was passed on."""

    tokens: list[str | None]


@pytest_asyncio.fixture(loop_scope="session")
async def behind(issuer: TestIssuer) -> AsyncIterator[tuple[Behind, str]]:
    """One that stands for every service, and its address."""
    seen = Behind([])

    async def echo(request: Request) -> Response:
        seen.tokens.append(request.headers.get("authorization"))
        return Response(orjson.dumps({"paths": {}}), media_type="application/json")

    services = Rows()
    services.columns = figures()
    answering = services.application(issuer)
    echoing = Starlette(routes=[Route("/{path:path}", echo, methods=list(METHODS))])

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope.get("path", "").startswith("/internal/")
        await (answering if asked else echoing)(scope, receive, send)

    async with listening(app) as address:
        yield seen, address


FORMS = {("POST", path) for path in ("/sign-in", "/sign-out", "/act-as", "/invitation")}
"""For everyone, but from our own pages alone: `test_signing_in` walks them."""


def test_every_route_is_walked() -> None:
    assert set(CASES) | FORMS == set(ACCESS)


@pytest.mark.parametrize("route", CASES, ids=" ".join)
async def test_roles_of_the_table_go_through_and_no_other(
    open_gateway: OpenGateway, issuer: TestIssuer, behind: tuple[Behind, str], route: tuple[str, str]
) -> None:
    seen, address = behind
    services = {f"{name}_url": address for name in SERVICES}
    client = await open_gateway(environment="development", **services)
    path, body = CASES[route]
    rule = ACCESS[route]
    for role in (None, *Role):  # nobody at all, and the public by a token of that role
        headers = issuer.bearer(role) if role else {}
        answer = await client.request(route[0], path, json=body, headers=headers)
        if (role or Role.PUBLIC) in rule.roles:
            assert answer.status_code == 200, (role, answer.text)
        else:
            assert answer.status_code == (403 if role else 401), (role, answer.text)
        if rule.streams:  # passed on as it came: the service behind judges the token
            assert seen.tokens[-1] == headers.get("Authorization")


@pytest.mark.parametrize("route", [route for route in CASES if route[0] != "HEAD"], ids=" ".join)
async def test_a_token_nobody_signed_opens_nothing_that_is_judged_here(
    open_gateway: OpenGateway, behind: tuple[Behind, str], route: tuple[str, str]
) -> None:
    services = {f"{name}_url": behind[1] for name in SERVICES}
    client = await open_gateway(environment="development", **services)
    path, body = CASES[route]
    answer = await client.request(route[0], path, json=body, headers={"Authorization": "Bearer a.b.c"})
    assert answer.status_code == (200 if ACCESS[route].own_credentials else 401)
