"""Rows sent in bulk, and what became of each."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict

from client.chunks import Chunk, chunks_of, gathered
from client.door import Call, Door
from client.refused import Refused, RowError

UNPROCESSABLE = 422
NDJSON = "application/x-ndjson"
NOTHING: Mapping[str, str] = {}


class RowResult(BaseModel):
    """What became of one row."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    row: int
    status: str
    id: str | None = None
    version: int | None = None
    flags: tuple[Any, ...] = ()
    errors: tuple[RowError, ...] = ()
    not_understood: Mapping[str, str] = {}
    """Values of optional fields that were kept as text alone, by field."""


class Pushed(BaseModel):
    """What became of the rows sent."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    accepted: int = 0
    rejected: int = 0
    results: tuple[RowResult, ...] = ()

    @property
    def problems(self) -> list[RowResult]:
        return [result for result in self.results if result.errors]

    def numbered(self, lines: Sequence[int]) -> "Pushed":
        """The same with rows numbered as in the whole instead of as in the chunk that was sent."""
        moved = [
            result.model_copy(update={"row": lines[result.row - 1] if 1 <= result.row <= len(lines) else result.row})
            for result in self.results
        ]
        return self.model_copy(update={"results": tuple(moved)})


async def push_rows(
    door: Door, path: str, rows: Iterable[Mapping[str, Any]], params: Mapping[str, str] = NOTHING
) -> AsyncIterator[Pushed]:
    """Send rows in chunks; one answer a chunk, its rows counted from 1 over all of them."""
    for chunk in gathered((number, orjson.dumps(row)) for number, row in enumerate(rows, start=1)):
        yield await _push_chunk(door, path, chunk, params)


async def push_file(door: Door, path: str, file: Path, params: Mapping[str, str] = NOTHING) -> AsyncIterator[Pushed]:
    """Send a file of NDJSON or JSON in chunks; rows are numbered by line. Raises `UnreadableFile` too."""
    chunks = chunks_of(file)
    while chunk := await asyncio.to_thread(next, chunks, None):
        yield await _push_chunk(door, path, chunk, params)


async def _push_chunk(door: Door, path: str, chunk: Chunk, params: Mapping[str, str]) -> Pushed:
    call = Call("POST", path, chunk.body, params, {"Content-Type": NDJSON})
    return (await push(door, call)).numbered(chunk.lines)


async def push(door: Door, call: Call) -> Pushed:
    """Refused rows are in the answer, also where all are; a refused request is a `Refused`."""
    response = await door.ask(call, accepted=frozenset({UNPROCESSABLE}))
    answer = orjson.loads(response.content)
    if "results" not in answer:
        raise Refused.by(response)
    return Pushed.model_validate(answer)
