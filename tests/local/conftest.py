"""A platform of one's own in a temporary state directory, driven by its commands as an operator would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from local.children import child_of
from local.ports import DEFAULTS, free_ports, variable
from local.state import ProgramState, RunState, StateDirectory


class Operator:
    def __init__(self, folder: Path) -> None:
        self.state = StateDirectory(folder / "state")
        self.ports = free_ports(DEFAULTS)
        ports = {variable(name): str(port) for name, port in self.ports.items()}
        self.environment = {**os.environ, **ports, "PYTHONPATH": str(Path(__file__).parent)}

    def begin(self, *words: str, table: str = "small") -> subprocess.Popen[str]:
        options = ["--state", str(self.state.root), "--table", f"fake_platform:{table}"]
        command = [sys.executable, "-m", "local", *options, *words]
        return subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def run(self, *words: str, table: str = "small") -> tuple[int, str]:
        process = self.begin(*words, table=table)
        output, _ = process.communicate(timeout=60)
        return process.returncode, output

    def up(self, table: str = "small") -> str:
        status, output = self.run("up", table=table)
        assert status == 0, output
        return output

    @property
    def now(self) -> RunState:
        return self.state.read_run()

    def program(self, name: str) -> ProgramState:
        return next(program for program in self.now.programs if program.name == name)

    def wait_for(self, condition: Callable[[], Any], seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, self.now
            time.sleep(0.05)

    def status(self) -> dict[str, Any]:
        _, output = self.run("status", "--json")
        found: dict[str, Any] = json.loads(output)
        return found


@pytest.fixture
def operator(tmp_path: Path) -> Iterator[Operator]:
    one = Operator(tmp_path)
    yield one
    one.run("down")


@pytest.fixture
def nothing_left(operator: Operator) -> Callable[[], None]:
    """Asserts that no process carries this platform's state directory any more."""

    def check() -> None:
        mark = f"TANSIQ_STATE={operator.state.root}".encode()
        left = [pid for pid in _pids() if mark in _read(pid, "environ") or _minds(pid, operator.state.root)]
        assert not left, [_read(pid, "cmdline") for pid in left]

    return check


def _minds(pid: int, root: Path) -> bool:
    return str(root).encode() in _read(pid, "cmdline") and child_of(pid).started != ""


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _read(pid: int, what: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{what}").read_bytes()
    except OSError:
        return b""
