"""Waiting that ends early: when the process stops, or when PostgreSQL hints at new events."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import asyncpg
from database import Database, Transaction
from database.pool import UNREACHABLE

CHANNEL = "outbox"

Result = TypeVar("Result")


async def pause(seconds: float, *until: asyncio.Event) -> None:
    """Sleep, but not longer than until one of the events is set."""
    waits = [asyncio.ensure_future(event.wait()) for event in until]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


async def unless(work: Awaitable[Result], *events: asyncio.Event) -> Result | None:
    """The result of `work`, or None if one of the events is set before; `work` is then cancelled."""
    task = asyncio.ensure_future(work)
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait([task, *waits], return_when=asyncio.FIRST_COMPLETED)
        return await task if task.done() else None
    finally:
        for wait in [task, *waits]:
            wait.cancel()
        await asyncio.gather(task, return_exceptions=True)


def backoff(first: float, longest: float) -> Iterator[float]:
    """Pauses that double, scattered so that replicas don't knock together."""
    seconds = first
    while True:
        yield seconds * random.uniform(0.5, 1.0)  # noqa: S311 - no secret depends on it
        seconds = min(seconds * 2, longest)


class Hint:
    """Set when somebody appended, or said something on another channel. It may come late, twice or never."""

    def __init__(self, channels: tuple[str, ...] = (CHANNEL,)) -> None:
        self.event = asyncio.Event()
        self._channels = channels
        self._connection: Transaction | None = None

    @property
    def lost(self) -> bool:
        return self._connection is None or self._connection.is_closed()

    def _on_notification(self, *_: Any) -> None:
        self.event.set()

    @classmethod
    @asynccontextmanager
    async def listening(cls, database: Database, *channels: str) -> AsyncIterator["Hint"]:
        """Hints of the outbox, or of the channels that are named."""
        hint = cls(channels or (CHANNEL,))
        async with database.connection() as connection:
            for channel in hint._channels:
                await connection.add_listener(channel, hint._on_notification)
            hint._connection = connection
            try:
                yield hint
            finally:
                await hint._leave(connection)

    async def _leave(self, connection: Transaction) -> None:
        self._connection = None
        try:
            for channel in self._channels:
                await connection.remove_listener(channel, self._on_notification)
        except (*UNREACHABLE, asyncpg.PostgresError):
            return
