"""Sectors, indicators and organisation types by HTTP."""

from collections.abc import Iterable
from typing import Annotated

from contracts.values import SectorCode
from database import Record
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict
from runtime.answers import json_answer
from runtime.edge import EdgeRoute, Tx
from runtime.naming import check_named

from registry.codes import queries

router = APIRouter(route_class=EdgeRoute, prefix="/v1", tags=["codes"])


class IndicatorFilter(BaseModel):
    """Which indicators."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sector: SectorCode | None = None


def _whole(rows: Iterable[Record]) -> Response:
    return json_answer({"items": [dict(row) for row in rows], "next": None})


@router.get("/sectors")
async def sector_list(tx: Tx) -> Response:
    """Sectors and areas of responsibility, with the spellings they are known by."""
    return _whole(await queries.sectors(tx))


@router.get("/indicators")
async def indicator_list(tx: Tx, asked: Annotated[IndicatorFilter, Query()]) -> Response:
    """Indicators, of one sector where one is named. A starting list until the working groups ratify their own."""
    found = await queries.indicators(tx, asked.sector)
    if not found:
        await check_named(tx, asked)
    return _whole(found)


@router.get("/organisation-types")
async def organisation_type_list(tx: Tx) -> Response:
    """The HAPI list of organisation types."""
    return _whole(await queries.organisation_types(tx))
