"""The stage of the messaging tests: one service that publishes, others that hear, a real broker and a real database.

Nothing here speaks Kafka but through the port (`messaging.broker`): a client other than aiokafka is judged by passing
another `client` to `Stage`.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import psutil
from contracts.codes import IndicatorChanged, ScopeChanged, SectorChanged
from contracts.event import Event, Topic
from contracts.reports import ActivityStatus, ReportChanged, ReportOrganisation
from contracts.values import Names
from database import Database, Transaction
from messaging import Consumer, Kafka, Projection, Relay, events
from messaging.broker import BrokerClient, Message, Partition
from messaging.client import AIOKAFKA
from messaging.envelope import headers

ROOT = Path(__file__).parents[2]
TABLES = """
create table aggregate (key text primary key, version bigint not null);
create table scope (code text primary key, version bigint not null, name text not null);
create table applied (
    number bigint generated always as identity, consumer text not null, key text not null, version bigint not null
);
create table fact (source text, cell text, people bigint);
create table cell (key text primary key, people bigint not null default 0);
"""
NAMESPACE = UUID("8f1f3a0e-52a3-4f4e-9d5c-1f4f0a4a9d11")


@dataclass(frozen=True)
class Seen:
    """A committed record as a reader finds it."""

    partition: int
    offset: int
    key: str
    value: bytes | None
    headers: Mapping[str, str]

    @property
    def version(self) -> int:
        assert self.value is not None
        return int(json.loads(self.value)["version"])


def scope(code: str, version: int, name: str = "Syria") -> ScopeChanged:
    return ScopeChanged(
        code=code, version=version, names=Names(en=name), country="SY", areas=("SY07",), active_from=None
    )


def sector(code: str, version: int) -> SectorChanged:
    return SectorChanged(code=code, version=version, names=Names(en=code))


def indicator(code: str, version: int) -> IndicatorChanged:
    return IndicatorChanged(code=code, version=version, sector="WSH", names=Names(en=code), unit="people")


def report(key: str, version: int) -> ReportChanged:
    return ReportChanged(
        id=uuid5(NAMESPACE, key),
        version=version,
        country="SY",
        area="SY070004",
        area_path=("SY", "SY07", "SY0700", "SY070004"),
        unit_key=key,
        organisation=ReportOrganisation(id=NAMESPACE),
        sector="WSH",
        month="2026-09",
        status=ActivityStatus.COMPLETED,
    )


async def change(tx: Transaction, make: Callable[[str, int], Event], key: str) -> int:
    """A command as the services write it: lock the aggregate, raise its version, append."""
    version = await tx.fetchval(
        "insert into aggregate (key, version) values ($1, 1) "
        "on conflict (key) do update set version = aggregate.version + 1 returning version",
        key,
    )
    await events.append(tx, make(key, version))
    return int(version)


async def on_scope_changed(tx: Transaction, scopes: Sequence[ScopeChanged]) -> None:
    """Upsert where the stored version is lower."""
    newest = {event.code: event for event in scopes}
    await tx.executemany(
        "insert into scope (code, version, name) values ($1, $2, $3) on conflict (code) do update "
        "set version = excluded.version, name = excluded.name where scope.version < excluded.version",
        [(code, event.version, event.names.en) for code, event in sorted(newest.items())],
    )


def applying(consumer: str) -> Callable[[Transaction, Sequence[Event]], Awaitable[None]]:
    """A handler that is *not* idempotent: every effect leaves a row, so that a second one shows."""

    async def on_event(tx: Transaction, batch: Sequence[Event]) -> None:
        await tx.executemany(
            "insert into applied (consumer, key, version) values ($1, $2, $3)",
            [(consumer, event.key, event.version) for event in batch],
        )

    return on_event


def dying(batch: int) -> Callable[[Transaction, Sequence[ScopeChanged]], Awaitable[None]]:
    """A handler in whose n-th batch the process is killed, after it has written and before that is committed."""
    batches = count(1)

    async def on_scope(tx: Transaction, scopes: Sequence[ScopeChanged]) -> None:
        await on_scope_changed(tx, scopes)
        if next(batches) == batch:
            os.kill(os.getpid(), signal.SIGKILL)

    return on_scope


@dataclass
class Stage:
    url: str
    database: Database
    kafka: Kafka
    client: BrokerClient = AIOKAFKA
    processes: "list[Process]" = field(default_factory=list)

    # --- what the publishing service does
    async def append(self, *appended: Event) -> None:
        async with self.database.transaction() as tx:
            await events.append_all(tx, appended)

    async def change(self, make: Callable[[str, int], Event], *keys: str) -> None:
        async with self.database.transaction() as tx:
            for key in keys:
                await change(tx, make, key)

    def relay(self, **more: Any) -> Relay:
        return Relay(self.database, self.kafka, **{"service": "registry", "client": self.client, **more})

    def consumer(self, name: str, events: Mapping[type[Event], Any], **more: Any) -> Consumer:
        made = {
            each: more.pop(each) for each in ("tombstones", "tables", "rules", "complete", "at_once") if each in more
        }
        return Consumer(
            self.database, self.kafka, name, Projection(events=events, **made), **{"client": self.client, **more}
        )

    # --- what others put on a topic, past the event log
    async def put(self, topic: Topic, key: str, value: bytes | None, type: str | None, **more: bytes) -> None:
        await self.client.ensure_topics(self.kafka, [topic])
        publisher = await self.client.publisher(self.kafka, f"{self.kafka.prefix}.stranger")
        written = headers(
            id=NAMESPACE, type=type or "", source="/test", subject=key, time=datetime.now(UTC), traceparent=None,
            empty=value is None,
        )  # fmt: skip
        kept = [(name, content) for name, content in written if type or name != "ce_type"]
        await publisher.publish([Message(self.kafka.name(topic), key.encode(), value, [*kept, *more.items()])])
        await publisher.close()

    # --- what lies on a topic
    async def records(self, topic: Topic) -> list[Seen]:
        """Everything that was acknowledged and is committed, in the order of each partition."""
        await self.client.ensure_topics(self.kafka, [topic])
        reader = await self.client.reader(self.kafka, [topic])
        try:
            ends = await self.client.ends(self.kafka, [topic])
            positions = dict.fromkeys(reader.assigned(), 0)
            for partition in positions:
                reader.seek(partition, 0)
            found: list[Seen] = []
            while any(positions[partition] < ends[partition] for partition in positions):
                for partition, batch in (await reader.poll(1, 10_000)).items():
                    positions[partition] = batch.next_offset
                    found += [_seen(partition, record) for record in batch.records]
            return found
        finally:
            await reader.close()

    async def arrive(self, topic: Topic, wanted: Callable[[list[Seen]], bool], seconds: float = 60) -> list[Seen]:
        """Wait until the topic looks as wanted; assert that it does in time."""
        deadline = time.monotonic() + seconds
        while not wanted(found := await self.records(topic)):
            assert time.monotonic() < deadline, f"{topic.noun} has only {[(seen.key, seen.offset) for seen in found]}"
            await asyncio.sleep(0.05)
        return found

    # --- what the hearing services hold
    async def rows(self, query: str, *arguments: Any) -> list[tuple[Any, ...]]:
        async with self.database.connection() as connection:
            return [tuple(row) for row in await connection.fetch(query, *arguments)]

    async def holds(self, query: str, wanted: list[tuple[Any, ...]], seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while (found := await self.rows(query)) != wanted:
            assert time.monotonic() < deadline, f"{query}: {found[:20]} instead of {wanted[:20]}"
            await asyncio.sleep(0.03)

    async def applied_once(self, expected: int, seconds: float = 90) -> None:
        """Every one of the expected effects is there, and none twice."""
        await self.holds(
            "select count(*), count(distinct (key, version)) from applied", [(expected, expected)], seconds
        )

    # --- who runs
    @asynccontextmanager
    async def running(self, *parts: Relay | Consumer) -> AsyncIterator[None]:
        stop = asyncio.Event()
        tasks = [asyncio.create_task(part.run(stop)) for part in parts]
        try:
            yield
        finally:
            stop.set()
            await asyncio.wait_for(asyncio.gather(*tasks), 20)

    def process(self, role: str, **settings: Any) -> "Process":
        """A relay or consumer in a process of its own, to be killed and frozen."""
        given = {"url": self.url, "bootstrap": self.kafka.bootstrap, "prefix": self.kafka.prefix, **settings}
        process = Process(role, given)
        self.processes.append(process)
        return process


class Process:
    """A real process; it prints one JSON line for each thing that happened to it."""

    def __init__(self, role: str, settings: Mapping[str, Any]) -> None:
        self._running = subprocess.Popen(
            [sys.executable, "-m", "tests.messaging.messaging_process", role, json.dumps(settings)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=False,
        )
        assert self._running.stdout
        os.set_blocking(self._running.stdout.fileno(), False)
        self._said = b""

    async def says(self, event: str, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while event.encode() not in self._read():
            assert time.monotonic() < deadline, f"the process did not say {event}: {self._said.decode()}"
            await asyncio.sleep(0.02)

    def _read(self) -> bytes:
        assert self._running.stdout
        self._said += self._running.stdout.read() or b""
        return self._said

    async def froze(self, seconds: float = 60) -> None:
        """Wait until it has stopped itself by SIGSTOP."""
        deadline = time.monotonic() + seconds
        while psutil.Process(self._running.pid).status() != psutil.STATUS_STOPPED:
            assert time.monotonic() < deadline, f"the process did not freeze: {self._read().decode()}"
            await asyncio.sleep(0.02)

    async def ended(self, seconds: float = 60) -> int:
        return await asyncio.to_thread(self._running.wait, seconds)

    def thaw(self) -> None:
        self._running.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        if self._running.poll() is None:
            self._running.kill()
            self._running.wait(10)
        if self._running.stdout:
            self._running.stdout.close()


def _seen(partition: Partition, record: Any) -> Seen:
    kept = {name: value.decode(errors="replace") for name, value in record.headers}
    return Seen(partition.number, record.offset, (record.key or b"").decode(errors="replace"), record.value, kept)


__all__ = ["Process", "Seen", "Stage", "report", "scope"]
