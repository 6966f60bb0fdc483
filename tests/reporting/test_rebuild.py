"""A rebuild gathers facts and counts them once: also when it breaks off, and when others consume meanwhile."""

import asyncio
import re
from typing import Any

import pytest
from messaging.broker import Partition
from reporting.consumers import PROJECTION, on_report_submitted
from reporting.counting import commands, store
from reporting.freshness.store import has_reached
from reporting.main import SERVICE


def test_a_rebuild_empties_every_table_that_is_made_of_events() -> None:
    texts = [path.read_text() for path in (SERVICE.folder / "migrations").glob("*.sql")]
    tables = {name for text in texts for name in re.findall(r"^create table (\w+)", text, re.MULTILINE)}
    assert set(PROJECTION.all_tables) == tables - {"counting_rule", "closed_figure"}, (
        "consumers.PROJECTION lists what is made of events"
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
        await on_report_submitted(tx, [report("late", total=50)])
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


async def test_ends_are_reached_when_every_partition_is(reporting: Any) -> None:
    first, second = Partition("t.reports", 0), Partition("t.reports", 1)
    async with reporting.database.transaction() as tx:
        await tx.execute(
            "insert into consumer_offset (consumer, topic, partition, next_offset, schema_version)"
            " values ('reporting', 't.reports', 0, 7, 2)"
        )
        assert await has_reached(tx, {first: 7, second: 0})
        assert not await has_reached(tx, {first: 8})
        assert not await has_reached(tx, {first: 7, second: 1})
