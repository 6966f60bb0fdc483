"""Dead jobs, as an operator sees them: listed, tried again, or dropped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from database import Transaction

from jobs.store import CHANNEL


@dataclass(frozen=True)
class DeadJob:
    """A job that was given up. What it holds is shown to nobody."""

    id: UUID
    queue: str
    key: str
    cause: str
    failures: int
    due_at: datetime
    died_at: datetime


async def list_dead_jobs(tx: Transaction, *, most: int = 100) -> Sequence[DeadJob]:
    """The oldest first."""
    rows = await tx.fetch(
        "select id, queue, key, cause, failures, due_at, died_at from job where died_at is not null"
        " order by died_at, id limit $1",
        most,
    )
    return [DeadJob(**dict(row)) for row in rows]


async def retry(tx: Transaction, id: UUID) -> bool:
    """Have it done from the first attempt on; whether there was one."""
    return await tx.fetchval(RETRY, id, CHANNEL) is not None


async def drop(tx: Transaction, id: UUID) -> bool:
    """Give it up for ever; one with a schedule waits for its next time. Whether there was one."""
    return await tx.fetchval(DROP, id) is not None


RETRY = """
with revived as (
    update job set died_at = null, cause = null, failures = 0, taken = 0, due_at = now(), held_until = '-infinity'
     where id = $1 and died_at is not null returning queue
)
select pg_notify($2, queue)::text from revived
"""
DROP = """
with dropped as (
    delete from job where id = $1 and died_at is not null and schedule is null returning id
), acknowledged as (
    update job set died_at = null, cause = null, failures = 0
     where id = $1 and died_at is not null and schedule is not null returning id
)
select id from dropped union all select id from acknowledged
"""
