"""The scripted platform on a real socket, and a client of it."""

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import uvicorn
from client import Credentials, Tansiq
from testkit.scripted import ScriptedPlatform


@pytest.fixture
def platform() -> Iterator[ScriptedPlatform]:
    """In a thread of its own, since the command brings its own event loop."""
    with socket.create_server(("127.0.0.1", 0)) as bound:
        platform = ScriptedPlatform(url=f"http://127.0.0.1:{bound.getsockname()[1]}")
        server = uvicorn.Server(uvicorn.Config(platform.application, log_level="warning"))
        thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[bound])))
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        yield platform
        server.should_exit = True
        thread.join()


@pytest.fixture
async def tansiq(platform: ScriptedPlatform) -> AsyncIterator[Tansiq]:
    credentials = Credentials(platform.url, "olive", "secret")
    async with Tansiq(credentials, patience_seconds=3) as tansiq:
        yield tansiq


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A settings folder of the test's own, and no patience."""
    for name in ("URL", "CLIENT_ID", "CLIENT_SECRET", "PROFILE", "LANGUAGE"):
        monkeypatch.delenv(f"TANSIQ_{name}", raising=False)
    monkeypatch.setenv("TANSIQ_CONFIG_DIR", str(tmp_path / "settings"))
    monkeypatch.setenv("TANSIQ_PATIENCE", "0.3")
    return tmp_path / "settings"


@pytest.fixture
def signed_in(settings: Path, platform: ScriptedPlatform, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command speaks to the scripted platform, as the environment says."""
    for name, value in (("URL", platform.url), ("CLIENT_ID", "olive"), ("CLIENT_SECRET", "secret")):
        monkeypatch.setenv(f"TANSIQ_{name}", value)
