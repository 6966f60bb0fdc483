"""Filters of the graph's lists: the same words as the services' own."""

from typing import Any

import strawberry
from contracts.activities import ActivityStatus, ImplementerContest, PopulationGroup, ReportStage
from contracts.alerts import AlertSeverity, AlertStatus
from contracts.registry import OrganisationStatus

from gateway.graph.fields import told
from gateway.graph.scalars import DateTime, Id


def given(en: str, ar: str) -> Any:
    """A condition that may be left out."""
    return strawberry.field(description=told(en, ar), default=strawberry.UNSET)


@strawberry.input(description=told("Which organisations.", "أي المنظمات."))
class OrganisationFilter:
    search: str | None = given("Words of a name, forgiving in spelling.", "كلمات من الاسم.")
    status: OrganisationStatus | None = given("Standing.", "الحالة.")
    sector: str | None = given("Works in this sector.", "تعمل في هذا القطاع.")
    area: str | None = given("Works in this area or below it.", "تعمل في هذه المنطقة أو ما دونها.")
    type_code: str | None = given("Type of the HAPI list.", "النوع.")


@strawberry.input(description=told("Which reports.", "أي التقارير."))
class ReportFilter:
    country: str | None = given("P-code of the country.", "رمز البلد.")
    area: str | None = given("This area and all below it.", "هذه المنطقة وكل ما دونها.")
    sector: str | None = given("Exact code of the sector.", "رمز القطاع تماماً.")
    descendants: bool | None = given("Areas of responsibility below it too.", "ومجالات المسؤولية دونه.")
    month_from: str | None = given("From this month on.", "من هذا الشهر.")
    month_to: str | None = given("Up to this month.", "حتى هذا الشهر.")
    organisation_id: Id | None = given("Reporting organisation.", "المنظمة المبلّغة.")
    status: ActivityStatus | None = given("Status.", "الحالة.")
    stage: ReportStage | None = given("Stage.", "المرحلة.")
    include_withdrawn: bool | None = given(
        "What was withdrawn too, where it is the caller's to see.", "والمسحوب منها، حيث يحق للسائل رؤيته."
    )
    external_id: str | None = given(
        "By its sender's own id, where the caller may see that.", "بمعرّف المرسل، حيث يحق للسائل رؤيته."
    )
    upload: Id | None = given(
        "Whose content came in this file, where the caller may see that.",
        "ما ورد مضمونه في هذا الملف، حيث يحق للسائل رؤية ذلك.",
    )
    reviewable: bool | None = given("Only what the caller may review now.", "ما يحق للسائل مراجعته الآن فقط.")
    named_as_implementer: bool | None = given(
        "Only others' reports that name the caller's organisation as implementer.",
        "تقارير الآخرين التي تذكر منظمة السائل جهةً منفذة فقط.",
    )
    implementer_contest: ImplementerContest | None = given(
        "Only what its implementer contests.", "ما تعترض عليه الجهة المنفذة فقط."
    )
    updated_since: DateTime | None = given("New or changed since.", "الجديد أو المعدّل منذ.")


@strawberry.input
class Places:
    """What every filter of areas and sectors begins with."""

    country: str | None = given("P-code of the country.", "رمز البلد.")
    area: str | None = given("This area and all below it.", "هذه المنطقة وكل ما دونها.")
    level: int | None = given("Level of the areas.", "مستوى المناطق.")
    sector: str | None = given("Exact code of the sector.", "رمز القطاع تماماً.")
    descendants: bool | None = given("Areas of responsibility below it too.", "ومجالات المسؤولية دونه.")


@strawberry.input
class PlacesAndMonths(Places):
    """What every filter of figures begins with."""

    month_from: str | None = given("From this month on.", "من هذا الشهر.")
    month_to: str | None = given("Up to this month.", "حتى هذا الشهر.")


@strawberry.input(description=told("Which figures.", "أي الأرقام."))
class CoverageFilter(PlacesAndMonths):
    population_group: str | None = given(
        "One group, `all` together, or `each` by itself.", "فئة واحدة، أو `all` معاً، أو `each` كلٌّ على حدة."
    )


@strawberry.input(description=told("Whose presence, and where.", "أي حضور."))
class PresenceFilter(PlacesAndMonths):
    all_sectors: bool | None = given("One row for all sectors.", "صف واحد لكل القطاعات.")


@strawberry.input(description=told("Which targets.", "أي الأهداف."))
class TargetFilter(Places):
    indicator: str | None = given("Exact code of the indicator.", "رمز المؤشر تماماً.")
    population_group: PopulationGroup | None = given("Population group.", "الفئة السكانية.")
    month_from: str | None = given("Periods that reach this month.", "الفترات التي تبلغ هذا الشهر.")
    month_to: str | None = given("Periods that begin by this month.", "الفترات التي تبدأ حتى هذا الشهر.")
    withdrawn: bool | None = given("Withdrawn ones too.", "والملغى منها.")


@strawberry.input(description=told("Progress of which targets.", "تقدّم أي الأهداف."))
class ProgressFilter(Places):
    indicator: str | None = given("Exact code of the indicator.", "رمز المؤشر تماماً.")
    month: str | None = given("Targets of this one month.", "أهداف هذا الشهر وحده.")
    month_from: str | None = given("With monthTo: exactly this period.", "مع monthTo: هذه الفترة تماماً.")
    month_to: str | None = given("With monthFrom: exactly this period.", "مع monthFrom: هذه الفترة تماماً.")
    population_group: str | None = given(
        "One group, `all` together, or `each` by itself.", "فئة واحدة، أو `all` معاً، أو `each` كلٌّ على حدة."
    )


@strawberry.input(description=told("Which alerts.", "أي الإنذارات."))
class AlertFilter:
    country: str | None = given("P-code of the country.", "رمز البلد.")
    area: str | None = given("Concerning this area.", "تخص هذه المنطقة.")
    sector: str | None = given("Concerning this sector.", "تخص هذا القطاع.")
    status: AlertStatus | None = given("CAP status.", "الحالة.")
    severity: AlertSeverity | None = given("CAP severity.", "الشدة.")
    active: bool | None = given("Not expired, updated or cancelled.", "الساري منها.")
    sent_since: DateTime | None = given("Sent since.", "المُرسل منذ.")


@strawberry.input(description=told("Which alerts to be told of.", "أي الإنذارات تُبلَّغ بها."))
class AlertWish:
    country: str | None = given("P-code of the country.", "رمز البلد.")
    areas: list[str] | None = given(
        "Each with all below it, and what is above it.", "كل منطقة مع ما دونها، وما يخص ما فوقها."
    )
    sectors: list[str] | None = given("Exact codes.", "رموز القطاعات تماماً.")
    severities: list[AlertSeverity] | None = given("CAP severities.", "درجات الشدة.")
    statuses: list[AlertStatus] | None = given(
        "Actual alone, where nothing is said.", "الفعلية (Actual) وحدها إن لم يُذكر شيء."
    )
