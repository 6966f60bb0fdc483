"""The scripted platform on a real socket, and a client of it."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator

import pytest
import uvicorn
from client import Credentials, Tansiq
from testkit.scripted import ScriptedPlatform


@pytest.fixture
def platform(unused_tcp_port: int) -> Iterator[ScriptedPlatform]:
    """In a thread of its own, since the command brings its own event loop."""
    platform = ScriptedPlatform(url=f"http://127.0.0.1:{unused_tcp_port}")
    server = uvicorn.Server(uvicorn.Config(platform.application, port=unused_tcp_port, log_level="warning"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield platform
    server.should_exit = True
    thread.join()


@pytest.fixture
async def tansiq(platform: ScriptedPlatform) -> AsyncIterator[Tansiq]:
    credentials = Credentials(platform.url, "olive", "secret")
    async with Tansiq(credentials, patience_seconds=3) as tansiq:
        yield tansiq
