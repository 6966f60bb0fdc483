"""Running the program that reads workbooks, and reading what it wrote. Decision 0009 says why it is a program."""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any, BinaryIO

import orjson
from runtime.access import MIB
from runtime.problems import Refusal
from runtime.rows.errors import RowTooLarge

from tables import errors
from tables.kinds import FileKind
from tables.records import MOST_COLUMNS, RowSource, SkippedSheet, TableRecord

LEAST_CPU_SECONDS, MOST_CPU_SECONDS = 10, 60
CPU_SECONDS_A_MIB = 4
"""An ordinary workbook takes a fifth of it."""
WALL = 5.0
"""By the clock, as a multiple of the processor's time: other programs run, too."""
MOST_SHEETS = 100
OUT_OF_BOUNDS = frozenset({-signal.SIGKILL, -signal.SIGABRT, -signal.SIGXCPU, -signal.SIGXFSZ, -signal.SIGALRM})
"""Ends a program has that met a wall: of memory (the allocator aborts), of time, of what it may write."""
FAULTS: dict[str, type[Refusal]] = {
    kind.code: kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Refusal)
}
PROGRAM = "tables.workbook"


@dataclass(frozen=True)
class ExtractedSource:
    """The rows of a sheet as the program wrote them."""

    name: str | None
    file: BinaryIO
    offset: int
    rows: int

    def records(self) -> Iterator[TableRecord]:
        self.file.seek(self.offset)
        for number in range(1, self.rows + 1):
            cells = orjson.loads(self.file.readline())
            yield TableRecord(number, cells, RowTooLarge(row=number) if len(cells) > MOST_COLUMNS else None)

    def position(self) -> int:
        return self.file.tell()


@dataclass(frozen=True)
class ExtractedWorkbook:
    """A workbook as its sheets, with the rows of those that can be read."""

    sources: Sequence[RowSource | SkippedSheet]
    size: int
    date_1904: bool
    assumptions: Sequence[str] = ()


def cpu_seconds(size: int) -> int:
    """Time of the processor that a file of so many bytes may take to be read: a small one can't ask for much."""
    return min(LEAST_CPU_SECONDS + CPU_SECONDS_A_MIB * size // MIB, MOST_CPU_SECONDS)


async def extract(file: IO[bytes], kind: FileKind, rows: IO[bytes]) -> ExtractedWorkbook:
    """Have the program read `file` into `rows`. Raises the reason where it can't."""
    seconds = cpu_seconds(os.fstat(file.fileno()).st_size)
    try:
        answer, ended = await run_limited(PROGRAM, kind.value, file, rows, seconds)
    except TimeoutError:
        raise errors.WorkbookTooLarge from None
    return _extracted(answer, ended, rows)


async def run_limited(
    program: str, kind: str, file: IO[bytes], written: IO[bytes], seconds: int, *, wall: float = WALL
) -> tuple[bytes, int]:
    """What a program of ours answers that reads `file` and writes `written`, and how it ended. Raises `TimeoutError`.

    It is to limit itself (`tables.limits`) to so many seconds of the processor.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-m",
        program,
        kind,
        str(written.fileno()),
        str(seconds),
        stdin=file.fileno(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        pass_fds=(written.fileno(),),
        # None of this process's settings: they hold secrets, and the program needs none.
        # One thread: each more would reserve a share of what the limits leave.
        env={"LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"},
    )
    try:
        answer, _ = await asyncio.wait_for(process.communicate(), wall * seconds)
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return answer, process.returncode or 0


def _extracted(answer: bytes, ended: int, rows: Any) -> ExtractedWorkbook:
    if ended in OUT_OF_BOUNDS:
        raise errors.WorkbookTooLarge
    try:
        told = orjson.loads(answer)
    except orjson.JSONDecodeError:
        raise errors.BrokenWorkbook from None
    if failure := told.get("failure"):
        raise FAULTS.get(failure, errors.BrokenWorkbook)
    sources = [_source(number, sheet, rows) for number, sheet in enumerate(told["sheets"], start=1)]
    merged = any(sheet.get("merged") for sheet in told["sheets"])
    return ExtractedWorkbook(
        sources, os.fstat(rows.fileno()).st_size, told["date_1904"], ["merged_cells_filled"] if merged else []
    )


def _source(number: int, sheet: dict[str, Any], rows: BinaryIO) -> RowSource | SkippedSheet:
    if code := sheet.get("passed_over"):
        return SkippedSheet(number, sheet["name"], FAULTS[code](limit=MOST_SHEETS))
    return ExtractedSource(sheet["name"], rows, sheet["offset"], sheet["rows"])
