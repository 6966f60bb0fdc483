"""`/v1/coverage`: reach by area, sector, month and population group."""

from contracts.figures import COVERAGE
from fastapi import APIRouter
from runtime.reading import list_route
from runtime.routing import TransactionalRoute

from reporting.coverage.queries import FIGURES, figures
from reporting.pages import figures_list

router = APIRouter(route_class=TransactionalRoute, tags=["coverage"])
LIST = figures_list(COVERAGE, figures, FIGURES)
list_route(
    router,
    "/v1/coverage",
    LIST,
    """People reached per area, sector, month and population group, each figure with its counting rule.

    Two sides of each figure: `people_…`, `frequencies` and `reports` count submitted and approved reports, and `basis`
    says `provisional`, or `official` where all of them are approved; `official_…` counts approved reports alone.
    Returned reports count in neither. `official_reason` says why `official_people_total` is null, `reason` why
    `people_total` is or what was withheld: others are shown what the rows they may read add up to (`withheld_rows`,
    `small_count`), and of protection no people (`withheld_protection`), but by governorate of a closed month as they
    were frozen at `frozen_at`, where three other organisations stand behind them (`few_organisations`).
    """,
)
