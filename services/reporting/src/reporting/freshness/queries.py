"""How fresh the figures are."""

from collections.abc import Mapping

from database import Transaction


async def freshness(tx: Transaction) -> Mapping[str, object]:
    """Stands beside every answer: `as_of`, when the newest event was applied, null before the first; `rebuilding`,
    whether the figures are being made from the topics and are incomplete.
    """
    row = await tx.fetchrow(
        """
        select (select max(moved_at) from consumer_offset where consumer = 'reporting' and next_offset > 0) as as_of,
               not exists (select from projection_complete where consumer = 'reporting') as rebuilding
        """
    )
    assert row is not None
    return dict(row)
