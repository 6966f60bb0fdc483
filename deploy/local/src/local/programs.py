"""What it takes to run one long-lived process: how to prepare, start, probe and stop it."""

from __future__ import annotations

import http.client
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from local.children import Child, launch


class ProgramError(Exception):
    """A program did not come up; the message ends with the last lines of its log."""


def _nothing() -> None: ...


@dataclass(frozen=True)
class Program:
    name: str
    command: Callable[[], Sequence[str | Path]]
    is_ready: Callable[[], bool]
    port: int
    environment: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[], None] = _nothing
    stop_signal: int = signal.SIGTERM
    stop_within: float = 10
    ready_within: float = 60
    stop_rank: int = 0  # lower ranks are stopped first
    longest_pause: float = 10  # before it is started again, however often it has died


@dataclass(frozen=True)
class Task:
    """Something done once on the way up: a command with its input, or a function."""

    name: str
    command: Sequence[str | Path] = ()
    action: Callable[[], None] = _nothing
    environment: Mapping[str, str] = field(default_factory=dict)
    stdin: bytes | None = None


class Server:
    """One program run by hand, without a supervisor: what tests and tools use."""

    def __init__(self, program: Program, log: Path) -> None:
        self.program = program
        self.log = log
        self._child: Child | None = None

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child and self._child.alive() else None

    def start(self) -> None:
        self.program.prepare()
        self._child = launch(self.program.command(), {**os.environ, **self.program.environment}, self.log)
        self.wait_ready()

    def wait_ready(self) -> None:
        deadline = time.monotonic() + self.program.ready_within
        while not self.program.is_ready():
            if self.pid is None or time.monotonic() > deadline:
                self.kill()
                raise ProgramError(f"{self.program.name} did not become ready\n{last_lines(self.log)}")
            time.sleep(0.03)

    def stop(self) -> None:
        if self._child:
            self._child.stop(self.program.stop_signal, self.program.stop_within)

    def kill(self) -> None:
        if self._child:
            self._child.stop(signal.SIGKILL)


def last_lines(log: Path, count: int = 15) -> str:
    if not log.exists():
        return "(no log)"
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 32_768))
        lines = file.read().decode(errors="replace").splitlines()
    return "\n".join(lines[-count:])


def answers_ready(port: int, path: str = "/readyz") -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
