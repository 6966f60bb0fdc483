"""Telling the others again where reports and targets lie, where a level of the place is skipped."""

import asyncio

import structlog
from contracts.activities import ReportSubmitted, TargetChanged
from database import Database, Transaction
from messaging import events
from messaging.failures import is_transient
from runtime.service import Worker

from activities.mending import store
from activities.reports.published import state_as_kept
from activities.targets.commands import state_as_told
from activities.targets.store import target_of

log = structlog.get_logger("mending")
BETWEEN_SECONDS = 1.0


async def tell_places_again(worker: Worker, stop: asyncio.Event) -> None:
    """Until `stop`: topics keep the last state of each, so that the wrong one goes with compaction."""
    left = 1
    while not stop.is_set():
        try:
            left = await tell_next(worker.database) if left else 0
        except Exception as error:
            if not is_transient(error):
                raise
            log.info("mending.later", cause=type(error).__name__)
        try:
            await asyncio.wait_for(stop.wait(), BETWEEN_SECONDS if left else None)
        except TimeoutError:
            continue


async def tell_next(database: Database) -> int:
    """Tell the next ones again; how many."""
    return await database.run(_tell_next)


async def _tell_next(tx: Transaction) -> int:
    reports = await store.take_reports(tx)
    await events.append_states(tx, ReportSubmitted, {str(row["id"]): state_as_kept(dict(row)) for row in reports})
    targets = await store.take_targets(tx)
    told = {str(row["id"]): state_as_told(target_of(row), row["id"], row["version"]) for row in targets}
    await events.append_states(tx, TargetChanged, told)
    return len(reports) + len(targets)
