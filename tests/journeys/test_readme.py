"""What the README tells a newcomer to type is taken: every row of its sample files, and its paths are there."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from testkit.platform import Platform

ROOT = Path(__file__).parents[2]
COMMANDS = [
    ("member", ["push", "docs/samples/reports.ndjson"], 3),
    ("member", ["push", "docs/samples/reports.csv", "--month", "2026-03"], 3),
    ("coordinator", ["targets", "load", "docs/samples/targets.csv", "--month", "2026-03"], 2),
]


def tansiq(platform: Platform, name: str, arguments: list[str]) -> dict[str, Any]:
    credentials = platform.credentials(name)
    given = {"TANSIQ_URL": credentials.url, "TANSIQ_CLIENT_ID": credentials.client_id}
    environment = {**os.environ, **given, "TANSIQ_CLIENT_SECRET": credentials.client_secret}
    command = [sys.executable, "-c", "from client.cli.app import app; app()", *arguments, "--json"]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert run.returncode == 0, run.stdout + run.stderr
    told: dict[str, Any] = json.loads(run.stdout)
    return told


@pytest.mark.parametrize(("name", "arguments", "rows"), COMMANDS, ids=str)
def test_sample_file_is_taken_whole(platform: Platform, name: str, arguments: list[str], rows: int) -> None:
    assert f"tansiq {' '.join(arguments)}" in (ROOT / "README.md").read_text()
    told = tansiq(platform, name, arguments)
    assert (told["accepted"], told["rejected"]) == (rows, 0)


def test_every_file_the_readme_names_is_there() -> None:
    named = re.findall(r"\b(?:docs|libs|services|gateway)/[\w/.-]+\.\w+", (ROOT / "README.md").read_text())
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []
