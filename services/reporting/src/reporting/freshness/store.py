"""Whether a rebuild is over."""

from collections.abc import Mapping

from database import Transaction
from messaging.broker import Partition


async def is_complete(tx: Transaction) -> bool:
    """Whether the cells hold what the facts say; if not, a rebuild is gathering facts."""
    return bool(await tx.fetchval("select exists (select from projection_complete where consumer = 'reporting')"))


async def note_complete(tx: Transaction) -> None:
    await tx.execute("insert into projection_complete (consumer) values ('reporting') on conflict do nothing")


async def has_reached(tx: Transaction, ends: Mapping[Partition, int]) -> bool:
    """Whether the consumer has reached these ends; it, and a replay, then wait until `tx` is done."""
    rows = await tx.fetch(
        "select topic, partition, next_offset from consumer_offset where consumer = 'reporting' order by 1, 2 for share"
    )
    reached = {Partition(row["topic"], row["partition"]): row["next_offset"] for row in rows}
    return all(reached.get(partition, 0) >= end for partition, end in ends.items())
