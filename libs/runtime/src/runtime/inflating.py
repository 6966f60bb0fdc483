"""Bodies that come compressed: taken apart piece by piece, so that a small one can't become an endless one."""

import asyncio
import zlib
from collections.abc import AsyncIterator
from typing import Final

from runtime.problems import BodyTooLarge, MalformedCoding

PIECE: Final = 256 * 1024
FED: Final = 64 * 1024
"""Bytes given to zlib at once: it copies what it has not used, each time."""
MOST_MEMBERS: Final = 10_000
"""Gzip may be several, one after the other; each costs more than it holds where it holds nothing."""
GZIP: Final = 16 + zlib.MAX_WBITS


class Inflater:
    """Takes gzip apart, never into more than `limit` bytes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._made = 0
        self._members = 1
        self._zip = zlib.decompressobj(GZIP)
        self._ended = True
        """Nothing is begun that has no end yet."""

    async def pieces(self, packed: bytes) -> AsyncIterator[bytes]:
        """What this part of the body holds. Raises `MalformedCoding`, `BodyTooLarge`."""
        for at in range(0, len(packed), FED):
            waiting, more = packed[at : at + FED], True
            while more:
                # Beside the event loop: a few kilobytes may hold many megabytes.
                piece, waiting = await asyncio.to_thread(self._next, waiting)
                self._made += len(piece)
                if self._made > self._limit:
                    raise BodyTooLarge(limit=self._limit)
                yield piece
                more = bool(waiting) or (len(piece) == PIECE and not self._ended)

    def finish(self) -> None:
        """Raises `MalformedCoding` where the end is missing."""
        if not self._ended:
            raise MalformedCoding("Content-Encoding")

    def _next(self, packed: bytes) -> tuple[bytes, bytes]:
        """A piece, and what of the packed is still to be taken."""
        if self._zip.eof:
            self._members += 1
            self._zip = zlib.decompressobj(GZIP)
        try:
            piece = self._zip.decompress(packed, PIECE)
        except zlib.error as broken:
            raise MalformedCoding("Content-Encoding") from broken
        if self._members > MOST_MEMBERS:
            raise MalformedCoding("Content-Encoding")
        self._ended = self._zip.eof
        return piece, self._zip.unused_data if self._ended else self._zip.unconsumed_tail
