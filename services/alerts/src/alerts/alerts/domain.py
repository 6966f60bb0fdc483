"""What a CAP alert is, and the rules that need nothing but the alert and its sender."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import quote
from uuid import UUID

from contracts.alerts import (
    AlertScope,
    AlertSeverity,
    AlertStatus,
    Category,
    Certainty,
    MessageType,
    Urgency,
)
from runtime.access import Principal, Role
from runtime.problems import Refusal

from alerts.alerts.errors import (
    AddressesMissing,
    EvacuateNotMandated,
    ExpiredOnArrival,
    ExpiresTooEarly,
    MalformedCircle,
    MalformedPolygon,
    OnsetAfterExpiry,
    ReferencesMissing,
    ReferencesOfAlert,
    SecondPersonNeeded,
    SentInFuture,
)

FOR_RESPONDERS = "للمستجيبين الإنسانيين في المنصة · For humanitarian responders of the platform"
CLOCKS_DIFFER = timedelta(minutes=5)
NUMBER = r"-?\d{1,3}(?:\.\d{1,15})?"
PAIR = re.compile(rf"({NUMBER}),({NUMBER})", re.ASCII)
CIRCLE = re.compile(rf"({NUMBER}),({NUMBER}) (\d{{1,5}}(?:\.\d{{1,6}})?)", re.ASCII)


class ResponseType(StrEnum):
    """What CAP asks its audience to do."""

    SHELTER = "Shelter"
    EVACUATE = "Evacuate"
    PREPARE = "Prepare"
    EXECUTE = "Execute"
    AVOID = "Avoid"
    MONITOR = "Monitor"
    ASSESS = "Assess"
    ALL_CLEAR = "AllClear"
    NONE = "None"


@dataclass(frozen=True)
class Text:
    """What an alert says in one language."""

    event: str
    headline: str
    description: str | None = None
    instruction: str | None = None


@dataclass(frozen=True)
class Alert:
    """An alert as its sender wrote it, with what was left out filled in."""

    identifier: str
    country: str
    sent: datetime
    status: AlertStatus
    message_type: MessageType
    scope: AlertScope
    restriction: str | None
    addresses: tuple[UUID, ...]
    references: tuple[str, ...]
    categories: tuple[Category, ...]
    response_types: tuple[ResponseType, ...]
    urgency: Urgency
    severity: AlertSeverity
    certainty: Certainty
    effective: datetime
    onset: datetime | None
    expires: datetime | None
    info: dict[str, Text]
    sectors: tuple[str, ...]
    areas: tuple[str, ...]
    polygons: tuple[str, ...]
    circles: tuple[str, ...]
    area_description: str | None
    override_reason: str | None

    @property
    def is_draft(self) -> bool:
        return self.status is AlertStatus.DRAFT


def sender_of(who: Principal) -> str:
    """CAP's sender: unique, without spaces and commas."""
    if who.organisation_id:
        return f"urn:uuid:{who.organisation_id}"
    return f"urn:tansiq:{quote(who.subject, safe='')}"


def oid(id: UUID) -> str:
    """The id in the OID arc for UUIDs (ITU-T X.667)."""
    return f"2.25.{id.int}"


def faults(alert: Alert, now: datetime) -> Iterator[Refusal]:
    """What speaks against issuing it, as far as the alert alone can tell."""
    yield from _faults_of_time(alert, now)
    yield from _faults_of_shape(alert)
    if alert.scope is AlertScope.PRIVATE and not alert.addresses:
        yield AddressesMissing("addresses")
    if alert.message_type is MessageType.ALERT and alert.references:
        yield ReferencesOfAlert("references")
    if alert.message_type is not MessageType.ALERT and not alert.references:
        yield ReferencesMissing("references")
    if alert.severity is AlertSeverity.EXTREME and not alert.is_draft and not alert.override_reason:
        yield SecondPersonNeeded("override_reason")


def check_mandate(alert: Alert, sender: Principal) -> None:
    """Raises `EvacuateNotMandated`."""
    if ResponseType.EVACUATE in alert.response_types and sender.role is not Role.SECRETARIAT:
        raise EvacuateNotMandated("response_types")


def _faults_of_time(alert: Alert, now: datetime) -> Iterator[Refusal]:
    if alert.sent > now + CLOCKS_DIFFER:
        yield SentInFuture("sent")
    if alert.expires and alert.expires <= max(alert.effective, alert.sent):
        yield ExpiresTooEarly("expires")
    elif alert.expires and alert.expires <= now and not alert.is_draft and alert.message_type is not MessageType.CANCEL:
        yield ExpiredOnArrival("expires")
    if alert.onset and alert.expires and alert.onset > alert.expires:
        yield OnsetAfterExpiry("onset")


def _faults_of_shape(alert: Alert) -> Iterator[Refusal]:
    for place, polygon in enumerate(alert.polygons):
        if not is_polygon(polygon):
            yield MalformedPolygon(f"polygons.{place}")
    for place, circle in enumerate(alert.circles):
        if not is_circle(circle):
            yield MalformedCircle(f"circles.{place}")


def is_polygon(text: str) -> bool:
    """Whether it is a polygon in CAP's words: `lat,lon` pairs, closed."""
    pairs = text.split(" ")
    found = [PAIR.fullmatch(pair) for pair in pairs]
    on_earth = all(match is not None and _on_earth(match[1], match[2]) for match in found)
    return len(pairs) >= 4 and on_earth and pairs[0] == pairs[-1]


def is_circle(text: str) -> bool:
    """Whether it is a circle in CAP's words: `lat,lon radius`."""
    match = CIRCLE.fullmatch(text)
    return match is not None and _on_earth(match[1], match[2])


def _on_earth(latitude: str, longitude: str) -> bool:
    return abs(float(latitude)) <= 90 and abs(float(longitude)) <= 180


def reference_of(identifier: str, sender: str, sent: datetime) -> str:
    """CAP's reference: `sender,identifier,sent`, the time without fractions and UTC as -00:00."""
    return f"{sender},{identifier},{sent:%Y-%m-%dT%H:%M:%S}-00:00"


def identifiers_of(references: Sequence[str]) -> list[str]:
    """Identifiers of references, given as identifiers alone or as `sender,identifier,sent`."""
    return [reference.split(",")[1] if reference.count(",") == 2 else reference for reference in references]
