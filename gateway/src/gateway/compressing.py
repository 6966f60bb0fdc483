"""Answers compressed by gzip, for who takes that.

Left as they are: what a cookie opened and what says `no-store` itself, for there a secret may stand beside words that
another site chose, and the length would tell of it (BREACH); what has a strong ETag, which is of its bytes; streams of
events; what is short, and what is compressed already.
"""

import asyncio
import re
import zlib
from typing import Any, Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SHORTEST: Final = 1024
BESIDE_THE_LOOP: Final = 32 * 1024
"""Bytes from which zlib works in a thread."""
LEVEL: Final = 4
KINDS: Final = re.compile(
    r"(?:text/(?!event-stream)[\w.+-]+|application/(?:[\w.+-]+\+)?(?:json|xml)|application/(?:x-ndjson|jsonl|javascript)"
    r"|image/svg\+xml)\s*(?:;|$)",
    re.IGNORECASE,
)


class Compressing:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._app(scope, receive, Answering(scope, send).send)
        else:
            await self._app(scope, receive, send)


class Answering:
    """One answer on its way."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._start: Message | None = None
        self._packer: Any = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=list(message["headers"]))
            if _could_be(message["status"], headers):
                headers.add_vary_header("Accept-Encoding")
                message = {**message, "headers": headers.raw}
                if self._is_wanted(headers):
                    self._start = message  # until its first part says how long it is
                    return
            await self._send(message)
        elif self._start is not None:
            await self._begin(self._start, message)
        elif self._packer is not None:
            await self._send({**message, "body": await self._packed(message)})
        else:
            await self._send(message)

    def _is_wanted(self, headers: Headers) -> bool:
        by_cookie = self._scope.get("state", {}).get("signed_in") is not None
        return not by_cookie and self._scope["method"] != "HEAD" and takes_gzip(Headers(scope=self._scope), headers)

    async def _begin(self, start: Message, first: Message) -> None:
        self._start = None
        if not first.get("more_body") and len(first.get("body", b"")) < SHORTEST:
            await self._send(start)
            await self._send(first)
            return
        self._packer = zlib.compressobj(LEVEL, zlib.DEFLATED, zlib.MAX_WBITS + 16)
        headers = MutableHeaders(raw=list(start["headers"]))
        headers["content-encoding"] = "gzip"
        body = await self._packed(first)
        if first.get("more_body"):
            del headers["content-length"]
        else:
            headers["content-length"] = str(len(body))
        await self._send({**start, "headers": headers.raw})
        await self._send({**first, "body": body})

    async def _packed(self, message: Message) -> bytes:
        body, last = message.get("body", b""), not message.get("more_body", False)
        if len(body) < BESIDE_THE_LOOP:
            return self._pack(body, last)
        return await asyncio.to_thread(self._pack, body, last)

    def _pack(self, body: bytes, last: bool) -> bytes:
        packed: bytes = self._packer.compress(body)
        return packed + self._packer.flush() if last else packed


def _could_be(status: int, headers: Headers) -> bool:
    """Whether it is of a kind that is compressed for some."""
    return (
        status >= 200
        and status not in (204, 304)
        and KINDS.match(headers.get("content-type", "")) is not None
        and "content-encoding" not in headers
        and "no-transform" not in headers.get("cache-control", "")
    )


def takes_gzip(asked: Headers, answer: Headers) -> bool:
    """Whether this asker takes this answer compressed."""
    accepted = asked.get("accept-encoding", "").lower()
    if "gzip" not in accepted and "*" not in accepted:
        return False
    kept_apart = "no-store" in answer.get("cache-control", "") or "set-cookie" in answer
    if kept_apart or answer.get("etag", "W/").startswith('"'):
        return False
    short = answer.get("content-length", "")
    if short.isdecimal() and int(short) < SHORTEST:
        return False
    weights = _weights(", ".join(asked.getlist("accept-encoding")))
    gzip = weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0)))
    return gzip > 0 and gzip >= weights.get("identity", 0.0)


def _weights(accepted: str) -> dict[str, float]:
    """Each coding with how much it is liked (RFC 9110, 12.5.3)."""
    found = {}
    for choice in accepted.split(","):
        coding, _, parameters = choice.strip().lower().partition(";")
        found[coding.strip()] = _weight(parameters.strip())
    return found


def _weight(parameters: str) -> float:
    name, _, value = parameters.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
