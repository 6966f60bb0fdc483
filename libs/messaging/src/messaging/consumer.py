"""The consumer loop: batches of events into one transaction with the offset they end at."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import NamedTuple

import asyncpg
import structlog
from contracts.event import Topic
from database import Database, Transaction, end_stalled
from database.pool import STATEMENT_SECONDS

from messaging import dead_letters, metrics, offsets, rebuilding, tracing
from messaging.broker import BrokerClient, Partition, RecordBatch, Subscriber
from messaging.client import AIOKAFKA
from messaging.envelope import UnknownEvent, UnreadableEvent
from messaging.failures import ConsumerStalled, is_transient
from messaging.handling import (
    FailedRecord,
    HandlerFailed,
    ReceivedRecord,
    Run,
    arrivals,
    hand_over,
    hand_over_apart,
    runs,
    unreadable,
)
from messaging.kafka import Kafka
from messaging.offsets import OffsetMoved, ProjectionSuperseded
from messaging.projection import Projection
from messaging.topics import ensure_topics
from messaging.waiting import backoff, pause, unless
from messaging.watchdog import Watchdog

log = structlog.get_logger(__name__)

POLL_SECONDS = 0.2
SUPERSEDED_SECONDS = 10.0
FULL = 500
"""Records from which the next ones are read while these are stored: of fewer, more come together by waiting."""
READ_AT_ONCE = 200
"""Records read without letting go of the event loop."""
LOOK_SECONDS = 1.0
"""How often an idle consumer looks whether somebody moved its offsets, and tells Kafka where it is."""


class ReceivedBatch(NamedTuple):
    """What was found on one topic, read, and the offsets to go on from."""

    topic: str
    received: Sequence[ReceivedRecord]
    after: Mapping[Partition, int]


@dataclass
class Consumer:
    """Keeps a projection of other services' events. Several may run under one name; Kafka shares out partitions."""

    database: Database
    kafka: Kafka
    name: str
    projection: Projection
    session_seconds: float = 10.0
    stall_seconds: float = 60.0
    statement_seconds: float = STATEMENT_SECONDS
    """How long a statement of another member may wait for it, when that keeps us from its partitions."""
    client: BrokerClient = AIOKAFKA

    def __post_init__(self) -> None:
        self._topics = {self.kafka.name(topic): topic for topic in self.projection.topics}
        self._positions: dict[Partition, int] = {}
        self._generation = -1
        self._open_letters = 0
        self._acknowledged: dict[Partition, int] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Consume until `stop`, over failures of database and broker. Raises `ConsumerStalled`: then run it again."""
        ending = rebuilding.end_rebuilds(self.database, self.kafka, self.client, self.name, self.projection)
        self._ending = asyncio.create_task(ending)
        try:
            await self._run(stop)
        finally:
            self._ending.cancel()
            await asyncio.wait([self._ending])

    async def _run(self, stop: asyncio.Event) -> None:
        pauses = backoff(0.1, 5.0)
        while not stop.is_set():
            try:
                await self._join(stop)
            except ProjectionSuperseded:
                log.warning("consumer.superseded", consumer=self.name, version=self.projection.version)
                await pause(SUPERSEDED_SECONDS, stop)
            except Exception as error:
                if not is_transient(error):
                    raise
                log.warning("consumer.interrupted", consumer=self.name, error=repr(error))
                await pause(next(pauses), stop)

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Transaction]:
        """One that finds what is being built anew, where there is such."""
        async with self.database.transaction() as tx:
            await rebuilding.use_rebuild_tables(tx, self.name)
            yield tx

    async def caught_up(self) -> None:
        """Wait until what answers has reached the ends the topics have now."""
        await ensure_topics(self.kafka, self.projection.topics, client=self.client)
        ends = await self.client.ends(self.kafka, self.projection.topics)
        while True:
            async with self.database.connection() as connection:
                rebuilt = await rebuilding.under_way(connection, self.name, self.projection)
                stored = await offsets.stored(connection, self.name)
            if not rebuilt and all(stored.get(partition, 0) >= end for partition, end in ends.items()):
                return
            await asyncio.sleep(0.02)

    async def _join(self, stop: asyncio.Event) -> None:
        await self._adopt()
        await ensure_topics(self.kafka, self.projection.topics, client=self.client)
        group = self.kafka.group(self.name)
        joining = self.client.member(self.kafka, group, self.projection.topics, session_seconds=self.session_seconds)
        subscriber = await unless(joining, stop)
        if subscriber is None:
            return
        self._positions, self._generation = {}, -1
        self._watchdog = Watchdog(
            self.client, self.kafka, self.projection.topics, lambda: self._positions, self.stall_seconds, self._show_lag
        )
        try:
            await self._consume(subscriber, stop)
            await self._acknowledge(subscriber)
        finally:
            self._watchdog.close()
            await subscriber.close()

    async def _adopt(self) -> None:
        async with self.database.transaction() as tx:
            begun = await rebuilding.adopt(tx, self.name, self.projection)
        if begun:
            log.info("consumer.rebuilds", consumer=self.name, version=self.projection.version)

    async def _consume(self, subscriber: Subscriber, stop: asyncio.Event) -> None:
        looked = 0.0
        while not stop.is_set():
            if self._ending.done():
                self._ending.result()  # it never ends but by a failure that does not pass
            if time.monotonic() - looked > LOOK_SECONDS or subscriber.generation != self._generation:
                await self._look(subscriber)
                looked = time.monotonic()
            found = await self._next(subscriber, stop)
            while found:
                found = await self._store_all(subscriber, found, stop, ahead=time.monotonic() - looked < LOOK_SECONDS)

    async def _next(self, subscriber: Subscriber, stop: asyncio.Event) -> list[ReceivedBatch]:
        """What is found next, read."""
        # During a rebalance aiokafka's poll does not return before the group's coordinator is there.
        polling = subscriber.poll(POLL_SECONDS, self.projection.at_once)
        found = await unless(polling, stop, self._watchdog.stalled)
        if self._watchdog.stalled.is_set():
            raise ConsumerStalled(f"{self.name} stays behind its topics")
        return [await self._read(topic, batches) for topic, batches in _by_topic(found or {}).items()]

    async def _read(self, topic: str, batches: Mapping[Partition, RecordBatch]) -> ReceivedBatch:
        received: list[ReceivedRecord] = []
        for partition, batch in batches.items():
            for start in range(0, len(batch.records), READ_AT_ONCE):
                received += arrivals(self._topics[topic], partition, batch.records[start : start + READ_AT_ONCE])
                await asyncio.sleep(0)
        return ReceivedBatch(topic, received, {partition: batch.next_offset for partition, batch in batches.items()})

    async def _store_all(
        self, subscriber: Subscriber, found: Sequence[ReceivedBatch], stop: asyncio.Event, *, ahead: bool
    ) -> list[ReceivedBatch]:
        """Store what was found; where that is much, what is found meanwhile, which is void with its generation."""
        many = sum(len(batch.received) for batch in found) >= min(FULL, self.projection.at_once)
        reading = asyncio.create_task(self._next(subscriber, stop)) if ahead and many else None
        try:
            for batch in found:
                self._watchdog.working()
                await self._take(subscriber, batch, stop)
            return await reading if reading else []
        finally:
            if reading:
                reading.cancel()
                await asyncio.gather(reading, return_exceptions=True)

    async def _look(self, subscriber: Subscriber) -> None:
        """Seek where the stored position is not ours: after an assignment, or after a rewind."""
        generation, assigned = subscriber.generation, subscriber.assigned()
        async with self._transaction() as tx:
            stored = await offsets.positions(tx, self.name, self.projection.version, assigned)
            self._open_letters = await dead_letters.count_open(tx, self.name)
        metrics.OPEN_DEAD_LETTERS.labels(self.name).set(self._open_letters)
        kept = self._positions if generation == self._generation else {}
        for partition in stored:
            if kept.get(partition) != stored[partition]:
                subscriber.seek(partition, stored[partition])
        self._forget_lag(self._positions.keys() - stored.keys())
        self._positions, self._generation = stored, generation
        await self._acknowledge(subscriber)

    async def _acknowledge(self, subscriber: Subscriber) -> None:
        if self._positions != self._acknowledged:
            self._acknowledged = dict(self._positions)
            await subscriber.acknowledge(self._acknowledged)

    def _forget_lag(self, given_away: Iterable[Partition]) -> None:
        for partition in given_away:
            with suppress(KeyError):
                metrics.LAG.remove(self.name, self._topics[partition.topic].noun, str(partition.number))

    def _show_lag(self, partition: Partition, lag: int) -> None:
        metrics.LAG.labels(self.name, self._topics[partition.topic].noun, partition.number).set(lag)

    async def _take(self, subscriber: Subscriber, batch: ReceivedBatch, stop: asyncio.Event) -> None:
        """What was found on one topic, in one transaction: partitions share what its handler writes."""
        if subscriber.generation != self._generation or not batch.after.keys() <= self._positions.keys():
            self._generation = -1  # no longer ours, or to be read again from another offset
        elif not await self._settled(batch, stop):
            self._generation = -1

    async def _settled(self, batch: ReceivedBatch, stop: asyncio.Event) -> bool:
        """Whether the batch is stored; again and again while the failure passes by itself."""
        pauses = backoff(0.05, 5.0)
        topic, arrived, after = batch
        apart = False
        while not stop.is_set():
            try:
                await self._store(topic, arrived, after, apart=apart)
            except OffsetMoved:
                log.info("consumer.moved", consumer=self.name, topic=topic, partitions=[at.number for at in after])
                return False
            except HandlerFailed:
                apart = True
            except Exception as error:
                if not is_transient(error):
                    raise
                self._watchdog.working()
                metrics.RETRIES.labels(self.name).inc()
                log.warning("consumer.retries", consumer=self.name, topic=topic, error=repr(error))
                if isinstance(error, asyncpg.LockNotAvailableError):
                    await self._end_stalled()
                await pause(next(pauses), stop)
            else:
                return True
        return False

    async def _end_stalled(self) -> None:
        """Whoever froze while it sent rows holds its partitions for as long as it lives, unless it is ended."""
        try:
            ended = await end_stalled(self.database, seconds=self.statement_seconds)
        except Exception as error:
            if not is_transient(error):
                raise
            return
        if ended:
            log.warning("consumer.ended_stalled", consumer=self.name, sessions=ended)

    async def _store(
        self, name: str, arrived: Sequence[ReceivedRecord], after: Mapping[Partition, int], *, apart: bool
    ) -> None:
        """Effects and offsets in one transaction."""
        topic, began = self._topics[name], time.monotonic()
        batch, casualties = runs(self.projection, arrived), unreadable(arrived)
        with tracing.handling(self.name, name, [arrival.record for arrival in arrived]):
            async with self._transaction() as tx:
                await self._move(tx, after)
                if apart:
                    casualties += await hand_over_apart(tx, batch)
                else:
                    await hand_over(tx, batch)
                await self._store_dead_letters(tx, topic, batch, casualties)
        self._positions.update(after)
        if arrived:
            metrics.BATCH_SECONDS.labels(self.name, topic.noun).observe(time.monotonic() - began)
            self._count(topic, arrived, batch, len(casualties))

    async def _move(self, tx: Transaction, after: Mapping[Partition, int]) -> None:
        for partition in sorted(after):  # one order for all, so that a zombie and its successor don't deadlock
            await offsets.move(
                tx,
                self.name,
                self.projection.version,
                partition,
                before=self._positions[partition],
                after=after[partition],
                idle_seconds=self.session_seconds,
            )

    async def _store_dead_letters(
        self, tx: Transaction, topic: Topic, batch: Sequence[Run], failed: Sequence[FailedRecord]
    ) -> None:
        """Keep the dead letters of this batch, and resolve those of which it brought a newer state."""
        if failed:
            await dead_letters.store(tx, self.name, topic, failed)
            self._open_letters += len(failed)
            causes = sorted({casualty.cause.split(":")[0] for casualty in failed})
            log.warning("consumer.dead_letters", consumer=self.name, topic=topic.noun, count=len(failed), causes=causes)
        if self._open_letters:
            dead = {_place(casualty.arrival) for casualty in failed}
            taken = [arrival for _, run in batch for arrival in run if _place(arrival) not in dead]
            await dead_letters.supersede(tx, self.name, topic, taken)

    def _count(self, topic: Topic, arrived: Sequence[ReceivedRecord], batch: Sequence[Run], dead: int) -> None:
        given = sum(len(run) for _, run in batch) + sum(isinstance(a.content, UnreadableEvent) for a in arrived)
        unknown = sum(isinstance(arrival.content, UnknownEvent) for arrival in arrived)
        fates = {"taken": given - dead, "dead": dead, "unknown": unknown, "ignored": len(arrived) - given - unknown}
        for fate, count in fates.items():
            if count:
                metrics.CONSUMED.labels(self.name, topic.noun, fate).inc(count)


def _by_topic(found: Mapping[Partition, RecordBatch]) -> Mapping[str, dict[Partition, RecordBatch]]:
    topics: dict[str, dict[Partition, RecordBatch]] = {}
    for partition, batch in found.items():
        topics.setdefault(partition.topic, {})[partition] = batch
    return topics


def _place(received: ReceivedRecord) -> tuple[Partition, int]:
    return received.partition, received.record.offset
