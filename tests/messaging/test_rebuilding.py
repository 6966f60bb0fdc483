"""A projection is built anew beside the one that answers, and takes its place: whoever dies or comes between."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import asyncpg
import pytest
from contracts.codes import ScopeChanged
from contracts.event import Event
from database import Transaction
from database.pool import UNREACHABLE
from messaging import Consumer, rebuilding
from messaging.broker import Partition

from tests.messaging.messaging_stage import Stage, on_scope_changed, scope

HANDLERS: dict[type[Event], Any] = {ScopeChanged: on_scope_changed}
CODES = "select code from scope order by code"
BESIDE = "select to_regnamespace('rebuilding_x') is not null"
SHAPE = """
select format('%s %s', indexname, indexdef) from pg_indexes where schemaname = 'public' and tablename = 'scope'
union all select format('%s %s', conname, pg_get_constraintdef(oid)) from pg_constraint
           where conrelid = 'public.scope'::regclass
union all select format('%s %s %s %s', attname, format_type(atttypid, atttypmod), attnotnull,
                        col_description(attrelid, attnum))
            from pg_attribute where attrelid = 'public.scope'::regclass and attnum > 0
union all select reloptions::text from pg_class where oid = 'public.scope'::regclass
 order by 1
"""


def consumer(stage: Stage, version: str = "1", **more: Any) -> Consumer:
    return stage.consumer("x", more.pop("events", HANDLERS), tables=["scope"], rules=[version], **more)


async def begin(stage: Stage, of: Consumer) -> None:
    async with stage.database.transaction() as tx:
        await rebuilding.begin(tx, "x", of.projection)


async def ended(stage: Stage) -> None:
    await stage.holds(BESIDE, [(False,)])


async def test_a_replay_mends_what_is_held_without_an_empty_moment(stage: Stage) -> None:
    await stage.append(scope("SY", 1), scope("LB", 1))
    async with stage.running(stage.relay(), member := consumer(stage)):
        await stage.holds(CODES, [("LB",), ("SY",)])
        await stage.rows("insert into scope values ('stray', 1, 'in no event')")
        seen = set()
        await begin(stage, member)
        while (await stage.rows(BESIDE))[0][0]:
            seen.add(tuple(await stage.rows(CODES)))
        assert seen <= {(("LB",), ("SY",), ("stray",)), (("LB",), ("SY",))}
        assert await stage.rows(CODES) == [("LB",), ("SY",)]
        await stage.append(scope("IQ", 1))
        await stage.holds(CODES, [("IQ",), ("LB",), ("SY",)])
        await member.caught_up()


async def test_a_newer_version_is_built_beside_and_the_older_consumer_stands_back(stage: Stage) -> None:
    await stage.append(scope("SY", 1))
    async with stage.running(stage.relay(), consumer(stage)):
        await stage.holds(CODES, [("SY",)])
        await stage.rows("insert into scope values ('stray', 1, 'in no event')")
        async with stage.running(consumer(stage, "2")):
            await stage.holds(CODES, [("SY",)])
            await stage.append(scope("LB", 1))
            await stage.holds(CODES, [("LB",), ("SY",)])
        await stage.append(scope("IQ", 1))
        await asyncio.sleep(1.5)
        assert await stage.rows("select count(*) from scope") == [(2,)]
        async with stage.running(consumer(stage)):  # the older one, started once more, does not take it back
            await asyncio.sleep(1.5)
            assert await stage.rows("select count(*) from scope") == [(2,)]


async def test_an_older_version_is_gone_back_to_by_a_replay(stage: Stage) -> None:
    await stage.append(scope("SY", 1))
    old = consumer(stage)
    async with stage.running(stage.relay(), old):
        await stage.holds(CODES, [("SY",)])
    async with stage.running(consumer(stage, "2")):
        await stage.holds("select version from consumer_schema", [(consumer(stage, "2").projection.version,)])
        await ended(stage)
    await begin(stage, old)
    async with stage.running(stage.relay(), old):
        await ended(stage)
        await stage.append(scope("LB", 1))
        await stage.holds(CODES, [("LB",), ("SY",)])


async def test_two_members_build_it_once(stage: Stage) -> None:
    heard: list[str] = []

    async def on_scope(tx: Transaction, scopes: Sequence[ScopeChanged]) -> None:
        heard.extend(each.code for each in scopes)
        await on_scope_changed(tx, scopes)

    codes = [f"S{n:02}" for n in range(40)]
    await stage.append(*(scope(code, 1) for code in codes))
    members = [consumer(stage, events={ScopeChanged: on_scope}) for _ in range(2)]
    async with stage.running(stage.relay(), *members):
        await stage.holds("select count(*) from scope", [(40,)])
        await ended(stage)
        heard.clear()
        await begin(stage, members[0])
        await ended(stage)
    assert sorted(heard) == codes


async def test_what_is_done_at_the_end_is_done_again_where_it_failed(stage: Stage) -> None:
    calls: list[int] = []

    async def complete(tx: Transaction) -> None:
        calls.append(await tx.fetchval("select count(*) from scope"))
        if len(calls) == 1:
            raise ConnectionError
        await tx.execute("update scope set name = 'complete'")

    await stage.append(scope("SY", 1))
    async with stage.running(stage.relay(), consumer(stage, complete=complete)):
        await stage.holds("select code, name from scope", [("SY", "complete")])
    assert calls == [1, 1]


async def test_a_reader_that_reads_on_is_waited_for_and_keeps_nobody_waiting_long(stage: Stage) -> None:
    await stage.append(scope("SY", 1))
    async with stage.running(stage.relay(), member := consumer(stage)):
        await stage.holds(CODES, [("SY",)])
        async with stage.database.transaction() as tx:
            assert len(await tx.fetch(CODES)) == 1
            await begin(stage, member)
            slowest = 0.0
            for _ in range(100):
                before = asyncio.get_running_loop().time()
                assert await stage.rows(CODES) == [("SY",)]
                slowest = max(slowest, asyncio.get_running_loop().time() - before)
                await asyncio.sleep(0.02)
            assert len(await tx.fetch(CODES)) == 1
            assert (await stage.rows(BESIDE))[0][0]
            assert slowest < 5
        await ended(stage)


async def test_who_freezes_while_it_exchanges_keeps_readers_waiting_for_a_moment(stage: Stage) -> None:
    member = consumer(stage)
    await stage.rows("insert into scope values ('SY', 1, 'old')")
    await begin(stage, member)

    async def stand_still() -> None:
        async with stage.database.transaction() as tx:
            rebuild = await rebuilding.under_way(tx, "x", member.projection)
            assert rebuild
            assert await rebuilding.complete(tx, rebuild, {})
            assert await rebuilding.swap(tx, rebuild)
            asked = time.monotonic()
            assert await stage.rows(CODES) == [("SY",)]
            assert time.monotonic() - asked < 8

    with pytest.raises((*UNREACHABLE, asyncpg.PostgresError)):
        await stand_still()
    assert (await stage.rows(BESIDE))[0][0]


async def test_the_new_tables_are_as_the_old_ones_were(stage: Stage) -> None:
    await stage.rows("create index scope_named on scope (lower(name)) where version > 0")
    await stage.rows("alter table scope set (fillfactor = 70)")
    await stage.rows("alter table scope add constraint scope_version check (version > 0), alter name set default ''")
    await stage.rows("comment on column scope.name is 'Said of it.'")
    before = await stage.rows(SHAPE)
    await stage.append(scope("SY", 1))
    async with stage.running(stage.relay(), consumer(stage)):
        await stage.holds(CODES, [("SY",)])
    assert await stage.rows(SHAPE) == before


async def test_a_migration_that_comes_between_makes_it_begin_again(stage: Stage) -> None:
    held, go_on = asyncio.Event(), asyncio.Event()

    async def complete(tx: Transaction) -> None:
        held.set()
        await go_on.wait()

    await stage.append(scope("SY", 1))
    async with stage.running(stage.relay(), consumer(stage, complete=complete)):
        await asyncio.wait_for(held.wait(), 20)
        await stage.rows("alter table scope add column said text not null default 'so'")
        go_on.set()
        await stage.holds("select * from scope", [("SY", 1, "Syria", "so")])


async def test_ends_are_reached_when_every_partition_is(stage: Stage) -> None:
    first, second = Partition("t.reports", 0), Partition("t.reports", 1)
    projection = consumer(stage).projection
    async with stage.database.transaction() as tx:
        await rebuilding.begin(tx, "x", projection)
        rebuild = await rebuilding.under_way(tx, "x", projection)
        assert rebuild
        await tx.execute("insert into consumer_offset values ('x', 't.reports', 0, 8, 1), ('x', 't.reports', 1, 1, 1)")
        await tx.execute("insert into rebuilding_x.consumer_offset values ('x', 't.reports', 0, 7, 1)")
        assert await rebuilding.complete(tx, rebuild, {first: 7, second: 0})
        assert not await rebuilding.complete(tx, rebuild, {first: 8})
        assert not await rebuilding.complete(tx, rebuild, {first: 7, second: 1})


async def test_it_goes_on_where_a_process_died(stage: Stage) -> None:
    codes = [f"S{n:02}" for n in range(40)]
    await stage.append(*(scope(code, 1) for code in codes))
    async with stage.running(stage.relay(), member := consumer(stage)):
        await stage.holds("select count(*) from scope", [(40,)])
        await ended(stage)
        await stage.rows("insert into scope values ('stray', 1, 'in no event')")
    await begin(stage, member)
    dying = stage.process("rebuilder")
    await dying.ended()
    assert await stage.rows("select count(*) from scope") == [(41,)]
    assert await stage.rows("select count(*) from rebuilding_x.scope") == [(2,)]
    async with stage.running(member):
        await ended(stage)
    assert await stage.rows(CODES) == [(code,) for code in codes]


async def test_the_version_follows_what_decides_the_content(stage: Stage) -> None:
    versions = [consumer(stage, version).projection.version for version in ("1", "1", "2")]
    assert versions[0] == versions[1] != versions[2]
    assert stage.consumer("x", HANDLERS).projection.version == 0, "nothing is kept that could be made anew"
    assert stage.consumer("x", HANDLERS, tables=["scope"]).projection.version not in versions
    assert stage.consumer("x", HANDLERS, tables=["cell"], rules=["1"]).projection.version not in versions


async def test_a_version_is_above_those_that_were_counted_up_by_hand(stage: Stage) -> None:
    assert min(consumer(stage, str(number)).projection.version for number in range(100)) > 1000
