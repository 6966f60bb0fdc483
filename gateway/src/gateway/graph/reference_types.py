"""Reference data in the graph: names, areas, organisations, sectors, indicators. All of it is in memory."""

from __future__ import annotations

import strawberry
from contracts.registry import OrganisationStatus

from gateway.graph.fields import (
    choice,
    inside,
    known_area,
    known_areas_anywhere,
    known_sector,
    known_sectors,
    told,
    value,
)
from gateway.graph.scalars import Id

strawberry.enum(OrganisationStatus, description=told("Standing of an organisation.", "حالة المنظمة."))


@strawberry.type(description=told("A name in the languages it is known in.", "اسم باللغات المتاحة."))
class Names:
    ar: str | None = value("In Arabic.", "بالعربية.", column="ar")
    en: str | None = value("In English.", "بالإنكليزية.", column="en")
    tr: str | None = value("In Turkish.", "بالتركية.", column="tr")
    ku: str | None = value("In Kurdish.", "بالكردية.", column="ku")


@strawberry.type(description=told("An area with its P-code (COD-AB).", "منطقة إدارية برمزها P-code."))
class Area:
    country: str = value("P-code of the country.", "رمز البلد.", column="country")
    pcode: str = value("P-code.", "الرمز P-code.", column="pcode")
    level: int = value("0 country to 4 community.", "المستوى: 0 بلد حتى 4 تجمّع سكاني.", column="level")
    names: Names = inside("Names.", "الأسماء.", column="names")
    aliases: list[str] = value("Other spellings.", "تهجئات أخرى.", column="aliases")
    parent: Area | None = known_area("The area above.", "المنطقة الأعلى.", column="parent")
    path: list[str] = value("P-codes from the country down.", "الرموز من البلد نزولاً.", column="path")
    latitude: float | None = value("Of the centroid.", "خط عرض المركز.", column="latitude")
    longitude: float | None = value("Of the centroid.", "خط طول المركز.", column="longitude")


@strawberry.type(description=told("A sector or an area of responsibility.", "قطاع أو مجال مسؤولية."))
class Sector:
    code: str = value("Global code, such as WSH.", "الرمز العالمي مثل WSH.", column="code")
    names: Names = inside("Names.", "الأسماء.", column="names")
    parent: Sector | None = known_sector("The sector above.", "القطاع الأعلى.", column="parent")
    has_working_group: bool = value(
        "Whether a working group coordinates it.", "هل له مجموعة عمل.", column="has_working_group"
    )


@strawberry.type(description=told("An indicator of a sector's plan.", "مؤشر من خطة قطاع."))
class Indicator:
    code: str = value("Code.", "الرمز.", column="code")
    names: Names = inside("Names.", "الأسماء.", column="names")
    unit: str = value("What is counted.", "وحدة القياس.", column="unit")
    sector: Sector | None = known_sector("Its sector.", "قطاعه.", column="sector")


@strawberry.type(description=told("An organisation of the response.", "منظمة تعمل في الاستجابة."))
class Organisation:
    id: Id = value("Id.", "المعرّف.", column="id")
    version: int = value("Version of what is said here.", "نسخة هذه البيانات.", column="version")
    names: Names = inside("Names.", "الأسماء.", column="names")
    acronyms: Names = inside("Acronyms.", "الأسماء المختصرة.", column="acronyms")
    aliases: list[str] = value("Other spellings.", "تهجئات أخرى.", column="aliases")
    type_code: str = value("Type of the HAPI list.", "النوع بحسب قائمة HAPI.", column="type_code")
    status: OrganisationStatus = choice("Standing.", "الحالة.", column="status", among=OrganisationStatus)
    sectors: list[Sector] = known_sectors("Sectors it works in.", "قطاعات عملها.", column="sectors")
    areas: list[Area] = known_areas_anywhere("Areas it works in.", "مناطق عملها.", column="areas")
