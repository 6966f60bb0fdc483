"""`/v1/alerts/stream`: alerts as they are issued, as server-sent events."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any, Final

from contracts.alerts import AlertSeverity, AlertStatus
from contracts.values import Country, Pcode, SectorCode
from fastapi import APIRouter, FastAPI, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from runtime.access import SIGNED_IN, Rule
from runtime.openapi import refuses
from runtime.routing import Asking, TransactionalRoute
from starlette.types import Receive, Scope, Send

from alerts import metrics
from alerts.streams.broadcaster import Broadcaster
from alerts.streams.domain import EncodedAlert, Listener, heartbeat, last_seen, opening, reset_event
from alerts.streams.errors import TooManyStreams
from alerts.subscriptions.schemas import Subscribable

router = APIRouter(route_class=TransactionalRoute, tags=["alerts"])

HEARTBEAT_SECONDS: Final = 15.0
SEND_SECONDS: Final = 20.0
"""How long a reader may take to take a chunk; then it is closed, so that nothing piles up for it."""
LIST: Final = 50
EVENT_STREAM: Final = "text/event-stream"


class StreamFilter(BaseModel):
    """Which alerts; each may be given several times."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    country: Country | None = None
    area: tuple[Pcode, ...] = Field((), max_length=LIST, description="With all below it, and what is above it")
    sector: tuple[SectorCode, ...] = Field((), max_length=LIST, description="Exact codes")
    severity: tuple[AlertSeverity, ...] = Field((), max_length=5)
    status: tuple[Subscribable, ...] = Field((AlertStatus.ACTUAL,), max_length=4)
    last_event_id: str | None = Field(None, max_length=100, description="For those who can't send Last-Event-ID")
    last_event_id_appended: str | None = Field(
        None, alias="lastEventId", max_length=100, description="Appended by `event-source-polyfill` when it returns"
    )
    cache_buster: str | None = Field(None, alias="_", max_length=100, description="Not read")
    random: str | None = Field(None, alias="r", max_length=100, description="Not read: early polyfills append it")

    def as_wishes(self) -> dict[str, Any]:
        return {
            "wanted_country": self.country,
            "wanted_areas": self.area,
            "wanted_sectors": self.sector,
            "wanted_severities": self.severity,
            "wanted_statuses": self.status or (AlertStatus.ACTUAL,),
        }


@asynccontextmanager
async def broadcaster_of(app: FastAPI) -> AsyncIterator[None]:
    """The hub of an API process, as long as that lives."""
    app.state.hub = Broadcaster(app.state.database, public_address=app.state.settings.issuer.rstrip("/"))
    running = asyncio.create_task(app.state.hub.run())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@router.get(
    "/v1/alerts/stream",
    response_class=Response,
    openapi_extra=refuses(TooManyStreams),
    responses={
        200: {
            "content": {EVENT_STREAM: {"schema": {"type": "string"}}},
            "description": "Events, for as long as the token lasts",
        }
    },
)
@Rule(SIGNED_IN, streams=True)
async def stream(
    request: Request,
    caller: Asking,
    filter: Annotated[StreamFilter, Query()],
    last_event_id: Annotated[str | None, Header()] = None,
) -> Response:
    """Alerts as they are issued (server-sent events): `event: alert`, its `id` a number without gaps.

    With `Last-Event-ID` what was missed comes first: at most 1,000 alerts of the last 24 hours; was there more, a
    `reset` event says so. The header goes before `lastEventId` in the address, and that before `last_event_id`: each
    is newer than the next. An Update or a Cancel comes to everyone an earlier message of its chain (`supersedes`) was
    for; what was superseded meanwhile does not come. A comment comes every 15 seconds. The stream ends with the
    token: come back with a new one.
    """
    hub: Broadcaster = request.app.state.hub
    await hub.check_known(filter.country, filter.area, filter.sector)
    listener = Listener(caller.principal, filter.as_wishes())
    since = last_seen(last_event_id, filter.last_event_id_appended, filter.last_event_id)
    return EventStream(hub, listener, since, caller.principal.expires_at, request.app.state.stopping)


class EventStream(Response):
    """The answer that does not end by itself."""

    def __init__(
        self, hub: Broadcaster, listener: Listener, since: int | None, expires_at: float | None, stopping: asyncio.Event
    ) -> None:
        super().__init__(media_type=EVENT_STREAM, headers={"Cache-Control": "no-store, no-transform"})
        self.raw_headers = [pair for pair in self.raw_headers if pair[0] != b"content-length"]
        self.headers["X-Accel-Buffering"] = "no"
        self._hub = hub
        self._listener = listener
        self._since = since
        self._expires_at = expires_at
        self._stopping = stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._hub.ready()
        with self._hub.listening(self._listener):
            # Asked before the first byte, so that a database that is away is a refusal and no broken stream.
            first = await self._first()
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await self._until_over(_Line(send), receive, first)

    async def _first(self) -> list[bytes | EncodedAlert]:
        position = self._hub.position
        if self._since is None:
            return [opening(position)]
        if not 0 <= self._since <= position:
            return [opening(position), reset_event("unknown_id")]
        missed, more = await self._hub.missed(self._listener, self._since)
        return [opening(None), *([reset_event("too_much_missed")] if more else []), *missed]

    async def _until_over(self, line: "_Line", receive: Receive, first: list[bytes | EncodedAlert]) -> None:
        sending = asyncio.create_task(self._send_all(line, first))
        ends = {
            sending,
            asyncio.create_task(_gone(receive)),
            asyncio.create_task(self._stopping.wait()),
            asyncio.create_task(self._listener.after.wait()),
            asyncio.create_task(_passed(self._expires_at)),
        }
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            failure = sending.exception() if sending.done() else None
            if isinstance(failure, TimeoutError) or self._listener.after.is_set():
                metrics.STREAMS_DROPPED.labels("slow").inc()
        finally:
            for task in ends:
                task.cancel()
            await asyncio.gather(*ends, return_exceptions=True)
        await line.close()

    async def _send_all(self, line: "_Line", first: list[bytes | EncodedAlert]) -> None:
        sent = -1
        for chunk in first:
            sent = max(sent, await line.send(chunk))
        while True:
            try:
                told = await asyncio.wait_for(self._listener.waiting.get(), HEARTBEAT_SECONDS)
            except TimeoutError:
                await line.send(heartbeat(self._hub.position))
                continue
            if told.number > sent:  # what came while the missed ones were read is among those
                sent = await line.send(told)


class _Line:
    """The way to one reader; a chunk that is not taken in time raises `TimeoutError`."""

    def __init__(self, send: Send) -> None:
        self._send = send

    async def send(self, chunk: bytes | EncodedAlert) -> int:
        """The number of the alert that was sent; -1 for anything else."""
        if isinstance(chunk, bytes):
            await self._body(chunk, more=True, seconds=SEND_SECONDS)
            return -1
        await self._body(chunk.event, more=True, seconds=SEND_SECONDS)
        metrics.DELIVERED.labels("stream").observe(time.time() - chunk.issued_at.timestamp())
        return chunk.number

    async def close(self) -> None:
        """End the answer as it should be, if the reader takes even that."""
        try:
            await self._body(b"", more=False, seconds=1)
        except (TimeoutError, OSError):
            return

    async def _body(self, chunk: bytes, *, more: bool, seconds: float) -> None:
        async with asyncio.timeout(seconds):
            await self._send({"type": "http.response.body", "body": chunk, "more_body": more})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _passed(moment: float | None) -> None:
    """Until the token has ended."""
    await asyncio.sleep(max(0.0, moment - time.time()) if moment is not None else 10**9)
