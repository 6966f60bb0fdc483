"""Running the program that reads maps, and reading what it wrote."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO

import orjson
from runtime.problems import Refusal
from tables.codepages import is_arabic
from tables.delimited import EncodingNotUnderstood
from tables.extraction import OUT_OF_BOUNDS, run_limited
from tables.records import TableRecord

from registry.areas import errors

PROGRAM = "registry.maps.program"
SECONDS = 30
"""Of the processor; a country of 272 sub-districts takes one."""
WALL = 3.0
"""By the clock, as a multiple of it."""
FAULTS: Mapping[str, type[Refusal]] = {
    kind.code: kind
    for kind in (
        errors.NotAMap,
        errors.BrokenMap,
        errors.MapTooLarge,
        errors.ShapefilePartMissing,
        errors.OtherProjection,
        EncodingNotUnderstood,
    )
}
POINT = ("lat", "lon")


@dataclass(frozen=True)
class MapTable:
    """A map as a table: the headings first, then a record for each feature, by its number."""

    rows: IO[bytes]
    headings: tuple[str, ...]
    boundaries: dict[int, Mapping[str, str]] = field(default_factory=dict)
    """GeoJSON by level of detail, of each feature that was read and has a shape."""

    def records(self) -> Iterator[TableRecord]:
        self.rows.seek(0)
        own_point = not set(POINT) & set(self.headings)
        headings = orjson.loads(self.rows.readline())
        yield TableRecord(0, [*headings, *(POINT if own_point else ())])
        for number, line in enumerate(self.rows, start=1):
            feature = orjson.loads(line)
            point = map(str, feature["at"]) if own_point and feature.get("at") else ()
            if "boundary" in feature:
                self.boundaries[number] = feature["boundary"]
            yield TableRecord(number, [*feature["cells"], *point])


async def read_map(file: IO[bytes], kind: str, rows: IO[bytes]) -> MapTable:
    """Have the program read `file` (`json` or `zip`) into `rows`. Raises the reason where it can't."""
    try:
        answer, ended = await run_limited(PROGRAM, kind, file, rows, SECONDS, wall=WALL)
    except TimeoutError:
        raise errors.MapTooLarge(seconds=SECONDS) from None
    if ended in OUT_OF_BOUNDS:
        raise errors.MapTooLarge(seconds=SECONDS)
    try:
        told = orjson.loads(answer)
    except orjson.JSONDecodeError:
        raise errors.BrokenMap from None
    if failure := told.get("failure"):
        raise FAULTS.get(failure, errors.BrokenMap)(**{"seconds": SECONDS, **told.get("facts", {})})
    rows.seek(0)
    written = rows.read() if told["assumed_page"] else b""
    if written and not is_arabic(written.decode("utf-8").encode("cp1256", "ignore")):
        raise EncodingNotUnderstood
    return MapTable(rows, tuple(told["headings"]))


def is_zip(file: IO[bytes]) -> bool:
    return os.pread(file.fileno(), 2, 0) == b"PK"
