"""The help of `tansiq`, in both languages."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from client.cli.app import app
from client.cli.help_words import ARABIC

SHOWN = "from client.cli.app import main; main()"


def helps(command: Any) -> Iterator[str]:
    for told in (command, *command.get_params(typer.Context(command))):
        yield from filter(None, (getattr(told, "help", None), getattr(told, "epilog", None)))
    for below in getattr(command, "commands", {}).values():
        yield from helps(below)


def test_every_help_has_its_arabic_and_no_other_stands_there() -> None:
    assert {each for each in helps(typer.main.get_command(app)) if not each.startswith("One of:")} == set(ARABIC)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"LANG": "ar_SY.UTF-8"}, "إرسال التقارير"),
        ({"LANG": "en_GB.UTF-8"}, "Send reports"),
        ({"LANG": "en_GB.UTF-8", "TANSIQ_LANGUAGE": "ar"}, "إرسال التقارير"),
        ({"LANG": "ar_SY.UTF-8", "PYTHONIOENCODING": "ascii"}, "Send reports"),
    ],
    ids=str,
)
def test_help_is_told_in_the_readers_language(tmp_path: Path, settings: dict[str, str], told: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TANSIQ_", "LC_", "LANG"))}
    environment = {**kept, "TANSIQ_CONFIG_DIR": str(tmp_path), "PYTHONIOENCODING": "utf-8", **settings}
    command = [sys.executable, "-c", SHOWN, "push", "--help"]
    shown = subprocess.run(command, capture_output=True, env=environment, check=True).stdout.decode()
    assert told in shown
    assert ("الخيارات" in shown) == ("إرسال" in told)
