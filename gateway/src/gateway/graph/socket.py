"""GraphQL over a WebSocket: the protocol graphql-transport-ws, message by message. See decisions 0012 and 0019."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Final

import orjson
import structlog
from prometheus_client import Gauge
from starlette.websockets import WebSocket, WebSocketDisconnect

from gateway.access import LARGEST_QUERY
from gateway.errors import TooManyAtOnce
from gateway.graph.close_codes import Close, SocketClosed
from gateway.graph.operations import SocketOperations
from gateway.graph.socket_identity import SocketIdentity, authenticate

log = structlog.get_logger("socket")

PROTOCOL: Final = "graphql-transport-ws"
INIT_SECONDS: Final = 5.0
SEND_SECONDS: Final = 20.0
LONGEST_ID: Final = 200
SOCKETS = Gauge("tansiq_graphql_sockets", "Open WebSockets")

Message = dict[str, Any]


async def answer_socket(websocket: WebSocket) -> None:
    """One connection, from its opening to its end."""
    if PROTOCOL not in websocket.scope.get("subprotocols", ()):
        await websocket.accept()
        await websocket.close(Close.BAD_SUBPROTOCOL, "Subprotocol not acceptable")
        return
    await websocket.accept(subprotocol=PROTOCOL)
    with SOCKETS.track_inprogress():
        await GraphSocket(websocket).run()


class GraphSocket:
    """A client on its socket."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket
        self._greeted = False
        self._counted: str | None = None
        """Whose socket it is counted as."""
        self._operations: SocketOperations | None = None
        """None until it is known who speaks."""
        self._introduced: asyncio.Future[SocketIdentity] = asyncio.get_running_loop().create_future()
        self._sending = asyncio.Lock()
        self._stuck = asyncio.Event()
        """Set when the client takes nothing."""
        self._handlers: dict[str, Callable[[Message], Coroutine[Any, Any, None]]] = {
            "connection_init": self._init,
            "ping": self._ping,
            "pong": self._pong,
            "subscribe": self._subscribe,
            "complete": self._complete,
        }

    async def run(self) -> None:
        """Until the client leaves, breaks the protocol, or may no longer stay."""
        stopping: asyncio.Event = self._websocket.app.state.stopping
        ends = [
            asyncio.create_task(self._receive_message()),
            asyncio.create_task(self._watch()),
            asyncio.create_task(_when(stopping, SocketClosed(Close.GOING_AWAY, "Going away"))),
            asyncio.create_task(_when(self._stuck, SocketClosed(Close.GOING_AWAY, "Nothing is taken"))),
        ]
        try:
            done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            await self._close(next(iter(done)).exception())
        finally:
            for task in ends:
                task.cancel()
            await asyncio.gather(*ends, return_exceptions=True)
            if self._operations:
                await self._operations.end_all()
            if self._counted is not None:
                self._websocket.app.state.client_streams.give_back(self._counted)

    async def _close(self, reason: BaseException | None) -> None:
        if isinstance(reason, SocketClosed):
            with suppress(Exception):  # the other side may be gone, or take nothing
                async with asyncio.timeout(1):
                    await self._websocket.close(reason.code, reason.reason)
        elif reason is not None and not isinstance(reason, WebSocketDisconnect | TimeoutError):
            log.error("socket.failed", cause=type(reason).__name__)

    async def _watch(self) -> None:
        """Raises `Closed` when nobody has said who they are in time, and when they may no longer stay."""
        try:
            speaker = await asyncio.wait_for(self._introduced, INIT_SECONDS)
        except TimeoutError:
            raise SocketClosed(Close.INIT_TIMEOUT, "Connection initialisation timeout") from None
        await speaker.wait_for_end()

    async def _receive_message(self) -> None:
        """Raises `Closed`, `WebSocketDisconnect`."""
        while True:
            message = await self._message()
            kind = message.get("type")
            handle = self._handlers.get(kind) if isinstance(kind, str) else None
            if handle is None:
                raise SocketClosed(Close.BAD_REQUEST, "Unknown type of message")
            await handle(message)

    async def _message(self) -> Message:
        received = await self._websocket.receive()
        if received["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(received.get("code", 1006))
        text = received.get("text")
        if text is None or len(text) > LARGEST_QUERY:
            raise SocketClosed(Close.BAD_REQUEST, "Not text, or too long")
        try:
            message = orjson.loads(text)
        except ValueError:
            raise SocketClosed(Close.BAD_REQUEST, "Not JSON") from None
        if not isinstance(message, dict):
            raise SocketClosed(Close.BAD_REQUEST, "Not an object")
        return message

    async def _init(self, message: Message) -> None:
        if self._greeted:
            raise SocketClosed(Close.TOO_MANY_INITS, "Too many initialisation requests")
        self._greeted = True
        speaker = await authenticate(self._websocket, message.get("payload"))
        self._count(speaker.reader.caller.principal.subject)
        self._operations = SocketOperations(self._websocket.app.state, speaker, self._send)
        self._introduced.set_result(speaker)
        await self._send({"type": "connection_ack"})

    def _count(self, client: str) -> None:
        """Raises `Closed` where this client has as many sockets and streams open as there can be."""
        if not self._websocket.app.state.client_streams.take(client):
            raise SocketClosed(Close.TRY_AGAIN, TooManyAtOnce.code)
        self._counted = client

    async def _ping(self, message: Message) -> None:
        await self._send({"type": "pong"})

    async def _pong(self, message: Message) -> None:
        return

    async def _subscribe(self, message: Message) -> None:
        if self._operations is None:
            raise SocketClosed(Close.UNAUTHORIZED, "Unauthorized")
        id, payload = message.get("id"), message.get("payload")
        if not isinstance(id, str) or not 0 < len(id) <= LONGEST_ID or not isinstance(payload, dict):
            raise SocketClosed(Close.BAD_REQUEST, "A subscribe message has an id and a payload")
        await self._operations.begin(id, payload)

    async def _complete(self, message: Message) -> None:
        if self._operations:
            await self._operations.end(str(message.get("id")))

    async def _send(self, message: Message) -> None:
        """Raises `TimeoutError` where the client takes nothing."""
        text = orjson.dumps(message).decode()
        try:
            async with self._sending, asyncio.timeout(SEND_SECONDS):
                await self._websocket.send_text(text)
        except TimeoutError:
            self._stuck.set()
            raise


async def _when(event: asyncio.Event, reason: SocketClosed) -> None:
    await event.wait()
    raise reason
