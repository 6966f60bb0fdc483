"""Streams passed on: answers without an end, on connections of their own, so that they take none from others."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Final

import httpx2
from prometheus_client import Counter
from runtime.http import internal_client
from starlette.types import Message, Receive, Scope, Send

from gateway.pools import Pool, Upstream
from gateway.proxy.forwarding import ProxiedAnswer, Proxy

STREAMED: Final = frozenset({("alerts", b"/v1/alerts/stream")})
"""Service and path of each stream."""
OPENING: Final = 200
"""Streams that can be on their way to being open at once."""
SILENCE_SECONDS: Final = 60.0
"""How long a service may say nothing; its heartbeats come every 15."""
SEND_SECONDS: Final = 20.0
"""How long a reader may take to take a chunk."""
DROPPED: Final = Counter("tansiq_passage_streams_dropped_total", "Streams closed because their reader took nothing")


def is_stream(method: str, service: str, path: bytes) -> bool:
    return method == "GET" and (service, path) in STREAMED


@asynccontextmanager
async def stream_client() -> AsyncIterator[httpx2.AsyncClient]:
    """A client whose connections are not counted: each stream holds one for as long as it lives."""
    async with internal_client(timeout_seconds=SILENCE_SECONDS, connections=None) as client:
        yield client


class StreamProxy(Proxy):
    """Passes streams of one service on."""

    def __init__(self, upstream: Upstream, stopping: asyncio.Event) -> None:
        super().__init__(upstream)
        self._stopping = stopping

    def answer(self, answer: httpx2.Response, headers: list[tuple[bytes, bytes]]) -> ProxiedAnswer:
        self._upstream.pool.give_back()  # it was for the opening: how many are open, their clients' bounds say
        return ProxiedStream(answer, headers, self._stopping)


class ProxiedStream(ProxiedAnswer):
    """A service's stream on its way back. It ends when its reader takes nothing, and when this process stops."""

    def __init__(self, answer: httpx2.Response, headers: list[tuple[bytes, bytes]], stopping: asyncio.Event) -> None:
        super().__init__(answer, headers, None)
        self._stopping = stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def in_time(message: Message) -> None:
            try:
                async with asyncio.timeout(SEND_SECONDS):
                    await send(message)
            except TimeoutError:
                DROPPED.inc()
                raise

        carrying = asyncio.create_task(super().__call__(scope, receive, in_time))
        stopped = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait({carrying, stopped}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (carrying, stopped):
                task.cancel()
            # A reader that takes nothing and a service that broke off are both just the end of the stream.
            await asyncio.gather(carrying, stopped, return_exceptions=True)
        if self._stopping.is_set():
            with suppress(Exception):  # a reader that is gone, or takes not even the end
                async with asyncio.timeout(1):
                    await send({"type": "http.response.body", "body": b"", "more_body": False})


def stream_proxies(
    http: httpx2.AsyncClient, origins: Mapping[str, str], stopping: asyncio.Event
) -> dict[str, StreamProxy]:
    """A passage to each service that has streams."""
    return {
        service: StreamProxy(Upstream(service, origins[service], http, Pool(f"{service} streams", OPENING)), stopping)
        for service, _ in STREAMED
    }
