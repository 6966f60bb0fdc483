"""HTTP out of files with refused rows: the error workbook."""

import os
from typing import Annotated, Any, Literal
from uuid import UUID

from database import Transaction
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from runtime.access import MIB, Rule
from runtime.openapi import refuses
from runtime.routing import Asking, Db, TransactionalRoute

from activities.access import SENDERS
from activities.corrections import queries, workbooks
from activities.corrections.errors import NoRowsRefused, RowsNotKept, SevereRowsNotKept
from activities.uploads.api import language_of, looked_at

router = APIRouter(route_class=TransactionalRoute, tags=["uploads"], prefix="/v1/uploads")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ANSWERS: dict[str, Any] = refuses(NoRowsRefused, RowsNotKept, SevereRowsNotKept)
WORKBOOK: dict[int | str, dict[str, Any]] = {
    200: {"description": "The workbook.", "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}
}


@router.get("/{id}/error-workbook", response_class=Response, responses=WORKBOOK, openapi_extra=ANSWERS)
@Rule(SENDERS)
async def error_workbook(
    request: Request,
    database: Db,
    caller: Asking,
    id: UUID,
    rows: Annotated[Literal["rejected", "all"], Query()] = "all",
) -> Response:
    """The sender's own rows as a workbook: cells with problems marked, why in a comment and in the last column.

    Mended and sent back with the same form it is read as the file was, the last column being passed over, and rows that
    were taken before are `unchanged`. `rows=rejected` is for rows with ids of their own: one without may be taken for a
    change of a report of the same place, month and activity. Of a file that holds severe rows nothing is kept.
    """
    folder = request.app.state.settings.spool_dir

    async def ask(tx: Transaction) -> Any:
        found = await looked_at(tx, caller, id)
        if not found["counts"].get("rejected") or found["state"] not in ("done", "failed"):
            raise NoRowsRefused
        if await queries.holds_severe(tx, id):
            raise SevereRowsNotKept
        language = language_of(request, found["language"])
        return await workbooks.ask_for(
            tx, found["country"], id, all_rows=rows == "all", language=language, folder=folder
        ), language

    asked, language = await database.run(ask)
    if asked is None:
        raise RowsNotKept
    with asked:
        workbook = await workbooks.written(asked, folder)
    headers = {
        "Content-Length": str(os.fstat(workbook.fileno()).st_size),
        "Content-Language": language,
        "Content-Disposition": f'attachment; filename="errors-{id}.xlsx"',
        "Cache-Control": "no-store",
    }
    return StreamingResponse(workbooks.chunks_of(workbook, MIB), media_type=XLSX, headers=headers)
