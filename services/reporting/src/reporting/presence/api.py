"""`/v1/presence`: organisations at work by area and sector."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from runtime.answers import json_answer
from runtime.edge import Asking, EdgeRoute, Tx
from runtime.listing import After, First, ListQuery

from reporting.disclosure import sight_of
from reporting.freshness.queries import freshness
from reporting.pages import check_columns, cursors_of
from reporting.presence.queries import COLUMNS, SORT, PresenceFilter, presence

router = APIRouter(route_class=EdgeRoute, tags=["presence"])


class PresencePage(PresenceFilter):
    """Which presence, and which page of it."""

    first: First = 100
    after: After = None


@router.get("/v1/presence")
async def presences(request: Request, tx: Tx, caller: Asking, asked: Annotated[PresencePage, Query()]) -> Response:
    """Distinct organisations with ongoing or completed work, per area and sector, over the months asked for."""
    cursors = cursors_of(request.app.state.settings, "presence", asked, SORT)
    behind = cursors.decode(asked.after) if asked.after else None
    page = await presence(tx, asked.checked(), sight_of(caller), first=asked.first, behind=behind)
    return json_answer((await freshness(tx)).beside(page.as_objects(cursors, COLUMNS)))


@router.post("/internal/presence/query", include_in_schema=False)
async def presence_columns(request: Request, tx: Tx, caller: Asking, query: ListQuery[PresenceFilter]) -> Response:
    """The same as columns, for the gateway."""
    check_columns(query.columns, COLUMNS)
    cursors = cursors_of(request.app.state.settings, "presence", query.filter, SORT)
    behind = cursors.decode(query.after) if query.after else None
    page = await presence(tx, query.filter.checked(), sight_of(caller), first=query.first, behind=behind)
    return json_answer((await freshness(tx)).beside(page.as_columns(cursors, query.columns)))
