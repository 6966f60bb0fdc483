"""Areas of a country: loaded by the secretariat, known to the whole platform soon after."""

import asyncio
from pathlib import Path
from typing import Any

from client.door import Call, Door
from client.graph import Graph

PATH = "/api/registry/v1/areas"
POLL_SECONDS = 0.25


class Areas:
    """`/v1/areas`."""

    def __init__(self, door: Door, graph: Graph) -> None:
        self._door = door
        self._graph = graph

    async def load(self, file: Path, *, country: str | None = None) -> dict[str, Any]:
        """Load a CSV file of areas; the counts of the answer."""
        params = {"country": country} if country else {}
        body = await asyncio.to_thread(file.read_bytes)
        call = Call("POST", PATH, body, params, {"Content-Type": "text/csv"})
        loaded: dict[str, Any] = await self._door.ask_json(call)
        return loaded
