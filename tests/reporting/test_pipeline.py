"""From the event log through Kafka to the answer, and the same answers after a rebuild."""

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from contracts.reports import ReportChanged
from messaging import Consumer, Kafka, Relay, ensure_topics, events
from reporting.main import SERVICE
from runtime.process import consumer_of, topics_of
from runtime.service import Worker
from testkit.service_clients import settings_of

from .test_progress import target


@pytest_asyncio.fixture(loop_scope="session")
async def worker(reporting: Any, kafka_bootstrap: str, topic_prefix: str) -> AsyncIterator[Worker[Any]]:
    """Relay and consumer of reporting's own database: what is appended there is heard there."""
    await reporting.announce_reference()
    kafka = Kafka(kafka_bootstrap, prefix=topic_prefix.rstrip("."))
    await ensure_topics(kafka, topics_of(SERVICE))
    consumer = consumer_of(SERVICE, reporting.database, kafka)
    stop = asyncio.Event()
    running = [asyncio.create_task(Relay(reporting.database, kafka, service="reporting").run(stop))]
    while await reporting.rows("select from outbox"):  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    running.append(asyncio.create_task(consumer.run(stop)))
    yield Worker("reporting", reporting.database, settings_of(SERVICE, reporting.url), kafka, consumer)
    stop.set()
    await asyncio.wait(running, timeout=10)


async def eventually(reporting: Any, **figure: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(20):
            while not figure.items() <= found.items():
                await asyncio.sleep(0.02)
                found = next(iter(await reporting.items("/v1/coverage", level=0, sector="FSC")), {})
    assert figure.items() <= found.items()
    return found


async def fingerprint(reporting: Any) -> str:
    answers = [await reporting.items("/v1/coverage", level=level, population_group="each") for level in range(4)]
    answers += [await reporting.items("/v1/presence", level=level) for level in range(4)]
    answers += [await reporting.items("/v1/progress", level=level) for level in range(4)]
    return hashlib.sha256(repr((answers, await reporting.cells())).encode()).hexdigest()


async def caught_up(consumer: Consumer) -> None:
    async with asyncio.timeout(20):
        await consumer.caught_up()


@pytest.mark.xdist_group("kafka")
async def test_reports_become_figures_and_a_rebuild_gives_the_same_answers(
    reporting: Any, worker: Any, report: Any
) -> None:
    reports = [
        report(f"r{n}", version=version, total=20 + n, area=["SY070004", "SY020000"][n % 2], unit=f"u{n % 5}",
               organisation=["Amal", "Bunyan"][n % 2], sector=["FSC", "WSH"][n % 2])
        for version in (1, 2) for n in range(40)
    ]  # fmt: skip
    targets = [
        target(area, value, version=version, area=area, period=("2026-01", "2026-12"))
        for version, value in ((1, 100), (2, 200))
        for area in ("SY070004", "SY020000", "SY")
    ]
    async with reporting.database.transaction() as tx:
        await events.append_all(tx, [*reports, *targets])
    await eventually(reporting, reports=20, people_total=sum(20 + n for n in range(0, 40, 2)))
    await caught_up(worker.consumer)
    answer = (await reporting.ask("/v1/coverage")).json()
    assert (answer["rebuilding"], answer["as_of"] is not None) == (False, True)
    before = await fingerprint(reporting)
    water = await reporting.items("/v1/progress", level=3)
    # In each of five camps the greatest of eight reports of one month.
    assert {row["area"]: (row["target"], row["people_reached"]) for row in water} == {
        "SY020000": (200, sum(20 + n for n in (31, 33, 35, 37, 39))),
        "SY070004": (200, None),
    }

    started = await reporting.door.post(
        "/v1/operations/replay", json={}, headers=reporting.issuer.bearer("secretariat")
    )
    assert started.status_code == 202
    answers: dict[str, list[Any]] = {path: [] for path in ("/v1/coverage", "/v1/presence", "/v1/progress")}
    waiting = asyncio.create_task(caught_up(worker.consumer))
    while not waiting.done():
        for path, seen in answers.items():
            seen.append((await reporting.ask(path, level=0)).json())
    await waiting
    for path, seen in answers.items():
        now = (await reporting.ask(path, level=0)).json()
        assert [each for each in seen if (each["items"], each["rebuilding"]) != (now["items"], False)] == []
    assert await fingerprint(reporting) == before


@pytest.mark.xdist_group("kafka")
async def test_a_report_that_is_buried_leaves_the_figures(reporting: Any, worker: Any, report: Any) -> None:
    async with reporting.database.transaction() as tx:
        await events.append_all(tx, [report("a", total=50), report("b", total=30)])
    await eventually(reporting, people_total=80)
    async with reporting.database.transaction() as tx:
        await events.append_tombstone(tx, ReportChanged.topic, str(report("b").id))
    await eventually(reporting, people_total=50, reports=1)


@pytest.mark.xdist_group("kafka")
async def test_a_reader_sees_no_lower_figure_while_reports_come_in_during_a_rebuild(
    reporting: Any, worker: Any, report: Any
) -> None:
    async def append(first: int, last: int) -> None:
        async with reporting.database.transaction() as tx:
            await events.append_all(tx, [report(f"r{n}", total=1, unit=f"u{n}") for n in range(first, last)])

    await append(0, 20)
    await eventually(reporting, people_total=20)
    seen = [20]
    for last in range(40, 120, 20):
        await reporting.door.post("/v1/operations/replay", json={}, headers=reporting.issuer.bearer("secretariat"))
        await append(last - 20, last)
        while seen[-1] < last:
            answer = (await reporting.ask("/v1/coverage", level=0, sector="FSC")).json()
            assert (len(answer["items"]), answer["rebuilding"]) == (1, False)
            seen.append(answer["items"][0]["people_total"])
    assert seen == sorted(seen)
