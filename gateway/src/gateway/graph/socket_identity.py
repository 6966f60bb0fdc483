"""Who speaks on a socket: by a token of the handshake or the first message, else by the session of our own page."""

import asyncio
import time
from dataclasses import dataclass, replace
from typing import Any, Final

from runtime.access import Caller, Principal
from runtime.language import Language, preferred
from runtime.problems import MissingToken, Refusal, SessionEnded, Unavailable
from starlette.datastructures import State
from starlette.websockets import WebSocket

from gateway.access import READERS
from gateway.errors import ServiceTooSlow
from gateway.graph.close_codes import Close, SocketClosed
from gateway.graph.requests import reader_of
from gateway.graph.roots import GraphReader

RENEWED_SECONDS: Final = 10.0
"""How long before its end a session's token is exchanged anew: by then the exchange it came of is no longer kept."""
PAUSE_SECONDS: Final = 1.0
"""Between two exchanges, where the registry is away or its clock runs behind ours."""
AWAY = (Unavailable, ServiceTooSlow)


@dataclass
class SocketIdentity:
    """Somebody who was let in."""

    reader: GraphReader
    """With the token of this moment."""
    language: Language
    _state: State
    _secret: str | None
    """Of the session they came by; None for who brought a token."""

    async def wait_for_end(self) -> None:
        """Raises `Closed` once they may no longer: token or session ended, or their rights are no longer the same."""
        while (ends := self._principal.expires_at) is not None:
            if self._secret is None:
                await asyncio.sleep(max(0.0, ends - time.time()))
                raise SocketClosed(Close.FORBIDDEN, "Token expired")
            await asyncio.sleep(max(PAUSE_SECONDS, ends - RENEWED_SECONDS - time.time()))
            await self._renew(self._secret, ends)
        await asyncio.Event().wait()

    async def _renew(self, secret: str, ends: float) -> None:
        try:
            principal = await _of_session(self._state, secret)
        except AWAY as away:
            if time.time() < ends:
                return  # the token still holds: tried again
            raise SocketClosed(Close.TRY_AGAIN, away.code) from away
        except Refusal as refused:
            raise SocketClosed(Close.FORBIDDEN, refused.code) from refused
        if _rights(principal) != _rights(self._principal):
            raise SocketClosed(Close.FORBIDDEN, "Rights changed")
        self.reader = _reader(self._state, principal, self.language)

    @property
    def _principal(self) -> Principal:
        return self.reader.caller.principal


async def authenticate(websocket: WebSocket, payload: Any) -> SocketIdentity:
    """Who this is. Raises `Closed` where it is nobody who may read."""
    state: State = websocket.app.state
    said = _offered_tokens(websocket, payload)
    secret = None if said else getattr(websocket.state, "secret", None)
    try:
        principal = await (_of_session(state, secret) if secret else _of_tokens(state, said))
    except AWAY as away:
        raise SocketClosed(Close.TRY_AGAIN, away.code) from away
    except Refusal as refused:
        raise SocketClosed(Close.FORBIDDEN, refused.code) from refused
    language = preferred(websocket.headers.get("accept-language"))
    return SocketIdentity(_reader(state, principal, language), language, state, secret)


def _offered_tokens(websocket: WebSocket, payload: Any) -> list[Any]:
    """What the handshake and the first message say, whatever it is: who says anything is judged by that alone, not by
    a cookie.
    """
    named = payload if isinstance(payload, dict) else {}
    message = named.get("authorization", named.get("Authorization"))
    return [*websocket.headers.getlist("authorization"), *([] if message is None else [message])]


async def _of_tokens(state: State, offered: list[Any]) -> Principal:
    """The one they all name, with the last of the tokens. Raises `MissingToken`, `InvalidToken`, `Closed`."""
    principals: list[Principal] = [await state.verifier.verify(_bearer(each)) for each in offered or (None,)]
    if any(_rights(each) != _rights(principals[-1]) for each in principals):
        raise SocketClosed(Close.FORBIDDEN, "Two identities")
    return principals[-1]


def _bearer(offered: Any) -> str:
    """Raises `MissingToken`."""
    scheme, _, token = offered.partition(" ") if isinstance(offered, str) else ("", "", "")
    if scheme.lower() != "bearer" or not token.strip():
        raise MissingToken
    return str(token.strip())


async def _of_session(state: State, secret: str) -> Principal:
    """Raises `SessionEnded`, `Unavailable`, `ServiceTooSlow`."""
    signed_in = await state.sessions.exchange(secret)
    if signed_in is None:
        raise SessionEnded
    principal: Principal = await state.verifier.verify(signed_in.token)
    return principal


def _reader(state: State, principal: Principal, language: Language) -> GraphReader:
    reach = READERS.get(principal.role)
    if reach is None:
        raise SocketClosed(Close.FORBIDDEN, "Forbidden")
    return reader_of(state, Caller(principal, reach), language)


def _rights(principal: Principal) -> Principal:
    return replace(principal, token="", expires_at=None)
