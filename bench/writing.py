"""Reports in, by thousands and one by one, and what the same rows take where nobody checks them."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import orjson

from bench.figures import Measurement
from bench.fixture import PUSH, BenchFixture, bearer
from bench.load import measure, request, send_all

CONNECTIONS = 4
BATCH = 1000
PUSHED_WITH_ONE_TOKEN = 100
"""Requests: tokens are short, and a million rows are many."""
LIMIT_ROWS = 100_000
"""Rows the limit is measured with, however many were sent."""
MANY = 16
COLUMNS = {
    "country": "text",
    "organisation_id": "uuid",
    "id": "uuid",
    "identity": "text",
    "version": "bigint",
    "content": "bytea",
    "stage": "text",
    "sensitivity": "text",
    "external_id": "text",
    "sector": "text",
    "indicator": "text",
    "area": "text",
    "adm1": "text",
    "adm2": "text",
    "adm3": "text",
    "community": "text",
    "unit_key": "text",
    "month": "text",
    "start_date": "date",
    "end_date": "date",
    "status": "text",
    "population_group": "text",
    "people_total": "integer",
    "people_men": "integer",
    "newly_reached": "boolean",
}
TABLE = f"""
    create table raw_report ({", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())},
        primary key (country, organisation_id, id), unique (country, organisation_id, identity))
"""
INDEXES = """
    create index on raw_report (id);
    create index on raw_report (month desc, id);
    create index on raw_report (adm1, sector, month desc, id);
    create index on raw_report (adm2, sector, month desc, id);
    create index on raw_report (organisation_id, month desc, id);
"""
UPSERT = f"""
    insert into raw_report
    select * from unnest({", ".join(f"${number}::{kind}[]" for number, kind in enumerate(COLUMNS.values(), start=1))})
    on conflict (country, organisation_id, identity) do update
    set version = excluded.version, content = excluded.content
"""
READ = f"select {', '.join(COLUMNS)} from report limit {LIMIT_ROWS}"
ONE = """
    with told as (insert into raw_outbox (payload) values ($1)),
    sent as (select $2::text as identity)
    insert into raw_report (country, organisation_id, id, identity, version, content, sector, adm1, adm2, month)
    select 'SY', gen_random_uuid(), uuidv7(), identity, 1, $1, 'WSH', 'SY02', 'SY0200', '2018-02' from sent
"""
ALONE = {"sector": "WSH", "area": "SY020000", "month": "2018-02", "status": "Completed", "people": {"total": 10}}


async def by_thousands(fixture: BenchFixture) -> float:
    """Send all rows through the gateway as partners do; rows a second, each durable with its event."""
    bodies, seconds = iter(fixture.bodies), 0.0
    while some := list(itertools.islice(bodies, PUSHED_WITH_ONE_TOKEN)):
        headers = {"content_type": "application/x-ndjson", "authorization": await bearer(fixture.platform)}
        requests = (
            request("POST", PUSH, body, idempotency_key=key, **headers)
            for key, body in zip(_keys(), some, strict=False)
        )
        seconds += (await send_all(fixture.origin, requests, connections=CONNECTIONS)).seconds
    return fixture.rows / seconds


def _keys() -> Iterator[str]:
    return (f"bench-{time.time_ns()}-{number}" for number in itertools.count())


async def limit_by_thousands(fixture: BenchFixture) -> float:
    """The limit: the same rows, checked by nobody, in batches of a thousand, each its own transaction."""
    async with _raw_table(fixture) as connection:
        rows = await connection.fetch(READ)
        batches = [_columns(rows[start : start + BATCH]) for start in range(0, len(rows), BATCH)]
        started = time.perf_counter()
        for batch in batches:
            await connection.execute(UPSERT, *batch)
        return len(rows) / (time.perf_counter() - started)


async def one_by_one(fixture: BenchFixture, seconds: float) -> list[Measurement]:
    """One report a request, and the limit: one row and its outbox row a transaction."""
    figures = []
    keys, token = _keys(), await bearer(fixture.platform, "member")

    def sent() -> bytes:
        key = next(keys)
        body = orjson.dumps({"external_id": key, **ALONE})
        return request("POST", PUSH, body, content_type="application/json", authorization=token, idempotency_key=key)

    for connections in (1, MANY):
        taken = await measure(fixture.origin, sent, connections=connections, seconds=seconds)
        limit = await _limit_one_by_one(fixture, connections, seconds)
        name = f"reports in, one by one, {connections} connection{'s' if connections > 1 else ''}"
        figures.append(Measurement(name, taken.per_second, "/s", limit))
    return figures


async def _limit_one_by_one(fixture: BenchFixture, connections: int, seconds: float) -> float:
    async with (
        _raw_table(fixture),
        asyncpg.create_pool(fixture.activities, min_size=connections, max_size=connections) as pool,
    ):
        ends = time.perf_counter() + seconds

        async def loop(number: int) -> int:
            done = 0
            async with pool.acquire() as connection:
                while time.perf_counter() < ends:
                    await connection.execute(ONE, bytes(500), f"{number}-{done}")
                    done += 1
            return done

        return sum(await asyncio.gather(*map(loop, range(connections)))) / seconds


@asynccontextmanager
async def _raw_table(fixture: BenchFixture) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(fixture.activities)
    try:
        await connection.execute(
            f"{TABLE}; {INDEXES}; create table raw_outbox (id uuid default uuidv7(), payload bytea)"
        )
        yield connection
    finally:
        await connection.execute("drop table if exists raw_report, raw_outbox")
        await connection.close()


def _columns(rows: Sequence[Any]) -> list[list[Any]]:
    return [[row[name] for row in rows] for name in COLUMNS]


def figure(pushed: float, limit: float) -> Measurement:
    return Measurement("reports in, NDJSON in thousands", pushed, "rows/s", limit, "≥ 0.4, aim 0.56")
