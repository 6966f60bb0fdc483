"""The whole platform as real processes on free ports, in a state directory of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from client import Credentials, Tansiq
from client.transport import Language

UP_WITHIN = 180


@dataclass(frozen=True)
class Platform:
    """A platform that is up."""

    state: Path

    @property
    def url(self) -> str:
        return str(self._document()["gateway"])

    def credentials(self, name: str) -> Credentials:
        """One of the five sample clients: secretariat, coordinator, member, other_member, hub."""
        return Credentials.read(self.state / "credentials.json", name)

    def client(self, name: str, *, language: Language = "en", patience_seconds: float = 60) -> Tansiq:
        return Tansiq(self.credentials(name), language=language, patience_seconds=patience_seconds)

    def status(self) -> dict[str, Any]:
        run = subprocess.run(_local(self.state, "status", "--json"), capture_output=True, text=True, check=False)
        found: dict[str, Any] = json.loads(run.stdout)
        return found

    def pids(self) -> dict[str, int]:
        """Pid of each process by its name."""
        return {program["process"]: program["pid"] for program in self.status()["processes"] if program["pid"]}

    def memory(self, name: str) -> int:
        """Resident bytes of a process."""
        return int(psutil.Process(self.pids()[name]).memory_info().rss)

    def wait_ready(self, seconds: float = 90) -> None:
        """Until every process runs again."""
        deadline = time.monotonic() + seconds
        while waiting := self._not_running():
            if time.monotonic() > deadline:
                raise TimeoutError(f"not running: {waiting}")
            time.sleep(0.2)

    def logs(self) -> Iterator[Path]:
        yield from sorted((self.state / "logs").iterdir())

    def _not_running(self) -> list[str]:
        return [program["process"] for program in self.status()["processes"] if program["state"] != "running"]

    def _document(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.state / "credentials.json").read_text())
        return found


@contextmanager
def running_platform(
    state: Path, environment: Mapping[str, str] | None = None, *, table: str = "local.processes:the_platform"
) -> Iterator[Platform]:
    """Bring it up, and take it down however the block ends."""
    settings = {**os.environ, **(environment or {})}
    up = subprocess.run(
        _local(state, "--table", table, "up", "--ports", "auto"),
        env=settings,
        capture_output=True,
        text=True,
        timeout=UP_WITHIN,
        check=False,
    )
    try:
        if up.returncode:
            raise RuntimeError(f"the platform did not come up\n{up.stdout}\n{up.stderr}")
        yield Platform(state)
    finally:
        subprocess.run(_local(state, "down"), env=settings, capture_output=True, timeout=120, check=False)


def _local(state: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "local", "--state", str(state), *arguments]
