"""HTTP in and out of reports."""

from collections.abc import Sequence
from uuid import UUID

from contracts.reports import REPORTS, Report, ReportFilter
from database import Transaction
from fastapi import APIRouter, Request, Response
from runtime import audit
from runtime.access import JSON, MIB, Caller, Rule
from runtime.answers import versioned
from runtime.changes import Row, Span
from runtime.edge import Asking, EdgeRoute, Tx
from runtime.listing import Listing, Page, Part
from runtime.problems import NotFound
from runtime.reading import list_route
from runtime.rows import answers as rows

from activities.access import NDJSON, READERS, SENDERS
from activities.reports import bodies, commands, queries
from activities.reports.columns import as_object
from activities.reports.domain import Sender
from activities.reports.shape import NewReport

router = APIRouter(route_class=EdgeRoute, tags=["reports"])


@router.post("/v1/reports", **rows.described(NewReport))
@Rule(SENDERS, (JSON, *NDJSON), largest_body=32 * MIB)
async def submit(request: Request, tx: Tx, caller: Asking) -> Response:
    """Take reports: one object, an array, or one object a line. Each row is taken or refused by itself."""
    batch = await rows.rows_of(request, bodies.REPORTS.read)
    secret = request.app.state.settings.unit_key.get_secret_value().encode()
    taken = await commands.submit_reports(tx, batch.rows, Sender.of(caller.principal), secret)
    outcomes = [*batch.rejected, *taken]
    await audit.record(tx, caller.principal, "reports.submit", "reports", rows.counts_of(outcomes))
    return rows.answer(request, outcomes)


async def _find(tx: Transaction, caller: Caller, wanted: ReportFilter, part: Part) -> Page:
    found = await queries.reports_page(tx, caller.principal, wanted, part)
    await _audit_look(tx, caller, found.sensitive, "reports")
    return found.page


async def _changes(
    tx: Transaction, caller: Caller, wanted: ReportFilter, columns: Sequence[str], span: Span
) -> Sequence[Row]:
    rows, sensitive = await queries.changed_reports(tx, caller.principal, wanted, columns, span)
    await _audit_look(tx, caller, sensitive, "reports")
    return rows


LIST = Listing(REPORTS, _find, Rule(READERS), _changes, shown=lambda _: as_object, by=[("organisation_id",)])
list_route(
    router,
    "/v1/reports",
    LIST,
    """Reports, newest month first: your own whole, others' as far as you may see them.

With `changes_after` those that changed, in the order of their changes; `{"id": …, "gone": true}` stands for one
that is no longer in the list as you may see it.
Where `withheld` is `withheld_protection`, counts of people are null because they are protection's; where it is
`small_count`, parts are because one of them is under ten.""",
)


@router.get("/v1/reports/{id}", response_model=Report)
@Rule(READERS)
async def report(tx: Tx, caller: Asking, id: UUID) -> Response:
    """One report."""
    found = await queries.report_by_id(tx, caller.principal, id)
    if not found.page.rows:
        raise NotFound
    await _audit_look(tx, caller, found.sensitive, f"report:{id}")
    row = found.page.rows[0]
    return versioned(as_object(row))


async def _audit_look(tx: Transaction, caller: Caller, rows: int, target: str) -> None:
    if rows:
        await audit.record(tx, caller.principal, "reports.look", target, {"rows": rows})
