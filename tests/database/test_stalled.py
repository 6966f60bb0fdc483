"""Sessions whose client stopped in the middle of a COPY are ended; nothing else is."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from database import Database, end_stalled
from testkit.patience import tries
from testkit.plugin import DatabaseFactory

WAITING = """
    select count(*) from pg_stat_activity
    where application_name in ('consumer', 'backup') and wait_event = 'ClientRead' and state = 'active'
        and datname = current_database()
"""


async def rows_that_stop() -> AsyncIterator[tuple[int]]:
    for number in range(10):
        yield (number,)
    await asyncio.Event().wait()


async def test_a_copy_that_stands_still_is_ended_and_nobody_else_is(database_url: DatabaseFactory) -> None:
    url = await database_url()
    database = await Database.connect(url, application="consumer")
    other = await Database.connect(url, application="backup")
    async with database.transaction() as tx:
        await tx.execute("create table cell (number int)")

    async def copy(into: Database) -> None:
        async with into.transaction() as tx:
            await tx.copy_records_to_table("cell", records=rows_that_stop())

    async with database.connection() as idle:
        stalled, anothers = asyncio.create_task(copy(database)), asyncio.create_task(copy(other))
        async for _ in tries():
            if await idle.fetchval(WAITING) == 2:
                break
        await asyncio.sleep(1.2)
        assert await end_stalled(database) == 0, "a statement may take its time"
        assert await end_stalled(database, seconds=1) == 1
        assert await idle.fetchval("select count(*) from cell") == 0
        stalled.cancel()
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, asyncio.CancelledError, OSError)):
            await stalled
        assert not anothers.done()
        assert await end_stalled(other, seconds=1) == 1
        anothers.cancel()
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, asyncio.CancelledError, OSError)):
            await anothers
    await database.close()
    await other.close()
