"""A rebuild gathers facts and counts them once: also when it breaks off, and when others consume meanwhile."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from database import Database
from database.migrations import migrate
from local.postgres import postgres_bin
from messaging import rebuilding
from reporting.consumers import PROJECTION, on_report_changed
from reporting.counting import commands, store
from reporting.main import SERVICE
from runtime.process import migrations_of
from runtime.service import Service
from testkit.services import Migrated, declared_services

HEARING = [service for service in declared_services().values() if service.projection.mirrors]
EXAMPLES = Path(__file__).parents[2] / "libs" / "contracts" / "examples"


def test_the_projection_knows_every_table_that_is_made_of_events() -> None:
    texts = [path.read_text() for path in (SERVICE.folder / "migrations").glob("*.sql")]
    tables = {name for text in texts for name in re.findall(r"^create table (\w+)", text, re.MULTILINE)}
    assert set(PROJECTION.all_tables) == tables - {"counting_rule", "closed_figure"}, (
        "consumers.PROJECTION declares what is made of events"
    )


async def begin(reporting: Any) -> None:
    await reporting.forget_all()
    await reporting.hear_reference()


async def test_until_all_is_gathered_there_are_no_figures_and_the_answer_says_so(reporting: Any, report: Any) -> None:
    await begin(reporting)
    await reporting.hear(report("a", total=50), report("b", total=30))
    for path in ("/v1/coverage", "/v1/presence"):
        answer = (await reporting.ask(path)).json()
        assert (answer["items"], answer["rebuilding"]) == ([], True)
    await reporting.complete()
    answer = (await reporting.ask("/v1/coverage")).json()
    assert (answer["items"][0]["people_total"], answer["rebuilding"]) == (80, False)


async def test_a_batch_that_is_open_when_the_rebuild_ends_is_counted(reporting: Any, report: Any) -> None:
    await begin(reporting)
    async with reporting.database.transaction() as tx:
        await on_report_changed(tx, [report("late", total=50)])
        ending = asyncio.create_task(reporting.complete())
        await asyncio.sleep(0.2)
        assert not ending.done()
    await ending
    assert (await reporting.figure())["people_total"] == 50


async def test_a_batch_that_waits_for_the_end_of_the_rebuild_is_counted(reporting: Any, report: Any) -> None:
    await begin(reporting)
    await reporting.hear(report("a", total=50))
    async with reporting.database.transaction() as tx:
        await commands.complete(tx)
        late = asyncio.create_task(reporting.hear(report("b", total=30)))
        await asyncio.sleep(0.2)
        assert not late.done()
    await late
    assert (await reporting.figure())["people_total"] == 80


async def test_a_rebuild_that_dies_while_it_counts_is_ended_by_the_next(
    reporting: Any, report: Any, monkeypatch: Any
) -> None:
    await begin(reporting)
    await reporting.hear(report("a", total=50))
    count_all = store.count_all

    async def dying(tx: Any) -> None:
        await count_all(tx)
        raise ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr(store, "count_all", dying)
        with pytest.raises(ConnectionError):
            await reporting.complete()
    assert (await reporting.ask("/v1/coverage")).json()["rebuilding"] is True
    await asyncio.gather(reporting.complete(), reporting.complete())
    assert (await reporting.figure())["people_total"] == 50


@pytest.mark.parametrize("service", HEARING, ids=lambda service: service.name)
async def test_every_mirror_takes_the_example_of_its_event(service: Service, migrated: Migrated) -> None:
    database = await Database.connect(await migrated(service), application="test")
    for mirror in service.projection.mirrors:
        example = (EXAMPLES / f"{mirror.event.type_name()}.json").read_bytes()
        async with database.transaction() as tx:
            await mirror.keep(tx, [mirror.event.model_validate_json(example)])
            assert await tx.fetchval(f"select count(*) from {mirror.table}") == 1
    await database.close()


@pytest.mark.parametrize("service", HEARING, ids=lambda service: service.name)
async def test_after_a_rebuild_the_schema_is_as_migrations_make_it(
    service: Service, migrated: Migrated, tmp_path: Path
) -> None:
    url, written = await migrated(service), tmp_path / "schema.sql"
    database = await Database.connect(url, application="test")
    async with database.transaction() as tx:
        await rebuilding.begin(tx, service.name, service.projection)
        rebuild = await rebuilding.under_way(tx, service.name, service.projection)
        assert rebuild
        assert await rebuilding.complete(tx, rebuild, {})
        assert await rebuilding.swap(tx, rebuild)
    await database.close()
    await asyncio.to_thread(migrate, url, migrations_of(service), schema_file=written, pg_bin=postgres_bin())
    assert written.read_text() == (service.folder / "schema.sql").read_text()
