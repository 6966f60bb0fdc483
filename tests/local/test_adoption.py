"""Taking over what a release before kept elsewhere."""

import subprocess
from pathlib import Path

import pytest
from local.ports import DEFAULTS
from local.processes import Settings
from local.programs import ProgramError
from local.state import StateDirectory


def test_a_command_that_was_killed_without_a_word_is_told_by_its_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess([], -9, stdout=b"", stderr=b"")

    monkeypatch.setattr("local.processes.run_sql", lambda *_: "t")
    monkeypatch.setattr("local.processes.subprocess.run", killed)
    state = StateDirectory(tmp_path)
    state.make()

    with pytest.raises(ProgramError, match="activities targets failed: it ended with status -9"):
        Settings(state, DEFAULTS).adopt_targets()
