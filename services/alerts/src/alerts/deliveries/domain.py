"""A delivery: what is sent, signed how, and what an answer means for the next attempt."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

import orjson
from jobs import Ladder
from standardwebhooks import Webhook

GIVEN_UP_AFTER: Final = timedelta(days=3)
LADDER: Final = Ladder.of(5, 30, 120, 600, 1800, 3600, 2 * 3600, 4 * 3600, 8 * 3600)
"""Pause after each failed attempt; the last one again and again until it is given up."""


class DeliveryKind(StrEnum):
    ALERT = "alert.issued"
    PING = "ping"


def message_id(delivery_id: UUID) -> str:
    return f"msg_{delivery_id.hex}"


@dataclass(frozen=True)
class Delivery:
    """One thing to be sent to one subscription."""

    id: UUID
    subscription_id: UUID
    alert_id: UUID | None
    issued_at: datetime
    attempts: int
    """The one under way included."""
    url: str
    languages: tuple[str, ...]
    secrets: tuple[str, ...]
    """Sealed: the current one, then the earlier one while it still signs."""
    failing: bool
    permitted: bool
    """Whether its holder may be told now, when it is sent."""
    superseded: bool
    """Whether a later message of its chain has been issued: this one is not sent as new any more."""
    traceparent: str | None

    @property
    def message_id(self) -> str:
        """The same at every attempt: receivers know a repeat by it."""
        return message_id(self.id)


@dataclass(frozen=True)
class ReceiverAnswer:
    """What came of an attempt: a status, or a word for why there is none."""

    status: int | None = None
    failure: str | None = None
    come_back_after: timedelta | None = None
    """What the other side asked for by `Retry-After`."""

    @property
    def arrived(self) -> bool:
        return self.status is not None and HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def gone(self) -> bool:
        return self.status == HTTPStatus.GONE


NOT_PERMITTED: Final = ReceiverAnswer(failure="right_ended")
SUPERSEDED: Final = ReceiverAnswer(failure="superseded")
UNSENT: Final = (NOT_PERMITTED, SUPERSEDED)
"""Of attempts that were not made."""


class DeliveryState(StrEnum):
    """State of a delivery after an attempt."""

    DUE = "due"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"


@dataclass(frozen=True)
class AttemptOutcome:
    """What an attempt makes of its delivery."""

    delivery: Delivery
    answer: ReceiverAnswer
    state: DeliveryState
    at: datetime
    due_at: datetime


def outcome_of(
    delivery: Delivery, answer: ReceiverAnswer, now: datetime, chance: Callable[[], float]
) -> AttemptOutcome:
    """`chance` gives 0 to 1: it scatters the next attempts, so that what failed together does not return together.

    A receiver's `Retry-After` is heeded up to the longest pause; it never makes an attempt come sooner.
    """
    if answer.arrived:
        return AttemptOutcome(delivery, answer, DeliveryState.DELIVERED, now, now)
    if answer.gone or answer in UNSENT:
        return AttemptOutcome(delivery, answer, DeliveryState.DROPPED, now, now)
    pause = LADDER.pause(delivery.attempts, chance)
    if answer.come_back_after:
        pause = max(pause, min(answer.come_back_after, LADDER.pauses[-1]))
    given_up = now + pause > delivery.issued_at + GIVEN_UP_AFTER
    return AttemptOutcome(delivery, answer, DeliveryState.FAILED if given_up else DeliveryState.DUE, now, now + pause)


def body_of(delivery: Delivery, alert: Mapping[str, Any] | None, *, public_address: str) -> bytes:
    """The bytes that are sent and signed: the same at every attempt."""
    content: dict[str, Any] = {"type": DeliveryKind.PING, "timestamp": delivery.issued_at, "data": {}}
    if alert is None:
        content["data"] = {"subscription_id": delivery.subscription_id}
    else:
        content |= {"type": DeliveryKind.ALERT, "data": shown(alert, delivery.languages, public_address=public_address)}
    return orjson.dumps(content, default=str)


def shown(alert: Mapping[str, Any], languages: Sequence[str], *, public_address: str) -> dict[str, Any]:
    """An alert as subscribers are told it, in the languages they asked for as far as it has them."""
    texts = {language: text for language, text in alert["info"].items() if language in languages} or alert["info"]
    content = {name: value for name, value in alert.items() if name != "recorded_at"}
    return {**content, "info": texts, "link": f"{public_address}/api/alerts/v1/alerts/{alert['id']}"}


def come_back_after(header: str | None, now: datetime) -> timedelta | None:
    """What a `Retry-After` says: seconds, or a date of HTTP (RFC 9110, 10.2.3). None where it says neither."""
    said = (header or "").strip()
    if said.isascii() and said.isdecimal():
        return timedelta(seconds=int(said[:9]))
    try:
        moment = parsedate_to_datetime(said)
        return max(moment - now, timedelta())
    except (TypeError, ValueError, OverflowError):  # no date, or one without a zone
        return None


def headers_of(delivery: Delivery, body: bytes, secrets: Sequence[str], now: datetime) -> dict[str, str]:
    """Headers of Standard Webhooks: one signature for each secret that signs."""
    signatures = [Webhook(secret).sign(delivery.message_id, now, body.decode()) for secret in secrets]
    return {
        "content-type": "application/json",
        "webhook-id": delivery.message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def host_key(url: str) -> str:
    """A word for an address in logs, where the address itself may hold a secret."""
    return hashlib.sha256(url.encode()).hexdigest()[:12]
