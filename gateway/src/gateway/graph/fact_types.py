"""Facts in the graph: what a service knows of a noun, as it lets the caller see it."""

from typing import Final

import strawberry
from contracts import alerts, figures, mappings, reports, targets
from contracts.alerts import (
    AlertIssued,
    AlertScope,
    AlertSeverity,
    AlertStatus,
    Category,
    Certainty,
    MessageType,
    Urgency,
)
from contracts.catalogue import LISTS
from contracts.reports import ActivityStatus, ImplementerContest, PopulationGroup, ReportChanged, ReportStage
from contracts.sensitivity import Sensitivity
from contracts.targets import TargetChanged

from gateway.graph.connections import Connection, Figures, Followed
from gateway.graph.derivation import GraphNoun, Names
from gateway.graph.fields import describe, each_language, known_organisation, known_organisations, same, value
from gateway.graph.reference_types import Organisation

for _enum, _en, _ar in (
    (ActivityStatus, "Status of an activity.", "حالة النشاط."),
    (PopulationGroup, "Population group.", "الفئة السكانية."),
    (ReportStage, "Stage of a report's life.", "مرحلة التقرير."),
    (ImplementerContest, "What became of an implementer's contest.", "مآل اعتراض الجهة المنفذة."),
    (Sensitivity, "How much harm disclosure can do.", "مستوى حساسية المعلومات."),
    (AlertStatus, "CAP status.", "حالة الإنذار بحسب CAP."),
    (AlertScope, "CAP scope.", "نطاق الإنذار بحسب CAP."),
    (AlertSeverity, "CAP severity.", "شدة الإنذار بحسب CAP."),
    (Category, "CAP category.", "فئة الإنذار بحسب CAP."),
    (Certainty, "CAP certainty.", "درجة اليقين بحسب CAP."),
    (MessageType, "CAP message type.", "نوع الرسالة بحسب CAP."),
    (Urgency, "CAP urgency.", "درجة الإلحاح بحسب CAP."),
):
    strawberry.enum(_enum, description=describe(_en, _ar))


@strawberry.type
class _OfReport:
    organisation: Organisation | None = known_organisation("Who reports.", "المنظمة المبلّغة.", column="organisation_id")
    implementer: Organisation | None = known_organisation(
        "Who does the work.", "الجهة المنفذة.", column="implementer_id"
    )


_HIDDEN_OF_REPORT: Final = (
    "organisation_resolved", "implementer_id", "implementer_resolved", "area_path", "adm1", "adm2", "adm3",
    "area_as_sent", "measured_outputs", "as_written", "submitted_by", "reviewed_by", "override_reason",
    "sensitivity_by", "sensitivity_reason", "withdrawn_by", "withdrawn_by_role", "upload_sheet", "upload_row",
    "contested_at", "contest_settled_at", "contested_by", "contest_reason", "contest_settled_by",
    "contest_settlement",
)  # fmt: skip
REPORTS: Final = GraphNoun(
    reports.REPORTS,
    Followed,
    "Activity reports the caller may see.",
    "تقارير الأنشطة التي يحق للسائل رؤيتها.",
    one=("One activity report.", "تقرير نشاط واحد."),
    hidden=_HIDDEN_OF_REPORT,
    extra=_OfReport,
    changed=ReportChanged,
)
REPORT_VERSIONS: Final = GraphNoun(
    reports.REPORT_VERSIONS,
    Connection,
    "Its versions, newest first: as it was then, and what was said of it.",
    "نسخه، والأحدث أولاً: كما كان حينها وما قيل عنه.",
    hidden=("by", "override_reason"),
)
TARGETS: Final = GraphNoun(
    targets.TARGETS,
    Followed,
    "Targets of plans.",
    "أهداف الخطط.",
    hidden=("area_path", "area_names"),
    changed=TargetChanged,
)


@strawberry.type(description=describe("Unique people reached, each counted once.", "الأشخاص دون تكرار."))
class Reach:
    total: int | None = value("All.", "المجموع.", column="people_total")
    men: int | None = value("Men.", "رجال.", column="people_men")
    women: int | None = value("Women.", "نساء.", column="people_women")
    boys: int | None = value("Boys.", "فتيان.", column="people_boys")
    girls: int | None = value("Girls.", "فتيات.", column="people_girls")
    not_disaggregated: int | None = value("Not told apart.", "غير مفصّل.", column="people_not_disaggregated")
    with_disability: int | None = value("With a disability.", "ذوو إعاقة.", column="people_with_disability")


@strawberry.type
class _OfCoverage:
    people: Reach = same(
        "Unique people reached, by submitted and approved reports; `basis` says which.",
        "الأشخاص الذين وصلت إليهم المساعدة دون تكرار، بحسب التقارير المُرسلة والمعتمدة، ويبيّن `basis` صفة الرقم.",
    )


_COLUMNS_OF_REACH: Final = (
    "people_total", "people_men", "people_women", "people_boys", "people_girls", "people_not_disaggregated",
    "people_with_disability",
)  # fmt: skip
COVERAGE: Final = GraphNoun(
    figures.COVERAGE,
    Figures,
    "People reached.",
    "الأشخاص الذين وصلت إليهم المساعدة.",
    hidden=("area_names", *_COLUMNS_OF_REACH),
    called={"organisations": "organisation_count"},
    extra=_OfCoverage,
)


@strawberry.type
class _OfPresence:
    organisations: list[Organisation] = known_organisations(
        "Those that may be named and that the registry knows.",
        "المنظمات المسجّلة التي تجوز تسميتها.",
        column="organisation_ids",
    )


PRESENCE: Final = GraphNoun(
    figures.PRESENCE,
    Figures,
    "Organisations present.",
    "المنظمات الحاضرة.",
    hidden=("area_names", "organisation_ids"),
    called={"organisations": "organisation_count"},
    extra=_OfPresence,
)
PROGRESS: Final = GraphNoun(
    figures.PROGRESS,
    Figures,
    "What was reached of the targets.",
    "ما تحقق من الأهداف.",
    hidden=("area_names",),
    effort=15,
)
"""Reach over a period is counted when it is asked for: with thirty aliases, reporting would count for minutes."""


@strawberry.type
class _OfAlert:
    headline: Names = each_language("Headline.", "العنوان.", column="info", part="headline")
    organisation: Organisation | None = known_organisation(
        "Who issued it.", "المنظمة المُصدرة.", column="organisation_id"
    )


ALERTS: Final = GraphNoun(
    alerts.ALERTS,
    Followed,
    "Alerts the caller may see.",
    "الإنذارات التي يحق للسائل رؤيتها.",
    one=("One alert.", "إنذار واحد."),
    hidden=("organisation_id", "organisation_names", "addresses", "override_reason"),
    extra=_OfAlert,
    changed=AlertIssued,
)

MAPPINGS: Final = GraphNoun(
    mappings.MAPPINGS,
    Connection,
    "How files of one shape are read: one's own mappings, and those shared with working groups.",
    "كيف تُقرأ الملفات ذات الشكل الواحد: قوالب السائل وما شاركته مجموعات العمل.",
    hidden=("profile",),
)

_TOLD: Final = (
    GraphNoun(noun, Followed if noun.followed else Connection, *noun.about) for noun in LISTS.values() if noun.about
)
"""Nouns of which the contract says all there is to say."""
FACTS: Final = (REPORTS, COVERAGE, PRESENCE, TARGETS, PROGRESS, ALERTS, MAPPINGS, *_TOLD)
