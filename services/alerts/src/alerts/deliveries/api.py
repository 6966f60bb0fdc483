"""`/v1/subscriptions/{id}/deliveries` and `…/test`: what became of what was sent, and trying an address."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from contracts.subscriptions import Delivery, DeliveryFilter, Ping
from fastapi import APIRouter, Query, Request, Response
from runtime.access import Rule
from runtime.answers import json_answer
from runtime.listing import Paging
from runtime.openapi import refuses
from runtime.problems import NotFound
from runtime.reading import list_answer
from runtime.routing import Asking, TransactionalRoute, Tx

from alerts.access import OWN_SUBSCRIPTIONS
from alerts.deliveries import commands, queries
from alerts.deliveries.domain import message_id
from alerts.subscriptions import queries as subscription_queries
from alerts.subscriptions.errors import SubscriptionEnded, TestedTooOften

router = APIRouter(route_class=TransactionalRoute, prefix="/v1/subscriptions/{subscription_id}", tags=["subscriptions"])


@router.post(
    "/test",
    status_code=HTTPStatus.ACCEPTED,
    response_model=Ping,
    openapi_extra=refuses(SubscriptionEnded, TestedTooOften),
)
@Rule(OWN_SUBSCRIPTIONS)
async def subscription_test(tx: Tx, caller: Asking, subscription_id: UUID) -> Response:
    """Send a `ping` there now, also while it is paused; `deliveries` says what became of it."""
    id = await commands.ping(tx, caller.principal, subscription_id, datetime.now(UTC))
    return json_answer({"id": id, "message_id": message_id(id), "state": "due"}, HTTPStatus.ACCEPTED)


class DeliveryPage(DeliveryFilter, Paging):
    """Which deliveries, and which page of them."""


LIST = queries.SOURCE.listing(Rule(OWN_SUBSCRIPTIONS))


@router.get("/deliveries", response_model=list_answer(Delivery))
@Rule(OWN_SUBSCRIPTIONS)
async def delivery_list(
    request: Request, tx: Tx, caller: Asking, subscription_id: UUID, page: Annotated[Paging, Query()]
) -> Response:
    """What was sent and what became of it, newest first, for 30 days."""
    if await subscription_queries.SOURCE.one(tx, caller.reader, subscription_id) is None:
        raise NotFound
    return json_answer(await LIST.page(request, DeliveryPage(subscription=subscription_id, **dict(page))))
