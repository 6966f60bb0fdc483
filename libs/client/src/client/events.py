"""Server-sent events: lines of a stream as the blocks they form."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

LONGEST_LINE = 1024 * 1024


@dataclass(frozen=True)
class Block:
    """What stands between two blank lines: an event, or only a place to resume from."""

    event: str = "message"
    data: str = ""
    id: str | None = None
    retry_seconds: float | None = None


async def blocks(lines: AsyncIterator[str]) -> AsyncIterator[Block]:
    """Blocks of a stream. Comments say only that it lives; what is cut off at its end is nothing."""
    fields: dict[str, str] = {}
    data: list[str] = []
    async for line in lines:
        if line:
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if name == "data":
                data.append(value)
            elif name:
                fields[name] = value
        elif fields or data:
            yield _block(fields, data)
            fields, data = {}, []


def _block(fields: dict[str, str], data: list[str]) -> Block:
    retry = fields.get("retry", "")
    pause = int(retry) / 1000 if retry.isascii() and retry.isdecimal() else None
    return Block(fields.get("event", "message"), "\n".join(data), fields.get("id"), pause)
