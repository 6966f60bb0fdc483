"""Where a consumer stands, stored beside its effects."""

from collections.abc import Iterable, Mapping, Sequence

from database import Transaction

from messaging.broker import Partition


class Moved(Exception):
    """The stored offset is not the one expected: another member or a rewind has moved it."""


class Superseded(Exception):
    """A consumer of a newer schema version has taken the tables over."""


async def positions(
    tx: Transaction, consumer: str, schema_version: int, partitions: Iterable[Partition]
) -> dict[Partition, int]:
    """Stored offsets of these partitions, entering those never seen at their beginning. Raises `Superseded`."""
    version = await tx.fetchval("select version from consumer_schema where consumer = $1", consumer)
    if version != schema_version:
        raise Superseded
    asked = set(partitions)
    found = {partition: offset for partition, offset in (await stored(tx, consumer)).items() if partition in asked}
    if unseen := sorted(asked - found.keys()):
        await _enter(tx, consumer, schema_version, unseen)
        return await positions(tx, consumer, schema_version, asked)
    return found


async def _enter(tx: Transaction, consumer: str, schema_version: int, unseen: Sequence[Partition]) -> None:
    # The lock keeps a rebuild from coming between: it would not see these rows and leave them to the older version.
    version = await tx.fetchval("select version from consumer_schema where consumer = $1 for share", consumer)
    if version != schema_version:
        raise Superseded
    topics, numbers = [topic for topic, _ in unseen], [number for _, number in unseen]
    await tx.execute(ENTER, consumer, topics, numbers, schema_version)


async def stored(tx: Transaction, consumer: str) -> Mapping[Partition, int]:
    """All offsets of a consumer."""
    rows = await tx.fetch("select topic, partition, next_offset from consumer_offset where consumer = $1", consumer)
    return {Partition(row["topic"], row["partition"]): row["next_offset"] for row in rows}


async def move(
    tx: Transaction,
    consumer: str,
    schema_version: int,
    partition: Partition,
    *,
    before: int,
    after: int,
    idle_seconds: float,
) -> None:
    """Compare and set, first thing in the batch's transaction. Raises `Moved`.

    The row's lock makes a zombie wait here and find itself late, instead of working in vain. Should we freeze while we
    hold it, the server ends the transaction after `idle_seconds`, so that the successor does not wait for ever.
    """
    moved = await tx.fetchval(
        MOVE, consumer, *partition, before, after, schema_version, f"{int(idle_seconds * 1000)}ms"
    )
    if moved is None:
        raise Moved


async def rewind(tx: Transaction, consumer: str, *, projection: Sequence[str] = ()) -> None:
    """Send a consumer back to the beginning of its topics, emptying the tables of its projection if they are named.

    A running consumer notices at its next batch, or within a second when it is idle, and seeks anew.
    """
    await tx.execute("update consumer_offset set next_offset = 0, moved_at = now() where consumer = $1", consumer)
    if projection:
        tables = await tx.fetchval(
            "select string_agg(to_regclass(t)::text, ', ') from unnest($1::text[]) t", projection
        )
        await tx.execute(f"truncate {tables}")


async def adopt_schema(tx: Transaction, consumer: str, schema_version: int, projection: Sequence[str]) -> bool:
    """Make a newer version of the projection the stored one by rebuilding it. Raises `Superseded` for an older one."""
    stored = await tx.fetchval(ADOPT, consumer, schema_version)
    if stored == schema_version:
        return False
    if stored > schema_version:
        raise Superseded
    await tx.execute(
        "update consumer_schema set version = $2, rebuilt_at = now() where consumer = $1", consumer, schema_version
    )
    await tx.execute("update consumer_offset set schema_version = $2 where consumer = $1", consumer, schema_version)
    await rewind(tx, consumer, projection=projection)
    return True


ENTER = """
insert into consumer_offset (consumer, topic, partition, next_offset, schema_version)
select $1, p.topic, p.partition, 0, $4 from unnest($2::text[], $3::int[]) as p (topic, partition)
on conflict do nothing
"""
MOVE = """
update consumer_offset set next_offset = $5, moved_at = now()
 where consumer = $1 and topic = $2 and partition = $3 and next_offset = $4 and schema_version = $6
returning set_config('idle_in_transaction_session_timeout', $7, true)
"""
ADOPT = """
insert into consumer_schema as held (consumer, version) values ($1, $2)
on conflict (consumer) do update set version = held.version
returning version
"""
