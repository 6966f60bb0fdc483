"""Moving old rows from their table into files.

The files are there before the rows go. A worker that dies in between leaves files whose rows are still in the table;
the next one writes the same files again, under the same names, and removes the rows then.
"""

# ruff: noqa: S608  composed of what a source declares

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from database import Transaction
from jobs import Attempt

from archive.files import ArchiveFile, packed
from archive.objects import ObjectStore

log = structlog.get_logger(__name__)

AT_ONCE = 2000
PART, MONTH = "_partition", "_month"


@dataclass(frozen=True)
class ArchivedTable:
    """A table with a `number` that rises with time, whose old rows go into the archive."""

    table: str
    at: str
    """When a row was made."""
    partition: str = "'0'"
    """Of which files hold one each, by month."""
    free: str = "true"
    """What is true of a row that nobody needs there any more."""


async def move_old(
    attempt: Attempt, objects: ObjectStore, source: ArchivedTable, *, service: str, before: datetime
) -> int:
    """Move what was made before, oldest first; how many rows."""
    moved = 0
    while files := await _next_files(attempt, source, before):
        for file in files:
            await objects.put(f"{service}/{file.place}", file.content)
        moved += await attempt.commit(lambda tx: _remove(tx, source, service, files))
    if moved:
        log.info("archive.moved", source=source.table, rows=moved)
    return moved


async def _next_files(attempt: Attempt, source: ArchivedTable, before: datetime) -> list[ArchiveFile]:
    async with attempt.database.connection() as connection:
        rows = await connection.fetch(_oldest(source), before, AT_ONCE)
    return await asyncio.to_thread(_files, source, [dict(row) for row in rows])


def _files(source: ArchivedTable, rows: Sequence[dict[str, Any]]) -> list[ArchiveFile]:
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault((row.pop(PART), row.pop(MONTH)), []).append(row)
    return [
        ArchiveFile(source.table, partition, month, [row["number"] for row in group], packed(group))
        for (partition, month), group in groups.items()
    ]


def _oldest(source: ArchivedTable) -> str:
    # The first by number alone, whether old or not: nothing young is looked through for more.
    return f"""
    select oldest.*, {source.partition} as {PART}, to_char({source.at} at time zone 'UTC', 'YYYY-MM') as {MONTH}
      from (select * from {source.table} order by number limit $2) as oldest
     where {source.at} < $1 and {source.free}
     order by number
    """


async def _remove(tx: Transaction, source: ArchivedTable, service: str, files: Sequence[ArchiveFile]) -> int:
    """Remove the rows of these files, but for files of which a row came to be needed meanwhile; how many rows."""
    await tx.execute(f"lock table {source.table} in row exclusive mode")  # who needs some again comes before or after
    rows = f"select from {source.table} as oldest where number = any($1::bigint[])"
    removed = 0
    for file in files:
        if await tx.fetchval(f"select exists ({rows} and not {source.free})", file.numbers):
            continue
        await tx.execute(f"delete from {source.table} where number = any($1::bigint[])", file.numbers)
        removed += len(file.numbers)
        await tx.execute(
            """
            insert into archive_file (name, source, partition, month, rows, bytes, first_number, last_number)
            values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing
            """,
            f"{service}/{file.place}",
            source.table,
            file.partition,
            file.month,
            len(file.numbers),
            len(file.content),
            file.numbers[0],
            file.numbers[-1],
        )
    return removed
