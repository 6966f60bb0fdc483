"""Rules of a withdrawal: who takes what back, and what comes of it. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from contracts.reports import ReportStage
from runtime.access import Principal, Relation, Role
from runtime.answers import check_version
from runtime.problems import NotFound, NotYours, OutsideYourScope

from activities.reviews.domain import LockedReport
from activities.withdrawals.errors import (
    MissingChanged,
    NotDeclared,
    NotReadWhole,
    RowsWereRefused,
    SentByItsOwner,
    UploadUnread,
    UploadWithdrawn,
    WithdrawalUnfinished,
)
from activities.withdrawals.schemas import NewReplacement

UNREAD = frozenset({"queued", "running", "proposed"})


class WithdrawalKind(StrEnum):
    """What was taken back with a file."""

    ALL_IT_MADE = "withdrawal"
    WHAT_IT_LACKS = "replacement"


class WithdrawalState(StrEnum):
    """How far a withdrawal is."""

    WITHDRAWING = "withdrawing"
    WITHDRAWN = "withdrawn"
    RESTORING = "restoring"
    RESTORED = "restored"


@dataclass(frozen=True)
class WithdrawnBy:
    """Who takes back, or restores."""

    subject: str
    role: str

    @classmethod
    def of(cls, principal: Principal) -> "WithdrawnBy":
        return cls(principal.subject, principal.role)


@dataclass(frozen=True)
class Withdrawal:
    """A withdrawal with a file, as it stands."""

    id: UUID
    upload_id: UUID
    kind: WithdrawalKind
    state: WithdrawalState
    reason: str
    withdrawn_by: WithdrawnBy
    restored_by: WithdrawnBy | None = None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Withdrawal":
        restored = WithdrawnBy(row["restored_by"], row["restored_by_role"]) if row["restored_by"] else None
        return cls(
            row["id"],
            row["upload_id"],
            WithdrawalKind(row["kind"]),
            WithdrawalState(row["state"]),
            row["reason"],
            WithdrawnBy(row["withdrawn_by"], row["withdrawn_by_role"]),
            restored,
        )

    @property
    def is_unfinished(self) -> bool:
        return self.state in (WithdrawalState.WITHDRAWING, WithdrawalState.RESTORING)


@dataclass(frozen=True)
class MissingReports:
    """What a file that replaces does not hold of what it is the whole of."""

    count: int
    digest: str


def may_change(role: Role, report: LockedReport | None) -> LockedReport:
    """The report, where the caller may take it back or restore it: its owner, the secretariat, a coordinator what a
    coordinator sent in its scope. Raises why not.
    """
    if report is None:
        raise NotFound
    if role is Role.SECRETARIAT or report.relation == Relation.OWN:
        return report
    if role is not Role.COORDINATOR:
        raise NotYours
    if report.relation != Relation.IN_SCOPE:
        raise OutsideYourScope
    if report.sent_by_role != Role.COORDINATOR:
        raise SentByItsOwner
    return report


def changes(report: LockedReport, stage: ReportStage, expected: int | None) -> bool:
    """Whether there is anything to do to withdraw or restore it; a repeat is harmless. Raises `VersionMismatch`."""
    if (report.stage == ReportStage.WITHDRAWN) == (stage == ReportStage.WITHDRAWN):
        return False
    check_version(expected, report.version)
    return True


def check_read(upload: Mapping[str, Any]) -> None:
    """Raises `UploadUnread`."""
    if upload["state"] in UNREAD:
        raise UploadUnread


def check_finished(withdrawals: list[Withdrawal]) -> None:
    """Raises `WithdrawalUnfinished`."""
    if any(one.is_unfinished for one in withdrawals):
        raise WithdrawalUnfinished


def check_replacing(upload: Mapping[str, Any], withdrawals: list[Withdrawal], body: NewReplacement) -> None:
    """Raises why the file replaces nothing as it stands."""
    if not upload["replaces"]:
        raise NotDeclared
    check_read(upload)
    if upload["state"] != "done":
        raise NotReadWhole
    check_finished(withdrawals)
    if any(one.kind is WithdrawalKind.ALL_IT_MADE and one.state is WithdrawalState.WITHDRAWN for one in withdrawals):
        raise UploadWithdrawn
    refused = upload["counts"].get("rejected", 0)
    if refused and not body.despite_refused:
        raise RowsWereRefused("despite_refused", refused=refused)


def check_missing(missing: MissingReports, body: NewReplacement) -> None:
    """Raises `MissingChanged` unless it is what the caller was told."""
    if missing.count != body.missing or (body.digest is not None and missing.digest != body.digest):
        raise MissingChanged("missing", current=missing.count)
