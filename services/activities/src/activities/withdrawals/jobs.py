"""What is withdrawn or restored of large files, a batch at a time beside all other work."""

import asyncio

import structlog
from database import Database, Transaction
from messaging.failures import is_transient
from runtime.service import Worker

from activities.withdrawals import commands, store

log = structlog.get_logger("withdrawals")
IDLE_SECONDS = 1.0


async def carry_on_withdrawals(worker: Worker, stop: asyncio.Event) -> None:
    """Until `stop`: what a request began is brought to its end, whatever became of the process that began it."""
    while not stop.is_set():
        more = False
        try:
            more = await carry_on(worker.database)
        except Exception as error:
            if not is_transient(error):
                raise
            log.info("withdrawals.later", cause=type(error).__name__)
        try:
            await asyncio.wait_for(stop.wait(), 0.001 if more else IDLE_SECONDS)
        except TimeoutError:
            continue


async def carry_on(database: Database) -> bool:
    """The next batch of the oldest; whether there was anything to do."""
    return await database.run(_next_batch)


async def _next_batch(tx: Transaction) -> bool:
    withdrawal = await store.take_unfinished(tx)
    if withdrawal is None:
        return False
    await commands.carry_on(tx, withdrawal)
    return True
