"""Room for what is under way to each part of the platform, so that what waits for one part keeps nobody from another.

Signing in and tokens have room of their own, and so has the issuing of alerts: nothing anybody asks of the registry or
of the alerts service otherwise can take it from them.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

import httpx2
from prometheus_client import Gauge
from runtime.http import internal_client

from gateway.errors import PartBusy

IDENTITY: Final = "identity"
ALERTING: Final = "alerting"
OWN_ROOM: Final = {IDENTITY: "registry", ALERTING: "alerts"}
"""Rooms beside those of the services, and the service each leads to."""
STUCK_SECONDS: Final = 10.0
"""How long there may be nothing free before this process calls itself not ready."""
WAIT_SECONDS: Final = 2.0
SIGN_IN_SECONDS: Final = 15.0
FREE = Gauge("tansiq_pool_free", "Requests that can be under way to a part besides those that are", ["pool"])


class Pool:
    """As many at once, and a short wait for who comes when they are all under way."""

    def __init__(
        self, name: str, most: int, *, wait: float = WAIT_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.name = name
        self._room = asyncio.Semaphore(most)
        self._free = most
        self._wait = wait
        self._clock = clock
        self._waiting = 0
        self._full_since: float | None = None
        FREE.labels(name).set_function(lambda: self._free)

    async def take(self) -> None:
        """A place, to be given back. Raises `PartBusy`."""
        if self._room.locked():
            await self._wait_for_room()
        else:
            await self._room.acquire()
        self._free -= 1
        if self._free == 0 and self._full_since is None:
            self._full_since = self._clock()

    def give_back(self) -> None:
        self._free += 1
        self._room.release()
        # Who waits takes it at once: full, but it goes on.
        self._full_since = self._clock() if self._waiting else None

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """A place for as long as the block takes. Raises `PartBusy`."""
        await self.take()
        try:
            yield
        finally:
            self.give_back()

    def is_stuck(self) -> bool:
        """Whether nothing has been free for a while."""
        return not self._free and self._full_since is not None and self._clock() - self._full_since > STUCK_SECONDS

    async def _wait_for_room(self) -> None:
        self._waiting += 1
        try:
            async with asyncio.timeout(self._wait):
                await self._room.acquire()
        except TimeoutError:
            raise PartBusy from None
        finally:
            self._waiting -= 1


@dataclass(frozen=True)
class Upstream:
    """The way to one part: its address, its connections, its room."""

    service: str
    origin: str
    http: httpx2.AsyncClient
    pool: Pool


Upstreams = Mapping[str, Upstream]
"""By the name of the service, and of the rooms beside."""


@asynccontextmanager
async def open_upstreams(
    origins: Mapping[str, str], *, most: int, wait: float, seconds: float
) -> AsyncIterator[Upstreams]:
    """A way to each service and to each room beside, with connections of its own."""
    async with AsyncExitStack() as stack:

        async def way(name: str, service: str) -> Upstream:
            patience = SIGN_IN_SECONDS if name == IDENTITY else seconds
            http = await stack.enter_async_context(internal_client(timeout_seconds=patience, connections=None))
            return Upstream(service, origins[service], http, Pool(name, most, wait=wait))

        named = {**{service: service for service in origins}, **OWN_ROOM}
        yield {name: await way(name, service) for name, service in named.items()}
