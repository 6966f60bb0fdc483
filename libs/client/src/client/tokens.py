"""The bearer token of one client, taken anew before it runs out."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

MARGIN_SECONDS = 30.0


@dataclass(frozen=True)
class Token:
    """A bearer token and how long it lasts."""

    text: str
    lifetime_seconds: float


class Tokens:
    """Gives the current token; several requests at once wait for one renewal."""

    def __init__(self, take: Callable[[], Awaitable[Token]], clock: Callable[[], float] = time.monotonic) -> None:
        self._take = take
        self._clock = clock
        self._lock = asyncio.Lock()
        self._token = ""
        self._renew_at = float("-inf")

    async def current(self) -> str:
        async with self._lock:
            if self._clock() >= self._renew_at:
                started = self._clock()
                token = await self._take()
                self._renew_at = started + max(token.lifetime_seconds - MARGIN_SECONDS, token.lifetime_seconds / 2)
                self._token = token.text
            return self._token

    def reject(self, token: str) -> None:
        """The platform did not accept `token`: the next request takes a new one."""
        if token == self._token:
            self._renew_at = float("-inf")
