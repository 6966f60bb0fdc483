"""The worker's job: takes what is due, sends it, settles it. A slow endpoint holds up itself and nobody else.

At least once: what a dead worker had taken falls due again when its lease runs out. Messages of one chain go to a
subscription in their order, and one that was superseded while it waited does not go at all.
"""

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import structlog
from database import Database, Transaction
from jobs import Work, keep_taking, passing
from joserfc.errors import JoseError
from opentelemetry import propagate, trace
from runtime.retention import forgetting
from runtime.service import Worker

from alerts import metrics
from alerts.alerts.queries import published_alerts
from alerts.alerts.store import CHANNEL as ISSUED
from alerts.deliveries import queries, store
from alerts.deliveries.domain import (
    NOT_PERMITTED,
    SUPERSEDED,
    AttemptOutcome,
    Delivery,
    DeliveryState,
    ReceiverAnswer,
    body_of,
    headers_of,
    host_key,
    outcome_of,
)
from alerts.deliveries.sending import WebhookSender
from alerts.settings import Settings
from alerts.subscriptions.domain import unseal

log = structlog.get_logger(__name__)
tracer = trace.get_tracer("alerts.deliveries")

AT_ONCE: Final = 1000
"""Attempts of this process under way."""
EACH: Final = 4
"""Of one subscription; one where it is failing."""
BATCH: Final = 500
TRUSTED_SECONDS: Final = 20.0
"""After taking, how long an attempt may still begin: with its own 10 seconds well within the lease."""
LOOK_SECONDS: Final = 1.0
TROUBLE_SECONDS: Final = 2.0
FINISH_SECONDS: Final = 10.0
"""How long what was sent may take to be written at the end."""
SETTLE_AT_ONCE: Final = 500
GATHER_SECONDS: Final = 0.03
"""How long outcomes are gathered before they are written: many in one transaction, and not while others are sent."""


async def send_deliveries(worker: Worker[Settings], stop: asyncio.Event) -> None:
    """Send what is due until told to stop; what is under way then is finished, the rest goes on later."""
    async with WebhookSender(loopback=worker.settings.loopback) as sender:
        await DeliveryWorker(worker.database, worker.settings, sender).run(stop)


def kept_days(worker: Worker[Settings]) -> int:
    return worker.settings.keep_deliveries_days


JOBS: tuple[Work[Worker[Settings]], ...] = (forgetting("deliveries", kept_days, store.forget_old),)


async def measure_backlog(tx: Transaction) -> None:
    metrics.DUE.set(await queries.backlog(tx))


@dataclass
class DeliveryWorker:
    """Takes, sends and settles deliveries."""

    database: Database
    settings: Settings
    sender: WebhookSender
    _under_way: Counter[UUID] = field(default_factory=Counter)
    _failing: set[UUID] = field(default_factory=set)
    _attempts: set["asyncio.Task[None]"] = field(default_factory=set)
    _alerts: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    """Those that were taken last. An alert never changes."""
    _done: "asyncio.Queue[AttemptOutcome]" = field(default_factory=asyncio.Queue)
    room: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop, and what is under way has ended. Raises what can't be mended by trying again."""
        async with asyncio.TaskGroup() as both:
            settling = both.create_task(self._settle_all())
            await keep_taking(self.database, (ISSUED, store.CHANNEL), self, stop)
            await self._finish()
            settling.cancel()

    async def _finish(self) -> None:
        if self._attempts:
            await asyncio.wait(set(self._attempts))
        await asyncio.wait_for(self._done.join(), FINISH_SECONDS)

    async def take(self) -> float:
        """Start attempts for what is due; how many seconds later to look again."""
        room = min(BATCH, AT_ONCE - len(self._attempts))
        if room <= 0:
            return LOOK_SECONDS
        taken_at = time.monotonic()
        found = await self.database.run(lambda tx: self._taken(tx, room))
        for delivery, body in found:
            self._start(delivery, body, taken_at)
        return 0.0 if found else LOOK_SECONDS

    async def _taken(self, tx: Transaction, most: int) -> list[tuple[Delivery, bytes]]:
        full = [id for id, count in self._under_way.items() if count >= (1 if id in self._failing else EACH)]
        deliveries = await store.take_due(tx, full, most=most, each=EACH)
        wanted = {one.alert_id for one in deliveries if one.alert_id}
        if unread := wanted - self._alerts.keys():
            self._alerts = {
                **await published_alerts(tx, list(unread)),
                **{id: self._alerts[id] for id in wanted - unread},
            }
        return [(one, self._body(one)) for one in deliveries]

    def _body(self, delivery: Delivery) -> bytes:
        alert = self._alerts[delivery.alert_id] if delivery.alert_id else None
        return body_of(delivery, alert, public_address=self.settings.issuer.rstrip("/"))

    def _start(self, delivery: Delivery, body: bytes, taken_at: float) -> None:
        self._under_way[delivery.subscription_id] += 1
        if delivery.failing:
            self._failing.add(delivery.subscription_id)
        attempt = asyncio.create_task(self._attempt(delivery, body, taken_at))
        self._attempts.add(attempt)
        attempt.add_done_callback(self._attempts.discard)

    async def _attempt(self, delivery: Delivery, body: bytes, taken_at: float) -> None:
        if time.monotonic() - taken_at > TRUSTED_SECONDS:  # this process stood still: it is another's by now
            log.warning("deliveries.taken_too_long_ago")
            self._release(delivery, arrived=False)
            return
        context = propagate.extract({"traceparent": delivery.traceparent} if delivery.traceparent else {})
        with tracer.start_as_current_span("deliver webhook", context):
            answer = await self._answer(delivery, body)
        now = datetime.now(UTC)
        self._done.put_nowait(outcome_of(delivery, answer, now, random.random))

    async def _answer(self, delivery: Delivery, body: bytes) -> ReceiverAnswer:
        if not delivery.permitted:
            return NOT_PERMITTED
        if delivery.superseded:
            return SUPERSEDED
        key = self.settings.subscription_secret.get_secret_value()
        try:
            secrets = [unseal(sealed, key) for sealed in delivery.secrets]
        except JoseError:
            log.error("deliveries.secret_unreadable", subscription=str(delivery.subscription_id))
            return ReceiverAnswer(failure="secret_unreadable")
        return await self.sender.send(delivery.url, body, headers_of(delivery, body, secrets, datetime.now(UTC)))

    async def _settle_all(self) -> None:
        while True:
            outcomes = [await self._done.get()]
            await asyncio.sleep(GATHER_SECONDS)
            while len(outcomes) < SETTLE_AT_ONCE and not self._done.empty():
                outcomes.append(self._done.get_nowait())
            await self._settle(outcomes)
            for _ in outcomes:
                self._done.task_done()

    async def _settle(self, outcomes: list[AttemptOutcome]) -> None:
        """Written, however often the database has to be asked; a subscription is free again only then."""
        for outcome in outcomes:
            _measure(outcome)
        stopped = None
        while stopped is None:
            with passing("deliveries.unsettled"):
                stopped = await self.database.run(lambda tx: store.settle(tx, outcomes))
            if stopped is None:
                await asyncio.sleep(TROUBLE_SECONDS)
        for id, reason in stopped:
            metrics.ENDED.labels(reason).inc()
            log.warning("subscription.stopped", subscription=str(id), reason=reason)
        for outcome in outcomes:
            self._release(outcome.delivery, arrived=outcome.answer.arrived)
        self.room.set()

    def _release(self, delivery: Delivery, *, arrived: bool) -> None:
        id = delivery.subscription_id
        self._under_way[id] -= 1
        if not arrived:
            self._failing.add(id)
        if self._under_way[id] <= 0:
            del self._under_way[id]
        if arrived or id not in self._under_way:
            self._failing.discard(id)


def _measure(outcome: AttemptOutcome) -> None:
    delivery, answer = outcome.delivery, outcome.answer
    if outcome.state is DeliveryState.DELIVERED:
        if delivery.alert_id:
            metrics.DELIVERED.labels("webhook").observe((outcome.at - delivery.issued_at).total_seconds())
        return
    cause = answer.failure or f"status_{(answer.status or 0) // 100}xx"
    metrics.FAILED.labels("webhook", cause).inc()
    log.info("delivery.failed", address=host_key(delivery.url), cause=cause, attempts=delivery.attempts)
