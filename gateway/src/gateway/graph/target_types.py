"""Targets in the graph, and what was reached of them."""

import strawberry
from contracts.activities import PopulationGroup

from gateway.graph.fields import choice, known_area, known_indicator, known_sector, told, value
from gateway.graph.reference_types import Area, Indicator, Sector
from gateway.graph.scalars import DateTime, Id


@strawberry.type(
    description=told(
        "How much a plan means to reach in an area, by a sector, over whole months.",
        "ما تستهدف الخطة الوصول إليه في منطقة وقطاع خلال أشهر كاملة.",
    )
)
class Target:
    id: Id = value("Id.", "المعرّف.", column="id")
    version: int = value("Version.", "النسخة.", column="version")
    country: str = value("P-code of the country.", "رمز البلد.", column="country")
    area_code: str = value("P-code of the area.", "رمز المنطقة.", column="area")
    area: Area | None = known_area("Area.", "المنطقة.", column="area")
    level: int = value("Level of the area.", "مستوى المنطقة.", column="level")
    sector_code: str = value("Code of the sector.", "رمز القطاع.", column="sector")
    sector: Sector | None = known_sector("Sector.", "القطاع.", column="sector")
    indicator_code: str | None = value(
        "Code of the indicator; null: the sector as a whole.", "رمز المؤشر، أو القطاع كله.", column="indicator"
    )
    indicator: Indicator | None = known_indicator("Indicator.", "المؤشر.", column="indicator")
    population_group: PopulationGroup | None = choice(
        "For whom; null: all groups together.",
        "الفئة السكانية، أو الفئات كلها.",
        column="population_group",
        among=PopulationGroup,
    )
    month_from: str = value("First month of the period.", "أول شهر من الفترة.", column="month_from")
    month_to: str = value("Last month of the period.", "آخر شهر من الفترة.", column="month_to")
    unit: str = value("What the value counts.", "وحدة القيمة.", column="unit")
    people: int | None = value("The target, where it is of people.", "عدد المستهدفين.", column="people")
    withdrawn: bool = value("Whether it was withdrawn.", "هل أُلغي.", column="withdrawn")
    set_at: DateTime = value("When this version was set.", "وقت تحديد هذه النسخة.", column="set_at")
    value: int | None = value("The target; null where withdrawn.", "القيمة المستهدفة.", column="value")


@strawberry.type(
    description=told(
        "Reach against target. A month's target is set against a month's reach, a period's against cumulative reach.",
        "ما تحقق من الهدف: هدف الشهر يُقارن بمن وصلت إليهم المساعدة فيه، وهدف الفترة بمن وصلت إليهم خلالها كلها.",
    )
)
class Progress:
    country: str = value("P-code of the country.", "رمز البلد.", column="country")
    area_code: str = value("P-code of the area.", "رمز المنطقة.", column="area")
    area: Area | None = known_area("Area.", "المنطقة.", column="area")
    level: int = value("Level of the area.", "مستوى المنطقة.", column="level")
    sector_code: str = value("Code of the sector.", "رمز القطاع.", column="sector")
    sector: Sector | None = known_sector("Sector.", "القطاع.", column="sector")
    indicator_code: str | None = value("Code of the indicator.", "رمز المؤشر.", column="indicator")
    indicator: Indicator | None = known_indicator("Indicator.", "المؤشر.", column="indicator")
    population_group: str = value("Population group, or all.", "الفئة السكانية، أو الكل.", column="population_group")
    month_from: str = value("First month of the period.", "أول شهر من الفترة.", column="month_from")
    month_to: str = value("Last month of the period.", "آخر شهر من الفترة.", column="month_to")
    time_basis: str = value("monthly or cumulative.", "شهري أو تراكمي.", column="time_basis")
    unit: str = value("What the target counts.", "وحدة الهدف.", column="unit")
    target: int | None = value("Target (T).", "الهدف.", column="target")
    target_basis: str | None = value(
        "set for this area, or summed from those inside it.", "محدَّد للمنطقة، أو مجموع ما دونها.", column="target_basis"
    )
    target_set: int | None = value("Set for this area.", "المحدَّد للمنطقة.", column="target_set")
    target_summed: int | None = value("Sum of those inside it.", "مجموع ما دونها.", column="target_summed")
    target_difference: int | None = value(
        "What is set, less the sum.", "المحدَّد ناقص المجموع.", column="target_difference"
    )
    areas_with_target: int | None = value(
        "Areas inside it whose targets were summed.", "عدد المناطق دونها ذات الهدف.", column="areas_with_target"
    )
    areas: int | None = value("Areas of that level inside it.", "عدد المناطق دونها.", column="areas")
    people_reached: int | None = value("Unique people reached (R).", "الأشخاص دون تكرار.", column="people_reached")
    coverage: float | None = value("Coverage of target, R/T.", "نسبة تغطية الهدف.", column="coverage")
    gap: int | None = value("Gap to target, max(T-R, 0).", "الفجوة عن الهدف.", column="gap")
    over_target: bool | None = value("More reached than targeted.", "تجاوز الهدف.", column="over_target")
    official_people_reached: int | None = value(
        "By approved reports.", "بحسب التقارير المعتمدة.", column="official_people_reached"
    )
    official_coverage: float | None = value(
        "Coverage by approved reports.", "التغطية بحسب التقارير المعتمدة.", column="official_coverage"
    )
    official_gap: int | None = value(
        "Gap by approved reports.", "الفجوة بحسب التقارير المعتمدة.", column="official_gap"
    )
    reports: int = value("Reports.", "عدد التقارير.", column="reports")
    official_reports: int = value("Approved reports.", "عدد التقارير المعتمدة.", column="official_reports")
    basis: str | None = value("official or provisional.", "رسمي أو مؤقت.", column="basis")
    rule_code: str | None = value("Counting rule.", "قاعدة الاحتساب.", column="rule_code")
    rule_version: int | None = value("Its version.", "نسخة القاعدة.", column="rule_version")
    suppressed: bool = value("Whether counts are hidden.", "هل حُجبت أعداد.", column="suppressed")
    reason: str | None = value("Why there is no coverage.", "سبب غياب التغطية.", column="reason")
