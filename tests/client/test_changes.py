"""`tansiq changes`: pages of changes out as NDJSON, and the position kept once they are out."""

import json
from pathlib import Path

import pytest
from client.cli.app import app
from testkit.scripted import ScriptedPlatform, json_answer
from typer.testing import CliRunner

pytestmark = pytest.mark.usefixtures("signed_in")


def page(items: list[object], position: str, *, more: bool = False) -> object:
    return json_answer(200, {"items": items, "next": position if more else None, "position": position})


def run(*arguments: str) -> tuple[int, list[object]]:
    result = CliRunner().invoke(app, ["changes", *arguments])
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]


def test_all_pages_come_out_and_the_next_call_goes_on_from_there(platform: ScriptedPlatform, tmp_path: Path) -> None:
    kept = tmp_path / "position"
    gone = {"id": "2", "gone": True}
    platform.ready.extend([page([{"id": "1"}, gone], "p1", more=True), page([{"id": "3"}], "p2"), page([], "p3")])  # type: ignore[list-item]
    assert run("reports", "--position", str(kept), "--filter", "sector=WSH") == (0, [{"id": "1"}, gone, {"id": "3"}])
    assert kept.read_text() == "p2"
    assert run("reports", "--position", str(kept), "--filter", "sector=WSH") == (0, [])
    asked = [(seen.query["changes_after"], seen.query["sector"]) for seen in platform.requests]
    assert asked == [("start", "WSH"), ("p1", "WSH"), ("p2", "WSH")]
    assert kept.read_text() == "p3"


def test_a_position_nobody_knows_is_told_and_kept_as_it_was(platform: ScriptedPlatform, tmp_path: Path) -> None:
    kept = tmp_path / "position"
    kept.write_text("old")
    platform.ready.append(json_answer(410, {"code": "unknown_position", "detail": "start"}))
    assert run("alerts", "--position", str(kept)) == (3, [])
    assert kept.read_text() == "old"


@pytest.mark.parametrize("wrong", [("nothing",), ("reports", "--filter", "WSH"), ("reports", "--filter", "=x")])
def test_wrong_usage(wrong: tuple[str, ...]) -> None:
    assert CliRunner().invoke(app, ["changes", *wrong]).exit_code == 2
