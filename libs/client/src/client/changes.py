"""Following lists: what changed behind a position, so that a copy stays complete without reading the list again."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from contracts import catalogue

from client.lists import path_of
from client.transport import PAGE, ApiSession, Call

START: Final = "start"
LISTS: Final[Mapping[str, str]] = {noun.name: path_of(noun) for noun in catalogue.LISTS.values() if noun.followed}
"""Lists that can be followed."""
EVERY_SECONDS = 30.0


@dataclass(frozen=True)
class Changed:
    """A page of changes: put `items` into the copy, take `gone` out of it, and keep `position` with it."""

    items: list[dict[str, Any]]
    gone: list[str]
    position: str


class ChangeFeeds:
    """Lists by their changes. A position is good for one list, filter and client; keep it in one transaction with the
    copy. Where the platform no longer knows it, `Refused` has the code `unknown_position`: empty the copy, begin anew.
    """

    def __init__(self, session: ApiSession) -> None:
        self._session = session

    async def of(self, name: str, position: str = START, **filters: str | int) -> AsyncIterator[Changed]:
        """What changed behind the position, page by page, up to now. Raises `Refused`, `Unreachable`."""
        following: str | None = position
        while following is not None:
            params = {"first": PAGE, **filters, "changes_after": following}
            page = await self._session.ask_json(Call("GET", LISTS[name], params=params))
            gone = [item["id"] for item in page["items"] if item.get("gone") is True]
            items = [item for item in page["items"] if item.get("gone") is not True]
            yield Changed(items, gone, page["position"])
            following = page["next"]

    async def follow(
        self, name: str, position: str = START, *, every_seconds: float = EVERY_SECONDS, **filters: str | int
    ) -> AsyncIterator[Changed]:
        """The same without an end: asks again after a pause, and tells pages on which something stands."""
        while True:
            async for changed in self.of(name, position, **filters):
                position = changed.position
                if changed.items or changed.gone:
                    yield changed
            await asyncio.sleep(every_seconds)
