"""Answers compressed by gzip, for who takes that.

Left as they are: what a cookie opened and what says `no-store` itself, for there a secret may stand beside words that
another site chose, and the length would tell of it (BREACH); what has a strong ETag, which is of its bytes; streams of
events; what is short, and what is compressed already.
"""

import asyncio
import re
import zlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

from runtime.language import weight_of
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

RawHeader = tuple[bytes, bytes]

SHORTEST: Final = 1024
BESIDE_THE_LOOP: Final = 32 * 1024
"""Bytes from which zlib works in a thread."""
LEVEL: Final = 4
KINDS: Final = re.compile(
    r"(?:text/(?!event-stream)[\w.+-]+|application/(?:[\w.+-]+\+)?(?:json|xml)|application/(?:x-ndjson|jsonl|javascript)"
    r"|image/svg\+xml)\s*(?:;|$)",
    re.IGNORECASE,
)


class GzipMiddleware:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._app(scope, receive, CompressedAnswer(scope, send).send)
        else:
            await self._app(scope, receive, send)


class CompressedAnswer:
    """One answer on its way."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._start: Message | None = None
        self._packer: Any = None

    async def send(self, message: Message) -> None:
        if self._start is None and self._packer is None and message["type"] != "http.response.start":
            await self._send(message)  # as it is, which is the most usual
        elif message["type"] == "http.response.start":
            told = dict(message["headers"])
            if _could_be(message["status"], told):
                message = {**message, "headers": _varying(message["headers"], told.get(b"vary"))}
                if self._is_accepted(told):
                    self._start = message  # until its first part says how long it is
                    return
            await self._send(message)
        elif self._start is not None:
            await self._begin(self._start, message)
        else:
            await self._send({**message, "body": await self._packed(message)})

    def _is_accepted(self, headers: Mapping[bytes, bytes]) -> bool:
        if self._scope["method"] == "HEAD" or self._scope.get("state", {}).get("signed_in") is not None:
            return False
        accepted = b",".join(value for name, value in self._scope["headers"] if name == b"accept-encoding")
        return takes_gzip(accepted.decode("latin-1")) and not _is_kept_apart(headers)

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


def _could_be(status: int, headers: Mapping[bytes, bytes]) -> bool:
    """Whether it is of a kind that is compressed for some."""
    length = headers.get(b"content-length", b"")
    return (
        status >= 200
        and status not in (204, 304)
        and not (length.isdigit() and int(length) < SHORTEST)
        and b"content-encoding" not in headers
        and _is_text(headers.get(b"content-type", b""))
    )


@lru_cache(maxsize=128)
def _is_text(kind: bytes) -> bool:
    return KINDS.match(kind.decode("latin-1")) is not None


def _is_kept_apart(headers: Mapping[bytes, bytes]) -> bool:
    """Whether a secret may be in it, or its bytes are what its ETag is of."""
    caching = headers.get(b"cache-control", b"")
    return (
        b"no-store" in caching
        or b"no-transform" in caching
        or b"set-cookie" in headers
        or headers.get(b"etag", b"W/").startswith(b'"')
    )


def _varying(headers: Iterable[RawHeader], vary: bytes | None) -> list[RawHeader]:
    if vary is None:
        return [*headers, (b"vary", b"Accept-Encoding")]
    if b"accept-encoding" in vary.lower():
        return list(headers)
    return [(name, value + b", Accept-Encoding" if name == b"vary" else value) for name, value in headers]


def takes_gzip(accepted: str) -> bool:
    """Whether who accepts these codings takes gzip rather than none."""
    if "gzip" not in accepted.lower() and "*" not in accepted:
        return False
    weights = _weights(accepted)
    gzip = weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0)))
    return gzip > 0 and gzip >= weights.get("identity", 0.0)


def _weights(accepted: str) -> dict[str, float]:
    """Each coding with how much it is liked (RFC 9110, 12.5.3)."""
    found = {}
    for choice in accepted.split(","):
        coding, _, parameters = choice.strip().lower().partition(";")
        found[coding.strip()] = weight_of(parameters)
    return found
