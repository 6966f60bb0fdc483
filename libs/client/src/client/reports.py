"""Reports of a partner: pushed in chunks, answered row by row."""

from collections.abc import AsyncIterator, Iterable, Mapping
from pathlib import Path
from typing import Any

from client import bulk
from client.bulk import Pushed
from client.door import Call, Door

PATH = "/api/activities/v1/reports"


class Reports:
    """`/v1/reports`."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def push(self, rows: Iterable[Mapping[str, Any]]) -> AsyncIterator[Pushed]:
        """Send rows in chunks; one answer a chunk, its rows counted from 1 over all of them."""
        return bulk.push_rows(self._door, PATH, rows)

    def push_file(self, file: Path) -> AsyncIterator[Pushed]:
        """Send a file of NDJSON or JSON in chunks; rows are numbered by line. Raises `UnreadableFile` too."""
        return bulk.push_file(self._door, PATH, file)

    async def read(self, report_id: str) -> dict[str, Any]:
        return await self._door.ask_json(Call("GET", f"{PATH}/{report_id}"))
