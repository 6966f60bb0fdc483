"""Rules of a contest: who raises it, who settles it, once each. No I/O."""

from contracts.reports import ImplementerContest
from runtime.access import Role
from runtime.problems import NotFound

from activities.contests.errors import ContestedAlready, NoOpenContest, NotNamed
from activities.reviews.domain import LockedReport, check_reviewer


def contest(report: LockedReport | None) -> LockedReport:
    """The report whose implementer contests being named. Raises why it is not."""
    if report is None:
        raise NotFound
    if not report.names_them:
        raise NotNamed
    if report.contest is not None:
        raise ContestedAlready
    return report


def settle(role: Role, report: LockedReport | None) -> LockedReport:
    """The report whose contest is settled, by who may review it. Raises why it is not."""
    if report is None:
        raise NotFound
    check_reviewer(role, report)
    if report.contest != ImplementerContest.OPEN:
        raise NoOpenContest
    return report
