"""How much one client, or one address, may have under way at once. Who is known is counted as themselves, wherever they
are, so that who is not known takes nothing from the others of one office.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fastapi import Request
from runtime.access import ANONYMOUS, Principal
from runtime.edge import principal_of
from runtime.problems import Refusal, problem_for
from runtime.wire.bounds import one_place
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.errors import TooManyAtOnce
from gateway.passage.paths import path_behind
from gateway.passage.streams import is_stream


class AtOnce:
    """Counts what is under way, by who it is for."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._under_way: Counter[str] = Counter()

    @contextmanager
    def one_more(self, who: str) -> Iterator[None]:
        """For as long as the block takes. Raises `TooManyAtOnce`."""
        if self._under_way[who] >= self._most:
            raise TooManyAtOnce(limit=self._most)
        self._under_way[who] += 1
        try:
            yield
        finally:
            self._under_way[who] -= 1
            if not self._under_way[who]:
                del self._under_way[who]


class BoundedAtOnce:
    """ASGI middleware: each request counts for its client where that is known, else for its address.

    It stands where a cookie has become a token, and once more outside of that: there everyone without a token counts
    for their address, since a cookie may be anything.
    """

    def __init__(self, app: ASGIApp, *, known: bool) -> None:
        self._app = app
        self._known = known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        counted = await self._counted(scope)
        if counted is None:
            await self._app(scope, receive, send)
            return
        counter, who = counted
        try:
            with counter.one_more(who):
                await self._app(scope, receive, send)
        except TooManyAtOnce as refusal:
            await problem_for(_as_request(scope), refusal)(scope, receive, send)

    async def _counted(self, scope: Scope) -> tuple[AtOnce, str] | None:
        """Where this counts and for whom; None where it counts at the other place."""
        principal = await _principal(scope)
        if self._known is (principal is ANONYMOUS):
            return None
        streams = scope["type"] == "websocket" or _is_stream(scope)
        state: Any = scope["app"].state
        if principal is not ANONYMOUS:
            return (state.client_streams if streams else state.client_requests), principal.subject
        address = one_place(scope["client"][0] if scope.get("client") else "")
        return (state.address_streams if streams else state.address_requests), address


async def _principal(scope: Scope) -> Principal:
    """Who a token names; nobody where it is none of ours, which is for the route to refuse."""
    try:
        return await principal_of(_as_request(scope))
    except Refusal:
        return ANONYMOUS


def _as_request(scope: Scope) -> Request:
    return Request(scope if scope["type"] == "http" else {**scope, "type": "http", "method": "GET"})


def _is_stream(scope: Scope) -> bool:
    if scope["method"] != "GET" or not scope["path"].endswith("/stream"):
        return False
    try:
        return is_stream("GET", scope["path"].split("/")[2], path_behind(scope["raw_path"]))
    except (Refusal, IndexError):
        return False
