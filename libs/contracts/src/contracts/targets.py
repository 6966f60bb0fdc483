"""Targets: how much a plan means to reach."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from contracts.event import Event, Topic, published
from contracts.instants import AskedMonth
from contracts.nouns import Filter, Row, Versioned, described, noun
from contracts.reports import PopulationGroup
from contracts.sensitivity import Low, Moderate
from contracts.text import Code
from contracts.values import Country, IndicatorCode, Month, Names, Pcode, SectorCode

PEOPLE_UNIT = "people"
"""Unit of a target that counts people: it alone is set against reach."""


class TargetFields(BaseModel):
    """What is said of a target."""

    country: Low[Country] = described("P-code of the country.", "رمز البلد.")
    area: Low[Pcode] = described("P-code of the area, of level 0 to 3.", "رمز المنطقة، من المستوى 0 إلى 3.")
    area_path: Low[tuple[Pcode, ...]] = described(
        "P-codes from the country down to the area.", "الرموز من البلد نزولاً إلى المنطقة."
    )
    sector: Low[SectorCode] = described("Code of the sector.", "رمز القطاع.")
    indicator: Moderate[IndicatorCode | None] = described(
        "Code of the indicator; null: the sector as a whole.", "رمز المؤشر، أو القطاع كله.", None
    )
    population_group: Moderate[PopulationGroup | None] = described(
        "For whom; null: all groups together.", "الفئة السكانية، أو الفئات كلها.", None
    )
    month_from: Moderate[Month] = described("First month of the period.", "أول شهر من الفترة.")
    month_to: Moderate[Month] = described(
        "Last month of the period, the first again where it is one month.", "آخر شهر من الفترة، وهو أولها إن كانت شهراً."
    )
    unit: Moderate[str] = described(
        "What the value counts: people, or the unit of the indicator.",
        "وحدة القيمة: أشخاص، أو وحدة المؤشر.",
        PEOPLE_UNIT,
    )
    value: Moderate[int | None] = described(
        "The target; null where withdrawn.", "القيمة المستهدفة، وتغيب إن أُلغيت.", None
    )


@published(Topic("plans.targets"), formerly="activities.target.changed.v1")
class TargetChanged(TargetFields, Event):
    """How much is to be reached in an area by a sector over a period of whole months: a plan's target."""

    type: Low[Literal["plans.target.changed.v1"]] = "plans.target.changed.v1"
    id: Moderate[UUID]
    area_levels: Low[tuple[int, ...] | None] = None
    """Level of each area of `area_path`, where a level is skipped; else its place in the path is its level."""

    @property
    def key(self) -> str:
        return str(self.id)


class Target(TargetFields, Versioned):
    """How much a plan means to reach in an area, by a sector, over whole months.

    ما تستهدف الخطة الوصول إليه في منطقة وقطاع خلال أشهر كاملة.
    """

    area_names: Low[Names | None] = described("Names of the area.", "أسماء المنطقة.")
    level: Low[int] = described("Level of the area.", "مستوى المنطقة.")
    people: Moderate[int | None] = described(
        "The target, where it is of people.", "عدد المستهدفين، إن كان الهدف أشخاصاً."
    )
    withdrawn: Moderate[bool] = described("Whether it was withdrawn.", "هل أُلغي.")
    set_at: Moderate[datetime] = described("When this version was set.", "وقت تحديد هذه النسخة.")


class WithdrawnTarget(Row):
    """A target that was withdrawn."""

    id: Moderate[UUID] = described("Id.", "المعرّف.")
    version: Moderate[int] = described("Version.", "النسخة.")
    status: Moderate[Literal["withdrawn", "unchanged"]] = described("What was done.", "ما جرى.")


class TargetFilter(Filter):
    """Which targets.

    أي الأهداف.
    """

    id: UUID | None = described("This one, withdrawn or not.", "هذا الهدف، وإن أُلغي.", None)
    country: Country | None = described("P-code of the country.", "رمز البلد.", None)
    area: Pcode | None = described("This area and all below it.", "هذه المنطقة وكل ما دونها.", None)
    level: int | None = described(
        "Level of the area: 0 country to 3 sub-district.", "مستوى المنطقة: من 0 بلد إلى 3 ناحية.", None, ge=0, le=3
    )
    sector: SectorCode | None = described(
        "Exact code of the sector, unless `descendants` asks for those below.",
        "رمز القطاع تماماً، ما لم تُطلب فروعه.",
        None,
    )
    descendants: bool = described(
        "Areas of responsibility below the sector too.", "ومجالات المسؤولية دون القطاع.", False
    )
    indicator: Code | None = described("Exact code of the indicator.", "رمز المؤشر تماماً.", None)
    population_group: PopulationGroup | None = described("Population group.", "الفئة السكانية.", None)
    month_from: AskedMonth | None = described(
        "Periods that reach this month or a later one.", "الفترات التي تبلغ هذا الشهر أو ما بعده.", None
    )
    month_to: AskedMonth | None = described(
        "Periods that begin in this month or an earlier one.", "الفترات التي تبدأ في هذا الشهر أو ما قبله.", None
    )
    withdrawn: bool = described("Those that were withdrawn too.", "والملغى منها.", False)


TARGETS = noun(
    "targets",
    "plans",
    Target,
    TargetFilter,
    ("country", "sector", "area", "indicator", "population_group", "month_from", "month_to"),
    followed=True,
)
