"""Organisations: apply, verify."""

from typing import Any

from client.transport import ApiSession, Call

PATH = "/api/registry/v1/organisations"


class Organisations:
    """`/v1/organisations`."""

    def __init__(self, session: ApiSession) -> None:
        self._session = session

    async def apply(self, new: dict[str, Any]) -> dict[str, Any]:
        """Ask for membership; the organisation as it stands now."""
        return await self._session.ask_json(Call.json("POST", PATH, new))

    async def verify(self, organisation_id: str) -> dict[str, Any]:
        return await self._session.ask_json(Call("POST", f"{PATH}/{organisation_id}/verify"))
