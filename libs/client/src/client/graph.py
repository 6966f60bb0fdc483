"""Questions in GraphQL."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from client.door import Call, Door
from client.refused import Refused

PAGE = 500


class Graph:
    """`/graphql`."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def ask(self, text: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The `data` of the answer. Raises `Refused` where it holds errors."""
        call = Call.json("POST", "/graphql", {"query": text, "variables": dict(variables or {})})
        answer = await self._door.ask_json(call)
        if errors := answer.get("errors"):
            first = errors[0]
            code = first.get("extensions", {}).get("code", "graphql")
            raise Refused(200, str(code), str(first.get("message", "")))
        data: dict[str, Any] = answer["data"]
        return data

    async def nodes(self, text: str, field: str, variables: Mapping[str, Any] | None = None) -> AsyncIterator[Any]:
        """All nodes of a connection; `text` takes `$first` and `$after` and asks for `pageInfo` and `nodes`."""
        after: str | None = None
        while True:
            connection = (await self.ask(text, {**(variables or {}), "first": PAGE, "after": after}))[field]
            for node in connection["nodes"]:
                yield node
            if not connection["pageInfo"]["hasNextPage"]:
                return
            after = connection["pageInfo"]["endCursor"]
