"""Topics on the broker: created from their declaration in the contracts."""

from collections.abc import Iterable

from contracts.event import PUBLISHED, Topic
from contracts.operations import DEAD_LETTERS

from messaging.broker import BrokerClient
from messaging.client import AIOKAFKA
from messaging.kafka import Kafka


async def ensure_topics(kafka: Kafka, topics: Iterable[Topic], *, client: BrokerClient = AIOKAFKA) -> None:
    """Create those that don't exist. An existing topic is left as it is: more partitions would break order per key."""
    await client.ensure_topics(kafka, sorted(set(topics), key=lambda topic: topic.noun))


def declared(noun: str) -> Topic:
    """The declaration of a topic by its noun; one with a single partition if the contracts don't know it."""
    known = {topic.noun: topic for topic in (DEAD_LETTERS, *(event.topic for event in PUBLISHED.values()))}
    return known.get(noun, Topic(noun))
