"""Rows sent in bulk, and what became of each."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict

from client.chunks import Chunk, chunks_of, gathered
from client.errors import Refused, RowError
from client.transport import ApiSession, Call

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


class PushResult(BaseModel):
    """What became of the rows sent."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    accepted: int = 0
    rejected: int = 0
    results: tuple[RowResult, ...] = ()

    @property
    def problems(self) -> list[RowResult]:
        return [result for result in self.results if result.errors]

    def numbered(self, lines: Sequence[int]) -> "PushResult":
        """The same with rows numbered as in the whole instead of as in the chunk that was sent."""
        moved = [
            result.model_copy(update={"row": lines[result.row - 1] if 1 <= result.row <= len(lines) else result.row})
            for result in self.results
        ]
        return self.model_copy(update={"results": tuple(moved)})


async def push_rows(
    session: ApiSession, path: str, rows: Iterable[Mapping[str, Any]], params: Mapping[str, str] = NOTHING
) -> AsyncIterator[PushResult]:
    """Send rows in chunks; one answer a chunk, its rows counted from 1 over all of them."""
    for chunk in gathered((number, orjson.dumps(row)) for number, row in enumerate(rows, start=1)):
        yield await _push_chunk(session, path, chunk, params)


async def push_file(
    session: ApiSession, path: str, file: Path, params: Mapping[str, str] = NOTHING
) -> AsyncIterator[PushResult]:
    """Send a file of NDJSON or JSON in chunks; rows are numbered by line. Raises `UnreadableFile` too."""
    chunks = chunks_of(file)
    while chunk := await asyncio.to_thread(next, chunks, None):
        yield await _push_chunk(session, path, chunk, params)


async def _push_chunk(session: ApiSession, path: str, chunk: Chunk, params: Mapping[str, str]) -> PushResult:
    call = Call("POST", path, chunk.body, params, {"Content-Type": NDJSON})
    return (await push(session, call)).numbered(chunk.lines)


async def push(session: ApiSession, call: Call) -> PushResult:
    """Refused rows are in the answer, also where all are; a refused request is a `Refused`."""
    response = await session.ask(call, accepted=frozenset({UNPROCESSABLE}))
    answer = orjson.loads(response.content)
    if "results" not in answer:
        raise Refused.by(response)
    return PushResult.model_validate(answer)
