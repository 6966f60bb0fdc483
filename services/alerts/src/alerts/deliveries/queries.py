"""Reading deliveries: what became of them, and how many wait."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from database import Transaction
from runtime.listing import Page

SORT = ("issued_at", "id")
FIELDS = (
    "id",
    "message_id",
    "kind",
    "alert_id",
    "state",
    "attempts",
    "issued_at",
    "attempted_at",
    "delivered_at",
    "due_at",
    "last_status",
    "last_failure",
)


async def deliveries(tx: Transaction, subscription_id: UUID, *, first: int, behind: Sequence[object] | None) -> Page:
    """Deliveries of a subscription the caller was found to own, newest first."""
    issued, id = behind or (None, None)
    rows = await tx.fetch(
        """
        select id, 'msg_' || replace(id::text, '-', '') as message_id,
               case when alert_id is null then 'ping' else 'alert.issued' end as kind, alert_id, state, attempts,
               issued_at, attempted_at, delivered_at, case when state = 'due' then due_at end as due_at, last_status,
               last_failure
          from delivery
         where subscription_id = $1 and ($2::timestamptz is null or (issued_at, id) < ($2, $3::uuid))
         order by issued_at desc, id desc limit $4
        """,
        subscription_id,
        datetime.fromisoformat(str(issued)) if issued else None,
        UUID(str(id)) if id else None,
        first + 1,
    )
    return Page.of([dict(row) for row in rows], first=first, sort=SORT)


async def backlog(tx: Transaction) -> int:
    """How many wait, of subscriptions that are sent to."""
    count: int = await tx.fetchval(
        """
        select count(*) from delivery as d join subscription as s on s.id = d.subscription_id
         where d.state = 'due' and s.state = 'active'
        """
    )
    return count
