"""HTTP in and out of uploads."""

from collections import Counter
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

import orjson
from database import Database, Transaction, new_id
from fastapi import APIRouter, Query, Request, Response
from runtime import idempotency, validation
from runtime.access import Caller, Rule
from runtime.body import limited
from runtime.cursors import Cursors
from runtime.edge import Asking, Db, EdgeRoute, Tx
from runtime.language import Language, preferred
from runtime.listing import LARGEST_PAGE, Page
from runtime.problems import NotFound, NotYours, Refusal

from activities.reports import errors as report_errors
from activities.uploads import commands, queries, store
from activities.uploads import errors as upload_errors
from activities.uploads.assumptions import described
from activities.uploads.domain import Progress, UploadForm
from activities.uploads.receiving import Received, receive

router = APIRouter(route_class=EdgeRoute, tags=["uploads"], prefix="/v1/uploads")

INLINE = 20
REASONS: Mapping[str, type[Refusal]] = {
    kind.code: kind
    for module in (validation, report_errors, upload_errors)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, Refusal)
} | {NotYours.code: NotYours}

FORM = {name: {"type": "string"} for name in UploadForm.model_fields}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}, **FORM},
                }
            },
            "text/csv": {"schema": {"type": "string"}},
        },
    }
}


@router.post("", status_code=202, openapi_extra=BODY)
async def upload(request: Request, database: Db, caller: Asking) -> Response:
    """Take a file: CSV with an HXL row or plain headings. Its rows are read later; the address says how far."""
    rule: Rule = request.app.state.access[("POST", router.prefix)]
    id = new_id()

    async def keep(number: int, content: bytes) -> None:
        await database.run(lambda tx: store.add_chunk(tx, id, number, content))

    received = Received(keep)
    try:
        body, announced = limited(request, rule.largest_body), request.headers.get("content-type", "")
        form = await receive(body, announced, request.query_params, received)
        digest = await received.close()
        claim = _claim(request, caller, digest, form)
        answer = await _queue_once(request, database, caller, id, form, received.size, claim)
    except BaseException:
        await database.run(lambda tx: store.drop_chunks(tx, id))
        raise
    if "idempotency-replayed" in answer.headers:
        await database.run(lambda tx: store.drop_chunks(tx, id))
    return answer


def _claim(request: Request, caller: Caller, digest: bytes, form: UploadForm) -> idempotency.Claim | None:
    # Of the file and the form, not of the body: the boundary between the parts is another at every attempt.
    return idempotency.claim_of(request, caller.principal.subject, digest + form.model_dump_json().encode())


async def _queue_once(
    request: Request,
    database: Database,
    caller: Caller,
    id: UUID,
    form: UploadForm,
    size: int,
    claim: idempotency.Claim | None,
) -> Response:
    if claim and (first := await idempotency.take(database, claim)):
        return first
    language = preferred(request.headers.get("accept-language"))

    async def work(tx: Transaction) -> Response:
        await commands.queue_upload(tx, caller.principal, id, form, size, language)
        response = _queued(id)
        if claim:
            await idempotency.keep(tx, claim, response)
        return response

    try:
        return await database.run(work)
    except BaseException:
        if claim:
            await idempotency.release(database, claim)
        raise


def _queued(id: UUID) -> Response:
    body = orjson.dumps({"id": str(id), "state": "queued"})
    return Response(body, HTTPStatus.ACCEPTED, {"Location": f"{router.prefix}/{id}"}, "application/json")


@router.get("/{id}")
async def upload_state(request: Request, tx: Tx, caller: Asking, id: UUID) -> Response:
    """How far the file was read, what was understood of it, and what was wrong with which row."""
    language = preferred(request.headers.get("accept-language"))
    found = await queries.upload_by_id(tx, caller.principal, id)
    if found is None:
        raise NotFound
    page = await queries.problems_page(tx, found["country"], id, first=INLINE, after=None)
    return _json(_state(dict(found), page, language), language)


@router.get("/{id}/problems")
async def problem_list(
    request: Request,
    tx: Tx,
    caller: Asking,
    id: UUID,
    first: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = 100,
    after: Annotated[str | None, Query(max_length=2000)] = None,
) -> Response:
    """What was wrong with which row, in the order of the file."""
    language = preferred(request.headers.get("accept-language"))
    found = await queries.upload_by_id(tx, caller.principal, id)
    if found is None:
        raise NotFound
    secret = request.app.state.settings.cursor_key.get_secret_value()
    cursors = Cursors(secret, bound_to=["upload_problems", str(id)])
    position = cursors.decode(after) if after else None
    page = await queries.problems_page(tx, found["country"], id, first=first, after=position)
    body = page.as_objects(cursors, queries.SORT)
    body["items"] = _problems(page, language)
    return _json(body, language)


def _state(found: dict[str, Any], page: Page, language: Language) -> dict[str, object]:
    failure = found.pop("failure")
    columns = found.pop("columns") or []
    position = min(found.pop("position"), found["size"])
    assumptions = {entry["code"]: entry["rows"] for entry in found.pop("assumptions")}
    return {
        **found,
        "counts": Progress(Counter(found["counts"])).counts_as_json(),
        "progress": position / found["size"],
        "failure": _reason(failure, None, None, {}, language) if failure else None,
        "columns": [column for column in columns if column["field"]],
        "ignored_columns": [column for column in columns if not column["field"]],
        "assumptions": described(assumptions, language),
        "problems": _problems(page, language),
    }


def _problems(page: Page, language: Language) -> list[dict[str, object]]:
    return [_reason(row["code"], row["field"], row["row"], row["facts"], language) for row in page.rows]


def _reason(
    code: str, field: str | None, row: int | None, facts: Mapping[str, Any], language: Language
) -> dict[str, object]:
    kind = REASONS.get(code, validation.InvalidValue)
    return {**kind(field, row=row, **facts).as_error(language), "code": code}


def _json(body: object, language: Language) -> Response:
    return Response(orjson.dumps(body, default=str), HTTPStatus.OK, {"Content-Language": language}, "application/json")
