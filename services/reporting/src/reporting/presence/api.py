"""`/v1/presence`: organisations at work by area and sector."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from runtime.answers import json_answer
from runtime.edge import EdgeRoute
from runtime.listing import Paging

from reporting.pages import figures_list
from reporting.presence.queries import COLUMNS, PresenceFilter, presence

router = APIRouter(route_class=EdgeRoute, tags=["presence"])

LIST = figures_list("presence", PresenceFilter, COLUMNS, presence)


class PresencePage(PresenceFilter, Paging):
    """Which presence, and which page of it."""


@router.get("/v1/presence")
async def presences(request: Request, asked: Annotated[PresencePage, Query()]) -> Response:
    """Distinct organisations with ongoing or completed work, per area and sector, over the months asked for."""
    return json_answer(await LIST.page(request, asked))
