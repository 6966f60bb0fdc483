"""Bad luck: processes killed at random, servers that stay down, and processes that freeze at the worst moment."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from signal import SIGKILL
from typing import TypeVar

import psutil
from aiokafka.admin import AIOKafkaAdminClient  # type: ignore[import-untyped]
from local.children import Child
from messaging import Kafka
from messaging.rebuilding import schema_of

from tests.faults.site import PROCESSES, Connection, Site, frozen, said_since
from tests.faults.waiting import until

Found = TypeVar("Found")

KILL_EVERY = 0.5
"""Seconds between two kills, on average."""
REBUILT_WITHIN = 1.0
"""Seconds a rebuild of the few reports there are takes."""
LOOK = 0.002
STANDING_STILL = 0.6
"""Seconds after which a server has answered what a frozen process had asked."""


async def kill_each(site: Site, times: int, chance: random.Random) -> None:
    """kill -9 of each process so many times, in any order, at any moment of its life."""
    victims = [name for name in PROCESSES for _ in range(times)]
    chance.shuffle(victims)
    for name in victims:
        await asyncio.sleep(chance.uniform(0, 2 * KILL_EVERY))
        (await site.living(name)).send(SIGKILL)


async def kill_who_makes_anew(site: Site, times: int, chance: random.Random) -> None:
    """Reporting's figures are made anew, and its worker is killed at any moment of that; meanwhile they are there."""
    async with site.database("reporting") as connection:
        for _ in range(times):
            async with site.platform.client("secretariat") as secretariat:
                await secretariat.operations.replay("reporting")
            await asyncio.sleep(chance.uniform(0, 2 * REBUILT_WITHIN))
            (await site.living("reporting-worker")).send(SIGKILL)
            await until(lambda: _being_made(connection), lambda being_made: not being_made, "they are not made anew")


async def _being_made(connection: Connection) -> bool:
    """Whether figures are made anew. There are always some."""
    row = await connection.fetchrow(
        "select exists (select from coverage_cell), to_regnamespace($1) is not null", schema_of("reporting")
    )
    assert row
    assert row[0], "there are no figures"
    return bool(row[1])


async def keep_down(site: Site, name: str, seconds: float) -> None:
    """As if its machine were off: each time it is started again it dies before it can serve."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if child := site.process(name):
            child.send(SIGKILL)
        await asyncio.sleep(0.05)


async def freeze_a_consumer(site: Site) -> None:
    """Of two consumers of reporting one freezes within a batch; the other takes over; the frozen one wakes."""
    with site.second("reporting", "consume") as second:
        await second.ready()
        await until(lambda: _members(site.kafka, "reporting"), lambda count: count == 2, "there are not two consumers")
        async with site.database("reporting") as connection:
            async with _frozen_when(lambda: _open_batch(connection, second.child), second.child) as session:
                stood = await _positions(connection)
                await until(lambda: _still_open(connection, session), lambda open: not open, "its batch stays open")
                await until(lambda: _positions(connection), _all_beyond(stood), "nobody took over")
                noted = second.log.stat().st_size
            late = ("consumer.retries", "consumer.moved", "consumer.interrupted")
            await until(lambda: _said(second.log, noted, *late), bool, "the frozen consumer did not see it was late")


async def freeze_a_relay(site: Site) -> None:
    """The relay of activities freezes with events to publish; a second one takes the shard; the frozen one wakes."""
    with site.second("activities", "relay") as second:
        await second.ready()
        worker, log = await site.living("activities-worker"), site.log("activities-worker")
        async with site.database("activities") as connection:
            async with _frozen_when(lambda: _unpublished(connection), worker) as waiting:
                term = await _term(connection)
                await until(lambda: _term(connection), lambda now: now > term, "nobody took the lease")
                await until(lambda: _unpublished(connection, waiting), lambda left: not left, "nobody published")
                noted = log.stat().st_size
            late = ("relay.fenced", "relay.interrupted")
            await until(lambda: _said(log, noted, *late), bool, "the frozen relay did not see that it was fenced")


@asynccontextmanager
async def _frozen_when(worst: Callable[[], Awaitable[Found | None]], child: Child) -> AsyncIterator[Found]:
    """Frozen at its worst moment: looked for again and again, and found only if it holds when all stands still."""
    while True:
        await until(worst, bool, "its worst moment did not come", pause=LOOK)
        with frozen(child):
            await asyncio.sleep(STANDING_STILL)
            if found := await worst():
                yield found
                return


async def _open_batch(connection: Connection, child: Child) -> int | None:
    """The session in which that process has written something that is not committed."""
    lines = await asyncio.to_thread(psutil.Process(child.pid).net_connections, "tcp")
    ports = [line.laddr.port for line in lines if line.laddr]
    session: int | None = await connection.fetchval(
        "select pid from pg_stat_activity where client_port = any($1::int[]) and backend_xid is not null", ports
    )
    return session


async def _still_open(connection: Connection, session: int) -> bool:
    """Whether the batch is not undone yet. Frozen between two statements its session is ended by the server, within a
    COPY by the successor (decision 0057).
    """
    return bool(
        await connection.fetchval("select 1 from pg_stat_activity where pid = $1 and backend_xid is not null", session)
    )


async def _positions(connection: Connection) -> dict[int, int]:
    """Where reporting stands in the reports."""
    rows = await connection.fetch(
        "select partition, next_offset from consumer_offset where topic like '%.activities.reports'"
    )
    return {row["partition"]: row["next_offset"] for row in rows}


def _all_beyond(stood: dict[int, int]) -> Callable[[dict[int, int]], bool]:
    return lambda now: all(now[partition] > offset for partition, offset in stood.items())


async def _unpublished(connection: Connection, up_to: int | None = None) -> int | None:
    """The last event that waits, of those up to a number."""
    last: int | None = await connection.fetchval(
        "select max(event) from outbox where $1::bigint is null or event <= $1", up_to
    )
    return last


async def _term(connection: Connection) -> int:
    return int(await connection.fetchval("select term from relay_lease"))


async def _members(kafka: Kafka, consumer: str) -> int:
    """Members of a consumer's group that have partitions."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    try:
        [answer] = await admin.describe_consumer_groups([kafka.group(consumer)])
        [(_, _, state, _, _, members, *_)] = answer.groups
        return len(members) if state == "Stable" else 0
    finally:
        await admin.close()


async def _said(log: Path, position: int, *words: str) -> bool:
    return await asyncio.to_thread(said_since, log, position, *words)
