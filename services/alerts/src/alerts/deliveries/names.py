"""Looking names up. The system's resolver holds a thread until it has an answer, and some names never get one."""

import asyncio
import socket
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

AT_ONCE: Final = 256
"""Names that are looked up at once, of those that have answered and of the others."""
REMEMBERED: Final = 10_000
SOON_SECONDS: Final = 2.0

Resolve = Callable[[str, int], list[str]]


def resolved(host: str, port: int) -> list[str]:
    """The addresses of a host as the system knows them this moment."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


class HostResolver:
    """Looks names up in threads, each name once for all who wait for it. To be closed.

    Names that were answered soon last time have threads of their own: those that nobody answers for hold up one
    another, however many there are, and no subscriber who is there.
    """

    def __init__(self, resolve: Resolve = resolved, *, at_once: int = AT_ONCE) -> None:
        self._resolve = resolve
        self._answering = ThreadPoolExecutor(at_once, "names")
        self._others = ThreadPoolExecutor(at_once, "new-names")
        self._answered: OrderedDict[str, None] = OrderedDict()
        self._asked: dict[str, asyncio.Future[list[str]]] = {}

    async def addresses(self, host: str, port: int) -> list[str]:
        """The addresses of a host. Raises what the resolver raises."""
        asked = self._asked.get(host)
        if asked is None:
            loop = asyncio.get_running_loop()
            threads = self._answering if host in self._answered else self._others
            asked = self._asked[host] = loop.run_in_executor(threads, self._resolve, host, port)
            asked.add_done_callback(partial(self._note, host, loop.time()))
        try:
            # Shielded: one that gives up waiting must not take the answer from the others.
            return await asyncio.shield(asked)
        except asyncio.CancelledError:
            self._answered.pop(host, None)
            raise

    def _note(self, host: str, since: float, lookup: "asyncio.Future[list[str]]") -> None:
        del self._asked[host]
        self._answered.pop(host, None)
        soon = asyncio.get_running_loop().time() - since < SOON_SECONDS
        if soon and not lookup.cancelled() and lookup.exception() is None:
            self._answered[host] = None
        if len(self._answered) > REMEMBERED:
            self._answered.popitem(last=False)

    def close(self) -> None:
        for threads in (self._answering, self._others):
            threads.shutdown(wait=False, cancel_futures=True)
