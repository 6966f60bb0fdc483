"""HTTP in and out of contests."""

from typing import Annotated, Any
from uuid import UUID

from contracts.reports import ReportStanding
from fastapi import APIRouter, Header, Response
from runtime.access import Rule
from runtime.answers import etag, expected_version, json_answer
from runtime.openapi import refuses
from runtime.problems import OutsideYourScope
from runtime.routing import Asking, TransactionalRoute, Tx

from activities.access import NAMED, REVIEWERS
from activities.contests import commands
from activities.contests.errors import ContestedAlready, NoOpenContest, NotNamed
from activities.contests.schemas import NewContest, NewSettlement

router = APIRouter(route_class=TransactionalRoute, tags=["contests"])

IfMatch = Annotated[str | None, Header()]


@router.post(
    "/v1/reports/{id}/contest", response_model=ReportStanding, openapi_extra=refuses(NotNamed, ContestedAlready)
)
@Rule(NAMED)
async def contest(tx: Tx, caller: Asking, id: UUID, body: NewContest, if_match: IfMatch = None) -> Response:
    """Contest that another's report names your organisation as its implementer.

    `GET /v1/reports?named_as_implementer=true` lists such reports. Until a reviewer dismisses it, nobody but the
    reporter, the reviewers and you is shown the name, in the report, its versions and what is counted of it. Sent
    again with the same implementer, the report stays contested.
    """
    row = await commands.contest(tx, caller.principal, id, body, expected=expected_version(if_match))
    return _answer(row)


@router.post(
    "/v1/reports/{id}/contest/settle",
    response_model=ReportStanding,
    openapi_extra=refuses(NoOpenContest, OutsideYourScope),
)
@Rule(REVIEWERS)
async def settle(tx: Tx, caller: Asking, id: UUID, body: NewSettlement, if_match: IfMatch = None) -> Response:
    """Uphold or dismiss a contest, as a reviewer of the report: of a working group in its scope, or the secretariat."""
    row = await commands.settle(tx, caller.principal, id, body, expected=expected_version(if_match))
    return _answer(row)


def _answer(row: Any) -> Response:
    answer = {name: row[name] for name in ("id", "version", "implementer_contest")}
    return json_answer(answer, headers={"ETag": etag(row["version"])})
