"""HTTP in and out of reports."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from database import Transaction
from fastapi import APIRouter, Query, Request, Response
from runtime import audit
from runtime.access import KIB, Caller
from runtime.answers import json_answer, versioned
from runtime.body import content_type
from runtime.edge import Asking, EdgeRoute, Tx
from runtime.language import preferred
from runtime.listing import Listing, Page, Paging, Part
from runtime.problems import NotFound

from activities.reports import commands, queries
from activities.reports.bodies import REPORTS, Batch
from activities.reports.columns import COLUMNS, as_object
from activities.reports.commands import Row
from activities.reports.domain import Sender
from activities.reports.queries import ReportFilter
from activities.reports.shape import NewReport
from activities.results import by_row, counts_of, status_of

router = APIRouter(route_class=EdgeRoute, tags=["reports"])

LONG = 64 * KIB
ROWS = {"anyOf": [NewReport.model_json_schema(), {"type": "array", "items": {"type": "object"}}]}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": ROWS}, "application/x-ndjson": {"schema": {"type": "string"}}},
    }
}


class ReportPage(ReportFilter, Paging):
    """Which reports, and which page of them."""


@router.post("/v1/reports", openapi_extra=BODY)
async def submit(request: Request, tx: Tx, caller: Asking) -> Response:
    """Take reports: one object, an array, or one object a line. Each row is taken or refused by itself."""
    batch = await _read(request, await request.body())
    sender = sender_of(caller)
    secret = request.app.state.settings.unit_key.get_secret_value().encode()
    outcomes = await commands.submit_reports(tx, batch.rows, sender, secret)
    outcomes = sorted([*batch.refused, *outcomes], key=lambda outcome: outcome.row)
    await audit.record(tx, caller.principal, "reports.submit", "reports", counts_of(outcomes))
    language = preferred(request.headers.get("accept-language"))
    return json_answer(by_row(outcomes, language), status_of(outcomes), {"Content-Language": language})


async def _read(request: Request, body: bytes) -> Batch[Row]:
    kind = content_type(request)
    return await asyncio.to_thread(REPORTS.read, kind, body) if len(body) > LONG else REPORTS.read(kind, body)


async def _find(tx: Transaction, caller: Caller, wanted: ReportFilter, part: Part) -> Page:
    found = await queries.reports_page(tx, caller.principal, wanted, part.columns, first=part.first, after=part.behind)
    await _audit_look(tx, caller, found, "reports")
    return found.page


LIST = Listing("reports", ReportFilter, tuple(COLUMNS), _find)


@router.get("/v1/reports")
async def report_list(request: Request, wanted: Annotated[ReportPage, Query()]) -> Response:
    """Reports, newest month first: your own whole, others' as far as you may see them."""
    page = await LIST.page(request, wanted)
    return json_answer({**page, "items": [as_object(row) for row in page["items"]]})


@router.get("/v1/reports/{id}")
async def report(tx: Tx, caller: Asking, id: UUID) -> Response:
    """One report."""
    found = await queries.report_by_id(tx, caller.principal, id)
    if not found.page.rows:
        raise NotFound
    await _audit_look(tx, caller, found, f"report:{id}")
    row = found.page.rows[0]
    return versioned(as_object(row))


async def _audit_look(tx: Transaction, caller: Caller, found: queries.Found, target: str) -> None:
    if found.sensitive:
        await audit.record(tx, caller.principal, "reports.look", target, {"rows": found.sensitive})


def sender_of(caller: Caller) -> Sender:
    principal = caller.principal
    return Sender(
        principal.subject,
        principal.role,
        principal.organisation_id,
        frozenset(principal.sectors),
        frozenset(principal.areas),
    )
