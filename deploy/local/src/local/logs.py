"""The processes' log files: kept from growing without end, and shown."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

LARGEST = 16 * 1024 * 1024


def cap(log: Path, largest: int = LARGEST) -> None:
    """Move what is there to `.1` and cut the file where it stands: its writer appends and need not know."""
    if log.exists() and log.stat().st_size > largest:
        shutil.copyfile(log, log.with_name(log.name + ".1"))
        os.truncate(log, 0)


def follow(logs: list[Path], *, lines: int, onwards: bool) -> Iterator[tuple[str, str]]:
    """(process, line): the last lines of each, and with `onwards` whatever comes, until interrupted."""
    places = {}
    for log in logs:
        text = log.read_text(errors="replace")
        places[log] = log.stat().st_size
        yield from ((log.stem, line) for line in text.splitlines()[-lines:])
    while onwards:
        for log in logs:
            yield from _news(log, places)
        time.sleep(0.2)


def _news(log: Path, places: dict[Path, int]) -> Iterator[tuple[str, str]]:
    size = log.stat().st_size
    if size < places[log]:
        places[log] = 0
    if size == places[log]:
        return
    with log.open(errors="replace") as file:
        file.seek(places[log])
        yield from ((log.stem, line.rstrip("\n")) for line in file)
        places[log] = file.tell()
