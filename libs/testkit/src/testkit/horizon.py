"""Until when followers of a list can be told: whatever else writes in the cluster this moment holds that back."""

import asyncio

from database import Database

HORIZON = "select pg_snapshot_xmin(pg_current_snapshot())::text"


async def caught_up(database: Database, seconds: float = 30.0) -> None:
    """Wait until a follower is told of all that was written so far, or `TimeoutError`: somebody keeps a transaction."""
    async with database.transaction() as tx:
        now = int(await tx.fetchval("select pg_current_xact_id()::text"))
    async with asyncio.timeout(seconds):
        while True:
            async with database.connection() as connection:
                if int(await connection.fetchval(HORIZON)) > now:
                    return
            await asyncio.sleep(0.02)
