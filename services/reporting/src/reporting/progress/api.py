"""`/v1/progress`: what was reached of the targets."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from runtime.answers import json_answer
from runtime.edge import EdgeRoute
from runtime.listing import Paging

from reporting.pages import figures_list
from reporting.progress.queries import COLUMNS, ProgressFilter, progress

router = APIRouter(route_class=EdgeRoute, tags=["progress"])

LIST = figures_list("progress", ProgressFilter, COLUMNS, progress)


class ProgressPage(ProgressFilter, Paging):
    """Which progress, and which page of it."""


@router.get("/v1/progress")
async def progresses(request: Request, asked: Annotated[ProgressPage, Query()]) -> Response:
    """Reach against target: coverage of target and gap to target, each over the target's own period.

    A target of one month is set against that month's reach, one of a longer period against cumulative reach by the
    sector's counting rule. Where an area has no target of its own, those of the areas inside it are summed.
    Of protection only those who work on it are told reach (`withheld_protection`).
    """
    return json_answer(await LIST.page(request, asked))
