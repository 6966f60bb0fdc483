"""Subscriptions: having alerts sent to a webhook of one's own."""

from collections.abc import AsyncIterator
from typing import Any

from client.alerts import EVERYTHING, Wanted
from client.door import Call, Door

PATH = "/api/alerts/v1/subscriptions"


class Subscriptions:
    """`/v1/subscriptions`."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def add(self, url: str, wanted: Wanted = EVERYTHING, *, description: str | None = None) -> dict[str, Any]:
        """A new one; its signing secret (`secret`) is in the answer, once."""
        wish = {"country": wanted.country, "areas": wanted.areas, "sectors": wanted.sectors}
        wish |= {"severities": wanted.severities} | ({"statuses": wanted.statuses} if wanted.statuses else {})
        new = {"url": url, "filter": wish, "description": description}
        return await self._door.ask_json(Call.json("POST", PATH, new))

    def all(self) -> AsyncIterator[dict[str, Any]]:
        """One's own and those of one's organisation."""
        return self._door.pages(PATH)

    async def remove(self, id: str) -> None:
        await self._door.ask(Call("DELETE", f"{PATH}/{id}"))

    async def change(self, id: str, version: int, **changes: Any) -> dict[str, Any]:
        """Change what is given, such as `state="paused"`, of the version that was read."""
        call = Call.json("PATCH", f"{PATH}/{id}", changes, **{"If-Match": f'"v{version}"'})
        return await self._door.ask_json(call)

    async def rotate(self, id: str) -> dict[str, Any]:
        """A new secret, told once; the earlier one signs beside it for a day."""
        return await self._door.ask_json(Call("POST", f"{PATH}/{id}/rotate"))

    async def test(self, id: str) -> dict[str, Any]:
        """Have a ping sent."""
        return await self._door.ask_json(Call("POST", f"{PATH}/{id}/test"))

    def deliveries(self, id: str) -> AsyncIterator[dict[str, Any]]:
        """What was sent and what became of it, newest first."""
        return self._door.pages(f"{PATH}/{id}/deliveries")
