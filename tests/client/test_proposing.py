"""`tansiq push --dry-run` and what confirms it: how a file would be read, seen and corrected."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from starlette.responses import Response
from testkit.scripted import ScriptedPlatform, json_answer

from .test_command import run, sign_in

pytestmark = pytest.mark.usefixtures("settings")

ID = str(uuid4())
QUEUED = json_answer(202, {"id": ID, "state": "queued"})
WAITS = json_answer(200, {"id": ID, "state": "proposed", "counts": {}})
DONE = json_answer(200, {"id": ID, "state": "done", "counts": {"accepted": 2, "rejected": 0}})
NO_PROBLEMS = json_answer(200, {"items": [], "next": None})
NAMED = ("people", "months", "sectors", "statuses", "organisations", "organisations_not_found", "areas")
SUMS = {**{name: {} for name in NAMED}, "rows": 3, "accepted": 2, "rejected": 1, "blank": 0, "areas_count": 1}
COLUMN = {"sheet": 1, "column": 1, "heading": "Souls", "tag": None, "confidence": 0.6, "samples": ["12"]}
PROPOSAL: dict[str, Any] = {
    "upload": ID,
    "digest": "d" * 32,
    "made_at": "2026-11-01T00:00:00Z",
    "failure": None,
    "sheets": [
        {
            "number": 1,
            "name": None,
            "state": "read",
            "reason": {"code": "sheet_by_headings", "detail": "Its headings say so."},
            "columns": [{**COLUMN, "field": "people.total", "state": "read", "people": 1234}],
        }
    ],
    "sums": {**SUMS, "people": {"people.total": 1234}, "areas_not_found": {"Danaa": 1}},
    "problems": [
        {
            "code": "unknown_area",
            "detail": "No area.",
            "field": "adm3",
            "value": "SY9",
            "rows": 1,
            "first_rows": [4],
            "sheet": None,
        },
    ],
    "to_settle": [
        {"field": "adm3_name", "value": "Danaa", "rows": 1, "proposal": "SY070302", "label": "Dana", "score": 0.89}
    ],
    "assumptions": [],
    "earlier": None,
}


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    file = tmp_path / "report.csv"
    file.write_text("Souls\n12\n")
    return file


def test_a_dry_run_shows_columns_sums_and_what_is_to_be_settled(platform: ScriptedPlatform, sheet: Path) -> None:
    sign_in(platform)
    platform.ready.extend([QUEUED, WAITS, json_answer(200, PROPOSAL)])
    result = run("push", str(sheet), "--dry-run", "--language", "en")
    assert result.exit_code == 3, result.stdout
    for told in ("Souls", "people.total", "60%", "1,234", "Danaa", "Dana", "89%", f"tansiq uploads confirm {ID}"):
        assert told in result.stdout, told
    assert b'name="dry_run"\r\n\r\ntrue' in platform.requests[0].body


def test_a_proposal_is_told_as_json(platform: ScriptedPlatform, sheet: Path) -> None:
    sign_in(platform)
    platform.ready.extend([QUEUED, WAITS, json_answer(200, PROPOSAL)])
    told = json.loads(run("push", str(sheet), "--dry-run", "--json").stdout)
    assert told["digest"] == "d" * 32


def test_corrections_are_confirmed_at_once_and_kept_in_a_file(platform: ScriptedPlatform, sheet: Path) -> None:
    sign_in(platform)
    kept = sheet.with_suffix(".map")
    platform.ready.extend([QUEUED, WAITS, json_answer(200, PROPOSAL), QUEUED, DONE, NO_PROBLEMS])
    options = ["--map", "Souls=people.total", "--map", "Notes=", "--value", "sector:Water=WSH"]
    result = run("push", str(sheet), *options, "--default", "status=Completed", "--save-map", str(kept))
    assert result.exit_code == 0, result.stdout
    [confirmed] = [json.loads(seen.body) for seen in platform.requests if seen.path.endswith("/confirm")]
    said = {
        "columns": {"Souls": "people.total", "Notes": None},
        "values": {"sector": {"Water": "WSH"}},
        "defaults": {"status": "Completed"},
    }
    assert confirmed == {"digest": "d" * 32, **said, "accept_ignored": False, "dry_run": False}
    assert json.loads(kept.read_text()) == said


def test_what_waits_is_confirmed_by_what_a_file_says(platform: ScriptedPlatform, tmp_path: Path) -> None:
    sign_in(platform)
    kept = tmp_path / "ours.json"
    kept.write_text(json.dumps({"columns": {"Souls": "people.men"}}))
    platform.ready.extend([WAITS, json_answer(200, PROPOSAL), QUEUED, DONE, NO_PROBLEMS])
    result = run("uploads", "confirm", ID, "--with-map", str(kept), "--map", "Souls=people.total")
    assert result.exit_code == 0, result.stdout
    [confirmed] = [json.loads(seen.body) for seen in platform.requests if seen.path.endswith("/confirm")]
    assert confirmed["columns"] == {"Souls": "people.total"}


@pytest.mark.parametrize(
    "options", [("--map", "Souls"), ("--value", "Water=WSH"), ("--default", "=x")], ids=["map", "value", "default"]
)
def test_a_correction_without_two_sides_is_refused(platform: ScriptedPlatform, sheet: Path, options: Any) -> None:
    sign_in(platform)
    assert run("push", str(sheet), *options).exit_code == 2


def test_a_file_that_is_no_map_is_refused(platform: ScriptedPlatform, sheet: Path) -> None:
    sign_in(platform)
    assert run("push", str(sheet), "--with-map", str(sheet)).exit_code == 2


def test_refused_rows_are_fetched_as_a_workbook(platform: ScriptedPlatform, tmp_path: Path) -> None:
    sign_in(platform)
    platform.ready.append(Response(b"PK workbook"))
    file = tmp_path / "mend.xlsx"
    result = run("uploads", "error-workbook", ID, "--refused-only", "--to", str(file), "--language", "en")
    assert result.exit_code == 0, result.stdout
    assert file.read_bytes() == b"PK workbook"
    assert platform.requests[-1].query["rows"] == "rejected"
