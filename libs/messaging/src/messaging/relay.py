"""The relay: carries appended events from the outbox to their topics, each shard by one process at a time.

Three things together keep an older state from coming after a newer one: rows are read only after the publisher has
fenced its predecessors and the lease was seen to be ours *after* that; Kafka refuses a fenced publisher; and rows are
removed only while the lease is ours.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import structlog
from contracts.event import Topic
from database import Database, Record, new_id

from messaging import lease, metrics, outbox
from messaging.broker import BrokerClient, Publisher, PublisherFenced
from messaging.client import AIOKAFKA
from messaging.failures import is_transient
from messaging.kafka import Kafka
from messaging.lease import Lease, ShardLeaseLost
from messaging.topics import declared, ensure_topics
from messaging.waiting import Hint, backoff, pause

log = structlog.get_logger(__name__)

AWAKE: Final = (0.005, 0.01, 0.02, 0.02, 0.05)
"""Seconds between looks while events come, growing."""
REST: Final = 0.03
"""Seconds from one Kafka transaction to the next while they are not full. A lone event leaves at once; a trickle leaves
in handfuls, for here, on the broker and at each consumer a transaction of one event costs what one of hundreds does."""
ASLEEP_AFTER: Final = 2.0
"""Seconds without an event until the relay asks for a NOTIFY and looks rarely."""


@dataclass
class Relay:
    """Publishes one shard of a service's events for as long as it holds the lease, and waits for it otherwise."""

    database: Database
    kafka: Kafka
    service: str
    shard: int = 0
    shards: int = 1
    lease_seconds: float = 10.0
    asleep_seconds: float = 0.25
    most: int = 2000
    """Events in one Kafka transaction."""
    client: BrokerClient = AIOKAFKA
    _topics: set[str] = field(default_factory=set)

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until `stop`, over failures of database and broker and over the loss of the shard."""
        pauses = backoff(0.1, 5.0)
        while not stop.is_set():
            try:
                await self._hold(stop)
                pauses = backoff(0.1, 5.0)
            except (PublisherFenced, ShardLeaseLost) as error:
                metrics.RELAY_FENCED.labels(self.service, self.shard).inc()
                log.warning("relay.fenced", service=self.service, shard=self.shard, by=type(error).__name__)
                await pause(next(pauses), stop)
            except Exception as error:
                if not is_transient(error):
                    raise
                log.warning("relay.interrupted", service=self.service, shard=self.shard, error=repr(error))
                await pause(next(pauses), stop)

    async def _hold(self, stop: asyncio.Event) -> None:
        held = await lease.take(
            self.database, shard=self.shard, shards=self.shards, holder=new_id(), seconds=self.lease_seconds
        )
        if held is None:
            await pause(self.lease_seconds / 4, stop)
            return
        log.info("relay.holds", service=self.service, shard=self.shard, term=held.term)
        try:
            await self._publish_until(held, stop)
        finally:
            with suppress(Exception):  # it runs out by itself
                await lease.release(self.database, held)

    async def _publish_until(self, held: Lease, stop: asyncio.Event) -> None:
        publisher = await self.client.publisher(self.kafka, self.kafka.transactional_id(self.service, self.shard))
        try:
            # Who slept since taking the lease has now fenced its successor: it must notice before it reads a row.
            await lease.renew(self.database, held)
            async with Hint.listening(self.database) as hint:
                await self._serve(held, publisher, hint, stop)
        finally:
            await publisher.close()

    async def _serve(self, held: Lease, publisher: Publisher, hint: Hint, stop: asyncio.Event) -> None:
        watch = _Watch(self, held)
        while not stop.is_set():
            hint.event.clear()
            if rows := await self.unpublished():
                rested = time.monotonic() + REST
                await self._publish(held, publisher, rows)
                watch.busy()
                if len(rows) < self.most and (left := rested - time.monotonic()) > 0:
                    await pause(left, stop)
            else:
                await watch.idle(hint, stop)
            await watch.measure()

    async def _publish(self, held: Lease, publisher: Publisher, rows: Sequence[Record]) -> None:
        counts = Counter(row["aggregatetype"] for row in rows)
        await self._ensure(declared(noun) for noun in counts if noun not in self._topics)
        await publisher.publish([outbox.message(self.kafka, self.service, row) for row in rows])
        await self.published(rows)
        await lease.settle(self.database, held, [row["number"] for row in rows])
        for noun, count in counts.items():
            metrics.PUBLISHED.labels(self.service, noun).inc(count)

    async def unpublished(self) -> Sequence[Record]:
        """What is to be published next, in order."""
        return await outbox.unpublished(self.database, shard=self.shard, shards=self.shards, most=self.most)

    async def published(self, rows: Sequence[Record]) -> None:
        """Between acknowledgement and removal; a seam where tests let the process die."""

    async def _ensure(self, topics: Iterable[Topic]) -> None:
        if missing := list(topics):
            await ensure_topics(self.kafka, missing, client=self.client)
            self._topics |= {topic.noun for topic in missing}


class _Watch:
    """How long to wait for the next look, and what to do meanwhile."""

    def __init__(self, relay: Relay, held: Lease) -> None:
        self._relay = relay
        self._held = held
        self._looks = 0
        self._asleep = False
        self._active = self._renewed = time.monotonic()
        self._measured = 0.0

    def busy(self) -> None:
        self._looks, self._asleep = 0, False
        self._active = self._renewed = time.monotonic()

    async def idle(self, hint: Hint, stop: asyncio.Event) -> None:
        now = time.monotonic()
        falls_asleep = not self._asleep and now - self._active > ASLEEP_AFTER and not hint.lost
        if falls_asleep or now - self._renewed > self._relay.lease_seconds / 3:
            self._asleep = self._asleep or falls_asleep
            await lease.renew(self._relay.database, self._held, asleep=self._asleep)
            self._renewed = now
        if not falls_asleep:  # one more look after asking to be woken: somebody may have appended just before
            await pause(self._pause(), hint.event, stop)
        self._looks += 1

    def _pause(self) -> float:
        return self._relay.asleep_seconds if self._asleep else AWAKE[min(self._looks, len(AWAKE) - 1)]

    async def measure(self) -> None:
        if time.monotonic() - self._measured < 5:
            return
        self._measured = time.monotonic()
        relay = self._relay
        waiting = await outbox.backlog(relay.database, shard=relay.shard, shards=relay.shards)
        metrics.OUTBOX_ROWS.labels(relay.service, relay.shard).set(waiting.rows)
        metrics.OUTBOX_AGE.labels(relay.service, relay.shard).set(waiting.oldest_seconds)
