"""Reading deliveries: what became of them, and how many wait."""

from contracts.subscriptions import DELIVERIES
from database import Transaction
from runtime.sources import Source

from alerts.subscriptions.visibility import OF_DELIVERIES

SOURCE = Source(
    DELIVERIES,
    "delivery as d",
    "d",
    visibility=OF_DELIVERIES,
    columns={
        "message_id": "'msg_' || replace(d.id::text, '-', '')",
        "kind": "case when d.alert_id is null then 'ping' else 'alert.issued' end",
        "due_at": "case when d.state = 'due' then d.due_at end",
    },
    conditions={"subscription": "d.subscription_id = {}"},
)
"""Newest first."""


async def backlog(tx: Transaction) -> int:
    """How many wait, of subscriptions that are sent to."""
    count: int = await tx.fetchval(
        """
        select count(*) from delivery as d join subscription as s on s.id = d.subscription_id
         where d.state = 'due' and s.state = 'active'
        """
    )
    return count
