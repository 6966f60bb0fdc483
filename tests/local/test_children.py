"""Only the very process we started is ever signalled."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path

from local.children import child_of, launch


def test_a_stranger_with_the_same_pid_is_left_alone(tmp_path: Path) -> None:
    child = launch(["sleep", "60"], os.environ, tmp_path / "log")
    stranger = replace(child, started="another start")
    assert not stranger.alive()
    stranger.stop(signal.SIGKILL, within=0)
    assert child.alive()
    child.stop()
    assert not child.alive()
    assert child.exit_status() == -signal.SIGTERM


def test_one_that_ignores_sigterm_is_killed(tmp_path: Path) -> None:
    child = launch(["sh", "-c", "trap '' TERM; echo on; sleep 60"], os.environ, tmp_path / "log")
    while "on" not in (tmp_path / "log").read_text():
        pass
    child.stop(within=0.2)
    assert not child.alive()


def test_it_hears_its_input(tmp_path: Path) -> None:
    child = launch(["cat"], os.environ, tmp_path / "log", stdin=b"secret")
    assert child.wait(5)
    assert (tmp_path / "log").read_bytes() == b"secret"


def test_a_process_is_itself() -> None:
    assert child_of(os.getpid()).alive()
