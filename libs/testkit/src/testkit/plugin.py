"""The pytest plugin: one PostgreSQL and one Kafka for the whole run, shared by all its workers, and fresh databases."""

from __future__ import annotations

import asyncio
import fcntl
import inspect
import os
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol, TypeAlias

import asyncpg
import pytest
import pytest_asyncio
from local.databases import database_url as address
from local.databases import run_sql

from testkit import servers

Prepare = Callable[[str], Awaitable[None] | None]
Administrator: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

_opened = pytest.StashKey[servers.ThrowawayServers]()


class DatabaseFactory(Protocol):
    """`url = await database_url()`; with a name and `prepare`, a copy of what prepare(url) made once in this run."""

    async def __call__(self, template: str | None = None, prepare: Prepare | None = None) -> str: ...


def pytest_configure(config: pytest.Config) -> None:
    """Only the process the developer started owns servers; xdist's workers find them through the environment."""
    if not hasattr(config, "workerinput") and not config.option.collectonly:
        config.stash[_opened] = servers.ThrowawayServers()


def pytest_unconfigure(config: pytest.Config) -> None:
    opened = config.stash.get(_opened, None)
    if opened is not None:
        _drop_templates(opened.folder)
        opened.close()


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """The administrator's address of the run's PostgreSQL."""
    return servers.postgres_url()


@pytest.fixture(scope="session")
def kafka_bootstrap() -> str:
    return servers.kafka_bootstrap()


@pytest.fixture
def topic_prefix() -> str:
    """No other test's topics, groups or transactional ids begin like this."""
    return f"t{uuid.uuid4().hex[:12]}."


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _administrator(postgres_url: str) -> AsyncIterator[Administrator]:
    connection = await asyncpg.connect(postgres_url)
    yield connection
    await connection.close()


@pytest_asyncio.fixture(loop_scope="session")
async def database_url(_administrator: Administrator, postgres_url: str) -> AsyncIterator[DatabaseFactory]:
    """Makes databases that are this test's own, and drops them after it."""
    async with _databases(_administrator, postgres_url) as factory:
        yield factory


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def standing_database_url(_administrator: Administrator, postgres_url: str) -> AsyncIterator[DatabaseFactory]:
    """The same for databases that several tests share: they are this worker's own, and dropped at its end."""
    async with _databases(_administrator, postgres_url) as factory:
        yield factory


@asynccontextmanager
async def _databases(administrator: Administrator, url: str) -> AsyncIterator[DatabaseFactory]:
    made: list[str] = []

    async def make(template: str | None = None, prepare: Prepare | None = None) -> str:
        source = await _template(administrator, url, template, prepare) if template else "template0"
        name = f"test_{uuid.uuid4().hex[:16]}"
        # Copying files is quicker than logging every page, the default.
        await administrator.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY FILE_COPY')
        made.append(name)
        return address(url, name)

    yield make
    for name in made:
        await administrator.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


async def _template(administrator: Administrator, url: str, name: str, prepare: Prepare | None) -> str:
    """Made by the first worker that needs it, under another name until it is whole."""
    folder = Path(os.environ[servers.SERVERS_DIR])
    wanted = f"template_{name}_{_run(folder)}"
    with (folder / f"{wanted}.lock").open("w") as lock:
        await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
        if not await administrator.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", wanted):
            await administrator.execute(f'DROP DATABASE IF EXISTS "{wanted}_new" WITH (FORCE)')
            await administrator.execute(f'CREATE DATABASE "{wanted}_new" TEMPLATE template0')
            done = await asyncio.to_thread(prepare, address(url, f"{wanted}_new")) if prepare else None
            if inspect.isawaitable(done):
                await done
            await administrator.execute(f'ALTER DATABASE "{wanted}_new" RENAME TO "{wanted}"')
    return wanted


def _run(folder: Path) -> str:
    return folder.name.removeprefix("tansiq-test-").lower()


def _drop_templates(folder: Path) -> None:
    """On a server of the developer's own nothing of the run may stay."""
    if url := os.environ.get(servers.POSTGRES_URL):
        found = run_sql(url, f"SELECT datname FROM pg_database WHERE datname LIKE 'template_%_{_run(folder)}%'")
        for name in found.splitlines():
            run_sql(url, f'DROP DATABASE "{name}" WITH (FORCE)')
