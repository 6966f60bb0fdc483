"""What becomes of dead letters: retried, superseded by a newer state, or dropped."""

from collections.abc import Sequence
from typing import Any

import pytest
from contracts.codes import ScopeChanged
from contracts.event import Event
from contracts.operations import DEAD_LETTERS
from contracts.reports import ReportChanged
from database import Transaction
from messaging import Projection, Tombstone, dead_letters, events, rebuilding

from tests.messaging.messaging_stage import Stage, on_scope_changed, report, scope

KIND = "registry.scope.changed.v1"
OPEN = "select convert_from(key, 'utf8'), version from dead_letter where resolved_at is null order by number"
RESOLVED = "select convert_from(key, 'utf8'), resolution from dead_letter where resolved_at is not null order by number"


async def on_trap(tx: Transaction, batch: Sequence[ScopeChanged]) -> None:
    for event in batch:
        if event.names.en == "trap":
            raise ValueError(f"cannot take {event.code}")
    await on_scope_changed(tx, batch)


async def on_gone(tx: Transaction, batch: Sequence[Tombstone]) -> None:
    await tx.execute("delete from scope where code = any($1)", [gone.key for gone in batch])


HANDLERS: dict[type[Event], Any] = {ScopeChanged: on_trap}


async def test_a_newer_version_resolves_the_dead_letter_of_its_aggregate_only(stage: Stage) -> None:
    await stage.append(scope("SY", 1), scope("SY", 2, "trap"), scope("LB", 1, "trap"))
    await stage.put(ScopeChanged.topic, "IQ", b"no json", KIND)
    async with stage.running(stage.relay(), consumer := stage.consumer("x", HANDLERS)):
        await stage.holds(OPEN, [("IQ", None), ("SY", 2), ("LB", 1)])
        assert await stage.rows("select code, version from scope") == [("SY", 1)]
        await stage.append(scope("SY", 1), scope("IQ", 5))
        await consumer.caught_up()
        await stage.holds(OPEN, [("SY", 2), ("LB", 1)])
        await stage.append(scope("SY", 3))
        await stage.holds(RESOLVED, [("IQ", "superseded"), ("SY", "superseded")])
    assert await stage.rows(OPEN) == [("LB", 1)]


async def test_a_newer_version_in_the_same_batch_resolves_it_at_once(stage: Stage) -> None:
    await stage.append(scope("SY", 1, "trap"), scope("SY", 2))
    async with stage.running(stage.relay()):
        await stage.arrive(ScopeChanged.topic, lambda found: len(found) == 2)
        async with stage.running(consumer := stage.consumer("x", HANDLERS)):
            await consumer.caught_up()
    assert await stage.rows(RESOLVED) == [("SY", "superseded")]
    assert await stage.rows("select code, version from scope") == [("SY", 2)]


async def test_the_end_of_an_aggregate_resolves_its_dead_letters(stage: Stage) -> None:
    await stage.append(scope("SY", 1), scope("SY", 2, "trap"))
    consumer = stage.consumer("x", HANDLERS, tombstones={ScopeChanged.topic: on_gone})
    async with stage.running(stage.relay(), consumer):
        await stage.holds(OPEN, [("SY", 2)])
        async with stage.database.transaction() as tx:
            await events.append_tombstone(tx, ScopeChanged.topic, "SY")
        await stage.holds(RESOLVED, [("SY", "superseded")])
    assert await stage.rows("select * from scope") == []


async def test_an_operator_lists_retries_and_drops(stage: Stage) -> None:
    await stage.append(scope("SY", 2, "trap"), scope("LB", 1, "trap"))
    async with stage.running(stage.relay(), stage.consumer("x", HANDLERS)):
        await stage.holds(OPEN, [("SY", 2), ("LB", 1)])
        copies = await stage.arrive(DEAD_LETTERS, lambda found: len(found) == 2)
    assert [copy.headers["ce_subject"] for copy in copies] == ["SY", "LB"]
    async with stage.database.transaction() as tx:
        first, second = await dead_letters.list_dead_letters(tx, consumer="x")
        assert (first.topic, first.key, first.type, first.version) == (ScopeChanged.topic.noun, "SY", KIND, 2)
        assert first.cause == "ValueError: cannot take SY"
        assert [letter.key for letter in await dead_letters.list_dead_letters(tx, after=first.number)] == ["LB"]
        assert await dead_letters.retry(tx, first.number, Projection(events=HANDLERS)) == "ValueError: cannot take SY"
        assert (await dead_letters.list_dead_letters(tx, limit=1))[0].attempts == 2
        mended: dict[type[Event], Any] = {ScopeChanged: on_scope_changed}
        assert await dead_letters.retry(tx, first.number, Projection(events=mended)) == "taken"
        assert await dead_letters.retry(tx, first.number, Projection(events=mended)) is None
        assert await dead_letters.drop(tx, second.number)
        assert not await dead_letters.drop(tx, second.number)
    assert await stage.rows(RESOLVED) == [("SY", "retried"), ("LB", "dropped")]
    assert await stage.rows("select code, version from scope") == [("SY", 2)]


async def test_a_replay_finds_the_same_dead_letter_again_without_doubling_it(stage: Stage) -> None:
    await stage.append(scope("SY", 1, "trap"))
    async with stage.running(stage.relay(), consumer := stage.consumer("x", HANDLERS)):
        await stage.holds(OPEN, [("SY", 1)])
        async with stage.database.transaction() as tx:
            await rebuilding.begin(tx, "x", consumer.projection)
        await stage.holds("select attempts, resolution from dead_letter", [(2, None)])
        await stage.append(scope("LB", 1, "trap"))
        found = await stage.arrive(DEAD_LETTERS, lambda found: found[-1:] != [] and found[-1].key == "LB")
    assert [copy.key for copy in found] == ["SY", "LB"]


async def test_what_is_retried_during_a_rebuild_stays_when_that_has_ended(stage: Stage) -> None:
    waits = [True]

    async def complete(_: Transaction) -> None:
        if waits:
            raise ConnectionError

    await stage.append(scope("SY", 1, "trap"), scope("LB", 1))
    tables: dict[str, Any] = {"tables": ["scope"], "complete": complete}
    async with stage.running(stage.relay(), consumer := stage.consumer("x", HANDLERS, **tables)):
        await stage.holds(OPEN, [("SY", 1)])
        await stage.holds("select to_regclass('rebuilding_x.scope') is not null", [(True,)])
        async with stage.database.transaction() as tx:
            (letter,) = await dead_letters.list_dead_letters(tx)
            mended = Projection(events={ScopeChanged: on_scope_changed}, tables=["scope"])
            assert await dead_letters.retry(tx, letter.number, mended) == "taken"
        waits.clear()
        await consumer.caught_up()
    assert await stage.rows("select code from scope order by code") == [("LB",), ("SY",)]


@pytest.mark.parametrize("size", [events.LARGEST + 50_000])
async def test_the_copy_of_a_dead_letter_too_large_to_travel_goes_without_its_bytes(stage: Stage, size: int) -> None:
    await stage.put(ScopeChanged.topic, "SY", b"x" * size, KIND)
    async with stage.running(stage.relay(), stage.consumer("x", HANDLERS)):
        (copy,) = await stage.arrive(DEAD_LETTERS, lambda found: len(found) == 1)
    assert (copy.value, copy.headers["dl_omitted_bytes"]) == (None, str(size))
    assert await stage.rows("select length(payload) from dead_letter") == [(size,)]


async def test_whatever_is_wrong_with_an_event_it_can_be_kept_as_a_dead_letter(stage: Stage) -> None:
    async def on_scope(tx: Transaction, batch: Sequence[ScopeChanged]) -> None:
        raise RuntimeError("with a \0 and a \ud800 in it")

    await stage.put(ScopeChanged.topic, "nul \0", b"\0", KIND)
    await stage.put(ScopeChanged.topic, "huge", scope("SY", 2**70).model_dump_json().encode(), KIND)
    await stage.put(ScopeChanged.topic, "deep", b"[" * 5000, KIND)
    await stage.put(ScopeChanged.topic, "headers", b"", KIND, **{"x\0": b"\xff"})
    await stage.append(scope("last", 1))
    async with stage.running(stage.relay(), stage.consumer("x", {ScopeChanged: on_scope})):
        await stage.holds("select count(*) from dead_letter", [(5,)])
        copies = await stage.arrive(DEAD_LETTERS, lambda found: len(found) == 5)
    assert {copy.headers["ce_type"] for copy in copies} == {KIND}


async def test_partitions_taken_together_keep_their_dead_letters_apart(stage: Stage) -> None:
    calls: list[set[str]] = []
    bad = {str(report(f"r{n}", 1).id) for n in range(0, 40, 7)}

    async def on_report(_: Transaction, batch: Sequence[ReportChanged]) -> None:
        calls.append({event.key for event in batch})
        if any(event.key in bad and event.version == 1 for event in batch):
            raise ValueError("cannot take it")

    await stage.append(*(report(f"r{n}", 1) for n in range(40)))
    async with stage.running(stage.relay()):
        lies = await stage.arrive(ReportChanged.topic, lambda found: len(found) == 40)
        at = {seen.key: (seen.partition, seen.offset) for seen in lies}
        async with stage.running(consumer := stage.consumer("x", {ReportChanged: on_report})):
            await consumer.caught_up()
            kept = await stage.rows("select convert_from(key, 'utf8'), partition, record_offset from dead_letter")
            await stage.append(report("r7", 2))
            await stage.holds(RESOLVED, [(str(report("r7", 1).id), "superseded")])
    assert any(len({at[key][0] for key in call}) > 1 for call in calls), "partitions were taken one by one"
    assert {key: (partition, offset) for key, partition, offset in kept} == {key: at[key] for key in bad}
