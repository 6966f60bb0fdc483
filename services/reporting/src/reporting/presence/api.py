"""`/v1/presence`: organisations at work by area and sector."""

from contracts.figures import PRESENCE
from fastapi import APIRouter
from runtime.reading import list_route
from runtime.routing import TransactionalRoute

from reporting.pages import figures_list
from reporting.presence.queries import CELLS, OF_ORGANISATION, presence

router = APIRouter(route_class=TransactionalRoute, tags=["presence"])
LIST = figures_list(PRESENCE, presence, CELLS, OF_ORGANISATION)
list_route(
    router,
    "/v1/presence",
    LIST,
    "Distinct organisations with ongoing or completed work, per area and sector, over the months asked for.",
)
