"""Trying an address: alerts themselves are delivered by what issues them."""

from datetime import datetime, timedelta
from uuid import UUID

from contracts.subscriptions import SubscriptionState
from database import Transaction
from runtime import audit
from runtime.access import Principal
from runtime.problems import NotFound

from alerts.deliveries import store
from alerts.subscriptions import store as subscriptions
from alerts.subscriptions.domain import TESTS_A_MINUTE
from alerts.subscriptions.errors import SubscriptionEnded, TestedTooOften


async def ping(tx: Transaction, holder: Principal, subscription_id: UUID, now: datetime) -> UUID:
    """Have a `ping` sent, also while it is paused. Raises `NotFound`, `SubscriptionEnded`, `TestedTooOften`."""
    held = await subscriptions.lock_own(tx, holder.reader, subscription_id)
    if held is None:
        raise NotFound
    if held["state"] == SubscriptionState.ENDED:
        raise SubscriptionEnded
    if await store.count_pings(tx, subscription_id, now - timedelta(minutes=1)) >= TESTS_A_MINUTE:
        raise TestedTooOften(TESTS_A_MINUTE)
    id = await store.make_ping(tx, subscription_id, now)
    await audit.record(tx, holder, "subscription.test", f"subscription:{subscription_id}")
    return id
