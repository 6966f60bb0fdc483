"""`/v1/subscriptions`: having alerts sent to a webhook."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from contracts.subscriptions import Subscription, SubscriptionWithSecret
from database import new_id
from fastapi import APIRouter, Header, Request, Response
from runtime.access import KIB, Caller, Rule
from runtime.answers import expected_version, versioned
from runtime.idempotency import NOT_KEPT
from runtime.openapi import refuses
from runtime.problems import NotFound
from runtime.reading import list_route
from runtime.routing import Asking, TransactionalRoute, Tx

from alerts.access import OWN_SUBSCRIPTIONS
from alerts.settings import Settings
from alerts.subscriptions import commands, queries
from alerts.subscriptions.errors import SubscriptionEnded, TooManyOfOrganisation, TooManySubscriptions
from alerts.subscriptions.schemas import Changes, NewSubscription

router = APIRouter(route_class=TransactionalRoute, prefix="/v1/subscriptions", tags=["subscriptions"])


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    response_model=SubscriptionWithSecret,
    openapi_extra=refuses(TooManySubscriptions, TooManyOfOrganisation),
)
@Rule(OWN_SUBSCRIPTIONS, largest_body=64 * KIB)
async def subscribe(request: Request, tx: Tx, caller: Asking, new: NewSubscription) -> Response:
    """Have alerts sent to a webhook (Standard Webhooks). The answer holds the signing secret, this once.

    Alerts the holder may see and the filter matches are sent from now on. An `areas` entry stands for itself with all
    below it; an alert for an area above concerns it as well.
    """
    id, settings = new_id(), _settings(request)
    secret = await commands.subscribe(
        tx,
        caller,
        new.as_subscription(),
        id=id,
        now=datetime.now(UTC),
        key=settings.subscription_secret.get_secret_value(),
        loopback=settings.loopback,
    )
    location = {"Location": f"{router.prefix}/{id}"}
    return versioned(await _shown(tx, caller, id) | {"secret": secret}, HTTPStatus.CREATED, {**NOT_KEPT, **location})


list_route(
    router,
    "",
    queries.SOURCE.listing(Rule(OWN_SUBSCRIPTIONS)),
    "Your subscriptions and those of your organisation in the same role; the secretariat reads all.",
)


@router.get("/{subscription_id}", response_model=Subscription)
@Rule(OWN_SUBSCRIPTIONS)
async def subscription_detail(tx: Tx, caller: Asking, subscription_id: UUID) -> Response:
    """One subscription with its ETag. `rights_ended` says that its holder may no longer be told."""
    return versioned(await _shown(tx, caller, subscription_id))


@router.patch("/{subscription_id}", response_model=Subscription, openapi_extra=refuses(SubscriptionEnded))
@Rule(OWN_SUBSCRIPTIONS, largest_body=64 * KIB)
async def subscription_change(
    request: Request,
    tx: Tx,
    caller: Asking,
    subscription_id: UUID,
    sent: Changes,
    if_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Change address, filter or description, pause it or go on, of the version named in If-Match."""
    await commands.change(
        tx,
        caller,
        subscription_id,
        expected_version(if_match),
        _changes(sent),
        now=datetime.now(UTC),
        loopback=_settings(request).loopback,
    )
    return versioned(await _shown(tx, caller, subscription_id))


def _changes(sent: Changes) -> dict[str, Any]:
    given: dict[str, Any] = {name: getattr(sent, name) for name in sent.model_fields_set}
    named = {name: value for name, value in given.items() if name == "description" or value is not None}
    if sent.filter:
        named["wish"] = sent.filter.as_wish()
    return {name: value for name, value in named.items() if name != "filter"}


@router.delete("/{subscription_id}", status_code=HTTPStatus.NO_CONTENT)
@Rule(OWN_SUBSCRIPTIONS)
async def subscription_end(tx: Tx, caller: Asking, subscription_id: UUID) -> Response:
    """Remove it; what was still to be sent is not sent."""
    await commands.end(tx, caller, subscription_id)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.post("/{subscription_id}/rotate", response_model=SubscriptionWithSecret)
@Rule(OWN_SUBSCRIPTIONS)
async def subscription_rotate(request: Request, tx: Tx, caller: Asking, subscription_id: UUID) -> Response:
    """A new signing secret, told this once. The earlier one signs beside it for 24 hours."""
    key = _settings(request).subscription_secret.get_secret_value()
    secret = await commands.rotate(tx, caller, subscription_id, now=datetime.now(UTC), key=key)
    return versioned(await _shown(tx, caller, subscription_id) | {"secret": secret}, headers=NOT_KEPT)


async def _shown(tx: Tx, caller: Caller, id: UUID) -> dict[str, Any]:
    found = await queries.SOURCE.one(tx, caller.reader, id)
    if found is None:
        raise NotFound
    return found


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings
