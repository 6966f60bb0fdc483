"""The worker: takes jobs of its queues as far as it has room, keeps their leases, and settles what becomes of them.

What it was told to stop in the middle of is cancelled as if it had died, only that the next one may take it at once.
"""

import asyncio
import math
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic
from uuid import UUID

import structlog
from database import Database, Transaction
from messaging.failures import cause, is_transient
from messaging.waiting import pause
from opentelemetry import trace
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from jobs import metrics, store
from jobs.attempt import Attempt
from jobs.loop import TROUBLE_SECONDS, keep_taking, passing
from jobs.schedule import AtStart, read
from jobs.store import Job, JobLeaseLost
from jobs.work import Context, Work

log = structlog.get_logger(__name__)
tracer = trace.get_tracer("jobs")
_propagator = TraceContextTextMapPropagator()

LOOK_SECONDS = 1.0
CLOCKS_APART_SECONDS = 0.02
RENEW_SECONDS = 3.0
MEASURE_SECONDS = 5.0
MOST_TAKEN = 10
"""Times a job may be taken without getting on: it killed its workers."""


@dataclass
class JobWorker(Generic[Context]):
    """Does the jobs of some queues."""

    database: Database
    works: Sequence[Work[Context]]
    context: Context
    room: asyncio.Event = field(default_factory=asyncio.Event)
    _running: dict[UUID, "asyncio.Task[None]"] = field(default_factory=dict)
    """Attempts under way, by lease."""
    _under_way: Counter[str] = field(default_factory=Counter)
    _next_due: float = math.inf
    """By the clock of the process, when one of ours is due again."""

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop. Raises what can't be mended by trying again."""
        if not self.works:
            return
        self._of = {work.queue.name: work for work in self.works}
        async with asyncio.TaskGroup() as together:
            helpers = [together.create_task(self._renew_all()), together.create_task(self._measure())]
            try:
                await self._begin(stop)
                await keep_taking(self.database, (store.CHANNEL,), self, stop)
            finally:
                await _cancel(list(self._running.values()))
                await _cancel(helpers)

    async def take(self) -> float:
        """Begin what is due, as far as there is room; how many seconds later to look again."""
        room = {work.queue.name: left for work in self.works if (left := self._left(work)) > 0}
        plain = {name: left for name, left in room.items() if not self._of[name].queue.fair}
        found = await self.database.run(lambda tx: store.take(tx, plain)) if plain else []
        for name in room.keys() - plain.keys():
            if job := await self.database.run(lambda tx, name=name: store.take_in_turn(tx, name)):  # type: ignore[misc]
                found.append(job)
        for job in found:
            self._start(job)
        return 0.0 if found else self._rest()

    def _rest(self) -> float:
        seconds = self._next_due - time.monotonic()
        if seconds <= 0:  # looked for just now
            self._next_due = math.inf
            return LOOK_SECONDS
        return min(LOOK_SECONDS, seconds)

    def _look_in(self, seconds: float) -> None:
        self._next_due = min(self._next_due, time.monotonic() + seconds + CLOCKS_APART_SECONDS)

    def _left(self, work: Work[Context]) -> int:
        return work.at_once(self.context) - self._under_way[work.queue.name]

    def _start(self, job: Job) -> None:
        attempt = asyncio.create_task(self._attempt(self._of[job.queue], job))
        self._running[job.lease] = attempt
        self._under_way[job.queue] += 1
        attempt.add_done_callback(lambda _: self._ended(job))

    def _ended(self, job: Job) -> None:
        del self._running[job.lease]
        self._under_way[job.queue] -= 1
        self.room.set()

    async def _attempt(self, work: Work[Context], job: Job) -> None:
        began, fate = time.monotonic(), "lost"
        try:
            fate = await self._perform(work, job)
        except asyncio.CancelledError:
            fate = "interrupted"
            with passing("job.unreleased"):
                await self.database.run(lambda tx: store.release(tx, job))
        except JobLeaseLost:
            log.info("job.taken_over", queue=job.queue, key=job.key)
        except Exception:
            fate = "unsettled"  # its lease runs out, and it is tried again
            log.exception("job.unsettled", queue=job.queue, key=job.key)
        metrics.ENDED.labels(job.queue, fate).inc()
        metrics.SECONDS.labels(job.queue).observe(time.monotonic() - began)

    async def _perform(self, work: Work[Context], job: Job) -> str:
        attempt = Attempt(job, self.database)
        context = _propagator.extract({"traceparent": job.traceparent} if job.traceparent else {})
        try:
            if job.taken > MOST_TAKEN:
                return await self._mark_dead(work, job, f"Its worker ended {MOST_TAKEN} times")
            with tracer.start_as_current_span(job.queue, context):
                await work.perform(self.context, attempt)
                if not attempt.over:
                    await attempt.complete(_nothing)
        except JobLeaseLost:
            raise
        except Exception as error:
            return await self._failed(work, job, error)
        if job.schedule is not None:
            now = datetime.now(UTC)
            self._look_in((read(job.schedule).after(now) - now).total_seconds())
        return "done"

    async def _failed(self, work: Work[Context], job: Job, error: Exception) -> str:
        if is_transient(error):
            log.warning("job.interrupted", queue=job.queue, cause=type(error).__name__)
            await self.database.run(lambda tx: store.release(tx, job, after_seconds=TROUBLE_SECONDS))
            return "interrupted"
        why = cause(error)
        log.exception("job.failed", queue=job.queue, key=job.key, failures=job.failures + 1)
        if work.ladder.ends_after(job.failures + 1):
            return await self._mark_dead(work, job, why)
        seconds = work.ladder.pause(job.failures + 1, random.random).total_seconds()
        await self.database.run(lambda tx: store.note_failure(tx, job, why, seconds))
        self._look_in(seconds)
        return "failed"

    async def _mark_dead(self, work: Work[Context], job: Job, why: str) -> str:
        next_time = read(job.schedule).after(datetime.now(UTC)) if job.schedule else None

        async def mark_dead(tx: Transaction) -> None:
            await store.mark_dead(tx, job, why, next_time)
            if work.on_death:
                await work.on_death(tx, job)

        log.error("job.died", queue=job.queue, key=job.key)
        await self.database.run(mark_dead)
        return "died"

    async def _begin(self, stop: asyncio.Event) -> None:
        """Put what is declared to be done by a schedule."""
        while not stop.is_set():
            with passing("jobs.not_begun"):
                await self.database.run(self._put_scheduled)
                return
            await pause(TROUBLE_SECONDS, stop)

    async def _put_scheduled(self, tx: Transaction) -> None:
        for work in sorted(self.works, key=lambda work: work.queue.name):
            if isinstance(work.schedule, AtStart):
                await work.queue.put(tx, "")
            elif work.schedule is not None:
                await work.queue.repeat(tx, "", work.schedule)

    async def _renew_all(self) -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            held = dict(self._running)
            with passing("jobs.not_renewed"):
                ours = await store.renew(self.database, list(held)) if held else set()
                for lease in held.keys() - ours:
                    held[lease].cancel()

    async def _measure(self) -> None:
        while True:
            with passing("jobs.unmeasured"):
                async with self.database.connection() as connection:
                    rows = await connection.fetch(store.BACKLOG, list(self._of))
                for row in rows:
                    metrics.DUE.labels(row["queue"]).set(row["due"])
                    metrics.OLDEST.labels(row["queue"]).set(row["oldest"])
                    metrics.DEAD.labels(row["queue"]).set(row["dead"])
            await asyncio.sleep(MEASURE_SECONDS)


async def _cancel(tasks: Sequence["asyncio.Task[None]"]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _nothing(_: Any) -> None:
    """Of work whose effects are made."""
