"""Sectors, indicators and organisation types by HTTP."""

from fastapi import APIRouter
from runtime.reading import list_route
from runtime.routing import TransactionalRoute

from registry.access import REFERENCE
from registry.codes import queries

router = APIRouter(route_class=TransactionalRoute, prefix="/v1", tags=["codes"])

list_route(
    router,
    "/sectors",
    queries.SECTOR_SOURCE.listing(REFERENCE),
    "Sectors and areas of responsibility, with the spellings they are known by.",
)
list_route(
    router,
    "/indicators",
    queries.INDICATOR_SOURCE.listing(REFERENCE),
    "Indicators, of one sector where one is named. A starting list until the working groups ratify their own.",
)
list_route(
    router,
    "/organisation-types",
    queries.ORGANISATION_TYPE_SOURCE.listing(REFERENCE),
    "The HAPI list of organisation types.",
)
