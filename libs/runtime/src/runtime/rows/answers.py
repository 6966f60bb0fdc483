"""HTTP in and out of rows sent together: one form for all nouns that take rows."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any, TypeVar

from contracts.rows import RowsAnswer
from fastapi import Request, Response
from pydantic import BaseModel

from runtime.access import KIB
from runtime.answers import json_answer
from runtime.body import content_type
from runtime.language import Language, preferred
from runtime.openapi import refuses
from runtime.problems import Refusal
from runtime.rows.errors import TooManyRows
from runtime.rows.outcomes import REJECTED, Outcome
from runtime.rows.reading import ParsedRows

LONG = 64 * KIB
"""Bytes from which a body is read beside the event loop."""

MOST_ERRORS = 1000
"""Errors of an answer that are told in full; behind them each row tells its first one, and all are counted."""

Made = TypeVar("Made")


def described(shape: type[BaseModel], *more: str, refusals: Sequence[type[Refusal]] = ()) -> dict[str, Any]:
    """What a route is declared by that takes one object, an array, NDJSON, and `more` content types of text."""
    row = shape.model_json_schema(ref_template="#/components/schemas/{model}")
    definitions = row.pop("$defs", {})
    rows = {"anyOf": [row, {"type": "array", "items": row}], "$defs": definitions}
    texts = {kind: {"schema": {"type": "string"}} for kind in ("application/x-ndjson", *more)}
    return described_answers({"application/json": {"schema": rows}, **texts}, *refusals)


def described_answers(
    content: Mapping[str, Any], *refusals: type[Refusal], shape: type[RowsAnswer] = RowsAnswer
) -> dict[str, Any]:
    """What a route is declared by that takes this content and tells of each row what became of it."""
    return {
        "response_model": shape,
        "response_description": "All rows were accepted.",
        "responses": {
            207: {"model": shape, "description": "Some rows were accepted."},
            422: {
                "model": shape,
                "description": "No row was accepted: see each one. Or the request itself is refused.",
            },
        },
        "openapi_extra": {
            "requestBody": {"required": True, "content": content},
            **refuses(TooManyRows, *refusals),
        },
    }


async def rows_of(request: Request, read: Callable[[str, bytes], ParsedRows[Made]]) -> ParsedRows[Made]:
    """The request's rows; `read` is told the content type."""
    body, kind = await request.body(), content_type(request)
    return await asyncio.to_thread(read, kind, body) if len(body) > LONG else read(kind, body)


def answer(request: Request, outcomes: Iterable[Outcome], **more: object) -> Response:
    """What became of each row, and `more`: 200 where all were accepted, 207 where some were, 422 where none.

    Where there is more wrong than is told row by row, `problem_counts` says how much.
    """
    results = sorted(outcomes, key=lambda outcome: outcome.row)
    rejected = sum(outcome.status == REJECTED for outcome in results)
    language = preferred(request.headers.get("accept-language"))
    body = {
        "accepted": len(results) - rejected,
        "rejected": rejected,
        "results": [_result(outcome, errors, language) for outcome, errors in _with_errors(results)],
        **_counted(results),
        **more,
    }
    return json_answer(body, _status(rejected, results), {"Content-Language": language})


def counts_of(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """How many rows came to which end."""
    counts: dict[str, int] = {}
    for outcome in outcomes:
        counts[outcome.status] = counts.get(outcome.status, 0) + 1
    return counts


def _status(rejected: int, results: Sequence[Outcome]) -> HTTPStatus:
    if not rejected:
        return HTTPStatus.OK
    return HTTPStatus.MULTI_STATUS if rejected < len(results) else HTTPStatus.UNPROCESSABLE_ENTITY


def _with_errors(results: Iterable[Outcome]) -> Iterator[tuple[Outcome, Sequence[Refusal]]]:
    """Each row with what is told of its errors: no row is refused without a reason, and no answer grows with them."""
    left = MOST_ERRORS
    for outcome in results:
        told = outcome.errors[: max(left, 1)]
        left -= len(told)
        yield outcome, told


def _counted(results: Sequence[Outcome]) -> dict[str, object]:
    by_code = Counter(error.code for outcome in results for error in outcome.errors)
    if by_code.total() <= MOST_ERRORS:
        return {}
    listed = sum(len(told) for _, told in _with_errors(results))
    return {"problem_counts": {"total": by_code.total(), "listed": listed, "by_code": dict(by_code.most_common())}}


def _result(outcome: Outcome, errors: Sequence[Refusal], language: Language) -> dict[str, object]:
    return {
        "row": outcome.row,
        "status": outcome.status,
        "id": outcome.id,
        "version": outcome.version,
        "flags": outcome.flags,
        "errors": [error.as_error(language) for error in errors],
        **({"not_understood": outcome.not_understood} if outcome.not_understood else {}),
    }
