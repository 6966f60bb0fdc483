"""Entry point of the gateway: `python -m gateway.main api`."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import structlog
from fastapi import FastAPI
from messaging import Kafka
from runtime import telemetry
from runtime.application import bare, health
from runtime.process import kafka_of, serve
from runtime.routing import table_of
from runtime.settings import load
from runtime.tokens import LoadKeys, TokenVerifier, keys_at
from starlette.middleware import Middleware

from gateway.access import SOCKET
from gateway.allowances.counting import ReplicaCounters
from gateway.allowances.middleware import AllowanceMiddleware
from gateway.allowances.policies import Policies
from gateway.allowances.sharing import sharing
from gateway.allowances.spenders import Allowances
from gateway.compression import GzipMiddleware
from gateway.concurrency import AddressConcurrency, ClientConcurrency, ConcurrencyLimit
from gateway.cors import allowing
from gateway.graph import api as graph_api
from gateway.graph import socket
from gateway.graph.execution import Execution
from gateway.graph.schema import graph
from gateway.headers import SecureHeaders
from gateway.operating import api as operating_api
from gateway.operating.metrics import serve_metrics
from gateway.pages import api as pages_api
from gateway.pages import published as published_api
from gateway.pages.refusals import answer_browsers
from gateway.pages.status import PlatformStatus
from gateway.pools import IDENTITY, Upstreams, open_upstreams
from gateway.proxy import api as passage_api
from gateway.proxy.forwarding import proxies
from gateway.proxy.spool import Spools
from gateway.proxy.streams import stream_client, stream_proxies
from gateway.reference.memory import ReferenceMemory, remember
from gateway.settings import Settings
from gateway.signing_in import api as signing_in_api
from gateway.signing_in.cookie import Cookie, DeviceCookie
from gateway.signing_in.middleware import CookieMiddleware
from gateway.signing_in.sessions import Sessions
from gateway.upstream.commands import ServiceCommands
from gateway.upstream.hints import ChangeHints
from gateway.upstream.questions import ServiceQueries
from gateway.upstream.session import open_session
from gateway.upstream.streams import ServiceStreams

log = structlog.get_logger("gateway")
SCHEMA_FILE = Path(__file__).parents[2] / "schema.graphql"
ROUTERS = (
    graph_api.router,
    passage_api.router,
    signing_in_api.router,
    operating_api.router,
    pages_api.router,
    published_api.router,
)


def build(settings: Settings, *, memory: ReferenceMemory | None = None, load_keys: LoadKeys | None = None) -> FastAPI:
    """The gateway's application. With `memory` given, that is used and no topic is followed."""
    held = memory or ReferenceMemory()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with (
            open_upstreams(
                settings.origins,
                most=settings.requests_per_service,
                wait=settings.busy_seconds,
                seconds=settings.passage_seconds,
            ) as upstreams,
            stream_client() as endless,
            open_session() as listening,
            ServiceQueries.opened(settings.origins, settings.question_seconds) as questions,
            ServiceQueries.opened(settings.origins, settings.question_seconds, "sessions") as exchanges,
        ):
            _init_state(app, settings, held, upstreams, load_keys)
            app.state.questions = questions
            app.state.commands = ServiceCommands(upstreams)
            app.state.standing = PlatformStatus(listening, settings.origins, held)
            app.state.sessions = Sessions(exchanges)
            app.state.pools = [
                *(upstream.pool for upstream in upstreams.values()),
                *questions.pools.values(),
                *exchanges.pools.values(),
            ]
            app.state.stream_passages = stream_proxies(endless, settings.origins, app.state.stopping)
            app.state.streams = ServiceStreams(listening, settings.origins)
            kafka = None if memory else kafka_of(settings)
            app.state.change_hints = ChangeHints(kafka)
            async with (
                sharing(app.state.allowances.counting, questions, settings.allowances_shared_seconds),
                _following(held, kafka),
            ):
                yield

    app = bare(settings, title="Tansiq", description="One door.", lifespan=lifespan)
    # Compressing looks at what an answer says itself: within what sets the headers of all answers.
    outermost = [*allowing(settings.cors_origins), Middleware(SecureHeaders), Middleware(GzipMiddleware)]
    app.user_middleware = [*outermost, *app.user_middleware]
    answer_browsers(app)
    # Innermost: what they refuse is measured as well.
    app.user_middleware += [
        Middleware(AddressConcurrency),
        Middleware(CookieMiddleware),
        Middleware(ClientConcurrency),
        Middleware(AllowanceMiddleware),  # within: a session is a token by then
    ]
    _bound(app, settings)
    policies = Policies.read(settings.allowances_file, settings.allowance_factor)
    allowances = app.state.allowances = Allowances(policies, ReplicaCounters(settings.cursor_key.get_secret_value()))
    app.state.cookie = Cookie.of(settings.environment)
    app.state.device_cookie = DeviceCookie.of(settings.environment, settings.cursor_key.get_secret_value())
    app.state.execution = Execution(
        graph()._schema, tells_schema=settings.environment == "development", allowances=allowances
    )
    app.plain = (graph_api.QUERIES,)
    app.state.access = table_of(ROUTERS, app.plain)
    for router in ROUTERS:
        app.include_router(router)
    app.add_api_websocket_route(SOCKET, socket.answer_socket)

    async def ready() -> bool:
        verifier: TokenVerifier = app.state.verifier
        stuck = [pool.name for pool in app.state.pools if pool.is_stuck()]
        if stuck:
            log.warning("nothing_free", pools=stuck)
        return not stuck and held.complete.is_set() and await verifier.ready()

    app.include_router(health(ready, open_metrics=False))
    return app


def _bound(app: FastAPI, settings: Settings) -> None:
    app.state.client_requests = ConcurrencyLimit(settings.requests_per_client)
    app.state.address_requests = ConcurrencyLimit(settings.requests_per_address)
    app.state.client_streams = ConcurrencyLimit(settings.streams_per_client)
    app.state.address_streams = ConcurrencyLimit(settings.streams_per_address)


def _init_state(
    app: FastAPI, settings: Settings, memory: ReferenceMemory, upstreams: Upstreams, load_keys: LoadKeys | None
) -> None:
    http = upstreams[IDENTITY].http
    app.state.memory = memory
    app.state.upstreams = upstreams
    app.state.spools = Spools(settings.spool_dir)
    app.state.cursor_key = settings.cursor_key.get_secret_value()
    app.state.passages = proxies(upstreams)
    app.state.verifier = TokenVerifier(
        load_keys or keys_at(settings.jwks_url, http), issuer=settings.issuer, audience=settings.audience
    )


@asynccontextmanager
async def _following(memory: ReferenceMemory, kafka: Kafka | None) -> AsyncIterator[None]:
    if kafka is None:
        yield
        return
    stop = asyncio.Event()
    following = asyncio.create_task(remember(memory, kafka, stop))
    following.add_done_callback(lambda task: _end_process(task, stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait([following], timeout=10)


def _end_process(following: "asyncio.Task[None]", stop: asyncio.Event) -> None:
    # A gateway that hears no more names would grow stale unseen: it is ended, to be started anew.
    if not stop.is_set() and not following.cancelled():
        log.error("no_longer_following", cause=repr(following.exception()))
        signal.raise_signal(signal.SIGTERM)


def main() -> None:
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    if word == "api":
        settings = load(Settings)
        telemetry.start("gateway-api", log_level=settings.log_level)
        serve_metrics(settings.metrics_at)
        serve(build(settings), settings)
    else:
        sys.stderr.write("usage: gateway api\n")
        raise SystemExit(2)


if __name__ == "__main__":
    main()
