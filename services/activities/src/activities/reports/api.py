"""HTTP in and out of reports."""

from uuid import UUID

from contracts.reports import REPORTS, Report
from fastapi import APIRouter, Request, Response
from runtime import audit
from runtime.access import JSON, MIB, Rule
from runtime.answers import versioned
from runtime.listing import Listing
from runtime.looks import Look
from runtime.problems import NotFound
from runtime.reading import list_route
from runtime.routing import Asking, TransactionalRoute, Tx
from runtime.rows import answers as rows

from activities.access import NDJSON, READERS, SENDERS
from activities.reports import bodies, commands, queries
from activities.reports.columns import as_object
from activities.reports.domain import Sender
from activities.reports.schemas import NewReport
from activities.reports.visibility import VISIBILITY

router = APIRouter(route_class=TransactionalRoute, tags=["reports"])


@router.post("/v1/reports", **rows.described(NewReport))
@Rule(SENDERS, (JSON, *NDJSON), largest_body=32 * MIB, planned_once=True)
async def submit(request: Request, tx: Tx, caller: Asking) -> Response:
    """Take reports: one object, an array, or one object a line. Each row is taken or refused by itself."""
    batch = await rows.rows_of(request, bodies.REPORTS.read)
    secret = request.app.state.settings.unit_key.get_secret_value().encode()
    taken = await commands.submit_reports(tx, batch.rows, Sender.of(caller.principal), secret)
    outcomes = [*batch.rejected, *taken]
    await audit.record(tx, caller.principal, "reports.submit", "reports", rows.counts_of(outcomes))
    return rows.answer(request, outcomes)


LIST = Listing(
    REPORTS,
    queries.reports_page,
    Rule(READERS),
    queries.changed_reports,
    shown=lambda _: as_object,
    by=[("organisation_id",)],
    visibility=VISIBILITY,
    look=Look("reports.look", "reports"),
    plans_once=queries.are_in_an_index,
)
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
    found = await queries.report_by_id(tx, caller.reader, id)
    if not found.rows:
        raise NotFound
    await LIST.record_look(tx, caller, found.rows, REPORTS.columns, Look("reports.look", f"report:{id}"))
    return versioned(as_object(found.rows[0]))
