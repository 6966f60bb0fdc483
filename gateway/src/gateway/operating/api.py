"""Metrics at the public door: for the secretariat alone. Who scrapes has a listener of their own."""

from fastapi import APIRouter, Request, Response
from runtime.access import SECRETARIAT_ONLY, Rule
from runtime.application import metrics
from runtime.routing import AuthorizedRoute

router = APIRouter(route_class=AuthorizedRoute, include_in_schema=False)


@router.get("/metrics")
@Rule(SECRETARIAT_ONLY)
async def show_metrics(request: Request) -> Response:
    """What this replica counts, as Prometheus reads it."""
    return metrics()
