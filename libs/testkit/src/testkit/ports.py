"""Applications of this process on a real port of the loopback, where sockets matter: streams, disconnects, clients."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from runtime.wire.bounds import Bounds
from runtime.wire.protocol import BoundedProtocol


@asynccontextmanager
async def listening(app: Any, bounds: Bounds | None = None) -> AsyncIterator[str]:
    """Address of the application, which is served until the block ends, within its own bounds or those given."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        server = uvicorn.Server(_config(app, bounds or _bounds_of(app)))
        serving = asyncio.create_task(server.serve(sockets=[door]))
        try:
            while not server.started and not serving.done():  # noqa: ASYNC110 (uvicorn tells nobody)
                await asyncio.sleep(0.005)
            yield f"http://127.0.0.1:{door.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving


def _config(app: Any, bounds: Bounds) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=BoundedProtocol.within(bounds),
        access_log=False,
        log_level="warning",
        lifespan="on",
        timeout_graceful_shutdown=2,
    )


def _bounds_of(app: Any) -> Bounds:
    settings = getattr(getattr(app, "state", None), "settings", None)
    return settings.bounds if settings else Bounds()


def dead_address() -> str:
    """An address of the loopback where nobody listens."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{door.getsockname()[1]}"
