"""Questions about scopes."""

from collections.abc import Sequence

from database import Record, Transaction


async def scopes(tx: Transaction) -> Sequence[Record]:
    """All scopes, the planned ones too."""
    return await tx.fetch(
        "select country, code, names, areas, active_from, time_zone, version from scope order by country, code"
    )
