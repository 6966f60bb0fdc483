"""A log of events of before, a folder for the archive, and a worker that moves one into the other."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import archive
import jobs
import messaging
import pytest_asyncio
from archive import Objects
from contracts.codes import ScopeChanged
from contracts.values import Names
from database import Database
from database.migrations import migrate
from messaging import events

MIGRATIONS = [messaging.MIGRATIONS, jobs.MIGRATIONS, archive.MIGRATIONS]


async def prepare(url: str) -> None:
    await asyncio.to_thread(migrate, url, MIGRATIONS)


def scope(code: str, version: int = 1) -> ScopeChanged:
    return ScopeChanged(
        version=version, code=code, names=Names(en=f"{code} {version}"), country="SY", areas=("SY07",), active_from=None
    )


@dataclass
class Log:
    """The log, and where it goes."""

    url: str
    database: Database
    folder: Path

    @property
    def objects(self) -> Objects:
        return Objects.at(self.folder.as_uri())

    async def append(self, appended: Sequence[ScopeChanged], *, days_ago: int, published: bool = True) -> None:
        async with self.database.transaction() as tx:
            before = await tx.fetchval("select coalesce(max(number), 0) from event")
            await events.append_all(tx, appended)
            await tx.execute(
                "update event set time = now() - make_interval(days => $1) where number > $2", days_ago, before
            )
            if published:
                await tx.execute("delete from outbox where event > $1", before)

    async def rows(self, query: str) -> list[dict[str, Any]]:
        async with self.database.connection() as connection:
            return [dict(row) for row in await connection.fetch(query)]

    def files(self) -> list[Path]:
        return sorted(path for path in self.folder.rglob("*") if path.is_file())


@pytest_asyncio.fixture
async def log(database_url: Any, tmp_path: Path) -> AsyncIterator[Log]:
    url = await database_url("archive", prepare)
    database = await Database.connect(url, application="archive")
    yield Log(url, database, tmp_path / "archive")
    await database.close()
