"""A subscription as JSON sends it."""

from typing import Annotated, Any, Literal

from contracts import alerts as contracts
from contracts.alerts import AlertStatus
from contracts.text import Line, OneLine
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from alerts.egress import LONGEST
from alerts.subscriptions.domain import Subscription, Wish

Url = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST), OneLine]
Subscribable = Literal[AlertStatus.ACTUAL, AlertStatus.EXERCISE, AlertStatus.SYSTEM, AlertStatus.TEST]
"""Drafts are nobody's but their owner's."""


class AlertWish(contracts.AlertWish):
    """Which alerts are wanted. What is left out is not asked about."""

    statuses: tuple[Subscribable, ...] = Field(
        (AlertStatus.ACTUAL,), min_length=1, max_length=4, description="Exercises and tests only where asked for"
    )
    languages: tuple[Literal["ar", "en"], ...] = Field((), max_length=2, description="Texts to be sent; empty: all")

    def as_wish(self) -> Wish:
        return Wish(**{name: _once(value) for name, value in self})


class NewSubscription(BaseModel):
    """A subscription to be made."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Url = Field(description="https, a host name, port 443 or 8443")
    filter: AlertWish = AlertWish()
    description: Line | None = None

    def as_subscription(self) -> Subscription:
        return Subscription(self.url, self.filter.as_wish(), self.description)


class Changes(BaseModel):
    """What is to be different; a filter replaces the whole earlier one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Url | None = None
    filter: AlertWish | None = None
    description: Line | None = None
    state: Literal["active", "paused"] | None = Field(None, description="Pause, or go on")


def _once(value: Any) -> Any:
    return tuple(dict.fromkeys(value)) if isinstance(value, tuple) else value
