"""Alerts: OASIS CAP 1.2, with its own words."""

from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from contracts.event import Event, Topic, published
from contracts.instants import Instant
from contracts.nouns import Filter, Row, SparseRow, Versioned, described, noun
from contracts.sensitivity import High, Low, Moderate
from contracts.values import Country, Names, Pcode, SectorCode


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


class AlertText(Row):
    """What an alert says in one language.

    نص الإنذار بلغة واحدة.
    """

    event: Moderate[str] = described("The event.", "الحدث.")
    headline: Moderate[str] = described("Headline.", "العنوان.")
    description: Moderate[str | None] = described("Description.", "الوصف.")
    instruction: Moderate[str | None] = described("What to do.", "الإرشادات.")


class AlertInfo(SparseRow):
    """What an alert says, in Arabic, in English or in both.

    نص الإنذار بالعربية أو الإنكليزية أو بكلتيهما.
    """

    ar: Moderate[AlertText | None] = described("In Arabic.", "بالعربية.", None)
    en: Moderate[AlertText | None] = described("In English.", "بالإنكليزية.", None)


class ListedAlert(Versioned):
    """An alert (OASIS CAP 1.2), without what is above moderate."""

    country: Low[Country] = described("P-code of the country.", "رمز البلد.")
    identifier: Moderate[str] = described("CAP identifier.", "معرّف CAP.")
    sender: Moderate[str] = described("CAP sender.", "المرسل.")
    organisation_id: Moderate[UUID | None] = described("Id of who issued it.", "معرّف المنظمة المُصدرة.")
    organisation_names: Moderate[Names | None] = described("Names of who issued it.", "أسماء المنظمة المُصدرة.")
    sent: Moderate[datetime] = described("When it was sent.", "وقت الإرسال.")
    status: Moderate[AlertStatus] = described("CAP status.", "الحالة.")
    drill: Moderate[bool] = described("An exercise or a test.", "تمرين أو اختبار.")
    message_type: Moderate[MessageType] = described("CAP msgType.", "نوع الرسالة.")
    scope: Moderate[AlertScope] = described("CAP scope.", "النطاق.")
    restriction: Moderate[str | None] = described("CAP restriction.", "القيد.")
    addresses: Moderate[tuple[UUID, ...]] = described("Organisations a private alert is for.", "المنظمات الموجّه إليها.")
    references: Moderate[tuple[str, ...]] = described("CAP references.", "المراجع.")
    supersedes: Moderate[tuple[UUID, ...]] = described(
        "Earlier messages of its chain: what is held of them ends with this one.",
        "الرسائل السابقة في سلسلته: تحل هذه الرسالة محلها.",
    )
    superseded_by: Moderate[UUID | None] = described("The alert that replaced it.", "الإنذار الذي حل محله.")
    active: Moderate[bool] = described("Not expired, updated or cancelled.", "ساري المفعول.")
    categories: Moderate[tuple[Category, ...]] = described("CAP categories.", "الفئات.")
    response_types: Moderate[tuple[str, ...]] = described("CAP responseType.", "نوع الاستجابة.")
    urgency: Moderate[Urgency] = described("CAP urgency.", "الإلحاح.")
    severity: Moderate[AlertSeverity] = described("CAP severity.", "الشدة.")
    certainty: Moderate[Certainty] = described("CAP certainty.", "اليقين.")
    effective: Moderate[datetime] = described("From when it holds.", "وقت السريان.")
    onset: Moderate[datetime | None] = described("When it is expected.", "الوقت المتوقع للحدث.")
    expires: Moderate[datetime | None] = described("When it expires.", "وقت الانتهاء.")
    info: Moderate[AlertInfo] = described("What it says.", "نص الإنذار.")
    sectors: Moderate[tuple[SectorCode, ...]] = described("Codes of the sectors.", "رموز القطاعات.")
    areas: Moderate[tuple[Pcode, ...]] = described("P-codes of the areas.", "رموز المناطق.")


class Alert(ListedAlert):
    """An alert (OASIS CAP 1.2).

    إنذار بحسب معيار CAP 1.2.
    """

    polygons: High[tuple[str, ...] | None] = described("CAP polygons.", "مضلعات CAP.")
    circles: High[tuple[str, ...] | None] = described("CAP circles.", "دوائر CAP.")
    area_description: High[str | None] = described("The place in words.", "وصف المكان.")
    override_reason: High[str | None] = described(
        "Why an Extreme alert went out at once.", "سبب إصدار إنذار بشدة Extreme على الفور."
    )


class AlertFilter(Filter):
    """Which alerts.

    أي الإنذارات.
    """

    id: UUID | None = described("This one.", "هذا الإنذار.", None)
    country: Country | None = described("P-code of the country.", "رمز البلد.", None)
    area: Pcode | None = described(
        "Alerts that concern this area: for itself, one below it or one above it.",
        "الإنذارات التي تخص هذه المنطقة: عنها أو عما دونها أو ما فوقها.",
        None,
    )
    sector: SectorCode | None = described(
        "Exact code; an alert that names no sector concerns every sector.",
        "رمز القطاع تماماً، والإنذار الذي لا يذكر قطاعاً يخص كل القطاعات.",
        None,
    )
    severity: AlertSeverity | None = described("CAP severity.", "الشدة.", None)
    status: AlertStatus | None = described(
        "CAP status; drafts, exercises and tests are shown only where they are asked for.",
        "الحالة، ولا تظهر المسودات والتمارين والاختبارات إلا إذا طُلبت.",
        None,
    )
    active: bool | None = described("Not expired, not updated, not cancelled.", "الساري منها.", None)
    sent_since: Instant | None = described("Sent since.", "المُرسل منذ.", None)


class AlertWish(Filter):
    """Which alerts to be told of.

    أي الإنذارات تُبلَّغ بها.
    """

    country: Country | None = described("P-code of the country.", "رمز البلد.", None)
    areas: tuple[Pcode, ...] = described(
        "Each with all below it, and what is above it.",
        "كل منطقة مع ما دونها، وما يخص ما فوقها.",
        (),
        max_length=200,
    )
    sectors: tuple[SectorCode, ...] = described(
        "Exact codes; an alert that names no sector concerns every sector.",
        "رموز القطاعات تماماً، والإنذار الذي لا يذكر قطاعاً يخص كل القطاعات.",
        (),
        max_length=30,
    )
    severities: tuple[AlertSeverity, ...] = described("CAP severities.", "درجات الشدة.", (), max_length=5)
    statuses: tuple[AlertStatus, ...] = described(
        "Actual alone, where nothing is said.",
        "الفعلية (Actual) وحدها إن لم يُذكر شيء.",
        (AlertStatus.ACTUAL,),
        min_length=1,
        max_length=4,
    )


ALERTS = noun(
    "alerts", "alerts", Alert, AlertFilter, ("sent", "id"), newest_first=True, followed=True, listed=ListedAlert
)


@published(Topic("alerts.alerts"))
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
