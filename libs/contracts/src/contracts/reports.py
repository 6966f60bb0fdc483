"""Reports: what was done, and what became of it."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal
from uuid import UUID

from contracts.event import Event, Topic, published
from contracts.instants import AskedMonth, Instant
from contracts.nouns import Filter, Parts, Row, SparseRow, Versioned, described, noun
from contracts.sensitivity import High, Low, Moderate, Sensitivity
from contracts.text import Code
from contracts.values import Country, IndicatorCode, Month, Pcode, People, SectorCode, Value


class ActivityStatus(StrEnum):
    """`#status` of the Whole-of-Syria 4W template."""

    PLANNED = "Planned"
    ONGOING = "Ongoing"
    COMPLETED = "Completed"
    SUSPENDED = "Suspended"


class PopulationGroup(StrEnum):
    """`#beneficiary+type` of the Whole-of-Syria 4W template."""

    IDP = "idp"
    HOST_COMMUNITY = "host_community"
    RETURNEE = "returnee"
    PALESTINE_REFUGEE = "palestine_refugee"
    MIXED = "mixed"


class ReportStage(StrEnum):
    """Stage of a report's life; figures are official from `approved` and provisional from `submitted`."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    """Taken back by who sent it: it counts nowhere, and comes back as `submitted`."""


class ImplementerContest(StrEnum):
    """What became of a contest: the implementer that a report names says that it should not have been."""

    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"

    @classmethod
    def withholds(cls, contest: str | None) -> bool:
        """Whether the name is withheld from others."""
        return contest in (cls.OPEN, cls.UPHELD)


class PeopleReached(Parts):
    """People reached; null is not counted apart, never zero.

    الأشخاص الذين وصلت إليهم المساعدة، وnull يعني أنه لم يُحصَ على حدة، وليس صفراً أبداً.
    """

    total: Moderate[int | None] = described("All.", "المجموع.")
    men: Moderate[int | None] = described("Men.", "رجال.")
    women: Moderate[int | None] = described("Women.", "نساء.")
    boys: Moderate[int | None] = described("Boys.", "فتيان.")
    girls: Moderate[int | None] = described("Girls.", "فتيات.")
    age_0_4: Moderate[int | None] = described("Aged 0 to 4.", "العمر 0-4.")
    age_5_11: Moderate[int | None] = described("Aged 5 to 11.", "العمر 5-11.")
    age_12_17: Moderate[int | None] = described("Aged 12 to 17.", "العمر 12-17.")
    age_18_59: Moderate[int | None] = described("Aged 18 to 59.", "العمر 18-59.")
    age_60_plus: Moderate[int | None] = described("Aged 60 and over.", "العمر 60 فما فوق.")
    with_disability: Moderate[int | None] = described("With a disability.", "ذوو إعاقة.")


class Report(Versioned):
    """An activity report (5W). What the caller may not see is null.

    تقرير نشاط (5W). ما لا يحق للسائل رؤيته يكون null.
    """

    stage: Moderate[ReportStage] = described("Stage of its life.", "المرحلة.")
    sensitivity: Moderate[Sensitivity] = described("Level of the row.", "مستوى الحساسية.")
    organisation_id: Moderate[UUID | None] = described("Id of the organisation.", "معرّف المنظمة.")
    organisation_name: High[str | None] = described("Its name as sent, while unresolved.", "الاسم كما ورد، ما لم يُحسم.")
    organisation_resolved: Moderate[bool] = described("Whether the registry knows it.", "هل تعرفها سجلات المنظمات.")
    implementer_id: Moderate[UUID | None] = described("Id of who does the work.", "معرّف الجهة المنفذة.")
    implementer_name: High[str | None] = described("The implementer's name as sent.", "اسم الجهة المنفذة.")
    implementer_resolved: Moderate[bool | None] = described(
        "Whether the registry knows the implementer.", "هل تعرف سجلات المنظمات الجهة المنفذة."
    )
    donors: High[tuple[str, ...] | None] = described("Donors.", "الجهات المانحة.")
    external_id: High[str | None] = described("The sender's own id.", "معرّف المرسل.")
    un_funded: Moderate[bool | None] = described("Whether the UN funds it.", "هل تموّله الأمم المتحدة.")
    sector: Moderate[SectorCode] = described("Code of the sector.", "رمز القطاع.")
    activity: Moderate[str | None] = described("Activity.", "النشاط.")
    activity_description: High[str | None] = described("In words.", "وصف النشاط.")
    indicator: Moderate[IndicatorCode | None] = described("Code of the indicator.", "رمز المؤشر.")
    unit: Moderate[str | None] = described("What the output counts.", "وحدة المخرجات.")
    in_response_plan: Moderate[bool | None] = described("In the response plan.", "ضمن خطة الاستجابة.")
    hub: Moderate[str | None] = described("Hub.", "مركز التنسيق.")
    cross_line: Moderate[bool | None] = described("Cross-line.", "عبر الخطوط.")
    modality: Moderate[str | None] = described("Modality.", "طريقة التقديم.")
    conditionality: Moderate[str | None] = described("Conditionality.", "المشروطية.")
    transfer_mechanism: Moderate[str | None] = described("Transfer mechanism.", "آلية التحويل.")
    country: Low[Country] = described("P-code of the country.", "رمز البلد.")
    output_value: Moderate[Decimal | None] = described("Output.", "قيمة المخرجات.")
    transfer_value_usd: Moderate[Decimal | None] = described("Transfer value, USD.", "قيمة التحويل بالدولار.")
    budget_required: Moderate[Decimal | None] = described("Budget required.", "الميزانية المطلوبة.")
    budget_received: Moderate[Decimal | None] = described("Budget received.", "الميزانية المستلمة.")
    area: High[Pcode] = described("P-code of the area, as fine as may be seen.", "رمز المنطقة.")
    area_path: High[tuple[Pcode, ...]] = described(
        "P-codes from the country down, as fine as may be seen.", "الرموز من البلد نزولاً، بقدر ما تحق رؤيته."
    )
    adm1: Moderate[Pcode | None] = described("P-code of the governorate.", "رمز المحافظة.")
    adm2: Moderate[Pcode | None] = described("P-code of the district.", "رمز المنطقة (المستوى الثاني).")
    adm3: Moderate[Pcode | None] = described("P-code of the sub-district.", "رمز الناحية.")
    area_as_sent: High[str | None] = described("The area as it was sent.", "المنطقة كما وردت.")
    community: High[str | None] = described("P-code of the community.", "رمز التجمّع السكاني.")
    neighbourhood: High[str | None] = described("P-code of the neighbourhood.", "رمز الحي.")
    site_name: High[str | None] = described("Name of the site.", "اسم الموقع.")
    site_type: High[str | None] = described("Type of the site.", "نوع الموقع.")
    latitude: High[float | None] = described("Latitude of the site.", "خط العرض.")
    longitude: High[float | None] = described("Longitude of the site.", "خط الطول.")
    month: Moderate[Month] = described("Reporting month.", "شهر التقرير.")
    start_date: Moderate[date | None] = described("First day.", "تاريخ البدء.")
    end_date: Moderate[date | None] = described("Last day.", "تاريخ الانتهاء.")
    status: Moderate[ActivityStatus] = described("Status.", "حالة النشاط.")
    population_group: Moderate[PopulationGroup | None] = described("For whom.", "الفئة السكانية.")
    households: Moderate[int | None] = described("Households.", "عدد الأسر.")
    people: Moderate[PeopleReached] = described("People reached.", "الأشخاص الذين وصلت إليهم المساعدة.")
    newly_reached: Moderate[bool | None] = described("For the first time this year.", "لأول مرة هذا العام.")
    previously_assisted: Moderate[bool | None] = described("Helped before.", "سبقت مساعدتهم.")
    reported_elsewhere: Moderate[bool | None] = described("Reported elsewhere.", "ورد في تقرير آخر.")
    disaggregation_method: Moderate[str | None] = described("How parts were found.", "طريقة التفصيل.")
    measured_outputs: Moderate[dict[str, Decimal] | None] = described(
        "Values that minimum standards are about, by their code.", "قيم تخص المعايير الدنيا، بحسب رمزها."
    )
    currency: Moderate[str | None] = described("Currency of the budget.", "عملة الميزانية.")
    withheld: Moderate[str | None] = described(
        "Why counts of people are null that may be there: withheld_protection (all of them) or small_count (parts).",
        "سبب غياب أعداد الأشخاص: withheld_protection (كلها) أو small_count (تفصيلها).",
    )
    comments: High[str | None] = described("Comments.", "ملاحظات.")
    as_written: High[dict[str, str] | None] = described(
        "What was not understood of optional fields, by field: never counted.",
        "ما لم يُفهم من الحقول الاختيارية، بحسب الحقل: لا يدخل في أي رقم.",
    )
    exact_repeat: Moderate[bool] = described("Repeats another row.", "مكرر حرفياً.")
    flags: Moderate[tuple[str, ...]] = described("What was noticed about it.", "ملاحظات آلية على التقرير.")
    submitted_at: Moderate[datetime] = described("When it was last sent.", "وقت آخر إرسال للتقرير.")
    submitted_by_role: Moderate[str | None] = described("Role of who sent it.", "دور المرسل.")
    submitted_by: High[str | None] = described("Who sent it.", "من أرسله.")
    submission_comment: High[str | None] = described("The sender's answer to the reviewer.", "رد المرسل على المراجع.")
    reviewed_at: Moderate[datetime | None] = described("When this version was reviewed.", "وقت مراجعة هذه النسخة.")
    reviewed_by_role: Moderate[str | None] = described("Role of who reviewed it.", "دور المراجع.")
    reviewed_as: Moderate[str | None] = described(
        "In whose name: working_group or secretariat.", "الجهة التي جرت المراجعة باسمها: working_group أو secretariat."
    )
    reviewed_by: High[str | None] = described("Who reviewed it.", "من راجعه.")
    review_comment: High[str | None] = described(
        "The reviewer's comment, for the owner and reviewers.", "ملاحظة المراجع، ويراها صاحب التقرير والمراجعون."
    )
    override_reason: High[str | None] = described(
        "Why the secretariat decided in the place of a working group.", "سبب بتّ الأمانة العامة بدل مجموعة العمل."
    )
    sensitivity_by: High[str | None] = described("Who set its level.", "من حدّد مستوى الحساسية.")
    sensitivity_reason: High[str | None] = described("Why.", "السبب.")
    withdrawn_at: High[datetime | None] = described("When it was withdrawn.", "وقت سحب التقرير.")
    withdrawn_by: High[str | None] = described("Who withdrew it.", "من سحبه.")
    withdrawn_by_role: High[str | None] = described("Role of who withdrew it.", "دور من سحبه.")
    withdrawal_reason: High[str | None] = described("Why it was withdrawn.", "سبب سحب التقرير.")
    upload_id: High[UUID | None] = described("The file its content came in.", "الملف الذي ورد فيه مضمونه.")
    upload_sheet: High[str | None] = described("Sheet of that file.", "الورقة في ذلك الملف.")
    upload_row: High[int | None] = described("Row of that sheet.", "الصف في تلك الورقة.")
    implementer_contest: Moderate[ImplementerContest | None] = described(
        "Its implementer contests being named: while open or upheld, others are not told who it is.",
        "اعتراض الجهة المنفذة على ذكرها: لا يُعرض اسمها لغيرها ما دام مفتوحاً أو مقبولاً.",
    )
    contested_at: Moderate[datetime | None] = described("When it was contested.", "وقت الاعتراض.")
    contest_settled_at: Moderate[datetime | None] = described("When that was settled.", "وقت البت في الاعتراض.")
    contested_by: High[str | None] = described("Who contests it.", "المعترض.")
    contest_reason: High[str | None] = described("Why.", "سبب الاعتراض.")
    contest_settled_by: High[str | None] = described("Who settled it.", "من بتّ فيه.")
    contest_settlement: High[str | None] = described("The settlement in words.", "نص البت.")


class ReportFilter(Filter):
    """Which reports. Sectors are exact unless `descendants` asks for those below; an area means all below it.

    أي التقارير. القطاع برمزه تماماً ما لم تُطلب فروعه بـ`descendants`، والمنطقة تعني كل ما دونها.
    """

    id: UUID | None = described("This one.", "هذا التقرير.", None)
    organisation_id: UUID | None = described("Reporting organisation.", "المنظمة المبلّغة.", None)
    sector: SectorCode | None = described("Exact code of the sector.", "رمز القطاع تماماً.", None)
    descendants: bool = described("Areas of responsibility below it too.", "ومجالات المسؤولية دونه.", False)
    country: Country | None = described("P-code of the country.", "رمز البلد.", None)
    area: Pcode | None = described("This area and all below it.", "هذه المنطقة وكل ما دونها.", None)
    month_from: AskedMonth | None = described("From this month on.", "من هذا الشهر.", None)
    month_to: AskedMonth | None = described("Up to this month.", "حتى هذا الشهر.", None)
    status: ActivityStatus | None = described("Status.", "الحالة.", None)
    stage: ReportStage | None = described("Stage.", "المرحلة.", None)
    include_withdrawn: bool = described(
        "What was withdrawn too: it is in no list else, unless asked for by its stage, id or `external_id`, and there "
        "for its owner, its reviewers and the secretariat alone.",
        "والمسحوب منها: لا يرد في قائمة أخرى إلا إذا طُلب بمرحلته أو معرّفه، "
        "ولا يراه إلا صاحبه ومراجعوه والأمانة العامة.",
        False,
    )
    external_id: Code | None = described(
        "By its sender's own id, of the reports whose id the caller may see.",
        "بمعرّف المرسل، من التقارير التي يحق للسائل رؤية معرّفها.",
        None,
    )
    upload: UUID | None = described(
        "Whose content came in this file, of the reports whose file the caller may see.",
        "ما ورد مضمونه في هذا الملف، من التقارير التي يحق للسائل رؤية ملفها.",
        None,
    )
    reviewable: bool = described(
        "Only what the caller may review now, the secretariat without having to say why.",
        "ما يحق للسائل مراجعته الآن فقط، وللأمانة العامة ما لا يلزمها تعليله.",
        False,
    )
    named_as_implementer: bool = described(
        "Only others' reports that name the caller's organisation as their implementer.",
        "تقارير الآخرين التي تذكر منظمة السائل جهةً منفذة فقط.",
        False,
    )
    implementer_contest: ImplementerContest | None = described(
        "Only what its implementer contests, in this state of it.",
        "ما تعترض عليه الجهة المنفذة فقط، بهذه الحالة.",
        None,
    )
    updated_since: Instant | None = described(
        "For reading. What commits late is missed: follow by `changes_after`.",
        "للاطلاع فقط، وقد يفوت ما يُحفظ متأخراً: للمتابعة يُستعمل `changes_after`.",
        None,
        json_schema_extra={"deprecated": True},
    )

    @property
    def names_withdrawn(self) -> bool:
        """Whether what was withdrawn is asked for: outright, or by naming one report."""
        one = self.id or self.external_id
        return bool(self.include_withdrawn or self.stage == ReportStage.WITHDRAWN or one)


REPORTS = noun("reports", "activities", Report, ReportFilter, ("month", "id"), followed=True)


class ReportOrganisation(Value):
    """The organisation a report names."""

    id: Moderate[UUID]
    """Id in the registry, or, while nobody has resolved the name, an id of activities for that name."""
    name: Moderate[str | None] = None
    """The provider's own spelling; there when the name is unresolved."""
    resolved: Moderate[bool] = True


@published(Topic("activities.reports", partitions=4), formerly="activities.report.submitted.v1")
class ReportChanged(Event):
    """An activity report at any stage, coarsened to the sub-district.

    Site, community, coordinates and free text stay with activities: counting needs only the opaque `unit_key`.
    """

    type: Low[Literal["activities.report.changed.v1"]] = "activities.report.changed.v1"
    id: Moderate[UUID]
    stage: Moderate[ReportStage] = ReportStage.SUBMITTED
    sensitivity: Moderate[Sensitivity] = Sensitivity.MODERATE
    """Level of the row: `severe` for gender-based violence and child protection."""
    country: Low[Country]
    area: Moderate[Pcode]
    """The finest area named, adm3 at the finest."""
    area_path: Moderate[tuple[Pcode, ...]]
    """P-codes from adm0 down to `area`."""
    area_levels: Moderate[tuple[int, ...] | None] = None
    """Level of each area of `area_path`, where a level is skipped; else its place in the path is its level."""
    unit_key: Moderate[str]
    """Opaque key of the facility, collective centre, camp or community where people are counted once."""
    organisation: Moderate[ReportOrganisation]
    implementer: Moderate[ReportOrganisation | None] = None
    sector: Moderate[SectorCode]
    indicator: Moderate[str | None] = None
    month: Moderate[Month]
    start_date: Moderate[date | None] = None
    end_date: Moderate[date | None] = None
    status: Moderate[ActivityStatus]
    population_group: Moderate[PopulationGroup | None] = None
    people: Moderate[People] = People()
    newly_reached: Moderate[bool | None] = None
    """Whether these people are reached for the first time in the plan year; null when the row does not say."""
    output_value: Moderate[Decimal | None] = None
    exact_repeat: Moderate[bool] = False
    """The row repeats another of the same file to the letter; it is flagged, and counts like any other."""
    counted_unit: Moderate[str | None] = None
    """What the numbers of `people` count, where the row names another unit than people and no output beside, such as
    `sessions`; null for people."""
    component: Moderate[str | None] = None
    """Part of the sector that is counted apart, such as `shelter` and `nfi` of SHL."""
    core_item: Moderate[bool | None] = None
    """Whether what was given is among the core items of its part; null where that is no question."""


class ReportStanding(SparseRow):
    """How a report stands after a change."""

    id: Moderate[UUID] = described("Id.", "المعرّف.")
    version: Moderate[int] = described("Version.", "النسخة.")
    stage: Moderate[ReportStage | None] = described("Stage, where that changed.", "المرحلة، إن تغيّرت.", None)
    sensitivity: Moderate[Sensitivity | None] = described("Level, where that was set.", "الحساسية، إن حُدّدت.", None)
    implementer_contest: Moderate[ImplementerContest | None] = described(
        "The contest, where it is about one.", "الاعتراض، إن كان التغيير يخصه.", None
    )


class ReportVersion(Row):
    """A version of a report: who made it and when, at which stage, and what it said.

    نسخة من تقرير: من أنشأها ومتى، وفي أي مرحلة، وما مضمونها.
    """

    version: Low[int] = described("Version.", "النسخة.")
    stage: Moderate[ReportStage] = described("Stage of the report then.", "مرحلة التقرير حينها.")
    by: High[str | None] = described("Who made it.", "من أنشأها.")
    role: Moderate[str | None] = described("Their role.", "دوره.")
    at: Moderate[datetime | None] = described("When.", "الوقت.")
    comment: High[str | None] = described("What they said of it.", "ما قاله عنها.")
    reviewed_as: Moderate[str | None] = described("In whose name it was reviewed.", "الجهة التي جرت المراجعة باسمها.")
    override_reason: High[str | None] = described(
        "Why the secretariat decided in the place of a working group.", "سبب بتّ الأمانة العامة بدل مجموعة العمل."
    )
    report: High[Report] = described("What it said.", "مضمونها.")


class ReportVersionFilter(Filter):
    """Versions of which report."""

    report: UUID = described("Id of the report.", "معرّف التقرير.")


REPORT_VERSIONS = noun(
    "report-versions",
    "activities",
    ReportVersion,
    ReportVersionFilter,
    ("version",),
    newest_first=True,
    key=("version",),
)
