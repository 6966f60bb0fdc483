"""Reports of a partner: pushed in chunks, answered row by row."""

from collections.abc import AsyncIterator, Iterable, Mapping
from pathlib import Path
from typing import Any

from contracts.reports import Report, ReportStanding

from client import bulk
from client.bulk import PushResult
from client.transport import ApiSession, Call, RowId

PATH = "/api/activities/v1/reports"


class Reports:
    """`/v1/reports`."""

    def __init__(self, session: ApiSession) -> None:
        self._session = session

    def push(self, rows: Iterable[Mapping[str, Any]]) -> AsyncIterator[PushResult]:
        """Send rows in chunks; one answer a chunk, its rows counted from 1 over all of them."""
        return bulk.push_rows(self._session, PATH, rows)

    def push_file(self, file: Path) -> AsyncIterator[PushResult]:
        """Send a file of NDJSON or JSON in chunks; rows are numbered by line. Raises `UnreadableFile` too."""
        return bulk.push_file(self._session, PATH, file)

    async def withdraw(self, report_id: RowId, reason: str, version: int | None = None) -> ReportStanding:
        """Take back a report of one's own; of the version that was read, where one is named."""
        call = Call.json("POST", f"{PATH}/{report_id}/withdraw", {"reason": reason}, **_match(version))
        return await self._session.ask_row(ReportStanding, call)

    async def restore(self, report_id: RowId, comment: str | None = None, version: int | None = None) -> ReportStanding:
        """Bring back a report that was withdrawn: as submitted, with a word to its reviewer."""
        said = {"comment": comment} if comment else {}
        call = Call.json("POST", f"{PATH}/{report_id}/restore", said, **_match(version))
        return await self._session.ask_row(ReportStanding, call)

    async def read(self, report_id: RowId) -> Report:
        return await self._session.ask_row(Report, Call("GET", f"{PATH}/{report_id}"))


def _match(version: int | None) -> dict[str, str]:
    return {"If-Match": "*" if version is None else f'"v{version}"'}
