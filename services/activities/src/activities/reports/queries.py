"""Reading reports: one statement for all forms of the question, masked by role, relation and level in the SQL."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from contracts.reports import ReportFilter
from database import Transaction
from runtime.access import Reader, Role
from runtime.changes import CHANGED_IN, GONE, ChangeWindow, changed
from runtime.listing import Page, PageRequest
from runtime.looks import LEVEL, RELATION
from runtime.naming import UnknownArea, check_months
from runtime.visibility import RowConditions, cleared_relations, numbered_conditions, values_of

from activities.reference.domain import Area
from activities.reference.queries import areas_of, sectors_below
from activities.reports.columns import COLUMNS, SORT, needed, selected, without_small_parts
from activities.reports.reviewing import BELONGS, OF_THEIR_OWN, SENT_BY_THEM
from activities.reports.visibility import NAMED_BY_ANOTHER, VISIBILITY

IN_AN_INDEX = frozenset(("area", "sector", "country", "month_from", "month_to"))
LONGEST_COUNTRY = 3
"""Letters of a country's code."""
EACH = object()
"""Stands among the arguments where the key of each list goes."""


@dataclass
class Conditions:
    """Conditions and their arguments; the first arguments are the reader's."""

    arguments: list[Any]
    conditions: list[str] = field(default_factory=list)

    def add(self, condition: str, *values: object) -> None:
        self.conditions.append(condition.format(*(self.argument(value) for value in values)))

    def argument(self, value: object) -> str:
        """Its place in the statement."""
        self.arguments.append(value)
        return f"${len(self.arguments)}"

    def text(self) -> str:
        return " and ".join(["true", *self.conditions])


def where_seen(reader: Reader) -> tuple[Conditions, RowConditions]:
    """No condition yet, and what the reader sees, their values being the first arguments."""
    seen, names = numbered_conditions(VISIBILITY, reader.role)
    return Conditions(values_of(reader, names)), seen


def are_in_an_index(filter: ReportFilter) -> bool:
    """Whether the reports lie together in an index, in their order: those of a sector in an area below the country.

    Of a whole country's they do not: planned for no sector in particular, a seldom one is looked for in all reports.
    """
    below_country = filter.area is not None and len(filter.area) > LONGEST_COUNTRY
    return below_country and filter.sector is not None and filter.model_fields_set <= IN_AN_INDEX


async def reports_page(
    tx: Transaction,
    reader: Reader,
    filter: ReportFilter,
    part: PageRequest,
) -> Page:
    """Reports that match and that the reader may see, newest month first. Raises `UnknownArea`, `MonthsReversed`."""
    if part.keys:
        filter = filter.model_copy(update={"organisation_id": EACH})
    where, seen = await _matching(tx, reader, filter)
    if part.after:
        month, id = part.after
        where.add("(r.month <= {0} and (r.month < {0} or r.id > {1}::uuid))", month, UUID(str(id)))
    return part.page(as_seen(reader, await _rows(tx, where, seen, part)), SORT)


async def changed_reports(
    tx: Transaction, reader: Reader, filter: ReportFilter, columns: Sequence[str], span: ChangeWindow
) -> Sequence[Any]:
    """Reports of a span that match, and those that matched before they changed in it.

    A report that was never in the reader's list is never told as gone: a severe row stays unheard of.
    """
    where, seen = await _matching(tx, reader, filter)
    matches = f"({where.text()} and {seen.visible})"
    span_arguments = [where.argument(value) for value in span.arguments]
    left = (
        "false" if span.from_the_start else _MATCHED.format(since=where.argument(span.visible_since), matches=matches)
    )
    statement = f"""
        select {selected(needed([*columns, "id"]), seen.high)}, {seen.relation} as "{RELATION}",
               r.sensitivity as "{LEVEL}", r.changed_in::text as "{CHANGED_IN}", {matches} is not true as "{GONE}"
        from report as r
        where {changed("r", *span_arguments)} and ({matches} or {left})
        order by r.changed_in, r.id
        limit {where.argument(span.first + 1)}
    """  # noqa: S608  names of the table of columns, conditions of this module
    return as_seen(reader, await tx.fetch(statement, *where.arguments))


def as_seen(reader: Reader, rows: Sequence[Any]) -> list[Any]:
    """The rows without small parts of people, but for those cleared for more."""
    if not rows or "withheld" not in rows[0].keys():  # noqa: SIM118  a record is asked for its keys
        return list(rows)
    cleared = cleared_relations(VISIBILITY, reader.role)
    return [without_small_parts(row, cleared) for row in rows]


# A version is read as a report of its own, by the same conditions. Those replaced before the reader's position, or
# before they began, they have not missed.
_MATCHED = """exists (
            select from (select r.country as c, r.organisation_id as o, r.id as i) as key
            join report_version as v on (v.country, v.organisation_id, v.report_id) = (key.c, key.o, key.i)
            cross join lateral jsonb_populate_record(null::report, v.row) as r
            where v.replaced_in >= {since}::text::xid8 and {matches})"""


async def _matching(tx: Transaction, reader: Reader, filter: ReportFilter) -> tuple[Conditions, RowConditions]:
    """What was asked for as conditions, and what the reader sees. Raises `UnknownArea`, `MonthsReversed`."""
    where, seen = where_seen(reader)
    await _narrow(tx, where, filter, seen)
    if filter.reviewable:
        _narrow_to_reviewable(where, reader, seen)
    if reader.role == Role.HUB or (filter.reviewable and reader.role == Role.COORDINATOR):
        await _narrow_to_scope(tx, where, reader)
    return where, seen


async def report_by_id(tx: Transaction, reader: Reader, id: UUID) -> Page:
    """The report, or nothing where there is none or the reader may not see it."""
    return await reports_page(tx, reader, ReportFilter(id=id), PageRequest(tuple(COLUMNS), 1))


async def _rows(tx: Transaction, where: Conditions, visibility: RowConditions, part: PageRequest) -> list[Any]:
    names = needed([*part.columns, *SORT])
    where.add(visibility.visible)
    statement = f"""
        select {selected(names, visibility.high)}, {visibility.relation} as "{RELATION}", r.sensitivity as "{LEVEL}"
        from report as r
        where {where.text()}
        order by r.month desc, r.id
        limit {int(part.first) + 1}
    """  # noqa: S608  names of the table of columns, conditions of this module, a number
    places = {"organisation_id": where.arguments.index(EACH) + 1} if part.keys else {}
    text, arguments = part.statement_for(statement, where.arguments, places)
    return await tx.fetch(text, *arguments)


async def _narrow(tx: Transaction, where: Conditions, filter: ReportFilter, visibility: RowConditions) -> None:
    check_months(filter.month_from, filter.month_to)
    if filter.id:
        where.add("r.id = {}::uuid", filter.id)
    if filter.organisation_id:
        where.add("r.organisation_id = any(same_organisations({}::uuid))", filter.organisation_id)
        # The id of an unresolved name is made of the name: who asks for it must not learn that it is there.
        where.add(f"(r.organisation_resolved or {visibility.high})")
    if filter.sector and filter.descendants:
        where.add("r.sector = any({}::text[])", await sectors_below(tx, filter.sector))
    elif filter.sector:
        where.add("r.sector = {}", filter.sector)
    if filter.country:
        where.add("r.country = {}", filter.country)
    if filter.area:
        _narrow_to_area(where, await _area(tx, filter.area, filter.country), visibility)
    if filter.month_from:
        where.add("r.month >= {}", filter.month_from)
    if filter.month_to:
        where.add("r.month <= {}", filter.month_to)
    if filter.status:
        where.add("r.status = {}", filter.status)
    if filter.stage:
        where.add("r.stage = {}", filter.stage)
    if not filter.names_withdrawn:
        where.add("r.stage <> 'withdrawn'")
    if filter.external_id:
        # Who may not see these must not find out by asking for one.
        where.add(f"r.external_id = {{}} and {visibility.high}", filter.external_id)
    if filter.upload:
        where.add(f"r.upload_id = {{}}::uuid and {visibility.high}", filter.upload)
    if filter.named_as_implementer:
        where.add(NAMED_BY_ANOTHER)
    if filter.implementer_contest:
        where.add("r.implementer_contest = {}", filter.implementer_contest)
    if filter.updated_since:
        where.add("(r.submitted_at >= {0} or r.reviewed_at >= {0})", filter.updated_since)


async def _area(tx: Transaction, pcode: str, country: str | None) -> Area:
    found = await areas_of(tx, [pcode], country)
    if not found:
        raise UnknownArea("area", value=pcode)
    return found[0]


def _narrow_to_area(where: Conditions, area: Area, visibility: RowConditions) -> None:
    """By the columns the indexes lead with; below the sub-district by the path as well."""
    where.add("r.country = {}", area.country)
    for level, column in ((1, "adm1"), (2, "adm2"), (3, "adm3")):
        if code := area.at(level):
            where.add(f"r.{column} = {{}}", code)
    if area.level > 3:
        # Who may not see below the sub-district must not find out by asking for a community.
        where.add(f"r.area_path @> array[{{}}::text] and {visibility.high}", area.pcode)


async def _narrow_to_scope(tx: Transaction, where: Conditions, reader: Reader) -> None:
    """Only their areas, or what lies around them: the columns the indexes lead with, besides what is seen at all."""
    places = [(area.at(1), area.at(2), area.at(3)) for area in await areas_of(tx, reader.areas)]
    if any(not adm1 and not adm2 for adm1, adm2, _ in places):
        return
    finest = [(adm2, adm3) for _, adm2, adm3 in places if adm2 and adm3]
    where.add(
        "(r.adm1 = any({}::text[]) or r.adm2 = any({}::text[])"
        " or r.adm2 = any({}::text[]) and r.adm3 = any({}::text[]))",
        sorted({adm1 for adm1, adm2, _ in places if adm1 and not adm2}),
        sorted({adm2 for _, adm2, adm3 in places if adm2 and not adm3}),
        sorted({adm2 for adm2, _ in finest}),
        sorted({adm3 for _, adm3 in finest}),
    )


def _narrow_to_reviewable(where: Conditions, reader: Reader, visibility: RowConditions) -> None:
    """What the decision would take from this caller as it stands."""
    where.add("r.stage = 'submitted'")
    if reader.role == Role.COORDINATOR:
        where.add(f"{visibility.relation} = 'in_scope' and r.sector = any({{}}::text[])", list(reader.sectors))
    elif reader.role == Role.SECRETARIAT:
        where.add(f"not {BELONGS}")
    else:
        where.add("false")
    where.add(f"not {OF_THEIR_OWN}", list(reader.organisations))
    where.add(f"not {SENT_BY_THEM}", reader.subject)
