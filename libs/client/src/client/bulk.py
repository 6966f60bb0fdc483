"""Rows sent in bulk, and what became of each."""

from collections.abc import Sequence
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict

from client.door import Call, Door
from client.refused import Refused, RowError

UNPROCESSABLE = 422


class RowResult(BaseModel):
    """What became of one row."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    row: int
    status: str
    id: str | None = None
    version: int | None = None
    flags: tuple[Any, ...] = ()
    errors: tuple[RowError, ...] = ()


class Pushed(BaseModel):
    """What became of the rows sent."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    taken: int = 0
    refused: int = 0
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


async def push(door: Door, call: Call) -> Pushed:
    """Refused rows are in the answer, also where all are; a refused request is a `Refused`."""
    response = await door.ask(call, accepted=frozenset({UNPROCESSABLE}))
    answer = orjson.loads(response.content)
    if "results" not in answer:
        raise Refused.by(response)
    return Pushed.model_validate(answer)
