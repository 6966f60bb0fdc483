"""Two consumers that count into one cell: lock the cells in key order *before* reading the facts."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest
from database import Transaction

from tests.messaging.messaging_stage import Stage

Recount = Callable[[Transaction, Sequence[str], Callable[[], Awaitable[None]]], Awaitable[None]]

LOCK = "select key from cell where key = any($1) order by key for update"
COUNT = "select cell, sum(people)::bigint as people from fact where cell = any($1) group by cell"


async def recount(tx: Transaction, cells: Sequence[str], pause: Callable[[], Awaitable[None]]) -> None:
    """The pattern: what is read after the lock contains what every earlier holder wrote."""
    await tx.executemany("insert into cell (key) values ($1) on conflict do nothing", [(key,) for key in sorted(cells)])
    await tx.execute(LOCK, cells)
    counted = await tx.fetch(COUNT, cells)
    await pause()
    await tx.executemany("update cell set people = $2 where key = $1", [tuple(row) for row in counted])


async def recount_unlocked(tx: Transaction, cells: Sequence[str], pause: Callable[[], Awaitable[None]]) -> None:
    """The trap: both read before either has written."""
    await tx.executemany("insert into cell (key) values ($1) on conflict do nothing", [(key,) for key in sorted(cells)])
    counted = await tx.fetch(COUNT, cells)
    await pause()
    await tx.executemany("update cell set people = $2 where key = $1", [tuple(row) for row in counted])


async def two_consumers_touch_one_cell(stage: Stage, recount: Recount) -> list[tuple[object, ...]]:
    """The first is paused between reading and writing while the second comes along, with the cells turned round."""
    reached, go_on = asyncio.Event(), asyncio.Event()
    await stage.rows("insert into cell (key) values ('a'), ('b')")

    async def wait() -> None:
        reached.set()
        await go_on.wait()

    async def straight_on() -> None: ...

    async def consume(source: str, cells: Sequence[str], pause: Callable[[], Awaitable[None]]) -> None:
        async with stage.database.transaction() as tx:
            await tx.executemany("insert into fact values ($1, $2, 10)", [(source, cell) for cell in cells])
            await recount(tx, cells, pause)

    first = asyncio.create_task(consume("reports", ["a", "b"], wait))
    await reached.wait()
    second = asyncio.create_task(consume("needs", ["b", "a"], straight_on))
    await asyncio.wait([second], timeout=0.3)
    go_on.set()
    await asyncio.gather(first, second)
    return await stage.rows("select key, people from cell order by key")


async def test_totals_are_right_when_two_consumers_touch_one_cell(stage: Stage) -> None:
    assert await two_consumers_touch_one_cell(stage, recount) == [("a", 20), ("b", 20)]


async def test_the_test_notices_who_reads_before_locking(stage: Stage) -> None:
    with pytest.raises(AssertionError):
        assert await two_consumers_touch_one_cell(stage, recount_unlocked) == [("a", 20), ("b", 20)]
