"""HTTP in and out of uploads."""

from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

import orjson
from contracts.uploads import (
    UPLOADS,
    CountedProblems,
    QueuedUpload,
    UploadDetail,
    UploadProblem,
    UploadProblemFilter,
)
from database import Database, Transaction, new_id
from fastapi import APIRouter, Query, Request, Response
from runtime import idempotency
from runtime.access import MIB, Caller, Rule
from runtime.body import limited
from runtime.language import Language, preferred
from runtime.listing import Listing, PageRequest, Paging, Shown
from runtime.looks import RELATION, Look
from runtime.openapi import refuses
from runtime.problems import NotFound
from runtime.reading import list_answer, list_route
from runtime.routing import Asking, Db, TransactionalRoute, Tx

from activities.access import SENDERS, SHEETS
from activities.uploads import commands, queries, states, store
from activities.uploads.commands import StoredFile
from activities.uploads.domain import UploadForm
from activities.uploads.errors import MalformedMultipart, TooManyWaiting
from activities.uploads.receiving import Received, receive
from activities.uploads.visibility import VISIBILITY
from activities.withdrawals import queries as withdrawals

router = APIRouter(route_class=TransactionalRoute, tags=["uploads"], prefix="/v1/uploads")

LARGEST_FILE = 100 * MIB

INLINE = 20
FORM = {
    name: {"type": "boolean" if field.annotation is bool else "string"}
    for name, field in UploadForm.model_fields.items()
}
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
            **{
                kind: {"schema": {"type": "string", "format": "binary"}}
                for kind in SHEETS
                if kind != "multipart/form-data"
            },
        },
    },
    **refuses(TooManyWaiting, MalformedMultipart),
}


@router.post("", status_code=202, response_model=QueuedUpload, openapi_extra=BODY)
@Rule(SENDERS, SHEETS, largest_body=LARGEST_FILE, streams=True)
async def upload(request: Request, database: Db, caller: Asking) -> Response:
    """Take a file: CSV, TSV, XLSX, XLSM, XLS, ODS, or HXL as JSON, with an HXL row or plain headings.

    What kind it is, its content says, not its name or type. The form's fields stand beside the part `file`, or in the
    address; `replaces=true` says that the file is the whole of each organisation, sector and month in it. The answer
    only says that the file arrived and is kept: whatever is wrong with it, from a password to a single row, is told
    by its state at `Location`, where its rows are told, too, as they are read. A file with
    columns that are not understood and hold figures or dates waits as `proposed` until that is settled, or fails by
    name where `confirm=true` says that nobody looks at proposals; `accept_ignored` leaves these columns out. With
    `dry_run=true` any file waits: how it would be read is told at `…/proposal`.
    """
    id = new_id()
    if idempotency.HEADER not in request.headers:  # which may ask for an answer that was given
        async with database.connection() as connection:  # before a hundred megabytes come in vain
            await commands.check_waiting(connection, caller.principal)

    async def keep(number: int, content: bytes) -> None:
        await database.run(lambda tx: store.add_chunk(tx, id, number, content))

    received = Received(keep)
    try:
        body = limited(request, LARGEST_FILE)
        form, name = await receive(body, request.headers, request.query_params, received)
        digest = await received.close()
        claim = _claim(request, caller, digest, form)
        answer = await _queue_once(request, database, caller, StoredFile(id, form, received.size, name), claim)
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
    file: StoredFile,
    claim: idempotency.Claim | None,
) -> Response:
    language = preferred(request.headers.get("accept-language"))

    async def work(tx: Transaction) -> Response:
        async def queue() -> Response:
            await commands.queue_upload(tx, caller.principal, file, language)
            return queued(file.id)

        return await idempotency.answered_once(tx, claim, queue)

    return await database.run(work)


def queued(id: UUID) -> Response:
    """The answer that says of an upload that it is read soon."""
    body = orjson.dumps({"id": str(id), "state": "queued"})
    return Response(body, HTTPStatus.ACCEPTED, {"Location": f"{router.prefix}/{id}"}, "application/json")


def _summary(request: Request) -> Shown:
    language = preferred(request.headers.get("accept-language"))
    return lambda row: states.summary(dict(row), language)


LIST = Listing(
    UPLOADS,
    queries.uploads_page,
    Rule(SENDERS),
    queries.changed_uploads,
    personal=True,
    shown=_summary,
    visibility=VISIBILITY,
)
LOOK = Look("upload.look", "upload:{id}", each=True)
list_route(
    router,
    "",
    LIST,
    "Files you sent, or your organisation as a member, newest first; the secretariat sees all.\n\n"
    "With `changes_after` those whose state changed, in the order of their changes.",
)


@router.get("/{id}", response_model=UploadDetail)
@Rule(SENDERS)
async def upload_state(request: Request, tx: Tx, caller: Asking, id: UUID) -> Response:
    """How far the file was read, what was understood of it sheet by sheet, and what was wrong with which row.

    `sheets` holds for each sheet whether it was read or why it was passed over, its columns as they were understood,
    the columns nobody asked for, and what became of its rows. `problems` are the first; more are at `…/problems`, and
    `problem_counts` says how many there are in all and by code, also of those beyond the 50,000 that are kept.
    `withdrawals` are what was taken back with the file. Of one sent with `replaces=true`, `replaces` tells what it is
    the whole of and, once it is done, which reports of that it does not hold: `missing` of them, of which the first
    are listed. Nothing is taken back before `POST …/replace`.
    """
    found = await looked_at(tx, caller, id)
    language = language_of(request, found["language"])
    of_it = UploadProblemFilter(country=found["country"], upload=id)
    page = await queries.PROBLEMS.page(tx, caller.reader, of_it, PageRequest((), INLINE))
    replaces = found.pop("replaces")
    taken_back = {
        "replaces": await withdrawals.replacing(tx, caller.reader, found) if replaces else None,
        "withdrawals": await withdrawals.withdrawals_shown(tx, id),
    }
    return in_language({**states.whole(found, page, language), **taken_back}, language)


class ProblemPage(UploadProblemFilter, Paging):
    """Problems of which upload, and which page of them."""


PROBLEMS = queries.PROBLEMS.listing(Rule(SENDERS))


@router.get("/{id}/problems", response_model=list_answer(UploadProblem, extra=CountedProblems))
@Rule(SENDERS)
async def problem_list(
    request: Request, tx: Tx, caller: Asking, id: UUID, page: Annotated[Paging, Query()]
) -> Response:
    """What was wrong with which row of which sheet, in the order of the file; rows as a spreadsheet numbers them.

    The first 50,000 are listed, those beyond are counted: `counts` says how many there are, and which.
    """
    found = await looked_at(tx, caller, id)
    language = language_of(request, found["language"])
    told = replace(PROBLEMS, shown=lambda _: states.problem_form(found["sheets"], language))
    body = await told.page(request, ProblemPage(country=found["country"], upload=id, **dict(page)))
    return in_language(
        {**body, "counts": states.problem_counts(found["problem_counts"], kept=found["problems_kept"])}, language
    )


async def looked_at(tx: Transaction, caller: Caller, id: UUID) -> dict[str, Any]:
    """The upload; written down where it is another's, for what is wrong with a row quotes it. Raises `NotFound`."""
    row = await queries.upload_by_id(tx, caller.reader, id)
    if row is None:
        raise NotFound
    found = dict(row)
    await LIST.record_look(tx, caller, [found], UPLOADS.columns, LOOK)
    del found[RELATION]
    return found


def language_of(request: Request, of_sender: Language) -> Language:
    """The reader's, where they say one, else the one the file was sent in."""
    accepted = request.headers.get("accept-language")
    return preferred(accepted) if accepted else of_sender


def in_language(body: object, language: Language) -> Response:
    """The answer whose words are in this language."""
    return Response(orjson.dumps(body, default=str), HTTPStatus.OK, {"Content-Language": language}, "application/json")
