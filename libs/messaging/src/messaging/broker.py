"""The narrow port behind which Kafka lies: what relay, consumer and follower need of a client, and no more.

`client.py` fills it with aiokafka; the suite in `tests/messaging` is what another client would have to pass.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from contracts.event import Topic

from messaging.kafka import Kafka

Headers = Sequence[tuple[str, bytes]]


class BrokerUnavailable(RuntimeError):
    """The broker can't be reached or did not answer in time; try again later."""


class PublisherFenced(RuntimeError):
    """Another publisher has taken this transactional id; nothing sent after that was published."""


class Partition(NamedTuple):
    topic: str
    """Name on the broker, prefix included."""
    number: int


class Record(Protocol):
    """What lies on a topic."""

    @property
    def offset(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def headers(self) -> Headers: ...


class Message(NamedTuple):
    """What is to be put on a topic."""

    topic: str
    key: bytes
    value: bytes | None
    headers: Headers


@dataclass(frozen=True)
class RecordBatch:
    """Records of one partition in their order, and the offset to go on from."""

    records: Sequence[Record]
    next_offset: int


class Publisher(Protocol):
    async def publish(self, messages: Sequence[Message]) -> None:
        """Publish all or nothing. Raises `PublisherFenced` or `BrokerUnavailable`; after either the publisher is of
        no use."""

    async def close(self) -> None: ...


class Subscriber(Protocol):
    """A reader of topics that says itself from which offset."""

    @property
    def generation(self) -> int:
        """Changes with every assignment; positions and batches of an earlier one are void."""

    def assigned(self) -> frozenset[Partition]: ...

    def seek(self, partition: Partition, offset: int) -> None: ...

    async def poll(self, seconds: float, most: int) -> Mapping[Partition, RecordBatch]:
        """Wait for records; also lets a batch without records through, where only the position moved."""

    async def ends(self, partitions: Iterable[Partition]) -> Mapping[Partition, int]:
        """Offsets up to which committed records lie on the topics now."""

    async def acknowledge(self, positions: Mapping[Partition, int]) -> None:
        """Tell Kafka's own group where we are, for tools that show lag; best effort, never raises."""

    async def close(self) -> None: ...


class BrokerClient(Protocol):
    async def publisher(self, kafka: Kafka, transactional_id: str) -> Publisher:
        """A publisher that has fenced every earlier one of its id."""

    async def member(
        self, kafka: Kafka, group: str, topics: Sequence[Topic], *, session_seconds: float
    ) -> Subscriber: ...

    async def reader(self, kafka: Kafka, topics: Sequence[Topic]) -> Subscriber:
        """A subscriber to all partitions of the topics, in no group."""

    async def ends(self, kafka: Kafka, topics: Sequence[Topic]) -> Mapping[Partition, int]:
        """Offsets up to which records lie, those of transactions still to be ended among them; by a fresh connection.

        Whoever reads up to there has read all that was acknowledged before; a stalled connection can't be asked.
        """

    async def ensure_topics(self, kafka: Kafka, topics: Sequence[Topic]) -> None: ...
