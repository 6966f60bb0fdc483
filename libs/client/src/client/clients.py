"""Machine clients: the secretariat makes one for each partner's system."""

from typing import Any

from client.door import Call, Door

PATH = "/api/registry/v1/clients"


class Clients:
    """`/v1/clients`."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def make(self, new: dict[str, Any]) -> dict[str, Any]:
        """A new client; its secret is in the answer, once. Raises `Refused` `answer_not_kept` where that was lost."""
        return await self._door.ask_json(Call.json("POST", PATH, new))

    async def revoke(self, client_id: str) -> None:
        await self._door.ask(Call("DELETE", f"{PATH}/{client_id}"))
