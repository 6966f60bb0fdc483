"""HTTP in and out of reports."""

from typing import Annotated
from uuid import UUID

from database import Transaction
from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from runtime import audit
from runtime.access import Caller
from runtime.answers import json_answer, versioned
from runtime.cursors import Cursors
from runtime.edge import Asking, EdgeRoute, Tx
from runtime.listing import LARGEST_PAGE, ListQuery
from runtime.problems import NotFound

from activities.reports import commands, queries
from activities.reports.bodies import REPORTS
from activities.reports.columns import COLUMNS, as_object
from activities.reports.domain import Sender
from activities.reports.errors import UnknownColumn
from activities.reports.queries import ReportFilter
from activities.reports.shape import NewReport
from activities.rows import api as rows

router = APIRouter(route_class=EdgeRoute, tags=["reports"])


class ListFilter(ReportFilter):
    """Filter and page of a list."""

    first: int = Field(default=100, ge=1, le=LARGEST_PAGE)
    after: str | None = Field(default=None, max_length=2000)


@router.post("/v1/reports", openapi_extra=rows.described(NewReport))
async def submit(request: Request, tx: Tx, caller: Asking) -> Response:
    """Take reports: one object, an array, or one object a line. Each row is taken or refused by itself."""
    batch = await rows.rows_of(request, REPORTS.read)
    secret = request.app.state.settings.unit_key.get_secret_value().encode()
    taken = await commands.submit_reports(tx, batch.rows, Sender.of(caller.principal), secret)
    outcomes = [*batch.refused, *taken]
    await audit.record(tx, caller.principal, "reports.submit", "reports", rows.counts_of(outcomes))
    return rows.answer(request, outcomes)


@router.get("/v1/reports")
async def report_list(request: Request, tx: Tx, caller: Asking, wanted: Annotated[ListFilter, Query()]) -> Response:
    """Reports, newest month first: your own whole, others' as far as you may see them."""
    filter = ReportFilter(**wanted.model_dump(exclude={"first", "after"}))
    cursors = _cursors(request, caller, filter)
    after = cursors.decode(wanted.after) if wanted.after else None
    found = await queries.reports_page(tx, caller.principal, filter, tuple(COLUMNS), first=wanted.first, after=after)
    await _audit_look(tx, caller, found, "reports")
    body = found.page.as_objects(cursors, COLUMNS)
    body["items"] = [as_object(row) for row in found.page.rows]
    return json_answer(body)


@router.get("/v1/reports/{id}")
async def report(tx: Tx, caller: Asking, id: UUID) -> Response:
    """One report."""
    found = await queries.report_by_id(tx, caller.principal, id)
    if not found.page.rows:
        raise NotFound
    await _audit_look(tx, caller, found, f"report:{id}")
    row = found.page.rows[0]
    return versioned(as_object(row))


@router.post("/internal/reports/query", include_in_schema=False)
async def report_query(request: Request, tx: Tx, caller: Asking, asked: ListQuery[ReportFilter]) -> Response:
    """The gateway's form: columns in, column arrays out."""
    for name in asked.columns:
        if name not in COLUMNS:
            raise UnknownColumn("columns")
    cursors = _cursors(request, caller, asked.filter)
    after = cursors.decode(asked.after) if asked.after else None
    found = await queries.reports_page(
        tx, caller.principal, asked.filter, asked.columns, first=asked.first, after=after
    )
    await _audit_look(tx, caller, found, "reports")
    return json_answer(found.page.as_columns(cursors, asked.columns))


def _cursors(request: Request, caller: Caller, filter: ReportFilter) -> Cursors:
    # Bound to the reader too: what they see of a row decides which rows follow.
    reader = caller.principal
    bound_to = ["reports", filter.model_dump(mode="json"), reader.role, reader.organisation_id]
    return Cursors(request.app.state.settings.cursor_key.get_secret_value(), bound_to=bound_to)


async def _audit_look(tx: Transaction, caller: Caller, found: queries.Found, target: str) -> None:
    if found.sensitive:
        await audit.record(tx, caller.principal, "reports.look", target, {"rows": found.sensitive})
