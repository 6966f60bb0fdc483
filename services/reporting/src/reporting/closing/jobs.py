"""Freezing protection's months once they are closed."""

import asyncio
from collections.abc import Mapping

import structlog
from database import Database
from messaging.failures import is_transient
from runtime.service import Worker

from reporting.closing import store
from reporting.closing.store import Month
from reporting.counting.store import lock_counting

log = structlog.get_logger("closing")
LOOK_SECONDS = 5.0

Ripe = Mapping[Month, tuple[int, int]]
NOTHING: Ripe = {}


async def freeze_closed_months(worker: Worker, stop: asyncio.Event) -> None:
    """Until `stop`: freeze each closed month as soon as enough organisations stand behind it."""
    tried: Ripe = {}
    while not stop.is_set():
        try:
            tried = await freeze(worker.database, tried)
        except Exception as error:
            if not is_transient(error):
                raise
            log.info("closing.later", cause=type(error).__name__)
        try:
            await asyncio.wait_for(stop.wait(), LOOK_SECONDS)
        except TimeoutError:
            continue


async def freeze(database: Database, tried: Ripe = NOTHING) -> Ripe:
    """Freeze what is ripe, but for what is as it was when it was tried; return all that was ripe.

    During a rebuild there are no cells, so nothing is.
    """
    async with database.connection() as connection:
        found = await store.ripe(connection)
    if wanted := {month for month, approved in found.items() if tried.get(month) != approved}:
        async with database.transaction() as tx:
            await lock_counting(tx)
            if still := wanted & (await store.ripe(tx)).keys():
                await store.freeze(tx, still)
    return found
