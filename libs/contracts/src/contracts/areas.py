"""Areas and the countries they make up."""

from typing import Literal

from pydantic import BaseModel

from contracts.event import Event, Topic, published
from contracts.nouns import Filter, Row, described, noun
from contracts.sensitivity import Low
from contracts.text import Line
from contracts.values import Country as CountryCode
from contracts.values import Names, Pcode


class AreaFields(BaseModel):
    """What is said of an area."""

    country: Low[CountryCode] = described("P-code of the country.", "رمز البلد.")
    pcode: Low[Pcode] = described("P-code.", "الرمز P-code.")
    level: Low[int] = described(
        "0 country, 1 governorate, 2 district, 3 sub-district, 4 community.",
        "المستوى: 0 بلد، 1 محافظة، 2 منطقة، 3 ناحية، 4 تجمّع سكاني.",
    )
    names: Low[Names] = described("Names.", "الأسماء.")
    aliases: Low[tuple[str, ...]] = described("Other spellings.", "تهجئات أخرى.", ())
    parent: Low[Pcode | None] = described("P-code of the area above.", "رمز المنطقة الأعلى.")
    path: Low[tuple[Pcode, ...]] = described(
        "P-codes from the country down to the area itself; a level may be skipped.",
        "الرموز من البلد نزولاً إلى المنطقة نفسها، وقد يغيب مستوى منها.",
    )
    latitude: Low[float | None] = described(
        "Of the centroid, published by its COD: not the place of any work.",
        "خط عرض المركز كما نُشر مع المنطقة، وليس موقع أي عمل.",
        None,
    )
    longitude: Low[float | None] = described("Of the centroid.", "خط طول المركز.", None)


class Area(AreaFields, Row):
    """An area of a country's common operational dataset (COD-AB).

    منطقة من البيانات التشغيلية المشتركة للبلد (COD-AB).
    """

    version: Low[int] = described("Version.", "النسخة.")


class AreaFilter(Filter):
    """Which areas.

    أي المناطق.
    """

    country: CountryCode | None = described("P-code of the country.", "رمز البلد.", None)
    level: int | None = described(
        "Level: 0 country to 4 community.", "المستوى: من 0 بلد إلى 4 تجمّع سكاني.", None, ge=0, le=9
    )
    parent: Pcode | None = described("Areas directly below this one.", "المناطق التي دون هذه مباشرة.", None)
    within: Pcode | None = described("This area and all below it.", "هذه المنطقة وكل ما دونها.", None)
    search: Line | None = described(
        "Any part of a name, another spelling or a P-code, forgiving in how it is written.",
        "أي جزء من الاسم أو تهجئة أخرى أو الرمز، بأي طريقة كُتب.",
        None,
    )


AREAS = noun("areas", "registry", Area, AreaFilter, ("country", "pcode"), key=("country", "pcode"), followed=True)


@published(Topic("registry.areas"))
class AreaChanged(AreaFields, Event):
    """An area of a country's common operational dataset (COD-AB)."""

    type: Low[Literal["registry.area.changed.v1"]] = "registry.area.changed.v1"

    @property
    def key(self) -> str:
        return f"{self.country}:{self.pcode}"


class Level(Row):
    """A level of a country's areas."""

    level: Low[int] = described("0 country, 1 governorate and so on.", "0 بلد، 1 محافظة، وهكذا.")
    pattern: Low[str | None] = described("What a P-code of this level looks like.", "صيغة رموز هذا المستوى.")
    names: Low[Names] = described("What people call it.", "تسمية المستوى.")


class Country(Row):
    """A country with the levels of its areas."""

    code: Low[CountryCode] = described("P-code of the country.", "رمز البلد.")
    iso3: Low[str | None] = described("ISO 3166 code of three letters.", "رمز ISO 3166 من ثلاثة أحرف.")
    names: Low[Names] = described("Names.", "الأسماء.")
    version: Low[int] = described("Version.", "النسخة.")
    has_areas: Low[bool] = described("Whether any of its areas were loaded.", "هل حُمّلت مناطقه.")
    levels: Low[tuple[Level, ...]] = described("Levels of its areas.", "مستويات مناطقه.")


class CountryFilter(Filter):
    """Which countries: all of them."""


COUNTRIES = noun("countries", "registry", Country, CountryFilter, ("code",), key=("code",), whole=True)
