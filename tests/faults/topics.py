"""What lies on the topics, read by a plain client of Kafka's, and which consumers must have heard it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition  # type: ignore[import-untyped]
from contracts.event import PUBLISHED
from contracts.operations import DEAD_LETTERS
from messaging import Kafka
from testkit.services import declared_services

HEARD: Mapping[str, frozenset[str]] = {
    consumer: frozenset(topic.noun for topic in service.projection.topics)
    for consumer, service in declared_services().items()
}
"""Topics by who hears them."""
TOPICS = tuple(dict.fromkeys([*(event.topic for event in PUBLISHED.values()), DEAD_LETTERS]))
READ_SECONDS = 60


class Place(NamedTuple):
    """Where a record lies."""

    topic: str
    partition: int
    offset: int


@dataclass(frozen=True)
class Record:
    """A committed record; its topic is named without the installation's prefix."""

    place: Place
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]

    @cached_property
    def header(self) -> Mapping[str, str]:
        return {name: value.decode(errors="replace") for name, value in reversed(self.headers) if value is not None}


@dataclass(frozen=True)
class Topics:
    """All records in their order, and where each partition ends."""

    records: Sequence[Record]
    ends: Mapping[tuple[str, int], int]


async def read_all(kafka: Kafka) -> Topics:
    """Everything that is committed now."""
    async with asyncio.timeout(READ_SECONDS), _consumer(kafka) as consumer:
        partitions = _partitions(kafka)
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        ends = await consumer.end_offsets(partitions)
        records = []
        while any([await consumer.position(each) < end for each, end in ends.items()]):
            for found in (await consumer.getmany(timeout_ms=200)).values():
                records += [_record(kafka, each) for each in found]
    return Topics(records, _by_noun(kafka, ends))


async def ends_now(kafka: Kafka) -> Mapping[tuple[str, int], int]:
    """Where each partition ends, with what was acknowledged and waits for the marker of its commit."""
    async with asyncio.timeout(READ_SECONDS), AIOKafkaConsumer(bootstrap_servers=kafka.bootstrap) as consumer:
        return _by_noun(kafka, await consumer.end_offsets(_partitions(kafka)))


def _consumer(kafka: Kafka) -> AIOKafkaConsumer:
    return AIOKafkaConsumer(bootstrap_servers=kafka.bootstrap, isolation_level="read_committed")


def _partitions(kafka: Kafka) -> list[TopicPartition]:
    return [TopicPartition(kafka.name(topic), number) for topic in TOPICS for number in range(topic.partitions)]


def _by_noun(kafka: Kafka, ends: Mapping[TopicPartition, int]) -> dict[tuple[str, int], int]:
    return {(_noun(kafka, each.topic), each.partition): end for each, end in ends.items()}


def _record(kafka: Kafka, found: object) -> Record:
    topic, partition, offset = (getattr(found, name) for name in ("topic", "partition", "offset"))
    key, value, headers = (getattr(found, name) for name in ("key", "value", "headers"))
    return Record(Place(_noun(kafka, topic), partition, offset), key, value, headers)


def _noun(kafka: Kafka, name: str) -> str:
    return name.removeprefix(f"{kafka.prefix}.")
