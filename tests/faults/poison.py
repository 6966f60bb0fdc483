"""Poison: one record in a hundred on the topics is no event, or one that nobody can take."""

import asyncio
import random
from collections.abc import Callable, Mapping
from itertools import cycle
from typing import Any
from uuid import uuid4

import orjson
from aiokafka import AIOKafkaProducer  # type: ignore[import-untyped]
from aiokafka.errors import KafkaError  # type: ignore[import-untyped]
from contracts.codes import SectorChanged
from contracts.organisations import OrganisationChanged
from contracts.reports import ReportChanged
from contracts.targets import TargetChanged
from messaging import Kafka

from tests.faults.ledger import Ledger, Poison

ONE_IN = 100
"""Of so many acknowledged reports."""
SEND_SECONDS = 5.0
HUGE = 950_000
"""Bytes: the broker takes it, a copy with more headers it would not."""
REPORT: Mapping[str, Any] = {
    "type": ReportChanged.type_name(),
    "version": 1,
    "country": "SY",
    "area": "SY070004",
    "area_path": ["SY", "SY07", "SY0700", "SY070004"],
    "unit_key": "poison",
    "sector": "WSH",
    "month": "2025-11",
    "status": "Completed",
    "people": {"total": 1},
}

Make = Callable[[bytes], Poison]


def _poison(kind: str, event: type[Any], value: object, *, type_name: str | None = None, kills: bool = True) -> Make:
    """Of a value that is bytes as they are, or the JSON of what it says."""

    def make(key: bytes) -> Poison:
        given = value(key) if callable(value) else value
        content = given if isinstance(given, bytes) else orjson.dumps(given)
        headers = [("ce_type", (type_name or event.type_name()).encode()), ("ce_id", key)]
        return Poison(kind, event.topic.noun, key, content, headers, kills)

    return make


def _report(**changes: object) -> Callable[[bytes], object]:
    """A report nobody sent, whole but for the changes."""

    def value(key: bytes) -> bytes:
        organisation = {"id": str(uuid4())}
        whole = {**REPORT, "id": key.decode(), "organisation": organisation, **changes}
        return orjson.dumps(whole).replace(b'"1e30"', b"1" + b"0" * 30)

    return value


def _bare(kind: str, topic: str, *headers: tuple[str, bytes], kills: bool = True) -> Make:
    return lambda key: Poison(kind, topic, key, b'{"version": 1, "of": "%b"}' % key, headers, kills)


KINDS: tuple[Make, ...] = (
    _poison("broken bytes", ReportChanged, lambda key: b"\xff\xfe\x00{" + key),
    _poison("half a JSON", ReportChanged, lambda key: b'{"id": "' + key),
    _poison("wrong types", ReportChanged, _report(version="many", people=[])),
    _poison("a version beyond all numbers", ReportChanged, _report(version="1e30")),
    _poison("more people than there are", ReportChanged, _report(people={"total": 2**62})),
    _poison(
        "a text no database takes",
        ReportChanged,
        _report(organisation={"id": str(uuid4()), "name": "\0", "resolved": False}),
    ),
    _poison("huge", ReportChanged, lambda key: {"of": key.decode(), "filler": "x" * HUGE}),
    _poison("a type nobody knows", ReportChanged, _report(), type_name="activities.report.shredded.v9", kills=False),
    _bare("no headers", ReportChanged.topic.noun),
    _bare(
        "other headers", ReportChanged.topic.noun, ("ce_type", b"\xff"), ("ce_type", b"twice"), ("", b""), kills=False
    ),
    lambda key: Poison("the end of nothing", ReportChanged.topic.noun, b"\xff" + key, None, ()),
    lambda key: Poison("the end of what has no id", ReportChanged.topic.noun, b"no-" + key, None, (("ce_type", b"?"),)),
    _poison("broken bytes", TargetChanged, lambda key: b"\x80" + key),
    _poison("wrong types", TargetChanged, lambda key: {"id": key.decode(), "version": None}),
    _bare("no headers", TargetChanged.topic.noun),
    _poison("broken bytes", OrganisationChanged, lambda key: b"\x80" + key),
    _poison("wrong types", OrganisationChanged, lambda key: {"id": key.decode(), "version": {}}),
    _bare("no headers", OrganisationChanged.topic.noun),
    _bare("no headers", SectorChanged.topic.noun),
)
"""Each of them again and again, with a key of its own."""


class Poisoner:
    """Somebody who may write to the topics, and writes what they should not."""

    def __init__(self, kafka: Kafka, ledger: Ledger, chance: random.Random) -> None:
        self.name = "poisoner"
        self._kafka = kafka
        self._ledger = ledger
        self._kinds = cycle(chance.sample(KINDS, len(KINDS)))

    async def close(self) -> None:
        """Nothing is held between turns."""

    async def turn(self) -> None:
        wanted = self._ledger.reports // ONE_IN
        if len(self._ledger.poison) >= wanted:
            return
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._send([next(self._kinds)(str(uuid4()).encode()) for _ in range(3)])
        except (KafkaError, TimeoutError, OSError):
            return  # the broker is away: whether it took some is seen on the topics

    async def _send(self, poisons: list[Poison]) -> None:
        async with AIOKafkaProducer(bootstrap_servers=self._kafka.bootstrap, acks="all") as producer:
            for poison in poisons:
                self._ledger.add_poison(poison)
                topic = f"{self._kafka.prefix}.{poison.topic}"
                await producer.send_and_wait(topic, poison.value, key=poison.key, headers=list(poison.headers))
