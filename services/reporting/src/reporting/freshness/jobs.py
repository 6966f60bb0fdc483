"""Ending a rebuild: once the events there were at its start are gathered, they are counted."""

import asyncio
from collections.abc import Mapping

import structlog
from messaging.broker import Partition
from messaging.failures import is_transient
from runtime.service import Worker

from reporting.consumers import PROJECTION
from reporting.counting import commands
from reporting.freshness import store

log = structlog.get_logger("freshness")
LOOK_SECONDS = 0.5

Ends = Mapping[Partition, int]


async def watch_completeness(worker: Worker, stop: asyncio.Event) -> None:
    """Until `stop`: end the first building of the cells, and each rebuild."""
    ends: Ends | None = None
    while not stop.is_set():
        try:
            ends = await look(worker, ends)
        except Exception as error:
            if not is_transient(error):
                raise
            log.info("freshness.unknown", cause=type(error).__name__)
        try:
            await asyncio.wait_for(stop.wait(), LOOK_SECONDS)
        except TimeoutError:
            continue


async def look(worker: Worker, ends: Ends | None = None) -> Ends | None:
    """Count what a rebuild has gathered if it has reached `ends`, by default those of now; else the ends to reach."""
    async with worker.database.connection() as connection:
        if worker.consumer is None or await store.is_complete(connection):
            return None
    if ends is None:
        ends = await worker.consumer.client.ends(worker.kafka, PROJECTION.topics)
    async with worker.database.transaction() as tx:
        if not await store.has_reached(tx, ends):
            return ends
        await commands.complete(tx)
    log.info("freshness.complete")
    return None
