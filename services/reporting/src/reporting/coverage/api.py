"""`/v1/coverage`: reach by area, sector, month and population group."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from runtime.answers import json_answer
from runtime.edge import EdgeRoute
from runtime.listing import Paging

from reporting.coverage.queries import COLUMNS, CoverageFilter, figures
from reporting.pages import figures_list

router = APIRouter(route_class=EdgeRoute, tags=["coverage"])

LIST = figures_list("coverage", CoverageFilter, COLUMNS, figures)


class CoveragePage(CoverageFilter, Paging):
    """Which figures, and which page of them."""


@router.get("/v1/coverage")
async def coverage(request: Request, asked: Annotated[CoveragePage, Query()]) -> Response:
    """People reached per area, sector, month and population group, each figure with its counting rule.

    Two sides of each figure: `people_…`, `frequencies` and `reports` count submitted and approved reports, and `basis`
    says `provisional`, or `official` where all of them are approved; `official_…` counts approved reports alone.
    Returned reports count in neither. `official_reason` says why `official_people_total` is null, `reason` why
    `people_total` is or what was withheld: others are shown what the rows they may read add up to (`withheld_rows`,
    `small_count`), and of protection no people (`withheld_protection`), but by governorate of a closed month as they
    were frozen at `frozen_at`, where three other organisations stand behind them (`few_organisations`).
    """
    return json_answer(await LIST.page(request, asked))
