"""A lean load generator: closed loops over keep-alive connections, so that the server is measured, not we."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

HEAD_END = b"\r\n\r\n"
LONGEST = 2**26


@dataclass(frozen=True)
class LoadResult:
    """What a run of requests took."""

    latencies: list[float]
    seconds: float

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    def milliseconds(self, share: float = 0.5) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


class LoadConnection:
    """One connection, one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, origin: str) -> "LoadConnection":
        address = urlsplit(origin)
        return cls(*await asyncio.open_connection(address.hostname, address.port, limit=LONGEST))

    async def send(self, request: bytes) -> bytes:
        """The body of the answer. Raises `RuntimeError` unless it is 2xx."""
        self._writer.write(request)
        await self._writer.drain()
        head = (await self._reader.readuntil(HEAD_END)).lower()
        status = int(head[9:12])
        length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
        body = await (self._reader.readexactly(int(length)) if length else self._chunks())
        if not 200 <= status < 300 or b'"errors":[' in body[:20]:
            raise RuntimeError(f"{status}: {body[:500]!r}")
        return body

    def close(self) -> None:
        self._writer.close()

    async def _chunks(self) -> bytes:
        parts = []
        while size := int((await self._reader.readline()).strip() or b"0", 16):
            parts.append(await self._reader.readexactly(size))
            await self._reader.readline()
        await self._reader.readline()
        return b"".join(parts)


def request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """A request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "host: bench", f"content-length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + HEAD_END + body


async def ask_once(origin: str, sent: bytes) -> bytes:
    """The body of one answer."""
    connection = await LoadConnection.open(origin)
    try:
        return await connection.send(sent)
    finally:
        connection.close()


async def measure(
    origin: str, make: Callable[[], bytes], *, connections: int, seconds: float, warm_up: float = 0.7
) -> LoadResult:
    """Send what `make` makes, one after another on each connection, for as long as `seconds`."""
    latencies: list[float] = []
    started = time.perf_counter() + warm_up

    async def loop(connection: LoadConnection) -> None:
        while (sent := time.perf_counter()) < started + seconds:
            await connection.send(make())
            if sent > started:
                latencies.append(time.perf_counter() - sent)

    await _on_each(origin, connections, loop)
    return LoadResult(latencies, seconds)


async def send_all(origin: str, requests: Iterable[bytes], *, connections: int) -> LoadResult:
    """Send each once, over some connections, and say how long all took."""
    latencies: list[float] = []
    waiting = iter(requests)
    started = time.perf_counter()

    async def loop(connection: LoadConnection) -> None:
        for each in waiting:
            sent = time.perf_counter()
            await connection.send(each)
            latencies.append(time.perf_counter() - sent)

    await _on_each(origin, connections, loop)
    return LoadResult(latencies, time.perf_counter() - started)


async def _on_each(origin: str, count: int, work: Callable[[LoadConnection], Awaitable[None]]) -> None:
    opened = [await LoadConnection.open(origin) for _ in range(count)]
    try:
        await asyncio.gather(*(work(connection) for connection in opened))
    finally:
        for connection in opened:
            connection.close()
