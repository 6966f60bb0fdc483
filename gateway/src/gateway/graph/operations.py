"""What a client asks on one socket: each operation by its id, answered once or again and again until it is ended."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, suppress
from typing import Any, Final

import structlog
from runtime.problems import Internal, Refusal
from starlette.datastructures import State
from starlette.websockets import WebSocketDisconnect

from gateway.allowances.spenders import Allowances
from gateway.errors import TooManyOperations
from gateway.graph.changes import ChangesSubscription
from gateway.graph.close_codes import Close, SocketClosed
from gateway.graph.error_format import refused
from gateway.graph.execution import Execution, Query, SubscriptionPlan
from gateway.graph.requests import query_of
from gateway.graph.socket_identity import SocketIdentity
from gateway.upstream.hints import ChangeHints
from gateway.upstream.questions import ServiceRefusal
from gateway.upstream.streams import ServiceStreams

log = structlog.get_logger("socket")

MOST_OPERATIONS: Final = 10
LINE_GONE: Final = (WebSocketDisconnect, TimeoutError, OSError)
"""The client has left or takes nothing: its connection ends by itself."""
Send = Callable[[dict[str, Any]], Awaitable[None]]


class SocketOperations:
    """The operations of one speaker that are not yet complete."""

    def __init__(self, state: State, identity: SocketIdentity, send: Send) -> None:
        self._execution: Execution = state.execution
        self._streams: ServiceStreams = state.streams
        self._hints: ChangeHints = state.change_hints
        self._allowances: Allowances = state.allowances
        self._identity = identity
        self._send = send
        self._running: dict[str, asyncio.Task[None]] = {}

    async def begin(self, id: str, payload: dict[str, Any]) -> None:
        """Raises `Closed` where one of this id is running."""
        if id in self._running:
            raise SocketClosed(Close.ID_TAKEN, "Subscriber for this id already exists")
        if len(self._running) >= MOST_OPERATIONS:
            await self._refuse(id, TooManyOperations(limit=MOST_OPERATIONS))
            return
        self._running[id] = asyncio.create_task(self._run(id, payload))

    async def end(self, id: str) -> None:
        """The client wants no more of it; where there is none, that is so already."""
        if running := self._running.pop(id, None):
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    async def end_all(self) -> None:
        await asyncio.gather(*(self.end(id) for id in tuple(self._running)))

    async def _run(self, id: str, payload: dict[str, Any]) -> None:
        """Its answers, then `complete`; or one `error`, which ends it too."""
        refusal: Refusal | None = None
        try:
            async with aclosing(self._answers(query_of(payload, self._identity.language))) as answers:
                async for answer in answers:
                    await self._send({"id": id, "type": "next", "payload": answer})
        except Refusal as raised:
            refusal = raised
        except LINE_GONE:
            return
        except Exception as failed:
            log.error("operation.failed", cause=type(failed).__name__)
            refusal = Internal()
        # Before it is told: a client may use the id anew as soon as it hears.
        self._running.pop(id, None)
        with suppress(*LINE_GONE):
            await (self._refuse(id, refusal) if refusal else self._send({"id": id, "type": "complete"}))

    async def _answers(self, query: Query) -> AsyncGenerator[dict[str, Any], None]:
        self._allowances.spend_named("requests", self._identity.reader.caller.principal.subject)
        operation = await self._execution.operation(query, self._identity.reader)
        if not operation.subscribes:
            yield await self._execution.answer(query, self._identity.reader, by_post=False)
            return
        subscription = self._execution.subscription(operation, query, self._identity.reader)
        if isinstance(subscription, ChangesSubscription):
            changes = subscription.answers(self._hints, lambda: self._identity.reader, query.language)
            async with aclosing(changes) as pages:
                async for page in pages:
                    yield page
            return
        try:
            async with aclosing(self._events(subscription)) as events:
                async for id in events:
                    answer = await subscription.answer(id, self._identity.reader, query.language)
                    if answer is not None:
                        yield answer
        except ServiceRefusal as refusal:
            raise subscription.refused(refusal) from refusal

    def _events(self, subscription: SubscriptionPlan) -> AsyncGenerator[str, None]:
        source = subscription.source
        asked = source.query_parameters(subscription.event_filter)
        return self._streams.ids(source.row.service, source.stream, asked, lambda: self._identity.reader.headers)

    async def _refuse(self, id: str, refusal: Refusal) -> None:
        await self._send({"id": id, "type": "error", "payload": refused(refusal, self._identity.language)})
