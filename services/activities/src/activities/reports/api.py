"""HTTP in and out of reports."""

import asyncio
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from runtime import audit
from runtime.access import KIB, Caller
from runtime.body import content_type
from runtime.edge import Asking, EdgeRoute, Tx
from runtime.language import Language, preferred

from activities.reports import commands
from activities.reports.bodies import READERS, Batch
from activities.reports.domain import Outcome, Seen, Sender
from activities.reports.shape import NewReport

router = APIRouter(route_class=EdgeRoute, tags=["reports"])

LONG = 64 * KIB
ROWS = {"anyOf": [NewReport.model_json_schema(), {"type": "array", "items": {"type": "object"}}]}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": ROWS}, "application/x-ndjson": {"schema": {"type": "string"}}},
    }
}


@router.post("/v1/reports", openapi_extra=BODY)
async def submit(request: Request, tx: Tx, caller: Asking) -> Response:
    """Take reports: one object, an array, or one object a line. Each row is taken or refused by itself."""
    batch = await _read(request, await request.body())
    sender = sender_of(caller)
    secret = request.app.state.settings.unit_key.get_secret_value().encode()
    outcomes = await commands.submit_reports(tx, batch.rows, sender, secret, Seen())
    outcomes = sorted([*batch.refused, *outcomes], key=lambda outcome: outcome.row)
    await audit.record(tx, caller.principal, "reports.submit", "reports", _counts(outcomes))
    return _answer(outcomes, preferred(request.headers.get("accept-language")))


async def _read(request: Request, body: bytes) -> Batch:
    reader = READERS.get(content_type(request), READERS["application/json"])
    return await asyncio.to_thread(reader, body) if len(body) > LONG else reader(body)


def sender_of(caller: Caller) -> Sender:
    principal = caller.principal
    return Sender(
        principal.subject,
        principal.role,
        principal.organisation_id,
        frozenset(principal.sectors),
        frozenset(principal.areas),
    )


def _counts(outcomes: Sequence[Outcome]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for outcome in outcomes:
        counts[outcome.status] = counts.get(outcome.status, 0) + 1
    return counts


def _answer(outcomes: Sequence[Outcome], language: Language) -> Response:
    refused = sum(outcome.status == "refused" for outcome in outcomes)
    taken = len(outcomes) - refused
    status = HTTPStatus.OK if not refused else HTTPStatus.MULTI_STATUS if taken else HTTPStatus.UNPROCESSABLE_ENTITY
    body = {"taken": taken, "refused": refused, "results": [_result(outcome, language) for outcome in outcomes]}
    return Response(orjson.dumps(body, default=str), status, {"Content-Language": language}, "application/json")


def _result(outcome: Outcome, language: Language) -> dict[str, object]:
    return {
        "row": outcome.row,
        "status": outcome.status,
        "id": outcome.id,
        "version": outcome.version,
        "flags": outcome.flags,
        "errors": [error.as_error(language) for error in outcome.errors],
    }
