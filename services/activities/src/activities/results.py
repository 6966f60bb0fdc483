"""What became of rows that were sent together, as an answer: one form for all nouns that take rows."""

from collections.abc import Sequence
from http import HTTPStatus

from runtime.language import Language

from activities.reports.domain import Outcome


def counts_of(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """How many rows came to which end."""
    counts: dict[str, int] = {}
    for outcome in outcomes:
        counts[outcome.status] = counts.get(outcome.status, 0) + 1
    return counts


def status_of(outcomes: Sequence[Outcome]) -> HTTPStatus:
    """200 where all rows were taken, 207 where some were, 422 where none."""
    refused = sum(outcome.status == "refused" for outcome in outcomes)
    if not refused:
        return HTTPStatus.OK
    return HTTPStatus.MULTI_STATUS if refused < len(outcomes) else HTTPStatus.UNPROCESSABLE_ENTITY


def by_row(outcomes: Sequence[Outcome], language: Language) -> dict[str, object]:
    """How many rows were taken and refused, and what became of each."""
    refused = sum(outcome.status == "refused" for outcome in outcomes)
    results = [_result(outcome, language) for outcome in outcomes]
    return {"taken": len(outcomes) - refused, "refused": refused, "results": results}


def _result(outcome: Outcome, language: Language) -> dict[str, object]:
    return {
        "row": outcome.row,
        "status": outcome.status,
        "id": outcome.id,
        "version": outcome.version,
        "flags": outcome.flags,
        "errors": [error.as_error(language) for error in outcome.errors],
    }
