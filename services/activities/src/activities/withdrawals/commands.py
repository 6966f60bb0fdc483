"""What takes reports back and restores them: one, or all of a file's, each with its event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contracts.reports import ReportChanged, ReportStage
from database import Record, Transaction
from messaging import events
from runtime import audit
from runtime.access import Principal
from runtime.problems import NotFound

from activities.reports.event_state import stored_state
from activities.reviews.domain import LockedReport
from activities.reviews.queries import standings
from activities.reviews.store import lock_reports
from activities.uploads.queries import upload_by_id
from activities.withdrawals import domain, queries, store
from activities.withdrawals.domain import Withdrawal, WithdrawalKind, WithdrawalState, WithdrawnBy
from activities.withdrawals.errors import NothingWithdrawn
from activities.withdrawals.schemas import NewReplacement
from activities.withdrawals.store import ReportOutcome

AT_ONCE = 2
"""Batches that are carried out within the request; the rest of a large file's follow beside other work."""


@dataclass(frozen=True)
class ChangedReport:
    """A report as it stands."""

    id: UUID
    version: int
    stage: str


async def withdraw(
    tx: Transaction, principal: Principal, id: UUID, reason: str, *, expected: int | None
) -> ChangedReport:
    """Take a report back. Raises `NotFound`, `NotYours` and their like, `VersionMismatch`."""
    report = domain.may_change(principal.role, await _locked(tx, principal, id))
    if not domain.changes(report, ReportStage.WITHDRAWN, expected):
        return ChangedReport(id, report.version, report.stage)
    [row] = await store.withdraw(tx, [id], WithdrawnBy.of(principal), reason)
    return await _record_change(tx, principal, "report.withdraw", row, {"reason": reason, "version": report.version})


async def restore(
    tx: Transaction, principal: Principal, id: UUID, comment: str | None, *, expected: int | None
) -> ChangedReport:
    """Bring a report back as submitted. Raises `NotFound`, `NotYours` and their like, `VersionMismatch`."""
    report = domain.may_change(principal.role, await _locked(tx, principal, id))
    if not domain.changes(report, ReportStage.SUBMITTED, expected):
        return ChangedReport(id, report.version, report.stage)
    [row] = await store.restore(tx, [id], WithdrawnBy.of(principal), comment)
    return await _record_change(tx, principal, "report.restore", row, {"version": report.version})


async def _locked(tx: Transaction, principal: Principal, id: UUID) -> LockedReport | None:
    await lock_reports(tx, [id])
    return (await standings(tx, principal.reader, [id])).get(id)


async def _record_change(
    tx: Transaction, by: Principal, action: str, row: Record, details: Mapping[str, object]
) -> ChangedReport:
    await _publish(tx, [row])
    await audit.record(tx, by, action, f"report:{row['id']}", details)
    return ChangedReport(row["id"], row["version"], row["stage"])


async def _publish(tx: Transaction, rows: Sequence[Record]) -> None:
    await events.append_states(tx, ReportChanged, {str(row["id"]): stored_state(dict(row)) for row in rows})


async def withdraw_upload(tx: Transaction, principal: Principal, id: UUID, reason: str) -> None:
    """Take back all that a file did and replaced. Raises `NotFound`, `UploadUnread`, `WithdrawalUnfinished`."""
    upload, withdrawals = await _of_upload(tx, principal, id)
    domain.check_read(upload)
    in_force = [one for one in withdrawals if one.state is not WithdrawalState.RESTORED]
    if any(one.kind is WithdrawalKind.ALL_IT_MADE and one.state is not WithdrawalState.RESTORING for one in in_force):
        return
    domain.check_finished(in_force)
    begun = await store.begin(tx, id, WithdrawalKind.ALL_IT_MADE, reason, principal)
    await audit.record(
        tx, principal, "upload.withdraw", f"upload:{id}", {"reason": reason, "withdrawal": str(begun.id)}
    )
    restored = [await store.begin_restoring(tx, one, WithdrawnBy.of(principal)) for one in in_force]
    await _begin([begun, *restored], tx)


async def restore_upload(tx: Transaction, principal: Principal, id: UUID) -> None:
    """Undo what was withdrawn with a file. Raises `NotFound`, `NothingWithdrawn`, `WithdrawalUnfinished`."""
    _, withdrawals = await _of_upload(tx, principal, id)
    if not withdrawals:
        raise NothingWithdrawn
    in_force = [one for one in withdrawals if one.state not in (WithdrawalState.RESTORED, WithdrawalState.RESTORING)]
    domain.check_finished(in_force)
    for one in in_force:
        await audit.record(tx, principal, "upload.restore", f"upload:{id}", {"withdrawal": str(one.id)})
    await _begin([await store.begin_restoring(tx, one, WithdrawnBy.of(principal)) for one in in_force], tx)


async def replace(tx: Transaction, principal: Principal, id: UUID, body: NewReplacement) -> None:
    """Take back what a file that replaces does not hold, exactly as told. Raises why it is not taken back."""
    upload, withdrawals = await _of_upload(tx, principal, id)
    domain.check_replacing(upload, withdrawals, body)
    missing = await queries.missing_from(tx, principal.reader, id)
    done = [
        one
        for one in withdrawals
        if one.kind is WithdrawalKind.WHAT_IT_LACKS and one.state is WithdrawalState.WITHDRAWN
    ]
    if done and not missing.count:
        return
    domain.check_missing(missing, body)
    begun = await store.begin(tx, id, WithdrawalKind.WHAT_IT_LACKS, body.reason, principal)
    details = {"reason": body.reason, "withdrawal": str(begun.id), "reports": missing.count}
    await audit.record(tx, principal, "upload.replace", f"upload:{id}", details)
    await _begin([begun], tx)


async def _of_upload(tx: Transaction, principal: Principal, id: UUID) -> tuple[dict[str, Any], list[Withdrawal]]:
    """The file, locked, with its withdrawals. Raises `NotFound`."""
    await store.lock_upload(tx, id)
    upload = await upload_by_id(tx, principal.reader, id)
    if upload is None:
        raise NotFound
    return dict(upload), await queries.withdrawals_of(tx, id)


async def _begin(withdrawals: Sequence[Withdrawal], tx: Transaction) -> None:
    left = AT_ONCE
    for one in withdrawals:
        more = True
        while left and (more := await carry_on(tx, one)):
            left -= 1
        if more:
            await store.WITHDRAWALS.put(tx, str(one.id))


async def carry_on(tx: Transaction, withdrawal: Withdrawal) -> bool:
    """The next reports of a withdrawal, locked with its row; whether there may be more."""
    items = await store.next_reports(tx, withdrawal)
    await lock_reports(tx, items)
    fates = await _fates_of(tx, withdrawal, items)
    await store.note_fates(tx, withdrawal, {id: fates.get(id, LEFT) for id in items})
    more = len(items) == store.AT_ONCE
    if not more:
        await store.finish(tx, withdrawal)
    return more


async def _fates_of(tx: Transaction, withdrawal: Withdrawal, items: Mapping[UUID, Record]) -> dict[UUID, ReportOutcome]:
    """What becomes of these reports; nothing where something else was sent of one."""
    if withdrawal.state is WithdrawalState.RESTORING:
        return await _restored(tx, withdrawal, items)
    if withdrawal.kind is WithdrawalKind.ALL_IT_MADE:
        return await _taken_back(tx, withdrawal, await queries.goes_back(tx, withdrawal, list(items)))
    told = {id: item["before"] for id, item in items.items()}
    return await _taken_back(tx, withdrawal, dict.fromkeys(await queries.unchanged_since(tx, told)))


LEFT = ReportOutcome("left")


async def _taken_back(
    tx: Transaction, withdrawal: Withdrawal, goes_back: Mapping[UUID, int | None]
) -> dict[UUID, ReportOutcome]:
    by = withdrawal.withdrawn_by
    made = sorted(id for id, back in goes_back.items() if back is None)
    changed = {id: back for id, back in sorted(goes_back.items()) if back is not None}
    withdrawn = await store.withdraw(tx, made, by, withdrawal.reason, withdrawal.id)
    put_back = await store.put_back(tx, changed, by, withdrawal.id)
    await _publish(tx, [*withdrawn, *put_back])
    return _fates("withdrawn", withdrawn) | _fates("put_back", put_back)


async def _restored(tx: Transaction, withdrawal: Withdrawal, items: Mapping[UUID, Any]) -> dict[UUID, ReportOutcome]:
    by = withdrawal.restored_by
    assert by is not None, "who restores is kept when it begins"
    still = sorted(await queries.still_of(tx, withdrawal, list(items)))
    put_back = {id: items[id]["before"] for id in still if items[id]["outcome"] == "put_back"}
    rows = await store.restore(tx, [id for id in still if id not in put_back], by)
    rows += await store.put_back(tx, put_back, by)
    await _publish(tx, rows)
    return _fates("restored", rows)


def _fates(outcome: str, rows: Sequence[Record]) -> dict[UUID, ReportOutcome]:
    return {row["id"]: ReportOutcome(outcome, row["version"] - 1) for row in rows}
