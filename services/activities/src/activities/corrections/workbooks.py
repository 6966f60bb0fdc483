"""Having an error workbook written, by a program of its own."""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any
from uuid import UUID

import orjson
from database import Transaction
from runtime.language import Language
from runtime.problems import Unavailable
from tables.headings import REASONS

from activities.corrections import queries
from activities.uploads.states import reason_form

PROGRAM = "activities.corrections.writing"
SECONDS = 60.0
"""50,000 rows of 44 columns take a fifth of it."""
_AT_ONCE = asyncio.Semaphore(1)


async def ask_for(
    tx: Transaction, country: str, upload: UUID, *, all_rows: bool, language: Language, folder: Path | None
) -> IO[bytes] | None:
    """What the program reads, as a file; nothing where no rows are kept."""
    problems = [_problem(row, language) async for row in queries.problems_of(tx, country, upload)]
    order = {
        "all": all_rows,
        "right_to_left": language == "ar",
        "heading": REASONS[language],
        "problems": len(problems),
    }
    asked = TemporaryFile(dir=folder)  # noqa: SIM115  closed by the caller
    await asyncio.to_thread(asked.writelines, (orjson.dumps(each) + b"\n" for each in (order, *problems)))
    start = asked.tell()
    async for chunk in queries.kept_rows(tx, upload):
        asked.write(chunk)
    if asked.tell() == start:
        asked.close()
        return None
    asked.seek(0)
    return asked


def _problem(row: Mapping[str, Any], language: Language) -> list[object]:
    told = reason_form(row["code"], row["facts"], language, row["field"])
    return [row["sheet"], row["row"], row["field"], told["detail"]]


async def written(asked: IO[bytes], folder: Path | None) -> IO[bytes]:
    """The workbook that was asked for, as a file. Raises `Unavailable` where it takes too long."""
    workbook = TemporaryFile(dir=folder)  # noqa: SIM115  closed once it is sent
    async with _AT_ONCE:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-m", PROGRAM, str(workbook.fileno())),
            stdin=asked.fileno(),
            stdout=asyncio.subprocess.DEVNULL,
            pass_fds=(workbook.fileno(),),
            env={"LANG": "C.UTF-8"},  # none of this process's settings: they hold secrets
        )
        try:
            ended = await asyncio.wait_for(process.wait(), SECONDS)
        except TimeoutError:
            ended = -1
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
    if ended:
        workbook.close()
        raise Unavailable
    workbook.seek(0)
    return workbook


async def chunks_of(workbook: IO[bytes], size: int) -> AsyncIterator[bytes]:
    """The workbook, a chunk at a time."""
    with workbook:
        while content := await asyncio.to_thread(workbook.read, size):
            yield content
