"""`tansiq targets load` and `tansiq progress`: what is sent, and how the answer is shown."""

import json
from pathlib import Path
from typing import Any

import pytest
from client.credentials import Credentials
from client.tansiq import Tansiq
from client.targets import PROGRESS, TargetDefaults
from graphql import build_schema, parse, validate
from testkit.scripted import ScriptedPlatform, json_answer

from .test_command import answer, run, sign_in

pytestmark = pytest.mark.usefixtures("settings")
TABLE = "area,target\nSY070004,1200\nSY99,5\n"


def test_a_table_goes_out_as_it_is_with_what_its_rows_leave_open(platform: ScriptedPlatform, tmp_path: Path) -> None:
    sign_in(platform, "--language", "en")
    file = tmp_path / "plan.csv"
    file.write_text(TABLE)
    platform.ready.append(answer(1, 3))
    result = run("targets", "load", str(file), "--period", "2026-01..2026-12", "--sector", "WSH")
    assert result.exit_code == 1
    assert "unknown_area" in result.stdout
    assert "Rows accepted: 1, rejected: 1" in result.stdout
    [seen] = platform.requests
    assert (seen.method, seen.path, seen.body) == ("POST", "/api/plans/v1/targets", TABLE.encode())
    assert seen.query == {"sector": "WSH", "month_from": "2026-01", "month_to": "2026-12"}
    assert seen.headers["content-type"] == "text/csv"
    assert seen.headers["idempotency-key"]


def test_rows_go_out_in_chunks_and_problems_are_told_by_line(platform: ScriptedPlatform, tmp_path: Path) -> None:
    sign_in(platform)
    file = tmp_path / "plan.ndjson"
    file.write_bytes(b'{"area":"SY07"}\n\n{"area":"SY99"}\n')
    platform.ready.append(answer(1, 2))
    told = json.loads(run("targets", "load", str(file), "--month", "2026-03", "--accept-ignored", "--json").stdout)
    assert (told["accepted"], told["rejected"], told["problems"][0]["row"]) == (1, 1, 3)
    assert platform.requests[0].query == {"month": "2026-03", "accept_ignored": "true"}


@pytest.mark.parametrize("period", ["2026-01", "2026-01..", "..2026-12"])
def test_a_period_is_two_months(platform: ScriptedPlatform, tmp_path: Path, period: str) -> None:
    sign_in(platform)
    file = tmp_path / "plan.csv"
    file.write_text(TABLE)
    assert run("targets", "load", str(file), "--period", period).exit_code == 2
    assert run("targets", "load", str(file), "--period", "2026-01..2026-12", "--month", "2026-03").exit_code == 2
    assert platform.requests == []


def test_an_unknown_kind_of_file_is_not_sent(platform: ScriptedPlatform, tmp_path: Path) -> None:
    sign_in(platform)
    file = tmp_path / "plan.docx"
    file.write_text(TABLE)
    assert run("targets", "load", str(file)).exit_code == 2
    assert platform.requests == []


async def test_rows_of_a_program(platform: ScriptedPlatform) -> None:
    platform.ready.append(answer(2))
    async with Tansiq(Credentials(platform.url, "olive", "secret")) as tansiq:
        pushed = [each async for each in tansiq.targets.push([{"area": "SY07"}] * 2, TargetDefaults(sector="WSH"))]
    assert [each.accepted for each in pushed] == [2]
    assert platform.requests[0].body.count(b"\n") == 2


def node(**fields: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "areaCode": "SY07",
        "area": {"names": {"ar": "إدلب", "en": "Idleb"}},
        "sectorCode": "WSH",
        "sector": {"names": {"ar": "المياه", "en": "Water"}},
        "indicatorCode": None,
        "monthFrom": "2026-01",
        "monthTo": "2026-12",
        "target": 1000,
        "targetBasis": "summed",
        "areasWithTarget": 20,
        "areas": 26,
        "peopleReached": 740,
        "coverage": 0.74,
        "gap": 260,
        "overTarget": False,
        "basis": "provisional",
        "reason": None,
    }
    return {**row, **fields}


def test_progress_in_either_language(platform: ScriptedPlatform) -> None:
    sign_in(platform, "--language", "en")
    page = {
        "nodes": [
            node(),
            node(peopleReached=None, coverage=None, gap=None, reason="withheld_protection"),
            node(targetBasis="set", coverage=1.5, overTarget=True),
            node(reason="later_reason"),
        ],
        "pageInfo": {"hasNextPage": False, "endCursor": None},
    }
    platform.otherwise = json_answer(200, {"data": {"progress": page}})
    english = run("progress", "--area", "SY07", "--sector", "WSH", "--period", "2026-01..2026-12")
    assert english.exit_code == 0
    for text in (
        "Idleb",
        "Water",
        "74.0%",
        "20 of 26 areas",
        "withheld: protection's counts",
        "150.0%",
        "over target",
        "later_reason",
    ):
        assert text in english.stdout
    assert "Provisional" in english.stderr
    sent = json.loads(platform.requests[0].body)["variables"]["filter"]
    assert sent == {"area": "SY07", "sector": "WSH", "monthFrom": "2026-01", "monthTo": "2026-12"}
    arabic = run("progress", "--language", "ar")
    assert "إدلب" in arabic.stdout
    assert "محجوب: أعداد الحماية" in arabic.stdout
    told = json.loads(run("progress", "--json").stdout)
    assert [item["coverage"] for item in told["items"]] == [0.74, None, 1.5, 0.74]


def test_what_is_asked_is_in_the_schema() -> None:
    schema = build_schema((Path(__file__).parents[2] / "gateway/schema.graphql").read_text())
    assert validate(schema, parse(PROGRESS)) == []


def test_no_progress_to_tell(platform: ScriptedPlatform) -> None:
    sign_in(platform, "--language", "en")
    page = {"nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}
    platform.otherwise = json_answer(200, {"data": {"progress": page}})
    assert "Nothing." in run("progress").stdout
