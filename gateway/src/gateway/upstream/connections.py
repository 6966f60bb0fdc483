"""Connections that questions go over: HTTP/1.1, kept open, one question at a time, and nothing of a browser's."""

import asyncio
from collections.abc import Mapping
from urllib.parse import urlsplit

import httptools

KEPT_SECONDS = 4.0
"""Shorter than the services keep an idle connection (uvicorn: 5 s), so that one is rarely closed under a question."""
CONNECT_SECONDS = 5.0

HttpAnswer = tuple[int, bytes]


class NoAnswer(ConnectionError):
    """The connection ended before any answer."""


class AnswerBroken(ConnectionError):
    """The answer was cut off, or is no HTTP."""


class QuestionConnection(asyncio.Protocol):
    """One connection to a service."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpResponseParser(self)
        self._answer: asyncio.Future[HttpAnswer] | None = None
        self._parts: list[bytes] = []
        self._began = False
        self._idle_since = 0.0

    async def ask(self, request: bytes) -> HttpAnswer:
        """Send the request. Raises `NoAnswer`, `AnswerBroken`; then, and when nobody waits any more, it closes."""
        self._parts = []
        self._began = False
        self._answer = self._loop.create_future()
        self._transport.write(request)
        try:
            return await self._answer
        except BaseException:
            self.close()
            raise
        finally:
            self._answer = None

    def is_kept(self) -> bool:
        """Whether it can take another question."""
        return not self._transport.is_closing() and self._loop.time() - self._idle_since < KEPT_SECONDS

    def close(self) -> None:
        self._transport.abort()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._began = True
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._end(AnswerBroken())

    def on_body(self, body: bytes) -> None:
        self._parts.append(body)

    def on_message_complete(self) -> None:
        if self._answer is None or self._answer.done():
            self.close()  # an answer to no question
            return
        self._idle_since = self._loop.time()
        if not self._parser.should_keep_alive():
            self.close()
        self._answer.set_result((self._parser.get_status_code(), b"".join(self._parts)))

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(AnswerBroken() if self._began else NoAnswer())

    def _end(self, failed: ConnectionError) -> None:
        self.close()
        if self._answer and not self._answer.done():
            self._answer.set_exception(failed)


class QuestionConnections:
    """The connections to one service: as many as there are questions under way."""

    def __init__(self, origin: str) -> None:
        self._address = urlsplit(origin)
        self._head = f"host: {self._address.netloc}\r\ncontent-type: application/json\r\n"
        self._idle: list[QuestionConnection] = []

    async def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        """Status and body of the answer. Raises `OSError`, `ValueError` for a header of several lines.

        A question changes nothing, so it is asked once more where it had no answer: a kept connection may have been
        closed by the other side in the moment it was taken.
        """
        request = self._request(path, body, headers)
        try:
            return await self._ask(request)
        except NoAnswer:
            return await self._ask(request)

    def close(self) -> None:
        """Close those that are idle; the others close with their questions."""
        for connection in self._idle:
            connection.close()

    async def _ask(self, request: bytes) -> HttpAnswer:
        connection = self._kept() or await self._opened()
        answer = await connection.ask(request)
        self._idle.append(connection)
        return answer

    def _kept(self) -> QuestionConnection | None:
        while self._idle:
            connection = self._idle.pop()
            if connection.is_kept():
                return connection
            connection.close()
        return None

    async def _opened(self) -> QuestionConnection:
        address = self._address
        tls = address.scheme == "https"
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                _, connection = await asyncio.get_running_loop().create_connection(
                    QuestionConnection, address.hostname or "", address.port or (443 if tls else 80), ssl=tls or None
                )
        except TimeoutError as late:
            raise ConnectionError("nobody took the connection in time") from late
        return connection

    def _request(self, path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        lines = [f"{name}: {value}" for name, value in headers.items()]
        if any("\r" in line or "\n" in line for line in lines):
            raise ValueError("a header of several lines")
        target = self._address.path + path
        head = "\r\n".join([f"POST {target} HTTP/1.1", *lines, f"content-length: {len(body)}", self._head, ""])
        return head.encode("latin-1") + body
