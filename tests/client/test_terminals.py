"""What `tansiq` prints on other terminals than ours, and what it reads from a pipe."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest
from client.cli.screen import LEFT_TO_RIGHT
from client.uploads import ending_of
from rich.cells import cell_len
from testkit.scripted import ScriptedPlatform, json_answer

COMMAND = "from client.cli.app import main; main()"
FIGURE: dict[str, Any] = {
    "areaCode": "SY07",
    "area": {"names": {"ar": "إدلب", "en": "Idleb"}},
    "sectorCode": "WSH",
    "sector": {"names": {"ar": "المياه", "en": "Water"}},
    "month": "2026-02",
    "officialPeopleTotal": None,
    "frequencies": 5,
    "reports": 1,
    "officialReports": 0,
    "organisationCount": 1,
    "basis": "official",
    "suppressed": False,
}
UPLOAD = {"id": "01a222d8-665d-7738-8978-541e45c60872", "state": "done", "counts": {"accepted": 1, "rejected": 0}}


def run(platform: ScriptedPlatform, *arguments: str, given: bytes = b"", on: Mapping[str, str] | None = None) -> Any:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LC_", "LANG"))}
    settings = {"URL": platform.url, "CLIENT_ID": "olive", "CLIENT_SECRET": "secret", "PATIENCE": "0.1"}
    asked = {f"TANSIQ_{name}": value for name, value in settings.items()}
    return subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments],
        input=given,
        capture_output=True,
        env={**kept, **asked, **(on or {})},
        check=False,
    )


TERMINALS: list[dict[str, str]] = [
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "cp1256"},
    {"PYTHONIOENCODING": "cp437"},
    {"LANG": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
]


@pytest.mark.parametrize("terminal", TERMINALS, ids=str)
@pytest.mark.parametrize("language", [(), ("--language", "ar"), ("--language", "en")])
def test_any_terminal_is_printed_on(
    platform: ScriptedPlatform, terminal: dict[str, str], language: tuple[str, ...]
) -> None:
    listed = {**UPLOAD, "file_name": "تقرير شباط – ✓.xlsx", "received_at": "2026-02-01T22:30:00Z"}
    platform.otherwise = json_answer(200, {"items": [listed], "next": None})
    shown = run(platform, "uploads", "status", *language, on=terminal)
    assert (shown.returncode, b"2026-02-02 01:30" in shown.stdout, shown.stderr) == (0, True, b"")
    told = run(platform, "uploads", "status", "--json", *language, on=terminal)
    assert json.loads(told.stdout)["items"][0]["file_name"] == "تقرير شباط – ✓.xlsx"
    assert run(platform, "push", "nowhere.csv", *language, on=terminal).returncode == 2


@pytest.mark.parametrize("terminal", TERMINALS, ids=str)
def test_help_is_printed_on_any_terminal(platform: ScriptedPlatform, terminal: dict[str, str]) -> None:
    assert run(platform, "--help", on=terminal).returncode == 0


def test_a_terminal_without_arabic_letters_is_told_in_english(platform: ScriptedPlatform) -> None:
    platform.otherwise = json_answer(200, {"items": [], "next": None})
    assert run(platform, "uploads", "status", on={"PYTHONIOENCODING": "ascii"}).stdout.strip() == b"Nothing."
    arabic = run(platform, "uploads", "status", on={"PYTHONIOENCODING": "cp1256"}).stdout.decode("cp1256")
    assert arabic.strip() == "لا شيء."


def test_figures_of_an_arabic_table_stand_unit_below_unit(platform: ScriptedPlatform) -> None:
    people = [7, 12345, 678]
    figures = [{**FIGURE, "people": {"total": total}} for total in people]
    page = {"coverage": {"nodes": figures, "pageInfo": {"hasNextPage": False, "endCursor": None}, "rebuilding": False}}
    platform.otherwise = json_answer(200, {"data": page})
    shown = run(platform, "coverage", "--language", "ar", on={"PYTHONIOENCODING": "utf-8"})
    assert shown.returncode == 0, shown.stderr.decode()
    lines = [line for line in shown.stdout.decode().splitlines() if "SY07" in line]
    ends = {
        cell_len(line.partition(f"{LEFT_TO_RIGHT}{total}{LEFT_TO_RIGHT}")[0]) + len(str(total))
        for line, total in zip(lines, people, strict=True)
    }
    assert len(ends) == 1
    assert len({cell_len(line) for line in lines}) == 1
    for line in lines:
        cells = [cell.strip() for cell in line.strip("│").split("│")]
        filled = [cell for cell in cells if cell]
        assert all(cell.startswith(LEFT_TO_RIGHT) and cell.endswith(LEFT_TO_RIGHT) for cell in filled)


@pytest.mark.parametrize(
    ("given", "path", "kind"),
    [
        (b'{"external_id": "1"}\n{"external_id": "2"}\n', "reports", None),
        (b'[{"external_id": "1"}]', "reports", None),
        (b"sector,area\nWSH,SY07\n", "uploads", b"text/csv"),
        ("القطاع,المنطقة\nWSH,SY07\n".encode("cp1256"), "uploads", b"text/csv"),
        (b"PK\x03\x04\x00\xff", "uploads", b"spreadsheetml"),
        (b'[["#sector"],["WSH"]]', "uploads", b"octet-stream"),
    ],
)
def test_a_dash_reads_what_comes_by_the_pipe(
    platform: ScriptedPlatform, given: bytes, path: str, kind: bytes | None
) -> None:
    body = orjson.loads(
        orjson.dumps({**UPLOAD, "items": [], "next": None, "accepted": 2, "rejected": 0, "results": []})
    )
    platform.otherwise = json_answer(200, body)
    pushed = run(platform, "push", "-", given=given, on={"PYTHONIOENCODING": "ascii"})
    assert pushed.returncode == 0, (pushed.stdout, pushed.stderr)
    first = platform.requests[0]
    assert first.path.endswith(path)
    assert kind is None or (kind in first.body and given in first.body)


def test_the_ending_of_a_file_without_a_name(tmp_path: Path) -> None:
    file = tmp_path / "x"
    for content, ending in (
        (b"", ".csv"),
        (b"\xef\xbb\xbf {", ".ndjson"),
        (b" [ {", ".json"),
        (b"\xd0\xcf\x11\xe0", ".xls"),
    ):
        file.write_bytes(content)
        assert ending_of(file) == ending
