"""Organisations: apply, verify, say what they are called besides, merge."""

import asyncio
from pathlib import Path
from typing import Any

from contracts.duplicates import DuplicatesFound, OrganisationDuplicate
from contracts.organisations import Application, Organisation, OrganisationMerge

from client import bulk
from client.bulk import PushResult
from client.transport import ApiSession, Call, RowId

PATH = "/api/registry/v1/organisations"


class Organisations:
    """`/v1/organisations`."""

    def __init__(self, session: ApiSession) -> None:
        self._session = session

    async def apply(self, new: dict[str, Any]) -> Application:
        """Ask for membership; how the organisation stands now."""
        return await self._session.ask_row(Application, Call.json("POST", PATH, new))

    async def verify(self, organisation_id: RowId) -> Organisation:
        return await self._session.ask_row(Organisation, Call("POST", f"{PATH}/{organisation_id}/verify"))

    async def identify(self, file: Path) -> PushResult:
        """Give organisations other spellings, codes and ids elsewhere, of a CSV or NDJSON file."""
        kind = "text/csv" if file.suffix.lower() == ".csv" else bulk.NDJSON
        body = await asyncio.to_thread(file.read_bytes)
        return await bulk.push(self._session, Call("POST", f"{PATH}/identifiers", body, {}, {"Content-Type": kind}))

    async def find_duplicates(self) -> DuplicatesFound:
        """Compare all organisations anew; how many there are, and pairs to be settled."""
        return await self._session.ask_row(DuplicatesFound, Call("POST", f"{PATH}/find_duplicates"))

    async def dismiss_duplicate(self, pair_id: RowId, reason: str) -> OrganisationDuplicate:
        """Settle that two organisations are two."""
        path = f"/api/registry/v1/organisation_duplicates/{pair_id}/dismiss"
        return await self._session.ask_row(OrganisationDuplicate, Call.json("POST", path, {"reason": reason}))

    async def merge(self, organisation_id: RowId, into: RowId, reason: str) -> OrganisationMerge:
        """Let one stand for another."""
        sent = {"into": str(into), "reason": reason}
        return await self._session.ask_row(
            OrganisationMerge, Call.json("POST", f"{PATH}/{organisation_id}/merge", sent)
        )

    async def part(self, organisation_id: RowId, reason: str) -> OrganisationMerge:
        """Undo a merge."""
        return await self._session.ask_row(
            OrganisationMerge, Call.json("POST", f"{PATH}/{organisation_id}/part", {"reason": reason})
        )
