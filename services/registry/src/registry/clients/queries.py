"""Questions about machine clients. Their secrets are never among the answers."""

from collections.abc import Sequence

from database import Record, Transaction

COLUMNS = "id, name, role, organisation_id, sectors, areas, created_at, revoked_at"
FIELDS = tuple(COLUMNS.split(", "))
SORT = ("id",)
BOUND_TO = ["clients"]


async def clients(tx: Transaction, *, first: int, after: str | None) -> Sequence[Record]:
    """Clients in order of their ids, one more than `first` where more follow."""
    return await tx.fetch(
        f"select {COLUMNS} from client where id > $1 order by id limit $2",  # noqa: S608  constants of the code
        after or "",
        first + 1,
    )
