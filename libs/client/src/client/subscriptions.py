"""Subscriptions: having alerts sent to a webhook of one's own."""

from collections.abc import AsyncIterator
from typing import Any

from client.alerts import EVERYTHING, AlertQuery
from client.transport import ApiSession, Call

PATH = "/api/alerts/v1/subscriptions"


class Subscriptions:
    """`/v1/subscriptions`."""

    def __init__(self, session: ApiSession) -> None:
        self._session = session

    async def add(self, url: str, query: AlertQuery = EVERYTHING, *, description: str | None = None) -> dict[str, Any]:
        """A new one; its signing secret (`secret`) is in the answer, once."""
        wish = {"country": query.country, "areas": query.areas, "sectors": query.sectors}
        wish |= {"severities": query.severities} | ({"statuses": query.statuses} if query.statuses else {})
        new = {"url": url, "filter": wish, "description": description}
        return await self._session.ask_json(Call.json("POST", PATH, new))

    def all(self) -> AsyncIterator[dict[str, Any]]:
        """One's own and those of one's organisation."""
        return self._session.pages(PATH)

    async def remove(self, id: str) -> None:
        await self._session.ask(Call("DELETE", f"{PATH}/{id}"))

    async def change(self, id: str, version: int, **changes: Any) -> dict[str, Any]:
        """Change what is given, such as `state="paused"`, of the version that was read."""
        call = Call.json("PATCH", f"{PATH}/{id}", changes, **{"If-Match": f'"v{version}"'})
        return await self._session.ask_json(call)

    async def rotate(self, id: str) -> dict[str, Any]:
        """A new secret, told once; the earlier one signs beside it for a day."""
        return await self._session.ask_json(Call("POST", f"{PATH}/{id}/rotate"))

    async def test(self, id: str) -> dict[str, Any]:
        """Have a ping sent."""
        return await self._session.ask_json(Call("POST", f"{PATH}/{id}/test"))

    def deliveries(self, id: str) -> AsyncIterator[dict[str, Any]]:
        """What was sent and what became of it, newest first."""
        return self._session.pages(f"{PATH}/{id}/deliveries")
