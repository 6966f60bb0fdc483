"""Boundaries by HTTP: a level of a country's areas as GeoJSON, for who draws a map."""

from typing import Annotated, Literal

import orjson
from contracts.text import Code, Line
from contracts.values import Country, Names, Pcode
from database import Record
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel
from runtime.routing import Asking, TransactionalRoute, Tx

from registry.access import REFERENCE
from registry.boundaries import queries
from registry.countries.queries import code_of

GEOJSON = "application/geo+json"

router = APIRouter(route_class=TransactionalRoute, prefix="/v1/areas/boundaries", tags=["areas"])


class BoundaryProperties(BaseModel):
    """Which area it is."""

    country: Country
    pcode: Pcode
    level: int
    names: Names
    parent: Pcode | None
    version: int
    source: Line | None


class BoundaryFeature(BaseModel):
    """The boundary of an area (RFC 7946)."""

    type: Literal["Feature"]
    id: Code
    bbox: tuple[float, float, float, float]
    properties: BoundaryProperties
    geometry: dict[Code, object]


class BoundaryCollection(BaseModel):
    """The boundaries of a level (RFC 7946), and whom a map that shows them is to name."""

    type: Literal["FeatureCollection"]
    attribution: list[Line]
    features: list[BoundaryFeature]


@router.get("", response_model=BoundaryCollection)
@REFERENCE
async def area_boundaries(
    tx: Tx,
    caller: Asking,
    country: Annotated[Country, Query()],
    level: Annotated[int, Query(ge=0, le=9)],
    detail: Annotated[Literal["full", "medium", "coarse"], Query()] = "coarse",
) -> Response:
    """Boundaries of a country's areas of one level as GeoJSON; neighbours share their borders in every detail."""
    found = await queries.boundaries(tx, await code_of(tx, country), level, detail)
    collection = {
        "type": "FeatureCollection",
        "attribution": sorted({row["source"] for row in found if row["source"]}),
        "features": [_feature(row) for row in found],
    }
    return Response(orjson.dumps(collection), media_type=GEOJSON)


def _feature(row: Record) -> dict[str, object]:
    return {
        "type": "Feature",
        "id": f"{row['country']}:{row['pcode']}",
        "bbox": [row["west"], row["south"], row["east"], row["north"]],
        "properties": {
            name: row[name] for name in ("country", "pcode", "level", "names", "parent", "version", "source")
        },
        "geometry": orjson.Fragment(row["geometry"]),
    }
