"""Scopes by HTTP."""

from fastapi import APIRouter, Response
from runtime.answers import json_answer
from runtime.edge import EdgeRoute, Tx

from registry.scopes import queries

router = APIRouter(route_class=EdgeRoute, prefix="/v1/scopes", tags=["scopes"])


@router.get("")
async def scope_list(tx: Tx) -> Response:
    """Scopes with their areas; `active_from` is null while one is only planned."""
    return json_answer({"items": [dict(row) for row in await queries.scopes(tx)], "next": None})
