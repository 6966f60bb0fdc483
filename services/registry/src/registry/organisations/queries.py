"""Questions about organisations: verified ones and the asker's own, or all for the secretariat."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from contracts.folding import sought
from contracts.registry import OrganisationStatus
from contracts.text import Line
from contracts.values import Pcode, SectorCode
from database import Transaction
from pydantic import BaseModel, ConfigDict, Field
from runtime.changes import CHANGED_IN, GONE, Span, changed
from runtime.listing import Page, Part

from registry.organisations.domain import Contact, Organisation, Viewer
from registry.organisations.shape import TypeCode
from registry.organisations.store import COLUMNS, SEEN, organisation_of
from registry.selection import Selection

FIELDS = tuple(COLUMNS.split(", "))
SORT = ("sort_name", "id")


class OrganisationFilter(BaseModel):
    """Which organisations: each part that is given narrows the list. Codes are exact."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    status: OrganisationStatus | None = None
    type_code: TypeCode | None = None
    sector: SectorCode | None = None
    area: Annotated[Pcode | None, Field(description="Named as an area of work, exactly this one")] = None
    search: Annotated[Line | None, Field(description="Beginning of a word of a name, in any spelling")] = None


NAMED = "id in (select organisation_id from organisation_name where starts_with(folded, nullif({}, '')))"


async def organisations(tx: Transaction, viewer: Viewer, asked: OrganisationFilter, part: Part) -> Page:
    """Organisations in order of their folded names."""
    selected = Selection()
    selected.add(SEEN, viewer.sees_all, viewer.own)
    _narrow(selected, asked)
    selected.add_after("(sort_name, id) > ({}, {}::uuid)", _position(part.behind))
    limit = selected.limit(part.first)
    rows = await tx.fetch(
        f"select {COLUMNS}, sort_name from organisation {selected.where} order by sort_name, id {limit}",  # noqa: S608
        *selected.values,
    )
    return Page.of([dict(row) for row in rows], first=part.first, sort=SORT)


async def changed_organisations(
    tx: Transaction, viewer: Viewer, asked: OrganisationFilter, span: Span
) -> list[Mapping[str, Any]]:
    """Organisations of a span that match, and those the viewer may have had that no longer do.

    An applicant is told to nobody, not even as gone.
    """
    matching, all_ = Selection(), Selection()
    matching.add(SEEN, viewer.sees_all, viewer.own)
    _narrow(matching, asked)
    all_.values += matching.values
    all_.add(changed("o", "{}", "{}", "{}"), *span.arguments)
    if span.from_the_start:
        all_.add(matching.condition)
    else:
        all_.add(f"({SEEN} or hidden_in >= {{}}::text::xid8)", viewer.sees_all, viewer.own, span.seen_from)
    limit = all_.limit(span.first)
    rows = await tx.fetch(
        f"""
        select {COLUMNS}, changed_in::text as "{CHANGED_IN}", ({matching.condition}) is not true as "{GONE}"
          from organisation as o {all_.where} order by changed_in, id {limit}
        """,  # noqa: S608  constants of the code
        *all_.values,
    )
    return [dict(row) for row in rows]


def _narrow(selected: Selection, asked: OrganisationFilter) -> None:
    selected.add_given("status = {}", asked.status)
    selected.add_given("type_code = {}", asked.type_code)
    selected.add_given("sectors @> array[{}]", asked.sector)
    selected.add_given("areas @> array[{}]", asked.area)
    selected.add_given(NAMED, sought(asked.search) if asked.search is not None else None)


def _position(behind: Sequence[object] | None) -> tuple[str, UUID] | None:
    return (str(behind[0]), UUID(str(behind[1]))) if behind else None


async def organisation(tx: Transaction, viewer: Viewer, id: UUID) -> Organisation | None:
    """The organisation, where the viewer sees it."""
    row = await tx.fetchrow(
        f"select {COLUMNS} from organisation where id = $1 and {SEEN.format('$2', '$3')}",  # noqa: S608
        id,
        viewer.sees_all,
        viewer.own,
    )
    return organisation_of(row) if row else None


async def own_contacts(tx: Transaction, viewer: Viewer, id: UUID) -> list[Contact] | None:
    """Contacts of the viewer's own organisation; None for any other, whoever asks."""
    if viewer.own != id:
        return None
    rows = await tx.fetch(
        "select name, email, phone from organisation_contact where organisation_id = $1 order by place", viewer.own
    )
    return [Contact(**row) for row in rows]
