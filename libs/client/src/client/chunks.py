"""A file of reports as NDJSON bodies of bounded size, however large the file is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson

MIB = 1024 * 1024
MOST_ROWS = 5_000
MOST_BYTES = 16 * MIB
BLANK = b" \t\r\n"


class UnreadableFile(ValueError):
    """The file can't be sent as reports; the message says why."""


@dataclass(frozen=True)
class Chunk:
    """One body of NDJSON, and where its rows stood in the file."""

    body: bytes
    lines: tuple[int, ...]
    """Line of the file (or ordinal in the array) of each row, from 1."""


def chunks_of(file: Path, *, rows: int = MOST_ROWS, size: int = MOST_BYTES) -> Iterator[Chunk]:
    """The chunks of an `.ndjson`/`.jsonl` file or of a `.json` one. Raises `UnreadableFile`, `OSError`."""
    numbered = _numbered_lines(file, size) if file.suffix.lower() in {".ndjson", ".jsonl"} else _elements(file, size)
    return gathered(numbered, rows=rows, size=size)


def gathered(
    numbered: Iterable[tuple[int, bytes]], *, rows: int = MOST_ROWS, size: int = MOST_BYTES
) -> Iterator[Chunk]:
    """Numbered rows as chunks of at most `rows` rows and `size` bytes."""
    held: list[bytes] = []
    numbers: list[int] = []
    weight = 0
    for number, line in numbered:
        if held and (len(held) == rows or weight + len(line) + 1 > size):
            yield Chunk(b"\n".join(held) + b"\n", tuple(numbers))
            held, numbers, weight = [], [], 0
        held.append(line)
        numbers.append(number)
        weight += len(line) + 1
    if held:
        yield Chunk(b"\n".join(held) + b"\n", tuple(numbers))


def _numbered_lines(file: Path, size: int) -> Iterator[tuple[int, bytes]]:
    with file.open("rb") as opened:
        number = 0
        while line := opened.readline(size + 1):
            number += 1
            if len(line) > size:
                raise UnreadableFile(f"line {number} is longer than {size} bytes")
            if stripped := line.strip(BLANK).removeprefix(b"\xef\xbb\xbf" if number == 1 else b""):
                yield number, stripped


def _elements(file: Path, size: int) -> Iterator[tuple[int, bytes]]:
    if file.stat().st_size > size:
        raise UnreadableFile(f"a JSON file over {size // MIB} MiB must be sent as NDJSON, one report a line")
    try:
        document = orjson.loads(file.read_bytes())
    except orjson.JSONDecodeError as fault:
        raise UnreadableFile(f"not JSON: {fault}") from fault
    rows = document if isinstance(document, list) else [document]
    return ((number, orjson.dumps(row)) for number, row in enumerate(rows, start=1))
