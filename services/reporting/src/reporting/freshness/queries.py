"""How fresh the figures are."""

from dataclasses import dataclass
from datetime import datetime

from database import Transaction


@dataclass(frozen=True)
class Freshness:
    """Stands beside every answer."""

    as_of: datetime | None
    """When the newest event was applied; null before the first."""
    rebuilding: bool
    """The figures are being made from the topics and are incomplete."""

    def beside(self, answer: dict[str, object]) -> dict[str, object]:
        """The answer with the freshness of its figures."""
        return {**answer, "as_of": self.as_of, "rebuilding": self.rebuilding}


async def freshness(tx: Transaction) -> Freshness:
    row = await tx.fetchrow(
        """
        select (select max(moved_at) from consumer_offset where consumer = 'reporting' and next_offset > 0) as as_of,
               not exists (select from projection_complete where consumer = 'reporting') as rebuilding
        """
    )
    assert row is not None
    return Freshness(row["as_of"], row["rebuilding"])
