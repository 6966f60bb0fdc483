"""Building a projection anew beside the one that answers, and putting it into its place when it has caught up.

The new tables stand under their own names in a schema of their consumer, and so do its positions. A transaction of the
consumer looks there first, so that handlers fill them without knowing; all others go on with what stands in `public`,
which nobody changes meanwhile.
"""

# ruff: noqa: S608  names of consumers and tables, which are declared

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog
from database import Database, Transaction

from messaging.broker import BrokerClient, Partition
from messaging.failures import is_transient
from messaging.kafka import Kafka
from messaging.offsets import ProjectionSuperseded
from messaging.projection import Projection
from messaging.waiting import backoff

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 5.0
SWAP_SECONDS = 0.5
"""How long readers may be kept waiting for one that reads on; less than PostgreSQL takes to look for deadlocks."""
FROZEN_SECONDS = 2.0
"""How long a process may be frozen while readers wait for it."""


@dataclass(frozen=True)
class Rebuild:
    """A rebuild that is under way. `number` is another one for each."""

    consumer: str
    projection: Projection
    number: int


def schema_of(consumer: str) -> str:
    """Where its new tables stand."""
    return f"rebuilding_{consumer}"


async def use_rebuild_tables(tx: Transaction, consumer: str) -> None:
    """For the rest of the transaction take the tables that are being built, where there are some."""
    await tx.execute("select set_config('search_path', $1, true)", f"{schema_of(consumer)}, public")


async def use_rebuild_if_any(tx: Transaction, consumer: str) -> bool:
    """The same, if any are being built; whether there are."""
    if not await tx.fetchval("select to_regnamespace($1) is not null", schema_of(consumer)):
        return False
    await use_rebuild_tables(tx, consumer)
    return True


async def adopt(tx: Transaction, consumer: str, projection: Projection) -> bool:
    """Begin a rebuild if the tables are of an earlier version; raises `ProjectionSuperseded` if they are of a later
    one."""
    held = await tx.fetchrow(ADOPT, consumer)
    assert held is not None
    if held["version"] == projection.version:
        return False
    if projection.version in held["earlier"]:
        raise ProjectionSuperseded
    await begin(tx, consumer, projection)
    return True


async def begin(tx: Transaction, consumer: str, projection: Projection) -> None:
    """Have it built anew by this version, whichever there was. One that is under way begins again."""
    await tx.execute(ADOPT, consumer)
    await tx.execute(REPLACE, consumer, projection.version)
    # Who is about to store a batch finds the position moved. There is no other sign that it should look beside.
    await tx.execute("update public.consumer_offset set schema_version = 0 where consumer = $1", consumer)
    schema = schema_of(consumer)
    if await tx.fetchval("select to_regnamespace($1) is not null", schema):
        await _hold(tx, schema)
        await tx.execute(f"drop schema {schema} cascade")
    await tx.execute(f"create schema {schema}")
    for row in await tx.fetch(TABLES, schema, ["consumer_offset", *projection.all_tables]):
        await tx.execute(row["statement"])


async def _hold(tx: Transaction, schema: str) -> None:
    """Wait for the batch that is being stored. The next one waits for us, and then sees where its tables are."""
    await tx.execute(f"lock table {schema}.consumer_offset in access exclusive mode")


async def end_rebuilds(
    database: Database, kafka: Kafka, client: BrokerClient, consumer: str, projection: Projection
) -> None:
    """Put each rebuild of this version into its place once it has reached the ends the topics had at its start."""
    seen: Rebuild | None = None
    ends: Mapping[Partition, int] = {}
    completed, pauses = False, backoff(LOOK_SECONDS, LONGEST_PAUSE_SECONDS)
    while True:
        try:
            async with database.connection() as connection:
                now = await under_way(connection, consumer, projection)
            if now and now != seen:
                ends, completed = await client.ends(kafka, projection.topics), False
            seen = now
            if seen and not completed:
                async with database.transaction() as tx:
                    completed = await complete(tx, seen, ends)
            if seen and completed:
                async with database.transaction() as tx:
                    swapped = await swap(tx, seen)
                log.info("rebuild.ended" if swapped else "rebuild.begins_again", consumer=consumer)
        except Exception as error:
            if not is_transient(error):
                raise
            log.info("rebuild.waits", consumer=consumer, cause=type(error).__name__)
            await asyncio.sleep(next(pauses))
        else:
            pauses = backoff(LOOK_SECONDS, LONGEST_PAUSE_SECONDS)
            await asyncio.sleep(LOOK_SECONDS)


async def under_way(tx: Transaction, consumer: str, projection: Projection) -> Rebuild | None:
    """The rebuild that is going on, if there is one by this version."""
    number = await tx.fetchval(UNDER_WAY, consumer, projection.version, schema_of(consumer))
    return None if number is None else Rebuild(consumer, projection, number)


async def complete(tx: Transaction, rebuild: Rebuild, ends: Mapping[Partition, int]) -> bool:
    """Do what is left to do once `ends` are reached. Whether they are; if so, the new tables can take their place."""
    await use_rebuild_tables(tx, rebuild.consumer)
    rows = await tx.fetch(REACHED, rebuild.consumer)
    reached = {Partition(row["topic"], row["partition"]): row["next_offset"] for row in rows}
    if any(reached.get(partition, 0) < end for partition, end in ends.items()):
        return False
    if rebuild.projection.complete:
        await rebuild.projection.complete(tx)
    for table in rebuild.projection.all_tables:
        await tx.execute(f"analyze {table}")
    return True


async def swap(tx: Transaction, rebuild: Rebuild) -> bool:
    """Put the complete tables into the place of the old ones, which go. Whether that was done: if the old ones were
    altered meanwhile, as by a migration, all begins again.
    """
    consumer, projection, schema = rebuild.consumer, rebuild.projection, schema_of(rebuild.consumer)
    await tx.execute(ADOPT, consumer)  # nobody begins another one
    if await under_way(tx, consumer, projection) != rebuild:
        return False
    await _hold(tx, schema)
    tables = ["consumer_offset", *projection.all_tables]
    if await tx.fetchval(SHAPE, "public", tables) != await tx.fetchval(SHAPE, schema, tables):
        await begin(tx, consumer, projection)
        return False
    await tx.execute("delete from public.consumer_offset where consumer = $1", consumer)
    await tx.execute(_exchange(schema, projection.all_tables))
    return True


def _exchange(schema: str, tables: Sequence[str]) -> str:
    """All at once: should we freeze behind it, readers wait no longer than a moment."""
    old = ", ".join(f"public.{table}" for table in tables)
    return f"""
    set local lock_timeout = '{SWAP_SECONDS}s';
    set local idle_in_transaction_session_timeout = '{FROZEN_SECONDS}s';
    {f"lock table {old} in access exclusive mode; drop table {old};" if tables else ""}
    {" ".join(f"alter table {schema}.{table} set schema public;" for table in tables)}
    insert into public.consumer_offset select * from {schema}.consumer_offset;
    drop schema {schema} cascade;
    """


ADOPT = """
insert into public.consumer_schema as held (consumer, version) values ($1, 0)
on conflict (consumer) do update set version = held.version
returning version, earlier
"""
REPLACE = """
update public.consumer_schema
   set version = $2, rebuilt_at = now(), earlier = array_remove(array_remove(earlier, version) || version, $2)
 where consumer = $1
"""
UNDER_WAY = """
select n.oid::bigint from pg_namespace as n, public.consumer_schema as s
 where n.nspname = $3 and s.consumer = $1 and s.version = $2
"""
# A replay then waits until the transaction is done.
REACHED = """
select topic, partition, next_offset from consumer_offset where consumer = $1 order by 1, 2 for share
"""
# Names and options of tables and indexes stay, so that the next migration finds what the last one left.
TABLES = """
select format('create table %I.%I (like public.%I including all excluding indexes)%s', $1::text, t.relname, t.relname,
              ' with (' || array_to_string(t.reloptions, ', ') || ')') as statement, 1 as step, t.relname as name
  from pg_class as t
 where t.relnamespace = 'public'::regnamespace and t.relname = any($2::text[]) and t.relkind = 'r'
 union all
select format('alter table %I.%I add constraint %I %s', $1::text, t.relname, c.conname, pg_get_constraintdef(c.oid)),
       2, c.conname
  from pg_constraint as c join pg_class as t on t.oid = c.conrelid
 where t.relnamespace = 'public'::regnamespace and t.relname = any($2::text[]) and c.contype in ('p', 'u')
 union all
select replace(pg_get_indexdef(i.indexrelid), ' ON public.', format(' ON %I.', $1::text)), 3, t.relname
  from pg_index as i join pg_class as t on t.oid = i.indrelid
 where t.relnamespace = 'public'::regnamespace and t.relname = any($2::text[])
   and not exists (select from pg_constraint as c where c.conindid = i.indexrelid and c.contype in ('p', 'u'))
 order by step, name
"""
SHAPE = """
select array_agg(x.said order by x.said)
  from (select concat_ws(' ', t.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                         pg_get_expr(d.adbin, d.adrelid))
          from pg_class as t
          join pg_attribute as a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
          left join pg_attrdef as d on d.adrelid = t.oid and d.adnum = a.attnum
         where t.relnamespace = $1::text::regnamespace and t.relname = any($2::text[])
         union all
        select replace(indexdef, $1::text || '.', '') from pg_indexes
         where schemaname = $1::text and tablename = any($2::text[])) as x (said)
"""
