"""The worker as its own process, on a real broker: it waits for what the registry said, and may die at any moment."""

import asyncio
import csv
import io
import os
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import pytest
import pytest_asyncio
from activities.main import SERVICE
from contracts.areas import AreaChanged
from contracts.event import Event
from contracts.values import Names
from local.ports import free_ports
from messaging import BrokerUnavailable, Kafka, ensure_topics
from messaging.broker import Message
from messaging.client import AIOKAFKA
from messaging.envelope import headers
from runtime.access import MIB
from runtime.process import topics_of
from testkit.patience import tries
from testkit.service_clients import CURSOR_KEY, SECRET
from testkit.services import Migrated
from testkit.small_syria import opened, registry
from testkit.trust import ISSUER, TestIssuer

from .conftest import ServiceClient
from .test_uploading import HXL, finished, send
from .workbooks import workbook

Start = Callable[[], AbstractAsyncContextManager[asyncio.subprocess.Process]]


@pytest_asyncio.fixture
async def apart(migrated: Migrated, issuer: TestIssuer) -> AsyncIterator[ServiceClient]:
    """A door on a database of its own: another process works on it."""
    async with opened(await migrated(SERVICE), issuer, SERVICE, ServiceClient) as door:
        yield door


@pytest.fixture
def kafka(kafka_bootstrap: str, topic_prefix: str) -> Kafka:
    return Kafka(kafka_bootstrap, prefix=topic_prefix.rstrip("."))


@pytest.fixture
def start(apart: ServiceClient, kafka: Kafka, tmp_path: Path) -> Start:
    @asynccontextmanager
    async def started() -> AsyncIterator[asyncio.subprocess.Process]:
        settings = {
            "port": str(free_ports(["worker"])["worker"]),
            "environment": "development",
            "kafka_bootstrap": kafka.bootstrap,
            "topic_prefix": kafka.prefix,
            "issuer": ISSUER,
            "jwks_url": f"{ISSUER}/jwks",
            "cursor_key": CURSOR_KEY,
            "unit_key": SECRET,
            "database_url": apart.url,
            "spool_dir": str(tmp_path),
            "log_level": "warning",
        }
        environment = {**os.environ, **{f"TANSIQ_{name.upper()}": value for name, value in settings.items()}}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "activities.main", "worker", "jobs", env=environment
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()

    return started


async def publish(kafka: Kafka, events: Sequence[Event]) -> None:
    """As the registry's relay does."""
    async for _ in tries():
        try:
            await ensure_topics(kafka, topics_of(SERVICE))
            publisher = await AIOKAFKA.publisher(kafka, kafka.transactional_id("registry", 0))
        except BrokerUnavailable:  # its first transaction finds a broker that still makes the topic of all others
            continue
        break
    try:
        await publisher.publish([_message(kafka, event) for event in events])
    finally:
        await publisher.close()


def _message(kafka: Kafka, event: Event) -> Message:
    told = headers(
        id=uuid4(),
        type=event.type,
        source="/tansiq/registry",
        subject=event.key,
        time=datetime.now(UTC),
        traceparent=None,
        empty=False,
    )
    return Message(f"{kafka.prefix}.{event.topic.noun}", event.key.encode(), event.model_dump_json().encode(), told)


def sub_districts(numbers: range) -> list[Event]:
    return [
        AreaChanged(
            version=1,
            country="SY",
            pcode=f"SY07{number:04d}",
            level=3,
            names=Names(en=f"Place {number}"),
            parent="SY0703",
            path=("SY", "SY07", "SY0703", f"SY07{number:04d}"),
        )
        for number in numbers
    ]


def sheet(rows: int) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(
        ["WSH", "SY070302", f"2026-{1 + row % 10:02d}", row, "Completed"] for row in range(rows)
    )
    return HXL + written.getvalue()


@pytest.mark.xdist_group("kafka")
async def test_a_file_sent_right_after_its_areas_finds_them_all(
    apart: ServiceClient, kafka: Kafka, start: Start
) -> None:
    await publish(kafka, registry())
    async with start():
        first = await send(apart, HXL + "WSH,SY070302,2026-10,1,Completed\n")
        assert (await finished(apart, first.headers["location"]))["counts"]["accepted"] == 1
        await publish(kafka, sub_districts(range(4000, 8000)))
        sent = await send(apart, HXL + "WSH,SY077999,2026-10,2,Completed\nWSH,SY074000,2026-10,3,Completed\n")
        counts = (await finished(apart, sent.headers["location"]))["counts"]
    assert (counts["accepted"], counts["rejected"]) == (2, 0)


def two_sheets(rows: int) -> bytes:
    """The same rows as a workbook: the first third on one sheet, the rest on another."""
    _, tags, *lines = csv.reader(io.StringIO(sheet(rows)))
    cells = [[*line[:3], int(line[3]), line[4]] for line in lines]
    return workbook({"A": [tags, *cells[: rows // 3]], "B": [tags, *cells[rows // 3 :]]})


@pytest.mark.xdist_group("kafka")
@pytest.mark.parametrize("make", [sheet, two_sheets])
async def test_a_worker_killed_in_the_middle_of_a_file_is_followed_with_each_effect_once(
    apart: ServiceClient, kafka: Kafka, start: Start, make: Callable[[int], str | bytes]
) -> None:
    rows = 6000
    await publish(kafka, registry())
    sent = await send(apart, make(rows))
    async with start() as process:
        stood = await _in_the_middle(apart, rows)
        process.kill()
        await process.wait()
    # The lease runs out by itself in seconds.
    async with apart.database.transaction() as tx:
        await tx.execute("update job set held_until = now()")
    async with start():
        state = await finished(apart, sent.headers["location"])
    assert 0 < stood < rows
    assert {name: state["counts"][name] for name in ("rows", "created", "unchanged", "updated", "rejected")} == {
        "rows": rows,
        "created": rows,
        "unchanged": 0,
        "updated": 0,
        "rejected": 0,
    }
    [stored] = await apart.rows("select count(*) as rows, sum(people_total) as people, max(version) as v from report")
    assert stored == {"rows": rows, "people": sum(range(rows)), "v": 1}
    [told] = await apart.rows("select count(*) as events, count(distinct aggregateid) as reports from event")
    assert told == {"events": rows, "reports": rows}
    assert await apart.rows("select 1 from upload_chunk union all select 1 from upload_key") == []


async def _in_the_middle(service: ServiceClient, rows: int) -> int:
    async for _ in tries(apart=0.005):
        [upload] = await service.rows("select next_record from upload")
        if upload["next_record"]:
            return int(upload["next_record"])
    raise AssertionError(f"nothing of {rows} rows was read")


async def test_a_file_of_a_hundred_megabytes_passes_through_little_memory(service: ServiceClient) -> None:
    process, largest = psutil.Process(), 0
    before = process.memory_info().rss

    async def body() -> AsyncIterator[bytes]:
        nonlocal largest
        piece = b"x" * (64 * 1024)
        for _ in range(99 * 16):
            yield piece
            largest = max(largest, process.memory_info().rss - before)

    headers = {**service.bearer(), "Content-Type": "text/csv"}
    answer = await service.client.post("/v1/uploads", content=body(), headers=headers)
    assert answer.status_code == 202
    [stored] = await service.rows("select size from upload")
    assert stored["size"] == 99 * MIB
    assert largest < 60 * MIB


async def test_a_kept_answer_holds_nothing_of_what_was_sent(
    service: ServiceClient, capfd: pytest.CaptureFixture[str]
) -> None:
    canaries = ("36.204713", "37.158329", "Canary Well", "canary-words")
    row: dict[str, Any] = {
        "external_id": "c-1",
        "sector": "WSH",
        "area": "SY070302",
        "month": "2026-10",
        "status": "Completed",
        "site_name": "Canary Well",
        "latitude": 36.204713,
        "longitude": 37.158329,
        "comments": "canary-words",
    }
    bad = {**row, "external_id": "c-2", "status": "Canary Well", "latitude": "36.204713x", "adm3": "canary-words"}
    headers = {**service.bearer(), "Idempotency-Key": "canary"}
    first = await service.client.post("/v1/reports", json=[row, bad], headers=headers)
    again = await service.client.post("/v1/reports", json=[row, bad], headers=headers)
    assert (first.status_code, again.status_code, again.content) == (207, 207, first.content)
    assert again.headers["idempotency-replayed"] == "true"
    kept = await service.rows("select body, headers from idempotency_key")
    audited = await service.rows("select * from audit_entry")
    told = [row["payload"] for row in await service.rows("select payload from event")]
    said = repr((again.text, kept, audited, told, capfd.readouterr()))
    assert not [canary for canary in canaries if canary in said]
