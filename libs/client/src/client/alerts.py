"""Alerts: issued, and followed as they come."""

import asyncio
import random
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Literal

import httpx2
import orjson
from contracts.alerts import Alert

from client.errors import Refused, Unreachable
from client.events import Block, blocks
from client.transport import LOST, PASSING, ApiSession, Call

PATH = "/api/alerts/v1/alerts"
RETRY_SECONDS = 3.0
LONGEST_PAUSE = 30.0
UNAUTHORIZED, TOO_MANY = 401, 429


@dataclass(frozen=True)
class AlertQuery:
    """Which alerts. What is empty is not asked about; exercises and tests come only where asked for."""

    country: str | None = None
    areas: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()

    def parameters(self) -> dict[str, str | list[str]]:
        lists = {
            "area": self.areas, "sector": self.sectors, "severity": self.severities, "status": self.statuses,
        }  # fmt: skip
        given: dict[str, str | list[str]] = {name: list(values) for name, values in lists.items() if values}
        return given | ({"country": self.country} if self.country else {})


EVERYTHING = AlertQuery()


@dataclass(frozen=True)
class StreamItem:
    """One thing a stream tells."""

    kind: Literal["alert", "reset"]
    alert: dict[str, Any]
    """Empty with a `reset`: some alerts were missed that only the list has."""
    place: str | None
    """Where to follow on from."""


class Alerts:
    """`/v1/alerts`."""

    def __init__(self, session: ApiSession) -> None:
        self._session = session

    async def issue(self, new: dict[str, Any]) -> Alert:
        """Issue an alert; it stands, and who is to be told will be, once this answers."""
        return await self._session.ask_row(Alert, Call.json("POST", PATH, new))

    async def follow(
        self, query: AlertQuery = EVERYTHING, *, place: str | None = None
    ) -> AsyncGenerator[StreamItem, None]:
        """Alerts as they are issued, for ever: a line that breaks is taken up where it was, with a new token.

        `place` is that of an earlier `Followed`, to go on from there. Raises `Refused`; raises `Unreachable` only
        where the platform could not be reached for as long as the client's patience goes.
        """
        waits = _Waits(self._session.patience_seconds)
        while True:
            try:
                async with aclosing(self._stream_blocks(query, place)) as told:
                    async for block in told:
                        waits.over(block.retry_seconds)
                        place = block.id or place
                        if block.data and block.event in ("alert", "reset"):
                            yield _followed(block, place)
            except Refused as refused:
                # The token may have ended on the way: the door takes a new one, and if that is refused too, it is so.
                if refused.status not in PASSING and not (refused.status == UNAUTHORIZED and waits.first):
                    raise
                await waits.rest(refused)
            except LOST as lost:
                await waits.rest(lost)
            else:
                await asyncio.sleep(waits.retry_seconds * random.uniform(0.1, 0.5))  # noqa: S311  no secret

    async def _stream_blocks(self, query: AlertQuery, place: str | None) -> AsyncGenerator[Block, None]:
        headers = {"Accept": "text/event-stream", **({"Last-Event-ID": place} if place else {})}
        async with self._session.stream(f"{PATH}/stream", query.parameters(), headers) as response:
            async for block in blocks(response.aiter_lines()):
                yield block


class _Waits:
    """Pauses between attempts, longer each time, until patience ends."""

    def __init__(self, patience_seconds: float) -> None:
        self.retry_seconds = RETRY_SECONDS
        self._patience = patience_seconds
        self._spent = 0.0
        self._pause = 0.5

    @property
    def first(self) -> bool:
        """Nothing has failed since the last thing that was heard."""
        return self._spent == 0.0

    def over(self, retry_seconds: float | None) -> None:
        self._spent, self._pause = 0.0, 0.5
        if retry_seconds is not None:
            self.retry_seconds = retry_seconds

    async def rest(self, failure: Exception) -> None:
        if self._spent >= self._patience:
            if isinstance(failure, httpx2.HTTPError):
                raise Unreachable(type(failure).__name__) from failure
            raise failure
        wished = failure.retry_after if isinstance(failure, Refused) and failure.status == TOO_MANY else None
        pause = max(wished or 0.0, self._pause * random.uniform(0.5, 1.0))  # noqa: S311  no secret depends on it
        self._spent += pause
        self._pause = min(self._pause * 2, LONGEST_PAUSE)
        await asyncio.sleep(pause)


def _followed(block: Block, place: str | None) -> StreamItem:
    content = orjson.loads(block.data)
    return StreamItem("alert", content, place) if block.event == "alert" else StreamItem("reset", {}, place)
