"""`/v1/coverage`: reach by area, sector, month and population group."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from runtime.answers import json_answer
from runtime.edge import Asking, EdgeRoute, Tx
from runtime.listing import After, First, ListQuery

from reporting.coverage.queries import COLUMNS, SORT, CoverageFilter, figures
from reporting.disclosure import sight_of
from reporting.freshness.queries import freshness
from reporting.pages import check_columns, cursors_of

router = APIRouter(route_class=EdgeRoute, tags=["coverage"])


class CoveragePage(CoverageFilter):
    """Which figures, and which page of them."""

    first: First = 100
    after: After = None


@router.get("/v1/coverage")
async def coverage(request: Request, tx: Tx, caller: Asking, asked: Annotated[CoveragePage, Query()]) -> Response:
    """People reached per area, sector, month and population group, each figure with its counting rule.

    Two sides of each figure: `people_…`, `frequencies` and `reports` count submitted and approved reports, and `basis`
    says `provisional`, or `official` where all of them are approved; `official_…` counts approved reports alone.
    Returned reports count in neither. `official_reason` says why `official_people_total` is null, `reason` why
    `people_total` is or what was suppressed.
    """
    cursors = cursors_of(request.app.state.settings, "coverage", asked, SORT)
    behind = cursors.decode(asked.after) if asked.after else None
    page = await figures(tx, asked.checked(), sight_of(caller), first=asked.first, behind=behind)
    return json_answer((await freshness(tx)).beside(page.as_objects(cursors, COLUMNS)))


@router.post("/internal/coverage/query", include_in_schema=False)
async def coverage_columns(request: Request, tx: Tx, caller: Asking, query: ListQuery[CoverageFilter]) -> Response:
    """The same as columns, for the gateway."""
    check_columns(query.columns, COLUMNS)
    cursors = cursors_of(request.app.state.settings, "coverage", query.filter, SORT)
    behind = cursors.decode(query.after) if query.after else None
    page = await figures(tx, query.filter.checked(), sight_of(caller), first=query.first, behind=behind)
    return json_answer((await freshness(tx)).beside(page.as_columns(cursors, query.columns)))
