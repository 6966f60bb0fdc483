"""The loop of every queue, whatever its table: take what is due, else sleep until a hint, room, or the next look."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

import structlog
from database import Database
from messaging.failures import is_transient
from messaging.waiting import Hint, pause

log = structlog.get_logger(__name__)

TROUBLE_SECONDS = 2.0


class QueueTaker(Protocol):
    """Takes what is due from a queue."""

    room: asyncio.Event
    """Set when more may be taken than at the last look."""

    async def take(self) -> float:
        """Begin what is due; how many seconds later another look is worth while."""
        ...


async def keep_taking(database: Database, channels: Sequence[str], taker: QueueTaker, stop: asyncio.Event) -> None:
    """Take until `stop`, over failures that pass. Raises any other: the process is then to be started anew."""
    while not stop.is_set():
        with passing("queue.interrupted"):
            await _listen(database, channels, taker, stop)
        if not stop.is_set():
            await pause(TROUBLE_SECONDS, stop)


async def _listen(database: Database, channels: Sequence[str], taker: QueueTaker, stop: asyncio.Event) -> None:
    async with Hint.listening(database, *channels) as hint:
        while not stop.is_set() and not hint.lost:
            hint.event.clear()
            taker.room.clear()
            if seconds := await taker.take():
                await pause(seconds, hint.event, taker.room, stop)


@contextmanager
def passing(event: str) -> Iterator[None]:
    """Log a failure that passes by itself, and raise any other."""
    try:
        yield
    except Exception as failed:
        if not is_transient(failed):
            raise
        log.warning(event, cause=type(failed).__name__)
