"""Rules of a review: who decides on what, and which stage follows which. No I/O."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from contracts.reports import ReportStage
from contracts.sensitivity import Sensitivity
from runtime.access import Relation, Role
from runtime.language import LocalizedText
from runtime.problems import NotFound, NotYours, OutsideYourScope, VersionMismatch

from activities.reviews.errors import (
    BelongsToWorkingGroup,
    NotReturned,
    NotToBeReviewed,
    OwnReport,
    SameSensitivity,
    SentByYou,
)
from activities.reviews.schemas import Decision, NewDecision


class ReviewedAs(StrEnum):
    """In whose name a report was reviewed."""

    WORKING_GROUP = "working_group"
    SECRETARIAT = "secretariat"


REVIEWED_AS = {Role.COORDINATOR: ReviewedAs.WORKING_GROUP, Role.SECRETARIAT: ReviewedAs.SECRETARIAT}

BEFORE: dict[Decision, frozenset[str]] = {
    Decision.APPROVED: frozenset({ReportStage.SUBMITTED}),
    Decision.RETURNED: frozenset({ReportStage.SUBMITTED, ReportStage.APPROVED}),
}
"""Stages a decision follows. An approval can be taken back, by returning the report."""

CALLED: dict[str, LocalizedText] = {
    ReportStage.SUBMITTED: LocalizedText("مُرسَل", "submitted"),
    ReportStage.APPROVED: LocalizedText("معتمد", "approved"),
    ReportStage.RETURNED: LocalizedText("مُعاد إلى صاحبه", "returned"),
    ReportStage.WITHDRAWN: LocalizedText("مسحوب", "withdrawn"),
}
"""What people call a stage, and the decision that leads to it."""

Key = tuple[str, UUID, str]


@dataclass(frozen=True, slots=True)
class LockedReport:
    """A report as it stands, locked, and how it stands to who decides on it. Who may not see it gets none."""

    key: Key
    id: UUID
    version: int
    stage: str
    sensitivity: str
    relation: str
    of_their_own: bool
    sent_by_them: bool
    belongs: bool
    """A working group can review it."""
    names_them: bool
    """Another reports it, and names their organisation as the implementer."""
    contest: str | None
    """What stands of its implementer's contest."""
    sent_by_role: str | None = None
    """Who sent the version that stands; unknown of old ones."""


@dataclass(frozen=True, slots=True)
class StageChange:
    """A decision that stands, as it is written."""

    row: int
    report: LockedReport
    decision: Decision
    comment: str | None
    override_reason: str | None


def decide(row: int, body: NewDecision, role: Role, report: LockedReport | None) -> StageChange:
    """The change a decision makes. Raises the `Refusal` that keeps it from being taken."""
    if report is None:
        raise NotFound("report_id")
    check_reviewer(role, report)
    if report.version != body.version:
        raise VersionMismatch("version", current=report.version)
    if report.stage not in BEFORE[body.decision]:
        raise NotToBeReviewed("decision", stage=CALLED[report.stage], decision=CALLED[body.decision])
    steps_in = role is Role.SECRETARIAT and report.belongs
    if steps_in and not body.override_reason:
        raise BelongsToWorkingGroup("override_reason")
    return StageChange(row, report, body.decision, body.comment, body.override_reason if steps_in else None)


def check_reviewer(role: Role, report: LockedReport) -> None:
    """Raises why this caller reviews no such report, whatever is decided."""
    if report.of_their_own:
        raise OwnReport("report_id")
    if role is Role.COORDINATOR and report.relation != Relation.IN_SCOPE:
        raise OutsideYourScope("report_id")
    if report.sent_by_them:
        raise SentByYou("report_id")


def set_sensitivity(role: Role, report: LockedReport | None, level: Sensitivity, expected: int | None) -> LockedReport:
    """The report whose level is set: lowered by who reviews it and may see it, raised by its owner too.

    Raises why it is not.
    """
    if report is None:
        raise NotFound
    raises = level.rank > Sensitivity(report.sensitivity).rank
    if not (raises and report.relation == Relation.OWN):
        if role not in REVIEWED_AS:
            raise NotYours
        check_reviewer(role, report)
    if expected is None and not raises and report.sensitivity != level:
        # Who lowers says which version they read: one sent meanwhile may say more.
        raise VersionMismatch("If-Match", current=report.version)
    if expected is not None and report.version != expected:
        raise VersionMismatch("If-Match", current=report.version)
    if report.sensitivity == level:
        raise SameSensitivity("sensitivity")
    return report


def send_again(role: Role, report: LockedReport | None, expected: int | None) -> LockedReport:
    """The report that is sent again as it is. Raises why it is not."""
    if report is None:
        raise NotFound
    _check_sender(role, report)
    if expected is not None and report.version != expected:
        raise VersionMismatch("If-Match", current=report.version)
    if report.stage != ReportStage.RETURNED:
        raise NotReturned(stage=CALLED[report.stage])
    return report


def _check_sender(role: Role, report: LockedReport) -> None:
    """Who may send such a report may send it again: the owner, its coordinator, the secretariat."""
    if role is Role.SECRETARIAT or report.relation == Relation.OWN:
        return
    if role is not Role.COORDINATOR:
        raise NotYours
    if report.relation != Relation.IN_SCOPE:
        raise OutsideYourScope
