"""Event log, outbox relay, consumer loop and dead letters: the only room that speaks Kafka."""

from pathlib import Path

from messaging import dead_letters, events, rebuilding
from messaging.broker import BrokerUnavailable, PublisherFenced
from messaging.consumer import Consumer
from messaging.envelope import Tombstone
from messaging.failures import ConsumerStalled, RetryLater
from messaging.following import follow, notice
from messaging.kafka import Kafka
from messaging.mirrors import Mirror
from messaging.projection import Handler, Projection
from messaging.relay import Relay
from messaging.topics import ensure_topics

MIGRATIONS = Path(__file__).with_name("migrations")
"""The tables of the event log; a service's own migrations start at 0101."""

__all__ = [
    "MIGRATIONS",
    "BrokerUnavailable",
    "Consumer",
    "ConsumerStalled",
    "Handler",
    "Kafka",
    "Mirror",
    "Projection",
    "PublisherFenced",
    "Relay",
    "RetryLater",
    "Tombstone",
    "dead_letters",
    "ensure_topics",
    "events",
    "follow",
    "notice",
    "rebuilding",
]
