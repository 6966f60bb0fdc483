"""Areas by HTTP: lists, one area, and files loaded by the secretariat."""

import asyncio
from collections.abc import Iterable
from itertools import groupby
from typing import Annotated, Any

from contracts.areas import Area
from contracts.nouns import SparseRow, described
from contracts.rows import RowsAnswer
from contracts.sensitivity import Low
from contracts.text import Line
from contracts.values import Country, Pcode
from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field
from runtime.access import MIB, SECRETARIAT_ONLY, Rule
from runtime.answers import versioned
from runtime.body import content_type
from runtime.problems import NotFound, Refusal
from runtime.reading import list_route
from runtime.routing import Asking, TransactionalRoute, Tx
from runtime.rows import answers as rows
from runtime.rows.outcomes import Outcome, rejected_row

from registry.access import REFERENCE
from registry.areas import commands, files
from registry.areas.commands import LoadedFile
from registry.areas.queries import SOURCE
from registry.countries.queries import code_of

Source = Annotated[Line, Field(max_length=300)]

router = APIRouter(route_class=TransactionalRoute, prefix="/v1/areas", tags=["areas"])


LIST = SOURCE.listing(REFERENCE)
list_route(router, "", LIST, "Areas in order of their P-codes; with `changes_after` in the order of their changes.")


@router.get("/{country}/{pcode}", response_model=Area)
@REFERENCE
async def area_detail(
    tx: Tx, caller: Asking, country: Annotated[Country, Path()], pcode: Annotated[Pcode, Path()]
) -> Response:
    """One area."""
    found = await SOURCE.one(tx, caller.reader, await code_of(tx, country), pcode)
    if found is None:
        raise NotFound
    return versioned(found)


class ChangedField(SparseRow):
    """A field of a known area that a load would change."""

    id: Low[str] = described("Country and P-code.", "البلد والرمز.")
    field: Low[str] = described("Its name.", "اسمه.")
    before: Low[Any] = described("What is known.", "القيمة الحالية.")
    after: Low[Any] = described("What it would be.", "القيمة الجديدة.")


class AreasAnswer(RowsAnswer):
    """What becomes of the rows of a file of areas."""

    changes: Low[tuple[ChangedField, ...]] = described(
        "With `dry_run`: each field of a known area that would be another.",
        "مع dry_run: كل حقل سيتغيّر في منطقة معروفة.",
        (),
    )


@router.post(
    "",
    **rows.described_answers(
        {
            files.CSV: {"schema": {"type": "string", "example": "level,pcode,name_en,name_ar,parent_pcode,lat,lon"}},
            files.NDJSON: {"schema": files.SentArea.model_json_schema()},
            files.GEOJSON: {"schema": {"type": "object"}},
            **{kind: {"schema": {"type": "string", "format": "binary"}} for kind in (*files.SHEETS, files.ZIP)},
        },
        shape=AreasAnswer,
    ),
)
@Rule(SECRETARIAT_ONLY, content_types=files.KINDS, largest_body=32 * MIB)
async def area_load(
    request: Request,
    tx: Tx,
    caller: Asking,
    country: Annotated[Country | None, Query()] = None,
    source: Annotated[Source | None, Query()] = None,
    dry_run: Annotated[bool, Query()] = False,
) -> Response:
    """Load a file of areas: what is new or differs is written, what is faulty is refused row by row.

    `source` is whom a map that shows its boundaries is to name. With `dry_run=true` nothing is written: the answer is
    the same, and `changes` tells each field of a known area that would be another.
    """
    sent = await files.read(await request.body(), content_type(request))
    if dry_run:
        loaded, changes = await commands.preview_areas(tx, caller.principal, sent.rows, country)
        return await asyncio.to_thread(_answer, request, loaded, sent.rejected, changes=list(map(vars, changes)))
    loaded = await commands.load_areas(tx, caller.principal, sent.rows, country, source)
    return await asyncio.to_thread(_answer, request, loaded, sent.rejected)


def _answer(request: Request, loaded: LoadedFile, unread: Iterable[Outcome], **more: object) -> Response:
    by_row = groupby(sorted(loaded.refused, key=_row), _row)
    misplaced = [rejected_row(row, list(refusals)) for row, refusals in by_row]
    return rows.answer(request, [*map(loaded.outcome, loaded.placed), *misplaced, *unread], **more)


def _row(refusal: Refusal) -> int:
    return refusal.row or 0
