"""The broker dies and comes back: everybody goes on by himself, or ends to be started again."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from contracts.codes import ScopeChanged
from contracts.event import Topic
from messaging import ConsumerStalled, Kafka, follow
from messaging.broker import Partition, RecordBatch
from messaging.client import AioKafka
from messaging.watchdog import Watchdog
from testkit.patience import tries
from testkit.servers import own_broker

from tests.messaging.messaging_stage import Stage, applying, scope


async def supervise(run: Callable[[asyncio.Event], Awaitable[None]], stop: asyncio.Event) -> None:
    """What the machine's supervisor does for a process that ends with an error."""
    while not stop.is_set():
        with suppress(ConsumerStalled):
            await run(stop)


async def test_all_go_on_after_the_broker_was_killed(stage: Stage) -> None:
    remembered: dict[str, int] = {}
    stop, ready = asyncio.Event(), asyncio.Event()

    def remember(states: Any) -> None:
        remembered.update({state.code: state.version for state in states})

    async with own_broker() as broker:
        stage.kafka = Kafka(broker.bootstrap, stage.kafka.prefix)
        relay = stage.relay(lease_seconds=2.0)
        consumer = stage.consumer("x", {ScopeChanged: applying("x")}, stall_seconds=8.0)
        running = [
            asyncio.create_task(supervise(relay.run, stop)),
            asyncio.create_task(supervise(consumer.run, stop)),
            asyncio.create_task(follow(stage.kafka, [ScopeChanged.topic], remember, stop, ready, stall_seconds=8.0)),
        ]
        await asyncio.wait_for(ready.wait(), 20)
        await stage.append(*(scope(f"s{n}", 1) for n in range(50)))
        await stage.holds("select count(distinct key) from applied", [(50,)])
        await asyncio.to_thread(broker.kill)
        await stage.append(*(scope(f"s{n}", 2) for n in range(50)))
        await asyncio.sleep(1)
        await asyncio.to_thread(broker.start)
        await stage.append(*(scope(f"s{n}", 3) for n in range(50)))
        await stage.holds("select count(distinct key) from applied where version = 3", [(50,)], 60)
        async for _ in tries():
            if set(remembered.values()) == {3}:
                break
        assert remembered == {f"s{n}": 3 for n in range(50)}
        stop.set()
        await asyncio.wait_for(asyncio.gather(*running), 20)
    assert await stage.rows("select count(distinct (key, version)) from applied") == [(150,)]
    assert await stage.rows("select * from outbox") == []


class Growing(AioKafka):
    """A broker whose topics grow, seen by a fresh connection."""

    async def ends(self, kafka: Kafka, topics: Any) -> dict[Partition, int]:
        return {Partition("t", 0): 10}


class Deaf(AioKafka):
    """A client that fetches nothing any more, as aiokafka has done after restarts."""

    async def member(self, kafka: Kafka, group: str, topics: Any, *, session_seconds: float) -> Any:
        member = await super().member(kafka, group, topics, session_seconds=session_seconds)

        async def poll(seconds: float, most: int) -> dict[Partition, RecordBatch]:
            await asyncio.sleep(seconds)
            return {}

        member.poll = poll  # type: ignore[method-assign]
        return member


async def test_a_consumer_that_hears_nothing_while_its_topic_grows_says_so(stage: Stage) -> None:
    deaf = stage.consumer("x", {ScopeChanged: applying("x")}, client=Deaf(), stall_seconds=1.0)
    async with stage.running(stage.relay()):
        stop = asyncio.Event()
        running = asyncio.create_task(deaf.run(stop))
        await stage.append(scope("SY", 1))
        done, _ = await asyncio.wait([running], timeout=20)
    assert done
    assert isinstance(running.exception(), ConsumerStalled)


async def test_the_watchdog_does_not_bark_at_one_who_works() -> None:
    lags: list[int] = []
    position = {Partition("t", 0): 4}
    watchdog = Watchdog(
        Growing(), Kafka("nowhere"), [Topic("t")], lambda: position, 0.2, lambda _, lag: lags.append(lag)
    )
    for _ in range(8):
        await asyncio.sleep(0.05)
        watchdog.working()
    assert not watchdog.stalled.is_set()
    await asyncio.wait_for(watchdog.stalled.wait(), 2)
    watchdog.close()
    assert set(lags) == {6}
