"""Event log, outbox relay, consumer loop and dead letters: the only room that speaks Kafka."""

from pathlib import Path

from messaging import dead_letters, events, rebuilding
from messaging.broker import BrokerUnavailable, Fenced
from messaging.consumer import Consumer
from messaging.envelope import Tombstone
from messaging.failures import Stalled, TryAgain
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
    "Fenced",
    "Handler",
    "Kafka",
    "Mirror",
    "Projection",
    "Relay",
    "Stalled",
    "Tombstone",
    "TryAgain",
    "dead_letters",
    "ensure_topics",
    "events",
    "follow",
    "notice",
    "rebuilding",
]
