"""An alert as JSON sends it. Polygons and circles are CAP's own strings: latitude first, unlike GeoJSON."""

from datetime import UTC, datetime
from typing import Annotated, Literal, Self, TypeVar
from uuid import UUID

from contracts import instants
from contracts.alerts import AlertScope, AlertSeverity, AlertStatus, Category, Certainty, MessageType, Urgency
from contracts.text import Line, OneLine, Paragraph
from contracts.values import Country, Pcode, SectorCode
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from alerts.alerts.domain import FOR_RESPONDERS, Alert, ResponseType, Text

T = TypeVar("T")
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def _instant(value: datetime) -> datetime:
    if not EARLIEST <= value <= LATEST:
        bounds = {"first": EARLIEST.isoformat(), "last": LATEST.isoformat()}
        raise PydanticCustomError("instant_out_of_range", "not a time of an alert", bounds)
    return value.astimezone(UTC).replace(microsecond=0)


Instant = Annotated[instants.Instant, AfterValidator(_instant)]
"""A time with its zone. CAP knows no fractions of a second."""

Identifier = Annotated[str, StringConstraints(pattern=r"^[^\s,<&]{1,200}$"), OneLine]
Reference = Annotated[str, StringConstraints(pattern=r"^[^\s<&]{1,600}$"), OneLine]
Polygon = Annotated[str, StringConstraints(max_length=20_000), OneLine]
Circle = Annotated[str, StringConstraints(max_length=100), OneLine]


class NewText(BaseModel):
    """What the alert says in one language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    event: Line
    headline: Line
    description: Paragraph | None = None
    instruction: Paragraph | None = None


class Info(BaseModel):
    """The alert's text in Arabic, in English or in both."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ar: NewText | None = None
    en: NewText | None = None

    @model_validator(mode="after")
    def _is_not_empty(self) -> Self:
        if self.ar is None and self.en is None:
            raise PydanticCustomError("missing", "a text in Arabic or English")
        return self

    def texts(self) -> dict[str, Text]:
        given = {"ar": self.ar, "en": self.en}
        return {language: Text(**dict(text)) for language, text in given.items() if text}


class NewAlert(BaseModel):
    """An alert to be issued."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    identifier: Identifier | None = Field(None, description="Made by the platform where it is left out")
    country: Country
    sent: Instant | None = Field(None, description="Now, where it is left out")
    status: AlertStatus = AlertStatus.ACTUAL
    message_type: Literal[MessageType.ALERT, MessageType.UPDATE, MessageType.CANCEL] = MessageType.ALERT
    scope: AlertScope = AlertScope.RESTRICTED
    restriction: Line | None = Field(
        None, description="Responders of the platform, where a Restricted alert says nothing"
    )
    addresses: tuple[UUID, ...] = Field((), max_length=200, description="Organisations a Private alert is for")
    references: tuple[Reference, ...] = Field((), max_length=50, description="identifier, or sender,identifier,sent")
    categories: tuple[Category, ...] = Field(min_length=1, max_length=12)
    response_types: tuple[ResponseType, ...] = Field((), max_length=9)
    urgency: Urgency
    severity: AlertSeverity
    certainty: Certainty
    effective: Instant | None = None
    onset: Instant | None = None
    expires: Instant | None = None
    info: Info
    sectors: tuple[SectorCode, ...] = Field((), max_length=30)
    areas: tuple[Pcode, ...] = Field(min_length=1, max_length=500)
    polygons: tuple[Polygon, ...] = Field((), max_length=20, description="CAP: lat,lon pairs, closed")
    circles: tuple[Circle, ...] = Field((), max_length=20, description="CAP: lat,lon and radius in km")
    area_description: Line | None = None
    override_reason: Paragraph | None = Field(None, min_length=10, description="Why an Extreme alert goes out at once")

    def as_alert(self, identifier: str, now: datetime) -> Alert:
        """The alert, with what was left out filled in."""
        sent = self.sent or now.replace(microsecond=0)
        restricted = self.scope is AlertScope.RESTRICTED
        return Alert(
            identifier=self.identifier or identifier,
            country=self.country,
            sent=sent,
            status=self.status,
            message_type=self.message_type,
            scope=self.scope,
            restriction=self.restriction or (FOR_RESPONDERS if restricted else None),
            addresses=_once(self.addresses),
            references=_once(self.references),
            categories=_once(self.categories),
            response_types=_once(self.response_types),
            urgency=self.urgency,
            severity=self.severity,
            certainty=self.certainty,
            effective=self.effective or sent,
            onset=self.onset,
            expires=self.expires,
            info=self.info.texts(),
            sectors=_once(self.sectors),
            areas=_once(self.areas),
            polygons=self.polygons,
            circles=self.circles,
            area_description=self.area_description,
            override_reason=self.override_reason,
        )


def _once(values: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))
