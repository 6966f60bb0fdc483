"""`/v1/subscriptions/{id}/deliveries` and `…/test`: what became of what was sent, and trying an address."""

from datetime import UTC, datetime
from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Request, Response
from runtime.answers import json_answer
from runtime.cursors import Cursors
from runtime.edge import Asking, EdgeRoute, Tx
from runtime.listing import After, First
from runtime.openapi import refuses
from runtime.problems import NotFound

from alerts.deliveries import commands, queries
from alerts.deliveries.domain import message_id
from alerts.subscriptions import queries as subscription_queries
from alerts.subscriptions.errors import SubscriptionEnded, TestedTooOften

router = APIRouter(route_class=EdgeRoute, prefix="/v1/subscriptions/{subscription_id}", tags=["subscriptions"])


@router.post("/test", status_code=HTTPStatus.ACCEPTED, openapi_extra=refuses(SubscriptionEnded, TestedTooOften))
async def subscription_test(tx: Tx, caller: Asking, subscription_id: UUID) -> Response:
    """Send a `ping` there now, also while it is paused; `deliveries` says what became of it."""
    id = await commands.ping(tx, caller.principal, subscription_id, datetime.now(UTC))
    return json_answer({"id": id, "message_id": message_id(id), "state": "due"}, HTTPStatus.ACCEPTED)


@router.get("/deliveries")
async def delivery_list(
    request: Request, tx: Tx, caller: Asking, subscription_id: UUID, first: First = 100, after: After = None
) -> Response:
    """What was sent and what became of it, newest first, for 30 days."""
    if await subscription_queries.subscription(tx, caller.principal, subscription_id) is None:
        raise NotFound
    key = request.app.state.settings.cursor_key.get_secret_value()
    cursors = Cursors(key, bound_to=["deliveries", subscription_id, queries.SORT])
    behind = cursors.decode(after) if after else None
    page = await queries.deliveries(tx, subscription_id, first=first, behind=behind)
    return json_answer(page.as_objects(cursors, queries.FIELDS))
