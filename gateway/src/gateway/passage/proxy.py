"""Passing one request on to a service and its answer back, bit by bit; who leaves early is not worked for."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeAlias

import httpx2
import structlog
from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from runtime.access import Rule
from runtime.body import limited
from runtime.problems import Refusal, Unavailable
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from gateway.errors import ServiceTooSlow
from gateway.passage.paths import location_here

log = structlog.get_logger("passage")

HOP_BY_HOP = frozenset(
    ("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer")
) | {"transfer-encoding", "upgrade", "expect"}
TRACE = frozenset(("traceparent", "tracestate", "baggage"))
NOT_PASSED_ON = HOP_BY_HOP | TRACE | {"host", "cookie", "content-length", "forwarded"}
NOT_PASSED_BACK = HOP_BY_HOP | {"server", "date", "set-cookie"}
RawHeader: TypeAlias = tuple[bytes, bytes]
"""As on the wire: values may hold any bytes, which are the receiver's to judge."""
GONE = 499
"""Status in the log for a caller that left before the answer."""


class Passage:
    """Passes requests on to one service."""

    def __init__(self, http: httpx2.AsyncClient, service: str, origin: str) -> None:
        self._http = http
        self._service = service
        self._origin = origin

    async def carry(self, request: Request, path: bytes, rule: Rule) -> Response:
        """The service's answer, streamed. Raises `BodyTooLarge`, `Unavailable`, `ServiceTooSlow`."""
        body = Body(request, rule.largest_body)
        try:
            answer = await _unless_gone(request, body, self._send(request, path, body))
        except ClientDisconnect:
            return Response(status_code=GONE)
        except httpx2.TimeoutException as slow:
            raise self._failed(slow) from slow
        except httpx2.HTTPError as failed:
            raise body.refusal or self._failed(failed) from failed
        return self.answer(answer, self._headers_back(answer.headers))

    def answer(self, answer: httpx2.Response, headers: list[RawHeader]) -> "Streamed":
        """The answer on its way back."""
        return Streamed(answer, headers)

    async def _send(self, request: Request, path: bytes, body: "Body") -> httpx2.Response:
        query = request.scope["query_string"]
        url = httpx2.URL(self._origin).copy_with(raw_path=path + (b"?" + query if query else b""))
        passed = self._http.build_request(
            request.method, url, headers=_headers_on(request), content=body.chunks() if _has_body(request) else None
        )
        return await self._http.send(passed, stream=True)

    def _failed(self, failed: httpx2.HTTPError) -> Refusal:
        log.warning("not_passed", service=self._service, cause=type(failed).__name__)
        late = isinstance(failed, httpx2.ReadTimeout | httpx2.WriteTimeout)
        return ServiceTooSlow() if late else Unavailable()

    def _headers_back(self, headers: httpx2.Headers) -> list[RawHeader]:
        kept = _without(headers.raw, NOT_PASSED_BACK, headers.get("connection", ""))
        return [(name, self._here(value) if name == b"location" else value) for name, value in kept]

    def _here(self, location: bytes) -> bytes:
        told = location_here(location.decode("latin-1"), service=self._service, origin=self._origin)
        return told.encode("latin-1")


class Body:
    """The caller's body on its way; says when it has all passed."""

    def __init__(self, request: Request, largest: int) -> None:
        self._request = request
        self._largest = largest
        self.passed = asyncio.Event()
        self.refusal: Refusal | None = None
        if not _has_body(request):
            self.passed.set()

    async def chunks(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in limited(self._request, self._largest):
                yield chunk
        except Refusal as refusal:
            self.refusal = refusal
            raise
        self.passed.set()


class Streamed(StreamingResponse):
    """A service's answer on its way back."""

    def __init__(self, answer: httpx2.Response, headers: Sequence[RawHeader]) -> None:
        super().__init__(answer.aiter_raw(), answer.status_code)
        self.raw_headers = list(headers)
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            await asyncio.shield(self._answer.aclose())


async def _unless_gone(request: Request, body: Body, sending: Any) -> httpx2.Response:
    """The answer of `sending`, which is given up when the caller leaves. Raises `ClientDisconnect`."""
    work: asyncio.Task[httpx2.Response] = asyncio.ensure_future(sending)
    gone = asyncio.ensure_future(_gone(request, body))
    try:
        await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            return work.result()
        raise ClientDisconnect
    finally:
        for task in (work, gone):
            if not task.done():
                task.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await task


async def _gone(request: Request, body: Body) -> None:
    await body.passed.wait()
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _has_body(request: Request) -> bool:
    return request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers


def _headers_on(request: Request) -> list[RawHeader]:
    kept = _without(request.headers.raw, NOT_PASSED_ON, request.headers.get("connection", ""))
    if "content-length" in request.headers:
        kept.append((b"content-length", request.headers["content-length"].encode("latin-1")))
    return kept


def _without(headers: Iterable[RawHeader], dropped: frozenset[str], connection: str) -> list[RawHeader]:
    gone = dropped | {name.strip().lower() for name in connection.split(",")}
    lowered = ((name.lower(), value) for name, value in headers)
    return [(name, value) for name, value in lowered if name.decode("latin-1") not in gone]


def passages(http: httpx2.AsyncClient, origins: Mapping[str, str]) -> dict[str, Passage]:
    """A passage to each service."""
    return {service: Passage(http, service, origin) for service, origin in origins.items()}
