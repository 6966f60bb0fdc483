"""Areas of a country: loaded by the secretariat, known to the whole platform soon after."""

import asyncio
import time
from collections.abc import AsyncIterator, Set
from pathlib import Path
from typing import Any

from client import bulk
from client.bulk import PushResult
from client.errors import Refused
from client.graph import Graph
from client.transport import ApiSession, Call

PATH = "/api/registry/v1/areas"
POLL_SECONDS = 0.3
KINDS = {
    ".ndjson": "application/x-ndjson",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".json": "application/geo+json",
    ".geojson": "application/geo+json",
    ".topojson": "application/geo+json",
    ".zip": "application/zip",
}
"""Content type by the ending of a file's name; any other is CSV."""

KNOWN = """
query Areas($country: String, $first: Int, $after: String) {
  areas(country: $country, first: $first, after: $after) {
    nodes { pcode }
    pageInfo { hasNextPage endCursor }
  }
}
"""


class Areas:
    """`/v1/areas`."""

    def __init__(self, session: ApiSession, graph: Graph) -> None:
        self._session = session
        self._graph = graph

    async def load(self, file: Path, *, country: str | None = None, dry_run: bool = False) -> PushResult:
        """Load a table or a map of areas, or say what that would come to; each row is taken or refused by itself."""
        params = {"country": country} if country else {}
        if dry_run:
            params["dry_run"] = "true"
        body = await asyncio.to_thread(file.read_bytes)
        kind = KINDS.get(file.suffix.lower(), "text/csv")
        return await bulk.push(self._session, Call("POST", PATH, body, params, {"Content-Type": kind}))

    async def known(self, loaded: PushResult, *, seconds: float) -> bool:
        """Wait until the gateway knows all areas that were taken; false where it does not within that time."""
        wanted = {result.id for result in loaded.results if result.id}
        deadline = time.monotonic() + seconds
        while not await self._knows(wanted):
            if time.monotonic() >= deadline:
                return False
            await asyncio.sleep(POLL_SECONDS)
        return True

    async def _knows(self, pcodes: Set[str]) -> bool:
        for country in {key.partition(":")[0] for key in pcodes}:
            known = await self._known(country)
            if any(key.startswith(f"{country}:") and key not in known for key in pcodes):
                return False
        return True

    async def _known(self, country: str) -> set[str]:
        try:
            return {f"{country}:{node['pcode']}" async for node in self._of(country)}
        except Refused as refused:
            if refused.code == "unknown_country":  # loaded just now, and not heard of there yet
                return set()
            raise

    def _of(self, country: str) -> AsyncIterator[Any]:
        return self._graph.nodes(KNOWN, "areas", {"country": country})
