"""Reviews of reports: what waits for the signed-in reviewer, and decisions in bulk, answered one by one."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from contracts.reports import Report, ReportStanding, ReportVersion

from client import bulk
from client.bulk import PushResult
from client.reports import PATH as REPORTS
from client.transport import ApiSession, Call, RowId, rows_of

PATH = "/api/activities/v1/reviews"

Decided = Literal["approved", "returned"]


@dataclass(frozen=True)
class ReviewDecision:
    """A decision on the version of a report that was read."""

    report_id: RowId
    version: int
    decision: Decided
    comment: str | None = None
    """What has to be mended; a returned report needs it."""
    override_reason: str | None = None
    """Why the secretariat decides in place of a working group."""

    def row(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value is not None}


class Reviews:
    """`/v1/reviews`, and what of `/v1/reports` belongs to a review."""

    def __init__(self, session: ApiSession) -> None:
        self._session = session

    def queue(self, **filters: str | int) -> AsyncIterator[Report]:
        """Reports the caller may review now, such as `sector="WSH", month_from="2026-03", month_to="2026-03"`."""
        return rows_of(Report, self._session.pages(REPORTS, **{**filters, "reviewable": "true"}))

    def decide(self, decisions: Iterable[ReviewDecision]) -> AsyncIterator[PushResult]:
        """Send decisions in chunks; one answer a chunk, its rows counted from 1 over all of them."""
        return bulk.push_rows(self._session, PATH, (made.row() for made in decisions))

    async def submit_again(self, report_id: RowId, version: int, comment: str | None = None) -> ReportStanding:
        """Send a returned report of one's own again as it is, with an answer to the reviewer."""
        said = {"comment": comment} if comment else {}
        call = Call.json("POST", f"{REPORTS}/{report_id}/submit", said, **{"If-Match": f'"v{version}"'})
        return await self._session.ask_row(ReportStanding, call)

    def versions(self, report_id: RowId) -> AsyncIterator[ReportVersion]:
        """Every version of a report, newest first."""
        return rows_of(ReportVersion, self._session.pages(f"{REPORTS}/{report_id}/versions"))
