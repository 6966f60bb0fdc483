"""What changes the stage of reports: decisions, many at once, and sending one again."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from contracts.reports import ReportChanged
from database import Transaction
from messaging import events
from runtime import audit
from runtime.access import Principal
from runtime.problems import Refusal
from runtime.rows.outcomes import Outcome, rejected_row

from activities.reports.event_state import stored_state
from activities.reviews import domain, queries, store
from activities.reviews.domain import REVIEWED_AS, LockedReport, StageChange, decide, send_again
from activities.reviews.errors import DecidedTwice
from activities.reviews.schemas import NewDecision, NewSensitivity

CHUNK = 1000
"""Decisions of one statement."""


async def review_reports(
    tx: Transaction, principal: Principal, rows: Sequence[tuple[int, NewDecision]]
) -> list[Outcome]:
    """Take the decisions that can be taken, each with its event, and say of each what became of it."""
    wanted = [asked.report_id for _, asked in rows]
    await store.lock_reports(tx, wanted)
    # By a later statement than the lock is taken by: what another reviewer committed meanwhile must be seen.
    standing = await queries.standings(tx, principal.reader, wanted)
    changes, outcomes = _judged(principal, rows, standing)
    for start in range(0, len(changes), CHUNK):
        outcomes += await _write(tx, principal, changes[start : start + CHUNK])
    return sorted(outcomes, key=lambda outcome: outcome.row)


def _judged(
    principal: Principal, rows: Sequence[tuple[int, NewDecision]], standing: dict[UUID, LockedReport]
) -> tuple[list[StageChange], list[Outcome]]:
    changes: list[StageChange] = []
    outcomes: list[Outcome] = []
    decided: dict[UUID, int] = {}
    for row, asked in rows:
        try:
            if asked.report_id in decided:
                raise DecidedTwice("report_id", first=decided[asked.report_id])
            changes.append(decide(row, asked, principal.role, standing.get(asked.report_id)))
            decided[asked.report_id] = row
        except Refusal as reason:
            outcomes.append(rejected_row(row, [reason]))
    return sorted(changes, key=lambda change: change.report.key), outcomes


async def _write(tx: Transaction, principal: Principal, changes: Sequence[StageChange]) -> list[Outcome]:
    written = {row["id"]: row for row in await store.decide(tx, changes, principal)}
    await _publish(tx, list(written.values()))
    await audit.record_all(
        tx,
        principal,
        "report.review",
        [(f"report:{change.report.id}", _details(principal, change)) for change in changes],
    )
    return [
        Outcome(change.row, change.decision, change.report.id, written[change.report.id]["version"])
        for change in changes
    ]


def _details(principal: Principal, change: StageChange) -> dict[str, object]:
    """What an auditor wants to know of a decision."""
    details = {
        "decision": change.decision,
        "version": change.report.version,
        "reviewed_as": REVIEWED_AS[principal.role],
        "sensitivity": change.report.sensitivity,
        "override_reason": change.override_reason,
    }
    return {name: value for name, value in details.items() if value is not None}


async def submit_again(
    tx: Transaction, principal: Principal, id: UUID, *, expected: int | None, comment: str | None
) -> Any:
    """Send a returned report again as it is. Raises `NotFound`, `NotYours`, `VersionMismatch`, `NotReturned`."""
    await store.lock_reports(tx, [id])
    standing = (await queries.standings(tx, principal.reader, [id])).get(id)
    report = send_again(principal.role, standing, expected)
    row = await store.send_again(tx, report, principal, comment)
    await _publish(tx, [row])
    await audit.record(tx, principal, "report.submit", f"report:{id}", {"version": report.version})
    return row


async def set_sensitivity(
    tx: Transaction, principal: Principal, id: UUID, body: NewSensitivity, *, expected: int | None
) -> Any:
    """Set a report's level. Raises `NotFound`, `NotYours`, `OutsideYourScope`, `VersionMismatch` and their like."""
    await store.lock_reports(tx, [id])
    standing = (await queries.standings(tx, principal.reader, [id])).get(id)
    report = domain.set_sensitivity(principal.role, standing, body.sensitivity, expected)
    row = await store.set_sensitivity(tx, report, principal, body.sensitivity, body.reason)
    await _publish(tx, [row])
    details = {"from": report.sensitivity, "to": body.sensitivity, "reason": body.reason, "version": report.version}
    await audit.record(tx, principal, "report.sensitivity", f"report:{id}", details)
    return row


async def _publish(tx: Transaction, rows: Sequence[Any]) -> None:
    await events.append_states(tx, ReportChanged, {str(row["id"]): stored_state(row) for row in rows})
