"""Reading a request's body within its limit."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import orjson
from fastapi import Request
from starlette.requests import ClientDisconnect

from runtime.access import ANY_CONTENT, KIB, Rule
from runtime.problems import BodyTooLarge, UnsupportedContentType

LONG = 64 * KIB
"""Bytes from which JSON is parsed beside the event loop."""
LONGEST_LENGTH = 18
"""Digits of a length that is worth reading as a number."""


def content_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def check_announced(request: Request, rule: Rule) -> None:
    """Refuse by the headers alone what the route does not take. Raises `UnsupportedContentType`, `BodyTooLarge`."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and (len(announced) > LONGEST_LENGTH or int(announced) > rule.largest_body):
        raise BodyTooLarge(limit=rule.largest_body)
    has_body = announced not in ("", "0") or "transfer-encoding" in request.headers
    if rule.content_types is ANY_CONTENT:
        return
    if has_body and content_type(request) not in rule.content_types:
        raise UnsupportedContentType("Content-Type", accepted=", ".join(rule.content_types))


async def limited(request: Request, limit: int) -> AsyncIterator[bytes]:
    """The body's chunks; raises `BodyTooLarge` as soon as they exceed `limit` bytes."""
    seen = 0
    async for chunk in request.stream():
        seen += len(chunk)
        if seen > limit:
            raise BodyTooLarge(limit=limit)
        yield chunk


class EdgeRequest(Request):
    """A request whose body was read within its limit, and whose JSON is strict: no lone surrogates, no NaN."""

    async def read(self, limit: int) -> bytes:
        """The body. Raises `BodyTooLarge`, `ClientDisconnect`."""
        parts, seen, more = [], 0, True
        while more:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            parts.append(message.get("body", b""))
            seen, more = seen + len(parts[-1]), message.get("more_body", False)
            if seen > limit:
                raise BodyTooLarge(limit=limit)
        self._body = b"".join(parts)
        return self._body

    async def json(self) -> Any:
        body = await self.body()
        if len(body) > LONG:
            return await asyncio.to_thread(orjson.loads, body)
        return orjson.loads(body)
