"""Subscriptions: having alerts sent to a webhook of one's own."""

from collections.abc import AsyncIterator
from typing import Any

from contracts.subscriptions import Delivery, Ping, Subscription, SubscriptionWithSecret

from client.alerts import EVERYTHING, AlertQuery
from client.transport import ApiSession, Call, RowId, rows_of

PATH = "/api/alerts/v1/subscriptions"


class Subscriptions:
    """`/v1/subscriptions`."""

    def __init__(self, session: ApiSession) -> None:
        self._session = session

    async def add(
        self, url: str, query: AlertQuery = EVERYTHING, *, description: str | None = None
    ) -> SubscriptionWithSecret:
        """A new one; its signing secret (`secret`) is in the answer, once."""
        wish = {"country": query.country, "areas": query.areas, "sectors": query.sectors}
        wish |= {"severities": query.severities} | ({"statuses": query.statuses} if query.statuses else {})
        new = {"url": url, "filter": wish, "description": description}
        return await self._session.ask_row(SubscriptionWithSecret, Call.json("POST", PATH, new))

    async def remove(self, id: RowId) -> None:
        await self._session.ask(Call("DELETE", f"{PATH}/{id}"))

    async def change(self, id: RowId, version: int, **changes: Any) -> Subscription:
        """Change what is given, such as `state="paused"`, of the version that was read."""
        call = Call.json("PATCH", f"{PATH}/{id}", changes, **{"If-Match": f'"v{version}"'})
        return await self._session.ask_row(Subscription, call)

    async def rotate(self, id: RowId) -> SubscriptionWithSecret:
        """A new secret, told once; the earlier one signs beside it for a day."""
        return await self._session.ask_row(SubscriptionWithSecret, Call("POST", f"{PATH}/{id}/rotate"))

    async def test(self, id: RowId) -> Ping:
        """Have a ping sent."""
        return await self._session.ask_row(Ping, Call("POST", f"{PATH}/{id}/test"))

    def deliveries(self, id: RowId) -> AsyncIterator[Delivery]:
        """What was sent and what became of it, newest first."""
        return rows_of(Delivery, self._session.pages(f"{PATH}/{id}/deliveries"))
