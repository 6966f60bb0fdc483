"""HTTP in and out of reviews."""

from typing import Annotated, Any
from uuid import UUID

from contracts.reports import REPORT_VERSIONS, ReportStanding, ReportVersion, ReportVersionFilter
from database import Transaction
from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import TypeAdapter
from runtime.access import JSON, MIB, Reader, Rule
from runtime.answers import etag, expected_version, json_answer
from runtime.listing import Listing, Page, PageRequest, Paging, Row
from runtime.looks import Look
from runtime.openapi import refuses
from runtime.problems import NotFound, OutsideYourScope
from runtime.reading import list_answer
from runtime.routing import Asking, TransactionalRoute, Tx
from runtime.rows import answers as rows
from runtime.rows.errors import NoRows, TooManyRows
from runtime.rows.reading import BodyReader

from activities.access import NDJSON, READERS, REVIEWERS, SENDERS
from activities.reports.columns import as_object
from activities.reports.visibility import VISIBILITY
from activities.reviews import commands, queries
from activities.reviews.errors import NotReturned, SameSensitivity
from activities.reviews.schemas import Again, NewDecision, NewSensitivity

router = APIRouter(route_class=TransactionalRoute, tags=["reviews"])

READER: BodyReader[tuple[int, NewDecision]] = BodyReader(
    TypeAdapter(list[NewDecision]),
    lambda row, asked: (row, asked),
    legacy={TooManyRows: "too_many_decisions", NoRows: "no_decisions"},
)


class VersionPage(ReportVersionFilter, Paging):
    """Versions of which report, and which page of them."""


@router.post("/v1/reviews", **rows.described(NewDecision))
@Rule(REVIEWERS, (JSON, *NDJSON), largest_body=32 * MIB)
async def review(request: Request, tx: Tx, caller: Asking) -> Response:
    """Approve or return reports: one decision, an array, or one a line. Each is taken or refused by itself.

    A decision names the version that was read. Of two reviewers of one version the first is taken, the second is
    refused with `version_mismatch`. A working group decides in its sectors and areas; the secretariat on what no
    working group can review, and on the rest with an `override_reason`.
    """
    batch = await rows.rows_of(request, READER.read)
    outcomes = await commands.review_reports(tx, caller.principal, batch.rows)
    return rows.answer(request, [*batch.rejected, *outcomes])


@router.post(
    "/v1/reports/{id}/submit", response_model=ReportStanding, openapi_extra=refuses(NotReturned, OutsideYourScope)
)
@Rule(SENDERS)
async def submit_again(
    tx: Tx, caller: Asking, id: UUID, body: Again | None = None, if_match: Annotated[str | None, Header()] = None
) -> Response:
    """Send a returned report again as it is, with a word to its reviewer: of the version named in If-Match."""
    comment = (body.comment if body else None) or None
    row = await commands.submit_again(tx, caller.principal, id, expected=expected_version(if_match), comment=comment)
    answer = {name: row[name] for name in ("id", "version", "stage")}
    return json_answer(answer, headers={"ETag": etag(row["version"])})


@router.post(
    "/v1/reports/{id}/sensitivity",
    response_model=ReportStanding,
    openapi_extra=refuses(SameSensitivity, OutsideYourScope),
)
@Rule(SENDERS)
async def set_sensitivity(
    tx: Tx, caller: Asking, id: UUID, body: NewSensitivity, if_match: Annotated[str | None, Header()] = None
) -> Response:
    """Set how sensitive a report is: what words or its sender made of it holds until somebody who may see it says so.

    Its owner may raise it; its working group, or the secretariat, lowers what they may see. A reason is kept with the
    version. Sent again with other content, the report is judged anew.
    """
    row = await commands.set_sensitivity(tx, caller.principal, id, body, expected=expected_version(if_match))
    answer = {name: row[name] for name in ("id", "version", "sensitivity")}
    return json_answer(answer, headers={"ETag": etag(row["version"])})


async def _find(tx: Transaction, reader: Reader, filter: ReportVersionFilter, part: PageRequest) -> Page:
    return await queries.versions_page(tx, reader, filter.report, part)


def _shown(row: Row) -> dict[str, Any]:
    return {**{name: row[name] for name in REPORT_VERSIONS.columns}, "report": as_object(row["report"])}


VERSIONS = Listing(
    REPORT_VERSIONS,
    _find,
    Rule(READERS),
    shown=lambda _: _shown,
    by=[("report",)],
    visibility=VISIBILITY,
    look=Look("reports.look", "report:{report}", of_many="reports", counted="versions"),
)


@router.get("/v1/reports/{id}/versions", response_model=list_answer(ReportVersion))
@Rule(READERS)
async def versions(request: Request, id: UUID, page: Annotated[Paging, Query()]) -> Response:
    """Every version of a report, newest first: who made it and when, at which stage, and what it said."""
    body = await VERSIONS.page(request, VersionPage(report=id, **dict(page)))
    if not body["items"] and page.after is None:
        raise NotFound
    return json_answer(body)
