"""Reading a request's body within its limit."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any, Final

import orjson
from fastapi import Request
from starlette.requests import ClientDisconnect

from runtime.access import ANY_CONTENT, KIB, Rule
from runtime.inflating import Inflater
from runtime.problems import (
    BodyTooLarge,
    UnsupportedCharset,
    UnsupportedCoding,
    UnsupportedContentType,
)

LONG = 64 * KIB
"""Bytes from which JSON is parsed beside the event loop."""
LONGEST_LENGTH = 18
"""Digits of a length that is worth reading as a number."""
BOM: Final = b"\xef\xbb\xbf"
"""Some programs begin every text with it; it says nothing that UTF-8 does not."""
CHARSET: Final = re.compile(r";\s*charset\s*=\s*\"?([^\s;\"]*)", re.IGNORECASE)
TAKEN_CHARSETS: Final = frozenset(("utf-8", "utf8", "us-ascii", "ascii"))
TAKEN_CODINGS: Final = ("", "identity", "gzip", "x-gzip")


def content_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def check_announced(request: Request, rule: Rule) -> None:
    """Refuse by the headers alone what the route does not take.

    Raises `UnsupportedContentType`, `UnsupportedCharset`, `UnsupportedCoding`, `BodyTooLarge`.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and (len(announced) > LONGEST_LENGTH or int(announced) > rule.largest_body):
        raise BodyTooLarge(limit=rule.largest_body)
    if announced in ("", "0") and "transfer-encoding" not in request.headers:
        return
    if coding_of(request) not in TAKEN_CODINGS:
        raise UnsupportedCoding("Content-Encoding")
    if rule.content_types is ANY_CONTENT:
        return
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    if kind.strip().lower() not in rule.content_types:
        raise UnsupportedContentType("Content-Type", accepted=", ".join(rule.content_types))
    if parameters and any(name.lower() not in TAKEN_CHARSETS for name in CHARSET.findall(";" + parameters)):
        raise UnsupportedCharset("Content-Type")


def coding_of(request: Request) -> str:
    """How the body is compressed."""
    return request.headers.get("content-encoding", "").strip().lower()


def _inflater(request: Request, limit: int) -> Inflater | None:
    return Inflater(limit) if coding_of(request).endswith("gzip") else None


async def limited(request: Request, limit: int) -> AsyncIterator[bytes]:
    """The body's chunks, as they were before they were compressed; raises `BodyTooLarge` as soon as they exceed
    `limit` bytes, `MalformedCoding`.
    """
    seen, inflater = 0, _inflater(request, limit)
    async for chunk in request.stream():
        seen += len(chunk)
        if seen > limit:
            raise BodyTooLarge(limit=limit)
        if inflater is None:
            yield chunk
        else:
            async for piece in inflater.pieces(chunk):
                yield piece
    if inflater:
        inflater.finish()


class BoundedRequest(Request):
    """A request whose body was read within its limit, and whose JSON is strict: no lone surrogates, no NaN."""

    async def read(self, limit: int) -> bytes:
        """The body, without what says no more than that it is compressed, or UTF-8.

        Raises `BodyTooLarge`, `MalformedCoding`, `ClientDisconnect`.
        """
        parts, seen, more = [], 0, True
        while more:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            parts.append(message.get("body", b""))
            seen, more = seen + len(parts[-1]), message.get("more_body", False)
            if seen > limit:
                raise BodyTooLarge(limit=limit)
        body = b"".join(parts)
        if inflater := _inflater(self, limit):
            body = b"".join([piece async for piece in inflater.pieces(body)])
            inflater.finish()
        self._body = body.removeprefix(BOM)
        return self._body

    async def json(self) -> Any:
        body = await self.body()
        if len(body) > LONG:
            return await asyncio.to_thread(orjson.loads, body)
        return orjson.loads(body)
