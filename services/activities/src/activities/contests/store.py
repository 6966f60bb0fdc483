"""Writing a contest and its settlement: each a version of the report, the one before is kept."""

# ruff: noqa: S608  constants of this module and of reviews

from typing import Any

from database import Transaction
from runtime.access import Principal

from activities.contests.schemas import NewContest, NewSettlement
from activities.reviews.domain import LockedReport
from activities.reviews.store import KEPT

CONTEST = f"""
with moved as (
    update report as held
    set version = held.version + 1, implementer_contest = 'open', contested_at = now(), contested_by = $1,
        contest_reason = $2
    where (held.country, held.organisation_id, held.identity) = ($3, $4, $5)
{KEPT}
"""

SETTLE = f"""
with moved as (
    update report as held
    set version = held.version + 1, implementer_contest = $2, contest_settled_at = now(), contest_settled_by = $1,
        contest_settlement = $3
    where (held.country, held.organisation_id, held.identity) = ($4, $5, $6)
{KEPT}
"""


async def contest(tx: Transaction, report: LockedReport, by: Principal, body: NewContest) -> Any:
    """The report as it stands with this contest; lock it first."""
    row = await tx.fetchrow(CONTEST, by.subject, body.reason, *report.key)
    assert row is not None, "it is locked, and reports are not removed"
    return row


async def settle(tx: Transaction, report: LockedReport, by: Principal, body: NewSettlement) -> Any:
    """The report as it stands with its contest settled; lock it first."""
    row = await tx.fetchrow(SETTLE, by.subject, body.decision, body.reason, *report.key)
    assert row is not None, "it is locked, and reports are not removed"
    return row
