"""The FastAPI application of a process: doors, refusals, health, metrics."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from http import HTTPStatus
from typing import Any, cast

import structlog
from database import Database
from database.pool import RETRIED, UNREACHABLE
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from runtime import operations
from runtime.body import BoundedRequest
from runtime.http import internal_client
from runtime.methods import EveryMethod, methods_of
from runtime.openapi import described
from runtime.problems import (
    Internal,
    MalformedBody,
    MalformedRequest,
    MethodNotAllowed,
    NotFound,
    Refusal,
    Unavailable,
    problem_for,
)
from runtime.routing import RawRoute, table_of
from runtime.service import Service
from runtime.settings import ProcessSettings, ServiceSettings
from runtime.telemetry import FAILURES, Telemetry, places
from runtime.tokens import TokenVerifier, keys_at
from runtime.validation import invalid

log = structlog.get_logger("application")


FailureHandler = Callable[[Request, Exception], Awaitable[Response]]


def build(service: Service, settings: ServiceSettings) -> FastAPI:
    """The API of a service."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        url = settings.database_url.get_secret_value()
        async with internal_client() as http:
            app.state.database = await Database.connect(
                url, application=f"{service.name}-api", largest=settings.database_connections
            )
            load_keys = service.keys(app) if service.keys else keys_at(settings.jwks_url, http)
            app.state.verifier = TokenVerifier(load_keys, issuer=settings.issuer, audience=settings.audience)
            try:
                async with AsyncExitStack() as beside:
                    for part in service.lifespans:
                        await beside.enter_async_context(part(app))
                    yield
            finally:
                await app.state.database.close()

    app = bare(settings, title=f"Tansiq {service.name}", description=service.description, lifespan=lifespan)
    app.state.service = service
    app.state.access = {**service.access, **table_of([operations.router])}
    app.plain = tuple(each.route() for each in service.lists)
    for router in (*service.routers, operations.router):
        app.include_router(router)

    async def ready() -> bool:
        database: Database = app.state.database
        return await database.answers()

    app.include_router(health(ready))
    return app


def bare(
    settings: ProcessSettings,
    *,
    title: str,
    description: str,
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]] | None,
) -> "ServiceApplication":
    """An application without routes: refusals as problem details, telemetry, no pages of FastAPI's own."""
    app = ServiceApplication(
        title=title,
        description=description,
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # Ours tells less: FastAPI's own would put addresses with their queries into traces, and each request twice.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.settings = settings
    app.state.stopping = asyncio.Event()  # answers without an end are to end when this is set
    app.user_middleware = [Middleware(Telemetry), Middleware(EveryMethod)]
    app.add_exception_handler(Refusal, _answer_refusal)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_exception)
    app.add_exception_handler(ClientDisconnect, _disconnected)
    for passing in (*RETRIED, *UNREACHABLE, TimeoutError):
        app.add_exception_handler(passing, _unavailable)
    app.add_exception_handler(Exception, _failed)
    return app


class ServiceApplication(FastAPI):
    """FastAPI with plain routes beside its own: those go through its middleware, and straight to their answer."""

    plain: Sequence[RawRoute] = ()

    def openapi(self) -> dict[str, Any]:
        """What it takes and answers, refusals as the problems they are."""
        if self.openapi_schema is None:
            self.openapi_schema = described(super().openapi(), self.state.access)
        return self.openapi_schema

    def build_middleware_stack(self) -> ASGIApp:
        self.router.routes.extend(self.plain)  # for whoever comes with another method
        usual, plain = super().build_middleware_stack(), cast(ASGIApp, self._answer_plainly)
        for middleware in reversed(self.user_middleware):
            plain = middleware.cls(plain, *middleware.args, **middleware.kwargs)
        by_path = {route.path: route for route in self.plain}

        async def chosen(scope: Scope, receive: Receive, send: Send) -> None:
            route = by_path.get(scope.get("path", ""))
            if route is None or scope["type"] != "http" or scope["method"] != "POST":
                await usual(scope, receive, send)
            else:
                scope["route"] = route
                await plain(scope, receive, send)

        return chosen

    async def _answer_plainly(self, scope: Scope, receive: Receive, send: Send) -> None:
        request, route = BoundedRequest(scope, receive), scope["route"]
        try:
            response = await route.respond(request)
        except Exception as raised:
            response = await self._answer_failure(request, raised)
        await response(scope, receive, send)

    async def _answer_failure(self, request: Request, raised: Exception) -> Response:
        handlers = cast(Mapping[Any, FailureHandler], self.exception_handlers)
        kind = next(kind for kind in type(raised).__mro__ if kind in handlers)
        return await handlers[kind](request, raised)


def metrics() -> Response:
    """What the process counts, as Prometheus reads it."""
    return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


def health(ready: Callable[[], Awaitable[bool]], *, open_metrics: bool = True) -> APIRouter:
    """`/healthz` (the process lives), `/readyz` (it can answer now), and `/metrics`, but at a door that all reach."""
    router = APIRouter(include_in_schema=False)

    @router.get("/healthz")
    async def live() -> Response:
        return Response('{"status":"live"}', media_type="application/json")

    @router.get("/readyz")
    async def readiness() -> Response:
        if await ready():
            return Response('{"status":"ready"}', media_type="application/json")
        return Response('{"status":"not ready"}', HTTPStatus.SERVICE_UNAVAILABLE, media_type="application/json")

    if open_metrics:

        @router.get("/metrics")
        async def answer_metrics() -> Response:
            return metrics()

    return router


async def _answer_refusal(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    return problem_for(request, refusal)


async def _invalid(request: Request, errors: Exception) -> Response:
    assert isinstance(errors, RequestValidationError)
    return problem_for(request, invalid(errors.errors()))


async def _http_exception(request: Request, raised: Exception) -> Response:
    assert isinstance(raised, HTTPException)
    kinds: dict[int, type[Refusal]] = {404: NotFound, 405: MethodNotAllowed, 400: MalformedBody}
    refusal = kinds.get(raised.status_code, MalformedRequest)()
    refusal.headers = dict(raised.headers or {})
    if isinstance(refusal, MethodNotAllowed):  # of all routes at this address, not of the first alone
        refusal.headers["Allow"] = methods_of(request).allow(request.scope["path"])
    return problem_for(request, refusal)


async def _disconnected(request: Request, gone: Exception) -> Response:
    """A line that broke while a body was sent is nobody's failure, and nobody reads the answer."""
    return problem_for(request, MalformedRequest())


async def _unavailable(request: Request, failed: Exception) -> Response:
    log.warning("unavailable", cause=type(failed).__name__)
    return problem_for(request, Unavailable())


async def _failed(request: Request, failed: Exception) -> Response:
    # The message of an exception may quote a row: only its type and place are logged.
    FAILURES.labels(getattr(request.scope.get("route"), "path_format", "other")).inc()
    log.error("failed", cause=type(failed).__name__, at=places(failed))
    return problem_for(request, Internal())
