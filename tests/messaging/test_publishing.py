"""What must hold of every relay: order per key, nothing lost, nothing older after newer."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence

import pytest
from contracts.codes import ScopeChanged
from contracts.reports import ReportChanged
from database import Database, Record
from messaging import Relay, Tombstone, events, follow, outbox
from testkit.patience import tries

from tests.messaging.messaging_stage import Seen, Stage, change, on_scope_changed, report, scope


class NaiveRelay(Relay):
    """What one would write first: remember the last number and ask for those after it. It loses late commits."""

    last = 0

    async def unpublished(self) -> Sequence[Record]:
        async with self.database.connection() as connection:
            rows = await connection.fetch(outbox.UNPUBLISHED, self.shard, self.shards, self.most)
        fresh = [row for row in rows if row["number"] > self.last]
        self.last = max([self.last, *(row["number"] for row in fresh)])
        return fresh


def versions(found: list[Seen]) -> dict[str, list[int]]:
    by_key = defaultdict(list)
    for seen in found:
        by_key[seen.key].append(seen.version)
    return by_key


async def test_events_of_a_key_keep_their_order_whatever_shard_publishes_them(stage: Stage) -> None:
    keys = [f"k{n}" for n in range(20)]
    async with stage.running(stage.relay(shard=0, shards=2, most=7), stage.relay(shard=1, shards=2, most=7)):
        for _ in range(3):
            await asyncio.gather(*(stage.change(report, *keys[n:], *keys[:n]) for n in (0,)))
            await asyncio.gather(*(stage.change(report, key) for key in keys))
        found = await stage.arrive(ReportChanged.topic, lambda found: len(found) >= 120)
    assert set(map(tuple, versions(found).values())) == {(1, 2, 3, 4, 5, 6)}
    assert len({seen.partition for seen in found}) == ReportChanged.topic.partitions
    assert await stage.rows("select * from outbox") == []
    assert await stage.rows("select count(*) from event") == [(120,)]


async def nothing_is_lost_when_a_transaction_commits_late(stage: Stage, relay: Relay, seconds: float) -> None:
    """Two open transactions; the one with the later number commits first, and is on the topic before the other."""
    async with stage.running(relay), stage.database.transaction() as early:
        await change(early, scope, "early")
        await stage.change(scope, "late")
        await stage.arrive(ScopeChanged.topic, lambda found: [seen.key for seen in found] == ["late"])
        await early.execute("commit")
        try:
            await stage.arrive(
                ScopeChanged.topic, lambda found: [seen.key for seen in found] == ["late", "early"], seconds
            )
        finally:
            await early.execute("begin")


async def test_nothing_is_lost_when_a_transaction_commits_late(stage: Stage) -> None:
    await nothing_is_lost_when_a_transaction_commits_late(stage, stage.relay(), 15)


async def test_the_suite_notices_a_relay_that_reads_by_a_cursor(stage: Stage) -> None:
    naive = NaiveRelay(stage.database, stage.kafka, "registry")
    with pytest.raises(AssertionError, match="has only"):
        await nothing_is_lost_when_a_transaction_commits_late(stage, naive, 1.5)


async def test_a_relay_that_dies_between_acknowledgement_and_removal_has_effects_once(stage: Stage) -> None:
    await stage.append(*(scope(f"s{n}", 1) for n in range(5)))
    relay = stage.process("relay", die_at="acknowledged")
    assert await relay.ended() == 9
    assert len(await stage.rows("select * from outbox")) == 5
    consumer = stage.consumer("x", {ScopeChanged: on_scope_changed})
    async with stage.running(stage.relay(), consumer):
        found = await stage.arrive(ScopeChanged.topic, lambda found: len(found) == 10)
        await consumer.caught_up()
    assert len({seen.headers["ce_id"] for seen in found}) == 5
    assert await stage.rows("select count(*), max(version) from scope") == [(5, 1)]
    assert await stage.rows("select * from outbox") == []


@pytest.mark.parametrize("point", ["leased", "read", "acknowledged"])
async def test_a_frozen_relay_that_wakes_publishes_nothing_older(stage: Stage, point: str) -> None:
    await stage.change(scope, "SY")
    frozen = stage.process("relay", freeze_at=point)
    await frozen.froze()
    await stage.change(scope, "SY")
    successor = stage.relay(lease_seconds=1.5)
    async with stage.running(successor):
        await stage.arrive(ScopeChanged.topic, lambda found: bool(found) and found[-1].version == 2)
        await stage.holds("select event from outbox", [])
        frozen.thaw()
        await frozen.says("relay.fenced")
        await stage.change(scope, "other")
        await stage.arrive(ScopeChanged.topic, lambda found: found[-1].key == "other")
    published = versions(await stage.records(ScopeChanged.topic))["SY"]
    assert published == sorted(published)
    assert published[-1] == 2
    rebuilt = stage.consumer("rebuilt", {ScopeChanged: on_scope_changed})
    async with stage.running(rebuilt):
        await rebuilt.caught_up()
    assert await stage.rows("select version from scope where code = 'SY'") == [(2,)]


async def test_a_fenced_relay_takes_its_shard_again_when_the_other_is_gone(stage: Stage) -> None:
    await stage.change(scope, "SY")
    frozen = stage.process("relay", freeze_at="read")
    await frozen.froze()
    async with stage.running(stage.relay(lease_seconds=1.5)):
        await stage.arrive(ScopeChanged.topic, lambda found: len(found) == 1)
        frozen.thaw()
        await frozen.says("relay.fenced")
    await stage.change(scope, "SY")
    await stage.arrive(ScopeChanged.topic, lambda found: versions(found)["SY"] == [1, 2])


async def test_what_rolls_back_is_not_published(stage: Stage) -> None:
    async with stage.running(stage.relay()):
        async with stage.database.transaction() as tx:
            await change(tx, scope, "never")
            await tx.execute("rollback; begin")
        await stage.change(scope, "SY")
        found = await stage.arrive(ScopeChanged.topic, bool)
    assert [seen.key for seen in found] == ["SY"]


async def test_an_event_travels_as_a_cloudevent_in_binary_mode(stage: Stage) -> None:
    async with stage.running(stage.relay()):
        await stage.change(scope, "SY")
        (seen,) = await stage.arrive(ScopeChanged.topic, lambda found: len(found) == 1)
    assert ScopeChanged.model_validate_json(seen.value or b"") == scope("SY", 1)
    assert seen.headers["ce_specversion"] == "1.0"
    assert seen.headers["ce_source"] == "/tansiq/registry"
    assert seen.headers["ce_type"] == "registry.scope.changed.v1"
    assert seen.headers["ce_subject"] == seen.key == "SY"
    assert seen.headers["content-type"] == "application/json"
    ((id, time),) = await stage.rows("select id, time from event")
    assert (seen.headers["ce_id"], seen.headers["ce_time"]) == (str(id), time.isoformat())


async def test_a_deletion_travels_as_a_tombstone(stage: Stage) -> None:
    gone: list[object] = []
    stop, ready = asyncio.Event(), asyncio.Event()
    async with stage.running(stage.relay()):
        await stage.change(scope, "SY")
        async with stage.database.transaction() as tx:
            await events.append_tombstone(tx, ScopeChanged.topic, "SY")
        found = await stage.arrive(ScopeChanged.topic, lambda found: len(found) == 2)
        task = asyncio.create_task(follow(stage.kafka, [ScopeChanged.topic], gone.extend, stop, ready))
        await asyncio.wait_for(ready.wait(), 10)
        stop.set()
        await task
    assert [seen.value is None for seen in found] == [False, True]
    assert gone == [scope("SY", 1), Tombstone(ScopeChanged.topic, "SY")]


async def test_an_event_too_large_for_the_broker_is_refused_to_its_command(stage: Stage) -> None:
    async with stage.database.transaction() as tx:
        with pytest.raises(events.EventTooLarge):
            await events.append(tx, scope("SY", 1, "x" * 1_000_000))
    assert await stage.rows("select * from outbox") == []


async def test_a_transaction_notifies_once_and_only_a_sleeping_relay(stage: Stage) -> None:
    heard = 0

    def on_hint(*_: object) -> None:
        nonlocal heard
        heard += 1

    async with stage.database.connection() as connection:
        await connection.add_listener("outbox", on_hint)
        await stage.change(scope, "a", "b")
        await connection.execute(
            "insert into relay_lease (shard, shards, holder, term, expires_at, asleep) "
            "values (0, 1, gen_random_uuid(), 1, now(), true)"
        )
        await stage.change(scope, "a", "b", "c")
        async for _ in tries():
            if heard:
                break
        await asyncio.sleep(0.2)
        await connection.remove_listener("outbox", on_hint)
    assert heard == 1


async def test_a_single_event_is_on_kafka_in_a_moment_also_when_the_relay_sleeps(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("messaging.relay.ASLEEP_AFTER", 0.1)
    arrived: asyncio.Queue[object] = asyncio.Queue()
    stop, ready = asyncio.Event(), asyncio.Event()
    async with stage.running(stage.relay(asleep_seconds=60.0)):
        task = asyncio.create_task(follow(stage.kafka, [ScopeChanged.topic], arrived.put_nowait, stop, ready))
        await asyncio.wait_for(ready.wait(), 10)
        await stage.holds("select asleep from relay_lease", [(True,)])
        for _ in range(5):
            await stage.change(scope, "SY")
            await asyncio.wait_for(arrived.get(), 20)  # not in the minute after which it would look by itself
        stop.set()
        await task


async def test_one_relay_at_a_time_and_the_next_at_once_when_it_leaves(stage: Stage) -> None:
    second_stop = asyncio.Event()
    async with stage.running(stage.relay(lease_seconds=60.0)):
        await stage.change(scope, "SY")
        await stage.arrive(ScopeChanged.topic, lambda found: len(found) == 1)
        second = asyncio.create_task(stage.relay(lease_seconds=2.0).run(second_stop))
        await asyncio.sleep(0.7)
        assert await stage.rows("select term from relay_lease") == [(1,)]
    await stage.change(scope, "SY")
    await stage.arrive(ScopeChanged.topic, lambda found: len(found) == 2, 30)
    second_stop.set()
    await second


async def test_the_relay_goes_on_when_the_database_drops_its_connections(stage: Stage) -> None:
    relay_database = await Database.connect(stage.url, application="relay")
    async with stage.running(Relay(relay_database, stage.kafka, "registry", lease_seconds=2.0)):
        await stage.change(scope, "SY")
        await stage.arrive(ScopeChanged.topic, lambda found: len(found) == 1)
        await stage.rows("select pg_terminate_backend(pid) from pg_stat_activity"
                         " where application_name = 'relay' and datname = current_database()")  # fmt: skip
        await stage.change(scope, "SY")
        # Published, but not yet removed when the connection broke, an event comes twice.
        await stage.arrive(ScopeChanged.topic, lambda found: found[-1].version == 2)
    await relay_database.close()
