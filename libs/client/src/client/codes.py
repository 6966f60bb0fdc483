"""Code lists of the registry."""

from typing import Any

from client.door import Call, Door


class Codes:
    """`/v1/sectors`, `/v1/indicators` and `/v1/scopes`."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def sectors(self) -> list[dict[str, Any]]:
        return await self._items("sectors")

    async def indicators(self) -> list[dict[str, Any]]:
        return await self._items("indicators")

    async def scopes(self) -> list[dict[str, Any]]:
        return await self._items("scopes")

    async def _items(self, noun: str) -> list[dict[str, Any]]:
        return list((await self._door.ask_json(Call("GET", f"/api/registry/v1/{noun}")))["items"])
