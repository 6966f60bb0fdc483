"""aiokafka behind the port of `broker.py`, with what its faults ask for."""

import asyncio
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeVar

import structlog
from aiokafka import (  # type: ignore[import-untyped]
    AIOKafkaConsumer,
    AIOKafkaProducer,
    ConsumerRebalanceListener,
    TopicPartition,
    errors,
)
from aiokafka.admin import AIOKafkaAdminClient, NewTopic  # type: ignore[import-untyped]
from aiokafka.partitioner import murmur2  # type: ignore[import-untyped]
from aiokafka.record.default_records import DefaultRecordBatchBuilder  # type: ignore[import-untyped]
from contracts.event import Topic

from messaging.broker import BrokerUnavailable, Message, Partition, PublisherFenced, RecordBatch
from messaging.kafka import Kafka

log = structlog.get_logger(__name__)

Result = TypeVar("Result")

BATCH_BYTES = 256 * 1024
FETCH_BYTES = 4 * 1024 * 1024
REQUEST_SECONDS = 15.0
CLOSING_SECONDS = 3.0
FENCED = (errors.ProducerFenced, errors.InvalidProducerEpoch, errors.InvalidTxnState, errors.InvalidProducerIdMapping)

_closing: set[asyncio.Task[None]] = set()


class ExtensionsMissing(RuntimeError):
    """aiokafka runs without its C extensions."""


def require_extensions() -> None:
    """Refuse to start ten times slower than measured."""
    if "_crecords" not in DefaultRecordBatchBuilder.__module__:
        raise ExtensionsMissing(
            "aiokafka's C extensions are missing: install its wheel for this platform and unset AIOKAFKA_NO_EXTENSIONS"
        )


def _options(kafka: Kafka) -> dict[str, Any]:
    require_extensions()
    return {
        "bootstrap_servers": kafka.bootstrap,
        "client_id": kafka.prefix,
        "request_timeout_ms": int(REQUEST_SECONDS * 1000),
        "retry_backoff_ms": 50,
        "metadata_max_age_ms": 60_000,
    }


async def _answered(request: Awaitable[Result], seconds: float = REQUEST_SECONDS) -> Result:
    """Await with an end: aiokafka retries for ever where a broker is gone."""
    try:
        return await asyncio.wait_for(request, seconds)
    except FENCED as error:
        raise PublisherFenced(str(error)) from error
    except (errors.KafkaError, OSError, TimeoutError) as error:
        raise BrokerUnavailable(repr(error)) from error


async def _closed(client: "AIOKafkaProducer | AIOKafkaConsumer | AIOKafkaAdminClient | _Publisher") -> None:
    """Close, leaving it behind to finish by itself where the broker is gone."""
    closing = asyncio.ensure_future(client.close() if isinstance(client, AIOKafkaAdminClient) else client.stop())
    _closing.add(closing)
    closing.add_done_callback(_forget)
    await asyncio.wait([closing], timeout=CLOSING_SECONDS)


def _forget(closing: "asyncio.Task[None]") -> None:
    _closing.discard(closing)
    if not closing.cancelled() and (error := closing.exception()):
        log.info("kafka.closing_failed", error=repr(error))


class _Publisher:
    """Publishes through `send_batch`: one future a batch instead of one a message."""

    def __init__(self, producer: AIOKafkaProducer, seconds: float) -> None:
        self._producer = producer
        self._seconds = seconds

    async def publish(self, messages: Sequence[Message]) -> None:
        # After a failure there is no abort: the next publisher's start aborts what was left open, also when we die.
        await _answered(self._transaction(messages), self._seconds)

    async def _transaction(self, messages: Sequence[Message]) -> None:
        await self._producer.begin_transaction()
        sent = [
            await self._producer.send_batch(builder, topic, partition=number)
            for (topic, number), builders in (await self._built(messages)).items()
            for builder in builders
        ]
        # The commit itself would not notice that a batch failed.
        for outcome in await asyncio.gather(*sent, return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome
        await self._producer.commit_transaction()

    async def _built(self, messages: Sequence[Message]) -> dict[tuple[str, int], list[Any]]:
        counts = {topic: len(await self._producer.partitions_for(topic)) for topic in {m.topic for m in messages}}
        built: dict[tuple[str, int], list[Any]] = {}
        for message in messages:
            number = (murmur2(message.key) & 0x7FFFFFFF) % counts[message.topic]
            self._append(built.setdefault((message.topic, number), []), message)
        return built

    def _append(self, builders: list[Any], message: Message) -> None:
        parts = {"timestamp": None, "key": message.key, "value": message.value, "headers": message.headers}
        if not builders or builders[-1].append(**parts) is None:
            builders.append(self._producer.create_batch())
            builders[-1].append(**parts)

    async def close(self) -> None:
        await _closed(self)

    async def stop(self) -> None:
        """End the producer. Who was left to finish by itself may fail long after."""
        try:
            await self._producer.stop()
        finally:
            self._read_failures()

    def _read_failures(self) -> None:
        # aiokafka tells a failure to all who could wait for it; asyncio complains of each for whom nobody did.
        batches = chain.from_iterable(self._producer._message_accumulator._batches.values())
        waiters = [batch._drain_waiter for batch in batches]
        if ended := self._producer._txn_manager.wait_for_transaction_end():
            waiters.append(ended)
        for waiter in waiters:
            if waiter.done() and not waiter.cancelled():
                waiter.exception()


class _Generations(ConsumerRebalanceListener):  # type: ignore[misc]
    """Counts assignments. It does no work: aiokafka swallows what a listener raises."""

    def __init__(self) -> None:
        self.count = 0

    def on_partitions_revoked(self, revoked: Any) -> None:
        self.count += 1

    def on_partitions_assigned(self, assigned: Any) -> None:
        self.count += 1


class _Subscriber:
    def __init__(self, consumer: AIOKafkaConsumer, generations: _Generations) -> None:
        self._consumer = consumer
        self._generations = generations
        self._positions: dict[Partition, int] = {}

    @property
    def generation(self) -> int:
        return self._generations.count

    def assigned(self) -> frozenset[Partition]:
        return frozenset(Partition(*tp) for tp in self._consumer.assignment())

    def seek(self, partition: Partition, offset: int) -> None:
        try:
            self._consumer.seek(TopicPartition(*partition), offset)
        except (errors.IllegalStateError, AssertionError):
            return  # revoked meanwhile; the generation has changed
        self._positions[partition] = offset

    async def poll(self, seconds: float, most: int) -> Mapping[Partition, RecordBatch]:
        # A member without partitions polls as well: one that does not is never let in again after max_poll_interval.
        try:
            found = await self._consumer.getmany(timeout_ms=int(seconds * 1000), max_records=most)
        except errors.KafkaError as error:
            # After a damaged batch aiokafka's position may stand behind records it never handed out.
            for partition, offset in self._positions.items():
                self.seek(partition, offset)
            raise BrokerUnavailable(repr(error)) from error
        return self._batches({Partition(*tp): records for tp, records in found.items()})

    def _batches(self, found: Mapping[Partition, Sequence[Any]]) -> dict[Partition, RecordBatch]:
        batches = {}
        for partition in self.assigned() & self._positions.keys():
            position = self._position(partition)
            if position is not None and (partition in found or position != self._positions[partition]):
                self._positions[partition] = position
                batches[partition] = RecordBatch(found.get(partition, ()), position)
        return batches

    def _position(self, partition: Partition) -> int | None:
        # `consumer.position()` waits where there is none; markers of transactions move it without a record.
        assignment = self._consumer._subscription.subscription.assignment
        if assignment is None or TopicPartition(*partition) not in assignment.tps:
            return None
        state = assignment.state_value(TopicPartition(*partition))
        return int(state.position) if state.has_valid_position else None

    async def ends(self, partitions: Iterable[Partition]) -> Mapping[Partition, int]:
        return await _ends(self._consumer, partitions)

    async def acknowledge(self, positions: Mapping[Partition, int]) -> None:
        if self._consumer._group_id is None or self._consumer._subscription.reassignment_in_progress:
            return  # sent amid a rebalance it makes aiokafka forget its membership and begin the next rebalance
        mine = {TopicPartition(*partition): offset for partition, offset in positions.items()}
        assigned = self._consumer.assignment()
        mine = {partition: offset for partition, offset in mine.items() if partition in assigned}
        try:
            if mine:
                await asyncio.wait_for(self._consumer.commit(mine), 2)
        except (errors.KafkaError, errors.IllegalOperation, TimeoutError) as error:
            log.debug("kafka.acknowledge_failed", error=repr(error))

    async def close(self) -> None:
        await _closed(self._consumer)


async def _ends(consumer: AIOKafkaConsumer, partitions: Iterable[Partition]) -> Mapping[Partition, int]:
    asked = [TopicPartition(*partition) for partition in partitions]
    ends = await _answered(consumer.end_offsets(asked)) if asked else {}
    return {Partition(*partition): offset for partition, offset in ends.items()}


async def _partitions(consumer: AIOKafkaConsumer, names: Iterable[str]) -> list[Partition]:
    found = []
    for name in names:
        numbers = await _answered(consumer._client._wait_on_metadata(name))
        found += [Partition(name, number) for number in sorted(numbers)]
    return found


@dataclass(frozen=True)
class AioKafka:
    """The port's client by aiokafka."""

    most_poll_seconds: float = 300.0
    """A member that does not poll for so long leaves its group."""

    async def publisher(self, kafka: Kafka, transactional_id: str, *, seconds: float = 30.0) -> _Publisher:
        producer = AIOKafkaProducer(
            **_options(kafka),
            transactional_id=transactional_id,
            transaction_timeout_ms=int(seconds * 1000),
            max_batch_size=BATCH_BYTES,
        )
        try:
            await _answered(producer.start())
        except BaseException:
            await _closed(producer)
            raise
        return _Publisher(producer, seconds)

    async def member(self, kafka: Kafka, group: str, topics: Sequence[Topic], *, session_seconds: float) -> _Subscriber:
        consumer = self._consumer(
            kafka,
            group_id=group,
            session_timeout_ms=int(session_seconds * 1000),
            heartbeat_interval_ms=int(session_seconds * 1000 / 5),
            max_poll_interval_ms=int(self.most_poll_seconds * 1000),
        )
        generations = _Generations()
        consumer.subscribe([kafka.name(topic) for topic in topics], listener=generations)
        await self._started(consumer, REQUEST_SECONDS + session_seconds)
        return _Subscriber(consumer, generations)

    async def reader(self, kafka: Kafka, topics: Sequence[Topic]) -> _Subscriber:
        consumer = self._consumer(kafka)
        await self._started(consumer)
        try:
            partitions = await _partitions(consumer, map(kafka.name, topics))
        except BaseException:
            await _closed(consumer)
            raise
        consumer.assign([TopicPartition(*partition) for partition in partitions])
        return _Subscriber(consumer, _Generations())

    async def ends(self, kafka: Kafka, topics: Sequence[Topic]) -> Mapping[Partition, int]:
        # A commit is acknowledged before its markers are written: committed ends may lag behind what was published.
        consumer = AIOKafkaConsumer(**_options(kafka), isolation_level="read_uncommitted")
        await self._started(consumer)
        try:
            return await _ends(consumer, await _partitions(consumer, map(kafka.name, topics)))
        finally:
            await _closed(consumer)

    async def ensure_topics(self, kafka: Kafka, topics: Sequence[Topic]) -> None:
        admin = AIOKafkaAdminClient(**_options(kafka))
        try:
            await _answered(admin.start())
            existing = set(await _answered(admin.list_topics()))
            missing = [_declaration(kafka, topic) for topic in topics if kafka.name(topic) not in existing]
            if missing:
                _check(await _answered(admin.create_topics(missing)))
        finally:
            await _closed(admin)

    def _consumer(self, kafka: Kafka, **more: Any) -> AIOKafkaConsumer:
        return AIOKafkaConsumer(
            **_options(kafka),
            enable_auto_commit=False,
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=FETCH_BYTES,
            **more,
        )

    async def _started(self, consumer: AIOKafkaConsumer, seconds: float = REQUEST_SECONDS) -> None:
        try:
            await _answered(consumer.start(), seconds)
        except BaseException:
            await _closed(consumer)
            raise


def _declaration(kafka: Kafka, topic: Topic) -> NewTopic:
    cleanup = "compact" if topic.compacted else "delete"
    configs = {"cleanup.policy": cleanup}
    if topic.retention_ms is not None:
        configs["retention.ms"] = str(topic.retention_ms)
    return NewTopic(kafka.name(topic), topic.partitions, kafka.replication, topic_configs=configs)


def _check(response: Any) -> None:
    for name, code, *_ in response.topic_errors:
        kind = errors.for_code(code)
        if kind not in (errors.NoError, errors.TopicAlreadyExistsError):
            raise BrokerUnavailable(f"cannot create topic {name}: {kind.__name__}")


AIOKAFKA = AioKafka()
