"""Ending a rebuild: once the events there were at its start are gathered, they are counted."""

import asyncio
from collections.abc import Mapping

import structlog
from jobs import Attempt, Every, Queue, Work
from messaging.broker import Partition
from runtime.service import Worker

from reporting.consumers import PROJECTION
from reporting.counting import commands
from reporting.freshness import store

log = structlog.get_logger("freshness")
LOOK_SECONDS = 0.5

Ends = Mapping[Partition, int]


async def watch_completeness(worker: Worker, _: Attempt) -> None:
    """End the first building of the cells, and each rebuild, as soon as it has reached the ends of its start."""
    ends: Ends | None = None
    while ends := await look(worker, ends):  # noqa: ASYNC110  the consumer tells nobody
        await asyncio.sleep(LOOK_SECONDS)


JOBS: tuple[Work[Worker], ...] = (Work(Queue("watch_completeness"), watch_completeness, schedule=Every(LOOK_SECONDS)),)


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
