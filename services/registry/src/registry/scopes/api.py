"""Scopes by HTTP."""

from fastapi import APIRouter
from runtime.reading import list_route
from runtime.routing import TransactionalRoute

from registry.access import REFERENCE
from registry.scopes import queries

router = APIRouter(route_class=TransactionalRoute, prefix="/v1/scopes", tags=["scopes"])

list_route(
    router,
    "",
    queries.SOURCE.listing(REFERENCE),
    "Scopes with their areas; `active_from` is null while one is only planned.",
)
