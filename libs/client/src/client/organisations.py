"""Organisations: apply, verify."""

from typing import Any

from contracts.organisations import Application, Organisation

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
