"""Old events leave their table for the archive, once and whole, and come back when they are needed."""

import asyncio
import gzip
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from archive import FileDamaged, Objects, moving, republish
from archive.files import unpacked
from contracts.codes import ScopeChanged
from contracts.event import Event
from database import Transaction
from jobs import Attempt, JobWorker, Queue, Work
from messaging import Consumer, Kafka, Projection, Relay, ensure_topics
from runtime.retention import EVENTS, days_ago
from testkit.patience import tries

from .conftest import Log, scope

QUEUE = Queue("archive_event")


async def moved(log: Log, objects: Any = None, days: int = 90) -> None:
    """By a worker, until its job is done."""

    async def perform(_: None, attempt: Attempt) -> None:
        await moving.move_old(attempt, objects or log.objects, EVENTS, service="registry", before=days_ago(days))

    async with log.database.transaction() as tx:
        await QUEUE.put(tx, "")
    stop = asyncio.Event()
    task = asyncio.create_task(JobWorker(log.database, [Work(QUEUE, perform)], None).run(stop))
    async for _ in tries():
        if not await log.rows("select from job"):
            break
    stop.set()
    await task


def archived(log: Log) -> list[dict[str, Any]]:
    found = [row for file in log.files() for row in unpacked(file.name, file.read_bytes())]
    return sorted(found, key=lambda row: row["number"])


async def test_old_events_are_files_by_topic_and_month_and_young_ones_stay(log: Log) -> None:
    await log.append([scope(f"old-{number}", version) for number in range(5) for version in (1, 2)], days_ago=130)
    await log.append([scope(f"older-{number}") for number in range(5)], days_ago=95)
    await log.append([scope("young")], days_ago=80)
    before = await log.rows("select number, id, aggregateid, payload from event order by number")
    await moved(log)
    assert [row["aggregateid"] for row in await log.rows("select aggregateid from event")] == ["young"]
    rows = archived(log)
    assert [(row["number"], row["id"], row["payload"]) for row in rows] == [
        (row["number"], str(row["id"]), row["payload"].decode()) for row in before[:-1]
    ]
    for file in log.files():
        source, topic, _, month = file.relative_to(log.folder / "registry").parts[:4]
        assert (source, topic) == ("event", "registry.scopes")
        assert {row["time"][:7] for row in unpacked(file.name, file.read_bytes())} == {month}
    noted = await log.rows("select name, rows, bytes from archive_file order by name")
    assert [(row["name"], row["bytes"]) for row in noted] == [
        (str(file.relative_to(log.folder)), file.stat().st_size) for file in log.files()
    ]
    assert sum(row["rows"] for row in noted) == 15


async def test_what_is_not_published_yet_stays(log: Log) -> None:
    await log.append([scope("published")], days_ago=100)
    await log.append([scope("waits")], days_ago=100, published=False)
    await moved(log)
    assert [row["aggregateid"] for row in await log.rows("select aggregateid from event")] == ["waits"]


@dataclass
class Republishing:
    """An object store in which something is published again as soon as the first file is there."""

    log: Log
    count: int = 0

    async def put(self, name: str, content: bytes) -> None:
        await self.log.objects.put(name, content)
        self.count = self.count or await republish(self.log.database, None)


async def test_what_is_published_again_meanwhile_stays_until_it_is(log: Log) -> None:
    await log.append([scope("SY", version) for version in (1, 2)], days_ago=100)
    store = Republishing(log)
    await moved(log, store)
    assert store.count == 1
    waiting = "select aggregateid, version from outbox join event on number = outbox.event"
    assert await log.rows(waiting) == [{"aggregateid": "SY", "version": 2}]
    await log.rows("with sent as (delete from outbox returning event) select event from sent")
    await moved(log)
    assert not await log.rows("select from event")
    assert {row["version"] for row in archived(log)} == {1, 2}


async def test_many_are_moved_a_part_at_a_time(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "AT_ONCE", 7)
    await log.append([scope(str(number)) for number in range(40)], days_ago=100)
    await log.append([scope("young")], days_ago=1)
    await moved(log)
    assert len(archived(log)) == 40
    assert len(await log.rows("select from event")) == 1


async def test_a_worker_killed_between_the_file_and_the_removal_is_repeated_not_doubled(log: Log) -> None:
    await log.append([scope(str(number)) for number in range(20)], days_ago=100)
    async with log.database.transaction() as tx:
        await QUEUE.put(tx, "")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.archive.archive_process", log.url, log.folder.as_uri()
    )
    assert await asyncio.wait_for(process.wait(), 120) == -signal.SIGKILL
    [written] = log.files()
    assert len(await log.rows("select from event")) == 20
    assert not await log.rows("select from archive_file")
    async with log.database.transaction() as tx:
        await tx.execute("update job set held_until = now()")  # the lease runs out by itself
    await moved(log)
    assert written in log.files()
    assert [row["number"] for row in archived(log)] == list(range(1, 21))
    assert not await log.rows("select from event")


async def test_who_lost_the_lease_removes_nothing(log: Log) -> None:
    await log.append([scope("a")], days_ago=100)

    class Overtaken(Objects):
        async def put(self, name: str, content: bytes) -> None:
            await super().put(name, content)
            async with log.database.transaction() as tx:
                await QUEUE.cancel(tx, "")

    await moved(log, Overtaken.at(log.folder.as_uri()))
    assert len(await log.rows("select from event")) == 1


async def test_a_file_that_was_changed_is_noticed(log: Log) -> None:
    await log.append([scope("a")], days_ago=100)
    await moved(log)
    [file] = log.files()
    file.write_bytes(gzip.compress(b"{}\n", mtime=0))
    with pytest.raises(FileDamaged):
        list(unpacked(file.name, file.read_bytes()))
    with pytest.raises(FileDamaged):
        await republish(log.database, log.objects)


class Heard:
    """What a consumer keeps of scopes."""

    def __init__(self, log: Log) -> None:
        self._log = log

    async def on_scope_changed(self, tx: Transaction, events: Any) -> None:
        for event in events:
            await tx.execute(
                "insert into heard (code, version) values ($1, $2) on conflict (code) do update"
                " set version = excluded.version where heard.version < excluded.version",
                event.code,
                event.version,
            )

    async def states(self) -> dict[str, int]:
        rows = await self._log.rows("select code, version from heard order by code")
        return {row["code"]: row["version"] for row in rows}

    @asynccontextmanager
    async def following(self, kafka: Kafka) -> AsyncIterator[Consumer]:
        await ensure_topics(kafka, [ScopeChanged.topic])
        handlers: dict[type[Event], Any] = {ScopeChanged: self.on_scope_changed}
        projection = Projection(events=handlers, tables=("heard",))
        consumer, stop = Consumer(self._log.database, kafka, "heard", projection), asyncio.Event()
        relay = Relay(self._log.database, kafka, service="registry", lease_seconds=1.5)
        tasks = [asyncio.create_task(part.run(stop)) for part in (relay, consumer)]
        try:
            yield consumer
        finally:
            stop.set()
            await asyncio.wait(tasks)


async def caught_up(log: Log, consumer: Consumer) -> None:
    async for _ in tries():
        if not await log.rows("select from outbox"):
            break
    await asyncio.wait_for(consumer.caught_up(), 120)


@pytest.mark.xdist_group("kafka")
async def test_states_are_rebuilt_from_the_topic_and_without_it_from_the_archive(
    log: Log, kafka_bootstrap: str, topic_prefix: str
) -> None:
    async with log.database.transaction() as tx:
        await tx.execute("create table heard (code text primary key, version bigint not null)")
    kafka, heard = Kafka(kafka_bootstrap, topic_prefix.rstrip(".")), Heard(log)
    expected = {**{f"old-{number}": 2 for number in range(9)}, "mended": 3, "young": 1}
    await log.append(
        [scope(code, version) for code in expected if code != "young" for version in (1, 2)], days_ago=100,
        published=False,
    )  # fmt: skip
    await log.append([scope("mended", 3), scope("young")], days_ago=1, published=False)
    async with heard.following(kafka) as consumer:
        await caught_up(log, consumer)
        assert await heard.states() == expected
        await moved(log)
        assert {row["aggregateid"] for row in await log.rows("select aggregateid from event")} == {"mended", "young"}
        async with log.database.transaction() as tx:  # the events are gone, the topic has their states
            await tx.execute("truncate heard")
            await tx.execute("update consumer_offset set next_offset = 0")
        async for _ in tries():
            if await heard.states() == expected:
                break
        assert await heard.states() == expected
    lost = Kafka(kafka_bootstrap, f"{kafka.prefix}-again")
    async with log.database.transaction() as tx:
        await tx.execute("truncate heard, consumer_offset, relay_lease")
    assert await republish(log.database, log.objects) == len(expected)
    async with heard.following(lost) as consumer:
        await caught_up(log, consumer)
        assert await heard.states() == expected
    ids = await log.rows("select aggregateid, count(distinct id) as ids from event group by 1 having count(*) > 1")
    assert ids == []


async def test_bytes_that_are_no_text_come_back_as_they_were(log: Log) -> None:
    odd = b"\xff\x00", b"base64:x", None
    async with log.database.transaction() as tx:
        for number, payload in enumerate(odd):
            await tx.execute(
                "insert into event (id, aggregatetype, aggregateid, type, payload, header_names, header_values, time)"
                " values (uuidv7(), 'operations.dead-letters', $1, 'copy', $2, array['a'], array[$3::bytea],"
                " now() - interval '100 days')",
                str(number),
                payload,
                b"\xfe",
            )
    await moved(log)
    assert not await log.rows("select from event")
    assert await republish(log.database, log.objects) == 3
    rows = await log.rows("select payload, header_values from event order by aggregateid")
    assert [(row["payload"], row["header_values"]) for row in rows] == [(payload, [b"\xfe"]) for payload in odd]
