"""Reports of a partner: pushed in chunks, answered row by row."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson

from client import bulk
from client.bulk import Pushed
from client.chunks import Chunk, chunks_of, gathered
from client.door import Call, Door

NDJSON = "application/x-ndjson"
PATH = "/api/activities/v1/reports"


class Reports:
    """`/v1/reports`."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def push(self, rows: Iterable[Mapping[str, Any]]) -> AsyncIterator[Pushed]:
        """Send rows in chunks; one answer a chunk, its rows counted from 1 over all of them."""
        encoded = ((number, orjson.dumps(row)) for number, row in enumerate(rows, start=1))
        for chunk in gathered(encoded):
            yield await self.send(chunk)

    async def push_file(self, file: Path) -> AsyncIterator[Pushed]:
        """Send a file of NDJSON or JSON in chunks; rows are numbered by line. Raises `UnreadableFile` too."""
        chunks = chunks_of(file)
        while chunk := await asyncio.to_thread(next, chunks, None):
            yield await self.send(chunk)

    async def send(self, chunk: Chunk) -> Pushed:
        call = Call("POST", PATH, chunk.body, headers={"Content-Type": NDJSON})
        return in_lines_of(chunk, await bulk.push(self._door, call))

    async def read(self, report_id: str) -> dict[str, Any]:
        report: dict[str, Any] = await self._door.ask_json(Call("GET", f"{PATH}/{report_id}"))
        return report


def in_lines_of(chunk: Chunk, pushed: Pushed) -> Pushed:
    """The answer with rows numbered as in the file instead of as in the chunk."""
    moved = [result.model_copy(update={"row": _line(chunk, result.row)}) for result in pushed.results]
    return pushed.model_copy(update={"results": tuple(moved)})


def _line(chunk: Chunk, row: int) -> int:
    return chunk.lines[row - 1] if 1 <= row <= len(chunk.lines) else row
