"""Watching for the moment in which all events there are have been applied."""

import asyncio

import structlog
from messaging.failures import is_transient
from runtime.service import Worker

from reporting.consumers import HANDLERS
from reporting.freshness import store

log = structlog.get_logger("freshness")
LOOK_SECONDS = 0.5


async def watch_completeness(worker: Worker, stop: asyncio.Event) -> None:
    """Until `stop`: note when the projection is whole, also again after each replay."""
    while not stop.is_set():
        try:
            await look(worker)
        except Exception as error:
            if not is_transient(error):
                raise
            log.info("freshness.unknown", cause=type(error).__name__)
        try:
            await asyncio.wait_for(stop.wait(), LOOK_SECONDS)
        except TimeoutError:
            continue


async def look(worker: Worker) -> None:
    """Mark the projection complete where it is and nobody has said so yet."""
    async with worker.database.connection() as connection:
        if worker.consumer is None or await store.is_complete(connection):
            return
    topics = sorted({event.topic for event in HANDLERS}, key=lambda topic: topic.noun)
    ends = await worker.consumer.client.ends(worker.kafka, topics)
    async with worker.database.transaction() as tx:
        await store.complete_from(tx, ends)
