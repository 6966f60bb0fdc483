"""Which rows hang on which: lists of services as fields of areas, organisations and reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import strawberry
from strawberry.annotation import StrawberryAnnotation

from gateway.graph.derivation import GraphNoun
from gateway.graph.fact_types import ALERTS, COVERAGE, PRESENCE, PROGRESS, REPORT_VERSIONS, REPORTS
from gateway.graph.field_sources import READS
from gateway.graph.fields import describe, filter_argument, page
from gateway.graph.linking import ServiceLink
from gateway.graph.reference_types import Area, Organisation

LINKED_PAGE: Final = 10
OF_AREA: Final = {"country": "country", "area": "pcode"}
OF_ORGANISATION: Final = {"organisation_id": "id"}


@dataclass(frozen=True)
class LinkField:
    """A field whose rows are those of a list under a filter that names the row it stands on."""

    on: Any
    name: str
    fact: GraphNoun
    by: Mapping[str, str]
    """Column of the row, by the field of the filter it is given as."""
    en: str
    ar: str


LINKS: Final = (
    LinkField(
        Area,
        "coverage",
        COVERAGE,
        OF_AREA,
        "People reached here; with `level`, in the areas of that level inside it.",
        "الأشخاص الذين وصلت إليهم المساعدة هنا، ومع `level` في مناطق ذلك المستوى داخلها.",
    ),
    LinkField(
        Area,
        "progress",
        PROGRESS,
        OF_AREA,
        "What was reached of the targets here; with `level`, of those of the areas of that level inside it.",
        "ما تحقق من الأهداف هنا، ومع `level` من أهداف مناطق ذلك المستوى داخلها.",
    ),
    LinkField(
        Area,
        "organisations_present",
        PRESENCE,
        OF_AREA,
        "Organisations present here, by sector.",
        "المنظمات الحاضرة هنا بحسب القطاع.",
    ),
    LinkField(
        Area,
        "alerts",
        ALERTS,
        OF_AREA,
        "Alerts that concern this area: for itself, one below it or one above it.",
        "الإنذارات التي تخص هذه المنطقة: لها أو لما دونها أو لما فوقها.",
    ),
    LinkField(
        Organisation,
        "reports",
        REPORTS,
        OF_ORGANISATION,
        "Its activity reports, as far as the caller may see them.",
        "تقارير أنشطتها، بقدر ما يحق للسائل رؤيته.",
    ),
    LinkField(
        Organisation,
        "presence",
        PRESENCE,
        OF_ORGANISATION,
        "Where it is present, and who else is; governorates, where no `level` or `area` is given.",
        "حيث تحضر، ومن يحضر معها؛ بحسب المحافظات إن لم يُذكر `level` أو `area`.",
    ),
    LinkField(REPORTS.kind, "versions", REPORT_VERSIONS, {"report": "id"}, REPORT_VERSIONS.en, REPORT_VERSIONS.ar),
)


@cache
def declare() -> None:
    """Give each type its links; their own types lead back to it, so they are not written in its class."""
    for link in LINKS:
        described, reads = describe(link.en, link.ar), ServiceLink(link.fact.source, link.by)
        declared = strawberry.field(description=described, metadata={READS: reads})
        declared.python_name = link.name
        declared.type_annotation = StrawberryAnnotation(link.fact.pages | None)
        narrows = link.fact.noun.filter.model_fields.keys() > link.by.keys()
        declared.arguments = [*([filter_argument(link.fact.filter)] if narrows else ()), *page(LINKED_PAGE)]
        link.on.__strawberry_definition__.fields.append(declared)
