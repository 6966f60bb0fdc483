"""Figures: people reached, organisations present, progress against targets. Their statements are reporting's."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from contracts.instants import AskedMonth
from contracts.nouns import Filter, Row, described, noun
from contracts.sensitivity import Low, Moderate
from contracts.text import Code
from contracts.values import Country, IndicatorCode, Month, Names, Pcode, SectorCode

Group = Literal["all", "each", "idp", "host_community", "returnee", "palestine_refugee", "mixed", "unspecified"]


class Freshness(Row):
    """How fresh figures are; stands beside their rows."""

    as_of: Low[datetime | None] = described(
        "When the newest event was applied; null before the first.", "وقت تطبيق أحدث حدث، ويغيب قبل أولها."
    )
    rebuilding: Low[bool] = described(
        "Whether figures are being made anew and are incomplete.", "هل يُعاد بناء الأرقام فهي غير مكتملة."
    )


class Place(Row):
    """Where, and what."""

    country: Low[Country] = described("P-code of the country.", "رمز البلد.")
    area: Low[Pcode] = described("P-code of the area.", "رمز المنطقة.")
    area_names: Low[Names | None] = described("Names of the area.", "أسماء المنطقة.")
    level: Low[int] = described("Level of the area.", "مستوى المنطقة.")


class Coverage(Place):
    """People reached in an area, sector, month and population group, and how they were counted.

    الأشخاص الذين وصلت إليهم المساعدة بحسب المنطقة والقطاع والشهر والفئة، وكيف احتُسبوا.
    """

    sector: Moderate[SectorCode] = described("Code of the sector.", "رمز القطاع.")
    month: Moderate[Month] = described("Month.", "الشهر.")
    population_group: Moderate[str] = described("Population group, or all.", "الفئة السكانية، أو الكل.")
    time_basis: Low[str] = described("monthly or cumulative.", "شهري أو تراكمي.")
    rule_code: Low[str] = described("Counting rule.", "قاعدة الاحتساب.")
    rule_version: Low[int] = described("Its version.", "نسخة القاعدة.")
    basis: Moderate[Literal["official", "provisional"]] = described(
        "Basis of people and frequencies: provisional, or official where all reports are approved.",
        "صفة أرقام الأشخاص والخدمات: provisional أي مؤقتة، أو official أي رسمية إذا اعتُمدت التقارير كلها.",
    )
    people_total: Moderate[int | None] = described("Unique people reached.", "الأشخاص دون تكرار.")
    people_men: Moderate[int | None] = described("Men.", "رجال.")
    people_women: Moderate[int | None] = described("Women.", "نساء.")
    people_boys: Moderate[int | None] = described("Boys.", "فتيان.")
    people_girls: Moderate[int | None] = described("Girls.", "فتيات.")
    people_not_disaggregated: Moderate[int | None] = described("Not told apart.", "غير مفصّل.")
    people_with_disability: Moderate[int | None] = described("With a disability.", "ذوو إعاقة.")
    frequencies: Moderate[int | None] = described(
        "Services delivered, by submitted and approved reports.", "عدد الخدمات المقدّمة بحسب التقارير المُرسلة والمعتمدة."
    )
    official_people_total: Moderate[int | None] = described(
        "Official: unique people by approved reports alone.",
        "رقم رسمي: الأشخاص دون تكرار بحسب التقارير المعتمدة وحدها.",
    )
    official_frequencies: Moderate[int | None] = described(
        "Official: services by approved reports alone.", "رقم رسمي: الخدمات بحسب التقارير المعتمدة وحدها."
    )
    reports: Moderate[int] = described("Reports, submitted and approved.", "عدد التقارير المُرسلة والمعتمدة.")
    official_reports: Moderate[int] = described("Of these, approved.", "عدد المعتمد منها.")
    organisations: Moderate[int] = described("Distinct organisations.", "عدد المنظمات دون تكرار.")
    reports_without_new_flag: Moderate[int] = described(
        "Reports that do not say whether their people are new, where the rule counts new ones alone: in services only.",
        "تقارير لا تذكر إن كان الأشخاص جدداً حيث لا تحتسب القاعدة سوى الجدد: تُعدّ في الخدمات وحدها.",
    )
    reports_in_other_units: Moderate[int] = described(
        "Reports whose numbers count something else than people, such as sessions: in no number of people.",
        "تقارير تعدّ غير الأشخاص، كالجلسات: لا تدخل في أعداد الأشخاص.",
    )
    suppressed: Moderate[bool] = described("Whether counts are withheld.", "هل حُجبت أعداد.")
    suppressed_fields: Moderate[tuple[str, ...]] = described(
        "Which ones; a count that is there without the reports the caller may not see is among them.",
        "الأعداد المحجوبة، ومنها ما ذُكر من دون التقارير التي لا يحق للسائل رؤيتها.",
    )
    reason: Moderate[str | None] = described(
        "Why a count is null or withheld: withheld_protection, few_organisations, withheld_rows, small_count, "
        "new_flag_missing, other_units, no_people_counted or services_only.",
        "سبب غياب العدد أو حجبه.",
    )
    official_reason: Moderate[str | None] = described(
        "Why the official number of people is null.", "سبب غياب الرقم الرسمي للأشخاص."
    )
    frozen_at: Moderate[datetime | None] = described(
        "Of a closed month of protection: when its counts were frozen, of approved reports alone.",
        "في شهر مغلق من الحماية: وقت تثبيت أعداده، من التقارير المعتمدة وحدها.",
    )


class Presence(Place):
    """Who works in an area and sector.

    من يعمل في المنطقة والقطاع.
    """

    sector: Moderate[SectorCode | None] = described(
        "Code of the sector; null is all.", "رمز القطاع، ويغيب إن كانت كلها."
    )
    month_from: Moderate[Month | None] = described("First month.", "أول شهر.")
    month_to: Moderate[Month | None] = described("Last month.", "آخر شهر.")
    organisations: Moderate[int] = described("Distinct organisations.", "عدد المنظمات دون تكرار.")
    reports: Moderate[int] = described("Reports.", "عدد التقارير.")
    organisation_ids: Moderate[tuple[UUID, ...]] = described(
        "Ids of those that may be named.", "معرّفات المنظمات التي تجوز تسميتها."
    )
    organisation_names: Moderate[tuple[Names, ...]] = described(
        "Names of all that may be named, unresolved ones as sent.",
        "أسماء كل من تجوز تسميته، وغير المحسوم منها كما ورد.",
    )
    organisations_withheld: Moderate[int] = described("Those not named.", "عدد ما لم يُسمَّ.")


class Progress(Place):
    """Reach against target. A month's target is set against a month's reach, a period's against cumulative reach.

    ما تحقق من الهدف: هدف الشهر يُقارن بمن وصلت إليهم المساعدة فيه، وهدف الفترة بمن وصلت إليهم خلالها كلها.
    """

    sector: Moderate[SectorCode] = described("Code of the sector.", "رمز القطاع.")
    indicator: Moderate[IndicatorCode | None] = described("Code of the indicator.", "رمز المؤشر.")
    population_group: Moderate[str] = described("Population group, or all.", "الفئة السكانية، أو الكل.")
    month_from: Moderate[Month] = described("First month of the period.", "أول شهر من الفترة.")
    month_to: Moderate[Month] = described("Last month of the period.", "آخر شهر من الفترة.")
    time_basis: Low[str] = described("monthly or cumulative.", "شهري أو تراكمي.")
    unit: Moderate[str] = described("What the target counts.", "وحدة الهدف.")
    target: Moderate[int | None] = described("Target (T).", "الهدف.")
    target_basis: Moderate[Literal["set", "summed"] | None] = described(
        "set for this area, or summed from those inside it.", "محدَّد للمنطقة، أو مجموع ما دونها."
    )
    target_set: Moderate[int | None] = described("Set for this area.", "المحدَّد للمنطقة.")
    target_summed: Moderate[int | None] = described("Sum of those inside it.", "مجموع ما دونها.")
    target_difference: Moderate[int | None] = described("What is set, less the sum.", "المحدَّد ناقص المجموع.")
    areas_with_target: Moderate[int | None] = described(
        "Areas inside it whose targets were summed.", "عدد المناطق دونها ذات الهدف."
    )
    areas: Moderate[int | None] = described("Areas of that level inside it.", "عدد المناطق دونها.")
    people_reached: Moderate[int | None] = described("Unique people reached (R).", "الأشخاص دون تكرار.")
    coverage: Moderate[float | None] = described("Coverage of target, R/T.", "نسبة تغطية الهدف.")
    gap: Moderate[int | None] = described("Gap to target, max(T-R, 0).", "الفجوة عن الهدف.")
    over_target: Moderate[bool | None] = described("More reached than targeted.", "تجاوز الهدف.")
    official_people_reached: Moderate[int | None] = described("By approved reports.", "بحسب التقارير المعتمدة.")
    official_coverage: Moderate[float | None] = described(
        "Coverage by approved reports.", "التغطية بحسب التقارير المعتمدة."
    )
    official_gap: Moderate[int | None] = described("Gap by approved reports.", "الفجوة بحسب التقارير المعتمدة.")
    reports: Moderate[int] = described("Reports.", "عدد التقارير.")
    official_reports: Moderate[int] = described("Approved reports.", "عدد التقارير المعتمدة.")
    basis: Moderate[Literal["official", "provisional"] | None] = described("official or provisional.", "رسمي أو مؤقت.")
    rule_code: Low[str | None] = described("Counting rule.", "قاعدة الاحتساب.")
    rule_version: Low[int | None] = described("Its version.", "نسخة القاعدة.")
    suppressed: Moderate[bool] = described("Whether counts are hidden.", "هل حُجبت أعداد.")
    reason: Moderate[str | None] = described("Why there is no coverage.", "سبب غياب التغطية.")


class PlaceAndTime(Filter):
    """Where, what and when."""

    country: Country | None = described("P-code of the country.", "رمز البلد.", None)
    area: Pcode | None = described(
        "This area and all below it, at the level asked for.", "هذه المنطقة وكل ما دونها، بالمستوى المطلوب.", None
    )
    level: int | None = described(
        "Level of the areas, 0 country to 3 sub-district; left out: the area's own, or 1.",
        "مستوى المناطق، من 0 بلد إلى 3 ناحية، وإن لم يُذكر فمستوى المنطقة نفسها، أو 1.",
        None,
        ge=0,
        le=3,
    )
    sector: SectorCode | None = described("Exact code of the sector.", "رمز القطاع تماماً.", None)
    descendants: bool = described(
        "Areas of responsibility below it too, each by itself.", "ومجالات المسؤولية دونه، كلٌّ على حدة.", False
    )
    month_from: AskedMonth | None = described(
        "From this month on, such as 2026-03.", "من هذا الشهر، مثل 2026-03.", None
    )
    month_to: AskedMonth | None = described("Up to this month.", "حتى هذا الشهر.", None)


class ByGroup(PlaceAndTime):
    """Where, what, when and for whom."""

    population_group: Group = described(
        "One group, `all` together, or `each` by itself.", "فئة واحدة، أو `all` معاً، أو `each` كلٌّ على حدة.", "all"
    )


class CoverageFilter(ByGroup):
    """Which figures.

    أي الأرقام.
    """


class PresenceFilter(PlaceAndTime):
    """Whose presence, and where.

    أي حضور، وأين.
    """

    organisation_id: UUID | None = described(
        "Where this organisation is present and named.", "حيث تكون هذه المنظمة حاضرة ومسمّاة.", None
    )
    all_sectors: bool = described(
        "One row per area for all sectors together.", "صف واحد للمنطقة لكل القطاعات معاً.", False
    )


class ProgressFilter(ByGroup):
    """Progress of which targets. With both months the period is exactly theirs, and areas without a target are told.

    تقدّم أي الأهداف. ومع الشهرين معاً تكون الفترة فترتهما تماماً، وتُذكر أيضاً المناطق التي لا هدف لها.
    """

    month_from: AskedMonth | None = described(
        "With `month_to`: exactly this period.", "مع `month_to`: هذه الفترة تماماً.", None
    )
    month_to: AskedMonth | None = described(
        "With `month_from`: exactly this period.", "مع `month_from`: هذه الفترة تماماً.", None
    )
    month: AskedMonth | None = described("Targets of this one month.", "أهداف هذا الشهر وحده.", None)
    indicator: Code | None = described(
        "Exact code of the indicator; left out: sectors as a whole and indicators.",
        "رمز المؤشر تماماً، وإن لم يُذكر فالقطاعات ككل والمؤشرات.",
        None,
    )

    @property
    def period(self) -> tuple[str | None, str | None]:
        return (self.month, self.month) if self.month else (self.month_from, self.month_to)


COVERAGE = noun(
    "coverage",
    "reporting",
    Coverage,
    CoverageFilter,
    ("population_group", "country", "area", "sector", "month"),
    key=("population_group", "country", "area", "sector", "month"),
)
PRESENCE = noun(
    "presence", "reporting", Presence, PresenceFilter, ("country", "area", "sector"), key=("country", "area", "sector")
)
PROGRESS = noun(
    "progress",
    "reporting",
    Progress,
    ProgressFilter,
    ("country", "area", "sector", "indicator", "population_group", "month_from", "month_to"),
    key=("country", "area", "sector", "indicator", "population_group", "month_from", "month_to"),
)
