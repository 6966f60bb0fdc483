"""GraphQL over a WebSocket: the protocol graphql-transport-ws, with the limits queries have. See decision 0012.

Who speaks is told in the first message (`{"authorization": "Bearer …"}`), never by a cookie: a page of another site
that opens a socket here is nobody.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final

import orjson
import structlog
from prometheus_client import Gauge
from runtime.access import Caller, Principal, Reach
from runtime.language import Language, preferred
from runtime.problems import Internal, Refusal
from runtime.tokens import TokenVerifier
from starlette.websockets import WebSocket, WebSocketDisconnect

from gateway.access import LARGEST_QUERY, READERS
from gateway.asking.streams import Streams
from gateway.errors import MissingQuery, TooManyOperations
from gateway.graph.execution import Execution, Query, Subscription, extensions_of
from gateway.graph.roots import Reader

log = structlog.get_logger("socket")

PROTOCOL: Final = "graphql-transport-ws"
INIT_SECONDS: Final = 5.0
SEND_SECONDS: Final = 20.0
MOST_OPERATIONS: Final = 10
LONGEST_ID: Final = 200
SOCKETS = Gauge("tansiq_graphql_sockets", "Open WebSockets")


class Close(IntEnum):
    """Why the socket is closed, in the protocol's numbers."""

    GOING_AWAY = 1001
    BAD_REQUEST = 4400
    UNAUTHORIZED = 4401
    FORBIDDEN = 4403
    BAD_SUBPROTOCOL = 4406
    INIT_TIMEOUT = 4408
    ID_TAKEN = 4409
    TOO_MANY_INITS = 4429


class Closed(Exception):
    """The connection is to be closed."""

    def __init__(self, code: Close, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


async def answer_socket(websocket: WebSocket) -> None:
    """One connection, from its opening to its end."""
    if PROTOCOL not in websocket.scope.get("subprotocols", ()):
        await websocket.accept()
        await websocket.close(Close.BAD_SUBPROTOCOL, "Subprotocol not acceptable")
        return
    await websocket.accept(subprotocol=PROTOCOL)
    with SOCKETS.track_inprogress():
        await Connection(websocket).run()


@dataclass
class Connection:
    """A client, who it is, and what it has asked."""

    websocket: WebSocket
    _reader: Reader | None = None
    _greeted: bool = False
    _operations: "dict[str, asyncio.Task[None]]" = field(default_factory=dict)
    _sending: asyncio.Lock = field(default_factory=asyncio.Lock)
    _acknowledged: asyncio.Event = field(default_factory=asyncio.Event)
    _stuck: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the client takes nothing."""
    _expires_at: float | None = None

    async def run(self) -> None:
        """Until the client leaves, breaks the protocol, or may no longer stay."""
        state = self.websocket.app.state
        ends = [
            asyncio.create_task(self._hear()),
            asyncio.create_task(self._watch()),
            asyncio.create_task(_when(state.stopping, Closed(Close.GOING_AWAY, "Going away"))),
            asyncio.create_task(_when(self._stuck, Closed(Close.GOING_AWAY, "Nothing is taken"))),
        ]
        try:
            done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            await self._close(next(iter(done)).exception())
        finally:
            await self._end([*ends, *self._operations.values()])

    async def _close(self, reason: BaseException | None) -> None:
        if isinstance(reason, Closed):
            with suppress(Exception):  # the other side may be gone, or take nothing
                async with asyncio.timeout(1):
                    await self.websocket.close(reason.code, reason.reason)
        elif reason is not None and not isinstance(reason, WebSocketDisconnect | TimeoutError):
            log.error("socket.failed", cause=type(reason).__name__)

    async def _end(self, tasks: "list[asyncio.Task[None]]") -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _watch(self) -> None:
        """Raises `Closed` when nobody has said who they are in time, and when their token ends."""
        try:
            await asyncio.wait_for(self._acknowledged.wait(), INIT_SECONDS)
        except TimeoutError:
            raise Closed(Close.INIT_TIMEOUT, "Connection initialisation timeout") from None
        if self._expires_at is not None:
            await asyncio.sleep(max(0.0, self._expires_at - time.time()))
            raise Closed(Close.FORBIDDEN, "Token expired")
        await asyncio.Event().wait()

    async def _hear(self) -> None:
        """Raises `Closed`, `WebSocketDisconnect`."""
        while True:
            message = await self._message()
            kind = message.get("type")
            handle = self._handlers.get(kind) if isinstance(kind, str) else None
            if handle is None:
                raise Closed(Close.BAD_REQUEST, "Unknown type of message")
            await handle(message)

    async def _message(self) -> dict[str, Any]:
        received = await self.websocket.receive()
        if received["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(received.get("code", 1006))
        text = received.get("text")
        if text is None or len(text) > LARGEST_QUERY:
            raise Closed(Close.BAD_REQUEST, "Not text, or too long")
        try:
            message = orjson.loads(text)
        except ValueError:
            raise Closed(Close.BAD_REQUEST, "Not JSON") from None
        if not isinstance(message, dict):
            raise Closed(Close.BAD_REQUEST, "Not an object")
        return message

    @property
    def _handlers(self) -> dict[str, Callable[[dict[str, Any]], Coroutine[Any, Any, None]]]:
        return {
            "connection_init": self._init,
            "ping": self._ping,
            "pong": self._pong,
            "subscribe": self._subscribe,
            "complete": self._complete,
        }

    async def _ping(self, message: dict[str, Any]) -> None:
        await self._send({"type": "pong"})

    async def _pong(self, message: dict[str, Any]) -> None:
        return

    async def _init(self, message: dict[str, Any]) -> None:
        if self._greeted:
            raise Closed(Close.TOO_MANY_INITS, "Too many initialisation requests")
        self._greeted = True
        principal = await self._principal(message.get("payload"))
        reach = READERS.get(principal.role)
        if reach is None:
            raise Closed(Close.FORBIDDEN, "Forbidden")
        self._expires_at = principal.expires_at
        self._reader = self._made_reader(principal, reach)
        self._acknowledged.set()
        await self._send({"type": "connection_ack"})

    async def _principal(self, payload: Any) -> Principal:
        header = payload.get("authorization", payload.get("Authorization")) if isinstance(payload, dict) else None
        scheme, _, token = header.partition(" ") if isinstance(header, str) else ("", "", "")
        if scheme.lower() != "bearer" or not token.strip():
            raise Closed(Close.FORBIDDEN, "Forbidden")
        verifier: TokenVerifier = self.websocket.app.state.verifier
        try:
            return await verifier.verify(token.strip())
        except Refusal:
            raise Closed(Close.FORBIDDEN, "Forbidden") from None

    def _made_reader(self, principal: Principal, reach: Reach) -> Reader:
        state = self.websocket.app.state
        headers = {"authorization": f"Bearer {principal.token}", "accept-language": self._language}
        return Reader(Caller(principal, reach), state.memory, state.questions, state.cursor_key, headers)

    @property
    def _language(self) -> Language:
        return preferred(self.websocket.headers.get("accept-language"))

    async def _subscribe(self, message: dict[str, Any]) -> None:
        if self._reader is None:
            raise Closed(Close.UNAUTHORIZED, "Unauthorized")
        id, payload = message.get("id"), message.get("payload")
        if not isinstance(id, str) or not 0 < len(id) <= LONGEST_ID or not isinstance(payload, dict):
            raise Closed(Close.BAD_REQUEST, "A subscribe message has an id and a payload")
        if id in self._operations:
            raise Closed(Close.ID_TAKEN, "Subscriber for this id already exists")
        if len(self._operations) >= MOST_OPERATIONS:
            await self._refuse(id, TooManyOperations(limit=MOST_OPERATIONS))
            return
        self._operations[id] = asyncio.create_task(self._operate(id, payload, self._reader))

    async def _complete(self, message: dict[str, Any]) -> None:
        running = self._operations.pop(str(message.get("id")), None)
        if running:
            await self._end([running])

    async def _operate(self, id: str, payload: dict[str, Any], reader: Reader) -> None:
        """One operation: its answers, then `complete`; or one `error`, which ends it too."""
        try:
            async with aclosing(self._answers(_query_of(payload, self._language), reader)) as answers:
                async for answer in answers:
                    await self._send({"id": id, "type": "next", "payload": answer})
            self._operations.pop(id, None)
            await self._send({"id": id, "type": "complete"})
        except Refusal as refusal:
            self._operations.pop(id, None)
            await self._refuse(id, refusal)
        except (WebSocketDisconnect, TimeoutError, OSError):
            self._operations.pop(id, None)  # the line is gone or takes nothing: the connection ends by itself
        except Exception as failed:
            log.error("operation.failed", cause=type(failed).__name__)
            self._operations.pop(id, None)
            await self._refuse(id, Internal())

    async def _answers(self, query: Query, reader: Reader) -> AsyncGenerator[dict[str, Any], None]:
        execution: Execution = self.websocket.app.state.execution
        operation = await execution.operation(query)
        if not operation.subscribes:
            yield await execution.answer(query, reader)
            return
        subscription = execution.subscription(operation, query)
        async with aclosing(self._events(subscription, reader)) as events:
            async for id in events:
                answer = await subscription.answer(id, reader, query.language)
                if answer is not None:
                    yield answer

    def _events(self, subscription: Subscription, reader: Reader) -> AsyncGenerator[str, None]:
        streams: Streams = self.websocket.app.state.streams
        source = subscription.source
        return streams.ids(source.row.service, source.stream, source.asked(subscription.wanted), reader.headers)

    async def _refuse(self, id: str, refusal: Refusal) -> None:
        language = self._language
        error = {"message": refusal.sentence(language), "extensions": extensions_of(refusal, language)}
        await self._send({"id": id, "type": "error", "payload": [error]})

    async def _send(self, message: dict[str, Any]) -> None:
        """Raises `TimeoutError` where the client takes nothing."""
        text = orjson.dumps(message).decode()
        try:
            async with self._sending, asyncio.timeout(SEND_SECONDS):
                await self.websocket.send_text(text)
        except TimeoutError:
            self._stuck.set()
            raise


def _query_of(payload: dict[str, Any], language: Language) -> Query:
    """Raises `MissingQuery`."""
    text, variables, operation = payload.get("query"), payload.get("variables"), payload.get("operationName")
    forms = isinstance(text, str) and isinstance(variables, dict | None) and isinstance(operation, str | None)
    if not forms or not text:
        raise MissingQuery
    return Query(text, variables or {}, operation, language)


async def _when(event: asyncio.Event, reason: Closed) -> None:
    await event.wait()
    raise reason
