"""How much one client, or one address, may have under way at once. Who is known is counted as themselves, wherever they
are, so that who is not known takes nothing from the others of one office.
"""

from typing import Any

from fastapi import Request
from runtime.problems import Refusal, problem_for
from runtime.routing import principal_from_header
from runtime.wire.bounds import one_place
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.errors import TooManyAtOnce
from gateway.proxy.paths import service_path
from gateway.proxy.streams import is_stream


class ConcurrencyLimit:
    """Counts what is under way, by who it is for."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._under_way: dict[str, int] = {}

    def take(self, who: str) -> bool:
        """Whether there may be one more, to be given back."""
        count = self._under_way.get(who, 0)
        if count >= self.most:
            return False
        self._under_way[who] = count + 1
        return True

    def give_back(self, who: str) -> None:
        self._under_way[who] -= 1
        if not self._under_way[who]:
            del self._under_way[who]


class AddressConcurrency:
    """ASGI middleware: a request without a token counts for its address. It stands outside of where a cookie becomes a
    token, since a cookie may be anything."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or _authorization(scope) is not None:
            await self._app(scope, receive, send)
        else:
            await _counted(self._app, scope, receive, send, *_by_address(scope))


class ClientConcurrency:
    """ASGI middleware: a request with a token counts for who the token names, and for its address where that is nobody.
    Whether it is let in is for the route to say."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        header = None if scope["type"] == "lifespan" else _authorization(scope)
        if header is None:
            await self._app(scope, receive, send)
            return
        state: Any = scope["app"].state
        try:
            principal = await principal_from_header(header.decode("latin-1"), state.verifier)
        except Refusal:
            await _counted(self._app, scope, receive, send, *_by_address(scope))
            return
        if scope["type"] == "websocket":  # by its client it is counted once it is known who speaks
            await _counted(self._app, scope, receive, send, *_by_address(scope))
            return
        counter = state.client_streams if _is_stream(scope) else state.client_requests
        await _counted(self._app, scope, receive, send, counter, principal.subject)


async def _counted(
    app: ASGIApp, scope: Scope, receive: Receive, send: Send, counter: ConcurrencyLimit, who: str
) -> None:
    if not counter.take(who):
        request = Request(scope if scope["type"] == "http" else {**scope, "type": "http", "method": "GET"})
        await problem_for(request, TooManyAtOnce(limit=counter.most))(scope, receive, send)
        return
    try:
        await app(scope, receive, send)
    finally:
        counter.give_back(who)


def _by_address(scope: Scope) -> tuple[ConcurrencyLimit, str]:
    state: Any = scope["app"].state
    address = one_place(scope["client"][0] if scope.get("client") else "")
    return (state.address_streams if _is_stream(scope) else state.address_requests), address


def _authorization(scope: Scope) -> bytes | None:
    for name, value in scope["headers"]:
        if name == b"authorization":
            found: bytes = value
            return found
    return None


def _is_stream(scope: Scope) -> bool:
    if scope["type"] == "websocket":
        return True
    if scope["method"] != "GET" or not scope["path"].endswith("/stream"):
        return False
    try:
        return is_stream("GET", scope["path"].split("/")[2], service_path(scope["raw_path"]))
    except (Refusal, IndexError):
        return False
