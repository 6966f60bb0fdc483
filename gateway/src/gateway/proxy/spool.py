"""Bodies kept here until they are whole: only then is anything held open for them at the service behind."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO, Final

from fastapi import Request
from runtime.access import KIB, MIB
from runtime.problems import BodyTooLarge, Unavailable

from gateway.errors import PartBusy

KEPT_IN_MEMORY: Final = 1 * MIB
KEPT_WHEN_TIGHT: Final = 64 * KIB
"""What of a body stays in memory, and what when many are kept at once; the rest goes to a file."""
CLIENTS_AT_LEAST: Final = 8
PIECE: Final = 256 * KIB
"""Bytes read and written at once, beside the event loop."""


class Spools:
    """The bodies that are kept at this moment."""

    def __init__(self, folder: Path | None, *, memory: int = 64 * MIB, disk: int = 8 * 1024 * MIB) -> None:
        self._folder = folder
        self._memory = memory
        self._disk = disk
        self.in_memory = 0
        self.on_disk: Counter[str] = Counter()
        """Bytes, by client."""

    @asynccontextmanager
    async def kept(self, request: Request, limit: int, client: str) -> AsyncIterator["Spool"]:
        """The whole body, for as long as the block takes. Raises `BodyTooLarge`, `PartBusy`, `ClientDisconnect`."""
        spool = Spool(self, client)
        try:
            async for chunk in request.stream():
                await spool.add(chunk)
                if spool.size > limit:
                    raise BodyTooLarge(limit=limit)
            await spool.finish()
            yield spool
        finally:
            await spool.close()

    def allowed(self) -> int:
        """How much of one more body may stay in memory."""
        return KEPT_IN_MEMORY if self.in_memory < self._memory else KEPT_WHEN_TIGHT

    def check_disk(self, client: str) -> None:
        """No client takes more than a part of the room there is. Raises `PartBusy`."""
        if self.on_disk.total() > self._disk or self.on_disk[client] > self._disk // CLIENTS_AT_LEAST:
            raise PartBusy

    def open_file(self) -> IO[bytes]:
        return tempfile.TemporaryFile(dir=self._folder if self._folder and self._folder.is_dir() else None)


class Spool:
    """One body."""

    def __init__(self, spools: Spools, client: str) -> None:
        self._spools = spools
        self._client = client
        self._held = bytearray()
        self._file: IO[bytes] | None = None
        self._written = 0

    @property
    def size(self) -> int:
        return self._written + len(self._held)

    async def add(self, chunk: bytes) -> None:
        self._held += chunk
        self._spools.in_memory += len(chunk)
        if len(self._held) >= (PIECE if self._file else self._spools.allowed()):
            await self._write()

    async def finish(self) -> None:
        """The body is whole."""
        if self._file and self._held:
            await self._write()

    def content(self) -> bytes | AsyncIterator[bytes]:
        """The body, as an HTTP client takes it."""
        return self._read(self._file) if self._file else bytes(self._held)

    async def close(self) -> None:
        self._spools.in_memory -= len(self._held)
        self._count(-self._written)
        self._held = bytearray()
        if self._file:
            await asyncio.to_thread(self._file.close)

    async def _write(self) -> None:
        self._spools.check_disk(self._client)
        held, self._held = self._held, bytearray()
        self._spools.in_memory -= len(held)
        self._count(len(held))
        self._written += len(held)
        try:
            if self._file is None:
                self._file = await asyncio.to_thread(self._spools.open_file)
            await asyncio.to_thread(self._file.write, held)
        except OSError as full:
            raise Unavailable from full

    def _count(self, size: int) -> None:
        by_client = self._spools.on_disk
        by_client[self._client] += size
        if not by_client[self._client]:
            del by_client[self._client]

    async def _read(self, file: IO[bytes]) -> AsyncIterator[bytes]:
        await asyncio.to_thread(file.seek, 0)
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece
