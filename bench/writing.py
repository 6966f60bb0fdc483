"""Reports in by NDJSON, and what a plain upsert of as many rows takes."""

import itertools
import time
from collections.abc import Iterator, Sequence
from typing import Any

import asyncpg

from bench.figures import Figure
from bench.ground import PUSH, Ground, bearer
from bench.load import request, send_all

CONNECTIONS = 4
BATCH = 1000
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
READ = f"select {', '.join(COLUMNS)} from report"


async def push(ground: Ground) -> float:
    """Send all rows through the gateway as partners do; rows a second, each durable with its event."""
    token = await bearer(ground.platform)
    requests = [
        request("POST", PUSH, body, content_type="application/x-ndjson", authorization=token, idempotency_key=key)
        for key, body in zip(_keys(), ground.bodies, strict=False)
    ]
    measured = await send_all(ground.origin, requests, connections=CONNECTIONS)
    return ground.rows / measured.seconds


def _keys() -> Iterator[str]:
    return (f"bench-{time.time_ns()}-{number}" for number in itertools.count())


async def plain_upsert(ground: Ground) -> float:
    """The limit: the same rows, checked by nobody, in batches of a thousand, each its own transaction."""
    connection = await asyncpg.connect(ground.activities)
    try:
        rows = await connection.fetch(READ)
        await connection.execute(TABLE)
        await connection.execute(INDEXES)
        batches = [_columns(rows[start : start + BATCH]) for start in range(0, len(rows), BATCH)]
        started = time.perf_counter()
        for batch in batches:
            await connection.execute(UPSERT, *batch)
        return len(rows) / (time.perf_counter() - started)
    finally:
        await connection.execute("drop table if exists raw_report")
        await connection.close()


def _columns(rows: Sequence[Any]) -> list[list[Any]]:
    return [[row[name] for row in rows] for name in COLUMNS]


def figure(pushed: float, plain: float) -> Figure:
    return Figure("reports in, NDJSON in thousands", pushed, "rows/s", plain, "≥ 0.4, aim 0.56")
