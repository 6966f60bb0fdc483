"""Writing withdrawals: each report's a version like any other, made many at a time, the one before is kept."""

# ruff: noqa: S608  constants of this module, of reports and of reviews

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from database import Record, Transaction, insert_row, new_id
from jobs import Queue
from runtime.access import Principal
from runtime.arguments import Arguments

from activities.reports.store import CONTEST, HIGHER, SAID_OF_IT, UNKEYED, WITHDRAWAL
from activities.reviews.store import KEPT
from activities.withdrawals.domain import Withdrawal, WithdrawalKind, WithdrawalState, WithdrawnBy
from activities.withdrawals.reach import CHANGEABLE, FIRST_MADE, IS_WITHDRAWN, MISSING, SAID_ELSEWHERE

WITHDRAWALS = Queue("withdrawal")
"""Those that are begun and not carried out whole, by id."""
AT_ONCE = 1000
_REVIEW = ("reviewed_at", "reviewed_by", "reviewed_by_role", "reviewed_as", "review_comment", "override_reason")
_CHANGED = "changed_in = pg_current_xact_id()"
"""Said here, for many at once: a trigger's call for each row costs more."""
_NO_REVIEW = ", ".join(f"{name} = null" for name in _REVIEW)

WITHDRAW = f"""
with moved as (
    update report as held
    set version = held.version + 1, {_CHANGED}, stage = 'withdrawn', withdrawn_at = now(), withdrawn_by = $1,
        withdrawn_by_role = $2, withdrawal_reason = $3, withdrawal_id = $4::uuid, {_NO_REVIEW}
    where held.id = any($5::uuid[])
{KEPT}
"""

RESTORE = f"""
with moved as (
    update report as held
    set version = held.version + 1, {_CHANGED}, stage = 'submitted', submitted_at = now(), submitted_by = $1,
        submitted_by_role = $2, submission_comment = $3, {", ".join(f"{name} = null" for name in WITHDRAWAL)}
    where held.id = any($4::uuid[])
{KEPT}
"""

_CONTENT = (*(name for name in UNKEYED if name != "sensitivity"), "upload_id", "upload_sheet")
_SAID = tuple(name for name in SAID_OF_IT if name != "withdrawal_id")
# What was approved is not approved again by going back: somebody has to read it. What was returned stays so.
_STAYS = "going.stage in ('returned', 'withdrawn')"
_SAME_IMPLEMENTER = "held.implementer_id is not distinct from going.implementer_id"
PUT_BACK = f"""
with going as materialized (
    select was.* from unnest($4::uuid[], $5::bigint[]) as g (id, version)
    join report as r on r.id = g.id
    join report_version as v
      on (v.country, v.organisation_id, v.report_id, v.version) = (r.country, r.organisation_id, r.id, g.version)
    cross join lateral jsonb_populate_record(r, v.row) as was
), moved as (
    update report as held
    set {", ".join(f"{name} = going.{name}" for name in _CONTENT)},
        {", ".join(f"{name} = case when {_STAYS} then going.{name} end" for name in _SAID)},
        {
    ", ".join(f"{name} = case when {_SAME_IMPLEMENTER} then held.{name} else going.{name} end" for name in CONTEST)
},
        sensitivity = {HIGHER.format("held.sensitivity", "going.sensitivity")},
        stage = case when {_STAYS} then going.stage else 'submitted' end,
        version = held.version + 1, {_CHANGED}, submitted_at = now(), submitted_by = $1, submitted_by_role = $2,
        withdrawal_id = $3::uuid
    from going where held.id = going.id
{KEPT}
"""
"""To the content and origin of an earlier version: as it is sent again, never less sensitive than it was meanwhile."""


async def withdraw(
    tx: Transaction, ids: Sequence[UUID], by: WithdrawnBy, reason: str, withdrawal: UUID | None = None
) -> list[Record]:
    """The reports as they stand once they are withdrawn; lock them first."""
    return await tx.fetch(WITHDRAW, by.subject, by.role, reason, withdrawal, list(ids))


async def restore(tx: Transaction, ids: Sequence[UUID], by: WithdrawnBy, comment: str | None = None) -> list[Record]:
    """The reports as they stand once they are submitted again; lock them first."""
    return await tx.fetch(RESTORE, by.subject, by.role, comment, list(ids))


async def put_back(
    tx: Transaction, versions: Mapping[UUID, int], by: WithdrawnBy, withdrawal: UUID | None = None
) -> list[Record]:
    """The reports as they stand once they say again what these versions of them said; lock them first."""
    return await tx.fetch(PUT_BACK, by.subject, by.role, withdrawal, list(versions), list(versions.values()))


async def lock_upload(tx: Transaction, id: UUID) -> None:
    """One thing at a time is asked for of a file."""
    await tx.execute("select from upload where id = $1 for no key update", id)


async def begin(tx: Transaction, upload: UUID, kind: WithdrawalKind, reason: str, by: Principal) -> Withdrawal:
    """A withdrawal with the reports it is of, chosen now."""
    id = new_id()
    begun = {"id": id, "upload_id": upload, "kind": kind, "state": "withdrawing", "reason": reason}
    begun |= {"withdrawn_by": by.subject, "withdrawn_by_role": by.role}
    row = await insert_row(tx, "withdrawal", begun, "returning *")
    assert row is not None, "it was inserted"
    choose = CHOOSE_MADE if kind is WithdrawalKind.ALL_IT_MADE else CHOOSE_MISSING
    given = Arguments(by.reader)
    given.put(upload)
    given.put(id)
    await tx.execute(choose.format(mine=given.visible(CHANGEABLE)), *given.all)
    return Withdrawal.of(dict(row))


# What it made and still says so, unless another file says it, too; what another file made that is withdrawn, while
# this one said the same; and what was changed since. What is left as it is, is told.
CHOOSE_MADE = f"""
insert into withdrawn_report (withdrawal_id, report_id, outcome)
select distinct on (id) $2::uuid, id, outcome from (
    select r.id, case when {{mine}} and not {SAID_ELSEWHERE} then 'open' else 'left' end as outcome
    from report as r where r.upload_id = $1::uuid and r.stage <> 'withdrawn'
    union all
    select r.id, 'open' from upload_report as h
    join report as r on r.id = h.report_id
    where h.upload_id = $1::uuid and r.upload_id <> $1::uuid and r.stage <> 'withdrawn' and h.version >= {FIRST_MADE}
      and {IS_WITHDRAWN.format("r.upload_id")} and {{mine}} and not {SAID_ELSEWHERE}
    union all
    select v.report_id, 'left' from report_version as v
    join report as r on r.id = v.report_id
    where v.row ->> 'upload_id' = $1::uuid::text and r.upload_id is distinct from $1::uuid
) as chosen
order by id, outcome desc
"""
CHOOSE_MISSING = f"""
insert into withdrawn_report (withdrawal_id, report_id, outcome, before)
select $2::uuid, r.id, 'open', r.version from {MISSING}
"""


async def begin_restoring(tx: Transaction, withdrawal: Withdrawal, by: WithdrawnBy) -> Withdrawal:
    row = await tx.fetchrow(
        """
        update withdrawal set state = 'restoring', restored_at = now(), restored_by = $2, restored_by_role = $3
        where id = $1 returning *
        """,
        withdrawal.id,
        by.subject,
        by.role,
    )
    assert row is not None, "it is locked by its file, and withdrawals are not removed"
    return Withdrawal.of(dict(row))


async def finish(tx: Transaction, withdrawal: Withdrawal) -> None:
    done = WithdrawalState.WITHDRAWN if withdrawal.state is WithdrawalState.WITHDRAWING else WithdrawalState.RESTORED
    await tx.execute("update withdrawal set state = $2 where id = $1", withdrawal.id, done)


async def lock_unfinished(tx: Transaction, id: UUID) -> Withdrawal | None:
    """The withdrawal, locked; nothing where it has come to its end."""
    row = await tx.fetchrow(
        "select * from withdrawal where id = $1 and state in ('withdrawing', 'restoring') for update", id
    )
    return Withdrawal.of(dict(row)) if row else None


async def next_reports(tx: Transaction, withdrawal: Withdrawal) -> dict[UUID, Record]:
    """The next reports it is of, with what became of each and the version it had."""
    outcomes = ["open"] if withdrawal.state is WithdrawalState.WITHDRAWING else ["withdrawn", "put_back"]
    rows = await tx.fetch(
        """
        select report_id, outcome, before from withdrawn_report
        where withdrawal_id = $1 and outcome = any($2::text[]) order by report_id limit $3
        """,
        withdrawal.id,
        outcomes,
        AT_ONCE,
    )
    return {row["report_id"]: row for row in rows}


class ReportOutcome(NamedTuple):
    """What became of a report."""

    outcome: str
    before: int | None = None


async def note_fates(tx: Transaction, withdrawal: Withdrawal, outcomes: Mapping[UUID, ReportOutcome]) -> None:
    await tx.execute(
        """
        update withdrawn_report as held set outcome = f.outcome, before = coalesce(f.before, held.before)
        from unnest($2::uuid[], $3::text[], $4::bigint[]) as f (id, outcome, before)
        where held.withdrawal_id = $1 and held.report_id = f.id
        """,
        withdrawal.id,
        list(outcomes),
        [fate.outcome for fate in outcomes.values()],
        [fate.before for fate in outcomes.values()],
    )
