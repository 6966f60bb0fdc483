"""The table of jobs: every condition of lease, edition and turn is SQL here."""

# ruff: noqa: S608  composed of constants of this module only

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from database import Database, Record, Transaction

CHANNEL = "jobs"
LEASE_SECONDS = 10.0
"""How soon another worker takes over from one that died."""


class JobLeaseLost(Exception):
    """Another worker has taken the job over, or it was cancelled."""


@dataclass(frozen=True)
class NewJob:
    """A job as it is put."""

    queue: str
    key: str
    lane: str
    payload: Mapping[str, Any]
    due_at: datetime | None
    schedule: str | None
    traceparent: str | None


@dataclass(frozen=True)
class Job:
    """A job as it was taken."""

    id: UUID
    queue: str
    key: str
    lane: str
    payload: Mapping[str, Any]
    schedule: str | None
    edition: int
    lease: UUID
    taken: int
    failures: int
    traceparent: str | None


_FIELDS = ", ".join(f"job.{name}" for name in Job.__dataclass_fields__)


async def put(tx: Transaction, job: NewJob) -> None:
    await tx.execute(PUT, *_values(job))
    if job.due_at is None:
        await tx.execute("select pg_notify($1, $2)", CHANNEL, job.queue)


async def repeat(tx: Transaction, job: NewJob) -> None:
    await tx.execute(f"{PUT} where held.schedule is distinct from excluded.schedule", *_values(job))


def _values(job: NewJob) -> tuple[object, ...]:
    return (job.queue, job.key, job.lane, dict(job.payload), job.due_at, job.schedule, job.traceparent)


async def move(tx: Transaction, queue: str, key: str, due_at: datetime) -> bool:
    moved = await tx.fetchval(
        "update job set due_at = $3, edition = edition + 1 where queue = $1 and key = $2 and died_at is null"
        " returning true",
        queue,
        key,
        due_at,
    )
    await tx.execute("select pg_notify($1, $2)", CHANNEL, queue)
    return bool(moved)


async def cancel(tx: Transaction, queue: str, key: str) -> bool:
    return bool(await tx.fetchval("delete from job where queue = $1 and key = $2 returning true", queue, key))


async def take(tx: Transaction, room: Mapping[str, int]) -> list[Job]:
    """Lease what is due of these queues, so many of each."""
    return [_job(row) for row in await tx.fetch(TAKE, list(room), list(room.values()), LEASE_SECONDS)]


async def take_in_turn(tx: Transaction, queue: str) -> Job | None:
    """Lease the oldest job of the lane that had no turn for longest, of those of which none is under way.

    Of two workers that see the same turn one moves it on, and the other finds nothing this time.
    """
    row = await tx.fetchrow(TAKE_IN_TURN, queue, LEASE_SECONDS)
    return _job(row) if row else None


async def others_wait(tx: Transaction, queue: str, lane: str) -> bool:
    """Whether another lane has a job that is due and that nobody does."""
    return bool(await tx.fetchval(OTHERS_WAIT, queue, lane))


def _job(row: Record) -> Job:
    return Job(**dict(row))


async def lock(tx: Transaction, job: Job) -> None:
    """Lock the job until the commit, hold it on, and note that it gets on. Raises `LeaseLost`."""
    held = await tx.fetchval(
        "update job set taken = 1, held_until = clock_timestamp() + make_interval(secs => $3)"
        " where id = $1 and lease = $2 returning true",
        job.id,
        job.lease,
        LEASE_SECONDS,
    )
    if not held:
        raise JobLeaseLost


async def renew(database: Database, leases: Sequence[UUID]) -> set[UUID]:
    """Hold these on; which of them are still ours."""
    async with database.connection() as connection:
        rows = await connection.fetch(RENEW, list(leases), LEASE_SECONDS)
    return {row["lease"] for row in rows}


async def remove(tx: Transaction, job: Job) -> None:
    """End a job; one that was put again meanwhile is due again. Its lock is held."""
    await tx.execute(
        f"with again as (update job set {_FREE} where id = $1 and edition <> $2)"
        " delete from job where id = $1 and edition = $2",
        job.id,
        job.edition,
    )


async def put_off(tx: Transaction, job: Job, due_at: datetime) -> None:
    """Have a job with a schedule done again at its next time. Its lock is held."""
    await tx.execute(
        f"update job set {_FREE}, failures = 0, taken = 0, cause = null, died_at = null,"
        " due_at = case when edition = $2 then $3 else due_at end where id = $1",
        job.id,
        job.edition,
        due_at,
    )


async def release(tx: Transaction, job: Job, *, after_seconds: float = 0) -> None:
    """Let the next one take it, after a pause: nothing of it counts as a failure."""
    await tx.execute(
        "update job set lease = null, taken = 0, held_until = now() + make_interval(secs => $3)"
        " where id = $1 and lease = $2",
        job.id,
        job.lease,
        after_seconds,
    )


async def note_failure(tx: Transaction, job: Job, cause: str, pause_seconds: float) -> None:
    """Let it rest after a failure. Raises `LeaseLost`."""
    await lock(tx, job)
    await tx.execute(
        "update job set lease = null, failures = failures + 1, cause = $2,"
        " held_until = now() + make_interval(secs => $3) where id = $1",
        job.id,
        cause,
        pause_seconds,
    )


async def mark_dead(tx: Transaction, job: Job, cause: str, next_time: datetime | None) -> None:
    """Give it up, until its next time where it has one. Raises `LeaseLost`."""
    await lock(tx, job)
    await tx.execute(
        f"update job set {_FREE}, failures = failures + 1, taken = 0, cause = $2, died_at = now(),"
        " due_at = coalesce($3, due_at) where id = $1",
        job.id,
        cause,
        next_time,
    )


_FREE = "lease = null, held_until = '-infinity'"
_OPEN = "(died_at is null or schedule is not null)"
_TAKEN = """lease = gen_random_uuid(), taken = job.taken + 1,
       held_until = now() + make_interval(secs => {seconds})"""

PUT = """
insert into job as held (queue, key, lane, payload, due_at, schedule, traceparent)
values ($1, $2, $3, $4, coalesce($5, now()), $6, $7)
on conflict (queue, key) do update
   set lane = excluded.lane, payload = excluded.payload, due_at = excluded.due_at, schedule = excluded.schedule,
       traceparent = excluded.traceparent, edition = held.edition + 1, taken = 0, failures = 0, cause = null,
       died_at = null, held_until = case when held.lease is null then '-infinity' else held.held_until end
"""
TAKE = f"""
with next as (
    select one.id
      from unnest($1::text[], $2::int[]) as w (queue, room)
     cross join lateral (
           select id from job
            where queue = w.queue and lane = '' and {_OPEN} and due_at <= now() and held_until <= now()
            order by due_at, id limit w.room for update skip locked
     ) as one
)
update job set {_TAKEN.format(seconds="$3")}
  from next where job.id = next.id
returning {_FIELDS}
"""
# Each lane of those that wait by one step through the index, however many jobs it has.
_LANES = f"""
    lanes as (
        (select lane from job where queue = $1 and {_OPEN} order by lane limit 1)
        union all
        select (select one.lane from job as one
                 where queue = $1 and {_OPEN} and one.lane > lanes.lane order by one.lane limit 1)
          from lanes where lanes.lane is not null
    )
"""
_UNDER_WAY = f"exists (select from job as one where queue = $1 and one.lane = lanes.lane and {_OPEN}" + (
    " and one.held_until > now())"
)
TAKE_IN_TURN = f"""
with recursive {_LANES}, next as (
    select oldest.id, lanes.lane, turn.taken_at
      from lanes
      left join job_turn as turn on turn.queue = $1 and turn.lane = lanes.lane
     cross join lateral (
           select id, due_at from job
            where queue = $1 and job.lane = lanes.lane and {_OPEN} and due_at <= now() order by due_at, id limit 1
     ) as oldest
     where lanes.lane is not null and not {_UNDER_WAY}
     order by turn.taken_at nulls first, oldest.due_at, oldest.id limit 1
), turn as (
    insert into job_turn as turn (queue, lane, taken_at) select $1, lane, clock_timestamp() from next
    on conflict (queue, lane) do update set taken_at = excluded.taken_at
     where turn.taken_at = (select taken_at from next)
    returning lane
)
update job set {_TAKEN.format(seconds="$2")}
  from next, turn where job.id = next.id and job.held_until <= now()
returning {_FIELDS}
"""
OTHERS_WAIT = f"""
with recursive {_LANES}
select exists (
    select from lanes
     where lane <> $2 and not {_UNDER_WAY}
       and exists (select from job where queue = $1 and job.lane = lanes.lane and {_OPEN} and due_at <= now()))
"""
# A row that is locked is held by the transaction that makes its effects, or is being put again.
RENEW = """
with ours as (
    select id, lease from job where lease = any($1::uuid[])
), free as (
    select id from job where lease = any($1::uuid[]) for update skip locked
), renewed as (
    update job set held_until = now() + make_interval(secs => $2) from free where job.id = free.id
)
select lease from ours
"""
BACKLOG = f"""
select q.queue,
       (select count(*) from job
         where job.queue = q.queue and {_OPEN} and due_at <= now() and held_until <= now()) as due,
       (select coalesce(extract(epoch from now() - min(due_at)), 0)::float from job
         where job.queue = q.queue and {_OPEN} and due_at <= now() and held_until <= now()) as oldest,
       (select count(*) from job where job.queue = q.queue and died_at is not null) as dead
  from unnest($1::text[]) as q (queue)
"""
