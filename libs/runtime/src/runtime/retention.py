"""How long rows are kept that every service has, and where they go then."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog
from archive import ArchivedTable, Objects, move_old
from database import Transaction
from jobs import Attempt, Cron, Every, Queue, Work

from runtime.idempotency import forget_old
from runtime.service import Own, Worker
from runtime.settings import ServiceSettings

log = structlog.get_logger("retention")

NIGHTLY = Cron("30 1 * * *", "Etc/UTC")

EVENTS = ArchivedTable(
    "event",
    at="time",
    partition="aggregatetype || '/' || crc32(convert_to(aggregateid, 'UTF8')) % 4",
    free="not exists (select from outbox where outbox.event = oldest.number)",
)
"""The log of what was published: the topics hold the last state of each aggregate, the archive all of it."""
AUDIT = ArchivedTable("audit_entry", at="at")


def days_ago(days: int) -> datetime:
    """The beginning of that day: a job that is begun again on the same day does the same."""
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days)


def archiving(source: ArchivedTable, days: Callable[[Worker[Own]], int]) -> Work[Worker[Own]]:
    """The job that moves a table's old rows into the archive. Without an archive, or a number of days, it keeps all."""

    async def perform(worker: Worker[Own], attempt: Attempt) -> None:
        url = worker.settings.archive_url
        if url and days(worker):
            objects, before = Objects.at(url), days_ago(days(worker))
            await move_old(attempt, objects, source, service=worker.service, before=before)

    return Work(Queue(f"archive_{source.table}"), perform, schedule=NIGHTLY)


def forgetting(
    name: str, days: Callable[[Worker[Own]], int], forget: Callable[[Transaction, datetime], Awaitable[None]]
) -> Work[Worker[Own]]:
    """The job that drops what is older than so many days; 0 keeps all."""

    async def perform(worker: Worker[Own], attempt: Attempt) -> None:
        if days(worker):
            await attempt.complete(lambda tx: forget(tx, days_ago(days(worker))))

    return Work(Queue(f"forget_{name}"), perform, schedule=NIGHTLY)


async def _forget_keys(_: Worker[ServiceSettings], attempt: Attempt) -> None:
    await attempt.complete(forget_old)


JOBS: tuple[Work[Worker[ServiceSettings]], ...] = (
    Work(Queue("forget_keys"), _forget_keys, schedule=Every(600)),
    archiving(EVENTS, lambda worker: worker.settings.keep_events_days),
    archiving(AUDIT, lambda worker: worker.settings.keep_audit_days),
)
"""Of every service."""
