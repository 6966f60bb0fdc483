"""What changes a contest: raising it and settling it, each with its event and its entry in the audit trail."""

from typing import Any
from uuid import UUID

from contracts.reports import ReportChanged
from database import Transaction
from messaging import events
from runtime import audit
from runtime.access import Principal
from runtime.answers import check_version

from activities.contests import domain, store
from activities.contests.schemas import NewContest, NewSettlement
from activities.reports.event_state import stored_state
from activities.reviews.domain import LockedReport
from activities.reviews.queries import standings
from activities.reviews.store import lock_reports


async def contest(tx: Transaction, principal: Principal, id: UUID, body: NewContest, *, expected: int | None) -> Any:
    """Contest being named as implementer. Raises `NotFound`, `NotNamed`, `ContestedAlready`, `VersionMismatch`."""
    report = domain.contest(await _locked(tx, principal, id))
    check_version(expected, report.version)
    row = await store.contest(tx, report, principal, body)
    details = {"reason": body.reason, "version": report.version}
    return await _publish_change(tx, principal, "report.contest", row, details)


async def settle(tx: Transaction, principal: Principal, id: UUID, body: NewSettlement, *, expected: int | None) -> Any:
    """Uphold or dismiss a contest. Raises `NotFound`, `OwnReport` and its like, `NoOpenContest`, `VersionMismatch`."""
    report = domain.settle(principal.role, await _locked(tx, principal, id))
    check_version(expected, report.version)
    row = await store.settle(tx, report, principal, body)
    details = {"decision": body.decision, "reason": body.reason, "version": report.version}
    return await _publish_change(tx, principal, "report.contest.settle", row, details)


async def _locked(tx: Transaction, principal: Principal, id: UUID) -> LockedReport | None:
    await lock_reports(tx, [id])
    return (await standings(tx, principal.reader, [id])).get(id)


async def _publish_change(
    tx: Transaction, principal: Principal, action: str, row: Any, details: dict[str, object]
) -> Any:
    await events.append_states(tx, ReportChanged, {str(row["id"]): stored_state(row)})
    await audit.record(tx, principal, action, f"report:{row['id']}", details)
    return row
