"""Traces, metrics and logs of a process. Traces need an OTLP endpoint; `traceparent` is always passed on."""

import logging
import os
import time
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import orjson
import structlog
from opentelemetry import propagate, trace
from opentelemetry.propagators.textmap import Getter
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUESTS = Histogram(
    "tansiq_http_request_seconds",
    "Time until the answer was sent",
    ["method", "route", "status"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
FAILURES = Counter("tansiq_http_failures_total", "Requests that ended in an unexpected error", ["route"])
QUIET = frozenset({"/healthz", "/readyz", "/metrics"})

log = structlog.get_logger("request")


def start(process: str, *, log_level: str) -> None:
    """Configure logs, and traces where `OTEL_EXPORTER_OTLP_ENDPOINT` is set."""
    _start_logs(log_level)
    # Without baggage: nobody here reads it, and a caller's would be quoted in logs and passed on.
    propagate.set_global_textmap(TraceContextTextMapPropagator())
    if os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT") or os.environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"):
        _start_traces(process)


def _start_logs(level: str) -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _add_trace,
            structlog.processors.ExceptionRenderer(lambda raised: describe_failure(raised[1])),
            structlog.processors.JSONRenderer(serializer=orjson.dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.BytesLoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


class RedactingFormatter(logging.Formatter):
    """Log lines of libraries: of an exception they tell what our own tell."""

    def formatException(self, ei: Any) -> str:  # noqa: N802  the name is logging's
        return describe_failure(ei[1])


def describe_failure(raised: BaseException | None) -> str:
    """What a log may say of an exception: its type and where it was raised. Its message may quote a row."""
    return f"{type(raised).__name__} at {', '.join(places(raised))}"


def places(raised: BaseException | None) -> list[str]:
    """The innermost places an exception came through."""
    came: TracebackType | None = raised.__traceback__ if raised else None
    return [
        f"{frame.filename.rsplit('/', 3)[-1]}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(came)[-8:]
    ]


def _add_trace(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"] = f"{context.trace_id:032x}"
    return event


def _start_traces(process: str) -> None:
    # Imported only when traces are on: the exporter costs every process some megabytes.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": process}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(), schedule_delay_millis=500))
    trace.set_tracer_provider(provider)


class Telemetry:
    """ASGI middleware: one span, one measurement and one log line a request. Never logs a query, a body or a token."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._tracer = trace.get_tracer("tansiq.http")
        self._traces = not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in QUIET:
            await self._app(scope, receive, send)
        elif self._traces or any(name == b"traceparent" for name, _ in scope["headers"]):
            await self._traced(scope, receive, send)
        else:  # a span would be for nobody
            await self._measured(scope, receive, send)

    async def _traced(self, scope: Scope, receive: Receive, send: Send) -> None:
        context = propagate.extract(scope, getter=_HEADERS)
        with self._tracer.start_as_current_span(scope["method"], context, SpanKind.SERVER) as span:
            status = 500
            try:
                status = await self._measured(scope, receive, send)
            finally:
                span.update_name(f"{scope['method']} {_route(scope)}")
                span.set_attribute("http.response.status_code", status)
                if status >= 500:
                    span.set_status(Status(StatusCode.ERROR))

    async def _measured(self, scope: Scope, receive: Receive, send: Send) -> int:
        status = 500
        started = time.perf_counter()

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            elapsed, route = time.perf_counter() - started, _route(scope)
            REQUESTS.labels(scope["method"], route, str(status)).observe(elapsed)
            # What the gateway asked is told by its own line, of the request it asked for.
            say = log.debug if status < 400 and scope["path"].startswith("/internal/") else log.info
            say("answered", method=scope["method"], route=route, status=status, ms=round(elapsed * 1000, 1))
        return status


def _route(scope: Scope) -> str:
    return getattr(scope.get("route"), "path_format", "other")


class _Headers(Getter[Scope]):
    """Reads the headers of a request for the propagator, without decoding those it does not want."""

    def get(self, carrier: Scope, key: str) -> list[str] | None:
        wanted = key.encode()
        found = [value.decode("latin-1") for name, value in carrier["headers"] if name == wanted]
        return found or None

    def keys(self, carrier: Scope) -> list[str]:
        return [name.decode("latin-1") for name, _ in carrier["headers"]]


_HEADERS = _Headers()
