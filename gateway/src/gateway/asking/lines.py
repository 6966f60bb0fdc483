"""Keep-alive connections to one service, for short questions with whole answers.

A general HTTP client takes longer over such a question than the service does over its answer (README: measured), so
this one speaks just enough HTTP/1.1: one request at a time on a connection, and asking again where a kept connection
was closed before any answer, which a question that changes nothing allows.
"""

import asyncio
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

import httptools

MOST = 100
"""Connections to one service."""


class LineBroken(ConnectionError):
    """The connection ended, or spoke no HTTP, before the answer was whole."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


class Line(asyncio.Protocol):
    """One connection."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[Answer] | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._body: list[bytes] = []
        self.heard = False
        """Whether any of the present answer has come."""
        self.open = False

    async def ask(self, request: bytes) -> Answer:
        """Raises `LineBroken`."""
        if self._transport is None or not self.open:
            raise LineBroken
        self.heard = False
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._waiting

    def close(self) -> None:
        self.open = False
        if self._transport:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by class
        self.open = True

    def data_received(self, data: bytes) -> None:
        self.heard = True
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.close()

    def connection_lost(self, error: Exception | None) -> None:
        self.open = False
        if self._waiting and not self._waiting.done():
            self._waiting.set_exception(LineBroken())

    def on_message_begin(self) -> None:
        self._body = []

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        self.open = self.open and bool(self._parser.should_keep_alive())
        answer = Answer(self._parser.get_status_code(), b"".join(self._body))
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(answer)


class Lines:
    """The connections to one service; the one used last is used first, so that spare ones fall idle and close."""

    def __init__(self, origin: str) -> None:
        address = urlsplit(origin)
        assert address.hostname
        self._host, self._port = address.hostname, address.port or (443 if address.scheme == "https" else 80)
        self._tls = address.scheme == "https"
        self._idle: list[Line] = []
        self._room = asyncio.Semaphore(MOST)
        self.authority = address.netloc.encode()

    async def ask(self, request: bytes) -> Answer:
        """Raises `OSError` where the service can't be reached."""
        async with self._room:
            kept = self._kept()
            if kept:
                try:
                    return await self._on(kept, request)
                except LineBroken:
                    if kept.heard:
                        raise
            return await self._on(await self._opened(), request)

    def close(self) -> None:
        for line in self._idle:
            line.close()

    def _kept(self) -> Line | None:
        while self._idle:
            line = self._idle.pop()
            if line.open:
                return line
        return None

    async def _opened(self) -> Line:
        loop = asyncio.get_running_loop()
        _, line = await loop.create_connection(Line, self._host, self._port, ssl=self._tls or None)
        return line

    async def _on(self, line: Line, request: bytes) -> Answer:
        try:
            answer = await line.ask(request)
        except BaseException:
            line.close()  # given up in the middle: what still comes on it is nobody's
            raise
        if line.open:
            self._idle.append(line)
        else:
            line.close()
        return answer
