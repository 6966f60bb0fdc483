"""HTTP in and out of reviews."""

from typing import Annotated, Any
from uuid import UUID

from contracts.activities import ReportStage
from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, TypeAdapter
from runtime import audit
from runtime.answers import etag, expected_version, json_answer
from runtime.cursors import Cursors
from runtime.edge import Asking, EdgeRoute, Tx
from runtime.listing import After, First
from runtime.openapi import refuses
from runtime.problems import InvalidCursor, NotFound, OutsideYourScope
from runtime.rows.errors import NoRows, TooManyRows

from activities.reports.columns import as_object
from activities.reviews import commands, queries
from activities.reviews.errors import NotReturned, SameSensitivity
from activities.reviews.shape import Again, NewDecision, NewSensitivity
from activities.rows import api as rows
from activities.rows.bodies import RowReader

router = APIRouter(route_class=EdgeRoute, tags=["reviews"])

READER: RowReader[tuple[int, NewDecision]] = RowReader(
    TypeAdapter(list[NewDecision]),
    lambda row, asked: (row, asked),
    legacy={TooManyRows: "too_many_decisions", NoRows: "no_decisions"},
)


class VersionsPage(BaseModel):
    """Which page of a report's versions."""

    model_config = ConfigDict(extra="forbid")

    first: First = 100
    after: After = None


@router.post("/v1/reviews", openapi_extra=rows.described(NewDecision))
async def review(request: Request, tx: Tx, caller: Asking) -> Response:
    """Approve or return reports: one decision, an array, or one a line. Each is taken or refused by itself.

    A decision names the version that was read. Of two reviewers of one version the first is taken, the second is
    refused with `version_mismatch`. A working group decides in its sectors and areas; the secretariat on what no
    working group can review, and on the rest with an `override_reason`.
    """
    batch = await rows.rows_of(request, READER.read)
    outcomes = await commands.review_reports(tx, caller.principal, batch.rows)
    return rows.answer(request, [*batch.refused, *outcomes])


@router.post("/v1/reports/{id}/submit", openapi_extra=refuses(NotReturned, OutsideYourScope))
async def submit_again(
    tx: Tx, caller: Asking, id: UUID, said: Again | None = None, if_match: Annotated[str | None, Header()] = None
) -> Response:
    """Send a returned report again as it is, with a word to its reviewer: of the version named in If-Match."""
    comment = (said.comment if said else None) or None
    row = await commands.submit_again(tx, caller.principal, id, expected=expected_version(if_match), comment=comment)
    answer = {name: row[name] for name in ("id", "version", "stage")}
    return json_answer(answer, headers={"ETag": etag(row["version"])})


@router.post("/v1/reports/{id}/sensitivity", openapi_extra=refuses(SameSensitivity, OutsideYourScope))
async def set_sensitivity(
    tx: Tx, caller: Asking, id: UUID, asked: NewSensitivity, if_match: Annotated[str | None, Header()] = None
) -> Response:
    """Set how sensitive a report is: what words or its sender made of it holds until somebody who may see it says so.

    Its owner may raise it; its working group, or the secretariat, lowers what they may see. A reason is kept with the
    version. Sent again with other content, the report is judged anew.
    """
    row = await commands.set_sensitivity(tx, caller.principal, id, asked, expected=expected_version(if_match))
    answer = {name: row[name] for name in ("id", "version", "sensitivity")}
    return json_answer(answer, headers={"ETag": etag(row["version"])})


@router.get("/v1/reports/{id}/versions")
async def versions(
    request: Request, tx: Tx, caller: Asking, id: UUID, page: Annotated[VersionsPage, Query()]
) -> Response:
    """Every version of a report, newest first: who made it and when, at which stage, and what it said."""
    cursors = _cursors(request, id)
    before = _position(cursors.decode(page.after)) if page.after else None
    found = await queries.versions_page(tx, caller.principal, id, first=page.first, before=before)
    if not found.page.rows and before is None:
        raise NotFound
    if found.sensitive:
        await audit.record(tx, caller.principal, "reports.look", f"report:{id}", {"versions": found.sensitive})
    body = found.page.as_objects(cursors, ())
    body["items"] = [_as_version(row) for row in found.page.rows]
    return json_answer(body)


def _as_version(row: Any) -> dict[str, Any]:
    """A version is made by its sender, by its reviewer, or by who withdrew it."""
    made = ("reviewed_by", "reviewed_by_role", "reviewed_at", "review_comment")
    if row["stage"] == ReportStage.WITHDRAWN:
        made = ("withdrawn_by", "withdrawn_by_role", "withdrawn_at", "withdrawal_reason")
    elif row["reviewed_at"] is None:
        made = ("submitted_by", "submitted_by_role", "submitted_at", "submission_comment")
    by, role, at, comment = (row[name] for name in made)
    head = {"version": row["version"], "stage": row["stage"], "by": by, "role": role, "at": at, "comment": comment}
    return {
        **head,
        "reviewed_as": row["reviewed_as"],
        "override_reason": row["override_reason"],
        "report": as_object(row),
    }


def _cursors(request: Request, id: UUID) -> Cursors:
    return Cursors(request.app.state.settings.cursor_key.get_secret_value(), bound_to=["versions", str(id)])


def _position(decoded: list[object]) -> int:
    try:
        [version] = decoded
        return int(str(version))
    except ValueError as refused:
        raise InvalidCursor("after") from refused
