"""Following compacted topics into memory, from their beginning and without a group."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import structlog
from contracts.event import Event, Topic

from messaging import metrics
from messaging.broker import BrokerClient, Partition, RecordBatch, Subscriber
from messaging.client import AIOKAFKA
from messaging.envelope import Tombstone, UnreadableEvent, read
from messaging.failures import is_transient
from messaging.kafka import Kafka
from messaging.topics import ensure_topics
from messaging.waiting import backoff, pause, unless
from messaging.watchdog import Watchdog

log = structlog.get_logger(__name__)

State: TypeAlias = Event | Tombstone

POLL_SECONDS = 0.5
MOST = 5000


async def follow(
    kafka: Kafka,
    topics: Sequence[Topic],
    on_events: Callable[[Sequence[State]], None],
    stop: asyncio.Event,
    ready: asyncio.Event,
    *,
    stall_seconds: float = 60.0,
    client: BrokerClient = AIOKAFKA,
) -> None:
    """Give every state on the topics to `on_events`, in order per key, until `stop`.

    `ready` is set once all is read that was there at the start. Over a broker's restart it goes on where it was.
    """
    follower = _Follower(kafka, topics, lambda topic, batch: _hand_over(topic, batch, on_events), stall_seconds, client)
    await _keep_reading(follower, stop, ready)


async def notice(
    kafka: Kafka,
    topic: Topic,
    on_change: Callable[[], None],
    stop: asyncio.Event,
    *,
    stall_seconds: float = 60.0,
    client: BrokerClient = AIOKAFKA,
) -> None:
    """Call `on_change` whenever something was published on the topic, from now on, until `stop`. Nothing is decoded."""
    follower = _Follower(kafka, [topic], lambda *_: on_change(), stall_seconds, client, from_now=True)
    await _keep_reading(follower, stop, asyncio.Event())


async def _keep_reading(follower: "_Follower", stop: asyncio.Event, ready: asyncio.Event) -> None:
    pauses = backoff(0.1, 5.0)
    while not stop.is_set():
        try:
            await follower.read(stop, ready)
        except Exception as error:
            if not is_transient(error):
                raise
            log.warning("follow.interrupted", topics=follower.nouns, error=repr(error))
            await pause(next(pauses), stop)


class _Follower:
    def __init__(
        self,
        kafka: Kafka,
        topics: Sequence[Topic],
        on_batch: Callable[[Topic, RecordBatch], None],
        stall_seconds: float,
        client: BrokerClient,
        *,
        from_now: bool = False,
    ) -> None:
        self.nouns = [topic.noun for topic in topics]
        self._kafka = kafka
        self._topics = {kafka.name(topic): topic for topic in topics}
        self._on_batch = on_batch
        self._stall_seconds = stall_seconds
        self._client = client
        self._from_now = from_now
        self._positions: dict[Partition, int] = {}
        self._ends: Mapping[Partition, int] | None = None

    async def read(self, stop: asyncio.Event, ready: asyncio.Event) -> None:
        """Until `stop`, or until a client is needed that is not stalled."""
        topics = list(self._topics.values())
        await ensure_topics(self._kafka, topics, client=self._client)
        reader = await unless(self._client.reader(self._kafka, topics), stop)
        if reader is None:
            return
        watchdog = Watchdog(
            self._client, self._kafka, topics, lambda: self._positions, self._stall_seconds, lambda *_: None
        )
        try:
            await self._begin(reader, ready)
            await self._follow(reader, watchdog, stop, ready)
        finally:
            watchdog.close()
            await reader.close()

    async def _begin(self, reader: Subscriber, ready: asyncio.Event) -> None:
        if self._ends is None:
            self._ends = await reader.ends(reader.assigned())
        first = self._ends if self._from_now else {}
        self._positions = {each: self._positions.get(each, first.get(each, 0)) for each in reader.assigned()}
        for partition, position in self._positions.items():
            reader.seek(partition, position)
        self._see_whether(ready)

    async def _follow(self, reader: Subscriber, watchdog: Watchdog, stop: asyncio.Event, ready: asyncio.Event) -> None:
        while not stop.is_set() and not watchdog.stalled.is_set():
            found = await unless(reader.poll(POLL_SECONDS, MOST), stop, watchdog.stalled)
            for partition, batch in (found or {}).items():
                self._on_batch(self._topics[partition.topic], batch)
                self._positions[partition] = batch.next_offset
            self._see_whether(ready)

    def _see_whether(self, ready: asyncio.Event) -> None:
        ends = self._ends or {}
        if all(self._positions.get(partition, 0) >= end for partition, end in ends.items()):
            ready.set()


def _hand_over(topic: Topic, batch: RecordBatch, on_events: Callable[[Sequence[State]], None]) -> None:
    read_ones = [read(topic, record) for record in batch.records]
    states = [content for content in read_ones if isinstance(content, Event | Tombstone)]
    if states:
        on_events(states)
    unreadable = sum(isinstance(content, UnreadableEvent) for content in read_ones)
    if unreadable:
        log.warning("follow.unreadable", topic=topic.noun, count=unreadable)
    metrics.FOLLOWED.labels(topic.noun, "taken").inc(len(states))
    metrics.FOLLOWED.labels(topic.noun, "unreadable").inc(unreadable)
