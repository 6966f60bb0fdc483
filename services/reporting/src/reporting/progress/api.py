"""`/v1/progress`: what was reached of the targets."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from runtime.answers import json_answer
from runtime.edge import Asking, EdgeRoute, Tx
from runtime.listing import After, First, ListQuery

from reporting.disclosure import sight_of
from reporting.freshness.queries import freshness
from reporting.pages import check_columns, cursors_of
from reporting.progress.queries import COLUMNS, SORT, ProgressFilter, progress

router = APIRouter(route_class=EdgeRoute, tags=["progress"])


class ProgressPage(ProgressFilter):
    """Which progress, and which page of it."""

    first: First = 100
    after: After = None


@router.get("/v1/progress")
async def progresses(request: Request, tx: Tx, caller: Asking, asked: Annotated[ProgressPage, Query()]) -> Response:
    """Reach against target: coverage of target and gap to target, each over the target's own period.

    A target of one month is set against that month's reach, one of a longer period against cumulative reach by the
    sector's counting rule. Where an area has no target of its own, those of the areas inside it are summed.
    """
    cursors = cursors_of(request.app.state.settings, "progress", asked, SORT)
    behind = cursors.decode(asked.after) if asked.after else None
    page = await progress(tx, asked.checked(), sight_of(caller), first=asked.first, behind=behind)
    return json_answer((await freshness(tx)).beside(page.as_objects(cursors, COLUMNS)))


@router.post("/internal/progress/query", include_in_schema=False)
async def progress_columns(request: Request, tx: Tx, caller: Asking, query: ListQuery[ProgressFilter]) -> Response:
    """The same as columns, for the gateway."""
    check_columns(query.columns, COLUMNS)
    cursors = cursors_of(request.app.state.settings, "progress", query.filter, SORT)
    behind = cursors.decode(query.after) if query.after else None
    page = await progress(tx, query.filter.checked(), sight_of(caller), first=query.first, behind=behind)
    return json_answer((await freshness(tx)).beside(page.as_columns(cursors, query.columns)))
