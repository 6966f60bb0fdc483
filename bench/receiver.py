"""Subscribers' servers, as lean as they get, so that the sender is measured: notes when each webhook arrived.

Run as `python -m bench.receiver PORT`. What is posted to `/never…` is never answered; `GET /` tells what arrived since
it was asked last. It is many servers in one: no connection serves two requests.
"""

import asyncio
import sys
import time

import orjson
import uvloop

from bench.load import HEAD_END

TAKEN = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
ARRIVED: list[tuple[str, float]] = []
"""Paths, and when the last byte of each request was there."""


class SenderConnection(asyncio.Protocol):
    """One connection."""

    def __init__(self) -> None:
        self._held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]  # uvloop's has no such base

    def data_received(self, data: bytes) -> None:
        self._held += data
        head, found, rest = self._held.partition(HEAD_END)
        if not found:
            return
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        if len(rest) >= length:
            self._held = rest[length:]
            self._take(*head.split(b" ", 2)[:2])

    def _take(self, method: bytes, target: bytes) -> None:
        if method == b"GET":
            body = orjson.dumps(ARRIVED)
            ARRIVED.clear()
            self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d%b%b" % (len(body), HEAD_END, body))
            return
        ARRIVED.append((target.decode(), time.time()))
        if not target.startswith(b"/never"):
            self._transport.write(TAKEN)
            self._transport.close()


async def serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(SenderConnection, "127.0.0.1", port, backlog=4096)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
