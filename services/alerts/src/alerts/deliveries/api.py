"""`/v1/subscriptions/{id}/deliveries` and `…/test`: what became of what was sent, and trying an address."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Request, Response
from runtime import audit
from runtime.answers import json_answer
from runtime.cursors import Cursors
from runtime.edge import Asking, EdgeRoute, Tx
from runtime.listing import After, First
from runtime.problems import NotFound

from alerts.alerts.domain import Sender
from alerts.deliveries import queries, store
from alerts.subscriptions import queries as subscription_queries
from alerts.subscriptions import store as subscription_store
from alerts.subscriptions.domain import TESTS_A_MINUTE, State
from alerts.subscriptions.errors import SubscriptionEnded, TestedTooOften

router = APIRouter(route_class=EdgeRoute, prefix="/v1/subscriptions/{subscription_id}", tags=["subscriptions"])


@router.post("/test", status_code=HTTPStatus.ACCEPTED)
async def subscription_test(tx: Tx, caller: Asking, subscription_id: UUID) -> Response:
    """Send a `ping` there now, also while it is paused; `deliveries` says what became of it."""
    held = await subscription_store.lock_own(tx, Sender.of(caller), subscription_id)
    if held is None:
        raise NotFound
    if held["state"] == State.ENDED:
        raise SubscriptionEnded
    now = datetime.now(UTC)
    if await queries.pings_of(tx, subscription_id, now - timedelta(minutes=1)) >= TESTS_A_MINUTE:
        refusal = TestedTooOften(limit=TESTS_A_MINUTE)
        refusal.headers = {"Retry-After": "60"}
        raise refusal
    id = await store.make_ping(tx, subscription_id, now)
    await audit.record(tx, caller.principal, "subscription.test", f"subscription:{subscription_id}")
    return json_answer({"id": id, "message_id": f"msg_{id.hex}", "state": "due"}, HTTPStatus.ACCEPTED)


@router.get("/deliveries")
async def delivery_list(
    request: Request, tx: Tx, caller: Asking, subscription_id: UUID, first: First = 100, after: After = None
) -> Response:
    """What was sent and what became of it, newest first, for 30 days."""
    if await subscription_queries.subscription(tx, Sender.of(caller), subscription_id) is None:
        raise NotFound
    key = request.app.state.settings.cursor_key.get_secret_value()
    cursors = Cursors(key, bound_to=["deliveries", subscription_id, queries.SORT])
    behind = cursors.decode(after) if after else None
    page = await queries.deliveries(tx, subscription_id, first=first, behind=behind)
    return json_answer(page.as_objects(cursors, queries.FIELDS))
