"""The ground of a run: a platform of its own, with rows to ask for, and the limit's server beside it."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import orjson
import psutil
from client import Credentials, Tansiq
from local.demo.names import sample_organisations
from local.demo.partners import known_samples, register
from local.demo.sample import GOVERNORATES, SECTORS, Size, sample_reports
from local.demo.scene import reference_of
from local.ports import free_ports
from testkit.platform import Platform

from bench.load import request

PUSH = "/api/activities/v1/reports"
ORGANISATIONS = 20
FIELDS = (
    *("external_id", "sector", "indicator", "country", "area", "community", "month", "start_date", "end_date"),
    *("status", "population_group", "newly_reached"),
)
PEOPLE = frozenset({"total", "men", "women", "boys", "girls"})


@dataclass(frozen=True)
class BenchFixture:
    """What the measurements stand on."""

    platform: Platform
    rows: int
    first_month: str
    last_month: str
    bodies: Sequence[bytes]
    """NDJSON, a thousand rows each."""
    activities: str
    reporting: str
    """Addresses of two databases: the limits read and write there, too."""

    @property
    def origin(self) -> str:
        return self.platform.url


async def fixture_for(platform: Platform, rows: int) -> BenchFixture:
    """Register organisations and make the rows they will send; none is sent yet."""
    size = Size(organisations=ORGANISATIONS, months=12, reports=rows, first_month="2025-10")
    async with platform.client("secretariat") as secretariat:
        ids = await _organisations(secretariat)
        known = await reference_of(secretariat)
    lines = [
        orjson.dumps({**_measured(report.row), "organisation_id": ids[report.organisation.number]}) + b"\n"
        for report in sample_reports(size, known)
    ]
    bodies = [b"".join(lines[start : start + 1000]) for start in range(0, len(lines), 1000)]
    months = size.month_list
    return BenchFixture(
        platform,
        rows,
        months[0],
        months[-1],
        bodies,
        database_of(platform, "activities"),
        database_of(platform, "reporting"),
    )


def _measured(row: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that were measured of peers: a row of the sample is wider."""
    people = {part: count for part, count in row["people"].items() if part in PEOPLE}
    return {**{name: row[name] for name in FIELDS if name in row}, "people": people}


async def _organisations(secretariat: Tansiq) -> dict[int, str]:
    known = await known_samples(secretariat)
    organisations = sample_organisations(ORGANISATIONS, SECTORS)
    return {each.number: await register(secretariat, each, known, GOVERNORATES) for each in organisations}


def database_of(platform: Platform, service: str) -> str:
    """The address of a service's database, as the process that uses it knows it."""
    return psutil.Process(platform.pids()[service]).environ()["TANSIQ_DATABASE_URL"]


async def bearer(platform: Platform, name: str = "secretariat") -> str:
    """A fresh token: each measurement takes its own, since tokens are short."""
    return await bearer_of(platform.credentials(name))


async def bearer_of(credentials: Credentials) -> str:
    async with httpx2.AsyncClient(base_url=credentials.url) as http:
        auth = (credentials.client_id, credentials.client_secret)
        answer = await http.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=auth)
    return f"Bearer {answer.json()['access_token']}"


def graph(text: str, token: str, **variables: Any) -> bytes:
    """A question to the gateway as it goes over the wire."""
    body = orjson.dumps({"query": text, "variables": variables})
    return request("POST", "/graphql", body, content_type="application/json", authorization=token)


@asynccontextmanager
async def raw_server(fixture: BenchFixture) -> AsyncIterator[str]:
    """The limit's server; its origin."""
    databases = {"BENCH_ACTIVITIES": fixture.activities, "BENCH_REPORTING": fixture.reporting}
    async with server_of("bench.raw", databases) as origin:
        yield origin


@asynccontextmanager
async def server_of(module: str, environment: Mapping[str, str] | None = None) -> AsyncIterator[str]:
    """A module that serves on the port it is given, in a process of its own; its origin."""
    async with served([sys.executable, "-m", module], environment or {}) as origin:
        yield origin


@asynccontextmanager
async def served(command: Sequence[str], environment: Mapping[str, str]) -> AsyncIterator[str]:
    """A command that serves on the port it is given last; its origin. Raises `RuntimeError` where it ends instead."""
    port = free_ports([command[-1]])[command[-1]]
    process = await asyncio.create_subprocess_exec(*command, str(port), env={**os.environ, **environment})
    try:
        while not _listens(port):
            if process.returncode is not None:
                raise RuntimeError(f"{command[-1]} ended with {process.returncode}")
            await asyncio.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
