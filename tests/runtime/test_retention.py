"""What every service keeps, and for how long: jobs of its worker, by its settings."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from archive.files import unpacked
from database import Database
from fastapi import APIRouter
from jobs import JobWorker
from runtime import retention
from runtime.routing import TransactionalRoute
from runtime.service import Service, Worker
from runtime.settings import ServiceSettings
from testkit.patience import tries
from testkit.service_clients import settings_of
from testkit.services import Migrated


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    folder: Path = tmp_path_factory.mktemp("keeping")
    (folder / "migrations").mkdir()
    (folder / "migrations" / "0101_nothing.sql").write_text("-- migrate:up\nselect 1;\n-- migrate:down\n")
    return Service("keeping", "Keeps.", ServiceSettings, folder, [APIRouter(route_class=TransactionalRoute)])


@pytest_asyncio.fixture
async def database(migrated: Migrated, service: Service) -> Any:
    url = await migrated(service)
    opened = await Database.connect(url, application="retention")
    async with opened.transaction() as tx:
        for days in (10, 800):
            await tx.execute(
                "insert into audit_entry (at, subject, role, action, object)"
                " select now() - make_interval(days => $1::int), 'o', 'secretariat', 'look', 'report:' || $1::int",
                days,
            )
            await tx.execute(
                "insert into event (id, aggregatetype, aggregateid, type, payload, time)"
                " select uuidv7(), 'a.b', $1::int::text, 'a.b.v1', '{}', now() - make_interval(days => $1::int)",
                days,
            )
    yield opened
    await opened.close()


async def at_night(database: Database, service: Service, **settings: Any) -> None:
    """The jobs of a night, done."""
    url = "postgresql://unused"
    worker = Worker(service.name, database, settings_of(service, url, **settings), None, None)  # type: ignore[arg-type]
    stop = asyncio.Event()
    task = asyncio.create_task(JobWorker(database, retention.JOBS, worker).run(stop))
    begun = "select count(*) from job where schedule is not null"
    done = "select count(*) from job where due_at <= now()"
    async with database.connection() as connection:
        async for _ in tries():
            if await connection.fetchval(begun) == len(retention.JOBS):
                break
        await connection.execute("update job set due_at = now(), edition = edition")
        await connection.execute("select pg_notify('jobs', '')")
        async for _ in tries():
            if await connection.fetchval(done) == 0:
                break
    stop.set()
    await task


async def counts(database: Database) -> tuple[int, int]:
    async with database.connection() as connection:
        row = await connection.fetchrow(
            "select (select count(*) from event) as events, (select count(*) from audit_entry) as entries"
        )
    assert row is not None
    return row["events"], row["entries"]


def files_in(folder: Path) -> dict[tuple[str, ...], Path]:
    return {file.relative_to(folder).parts[:2]: file for file in folder.rglob("*.gz")}


async def test_old_events_and_entries_go_into_the_archive(database: Database, service: Service, tmp_path: Path) -> None:
    await at_night(database, service, archive_url=tmp_path.as_uri())
    assert await counts(database) == (1, 1)
    files = files_in(tmp_path)
    assert set(files) == {("keeping", "event"), ("keeping", "audit_entry")}
    entries = files["keeping", "audit_entry"]
    assert [row["object"] for row in unpacked(entries.name, entries.read_bytes())] == ["report:800"]


@pytest.mark.parametrize("settings", [{"archive_url": None}, {"keep_events_days": 0, "keep_audit_days": 0}])
async def test_without_an_archive_or_a_number_of_days_all_stays(
    database: Database, service: Service, tmp_path: Path, settings: dict[str, Any]
) -> None:
    await at_night(database, service, **{"archive_url": tmp_path.as_uri(), **settings})
    assert await counts(database) == (2, 2)
    assert files_in(tmp_path) == {}
