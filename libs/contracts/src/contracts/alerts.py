"""Events of alerts: OASIS CAP 1.2, with its own words."""

from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from contracts.event import Event, Topic, published
from contracts.sensitivity import Low, Moderate
from contracts.values import Country, Names, Pcode, SectorCode

ALERTS = Topic("alerts.alerts")


class AlertStatus(StrEnum):
    ACTUAL = "Actual"
    EXERCISE = "Exercise"
    SYSTEM = "System"
    TEST = "Test"
    DRAFT = "Draft"


class MessageType(StrEnum):
    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"
    ACK = "Ack"
    ERROR = "Error"


class AlertScope(StrEnum):
    PUBLIC = "Public"
    RESTRICTED = "Restricted"
    PRIVATE = "Private"


class Category(StrEnum):
    GEO = "Geo"
    MET = "Met"
    SAFETY = "Safety"
    SECURITY = "Security"
    RESCUE = "Rescue"
    FIRE = "Fire"
    HEALTH = "Health"
    ENV = "Env"
    TRANSPORT = "Transport"
    INFRA = "Infra"
    CBRNE = "CBRNE"
    OTHER = "Other"


class Urgency(StrEnum):
    IMMEDIATE = "Immediate"
    EXPECTED = "Expected"
    FUTURE = "Future"
    PAST = "Past"
    UNKNOWN = "Unknown"


class AlertSeverity(StrEnum):
    """CAP severity: not needs severity (1 to 5), nor sensitivity."""

    EXTREME = "Extreme"
    SEVERE = "Severe"
    MODERATE = "Moderate"
    MINOR = "Minor"
    UNKNOWN = "Unknown"


class Certainty(StrEnum):
    OBSERVED = "Observed"
    LIKELY = "Likely"
    POSSIBLE = "Possible"
    UNLIKELY = "Unlikely"
    UNKNOWN = "Unknown"


@published(ALERTS)
class AlertIssued(Event):
    """An alert as its responders may know it: areas by P-code, no polygons, no instructions for teams."""

    type: Low[Literal["alerts.alert.issued.v1"]] = "alerts.alert.issued.v1"
    id: Moderate[UUID]
    identifier: Moderate[str]
    sender: Moderate[str]
    sent: Moderate[datetime]
    status: Moderate[AlertStatus]
    message_type: Moderate[MessageType]
    scope: Moderate[AlertScope]
    country: Low[Country]
    areas: Moderate[tuple[Pcode, ...]]
    sectors: Moderate[tuple[SectorCode, ...]] = ()
    categories: Moderate[tuple[Category, ...]]
    urgency: Moderate[Urgency]
    severity: Moderate[AlertSeverity]
    certainty: Moderate[Certainty]
    headline: Moderate[Names]
    expires: Moderate[datetime | None] = None
    organisation_id: Moderate[UUID | None] = None

    @property
    def key(self) -> str:
        return str(self.id)
