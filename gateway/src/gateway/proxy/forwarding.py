"""Passing one request on to a service and its answer back; who leaves early is not worked for.

The caller's body is kept here until it is whole, and an answer that is not long is taken whole before it is sent: so a
place at the service is held for as long as the service works, however slow the caller is. Decision 0022.
"""

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Final, TypeAlias

import httpx2
import structlog
from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from runtime.access import KIB, Caller, Role, Rule
from runtime.problems import MissingToken, Refusal, Unavailable
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from gateway.access import ANONYMOUS_BODIES, LARGEST_ANONYMOUS
from gateway.errors import ServiceTooSlow
from gateway.pools import Pool, Upstream, Upstreams
from gateway.proxy.paths import location_here
from gateway.proxy.spool import Spool

log = structlog.get_logger("passage")

HOP_BY_HOP = frozenset(
    ("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer")
) | {"transfer-encoding", "upgrade", "expect"}
TRACE = frozenset(("traceparent", "tracestate", "baggage"))
NOT_PASSED_ON = HOP_BY_HOP | TRACE | {"host", "cookie", "content-length", "forwarded"}
NOT_PASSED_BACK = HOP_BY_HOP | {"server", "date", "set-cookie"}
RawHeader: TypeAlias = tuple[bytes, bytes]
"""As on the wire: values may hold any bytes, which are the receiver's to judge."""
TAKEN_WHOLE: Final = 1024 * KIB
"""Bytes of an answer that is taken from the service before it is sent on."""
GONE = 499
"""Status in the log for a caller that left before the answer."""


class Proxy:
    """Passes requests on to one service."""

    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream

    async def carry(self, request: Request, path: bytes, rule: Rule) -> Response:
        """The service's answer. Raises `MissingToken`, `BodyTooLarge`, `PartBusy`, `Unavailable`, `ServiceTooSlow`."""
        try:
            if not _has_body(request):
                return await self._carry(request, path, None)
            caller, spools = check_known(request, path), request.app.state.spools
            limit = LARGEST_ANONYMOUS if caller.role is Role.PUBLIC else rule.largest_body
            async with spools.kept(request, limit, caller.principal.subject) as body:
                return await self._carry(request, path, body)
        except ClientDisconnect:
            return Response(status_code=GONE)

    async def _carry(self, request: Request, path: bytes, body: Spool | None) -> Response:
        pool = self._upstream.pool
        await pool.take()
        response: Response | None = None
        try:
            answer = await _unless_gone(request, self._send(request, path, body))
            response = await self._taken(request, answer)
            return response
        except httpx2.HTTPError as failed:
            raise self._failed(failed) from failed
        finally:
            if not isinstance(response, ProxiedAnswer):
                pool.give_back()  # else it does so itself, at its end

    async def _taken(self, request: Request, answer: httpx2.Response) -> Response:
        """The answer on its way back: whole, where it is not long."""
        headers = self._headers_back(answer.headers)
        length = answer.headers.get("content-length", "")
        empty = request.method == "HEAD" or answer.status_code in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
        if not empty and not (length.isdecimal() and int(length) <= TAKEN_WHOLE):
            return self.answer(answer, headers)
        try:
            whole = b"" if empty else b"".join([chunk async for chunk in answer.aiter_raw()])
        finally:
            await asyncio.shield(answer.aclose())
        response = Response(whole, answer.status_code)
        response.raw_headers = headers
        return response

    def answer(self, answer: httpx2.Response, headers: list[RawHeader]) -> "ProxiedAnswer":
        """A long answer on its way back."""
        return ProxiedAnswer(answer, headers, self._upstream.pool)

    async def _send(self, request: Request, path: bytes, body: Spool | None) -> httpx2.Response:
        query = request.scope["query_string"]
        url = httpx2.URL(self._upstream.origin).copy_with(raw_path=path + (b"?" + query if query else b""))
        passed = self._upstream.http.build_request(
            request.method, url, headers=_headers_on(request, body), content=body.content() if body else None
        )
        return await self._upstream.http.send(passed, stream=True)

    def _failed(self, failed: httpx2.HTTPError) -> Refusal:
        log.warning("not_passed", service=self._upstream.service, cause=type(failed).__name__)
        late = isinstance(failed, httpx2.ReadTimeout | httpx2.WriteTimeout)
        return ServiceTooSlow() if late else Unavailable()

    def _headers_back(self, headers: httpx2.Headers) -> list[RawHeader]:
        kept = _without(headers.raw, NOT_PASSED_BACK, headers.get("connection", ""))
        return [(name, self._here(value) if name == b"location" else value) for name, value in kept]

    def _here(self, location: bytes) -> bytes:
        told = location_here(location.decode("latin-1"), service=self._upstream.service, origin=self._upstream.origin)
        return told.encode("latin-1")


class ProxiedAnswer(StreamingResponse):
    """A service's answer on its way back."""

    def __init__(self, answer: httpx2.Response, headers: Sequence[RawHeader], pool: Pool | None) -> None:
        super().__init__(answer.aiter_raw(), answer.status_code)
        self.raw_headers = list(headers)
        self._answer = answer
        self._pool = pool
        """Where it holds a place."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            if self._pool:
                self._pool.give_back()
            await asyncio.shield(self._answer.aclose())


def check_known(request: Request, path: bytes) -> Caller:
    """Who sends a body, before a byte of it is read. Raises `MissingToken`."""
    caller: Caller = request.state.caller
    if caller.role is Role.PUBLIC and path not in ANONYMOUS_BODIES:
        raise MissingToken
    return caller


async def _unless_gone(request: Request, sending: Coroutine[Any, Any, httpx2.Response]) -> httpx2.Response:
    """The answer of `sending`, which is given up when the caller leaves. Raises `ClientDisconnect`."""
    work: asyncio.Task[httpx2.Response] = asyncio.ensure_future(sending)
    gone = asyncio.ensure_future(_gone(request))
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


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _has_body(request: Request) -> bool:
    return request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers


def _headers_on(request: Request, body: Spool | None) -> list[RawHeader]:
    kept = _without(request.headers.raw, NOT_PASSED_ON, request.headers.get("connection", ""))
    if body is not None:
        kept.append((b"content-length", b"%d" % body.size))
    elif "content-length" in request.headers:
        kept.append((b"content-length", b"0"))
    return kept


def _without(headers: Iterable[RawHeader], dropped: frozenset[str], connection: str) -> list[RawHeader]:
    gone = dropped | {name.strip().lower() for name in connection.split(",")}
    lowered = ((name.lower(), value) for name, value in headers)
    return [(name, value) for name, value in lowered if name.decode("latin-1") not in gone]


def proxies(upstreams: Upstreams) -> dict[str, Proxy]:
    """A passage to each service, and to each room beside."""
    return {name: Proxy(upstream) for name, upstream in upstreams.items()}
