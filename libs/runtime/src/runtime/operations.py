"""What an operator asks of any service: its dead letters and dead jobs, and the replay of what it heard."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from jobs import dead
from messaging import dead_letters, rebuilding
from pydantic import BaseModel

from runtime import audit
from runtime.access import SECRETARIAT_ONLY, Rule
from runtime.problems import NotFound
from runtime.routing import Asking, TransactionalRoute, Tx

router = APIRouter(route_class=TransactionalRoute, prefix="/v1/operations", tags=["operations"])

OPERATORS = Rule(SECRETARIAT_ONLY)
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
First = Annotated[int, Query(ge=1, le=500)]
After = Annotated[int, Query(ge=0, le=2**63 - 1)]


class DeadLetters(BaseModel):
    """Events a service could not take."""

    items: list[dead_letters.DeadLetter]
    next: str | None
    """The `after` of the page behind this one."""


class Retried(BaseModel):
    """What became of an event that was handed to its handler once more."""

    number: int
    outcome: str


class Rebuilding(BaseModel):
    """What is made from events anew."""

    consumer: str
    state: Literal["rebuilding"]


@router.get("/dead-letters", response_model=DeadLetters)
@OPERATORS
async def dead_letter_list(tx: Tx, first: First = 100, after: After = 0) -> dict[str, Any]:
    """Events this service could not take, oldest first. Their bytes are not shown."""
    found = await dead_letters.list_dead_letters(tx, after=after, limit=first + 1)
    return {"items": found[:first], "next": str(found[first - 1].number) if len(found) > first else None}


@router.post("/dead-letters/{number}/retry", response_model=Retried)
@OPERATORS
async def dead_letter_retry(request: Request, tx: Tx, caller: Asking, number: Number) -> dict[str, Any]:
    """Hand the event to its handler once more."""
    service = request.app.state.service
    outcome = await dead_letters.retry(tx, number, service.projection)
    if outcome is None:
        raise NotFound
    await audit.record(tx, caller.principal, "dead_letter.retry", f"dead_letter:{number}")
    return {"number": number, "outcome": outcome}


@router.delete("/dead-letters/{number}", status_code=204)
@OPERATORS
async def dead_letter_drop(tx: Tx, caller: Asking, number: Number) -> None:
    """Give the event up."""
    if not await dead_letters.drop(tx, number):
        raise NotFound
    await audit.record(tx, caller.principal, "dead_letter.drop", f"dead_letter:{number}")


@router.get("/dead-jobs")
@OPERATORS
async def dead_job_list(tx: Tx, first: First = 100) -> dict[str, Any]:
    """Jobs this service gave up, oldest first. What they hold is not shown."""
    return {"items": await dead.list_dead_jobs(tx, most=first)}


@router.post("/dead-jobs/{id}/retry")
@OPERATORS
async def dead_job_retry(tx: Tx, caller: Asking, id: UUID) -> dict[str, Any]:
    """Have the job done from its first attempt on."""
    if not await dead.retry(tx, id):
        raise NotFound
    await audit.record(tx, caller.principal, "dead_job.retry", f"dead_job:{id}")
    return {"id": id, "outcome": "put"}


@router.delete("/dead-jobs/{id}", status_code=204)
@OPERATORS
async def dead_job_drop(tx: Tx, caller: Asking, id: UUID) -> None:
    """Give the job up; one that has a schedule is done at its next time."""
    if not await dead.drop(tx, id):
        raise NotFound
    await audit.record(tx, caller.principal, "dead_job.drop", f"dead_job:{id}")


@router.post("/replay", status_code=202, response_model=Rebuilding)
@OPERATORS
async def replay_from_topics(request: Request, tx: Tx, caller: Asking) -> dict[str, str]:
    """Make what was made from events again from the topics, beside what is there, which answers until it is done."""
    service = request.app.state.service
    await rebuilding.begin(tx, service.name, service.projection)
    await audit.record(tx, caller.principal, "replay", f"consumer:{service.name}")
    return {"consumer": service.name, "state": "rebuilding"}
