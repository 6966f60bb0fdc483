"""Until when followers of a list can be told: whatever else writes in the cluster this moment holds that back."""

import asyncio

from database import Database

HORIZON = "select pg_snapshot_xmin(pg_current_snapshot())::text"


async def caught_up(database: Database) -> None:
    """Wait until a follower is told of all that was written so far, or `TimeoutError`: somebody keeps a transaction."""
    async with database.transaction() as tx:
        now = int(await tx.fetchval("select pg_current_xact_id()::text"))
    await reached(database, now + 1)


async def reached(database: Database, number: int, seconds: float = 120.0) -> None:
    """Wait until nothing older than transaction `number` is under way in the cluster, or `TimeoutError`."""
    async with asyncio.timeout(seconds):
        while True:
            async with database.connection() as connection:
                if int(await connection.fetchval(HORIZON)) >= number:
                    return
            await asyncio.sleep(0.02)
