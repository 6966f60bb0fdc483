"""`tansiq review` and the client's `reviews`, against a scripted platform."""

import json
from typing import Any
from uuid import UUID

import orjson
import pytest
from activities.uploads.assumptions import SENTENCES
from client import Tansiq
from client.cli.app import app
from client.cli.messages import MESSAGES
from client.reviews import ReviewDecision
from contracts.examples import example_of
from contracts.organisations import Organisation
from contracts.reports import PeopleReached, Report, ReportStage, ReportVersion
from starlette.requests import Request
from starlette.responses import Response
from testkit.scripted import ScriptedPlatform, json_answer
from typer.testing import CliRunner, Result

RUNNER = CliRunner()
IDS = [str(UUID(int=number)) for number in range(1, 4)]


pytestmark = pytest.mark.usefixtures("signed_in")


def run(*arguments: str, given: str | None = None) -> Result:
    return RUNNER.invoke(app, ["review", *arguments], input=given)


def waiting(id: str, version: int = 1) -> dict[str, Any]:
    return example_of(Report) | {
        "id": id,
        "version": version,
        "month": "2026-03",
        "sector": "WSH",
        "area": "SY070004",
        "organisation_id": IDS[0],
        "status": "Completed",
        "people": example_of(PeopleReached) | {"total": 120},
        "submitted_at": "2026-04-01T10:00:00+00:00",
        "flags": ["area_by_name"],
    }


def queue(*reports: dict[str, Any]) -> Response:
    return json_answer(200, {"items": list(reports), "next": None})


ORGANISATIONS = queue(example_of(Organisation) | {"id": IDS[0], "names": {"ar": "منظمة الأمل", "en": "Hope"}})


def take(request: Request, body: bytes) -> Response:
    rows = [orjson.loads(line) for line in body.splitlines()]
    results = [
        {"row": number, "status": row["decision"], "id": row["report_id"], "version": row["version"] + 1, "errors": []}
        for number, row in enumerate(rows, start=1)
    ]
    return json_answer(200, {"accepted": len(rows), "rejected": 0, "results": results})


def decided(platform: ScriptedPlatform) -> list[dict[str, Any]]:
    sent = [seen for seen in platform.requests if seen.method == "POST"]
    assert {seen.path for seen in sent} <= {"/api/activities/v1/reviews"}
    return [orjson.loads(line) for seen in sent for line in seen.body.splitlines()]


def test_the_queue_is_listed_as_it_was_asked_for(platform: ScriptedPlatform) -> None:
    platform.ready.extend([queue(waiting(IDS[2], 3)), ORGANISATIONS])
    platform.otherwise = queue(waiting(IDS[0], 3))
    result = run("list", "--month", "2026-03", "--sector", "WSH", "--area", "SY07")
    assert result.exit_code == 0
    assert all(word in result.stdout for word in (IDS[2], "المنطقة من اسمها", "منظمة الأمل"))
    assert IDS[0] not in result.stdout  # nobody knows an organisation by its id
    asked = platform.requests[0]
    assert (asked.path, asked.query) == (
        "/api/activities/v1/reports",
        {"first": "500", "month_from": "2026-03", "month_to": "2026-03", "sector": "WSH", "area": "SY07",
         "reviewable": "true"},
    )  # fmt: skip
    told = json.loads(run("list", "--json").stdout)
    assert [item["id"] for item in told["items"]] == [IDS[0]]


@pytest.mark.parametrize(
    ("language", "words"), [("ar", "منجز المنطقة من اسمها، asleep"), ("en", "Completed area by name, asleep")]
)
def test_codes_of_a_waiting_report_are_told_in_the_readers_words(
    platform: ScriptedPlatform, language: str, words: str
) -> None:
    newer = {**waiting(IDS[0]), "flags": ["area_by_name", "asleep"]}  # as a later platform may have
    platform.ready.extend([queue(newer), ORGANISATIONS])
    shown = run("list", "--language", language).stdout
    status, flags = words.split(" ", 1)
    assert (status in shown, flags in shown) == (True, True), shown


@pytest.mark.parametrize(
    "flag", sorted(set(SENTENCES) - {"superseded_by_later_row", "total_row_passed_over", "windows_1256"})
)
def test_every_flag_a_report_can_have_is_known_to_the_command(flag: str) -> None:
    assert f"flag_{flag}" in MESSAGES


@pytest.mark.parametrize(
    ("language", "question"), [("ar", "اعتماد هذه التقارير (عددها 2)؟"), ("en", "Approve these reports (2)?")]
)
def test_what_is_listed_is_approved_after_a_question(platform: ScriptedPlatform, language: str, question: str) -> None:
    platform.ready.extend([queue(waiting(IDS[0]), waiting(IDS[1], 4)), ORGANISATIONS, take])
    result = run("approve", "--month", "2026-03", "--area", "SY07", "--language", language, given="y\n")
    assert (result.exit_code, question in result.stderr) == (0, True), result.output
    assert decided(platform) == [
        {"report_id": IDS[0], "version": 1, "decision": "approved"},
        {"report_id": IDS[1], "version": 4, "decision": "approved"},
    ]


def test_who_says_no_decides_nothing(platform: ScriptedPlatform) -> None:
    platform.ready.extend([queue(waiting(IDS[0])), ORGANISATIONS])
    assert run("approve", "--sector", "WSH", given="n\n").exit_code == 1
    assert decided(platform) == []


def test_reports_are_returned_by_their_ids_with_a_comment(platform: ScriptedPlatform) -> None:
    platform.ready.extend([json_answer(200, waiting(IDS[2], 7)), take])
    result = run("return", IDS[2], IDS[2], "--comment", "Which camp?", "--override-reason", "No group.", "--yes")
    assert result.exit_code == 0, result.output
    assert decided(platform) == [
        {"report_id": IDS[2], "version": 7, "decision": "returned", "comment": "Which camp?",
         "override_reason": "No group."}
    ]  # fmt: skip


def test_a_decision_that_came_too_late_is_told_and_ends_with_one(platform: ScriptedPlatform) -> None:
    late = {"code": "version_mismatch", "detail": "It has changed.", "field": "version", "row": 2}
    results = [{"row": 1, "status": "approved", "id": IDS[0], "version": 2, "errors": []},
               {"row": 2, "status": "rejected", "errors": [late]}]  # fmt: skip
    answer = json_answer(207, {"accepted": 1, "rejected": 1, "results": results})
    platform.ready.extend([queue(waiting(IDS[0]), waiting(IDS[1])), answer])
    result = run("approve", "--sector", "WSH", "--yes", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {"accepted": 1, "rejected": 1, "problems": [late]}


@pytest.mark.parametrize(
    "arguments",
    [
        ("approve",),
        ("approve", IDS[0], "--sector", "WSH"),
        ("approve", "../clients"),
        ("return", IDS[0]),
        ("approve", "--sector", "WSH", "--json"),
    ],
    ids=["nothing named", "both", "no id", "no comment", "json asks nothing"],
)
def test_wrong_usage_asks_the_platform_nothing(platform: ScriptedPlatform, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2
    assert platform.requests == []


def test_nothing_waits(platform: ScriptedPlatform) -> None:
    platform.otherwise = queue()
    for arguments in (("list",), ("approve", "--sector", "WSH")):
        result = run(*arguments, "--language", "en")
        assert (result.exit_code, result.stdout.strip()) == (0, "Nothing.")


async def test_thousands_go_out_in_chunks_and_are_numbered_over_all(platform: ScriptedPlatform, tansiq: Tansiq) -> None:
    platform.otherwise = take
    decisions = [ReviewDecision(str(UUID(int=number)), 1, "approved") for number in range(12_000)]
    rows = [result.row async for pushed in tansiq.reviews.decide(decisions) for result in pushed.results]
    assert rows == list(range(1, 12_001))
    assert len({seen.headers["idempotency-key"] for seen in platform.requests}) == 3


async def test_a_report_is_sent_again_by_the_version_that_was_read(platform: ScriptedPlatform, tansiq: Tansiq) -> None:
    platform.otherwise = json_answer(200, {"id": IDS[0], "version": 3, "stage": "submitted"})
    assert (await tansiq.reviews.submit_again(IDS[0], 2, "As it was.")).stage is ReportStage.SUBMITTED
    [asked] = platform.requests
    assert (asked.path, asked.headers["if-match"], orjson.loads(asked.body)) == (
        f"/api/activities/v1/reports/{IDS[0]}/submit", '"v2"', {"comment": "As it was."}
    )  # fmt: skip


async def test_versions_are_read_page_by_page(platform: ScriptedPlatform, tansiq: Tansiq) -> None:
    platform.ready.append(json_answer(200, {"items": [example_of(ReportVersion) | {"version": 2}], "next": "c"}))
    platform.ready.append(json_answer(200, {"items": [example_of(ReportVersion) | {"version": 1}], "next": None}))
    assert [version.version async for version in tansiq.reviews.versions(IDS[0])] == [2, 1]
