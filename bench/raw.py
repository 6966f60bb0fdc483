"""The limit: asyncpg and orjson on bare uvicorn, reading the same rows of the same database, without any of the rest.

Run as `python -m bench.raw PORT` with the databases' addresses in the environment.
"""

import os
import sys
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import uvicorn

FIELDS = """
    id::text, sector, indicator, adm1, adm2, adm3, month, status, population_group, people_total,
    organisation_id::text, version
"""
ONE = f"select {FIELDS} from report where id = $1"
LIST = f"""
    select {FIELDS} from report
    where adm2 = $1 and sector = $2 and month between $3 and $4
    order by month desc, report.id limit 100
"""
CELLS = """
    select area, sector, month, total, frequencies, reports, organisations from coverage_cell
    where level = 1 and population_group = 'all' and country = 'SY' and month between $1 and $2
    order by country, area, sector, month limit 500
"""


class Raw:
    """Three questions and nothing else."""

    def __init__(self) -> None:
        self._names: dict[str, Any] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        question, *arguments = scope["path"].strip("/").split("/")
        body = await getattr(self, question)(*arguments)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def one(self, id: str) -> bytes:
        async with self._activities.acquire() as connection:
            row = await connection.fetchrow(ONE, UUID(id))
        return orjson.dumps(self._named(row))

    async def list(self, area: str, sector: str, first: str, last: str) -> bytes:
        async with self._activities.acquire() as connection:
            rows = await connection.fetch(LIST, area, sector, first, last)
        return orjson.dumps([self._named(row) for row in rows])

    async def cells(self, first: str, last: str) -> bytes:
        async with self._reporting.acquire() as connection:
            rows = await connection.fetch(CELLS, first, last)
        return orjson.dumps([dict(row) for row in rows])

    def _named(self, row: Any) -> dict[str, Any]:
        return {**row, "organisation": self._names.get(row["organisation_id"])}

    async def _live(self, receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self._open()
                await send({"type": "lifespan.startup.complete"})
            else:
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _open(self) -> None:
        session = {"plan_cache_mode": "force_custom_plan", "jit": "off"}
        self._activities = await asyncpg.create_pool(
            os.environ["BENCH_ACTIVITIES"], max_size=10, server_settings=session
        )
        self._reporting = await asyncpg.create_pool(os.environ["BENCH_REPORTING"], max_size=10, server_settings=session)
        async with self._reporting.acquire() as connection:
            rows = await connection.fetch("select id::text, names from organisation")
        self._names = {row["id"]: orjson.loads(row["names"]) for row in rows}


if __name__ == "__main__":
    uvicorn.run(Raw(), port=int(sys.argv[1]), loop="uvloop", http="httptools", access_log=False, log_level="warning")
