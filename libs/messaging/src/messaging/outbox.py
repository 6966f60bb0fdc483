"""What has been appended and not yet published."""

from collections.abc import Sequence
from dataclasses import dataclass

from database import Database, Record

from messaging import envelope
from messaging.broker import Message
from messaging.kafka import Kafka


@dataclass(frozen=True)
class Backlog:
    """How much waits, counted up to a limit, and since when."""

    rows: int
    oldest_seconds: float


async def unpublished(database: Database, *, shard: int, shards: int, most: int) -> Sequence[Record]:
    """Events of a shard in the order of their numbers.

    Never those after the last number seen: who takes a number early may commit late.
    """
    async with database.connection() as connection:
        return await connection.fetch(UNPUBLISHED, shard, shards, most)


async def backlog(database: Database, *, shard: int, shards: int) -> Backlog:
    async with database.connection() as connection:
        row = await connection.fetchrow(BACKLOG, shard, shards)
    assert row is not None
    return Backlog(row["rows"], row["oldest_seconds"])


def message(kafka: Kafka, service: str, row: Record) -> Message:
    """The event of a row as it travels."""
    key, payload = row["aggregateid"], row["payload"]
    headers = _kept(row) if row["header_names"] is not None else _written(service, row)
    return Message(f"{kafka.prefix}.{row['aggregatetype']}", key.encode(), payload, headers)


def _kept(row: Record) -> list[tuple[str, bytes]]:
    return list(zip(row["header_names"], row["header_values"], strict=True))


def _written(service: str, row: Record) -> list[tuple[str, bytes]]:
    return envelope.headers(
        id=row["id"],
        type=row["type"],
        source=f"/tansiq/{service}",
        subject=row["aggregateid"],
        time=row["time"],
        traceparent=row["traceparent"],
        empty=row["payload"] is None,
    )


UNPUBLISHED = """
select e.number, e.id, e.aggregatetype, e.aggregateid, e.type, e.payload, e.header_names, e.header_values,
       e.traceparent, e.time
  from outbox o
  join event e on e.number = o.event
 where o.slot % $2::int = $1::int
 order by o.event
 limit $3
"""
BACKLOG = """
select count(*) as rows,
       coalesce(extract(epoch from clock_timestamp() - (
           select e.time from outbox o join event e on e.number = o.event
            where o.slot % $2::int = $1::int order by o.event limit 1
       )), 0)::float as oldest_seconds
  from (select from outbox where slot % $2::int = $1::int limit 100000) as waiting
"""
