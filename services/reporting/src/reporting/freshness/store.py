"""Writing down that a rebuild is over."""

from collections.abc import Mapping

from database import Transaction
from messaging.broker import Partition


async def is_complete(tx: Transaction) -> bool:
    return bool(await tx.fetchval("select exists (select from projection_complete where consumer = 'reporting')"))


async def complete_from(tx: Transaction, ends: Mapping[Partition, int]) -> bool:
    """Mark the projection complete if the consumer has reached these ends; a replay waits until we are done."""
    rows = await tx.fetch(
        "select topic, partition, next_offset from consumer_offset where consumer = 'reporting' order by 1, 2 for share"
    )
    reached = {Partition(row["topic"], row["partition"]): row["next_offset"] for row in rows}
    if any(reached.get(partition, 0) < end for partition, end in ends.items()):
        return False
    await tx.execute("insert into projection_complete (consumer) values ('reporting') on conflict do nothing")
    return True
