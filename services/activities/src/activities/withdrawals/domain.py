"""Rules of a withdrawal: who takes what back, and what comes of it. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from contracts.activities import ReportStage
from runtime.access import Principal, Relation, Role
from runtime.answers import check_version
from runtime.problems import NotFound, NotYours, OutsideYourScope

from activities.reviews.domain import Standing
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
from activities.withdrawals.shape import NewReplacement

UNREAD = frozenset({"queued", "running"})


class Kind(StrEnum):
    """What was taken back with a file."""

    ALL_IT_MADE = "withdrawal"
    WHAT_IT_LACKS = "replacement"


class State(StrEnum):
    """How far a withdrawal is."""

    WITHDRAWING = "withdrawing"
    WITHDRAWN = "withdrawn"
    RESTORING = "restoring"
    RESTORED = "restored"


@dataclass(frozen=True)
class By:
    """Who takes back, or restores."""

    subject: str
    role: str

    @classmethod
    def of(cls, principal: Principal) -> "By":
        return cls(principal.subject, principal.role)


@dataclass(frozen=True)
class Withdrawal:
    """A withdrawal with a file, as it stands."""

    id: UUID
    upload_id: UUID
    kind: Kind
    state: State
    reason: str
    withdrawn_by: By
    restored_by: By | None = None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Withdrawal":
        restored = By(row["restored_by"], row["restored_by_role"]) if row["restored_by"] else None
        return cls(
            row["id"],
            row["upload_id"],
            Kind(row["kind"]),
            State(row["state"]),
            row["reason"],
            By(row["withdrawn_by"], row["withdrawn_by_role"]),
            restored,
        )

    @property
    def is_unfinished(self) -> bool:
        return self.state in (State.WITHDRAWING, State.RESTORING)


@dataclass(frozen=True)
class Missing:
    """What a file that replaces does not hold of what it is the whole of."""

    count: int
    digest: str


def may_change(role: Role, report: Standing | None) -> Standing:
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


def changes(report: Standing, wanted: ReportStage, expected: int | None) -> bool:
    """Whether there is anything to do to withdraw or restore it; a repeat is harmless. Raises `VersionMismatch`."""
    if (report.stage == ReportStage.WITHDRAWN) == (wanted == ReportStage.WITHDRAWN):
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


def check_replacing(upload: Mapping[str, Any], withdrawals: list[Withdrawal], said: NewReplacement) -> None:
    """Raises why the file replaces nothing as it stands."""
    if not upload["replaces"]:
        raise NotDeclared
    check_read(upload)
    if upload["state"] != "done":
        raise NotReadWhole
    check_finished(withdrawals)
    if any(one.kind is Kind.ALL_IT_MADE and one.state is State.WITHDRAWN for one in withdrawals):
        raise UploadWithdrawn
    refused = upload["counts"].get("rejected", 0)
    if refused and not said.despite_refused:
        raise RowsWereRefused("despite_refused", refused=refused)


def check_missing(missing: Missing, said: NewReplacement) -> None:
    """Raises `MissingChanged` unless it is what the caller was told."""
    if missing.count != said.missing or (said.digest is not None and missing.digest != said.digest):
        raise MissingChanged("missing", current=missing.count)
