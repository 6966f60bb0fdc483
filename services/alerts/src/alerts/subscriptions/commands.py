"""Making, changing and ending subscriptions."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.subscriptions import SubscriptionReason, SubscriptionState
from database import Record, Transaction
from runtime import audit
from runtime.access import Caller, Principal
from runtime.answers import check_version
from runtime.problems import NotFound

from alerts import egress
from alerts.reference.queries import check_known
from alerts.subscriptions import store
from alerts.subscriptions.domain import MOST, MOST_OF_ORGANISATION, Subscription, Wish, new_secret, seal
from alerts.subscriptions.errors import (
    NothingToChange,
    PrivateAddress,
    SubscriptionEnded,
    TooManyOfOrganisation,
    TooManySubscriptions,
    UrlNotTaken,
)


async def subscribe(
    tx: Transaction, caller: Caller, new: Subscription, *, id: UUID, now: datetime, key: str, loopback: bool
) -> str:
    """Make it; the signing secret, which is told this once."""
    _check_url(new.url, loopback=loopback)
    await _check_wish(tx, new.wish)
    holder = caller.principal
    await _check_number(tx, holder)
    secret = new_secret(secrets.token_bytes)
    await store.insert(tx, id, holder, new, secret=seal(secret, key), now=now)
    await audit.record(tx, caller.principal, "subscription.make", f"subscription:{id}")
    return secret


async def _check_number(tx: Transaction, holder: Principal) -> None:
    await store.lock_holder(tx, holder.subject)
    if await store.count_of(tx, holder.subject) >= MOST:
        raise TooManySubscriptions(limit=MOST)
    if holder.organisation_id is None:
        return
    await store.lock_holder(tx, str(holder.organisation_id))
    if await store.count_of_organisation(tx, holder.organisation_id) >= MOST_OF_ORGANISATION:
        raise TooManyOfOrganisation(limit=MOST_OF_ORGANISATION)


async def change(
    tx: Transaction, caller: Caller, id: UUID, expected: int | None, changes: Mapping[str, Any], *, now: datetime,
    loopback: bool,
) -> None:  # fmt: skip
    """Change the fields that are given."""
    if not changes:
        raise NothingToChange
    held = await _locked(tx, caller, id)
    check_version(expected, held["version"])
    if held["state"] == SubscriptionState.ENDED:
        raise SubscriptionEnded
    given = replace(_content(held), **{name: value for name, value in changes.items() if name != "state"})
    if "url" in changes:
        _check_url(given.url, loopback=loopback)
    if "wish" in changes:
        await _check_wish(tx, given.wish)
    state = SubscriptionState(changes.get("state") or held["state"])
    await store.change(tx, id, given, state=state, reason=_reason(held, state), now=now)
    await audit.record(tx, caller.principal, "subscription.change", f"subscription:{id}", {"fields": sorted(changes)})


def _reason(held: Record, state: SubscriptionState) -> SubscriptionReason | None:
    if state is SubscriptionState.ACTIVE:
        return None
    return SubscriptionReason(held["reason"]) if held["reason"] else SubscriptionReason.BY_HOLDER


async def rotate(tx: Transaction, caller: Caller, id: UUID, *, now: datetime, key: str) -> str:
    """A new secret; the earlier one signs beside it for a day."""
    await _locked(tx, caller, id)
    secret = new_secret(secrets.token_bytes)
    await store.rotate(tx, id, secret=seal(secret, key), now=now)
    await audit.record(tx, caller.principal, "subscription.rotate", f"subscription:{id}")
    return secret


async def end(tx: Transaction, caller: Caller, id: UUID) -> None:
    """Remove it with all that was still to be sent."""
    await _locked(tx, caller, id)
    await store.delete(tx, id)
    await audit.record(tx, caller.principal, "subscription.remove", f"subscription:{id}")


async def _locked(tx: Transaction, caller: Caller, id: UUID) -> Record:
    held = await store.lock_own(tx, caller.reader, id)
    if held is None:
        raise NotFound
    return held


def _content(held: Record) -> Subscription:
    wanted = {name: tuple(held[f"wanted_{name}"]) for name in ("areas", "sectors", "severities", "statuses")}
    wish = Wish(held["wanted_country"], **wanted, languages=tuple(held["languages"]))
    return Subscription(held["url"], wish, held["description"])


def _check_url(url: str, *, loopback: bool) -> None:
    """Raises `PrivateAddress`, `UrlNotTaken`, as far as that is known without asking DNS."""
    try:
        egress.endpoint_of(url, loopback=loopback)
    except egress.AddressNotPublic:
        raise PrivateAddress("url") from None
    except egress.UrlMalformed as malformed:
        raise UrlNotTaken("url", fault=malformed.fault) from None


async def _check_wish(tx: Transaction, wish: Wish) -> None:
    await check_known(
        tx,
        wish.country,
        wish.areas,
        wish.sectors,
        fields=("filter.country", "filter.areas", "filter.sectors"),
    )
