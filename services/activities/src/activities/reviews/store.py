"""Writing what became of reports: one statement for all of a chunk, the replaced versions kept."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from database import Transaction
from runtime.access import Principal

from activities.reports import event_state
from activities.reviews.domain import REVIEWED_AS, LockedReport, StageChange


async def lock_reports(tx: Transaction, ids: Iterable[UUID]) -> None:
    """Lock these reports, in the order of their keys, as submission does: nobody waits in a ring."""
    await tx.execute(
        """
        select from report where id = any($1::uuid[])
        order by country collate "C", organisation_id, identity collate "C"
        for no key update
        """,
        sorted(set(ids)),
    )


KEPT = f"""
    returning {", ".join(f"new.{name}" for name in event_state.COLUMNS)}, new.country as kept_country,
              old.version as replaced_version, old.submitted_by as replaced_sender, old.submitted_at as replaced_at,
              to_jsonb(old) as replaced_row
), kept as (
    insert into report_version
        (country, organisation_id, report_id, version, submitted_by, submitted_at, replaced_by, row)
    select kept_country, organisation_id, id, replaced_version, replaced_sender, replaced_at, $1, replaced_row
    from moved
)
select {", ".join(event_state.COLUMNS)} from moved
"""  # noqa: S608  names of the table of columns
"""What follows an update of reports called `moved`, by whom $1 says: the versions before are kept."""

DECIDE = f"""
with moved as (
    update report as held
    set version = held.version + 1, stage = made.stage, reviewed_at = now(), reviewed_by = $1, reviewed_by_role = $2,
        reviewed_as = $3, review_comment = made.comment, override_reason = made.override_reason
    from unnest($4::text[], $5::uuid[], $6::text[], $7::bigint[], $8::text[], $9::text[], $10::text[])
         as made (country, organisation_id, identity, version, stage, comment, override_reason)
    where (held.country, held.organisation_id, held.identity) = (made.country, made.organisation_id, made.identity)
      and held.version = made.version
{KEPT}
"""  # noqa: S608  constants of this module

SEND_AGAIN = f"""
with moved as (
    update report as held
    set version = held.version + 1, stage = 'submitted', submitted_at = now(), submitted_by = $1,
        submitted_by_role = $2, submission_comment = $3, reviewed_at = null, reviewed_by = null,
        reviewed_by_role = null, reviewed_as = null, review_comment = null, override_reason = null
    where (held.country, held.organisation_id, held.identity) = ($4, $5, $6)
{KEPT}
"""  # noqa: S608  constants of this module


SET_SENSITIVITY = f"""
with moved as (
    update report as held
    set version = held.version + 1, sensitivity = $2, sensitivity_by = $1, sensitivity_reason = $3
    where (held.country, held.organisation_id, held.identity) = ($4, $5, $6)
{KEPT}
"""  # noqa: S608  constants of this module


async def set_sensitivity(tx: Transaction, report: LockedReport, by: Principal, level: str, reason: str) -> Any:
    """The report as it stands with this level; lock it first."""
    row = await tx.fetchrow(SET_SENSITIVITY, by.subject, level, reason, *report.key)
    assert row is not None, "it is locked, and reports are not removed"
    return row


async def decide(tx: Transaction, changes: Sequence[StageChange], reviewer: Principal) -> list[Any]:
    """The reports as they stand after these decisions; lock them first."""
    columns: list[list[Any]] = [
        [change.report.key[0] for change in changes],
        [change.report.key[1] for change in changes],
        [change.report.key[2] for change in changes],
        [change.report.version for change in changes],
        [change.decision for change in changes],
        [change.comment for change in changes],
        [change.override_reason for change in changes],
    ]
    return await tx.fetch(DECIDE, reviewer.subject, reviewer.role, REVIEWED_AS[reviewer.role], *columns)


async def send_again(tx: Transaction, report: LockedReport, sender: Principal, comment: str | None) -> Any:
    """The report as it stands after its sender sent it again; lock it first."""
    row = await tx.fetchrow(SEND_AGAIN, sender.subject, sender.role, comment, *report.key)
    assert row is not None, "it is locked, and reports are not removed"
    return row
