"""A relay or a consumer as a process of its own, which can be told to die or to freeze at a given point."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Sequence
from typing import Any

import structlog
from contracts.codes import ScopeChanged
from contracts.event import Event
from contracts.reports import ReportChanged
from database import Database, Transaction
from messaging import Consumer, Kafka, Projection, Relay, lease
from messaging.broker import Message
from messaging.client import AioKafka

from tests.messaging.messaging_stage import applying, dying


def freeze() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def at(settings: dict[str, Any], point: str, act: Any = freeze) -> None:
    """Once, when this is the point the settings name."""
    if settings.get("freeze_at") == point:
        del settings["freeze_at"]
        act()


class Freezing(AioKafka):
    """A client whose publishers freeze before they send."""

    settings: dict[str, Any]

    async def publisher(self, kafka: Kafka, transactional_id: str, *, seconds: float = 30.0) -> Any:
        at(self.settings, "leased")
        publisher = await super().publisher(kafka, transactional_id, seconds=seconds)
        publish = publisher.publish

        async def publish_after_freezing(messages: Sequence[Message]) -> None:
            at(self.settings, "read")
            await publish(messages)

        publisher.publish = publish_after_freezing  # type: ignore[method-assign]
        return publisher


class Touchy(Relay):
    """Dies or freezes between the broker's acknowledgement and the removal of the rows."""

    settings: dict[str, Any]

    async def published(self, rows: Sequence[Any]) -> None:
        if self.settings.get("die_at") == "acknowledged":
            os._exit(9)
        at(self.settings, "acknowledged")


async def run_relay(settings: dict[str, Any], database: Database, kafka: Kafka) -> None:
    client = Freezing()
    object.__setattr__(client, "settings", settings)
    relay = Touchy(database, kafka, "registry", lease_seconds=settings.get("lease_seconds", 1.5), client=client)
    relay.settings = settings
    await relay.run(asyncio.Event())


async def run_consumer(settings: dict[str, Any], database: Database, kafka: Kafka) -> None:
    apply = applying("x")

    async def on_event(tx: Transaction, events: Sequence[Event]) -> None:
        await apply(tx, events)
        at(settings, "handling")

    consumer = Consumer(
        database,
        kafka,
        "x",
        Projection(events={ReportChanged: on_event, ScopeChanged: on_event}),
        session_seconds=6.0,
    )
    await consumer.run(asyncio.Event())


async def run_rebuilder(_: dict[str, Any], database: Database, kafka: Kafka) -> None:
    projection = Projection(events={ScopeChanged: dying(2)}, tables=["scope"], rules=["1"], at_once=2)
    await Consumer(database, kafka, "x", projection, session_seconds=6.0).run(asyncio.Event())


async def main(role: str, settings: dict[str, Any]) -> None:
    assert lease  # the module is part of what is tested here
    database = await Database.connect(settings["url"], application=role)
    kafka = Kafka(settings["bootstrap"], settings["prefix"])
    await {"relay": run_relay, "consumer": run_consumer, "rebuilder": run_rebuilder}[role](settings, database, kafka)


structlog.configure(
    processors=[structlog.processors.JSONRenderer()], logger_factory=structlog.PrintLoggerFactory(sys.stdout)
)
asyncio.run(main(sys.argv[1], json.loads(sys.argv[2])))
