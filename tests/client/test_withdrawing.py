"""`tansiq reports` and `tansiq uploads withdraw, restore, replace`, against a scripted platform."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest
from client.cli.app import app
from contracts.examples import example_of
from contracts.reports import PeopleReached, Report
from starlette.responses import Response
from testkit.scripted import ScriptedPlatform, json_answer
from typer.testing import CliRunner, Result

RUNNER = CliRunner()
FIRST, SECOND, FILE = (str(UUID(int=number)) for number in (1, 2, 3))
PATH = "/api/activities/v1"

pytestmark = pytest.mark.usefixtures("signed_in")


def run(*arguments: str, given: str | None = None, language: str = "en") -> Result:
    return RUNNER.invoke(app, [*arguments, "--language", language], input=given)


def stands(id: str, stage: str, version: int = 2) -> Response:
    return json_answer(200, {"id": id, "version": version, "stage": stage})


def page(*items: dict[str, Any]) -> Response:
    return json_answer(200, {"items": list(items), "next": None})


def row(id: str = FIRST) -> dict[str, Any]:
    said = {"id": id, "external_id": "wash-17", "version": 1, "stage": "withdrawn", "month": "2026-03"}
    people = example_of(PeopleReached) | {"total": 120}
    return example_of(Report) | said | {"sector": "WSH", "area": "SY070004", "people": people}


def upload(withdrawals: Any = (), **replaces: Any) -> Response:
    told = {"id": FILE, "state": "done", "progress": 1.0, "counts": {"accepted": 2}, "withdrawals": list(withdrawals)}
    return json_answer(200, {**told, "replaces": replaces or None})


def withdrawal(state: str, **counts: int) -> dict[str, Any]:
    return {"id": SECOND, "kind": "withdrawal", "state": state, "reason": "The wrong month.", "counts": counts}


def posted(platform: ScriptedPlatform) -> list[tuple[str, Any, str | None]]:
    sent = [seen for seen in platform.requests if seen.method == "POST" and seen.path != "/oauth/token"]
    return [(seen.path, orjson.loads(seen.body or b"{}"), seen.headers.get("if-match")) for seen in sent]


@pytest.mark.parametrize(("language", "said"), [("en", "Reports withdrawn: 2."), ("ar", "التقارير المسحوبة: 2.")])
def test_reports_are_withdrawn_by_their_ids(platform: ScriptedPlatform, language: str, said: str) -> None:
    platform.ready.extend([stands(FIRST, "withdrawn"), stands(SECOND, "withdrawn")])
    result = run("reports", "withdraw", FIRST, SECOND, "--reason", "Counted twice.", language=language)
    assert (result.exit_code, result.stdout.strip()) == (0, said)
    assert posted(platform) == [
        (f"{PATH}/reports/{id}/withdraw", {"reason": "Counted twice."}, "*") for id in (FIRST, SECOND)
    ]


def test_a_report_is_found_and_restored_by_the_senders_own_id(platform: ScriptedPlatform) -> None:
    platform.ready.extend([page(row()), stands(FIRST, "submitted", 3)])
    result = run("reports", "restore", "--external-id", "wash-17", "--comment", "Ours after all.", "--json")
    assert json.loads(result.stdout)["items"] == [{"id": FIRST, "version": 3, "stage": "submitted"}]
    assert platform.requests[0].query["external_id"] == "wash-17"
    assert posted(platform) == [(f"{PATH}/reports/{FIRST}/restore", {"comment": "Ours after all."}, "*")]


@pytest.mark.parametrize(("found", "code"), [((), "none_by_external_id"), ((FIRST, SECOND), "several_by_external_id")])
def test_an_id_that_names_no_one_report_withdraws_nothing(
    platform: ScriptedPlatform, found: tuple[str, ...], code: str
) -> None:
    platform.otherwise = page(*map(row, found))
    result = run("reports", "withdraw", "--external-id", "wash-17", "--reason", "Counted twice.", "--json")
    assert (result.exit_code, json.loads(result.stdout)["code"]) == (3, code)
    assert not posted(platform)


def test_which_report_must_be_said_once(platform: ScriptedPlatform) -> None:
    for named in ([], [FIRST, "--external-id", "x"]):
        assert run("reports", "withdraw", *named, "--reason", "Counted twice.").exit_code == 2
    assert run("reports", "find").exit_code == 2
    assert not platform.requests


def test_what_was_withdrawn_of_a_file_is_found(platform: ScriptedPlatform) -> None:
    platform.otherwise = page(row())
    result = run("reports", "find", "--upload", FILE, "--withdrawn", language="ar")
    assert all(word in result.stdout for word in (FIRST, "wash-17", "مسحوب", "120"))
    assert platform.requests[0].query == {"first": "500", "upload": FILE, "stage": "withdrawn"}


def test_a_file_is_withdrawn_and_the_end_awaited(platform: ScriptedPlatform) -> None:
    counts = {"withdrawn": 5, "put_back": 2, "left": 1}
    platform.ready.extend([
        json_answer(202, {"id": FILE, "withdrawals": []}),
        upload(withdrawals=[withdrawal("withdrawing", withdrawn=1, open=7)]),
        upload(withdrawals=[withdrawal("withdrawn", **counts)]),
    ])  # fmt: skip
    result = run("uploads", "withdraw", FILE, "--reason", "The wrong month.")
    assert (result.exit_code, result.stdout.strip()) == (
        0, "Withdrawn: 5, put back as before: 2, left, changed later or in another file: 1.",
    )  # fmt: skip
    assert posted(platform) == [(f"{PATH}/uploads/{FILE}/withdraw", {"reason": "The wrong month."}, None)]


def test_a_file_is_restored(platform: ScriptedPlatform) -> None:
    restored = withdrawal("restored", restored=5, left=1)
    platform.ready.extend([json_answer(200, {"id": FILE, "withdrawals": []}), upload(withdrawals=[restored])])
    result = run("uploads", "restore", FILE, language="ar")
    assert result.stdout.strip() == "استُعيد: 5، تُرك لأنه تغيّر لاحقاً أو ورد في ملف آخر: 1."


LACKS: dict[str, Any] = {"missing": 1, "digest": "0" * 32, "reports": [{**row(), "people_total": 120}]}


def test_what_a_file_lacks_is_shown_and_asked_for_before_it_is_withdrawn(platform: ScriptedPlatform) -> None:
    platform.ready.append(upload(**LACKS, passed_over_sheets=2))
    result = run("uploads", "replace", FILE, "--reason", "Corrected.", given="n\n")
    assert result.exit_code == 1
    assert "were not read: 2" in result.stderr
    assert "wash-17" in result.stdout
    assert not posted(platform)
    platform.ready.extend([
        upload(**LACKS), json_answer(200, {"id": FILE, "withdrawals": []}),
        upload(withdrawals=[withdrawal("withdrawn", withdrawn=1)]),
    ])  # fmt: skip
    assert run("uploads", "replace", FILE, "--reason", "Corrected.", "--despite-refused", "--yes").exit_code == 0
    said = {"reason": "Corrected.", "missing": 1, "despite_refused": True, "digest": "0" * 32}
    assert posted(platform) == [(f"{PATH}/uploads/{FILE}/replace", said, None)]


def test_a_machine_says_yes_outright(platform: ScriptedPlatform) -> None:
    platform.ready.append(upload(**LACKS))
    result = run("uploads", "replace", FILE, "--reason", "Corrected.", "--json")
    assert (result.exit_code, json.loads(result.stdout)["code"]) == (2, "confirm_needs_yes")


def test_a_file_is_pushed_as_one_that_replaces(platform: ScriptedPlatform, tmp_path: Path) -> None:
    file = tmp_path / "march.csv"
    file.write_text("sector,adm3,month,status\nWSH,SY070004,2026-03,Completed\n")
    platform.ready.extend([json_answer(202, {"id": FILE, "state": "queued"}), upload(**LACKS), page()])
    result = run("push", str(file), "--replaces")
    assert f"hold: 1. To withdraw them run tansiq uploads replace {FILE}" in result.stdout
    assert b'name="replaces"\r\n\r\ntrue' in platform.requests[0].body
