"""The clients people follow alerts with: each comes back by itself, loses nothing and hears nothing twice."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

from .listening import PATH, live_door

FOLLOW = Path(__file__).parent / "clients" / "follow.mjs"
READS = 65536


class Cable:
    """A way to the door that can be cut: every connection over it breaks off."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._to = (parts.hostname, parts.port)
        self._open: set[asyncio.StreamWriter] = set()
        self.requests: list[str] = []
        """First lines of what was asked."""
        self.port = 0

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back, there = await asyncio.open_connection(*self._to)
        ends = {writer, there}
        self._open |= ends
        first = await reader.readline()
        self.requests.append(first.decode())
        there.write(first)
        try:
            await asyncio.gather(_pour(reader, there), _pour(back, writer))
        finally:
            self._open -= ends
            for end in ends:
                end.transport.abort()

    def cut(self) -> None:
        for end in list(self._open):
            end.transport.abort()


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while chunk := await reader.read(READS):
            writer.write(chunk)
            await writer.drain()
    writer.transport.abort()


@asynccontextmanager
async def cable_to(address: str) -> AsyncIterator[Cable]:
    cable = Cable(address)
    server = await asyncio.start_server(cable.carry, "127.0.0.1", 0)
    cable.port = server.sockets[0].getsockname()[1]
    async with server:
        yield cable
        cable.cut()


def node() -> str:
    """Node, without which a browser's clients can't be tried; where tests must be whole, its absence is a failure."""
    found = shutil.which("node")
    if found is None:
        assert not os.environ.get("CI"), "Node is not there: the clients of the event stream can't be tried"
        pytest.skip("Node is not there")
    return found


@asynccontextmanager
async def following(*command: str) -> AsyncIterator[asyncio.StreamReader]:
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout
    try:
        yield process.stdout
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def said(lines: asyncio.StreamReader) -> str:
    return (await asyncio.wait_for(lines.readline(), 20)).decode().strip()


@pytest.mark.parametrize("client", ["polyfill", "eventsource"])
async def test_a_client_comes_back_and_loses_nothing(alerts: Any, client: str) -> None:
    token = alerts.bearer("member")["Authorization"].removeprefix("Bearer ")
    async with live_door(alerts) as live, cable_to(str(live.base_url)) as cable:
        address = f"http://127.0.0.1:{cable.port}{PATH}?country=SY&severity=Severe"
        async with following(node(), str(FOLLOW), client, address, token) as lines:
            assert await said(lines) == "open"
            first = await alerts.issued()
            assert await said(lines) == first["id"]
            cable.cut()
            missed = [(await alerts.issued())["id"] for _ in range(2)]
            assert await said(lines) == "open"
            assert [await said(lines), await said(lines)] == missed
            later = await alerts.issued()
            assert await said(lines) == later["id"]
    assert len(cable.requests) == 2
    assert ("lastEventId=1" in cable.requests[1]) is (client == "polyfill")


async def test_curl_follows(alerts: Any) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not there")
    token = alerts.bearer("member")["Authorization"]
    async with live_door(alerts) as live:
        address = f"{str(live.base_url).rstrip('/')}{PATH}?area=SY07"
        async with following(curl, "-sN", "-H", f"Authorization: {token}", address) as lines:
            assert await said(lines) == "retry: 3000"
            first = await alerts.issued()
            while not (line := await said(lines)).startswith("data: "):
                continue
            assert first["id"] in line


async def test_a_way_through_proxies_is_asked_for(alerts: Any) -> None:
    async with live_door(alerts) as live, live.stream("GET", PATH, headers=alerts.bearer("member")) as answer:
        headers: httpx2.Headers = answer.headers
        assert (headers["cache-control"], headers["x-accel-buffering"]) == ("no-store, no-transform", "no")
