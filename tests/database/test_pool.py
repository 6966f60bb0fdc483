"""The pool: commits at the end, rolls back on failure, tries again what lost."""

import asyncio

import asyncpg
import pytest
from database import Database, Transaction, new_id
from database.pool import UNREACHABLE
from testkit.plugin import DatabaseFactory


async def test_block_that_raises_writes_nothing(database_url: DatabaseFactory) -> None:
    database = await Database.connect(await database_url(), application="test")
    async with database.transaction() as tx:
        await tx.execute("create table cell (number int primary key, people int not null)")

    async def write_and_fail(tx: Transaction) -> None:
        await tx.execute("insert into cell values (1, 1)")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.run(write_and_fail)
    async with database.connection() as connection:
        assert await connection.fetchval("select count(*) from cell") == 0
    await database.close()


async def test_work_that_lost_a_deadlock_is_done_again(database_url: DatabaseFactory) -> None:
    database = await Database.connect(await database_url(), application="test")
    async with database.transaction() as tx:
        await tx.execute("set local statement_timeout = 0")
        await tx.execute("create table cell (number int primary key, people int not null)")
        await tx.execute("insert into cell values (1, 0), (2, 0)")
    both_hold_one, tries = asyncio.Barrier(2), 0

    async def add(tx: Transaction, first: int, second: int) -> None:
        nonlocal tries
        tries += 1
        mine = tries
        await tx.execute("update cell set people = people + 1 where number = $1", first)
        if mine <= 2:
            await both_hold_one.wait()
        await tx.execute("update cell set people = people + 1 where number = $1", second)

    await asyncio.gather(database.run(lambda tx: add(tx, 1, 2)), database.run(lambda tx: add(tx, 2, 1)))
    async with database.connection() as connection:
        assert [row["people"] for row in await connection.fetch("select people from cell")] == [2, 2]
    assert tries == 3
    await database.close()


async def test_work_that_lost_to_a_newer_state_is_done_again(database_url: DatabaseFactory) -> None:
    database = await Database.connect(await database_url(), application="test")
    async with database.transaction() as tx:
        await tx.execute("create table cell (people int not null)")
        await tx.execute("insert into cell values (0)")
    both_have_read, tries = asyncio.Barrier(2), 0

    async def add(tx: Transaction) -> None:
        nonlocal tries
        tries += 1
        await tx.execute("set transaction isolation level repeatable read")
        people = await tx.fetchval("select people from cell")
        if tries <= 2:
            await both_have_read.wait()
        await tx.execute("update cell set people = $1", people + 1)

    await asyncio.gather(database.run(add), database.run(add))
    async with database.connection() as connection:
        assert await connection.fetchval("select people from cell") == 2
    assert tries == 3
    await database.close()


async def test_work_that_waited_too_long_for_a_lock_is_done_again(database_url: DatabaseFactory) -> None:
    database = await Database.connect(await database_url(), application="test")
    async with database.transaction() as tx:
        await tx.execute("create table cell (people int not null)")
    tries = 0

    async def add(tx: Transaction) -> None:
        nonlocal tries
        tries += 1
        await tx.execute("set local lock_timeout = '100ms'")
        await tx.execute("insert into cell values (1)")

    async with database.transaction() as other:
        await other.execute("lock table cell")
        working = asyncio.create_task(database.run(add))
        while tries < 2 and not working.done():  # noqa: ASYNC110  a lock tells nobody
            await asyncio.sleep(0.01)
    await working
    async with database.connection() as connection:
        assert await connection.fetchval("select count(*) from cell") == 1
    await database.close()


async def test_statement_run_often_keeps_a_plan_for_its_values(database_url: DatabaseFactory) -> None:
    database = await Database.connect(await database_url(), application="test", largest=1)
    async with database.connection() as connection:
        for number in range(10):
            await connection.fetchval("select count(*) from pg_class where oid > $1", number)
        plans = await connection.fetchval(
            "select sum(generic_plans) from pg_prepared_statements where statement like 'select count%'"
        )
    assert plans == 0
    await database.close()


async def test_session_has_an_end_for_whatever_may_hang(database_url: DatabaseFactory) -> None:
    database = await Database.connect(await database_url(), application="test")
    async with database.connection() as connection:
        for limit in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
            assert await connection.fetchval(f"show {limit}") != "0", limit
    await database.close()


async def test_a_connection_comes_back_without_a_transaction_and_without_a_round_trip(
    database_url: DatabaseFactory,
) -> None:
    database = await Database.connect(await database_url(), application="test", largest=2)
    async with database.transaction() as tx:
        await tx.execute("create table cell (number int primary key)")
    async with database.connection() as left_open:
        pid = await left_open.fetchval("select pg_backend_pid()")
        await left_open.execute("begin")
        await left_open.execute("insert into cell values (1)")
    async with database.connection() as first, database.connection() as second:
        assert await first.fetchval("select count(*) from cell") == 0
        other = second if pid == await first.fetchval("select pg_backend_pid()") else first
        last = await other.fetchrow("select state, query from pg_stat_activity where pid = $1", pid)
    assert last is not None
    assert "RESET ALL" not in last["query"]
    await database.close()


async def test_json_goes_in_and_comes_out_as_it_is(database_url: DatabaseFactory) -> None:
    database = await Database.connect(await database_url(), application="test")
    async with database.connection() as connection:
        value = {"ar": "حلب", "en": "Aleppo", "n": [1, None, True]}
        assert await connection.fetchval("select $1::jsonb", value) == value
    await database.close()


async def test_server_that_is_away_is_told_without_raising(database_url: DatabaseFactory) -> None:
    url = await database_url()
    database = await Database.connect(url, application="test")
    assert await database.answers()
    await database.close()
    assert not await database.answers()
    with pytest.raises((OSError, asyncpg.PostgresError)):
        await Database.connect(url.rsplit(":", 1)[0] + ":1/nowhere", application="test")


def test_new_ids_grow() -> None:
    ids = [new_id() for _ in range(1000)]
    assert ids == sorted(ids)
    assert {value.version for value in ids} == {7}


async def test_who_waits_too_long_for_a_connection_is_sent_away(database_url: DatabaseFactory) -> None:
    database = await Database.connect(await database_url(), application="test", largest=1, patience_seconds=0.1)
    async with database.transaction():
        with pytest.raises(TimeoutError):
            async with database.connection():
                pass
    async with database.connection() as connection:
        assert await connection.fetchval("select 1") == 1
    await database.close()


async def test_a_session_the_server_ended_is_unreachable_whatever_the_driver_calls_it(
    database_url: DatabaseFactory,
) -> None:
    url = await database_url()
    database, administrator = await Database.connect(url, application="test"), await asyncpg.connect(url)

    async def ask_on_an_ended_session() -> None:
        async with database.connection() as connection:
            await administrator.execute("select pg_terminate_backend($1)", connection.get_server_pid())
            while True:
                await connection.execute("select 1")
                await asyncio.sleep(0)

    for _ in range(50):  # by chance the driver is asked before or after it has seen the end of the line
        with pytest.raises(UNREACHABLE):
            await ask_on_an_ended_session()
    await administrator.close()
    await database.close()


async def test_lookups_are_planned_once_and_lists_each_time(database_url: DatabaseFactory) -> None:
    database = await Database.connect(await database_url(), application="test")
    plans = {}
    for name, acquired in (("lookup", database.lookup()), ("list", database.connection())):
        async with acquired as connection:
            for number in range(3):
                await connection.fetchval("select $1::int", number)
            counted = "select array[generic_plans, custom_plans] from pg_prepared_statements where statement = $1"
            plans[name] = await connection.fetchval(counted, "select $1::int")
    assert plans == {"lookup": [3, 0], "list": [0, 3]}
    await database.close()
