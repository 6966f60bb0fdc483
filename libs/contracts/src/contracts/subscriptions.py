"""Subscriptions to alerts, and the deliveries to their webhooks."""

from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from contracts.alerts import AlertSeverity, AlertStatus
from contracts.nouns import Filter, Row, Versioned, described, noun
from contracts.sensitivity import High, Low, Moderate
from contracts.values import Country, Pcode, SectorCode


class SubscriptionState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class SubscriptionReason(StrEnum):
    """Why a subscription is not active."""

    BY_HOLDER = "by_holder"
    FAILING = "failing"
    """Nothing arrived for days."""
    GONE = "gone"
    """Its address answered 410."""


class WantedAlerts(Row):
    """Which alerts are wanted; what is empty is not asked about."""

    country: Low[Country | None] = described("P-code of the country.", "رمز البلد.")
    areas: Moderate[tuple[Pcode, ...]] = described(
        "Each with all below it, and what is above it.", "كل منطقة مع ما دونها، وما يخص ما فوقها."
    )
    sectors: Moderate[tuple[SectorCode, ...]] = described("Exact codes.", "رموز القطاعات تماماً.")
    severities: Moderate[tuple[AlertSeverity, ...]] = described("CAP severities.", "درجات الشدة.")
    statuses: Moderate[tuple[AlertStatus, ...]] = described("CAP statuses.", "الحالات.")
    languages: Moderate[tuple[Literal["ar", "en"], ...]] = described("Texts to be sent.", "لغات النصوص المرسلة.")


class Subscription(Versioned):
    """Alerts that are sent to a webhook. The signing secret is told once, when it is made."""

    created_at: Moderate[datetime] = described("When it was made.", "وقت إنشائه.")
    changed_at: Moderate[datetime] = described("When it was changed last.", "وقت آخر تعديل.")
    subject: Moderate[str] = described("Who holds it, the `sub` of their tokens.", "صاحبه، وهو `sub` في رموزه.")
    role: Moderate[str] = described("Role it is held in.", "الدور الذي أُنشئ به.")
    organisation_id: Moderate[UUID | None] = described("Organisation it is held for.", "المنظمة التي أُنشئ لها.")
    url: High[str] = described("Where to.", "العنوان.")
    description: High[str | None] = described("What it is for.", "الغرض منه.")
    filter: Moderate[WantedAlerts] = described("Which alerts.", "أي الإنذارات.")
    state: Moderate[SubscriptionState] = described("How it stands.", "الحالة.")
    reason: Moderate[SubscriptionReason | None] = described("Why it is not active.", "سبب توقفه.")
    failing_since: Moderate[datetime | None] = described("Since when nothing arrived.", "منذ متى لم يصل شيء.")
    rights_ended: Moderate[bool] = described(
        "Whether its holder may no longer be told.", "هل انتهى حق صاحبه في الإبلاغ."
    )


class SubscriptionWithSecret(Subscription):
    """A subscription with its signing secret, which is told this once."""

    secret: High[str] = described("Signing secret.", "مفتاح التوقيع.")


class SubscriptionFilter(Filter):
    """Which subscriptions: one's own and one's organisation's in the same role."""

    id: UUID | None = described("This one.", "هذا الاشتراك.", None)


SUBSCRIPTIONS = noun("subscriptions", "alerts", Subscription, SubscriptionFilter, ("id",))


class Delivery(Row):
    """What was sent to a webhook, and what became of it."""

    id: Moderate[UUID] = described("Id.", "المعرّف.")
    message_id: Moderate[str] = described("Id of the message, `webhook-id`.", "معرّف الرسالة، `webhook-id`.")
    kind: Moderate[Literal["ping", "alert.issued"]] = described("What was sent.", "نوع الرسالة.")
    alert_id: Moderate[UUID | None] = described("Id of the alert.", "معرّف الإنذار.")
    state: Moderate[Literal["due", "delivered", "failed", "dropped"]] = described("What became of it.", "الحالة.")
    attempts: Moderate[int] = described("Attempts.", "عدد المحاولات.")
    issued_at: Moderate[datetime] = described("When it was issued.", "وقت الإصدار.")
    attempted_at: Moderate[datetime | None] = described("When it was last attempted.", "وقت آخر محاولة.")
    delivered_at: Moderate[datetime | None] = described("When it arrived.", "وقت الوصول.")
    due_at: Moderate[datetime | None] = described("When it is attempted next.", "وقت المحاولة التالية.")
    last_status: Moderate[int | None] = described("HTTP status of the last answer.", "رمز HTTP لآخر رد.")
    last_failure: Moderate[str | None] = described("Why the last attempt failed.", "سبب فشل آخر محاولة.")


class Ping(Row):
    """A ping that is to be sent."""

    id: Moderate[UUID] = described("Id of the delivery.", "معرّف الإرسال.")
    message_id: Moderate[str] = described("Id of the message.", "معرّف الرسالة.")
    state: Moderate[Literal["due"]] = described("It is sent soon.", "يُرسل قريباً.")


class DeliveryFilter(Filter):
    """Deliveries of which subscription."""

    subscription: UUID = described("Id of the subscription.", "معرّف الاشتراك.")


DELIVERIES = noun("deliveries", "alerts", Delivery, DeliveryFilter, ("issued_at", "id"), newest_first=True)
