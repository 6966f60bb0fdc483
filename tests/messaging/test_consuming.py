"""What must hold of every consumer: effects once, order per key, nobody in the way of others."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import asyncpg
import orjson
from contracts.codes import IndicatorChanged, ScopeChanged, SectorChanged
from contracts.event import Event
from contracts.operations import DEAD_LETTERS
from contracts.reports import ReportChanged
from database import Transaction
from messaging import RetryLater
from messaging.client import AioKafka

from tests.messaging.messaging_stage import Stage, applying, indicator, on_scope_changed, report, scope, sector


async def test_events_reach_their_handlers_in_order_and_in_groups(stage: Stage) -> None:
    calls: list[list[Event]] = []

    async def on_code(_: Transaction, batch: Sequence[Event]) -> None:
        calls.append(list(batch))

    sent = [sector("WSH", 1), sector("WSH", 2), indicator("i", 1), sector("HEA", 1), sector("WSH", 3)]
    await stage.append(*sent)
    consumer = stage.consumer("x", {SectorChanged: on_code, IndicatorChanged: on_code})
    async with stage.running(stage.relay()):
        await stage.arrive(SectorChanged.topic, lambda found: len(found) == 5)
        async with stage.running(consumer):
            await consumer.caught_up()
    assert calls == [sent]


async def test_handlers_of_two_classes_are_called_turn_by_turn(stage: Stage) -> None:
    calls: list[list[str]] = []

    async def on_sector(_: Transaction, batch: Sequence[SectorChanged]) -> None:
        calls.append([event.code for event in batch])

    async def on_indicator(_: Transaction, batch: Sequence[IndicatorChanged]) -> None:
        calls.append([event.code for event in batch])

    await stage.append(sector("WSH", 1), sector("HEA", 1), indicator("i", 1), sector("WSH", 2))
    consumer = stage.consumer("x", {SectorChanged: on_sector, IndicatorChanged: on_indicator})
    async with stage.running(stage.relay()):
        await stage.arrive(SectorChanged.topic, lambda found: len(found) == 4)
        async with stage.running(consumer):
            await consumer.caught_up()
    assert calls == [["WSH", "HEA"], ["i"], ["WSH"]]


async def test_an_old_consumer_reads_a_newer_event_with_more_in_it(stage: Stage) -> None:
    newer = orjson.loads(scope("SY", 1).model_dump_json()) | {"since": 2027, "names": {"en": "Syria", "fr": "Syrie"}}
    await stage.put(ScopeChanged.topic, "SY", orjson.dumps(newer), "registry.scope.changed.v1", ce_since=b"2027")
    await stage.put(ScopeChanged.topic, "SY", b"{}", "registry.scope.invented_later.v1")
    consumer = stage.consumer("x", {ScopeChanged: on_scope_changed})
    async with stage.running(consumer):
        await consumer.caught_up()
    assert await stage.rows("select code, version, name from scope") == [("SY", 1, "Syria")]
    assert await stage.rows("select * from dead_letter") == []


async def test_an_event_of_a_former_type_is_read_as_the_present_one(stage: Stage) -> None:
    """Logs, topics and archives keep what was published before an event was renamed."""
    former = str(ReportChanged.former_type)
    await stage.append(report("r1", 1), report("r2", 1))
    await stage.rows(
        "update event set type = $1, payload = convert_to(replace(convert_from(payload, 'utf8'), type, $1), 'utf8')",
        former,
    )
    await stage.append(report("r1", 2))
    async with stage.running(stage.relay(), consumer := stage.consumer("x", {ReportChanged: applying("x")})):
        lies = await stage.arrive(ReportChanged.topic, lambda found: len(found) == 3)
        await consumer.caught_up()
    assert [former in str(seen.value) and seen.headers["ce_type"] == former for seen in lies].count(True) == 2
    assert {(key, version) for key, version in await stage.rows("select key, version from applied")} == {
        (report("r1", 1).key, 1),
        (report("r2", 1).key, 1),
        (report("r1", 2).key, 2),
    }
    assert await stage.rows("select * from dead_letter") == []


async def test_a_bad_event_becomes_a_dead_letter_and_the_rest_flows(stage: Stage) -> None:
    async def on_scope(tx: Transaction, batch: Sequence[ScopeChanged]) -> None:
        if any(event.names.en == "trap" for event in batch):
            await tx.execute("select 1/0")
        await on_scope_changed(tx, batch)

    kind = "registry.scope.changed.v1"
    await stage.put(ScopeChanged.topic, "bytes", b"\xff\x00\xfe", kind, mark=b"\xffraw")
    await stage.put(
        ScopeChanged.topic, "fields", b'{"type": "registry.scope.changed.v1", "secret": "do not tell"}', kind
    )
    await stage.put(ScopeChanged.topic, "nameless", b"{}", None)
    await stage.append(*(scope(f"s{n}", 1, "trap" if n == 6 else "fine") for n in range(10)))
    consumer = stage.consumer("x", {ScopeChanged: on_scope})
    async with stage.running(stage.relay()):
        await stage.arrive(ScopeChanged.topic, lambda found: len(found) == 13)
        async with stage.running(consumer):
            await consumer.caught_up()
            copies = await stage.arrive(DEAD_LETTERS, lambda found: len(found) == 4)
    assert await stage.rows("select count(*) from scope where name = 'fine'") == [(9,)]
    letters = await stage.rows("select convert_from(key, 'utf8'), payload, cause from dead_letter order by number")
    causes = {key: cause for key, _, cause in letters}
    assert set(causes) == {"bytes", "fields", "nameless", "s6"}
    assert "division by zero" in causes["s6"]
    assert "no ce_type" in causes["nameless"]
    assert "code: Field required" in causes["fields"]
    assert "do not tell" not in causes["fields"]
    assert letters[0][1] == b"\xff\x00\xfe"
    copy = next(seen for seen in copies if seen.key == "bytes")
    assert (copy.value, copy.headers["ce_type"], copy.headers["dl_consumer"]) == (b"\xff\x00\xfe", kind, "x")
    assert (copy.headers["dl_topic"], copy.headers["dl_cause"]) == (ScopeChanged.topic.noun, causes["bytes"])
    names, values = (await stage.rows("select header_names, header_values from dead_letter order by number limit 1"))[0]
    assert dict(zip(names, values, strict=True))["mark"] == b"\xffraw"


async def test_a_passing_failure_is_tried_again_and_never_dead_lettered(stage: Stage) -> None:
    failures: list[Exception] = [
        RetryLater("the boundary is not there yet"),
        asyncpg.DeadlockDetectedError("deadlock"),
        ConnectionResetError("gone"),
    ]
    apply = applying("x")

    async def on_scope(tx: Transaction, batch: Sequence[ScopeChanged]) -> None:
        await apply(tx, batch)
        if failures:
            raise failures.pop()

    await stage.append(scope("SY", 1))
    async with stage.running(stage.relay(), stage.consumer("x", {ScopeChanged: on_scope})):
        await stage.applied_once(1)
    assert failures == []
    assert await stage.rows("select * from dead_letter") == []


async def test_a_consumer_whose_connection_is_cut_in_a_batch_goes_on(stage: Stage) -> None:
    apply, cut = applying("x"), asyncio.Event()

    async def on_scope(tx: Transaction, batch: Sequence[ScopeChanged]) -> None:
        await apply(tx, batch)
        if not cut.is_set():
            cut.set()
            await stage.rows("select pg_terminate_backend($1)", await tx.fetchval("select pg_backend_pid()"))

    await stage.append(scope("SY", 1))
    async with stage.running(stage.relay(), stage.consumer("x", {ScopeChanged: on_scope})):
        await stage.applied_once(1)
    assert cut.is_set()
    assert await stage.rows("select * from dead_letter") == []


async def test_effects_happen_once_while_members_come_and_go(stage: Stage) -> None:
    consumers = [stage.consumer("x", {ReportChanged: applying("x")}, at_once=20, session_seconds=6.0) for _ in range(2)]
    async with stage.running(stage.relay(most=100), consumers[0]):
        for step in range(3):
            await stage.append(*(report(f"k{n}", step * 2 + 1) for n in range(300)))
            async with stage.running(consumers[1]):
                await stage.append(*(report(f"k{n}", step * 2 + 2) for n in range(300)))
                await asyncio.sleep(0.3)
        await stage.applied_once(1800)
    order = await stage.rows(
        "select count(*) from (select version, lag(version) over (partition by key order by number) as before "
        "from applied) pairs where before > version"
    )
    assert order == [(0,)]


async def test_a_member_frozen_in_a_batch_applies_nothing_when_it_wakes(stage: Stage) -> None:
    await stage.append(*(report(f"k{n}", 1) for n in range(40)))
    async with stage.running(stage.relay()):
        frozen = stage.process("consumer", freeze_at="handling")
        await frozen.froze()
        successor = stage.consumer("x", {ReportChanged: applying("x")}, session_seconds=6.0)
        async with stage.running(successor):
            await stage.applied_once(40)
            frozen.thaw()
            await frozen.says("consumer.retries")
            await stage.append(*(report(f"k{n}", 2) for n in range(40)))
            await stage.applied_once(80)
        await stage.append(*(report(f"k{n}", 3) for n in range(40)))
        await stage.applied_once(120)


async def test_a_member_that_stands_still_within_a_copy_is_ended_by_its_successor(stage: Stage) -> None:
    stalled = asyncio.Event()

    async def rows_that_stop() -> AsyncIterator[tuple[str, str, int]]:
        yield "x", "never", 1
        stalled.set()
        await asyncio.Event().wait()

    async def stand_still() -> None:
        async with stage.database.transaction() as tx:
            await tx.execute("update consumer_offset set next_offset = next_offset + 1")
            await tx.copy_records_to_table("applied", columns=["consumer", "key", "version"], records=rows_that_stop())

    await stage.append(*(report(f"k{n}", 1) for n in range(40)))
    async with stage.running(stage.relay()):
        async with stage.running(stage.consumer("x", {ReportChanged: applying("x")})):
            await stage.applied_once(40)
        member = asyncio.create_task(stand_still())
        await stalled.wait()
        await stage.append(*(report(f"k{n}", 2) for n in range(40)))
        async with stage.running(stage.consumer("x", {ReportChanged: applying("x")}, statement_seconds=1.0)):
            await stage.applied_once(80)
        member.cancel()
        await asyncio.wait([member])


async def test_a_spare_member_takes_over_also_after_the_longest_pause_between_polls(stage: Stage) -> None:
    impatient = AioKafka(most_poll_seconds=1.0)
    first, spare = (stage.consumer("x", {ScopeChanged: applying("x")}, client=impatient) for _ in range(2))
    async with stage.running(stage.relay()):
        async with stage.running(first):
            await stage.append(scope("SY", 1))
            await stage.applied_once(1)
            stop = asyncio.Event()
            task = asyncio.create_task(spare.run(stop))
            await asyncio.sleep(2.5)
        await stage.append(scope("SY", 2))
        await stage.applied_once(2)
        stop.set()
        await task


async def test_a_consumer_that_stops_has_finished_what_it_took(stage: Stage) -> None:
    started, apply = asyncio.Event(), applying("x")

    async def on_report(tx: Transaction, batch: Sequence[ReportChanged]) -> None:
        started.set()
        await asyncio.sleep(0.3)
        await apply(tx, batch)

    await stage.append(*(report(f"k{n}", 1) for n in range(8)))
    async with stage.running(stage.relay()):
        await stage.arrive(ReportChanged.topic, lambda found: len(found) == 8)
        async with stage.running(stage.consumer("x", {ReportChanged: on_report})):
            await started.wait()
        taken = await stage.rows("select count(*) from applied")
        async with stage.running(stage.consumer("x", {ReportChanged: apply})):
            await stage.applied_once(8)
    assert taken[0][0] > 0


async def test_a_batch_whose_offset_was_moved_rolls_back(stage: Stage) -> None:
    apply, began, go_on = applying("x"), asyncio.Event(), asyncio.Event()

    async def on_scope(tx: Transaction, batch: Sequence[ScopeChanged]) -> None:
        await apply(tx, batch)
        began.set()
        await go_on.wait()

    await stage.append(scope("SY", 1))
    slow = stage.consumer("x", {ScopeChanged: on_scope})
    zombie = stage.consumer("x", {ScopeChanged: apply}, client=_Alone())
    async with stage.running(stage.relay(), slow):
        await began.wait()
        async with stage.running(zombie):
            await asyncio.sleep(0.5)
            go_on.set()
            await stage.applied_once(1)
            await stage.append(scope("SY", 2))
            await stage.applied_once(2)
            await asyncio.sleep(0.5)
            await stage.applied_once(2)


async def test_what_was_read_ahead_is_void_where_the_offset_was_moved(stage: Stage) -> None:
    apply, batches = applying("x"), 0

    async def on_scope(tx: Transaction, batch: Sequence[ScopeChanged]) -> None:
        nonlocal batches
        batches += 1
        await apply(tx, batch)
        if batches == 1:
            await asyncio.sleep(0.5)  # meanwhile the others are read
            await tx.execute("update consumer_offset set next_offset = 0")

    await stage.append(*(scope(f"S{number}", 1) for number in range(40)))
    async with stage.running(stage.relay()):
        await stage.arrive(ScopeChanged.topic, lambda seen: len(seen) == 40)
    async with stage.running(stage.consumer("x", {ScopeChanged: on_scope}, at_once=20)):
        await stage.holds("select count(*), count(distinct key) from applied", [(60, 40)])
        await asyncio.sleep(0.5)
        await stage.holds("select count(*), count(distinct key) from applied", [(60, 40)])


class _Alone(AioKafka):
    """A member that believes to be the only one: the worst a rebalance can lead to."""

    async def member(self, kafka: Any, group: str, topics: Any, *, session_seconds: float) -> Any:
        return await self.reader(kafka, topics)
