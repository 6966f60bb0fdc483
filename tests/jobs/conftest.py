"""A database with the table of jobs, a table for their effects, and workers that run on it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest_asyncio
from database import Database, Transaction
from database.migrations import migrate
from jobs import MIGRATIONS, Attempt, JobWorker, Ladder, Queue, Work
from testkit.patience import tries

EFFECTS = "create table effect (number bigint generated always as identity, job text, said jsonb)"


async def prepare(url: str) -> None:
    await asyncio.to_thread(migrate, url, [MIGRATIONS])
    connection = await asyncpg.connect(url)
    await connection.execute(EFFECTS)
    await connection.close()


class Jobs:
    """The table, and what was done."""

    def __init__(self, url: str, database: Database) -> None:
        self.url = url
        self.database = database

    async def do(self, change: Callable[[Transaction], Awaitable[Any]]) -> Any:
        async with self.database.transaction() as tx:
            return await change(tx)

    async def effects(self) -> list[str]:
        return [row["job"] for row in await self.rows("select job from effect order by number")]

    async def rows(self, query: str, *arguments: Any) -> list[dict[str, Any]]:
        async with self.database.connection() as connection:
            return [dict(row) for row in await connection.fetch(query, *arguments)]

    async def until(self, query: str) -> None:
        """Until it answers true."""
        async for _ in tries():
            if (await self.rows(f"select ({query}) as so"))[0]["so"]:
                return
        raise AssertionError(query, await self.rows("select * from job"))

    @asynccontextmanager
    async def working(self, *works: Work[Any]) -> AsyncIterator[None]:
        stop = asyncio.Event()
        task = asyncio.create_task(JobWorker(self.database, works, None).run(stop))
        try:
            yield
        finally:
            stop.set()
            await task


async def note(tx: Transaction, attempt: Attempt) -> None:
    await tx.execute("insert into effect (job, said) values ($1, $2)", attempt.job.key, dict(attempt.job.payload))


async def perform(_: Any, attempt: Attempt) -> None:
    await attempt.complete(lambda tx: note(tx, attempt))


QUEUE = Queue("letters")
WORK = Work(QUEUE, perform, Ladder.of(0.05, 0.05))


@pytest_asyncio.fixture
async def jobs(database_url: Any) -> AsyncIterator[Jobs]:
    url = await database_url("jobs", prepare)
    database = await Database.connect(url, application="jobs", largest=10)
    yield Jobs(url, database)
    await database.close()
