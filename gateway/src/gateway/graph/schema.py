"""The graph: its roots, and the schema partners build on."""
# A resolver says its type to Strawberry; what it returns is a row that has those fields without being that class.
# mypy: disable-error-code="no-any-return"

from collections.abc import AsyncGenerator, Callable
from functools import cache
from typing import Annotated, Any, TypeVar

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from gateway.graph import sources
from gateway.graph.arguments import arguments_from
from gateway.graph.columns import needed_by
from gateway.graph.connections import Figures, Followed, page_of
from gateway.graph.execution import Executing, Prepared
from gateway.graph.fact_types import Alert, Coverage, Presence, Report
from gateway.graph.fields import told
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
from gateway.graph.kinds import metadata_of
from gateway.graph.nodes import Node
from gateway.graph.reference_types import Area, Organisation, Sector
from gateway.graph.roots import DEFAULT_PAGE, ROOT, Root
from gateway.graph.scalars import SCALARS, Id
from gateway.graph.selection import Scope
from gateway.graph.target_types import Progress, Target

Info = strawberry.Info[Executing, None]


def argument(en: str, ar: str, **others: Any) -> Any:
    return strawberry.argument(description=told(en, ar), **others)


First = Annotated[int | None, argument("Rows of the page, 1 to 500.", "عدد صفوف الصفحة، من 1 إلى 500.")]
After = Annotated[str | None, argument("Cursor the page starts behind.", "علامة الموضع التي تبدأ الصفحة بعدها.")]
ChangesAfter = Annotated[
    str | None,
    argument(
        "Only what changed behind this `position` of an earlier answer; `start` for all there is.",
        "ما تغيّر بعد هذا الموضع (`position`) من إجابة سابقة فقط، و`start` لكل ما هو موجود.",
    ),
]
Wanted = argument("Which rows.", "أي الصفوف.")


Resolver = TypeVar("Resolver", bound=Callable[..., Any])


def root(source: Root, en: str, ar: str) -> Callable[[Resolver], Resolver]:
    """A root field that has its rows from `source`."""
    return strawberry.field(description=told(en, ar), metadata={ROOT: source})


async def _read(info: Info, kind: type, given: dict[str, Any]) -> Any:
    """The answer of a root field as plain execution walks it; `given` are the resolver's arguments."""
    raw, executing = info._raw_info, info.context
    field = raw.parent_type.fields[raw.field_name]
    source: Root = metadata_of(field)[ROOT]
    scope = Scope(executing.operation.fragments, info.variable_values)
    needed = needed_by(field, scope.below(raw.field_nodes), scope)
    found = await source.found(executing.reader, arguments_from(given), needed)
    if source.shape == "connection":
        return page_of(kind, found)
    nodes = [Node(kind, found.batch, index) for index in range(found.batch.size)]
    return nodes if source.shape == "all" else next(iter(nodes), None)


@strawberry.type(description=told("What can be asked.", "ما يمكن الاستعلام عنه."))
class Query:
    @root(sources.ORGANISATIONS, "Organisations of the response.", "المنظمات العاملة في الاستجابة.")
    async def organisations(
        self,
        info: Info,
        filter: Annotated[OrganisationFilter | None, Wanted] = strawberry.UNSET,
        first: First = DEFAULT_PAGE,
        after: After = strawberry.UNSET,
        changes_after: ChangesAfter = strawberry.UNSET,
    ) -> Followed[Organisation] | None:
        given = {"filter": filter, "first": first, "after": after, "changes_after": changes_after}
        return await _read(info, Organisation, given)

    @root(sources.ORGANISATION, "One organisation.", "منظمة واحدة.")
    async def organisation(self, info: Info, id: Annotated[Id, argument("Id.", "المعرّف.")]) -> Organisation | None:
        return await _read(info, Organisation, {"id": id})

    @root(sources.AREAS, "Areas with P-codes.", "المناطق برموزها.")
    async def areas(
        self,
        info: Info,
        country: Annotated[str | None, argument("P-code of the country.", "رمز البلد.")] = strawberry.UNSET,
        level: Annotated[int | None, argument("Level, 0 to 4.", "المستوى، 0 إلى 4.")] = strawberry.UNSET,
        parent: Annotated[str | None, argument("P-code of the area above.", "رمز المنطقة الأعلى.")] = strawberry.UNSET,
        search: Annotated[str | None, argument("Words of a name.", "كلمات من الاسم.")] = strawberry.UNSET,
        first: First = DEFAULT_PAGE,
        after: After = strawberry.UNSET,
        changes_after: ChangesAfter = strawberry.UNSET,
    ) -> Followed[Area] | None:
        given = {"country": country, "level": level, "parent": parent, "search": search}
        page = {"first": first, "after": after, "changes_after": changes_after}
        return await _read(info, Area, {**given, **page})

    @root(sources.AREA, "One area.", "منطقة واحدة.")
    async def area(
        self,
        info: Info,
        country: Annotated[str, argument("P-code of the country.", "رمز البلد.")],
        pcode: Annotated[str, argument("P-code of the area.", "رمز المنطقة.")],
    ) -> Area | None:
        return await _read(info, Area, {"country": country, "pcode": pcode})

    @root(sources.SECTORS, "Sectors and areas of responsibility.", "القطاعات ومجالات المسؤولية.")
    async def sectors(self, info: Info) -> list[Sector] | None:
        return await _read(info, Sector, {})

    @root(sources.REPORTS, "Activity reports the caller may see.", "تقارير الأنشطة التي يحق للسائل رؤيتها.")
    async def reports(
        self,
        info: Info,
        filter: Annotated[ReportFilter | None, Wanted] = strawberry.UNSET,
        first: First = DEFAULT_PAGE,
        after: After = strawberry.UNSET,
        changes_after: ChangesAfter = strawberry.UNSET,
    ) -> Followed[Report] | None:
        given = {"filter": filter, "first": first, "after": after, "changes_after": changes_after}
        return await _read(info, Report, given)

    @root(sources.REPORT, "One activity report.", "تقرير نشاط واحد.")
    async def report(self, info: Info, id: Annotated[Id, argument("Id.", "المعرّف.")]) -> Report | None:
        return await _read(info, Report, {"id": id})

    @root(sources.COVERAGE, "People reached.", "الأشخاص الذين وصلت إليهم المساعدة.")
    async def coverage(
        self,
        info: Info,
        filter: Annotated[CoverageFilter | None, Wanted] = strawberry.UNSET,
        first: First = DEFAULT_PAGE,
        after: After = strawberry.UNSET,
    ) -> Figures[Coverage] | None:
        return await _read(info, Coverage, {"filter": filter, "first": first, "after": after})

    @root(sources.PRESENCE, "Organisations present.", "المنظمات الحاضرة.")
    async def presence(
        self,
        info: Info,
        filter: Annotated[PresenceFilter | None, Wanted] = strawberry.UNSET,
        first: First = DEFAULT_PAGE,
        after: After = strawberry.UNSET,
    ) -> Figures[Presence] | None:
        return await _read(info, Presence, {"filter": filter, "first": first, "after": after})

    @root(sources.TARGETS, "Targets of plans.", "أهداف الخطط.")
    async def targets(
        self,
        info: Info,
        filter: Annotated[TargetFilter | None, Wanted] = strawberry.UNSET,
        first: First = DEFAULT_PAGE,
        after: After = strawberry.UNSET,
        changes_after: ChangesAfter = strawberry.UNSET,
    ) -> Followed[Target] | None:
        given = {"filter": filter, "first": first, "after": after, "changes_after": changes_after}
        return await _read(info, Target, given)

    @root(sources.PROGRESS, "What was reached of the targets.", "ما تحقق من الأهداف.")
    async def progress(
        self,
        info: Info,
        filter: Annotated[ProgressFilter | None, Wanted] = strawberry.UNSET,
        first: First = DEFAULT_PAGE,
        after: After = strawberry.UNSET,
    ) -> Figures[Progress] | None:
        return await _read(info, Progress, {"filter": filter, "first": first, "after": after})

    @root(sources.ALERTS, "Alerts the caller may see.", "الإنذارات التي يحق للسائل رؤيتها.")
    async def alerts(
        self,
        info: Info,
        filter: Annotated[AlertFilter | None, Wanted] = strawberry.UNSET,
        first: First = DEFAULT_PAGE,
        after: After = strawberry.UNSET,
        changes_after: ChangesAfter = strawberry.UNSET,
    ) -> Followed[Alert] | None:
        given = {"filter": filter, "first": first, "after": after, "changes_after": changes_after}
        return await _read(info, Alert, given)

    @root(sources.ALERT, "One alert.", "إنذار واحد.")
    async def alert(self, info: Info, id: Annotated[Id, argument("Id.", "المعرّف.")]) -> Alert | None:
        return await _read(info, Alert, {"id": id})


@strawberry.type(description=told("What one is told of as it happens.", "ما يُبلَّغ به عند حدوثه."))
class Subscription:
    @strawberry.subscription(  # type: ignore[untyped-decorator]
        description=told("Each alert as it is issued.", "كل إنذار عند إصداره."), metadata={ROOT: sources.ALERT_ISSUED}
    )
    async def alert_issued(
        self, filter: Annotated[AlertWish | None, Wanted] = strawberry.UNSET
    ) -> AsyncGenerator[Alert, None]:
        # Answered by its plan (gateway.graph.socket); the type is what the schema needs of it.
        raise NotImplementedError
        yield


class Graph(strawberry.Schema):
    """A schema whose failures are logged by `execution` alone: Strawberry's own log would quote rows."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        return


@cache
def graph() -> strawberry.Schema:
    """The schema, which is committed as `schema.graphql`."""
    return Graph(
        Query,
        subscription=Subscription,
        extensions=[Prepared],
        config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=True),
    )
