"""How soon what was reported is counted: from the outbox to the cells, one report's way, and a rebuild."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
import orjson
from messaging.rebuilding import schema_of

from bench.figures import Measurement
from bench.fixture import PUSH, BenchFixture, bearer, graph
from bench.load import LoadConnection, LoadResult, request

WORKERS = ("activities-worker", "reporting-worker")
FROM, TO = 0.1, 0.9
"""Shares of the events between which their rate is taken: starting up and the last batch are left out."""
SEEN = """
query Seen($month: String!) {
  coverage(filter: {country: "SY", area: "SY020000", level: 3, monthFrom: $month, monthTo: $month}, first: 1) {
    nodes { reports }
  }
}
"""
MONTH = "2018-01"
GIVE_UP = 10.0


@contextmanager
def held(fixture: BenchFixture) -> Iterator[None]:
    """Relay and consumer stand still meanwhile."""
    pids = [fixture.platform.pids()[name] for name in WORKERS]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


async def to_the_cells(fixture: BenchFixture) -> float:
    """Events a second from the outbox through Kafka into the cells, all of them waiting at the start."""
    return await _rate(fixture, fixture.rows)


async def rebuild(fixture: BenchFixture) -> Measurement:
    """Reporting makes everything anew from the topics, and puts it into the place of what there was."""
    connection = await _connect(fixture)
    try:
        events = await connection.fetchval("select count(*) from report_fact")
        before = await connection.fetchval(HASH)
        async with fixture.platform.client("secretariat") as secretariat:
            await secretariat.operations.replay("reporting")
        rate = await _rate(fixture, events)
        while await connection.fetchval("select to_regnamespace($1) is not null", BESIDE):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        if await connection.fetchval(HASH) != before:
            raise RuntimeError("the rebuild made other figures than there were")
    finally:
        await connection.close()
    return Measurement("rebuild from the topics, the same by hash", rate, "events/s", target="≥ 15,000")


BESIDE = schema_of("reporting")
HASH = "select md5(string_agg(md5(cell::text), '' order by cell::text)) from coverage_cell as cell"


REACHED = """
    select coalesce(sum(next_offset), 0) from consumer_offset
    where consumer = 'reporting' and topic like '%.activities.reports'
"""
"""Events of reports that were taken, but for the few markers of transactions: counting the facts would take longer."""


async def _connect(fixture: BenchFixture) -> "asyncpg.Connection[asyncpg.Record]":
    """One that sees what is being built anew, while it is."""
    return await asyncpg.connect(fixture.reporting, server_settings={"search_path": f"{BESIDE}, public"})


async def _rate(fixture: BenchFixture, events: int) -> float:
    connection = await _connect(fixture)
    start = (time.perf_counter(), 0)
    marks: dict[float, tuple[float, int]] = {}
    try:
        while TO not in marks:
            now, found = time.perf_counter(), int(await connection.fetchval(REACHED))
            for share in (FROM, TO):
                if found >= events * share and share not in marks:
                    marks[share] = (now, found)
            await asyncio.sleep(0.02)
        while await connection.fetchval("select count(*) from report_fact") < events:  # noqa: ASYNC110
            await asyncio.sleep(0.5)
    finally:
        await connection.close()
    (began, first), (ended, last) = marks[FROM] if marks[FROM] != marks[TO] else start, marks[TO]
    return (last - first) / max(ended - began, 1e-9)


async def one_report(fixture: BenchFixture, times: int) -> list[Measurement]:
    """From a report's 2xx until GraphQL counts it, one after another."""
    token = await bearer(fixture.platform, "member")
    reader = await bearer(fixture.platform)
    connection = await LoadConnection.open(fixture.origin)
    latencies = []
    try:
        for number in range(1, times + 1):
            row = {"external_id": f"bench-{number}", "sector": "WSH", "area": "SY020000", "month": MONTH}
            row |= {"status": "Completed", "people": {"total": 10}}  # type: ignore[dict-item]
            body = orjson.dumps(row)
            headers = {"content_type": "application/json", "authorization": token}
            await connection.send(request("POST", PUSH, body, **headers))
            latencies.append(await _until_counted(connection, graph(SEEN, reader, month=MONTH), number))
    finally:
        connection.close()
    measured = LoadResult(latencies, sum(latencies))
    return [
        Measurement("one report counted after its 2xx, p50", measured.milliseconds(), "ms"),
        Measurement("one report counted after its 2xx, p99", measured.milliseconds(0.99), "ms", target="≤ 300 ms"),
    ]


async def _until_counted(connection: LoadConnection, question: bytes, number: int) -> float:
    sent = time.perf_counter()
    while time.perf_counter() - sent < GIVE_UP:
        nodes = orjson.loads(await connection.send(question))["data"]["coverage"]["nodes"]
        if nodes and nodes[0]["reports"] >= number:
            return time.perf_counter() - sent
        await asyncio.sleep(0.002)
    raise RuntimeError(f"report {number} was not counted within {GIVE_UP:.0f} s")
