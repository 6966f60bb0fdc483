"""What changes a contest: raising it and settling it, each with its event and its entry in the audit trail."""

from typing import Any
from uuid import UUID

from contracts.activities import ReportChanged
from database import Transaction
from messaging import events
from runtime import audit
from runtime.access import Principal
from runtime.answers import check_version

from activities.contests import domain, store
from activities.contests.shape import NewContest, NewSettlement
from activities.reports.published import state_as_kept
from activities.reviews.domain import Standing
from activities.reviews.queries import standings
from activities.reviews.store import lock_reports


async def contest(tx: Transaction, principal: Principal, id: UUID, said: NewContest, *, expected: int | None) -> Any:
    """Contest being named as implementer. Raises `NotFound`, `NotNamed`, `ContestedAlready`, `VersionMismatch`."""
    report = domain.contest(await _locked(tx, principal, id))
    check_version(expected, report.version)
    row = await store.contest(tx, report, principal, said)
    details = {"reason": said.reason, "version": report.version}
    return await _told(tx, principal, "report.contest", row, details)


async def settle(tx: Transaction, principal: Principal, id: UUID, said: NewSettlement, *, expected: int | None) -> Any:
    """Uphold or dismiss a contest. Raises `NotFound`, `OwnReport` and its like, `NoOpenContest`, `VersionMismatch`."""
    report = domain.settle(principal.role, await _locked(tx, principal, id))
    check_version(expected, report.version)
    row = await store.settle(tx, report, principal, said)
    details = {"decision": said.decision, "reason": said.reason, "version": report.version}
    return await _told(tx, principal, "report.contest.settle", row, details)


async def _locked(tx: Transaction, principal: Principal, id: UUID) -> Standing | None:
    await lock_reports(tx, [id])
    return (await standings(tx, principal.reader, [id])).get(id)


async def _told(tx: Transaction, principal: Principal, action: str, row: Any, details: dict[str, object]) -> Any:
    await events.append_states(tx, ReportChanged, {str(row["id"]): state_as_kept(row)})
    await audit.record(tx, principal, action, f"report:{row['id']}", details)
    return row
