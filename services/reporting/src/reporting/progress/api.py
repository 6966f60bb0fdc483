"""`/v1/progress`: what was reached of the targets."""

from contracts.figures import PROGRESS
from fastapi import APIRouter
from runtime.reading import list_route
from runtime.routing import TransactionalRoute

from reporting.pages import figures_list
from reporting.progress.queries import TARGET, progress

router = APIRouter(route_class=TransactionalRoute, tags=["progress"])
LIST = figures_list(PROGRESS, progress, TARGET)
list_route(
    router,
    "/v1/progress",
    LIST,
    """Reach against target: coverage of target and gap to target, each over the target's own period.

    A target of one month is set against that month's reach, one of a longer period against cumulative reach by the
    sector's counting rule. Where an area has no target of its own, those of the areas inside it are summed.
    Of protection only those who work on it are told reach (`withheld_protection`).
    """,
)
