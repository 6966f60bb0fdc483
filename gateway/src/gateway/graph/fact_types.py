"""Facts in the graph: reports, coverage, presence and alerts, as the service that owns them lets the caller see."""

import strawberry
from contracts.activities import ActivityStatus, ImplementerContest, PopulationGroup, ReportStage
from contracts.alerts import AlertScope, AlertSeverity, AlertStatus, Category, Certainty, MessageType, Urgency
from contracts.sensitivity import Sensitivity

from gateway.graph.fields import (
    choice,
    each_language,
    inside,
    inside_list,
    known_area,
    known_areas,
    known_indicator,
    known_organisation,
    known_organisations,
    known_sector,
    known_sectors,
    same,
    told,
    value,
)
from gateway.graph.reference_types import Area, Indicator, Names, Organisation, Sector
from gateway.graph.scalars import Date, DateTime, Decimal, Id

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
    strawberry.enum(_enum, description=told(_en, _ar))


@strawberry.type
class Counted:
    """What every count of people begins with."""

    total: int | None = value("All.", "المجموع.", column="people_total")
    men: int | None = value("Men.", "رجال.", column="people_men")
    women: int | None = value("Women.", "نساء.", column="people_women")
    boys: int | None = value("Boys.", "فتيان.", column="people_boys")
    girls: int | None = value("Girls.", "فتيات.", column="people_girls")


@strawberry.type(
    description=told("People reached; null is not counted apart, never zero.", "الأشخاص الذين وصلت إليهم المساعدة.")
)
class People(Counted):
    age0_to4: int | None = value("Aged 0 to 4.", "العمر 0-4.", column="people_age_0_4")
    age5_to11: int | None = value("Aged 5 to 11.", "العمر 5-11.", column="people_age_5_11")
    age12_to17: int | None = value("Aged 12 to 17.", "العمر 12-17.", column="people_age_12_17")
    age18_to59: int | None = value("Aged 18 to 59.", "العمر 18-59.", column="people_age_18_59")
    age60_plus: int | None = value("Aged 60 and over.", "العمر 60 فما فوق.", column="people_age_60_plus")
    with_disability: int | None = value("With a disability.", "ذوو إعاقة.", column="people_with_disability")


@strawberry.type(description=told("Unique people reached, each counted once.", "الأشخاص دون تكرار."))
class Reach(Counted):
    not_disaggregated: int | None = value("Not told apart.", "غير مفصّل.", column="people_not_disaggregated")
    with_disability: int | None = value("With a disability.", "ذوو إعاقة.", column="people_with_disability")


@strawberry.type(
    description=told(
        "An activity report (5W). What the caller may not see is null.",
        "تقرير نشاط (5W). ما لا يحق للسائل رؤيته يكون null.",
    )
)
class Report:
    id: Id = value("Id.", "المعرّف.", column="id")
    version: int = value("Version.", "النسخة.", column="version")
    stage: ReportStage = choice("Stage of its life.", "المرحلة.", column="stage", among=ReportStage)
    sensitivity: Sensitivity = choice("Level of the row.", "مستوى الحساسية.", column="sensitivity", among=Sensitivity)
    external_id: str | None = value("The sender's own id.", "معرّف المرسل.", column="external_id")
    country: str = value("P-code of the country.", "رمز البلد.", column="country")
    organisation_id: Id | None = value("Id of the organisation.", "معرّف المنظمة.", column="organisation_id")
    organisation_name: str | None = value(
        "Its name as sent, while unresolved.", "الاسم كما ورد، ما لم يُحسم.", column="organisation_name"
    )
    organisation: Organisation | None = known_organisation("Who reports.", "المنظمة المبلّغة.", column="organisation_id")
    implementer_name: str | None = value(
        "The implementer's name as sent.", "اسم الجهة المنفذة.", column="implementer_name"
    )
    implementer: Organisation | None = known_organisation(
        "Who does the work.", "الجهة المنفذة.", column="implementer_id"
    )
    implementer_contest: ImplementerContest | None = choice(
        "Its implementer contests being named: while open or upheld, others are not told who it is.",
        "اعتراض الجهة المنفذة على ذكرها: لا يُعرض اسمها لغيرها ما دام مفتوحاً أو مقبولاً.",
        column="implementer_contest",
        among=ImplementerContest,
    )
    donors: list[str] | None = value("Donors.", "الجهات المانحة.", column="donors")
    un_funded: bool | None = value("Whether the UN funds it.", "هل تموّله الأمم المتحدة.", column="un_funded")
    sector_code: str = value("Code of the sector.", "رمز القطاع.", column="sector")
    sector: Sector | None = known_sector("Sector.", "القطاع.", column="sector")
    activity: str | None = value("Activity.", "النشاط.", column="activity")
    activity_description: str | None = value("In words.", "وصف النشاط.", column="activity_description")
    indicator_code: str | None = value("Code of the indicator.", "رمز المؤشر.", column="indicator")
    indicator: Indicator | None = known_indicator("Indicator.", "المؤشر.", column="indicator")
    unit: str | None = value("What the output counts.", "وحدة المخرجات.", column="unit")
    output_value: Decimal | None = value("Output.", "قيمة المخرجات.", column="output_value")
    in_response_plan: bool | None = value("In the response plan.", "ضمن خطة الاستجابة.", column="in_response_plan")
    hub: str | None = value("Hub.", "مركز التنسيق.", column="hub")
    cross_line: bool | None = value("Cross-line.", "عبر الخطوط.", column="cross_line")
    modality: str | None = value("Modality.", "طريقة التقديم.", column="modality")
    conditionality: str | None = value("Conditionality.", "المشروطية.", column="conditionality")
    area_code: str = value("P-code of the area, as fine as may be seen.", "رمز المنطقة.", column="area")
    area: Area | None = known_area("Area, as fine as may be seen.", "المنطقة.", column="area")
    community: str | None = value("P-code of the community.", "رمز التجمّع السكاني.", column="community")
    neighbourhood: str | None = value("P-code of the neighbourhood.", "رمز الحي.", column="neighbourhood")
    site_name: str | None = value("Name of the site.", "اسم الموقع.", column="site_name")
    site_type: str | None = value("Type of the site.", "نوع الموقع.", column="site_type")
    latitude: float | None = value("Latitude of the site.", "خط العرض.", column="latitude")
    longitude: float | None = value("Longitude of the site.", "خط الطول.", column="longitude")
    month: str = value("Reporting month.", "شهر التقرير.", column="month")
    start_date: Date | None = value("First day.", "تاريخ البدء.", column="start_date")
    end_date: Date | None = value("Last day.", "تاريخ الانتهاء.", column="end_date")
    status: ActivityStatus = choice("Status.", "حالة النشاط.", column="status", among=ActivityStatus)
    population_group: PopulationGroup | None = choice(
        "For whom.", "الفئة السكانية.", column="population_group", among=PopulationGroup
    )
    households: int | None = value("Households.", "عدد الأسر.", column="households")
    people: People = same("People reached.", "الأشخاص الذين وصلت إليهم المساعدة.")
    newly_reached: bool | None = value("For the first time this year.", "لأول مرة هذا العام.", column="newly_reached")
    withheld: str | None = value(
        "Why counts of people are null that may be there: withheld_protection (all of them) or small_count (parts).",
        "سبب غياب أعداد الأشخاص: withheld_protection (كلها) أو small_count (تفصيلها).",
        column="withheld",
    )
    previously_assisted: bool | None = value("Helped before.", "سبقت مساعدتهم.", column="previously_assisted")
    reported_elsewhere: bool | None = value("Reported elsewhere.", "ورد في تقرير آخر.", column="reported_elsewhere")
    disaggregation_method: str | None = value("How parts were found.", "طريقة التفصيل.", column="disaggregation_method")
    transfer_mechanism: str | None = value("Transfer mechanism.", "آلية التحويل.", column="transfer_mechanism")
    transfer_value_usd: Decimal | None = value(
        "Transfer value, USD.", "قيمة التحويل بالدولار.", column="transfer_value_usd"
    )
    budget_required: Decimal | None = value("Budget required.", "الميزانية المطلوبة.", column="budget_required")
    budget_received: Decimal | None = value("Budget received.", "الميزانية المستلمة.", column="budget_received")
    currency: str | None = value("Currency of the budget.", "عملة الميزانية.", column="currency")
    exact_repeat: bool = value("Repeats another row.", "مكرر حرفياً.", column="exact_repeat")
    comments: str | None = value("Comments.", "ملاحظات.", column="comments")
    flags: list[str] = value("What was noticed about it.", "ملاحظات آلية على التقرير.", column="flags")
    submitted_at: DateTime = value("When it was last sent.", "وقت آخر إرسال للتقرير.", column="submitted_at")
    submitted_by_role: str | None = value("Role of who sent it.", "دور المرسل.", column="submitted_by_role")
    submission_comment: str | None = value(
        "The sender's answer to the reviewer.", "رد المرسل على المراجع.", column="submission_comment"
    )
    reviewed_at: DateTime | None = value(
        "When this version was reviewed.", "وقت مراجعة هذه النسخة.", column="reviewed_at"
    )
    reviewed_by_role: str | None = value("Role of who reviewed it.", "دور المراجع.", column="reviewed_by_role")
    reviewed_as: str | None = value(
        "In whose name: working_group or secretariat.",
        "الجهة التي جرت المراجعة باسمها: working_group أو secretariat.",
        column="reviewed_as",
    )
    review_comment: str | None = value(
        "The reviewer's comment, for the owner and reviewers.",
        "ملاحظة المراجع، ويراها صاحب التقرير والمراجعون.",
        column="review_comment",
    )
    withdrawn_at: DateTime | None = value("When it was withdrawn.", "وقت سحب التقرير.", column="withdrawn_at")
    withdrawal_reason: str | None = value("Why it was withdrawn.", "سبب سحب التقرير.", column="withdrawal_reason")
    upload_id: Id | None = value("The file its content came in.", "الملف الذي ورد فيه مضمونه.", column="upload_id")


@strawberry.type(
    description=told(
        "People reached in an area, sector, month and population group, and how they were counted.",
        "الأشخاص الذين وصلت إليهم المساعدة بحسب المنطقة والقطاع والشهر والفئة، وكيف احتُسبوا.",
    )
)
class Coverage:
    country: str = value("P-code of the country.", "رمز البلد.", column="country")
    area_code: str = value("P-code of the area.", "رمز المنطقة.", column="area")
    area: Area | None = known_area("Area.", "المنطقة.", column="area")
    sector_code: str = value("Code of the sector.", "رمز القطاع.", column="sector")
    sector: Sector | None = known_sector("Sector.", "القطاع.", column="sector")
    level: int = value("Level of the area.", "مستوى المنطقة.", column="level")
    month: str = value("Month.", "الشهر.", column="month")
    population_group: str = value("Population group, or all.", "الفئة السكانية، أو الكل.", column="population_group")
    people: Reach = same(
        "Unique people reached, by submitted and approved reports; `basis` says which.",
        "الأشخاص الذين وصلت إليهم المساعدة دون تكرار، بحسب التقارير المُرسلة والمعتمدة، ويبيّن `basis` صفة الرقم.",
    )
    frequencies: int | None = value(
        "Services delivered, by submitted and approved reports.",
        "عدد الخدمات المقدّمة بحسب التقارير المُرسلة والمعتمدة.",
        column="frequencies",
    )
    official_people_total: int | None = value(
        "Official: unique people by approved reports alone.",
        "رقم رسمي: الأشخاص دون تكرار بحسب التقارير المعتمدة وحدها.",
        column="official_people_total",
    )
    official_frequencies: int | None = value(
        "Official: services by approved reports alone.",
        "رقم رسمي: الخدمات بحسب التقارير المعتمدة وحدها.",
        column="official_frequencies",
    )
    official_reason: str | None = value(
        "Why the official number of people is null.",
        "سبب غياب الرقم الرسمي للأشخاص.",
        column="official_reason",
    )
    reports: int = value("Reports, submitted and approved.", "عدد التقارير المُرسلة والمعتمدة.", column="reports")
    official_reports: int = value("Of these, approved.", "عدد المعتمد منها.", column="official_reports")
    organisation_count: int = value("Distinct organisations.", "عدد المنظمات دون تكرار.", column="organisations")
    reports_without_new_flag: int = value(
        "Reports that do not say whether their people are new, where the rule counts new ones alone: in services only.",
        "تقارير لا تذكر إن كان الأشخاص جدداً حيث لا تحتسب القاعدة سوى الجدد: تُعدّ في الخدمات وحدها.",
        column="reports_without_new_flag",
    )
    reports_in_other_units: int = value(
        "Reports whose numbers count something else than people, such as sessions: in no number of people.",
        "تقارير تعدّ غير الأشخاص، كالجلسات: لا تدخل في أعداد الأشخاص.",
        column="reports_in_other_units",
    )
    basis: str = value(
        "Basis of people and frequencies: provisional, or official where all reports are approved.",
        "صفة أرقام الأشخاص والخدمات: provisional أي مؤقتة، أو official أي رسمية إذا اعتُمدت التقارير كلها.",
        column="basis",
    )
    time_basis: str = value("monthly or cumulative.", "شهري أو تراكمي.", column="time_basis")
    rule_code: str = value("Counting rule.", "قاعدة الاحتساب.", column="rule_code")
    rule_version: int = value("Its version.", "نسخة القاعدة.", column="rule_version")
    suppressed: bool = value("Whether counts are withheld.", "هل حُجبت أعداد.", column="suppressed")
    suppressed_fields: list[str] = value(
        "Which ones; a count that is there without the reports the caller may not see is among them.",
        "الأعداد المحجوبة، ومنها ما ذُكر من دون التقارير التي لا يحق للسائل رؤيتها.",
        column="suppressed_fields",
    )
    reason: str | None = value(
        "Why a count is null or withheld: withheld_protection, few_organisations, withheld_rows, small_count, "
        "new_flag_missing, other_units, no_people_counted or services_only.",
        "سبب غياب العدد أو حجبه.",
        column="reason",
    )
    frozen_at: DateTime | None = value(
        "Of a closed month of protection: when its counts were frozen, of approved reports alone.",
        "في شهر مغلق من الحماية: وقت تثبيت أعداده، من التقارير المعتمدة وحدها.",
        column="frozen_at",
    )


@strawberry.type(description=told("Who works in an area and sector.", "من يعمل في المنطقة والقطاع."))
class Presence:
    country: str = value("P-code of the country.", "رمز البلد.", column="country")
    area_code: str = value("P-code of the area.", "رمز المنطقة.", column="area")
    area: Area | None = known_area("Area.", "المنطقة.", column="area")
    sector_code: str | None = value("Code of the sector; null is all.", "رمز القطاع.", column="sector")
    sector: Sector | None = known_sector("Sector.", "القطاع.", column="sector")
    level: int = value("Level of the area.", "مستوى المنطقة.", column="level")
    month_from: str | None = value("First month.", "أول شهر.", column="month_from")
    month_to: str | None = value("Last month.", "آخر شهر.", column="month_to")
    organisation_count: int = value("Distinct organisations.", "عدد المنظمات دون تكرار.", column="organisations")
    organisations: list[Organisation] = known_organisations(
        "Those that may be named and that the registry knows.",
        "المنظمات المسجّلة التي تجوز تسميتها.",
        column="organisation_ids",
    )
    organisation_names: list[Names] = inside_list(
        "Names of all that may be named, unresolved ones as sent.",
        "أسماء كل من تجوز تسميته، وغير المحسوم منها كما ورد.",
        column="organisation_names",
    )
    organisations_withheld: int = value("Those not named.", "عدد ما لم يُسمَّ.", column="organisations_withheld")
    reports: int = value("Reports.", "عدد التقارير.", column="reports")


@strawberry.type(description=told("What an alert says in one language.", "نص الإنذار بلغة واحدة."))
class AlertText:
    event: str = value("The event.", "الحدث.", column="event")
    headline: str = value("Headline.", "العنوان.", column="headline")
    description: str | None = value("Description.", "الوصف.", column="description")
    instruction: str | None = value("What to do.", "الإرشادات.", column="instruction")


@strawberry.type(description=told("What an alert says.", "نص الإنذار."))
class AlertInfo:
    ar: AlertText | None = inside("In Arabic.", "بالعربية.", column="ar")
    en: AlertText | None = inside("In English.", "بالإنكليزية.", column="en")


@strawberry.type(description=told("An alert (OASIS CAP 1.2).", "إنذار بحسب معيار CAP 1.2."))
class Alert:
    id: Id = value("Id.", "المعرّف.", column="id")
    version: int = value("Version.", "النسخة.", column="version")
    identifier: str = value("CAP identifier.", "معرّف CAP.", column="identifier")
    sender: str = value("CAP sender.", "المرسل.", column="sender")
    sent: DateTime = value("When it was sent.", "وقت الإرسال.", column="sent")
    status: AlertStatus = choice("CAP status.", "الحالة.", column="status", among=AlertStatus)
    message_type: MessageType = choice("CAP msgType.", "نوع الرسالة.", column="message_type", among=MessageType)
    scope: AlertScope = choice("CAP scope.", "النطاق.", column="scope", among=AlertScope)
    country: str = value("P-code of the country.", "رمز البلد.", column="country")
    area_codes: list[str] = value("P-codes of the areas.", "رموز المناطق.", column="areas")
    areas: list[Area] = known_areas("Areas.", "المناطق.", column="areas")
    sector_codes: list[str] = value("Codes of the sectors.", "رموز القطاعات.", column="sectors")
    sectors: list[Sector] = known_sectors("Sectors.", "القطاعات.", column="sectors")
    categories: list[Category] = choice("CAP categories.", "الفئات.", column="categories", among=Category)
    urgency: Urgency = choice("CAP urgency.", "الإلحاح.", column="urgency", among=Urgency)
    severity: AlertSeverity = choice("CAP severity.", "الشدة.", column="severity", among=AlertSeverity)
    certainty: Certainty = choice("CAP certainty.", "اليقين.", column="certainty", among=Certainty)
    headline: Names = each_language("Headline.", "العنوان.", column="info", part="headline")
    info: AlertInfo = inside("What it says.", "نص الإنذار.", column="info")
    response_types: list[str] = value("CAP responseType.", "نوع الاستجابة.", column="response_types")
    restriction: str | None = value("CAP restriction.", "القيد.", column="restriction")
    references: list[str] = value("CAP references.", "المراجع.", column="references")
    supersedes: list[Id] = value(
        "Earlier messages of its chain: what is held of them ends with this one.",
        "الرسائل السابقة في سلسلته: تحل هذه الرسالة محلها.",
        column="supersedes",
    )
    superseded_by: Id | None = value("The alert that replaced it.", "الإنذار الذي حل محله.", column="superseded_by")
    active: bool = value("Not expired, updated or cancelled.", "ساري المفعول.", column="active")
    drill: bool = value("An exercise or a test.", "تمرين أو اختبار.", column="drill")
    effective: DateTime | None = value("From when it holds.", "وقت السريان.", column="effective")
    onset: DateTime | None = value("When it is expected.", "الوقت المتوقع للحدث.", column="onset")
    polygons: list[str] | None = value("CAP polygons.", "مضلعات CAP.", column="polygons")
    circles: list[str] | None = value("CAP circles.", "دوائر CAP.", column="circles")
    area_description: str | None = value("The place in words.", "وصف المكان.", column="area_description")
    expires: DateTime | None = value("When it expires.", "وقت الانتهاء.", column="expires")
    organisation: Organisation | None = known_organisation(
        "Who issued it.", "المنظمة المُصدرة.", column="organisation_id"
    )
