"""Machine clients: the secretariat makes one for each partner's system."""

from typing import Any

from contracts.clients import NewCredentials

from client.transport import ApiSession, Call

PATH = "/api/registry/v1/clients"


class Clients:
    """`/v1/clients`."""

    def __init__(self, session: ApiSession) -> None:
        self._session = session

    async def make(self, new: dict[str, Any]) -> NewCredentials:
        """A new client; its secret is in the answer, once. Raises `Refused` `answer_not_kept` where that was lost."""
        return await self._session.ask_row(NewCredentials, Call.json("POST", PATH, new))

    async def revoke(self, client_id: str) -> None:
        await self._session.ask(Call("DELETE", f"{PATH}/{client_id}"))
