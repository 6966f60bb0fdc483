"""Reference data in the graph: areas, organisations, sectors, indicators. All of it is in memory."""

from typing import Any, Final

import strawberry
from contracts import areas, codes, organisations
from contracts.areas import AreaChanged
from contracts.organisations import OrganisationChanged, OrganisationStatus

from gateway.graph import sources
from gateway.graph.connections import Followed
from gateway.graph.derivation import GraphNoun
from gateway.graph.fields import describe, value

strawberry.enum(OrganisationStatus, description=describe("Standing of an organisation.", "حالة المنظمة."))

ORGANISATIONS: Final = GraphNoun(
    organisations.ORGANISATIONS,
    Followed,
    "Organisations of the response.",
    "المنظمات العاملة في الاستجابة.",
    one=("One organisation.", "منظمة واحدة."),
    known=(sources.ORGANISATIONS, sources.ORGANISATION),
    changed=OrganisationChanged,
)


@strawberry.type
class _OfArea:
    path: list[str] = value("P-codes from the country down.", "الرموز من البلد نزولاً.", column="path")


AREAS: Final = GraphNoun(
    areas.AREAS,
    Followed,
    "Areas with P-codes.",
    "المناطق برموزها.",
    one=("One area.", "منطقة واحدة."),
    known=(sources.AREAS, sources.AREA),
    hidden=("path",),
    extra=_OfArea,
    changed=AreaChanged,
    flat=True,
)
SECTORS: Final = GraphNoun(
    codes.SECTORS,
    list,
    "Sectors and areas of responsibility.",
    "القطاعات ومجالات المسؤولية.",
    known=(sources.SECTORS, None),
)
INDICATORS: Final = GraphNoun(codes.INDICATORS, list, "Indicators of the sectors' plans.", "مؤشرات خطط القطاعات.")

REFERENCES: Final = (ORGANISATIONS, AREAS, SECTORS)
Organisation: Any = ORGANISATIONS.kind
Area: Any = AREAS.kind
Sector: Any = SECTORS.kind
Indicator: Any = INDICATORS.kind
