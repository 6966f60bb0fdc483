"""A process we started, known again by pid and start time, so that no stranger is ever signalled."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psutil

# A child inherits these; they tell whose it is should its supervisor die before writing it down.
STATE_MARK, PROCESS_MARK = "TANSIQ_STATE", "TANSIQ_PROCESS"

_exit_statuses: dict[int, int] = {}


@dataclass(frozen=True)
class Child:
    pid: int
    started: str

    def alive(self) -> bool:
        _reap(self.pid)
        return _start_time(self.pid) == self.started

    def send(self, number: int) -> None:
        """Signal this very process: the pid is held fast before its start time is looked at."""
        try:
            handle = os.pidfd_open(self.pid) if hasattr(os, "pidfd_open") else None
        except ProcessLookupError:
            return
        try:
            if self.alive():
                _send(self.pid, handle, number)
        except ProcessLookupError:
            pass
        finally:
            if handle is not None:
                os.close(handle)

    def wait(self, seconds: float) -> bool:
        """Whether it ended within that time."""
        deadline = time.monotonic() + seconds
        while self.alive():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
        return True

    def stop(self, number: int = signal.SIGTERM, within: float = 10) -> None:
        self.send(number)
        if not self.wait(within):
            self.send(signal.SIGKILL)
            self.wait(5)

    def exit_status(self) -> int | None:
        """Known only of our own children, not of adopted ones."""
        return _exit_statuses.get(self.pid)


def launch(
    command: Sequence[str | Path], environment: Mapping[str, str], log: Path, stdin: bytes | None = None
) -> Child:
    """Start it in a session of its own, away from the terminal's Ctrl-C, writing straight to its log."""
    log.parent.mkdir(parents=True, exist_ok=True)
    # Appending makes it safe to cut the file under the writer, and no pipe breaks when we die.
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            start_new_session=True,
        )
    finally:
        os.close(output)
    _exit_statuses.pop(process.pid, None)
    # Not reaped before we look, so the start time is there even if it has already ended.
    child = Child(process.pid, _start_time(process.pid, dead_too=True))
    if stdin is not None:
        _feed(process, stdin)
    return child


def child_of(pid: int) -> Child:
    """That process as it stands now."""
    return Child(pid, _start_time(pid))


def marked_child(state: Path, name: str) -> Child | None:
    """A process of that name started for that state directory by a supervisor that could not write it down."""
    for process in psutil.process_iter():
        if process.pid != os.getpid() and _is_marked(process, state, name):
            parent = process.parent()
            if parent is None or not _is_marked(parent, state, name):
                return Child(process.pid, _start_time(process.pid))
    return None


def _is_marked(process: psutil.Process, state: Path, name: str) -> bool:
    try:
        environment = process.environ()
    except (psutil.Error, OSError):
        return False
    return environment.get(STATE_MARK) == str(state) and environment.get(PROCESS_MARK) == name


def _feed(process: subprocess.Popen[bytes], stdin: bytes) -> None:
    assert process.stdin
    try:
        with process.stdin:
            process.stdin.write(stdin)
    except BrokenPipeError:
        pass  # it ended without listening: its exit status says why


def _send(pid: int, handle: int | None, number: int) -> None:
    if handle is None:
        os.kill(pid, number)
    else:
        signal.pidfd_send_signal(handle, number)


def _reap(pid: int) -> None:
    try:
        reaped, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return
    if reaped:
        _exit_statuses[pid] = os.waitstatus_to_exitcode(status)


def _start_time(pid: int, *, dead_too: bool = False) -> str:
    """Boot and clock tick of its start, which the wall clock's corrections do not move; empty when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return "" if Path("/proc/self/stat").exists() else _start_time_elsewhere(pid)
    ended = fields[0] in "ZX" and not dead_too
    return "" if ended else f"{_boot()}-{fields[19]}"


def _start_time_elsewhere(pid: int) -> str:
    try:
        process = psutil.Process(pid)
        return "" if process.status() == psutil.STATUS_ZOMBIE else str(process.create_time())
    except psutil.Error:
        return ""


@cache
def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text()[:8]
