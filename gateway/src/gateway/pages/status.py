"""Which parts of the platform answer now: asked of each at once, within a second, and never in the way of a page."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal

import aiohttp

from gateway.reference.memory import ReferenceMemory

WITHIN_SECONDS = 1.0
REMEMBERED_SECONDS = 2.0
"""So that many readers of the page ask the parts no oftener than this."""

State = Literal["works", "not_ready", "silent"]


@dataclass(frozen=True)
class PartStatus:
    """A part of the platform and how it is."""

    name: str
    state: State


class PlatformStatus:
    """Asks the services whether they are ready; remembers the answers for two seconds."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        origins: Mapping[str, str],
        memory: ReferenceMemory,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session = session
        self._origins = origins
        self._memory = memory
        self._clock = clock
        self._asking = asyncio.Lock()
        self._known: Sequence[PartStatus] = ()
        self._until = float("-inf")

    async def parts(self) -> Sequence[PartStatus]:
        """Every part, the gateway's own memory last."""
        async with self._asking:
            if self._clock() >= self._until:
                self._known = await asyncio.gather(*(self._part(name) for name in self._origins))
                self._until = self._clock() + REMEMBERED_SECONDS
        own: State = "works" if self._memory.complete.is_set() else "not_ready"
        return [*self._known, PartStatus("gateway", own)]

    async def _part(self, name: str) -> PartStatus:
        try:
            async with asyncio.timeout(WITHIN_SECONDS):
                return PartStatus(name, await self._state(self._origins[name]))
        except (aiohttp.ClientError, OSError):
            return PartStatus(name, "silent")

    async def _state(self, origin: str) -> State:
        async with self._session.get(f"{origin}/readyz", allow_redirects=False) as answer:
            if answer.status == HTTPStatus.OK:
                return "works"
            return "not_ready" if answer.status == HTTPStatus.SERVICE_UNAVAILABLE else "silent"
