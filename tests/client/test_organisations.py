"""`tansiq organisations`: other names from a file, pairs, merging."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from client.cli.app import app
from contracts.duplicates import OrganisationDuplicate
from contracts.examples import example_of
from contracts.organisations import OrganisationMerge
from testkit.scripted import ScriptedPlatform, json_answer
from typer.testing import CliRunner, Result

MERGED = example_of(OrganisationMerge)
PAIR = example_of(OrganisationDuplicate)
INTO = "0197c3a0-0000-7000-8000-00000000000b"


@pytest.fixture(autouse=True)
def in_english(signed_in: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANSIQ_LANGUAGE", "en")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["organisations", *arguments])


def test_a_table_of_codes_is_sent_and_its_problems_shown(platform: ScriptedPlatform, tmp_path: Path) -> None:
    file = tmp_path / "codes.csv"
    file.write_text("organisation,issuer,code\nAmal,WSH,1\nAmal,WSH,2\n")
    error = {"code": "code_taken", "detail": "taken", "field": "code", "row": 3}
    rows = [{"row": 2, "status": "updated", "errors": []}, {"row": 3, "status": "rejected", "errors": [error]}]
    platform.ready.append(json_answer(207, {"accepted": 1, "rejected": 1, "results": rows}))
    result = run("identify", str(file))
    assert result.exit_code == 1
    assert "taken" in result.output
    [request] = platform.requests
    assert (request.path, request.body) == ("/api/registry/v1/organisations/identifiers", file.read_bytes())


@pytest.mark.parametrize(
    ("arguments", "path", "sent", "answer", "said"),
    [
        (
            ("merge", "a", INTO),
            "organisations/a/merge",
            {"into": INTO},
            {**MERGED, "merged_into": INTO},
            f"merged into {INTO}",
        ),
        (("part", "a"), "organisations/a/part", {}, {**MERGED, "merged_into": None}, "by itself again"),
        (("dismiss", "p"), "organisation_duplicates/p/dismiss", {}, PAIR, "dismissed"),
    ],
)
def test_a_decision_is_sent_with_its_reason(
    platform: ScriptedPlatform,
    arguments: tuple[str, ...],
    path: str,
    sent: dict[str, str],
    answer: dict[str, Any],
    said: str,
) -> None:
    platform.ready.append(json_answer(200, answer))
    result = run(*arguments, "--reason", "As seen")
    assert (result.exit_code, said in result.stdout) == (0, True)
    [request] = platform.requests
    assert request.path == f"/api/registry/v1/{path}"
    assert orjson.loads(request.body) == {**sent, "reason": "As seen"}


def test_all_are_compared(platform: ScriptedPlatform) -> None:
    platform.ready.append(json_answer(200, {"organisations": 5, "open": 2}))
    assert "Organisations compared: 5; pairs to be settled: 2." in run("find-duplicates").stdout
