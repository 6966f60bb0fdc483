"""Publishing the last state of every aggregate again, from log and archive, for a broker that lost its topics."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from database import Database, Record, Transaction

from archive.files import as_bytes, unpacked
from archive.objects import ObjectStore

AT_ONCE = 1000


async def republish(database: Database, objects: ObjectStore | None) -> int:
    """Put the last event of each aggregate into the outbox; how many. May run beside the service, and again."""
    count = await database.run(_republish_log)
    async with database.connection() as connection:
        partitions = await connection.fetch(
            "select distinct partition from archive_file where source = 'event' order by 1"
        )
    if partitions and objects is None:
        raise ValueError("events are in an archive, and no archive is named")
    for row in partitions:
        assert objects
        count += await _republish_partition(database, objects, row["partition"])
    return count


async def _republish_log(tx: Transaction) -> int:
    await tx.execute(LOCK)
    put = await tx.execute(FROM_LOG)
    return int(put.rpartition(" ")[2])


async def _republish_partition(database: Database, objects: ObjectStore, partition: str) -> int:
    """Twice through the files of a partition: which event of each aggregate is its last, then those."""
    async with database.connection() as connection:
        names = [row["name"] for row in await connection.fetch(FILES, partition)]
    last: dict[tuple[str, str], int] = {}
    for name in names:
        for row in unpacked(name, await objects.get(name)):
            key = (row["aggregatetype"], row["aggregateid"])
            last[key] = max(row["number"], last.get(key, 0))
    count = 0
    for name in names:
        rows = [
            row
            for row in unpacked(name, await objects.get(name))
            if last[row["aggregatetype"], row["aggregateid"]] == row["number"]
        ]
        for start in range(0, len(rows), AT_ONCE):
            some = rows[start : start + AT_ONCE]
            count += await database.run(lambda tx, some=some: _append_again(tx, some))  # type: ignore[misc]
    return count


async def _append_again(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> int:
    await tx.execute(LOCK)
    known: list[Record] = await tx.fetch(
        KNOWN, [row["aggregatetype"] for row in rows], [row["aggregateid"] for row in rows]
    )
    newer = {(row["aggregatetype"], row["aggregateid"]) for row in known}
    missing = [row for row in rows if (row["aggregatetype"], row["aggregateid"]) not in newer]
    await tx.executemany(APPEND, [_values(row) for row in missing])
    return len(missing)


def _values(row: Mapping[str, Any]) -> tuple[Any, ...]:
    headers = row["header_values"]
    return (
        UUID(row["id"]),
        row["aggregatetype"],
        row["aggregateid"],
        row["type"],
        row["version"],
        as_bytes(row["payload"]),
        row["header_names"],
        [as_bytes(value) for value in headers] if headers is not None else None,
        row["traceparent"],
        datetime.fromisoformat(row["time"]),
    )


# Who appends meanwhile waits: an event that is put again never comes behind a newer one of its aggregate.
LOCK = "lock table event in share row exclusive mode"
FROM_LOG = """
insert into outbox (event, slot)
select max(number), crc32(convert_to(aggregateid, 'UTF8')) % 1024 from event group by aggregatetype, aggregateid
on conflict do nothing
"""
FILES = "select name from archive_file where source = 'event' and partition = $1 order by first_number"
KNOWN = """
select distinct aggregatetype, aggregateid from event
  join unnest($1::text[], $2::text[]) as w (aggregatetype, aggregateid) using (aggregatetype, aggregateid)
"""
APPEND = """
with appended as (
    insert into event (id, aggregatetype, aggregateid, type, version, payload, header_names, header_values,
                       traceparent, time)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    returning number, aggregateid
)
insert into outbox (event, slot) select number, crc32(convert_to(aggregateid, 'UTF8')) % 1024 from appended
"""
