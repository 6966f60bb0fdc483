"""The graph: its roots, and the schema partners build on."""

from collections.abc import AsyncGenerator
from functools import cache
from typing import Annotated, Any

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.types.arguments import StrawberryArgument

from gateway.graph import links, sources
from gateway.graph.connections import Figures, Followed
from gateway.graph.fact_types import Alert, Coverage, Presence, Report
from gateway.graph.fields import FOLLOWED, ID, PAGE, argument, told, wanted
from gateway.graph.filters import (
    AlertFilter,
    AlertWish,
    CoverageFilter,
    OrganisationFilter,
    PresenceFilter,
    ProgressFilter,
    ReportFilter,
    TargetFilter,
)
from gateway.graph.mutations import mutation, name_inputs
from gateway.graph.reference_types import Area, Organisation, Sector
from gateway.graph.roots import ROOT, Root
from gateway.graph.scalars import SCALARS
from gateway.graph.target_types import Progress, Target


def root(source: Root, en: str, ar: str, *arguments: StrawberryArgument) -> Any:
    """A root field that has its rows from `source`."""
    declared = strawberry.field(description=told(en, ar), metadata={ROOT: source})
    declared.arguments = list(arguments)
    return declared


@strawberry.type(description=told("What can be asked.", "ما يمكن الاستعلام عنه."))
class Query:
    organisations: Followed[Organisation] | None = root(
        sources.ORGANISATIONS,
        "Organisations of the response.",
        "المنظمات العاملة في الاستجابة.",
        wanted(OrganisationFilter),
        *FOLLOWED,
    )
    organisation: Organisation | None = root(sources.ORGANISATION, "One organisation.", "منظمة واحدة.", ID)
    areas: Followed[Area] | None = root(
        sources.AREAS,
        "Areas with P-codes.",
        "المناطق برموزها.",
        argument(str | None, "country", "P-code of the country.", "رمز البلد."),
        argument(int | None, "level", "Level, 0 to 4.", "المستوى، 0 إلى 4."),
        argument(str | None, "parent", "P-code of the area above.", "رمز المنطقة الأعلى."),
        argument(str | None, "within", "This area and all below it.", "هذه المنطقة وكل ما دونها."),
        argument(str | None, "search", "Words of a name.", "كلمات من الاسم."),
        *FOLLOWED,
    )
    area: Area | None = root(
        sources.AREA,
        "One area.",
        "منطقة واحدة.",
        argument(str, "country", "P-code of the country.", "رمز البلد."),
        argument(str, "pcode", "P-code of the area.", "رمز المنطقة."),
    )
    sectors: list[Sector] | None = root(
        sources.SECTORS, "Sectors and areas of responsibility.", "القطاعات ومجالات المسؤولية."
    )
    reports: Followed[Report] | None = root(
        sources.REPORTS,
        "Activity reports the caller may see.",
        "تقارير الأنشطة التي يحق للسائل رؤيتها.",
        wanted(ReportFilter),
        *FOLLOWED,
    )
    report: Report | None = root(sources.REPORT, "One activity report.", "تقرير نشاط واحد.", ID)
    coverage: Figures[Coverage] | None = root(
        sources.COVERAGE, "People reached.", "الأشخاص الذين وصلت إليهم المساعدة.", wanted(CoverageFilter), *PAGE
    )
    presence: Figures[Presence] | None = root(
        sources.PRESENCE, "Organisations present.", "المنظمات الحاضرة.", wanted(PresenceFilter), *PAGE
    )
    targets: Followed[Target] | None = root(
        sources.TARGETS, "Targets of plans.", "أهداف الخطط.", wanted(TargetFilter), *FOLLOWED
    )
    progress: Figures[Progress] | None = root(
        sources.PROGRESS, "What was reached of the targets.", "ما تحقق من الأهداف.", wanted(ProgressFilter), *PAGE
    )
    alerts: Followed[Alert] | None = root(
        sources.ALERTS,
        "Alerts the caller may see.",
        "الإنذارات التي يحق للسائل رؤيتها.",
        wanted(AlertFilter),
        *FOLLOWED,
    )
    alert: Alert | None = root(sources.ALERT, "One alert.", "إنذار واحد.", ID)


@strawberry.type(description=told("What one is told of as it happens.", "ما يُبلَّغ به عند حدوثه."))
class Subscription:
    @strawberry.subscription(  # type: ignore[untyped-decorator]
        description=told("Each alert as it is issued.", "كل إنذار عند إصداره."), metadata={ROOT: sources.ALERT_ISSUED}
    )
    async def alert_issued(
        self,
        filter: Annotated[
            AlertWish | None, strawberry.argument(description=told("Which rows.", "أي الصفوف."))
        ] = strawberry.UNSET,
    ) -> AsyncGenerator[Alert, None]:
        # Answered by its plan (gateway.graph.socket); the type is what the schema needs of it.
        raise NotImplementedError
        yield


@cache
def graph() -> strawberry.Schema:
    """The schema, which is committed as `schema.graphql`."""
    links.declare()
    made = strawberry.Schema(
        Query,
        mutation=mutation(),
        subscription=Subscription,
        config=StrawberryConfig(scalar_map=SCALARS),
    )
    name_inputs(made._schema.type_map)
    return made
