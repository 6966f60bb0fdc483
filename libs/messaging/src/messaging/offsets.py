"""Where a consumer stands, stored beside its effects: in the schema of its rebuild, while there is one."""

from collections.abc import Iterable, Mapping, Sequence

from database import Transaction

from messaging.broker import Partition


class OffsetMoved(Exception):
    """The stored offset is not the one expected: another member or a rewind has moved it."""


class ProjectionSuperseded(Exception):
    """A consumer of a later version of the projection has taken the tables over."""


async def positions(
    tx: Transaction, consumer: str, schema_version: int, partitions: Iterable[Partition]
) -> dict[Partition, int]:
    """Stored offsets of these partitions, entering those never seen at their beginning. Raises
    `ProjectionSuperseded`."""
    version = await tx.fetchval("select version from consumer_schema where consumer = $1", consumer)
    if version != schema_version:
        raise ProjectionSuperseded
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
        raise ProjectionSuperseded
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
    """Compare and set, first thing in the batch's transaction. Raises `OffsetMoved`.

    The row's lock makes a zombie wait here and find itself late, instead of working in vain. Should we freeze while we
    hold it, the server ends the transaction after `idle_seconds`, so that the successor does not wait for ever.
    """
    moved = await tx.fetchval(
        MOVE, consumer, *partition, before, after, schema_version, f"{int(idle_seconds * 1000)}ms"
    )
    if moved is None:
        raise OffsetMoved


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
