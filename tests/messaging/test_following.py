"""Reading compacted topics into memory."""

import asyncio

from contracts.codes import ScopeChanged, SectorChanged
from messaging import Tombstone, events, follow, notice
from testkit.patience import tries

from tests.messaging.messaging_stage import Stage, indicator, scope, sector


async def test_a_follower_is_ready_when_it_has_read_what_was_there_and_goes_on(stage: Stage) -> None:
    heard: list[object] = []
    stop, ready = asyncio.Event(), asyncio.Event()
    await stage.append(*(scope(f"s{n}", 1) for n in range(200)), sector("WSH", 1), indicator("i", 1))
    await stage.put(ScopeChanged.topic, "SY", b"no json", "registry.scope.changed.v1")
    await stage.put(ScopeChanged.topic, "SY", b"{}", "registry.scope.invented_later.v1")
    async with stage.running(stage.relay()):
        await stage.arrive(SectorChanged.topic, lambda found: len(found) == 2)
        await stage.arrive(ScopeChanged.topic, lambda found: len(found) == 202)
        task = asyncio.create_task(
            follow(stage.kafka, [ScopeChanged.topic, SectorChanged.topic], heard.extend, stop, ready)
        )
        await asyncio.wait_for(ready.wait(), 10)
        assert len(heard) == 202
        await stage.append(scope("s1", 2))
        async with stage.database.transaction() as tx:
            await events.append_tombstone(tx, ScopeChanged.topic, "s2")
        async for _ in tries():
            if len(heard) == 204:
                break
    stop.set()
    await task
    assert heard[-2:] == [scope("s1", 2), Tombstone(ScopeChanged.topic, "s2")]


async def test_a_follower_is_ready_at_once_where_nothing_was_ever_published(stage: Stage) -> None:
    stop, ready = asyncio.Event(), asyncio.Event()
    task = asyncio.create_task(follow(stage.kafka, [ScopeChanged.topic], lambda _: None, stop, ready))
    await asyncio.wait_for(ready.wait(), 10)
    stop.set()
    await asyncio.wait_for(task, 5)


async def test_what_is_published_from_now_on_is_noticed_and_what_was_there_is_not(stage: Stage) -> None:
    noticed: list[None] = []
    stop = asyncio.Event()
    await stage.append(scope("s1", 1))
    async with stage.running(stage.relay()):
        await stage.arrive(ScopeChanged.topic, lambda found: len(found) == 1)
        task = asyncio.create_task(notice(stage.kafka, ScopeChanged.topic, lambda: noticed.append(None), stop))
        await asyncio.sleep(2)
        assert noticed == []
        await stage.put(ScopeChanged.topic, "SY", b"no json", "registry.scope.changed.v1")
        async for _ in tries():
            if noticed:
                break
    stop.set()
    await asyncio.wait_for(task, 10)
    assert noticed
