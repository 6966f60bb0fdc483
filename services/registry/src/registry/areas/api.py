"""Areas by HTTP: lists, one area, and files loaded by the secretariat."""

import asyncio
from http import HTTPStatus
from typing import Annotated, Any

from contracts.areas import Area
from contracts.rows import RowsAnswer
from contracts.values import Country, Pcode
from fastapi import APIRouter, Path, Query, Request, Response
from runtime.answers import json_answer, versioned
from runtime.body import content_type
from runtime.edge import Asking, EdgeRoute, Tx
from runtime.language import Language, preferred
from runtime.openapi import refuses
from runtime.problems import NotFound, Refusal
from runtime.reading import list_route
from runtime.rows.errors import TooManyRows

from registry.areas import commands, files
from registry.areas.commands import Loaded
from registry.areas.errors import MalformedTable
from registry.areas.queries import SOURCE

router = APIRouter(route_class=EdgeRoute, prefix="/v1/areas", tags=["areas"])


LIST = SOURCE.listing(followed=True)
list_route(router, "", LIST, "Areas in order of their P-codes; with `changes_after` in the order of their changes.")


@router.get("/{country}/{pcode}", response_model=Area)
async def area_detail(
    tx: Tx, caller: Asking, country: Annotated[Country, Path()], pcode: Annotated[Pcode, Path()]
) -> Response:
    """One area."""
    found = await SOURCE.one(tx, caller, country, pcode)
    if found is None:
        raise NotFound
    return versioned(found)


@router.post(
    "",
    response_model=RowsAnswer,
    responses={
        207: {"model": RowsAnswer, "description": "Some rows were taken."},
        422: {"model": RowsAnswer, "description": "No row was taken."},
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                files.CSV: {
                    "schema": {"type": "string", "example": "level,pcode,name_en,name_ar,parent_pcode,lat,lon"}
                },
                files.NDJSON: {"schema": files.SentArea.model_json_schema()},
            },
        },
        **refuses(MalformedTable, TooManyRows),
    },
)
async def area_load(
    request: Request, tx: Tx, caller: Asking, country: Annotated[Country | None, Query()] = None
) -> Response:
    """Load a file of areas: what is new or differs is written, what is faulty is refused row by row."""
    rows, unread = await asyncio.to_thread(files.read, await request.body(), content_type(request))
    loaded = await commands.load_areas(tx, caller.principal, rows, country)
    language = preferred(request.headers.get("accept-language"))
    return await asyncio.to_thread(_answer, loaded, [*unread, *loaded.refused], language)


def _answer(loaded: Loaded, refusals: list[Refusal], language: Language) -> Response:
    results = [*_taken(loaded), *_refused(refusals, language)]
    return _bulk(sorted(results, key=lambda result: result["row"]))


def _taken(loaded: Loaded) -> list[dict[str, Any]]:
    keys = [(placed, (placed.country, placed.area.pcode)) for placed in loaded.placed]
    return [
        {
            "row": placed.area.row,
            "status": _status(loaded, key),
            "id": ":".join(key),
            "version": loaded.versions[key],
            "flags": [],
            "errors": [],
        }
        for placed, key in keys
    ]


def _status(loaded: Loaded, key: tuple[str, str]) -> str:
    if key not in loaded.changed:
        return "unchanged"
    return "created" if loaded.versions[key] == 1 else "updated"


def _refused(refusals: list[Refusal], language: Language) -> list[dict[str, Any]]:
    errors: dict[int, list[dict[str, object]]] = {}
    for refusal in refusals:
        errors.setdefault(refusal.row or 0, []).append(refusal.as_error(language))
    return [
        {"row": row, "status": "refused", "id": None, "version": None, "flags": [], "errors": found}
        for row, found in errors.items()
    ]


def _bulk(results: list[dict[str, Any]]) -> Response:
    refused = sum(result["status"] == "refused" for result in results)
    taken = len(results) - refused
    partly = HTTPStatus.MULTI_STATUS if taken else HTTPStatus.UNPROCESSABLE_ENTITY
    content = {"taken": taken, "refused": refused, "results": results}
    return json_answer(content, partly if refused else HTTPStatus.OK)
