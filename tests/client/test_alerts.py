"""Following alerts: lines that break, tokens that end, and what the command prints."""

import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest
from client import Refused, Tansiq, Unreachable
from client.alerts import AlertQuery
from client.cli.app import app
from client.events import Block, blocks
from contracts.alerts import ListedAlert
from contracts.examples import example_of
from contracts.subscriptions import Subscription
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import Response, StreamingResponse
from testkit.scripted import ScriptedPlatform, json_answer
from typer.testing import CliRunner

TEXT = {"event": "سيول", "description": None, "instruction": None}
ALERT = {
    "id": "a1", "number": 5, "sent": "2026-03-01T08:00:00+00:00", "status": "Actual", "severity": "Severe",
    "areas": ["SY07"], "info": {"ar": {**TEXT, "headline": "سيول في المخيم"}, "en": {**TEXT, "headline": "Flood"}},
}  # fmt: skip


LISTED = (
    example_of(ListedAlert)
    | {"organisation_names": None}
    | {name: value for name, value in ALERT.items() if name not in ("id", "number")}
)
"""As it stands in a list: the number is the stream's."""


def stream(*parts: str) -> Response:
    async def told() -> AsyncIterator[str]:
        for part in parts:
            yield part

    return StreamingResponse(told(), media_type="text/event-stream")


def alert(number: int) -> str:
    return f"event: alert\nid: {number}\ndata: {json.dumps({**ALERT, 'number': number})}\n\n"


async def numbers(tansiq: Tansiq, count: int, wanted: AlertQuery) -> list[int]:
    async with aclosing(tansiq.alerts.follow(wanted)) as followed:
        found: list[int] = []
        async for told in followed:
            found.append(told.alert.get("number", -1))
            if len(found) == count:
                break
        return found


async def test_a_broken_line_is_taken_up_where_it_was(platform: ScriptedPlatform, tansiq: Tansiq) -> None:
    platform.ready.extend(
        [
            stream("retry: 10\nid: 3\n\n", alert(4), alert(5), ":\nid: 7\n\n", "event: alert\nid: 8\ndata: {"),
            json_answer(503, {"code": "unavailable"}),
            stream(alert(8), "event: reset\ndata: {}\n\n"),
        ]
    )
    wanted = AlertQuery(areas=("SY07", "SY02"), severities=("Severe",))
    assert await numbers(tansiq, 4, wanted) == [4, 5, 8, -1]
    first, second, third = platform.requests
    assert first.query["severity"] == "Severe"
    assert "last-event-id" not in first.headers
    assert (second.headers["last-event-id"], third.headers["last-event-id"]) == ("7", "7")


async def test_a_token_that_ended_is_renewed(platform: ScriptedPlatform, tansiq: Tansiq) -> None:
    platform.valid_from = 2
    platform.ready.append(stream(alert(1)))
    assert await numbers(tansiq, 1, AlertQuery()) == [1]
    assert platform.tokens == 2


async def test_what_is_refused_is_raised(platform: ScriptedPlatform, tansiq: Tansiq) -> None:
    platform.ready.append(json_answer(422, {"code": "invalid", "detail": "no"}))
    with pytest.raises(Refused):
        await numbers(tansiq, 1, AlertQuery())


async def test_patience_ends(platform: ScriptedPlatform, tansiq: Tansiq) -> None:
    await tansiq.session.sign_in()
    tansiq.session.patience_seconds = 0.1
    platform.otherwise = json_answer(503, {"code": "unavailable"})
    with pytest.raises((Refused, Unreachable)):
        await numbers(tansiq, 1, AlertQuery())


@given(st.lists(st.tuples(st.integers(0, 9), st.text(alphabet="ab :x", max_size=5)), max_size=8))
async def test_every_whole_block_is_read(sent: list[tuple[int, str]]) -> None:
    async def lines() -> AsyncIterator[str]:
        for number, text in sent:
            for line in (":comment", f"id: {number}", f"data: {text}", ""):
                yield line
        yield "data: cut off"

    found = [block async for block in blocks(lines())]
    assert found == [Block("message", text, str(number)) for number, text in sent]


def run(platform: ScriptedPlatform, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Any:
    settings = {"URL": platform.url, "CLIENT_ID": "olive", "CLIENT_SECRET": "secret", "PATIENCE": "0.1"}
    for name, value in settings.items():
        monkeypatch.setenv(f"TANSIQ_{name}", value)
    return CliRunner().invoke(app, list(arguments))


@pytest.mark.parametrize(
    ("language", "told"),
    [("ar", "فعلي · شديد · SY07 · سيول في المخيم"), ("en", "Actual · Severe · SY07 · Flood")],
)
def test_the_command_prints_alerts_as_they_come(
    platform: ScriptedPlatform, monkeypatch: pytest.MonkeyPatch, language: str, told: str
) -> None:
    platform.ready.append(stream("retry: 10\nid: 3\n\n", alert(5)))
    platform.otherwise = json_answer(403, {"code": "not_permitted"})
    result = run(platform, monkeypatch, "alerts", "follow", "--area", "SY07", "--language", language)
    assert result.exit_code == 3
    assert result.stdout.splitlines() == [f"2026-03-01 11:00 (Asia/Damascus) · {told} · a1"]
    assert platform.requests[0].query["area"] == "SY07"


def test_as_json_each_alert_is_a_line(platform: ScriptedPlatform, monkeypatch: pytest.MonkeyPatch) -> None:
    platform.ready.append(stream("retry: 10\nid: 3\n\n", alert(5), alert(6)))
    platform.otherwise = json_answer(403, {"code": "not_permitted"})
    result = run(platform, monkeypatch, "alerts", "follow", "--json")
    assert [json.loads(line)["number"] for line in result.stdout.splitlines()[:2]] == [5, 6]


def test_ctrl_c_is_a_clean_end(platform: ScriptedPlatform, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(work: Any) -> None:
        work.close()
        raise KeyboardInterrupt

    monkeypatch.setattr("client.cli.session.asyncio.run", interrupted)
    assert run(platform, monkeypatch, "alerts", "follow").exit_code == 0


def test_subscriptions_are_added_listed_and_removed(
    platform: ScriptedPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    standing = {"url": "https://a.example.org/", "state": "active", "reason": None, "rights_ended": False}
    made = example_of(Subscription) | standing
    platform.ready.append(json_answer(201, {**made, "secret": "whsec_x"}))
    added = run(platform, monkeypatch, "subscriptions", "add", made["url"], "--area", "SY07", "--language", "en")
    assert (added.exit_code, "whsec_x" in added.stdout) == (0, True)
    assert json.loads(platform.requests[0].body)["filter"]["areas"] == ["SY07"]
    platform.ready.append(json_answer(200, {"items": [made], "next": None}))
    assert "a.example.org" in run(platform, monkeypatch, "subscriptions", "list").stdout
    stopped = {**made, "state": "ended", "reason": "gone"}
    platform.ready.append(json_answer(200, {"items": [stopped, {**stopped, "rights_ended": True}], "next": None}))
    shown = run(platform, monkeypatch, "subscriptions", "list").stdout
    assert all(word in shown for word in ("منتهٍ", "أجاب العنوان 410", "انتهت صلاحيات صاحبه"))
    platform.ready.append(Response(status_code=204))
    assert run(platform, monkeypatch, "subscriptions", "remove", made["id"]).exit_code == 0
    removed = platform.requests[-1]
    assert (removed.method, removed.path) == ("DELETE", f"/api/alerts/v1/subscriptions/{made['id']}")
    platform.ready.append(json_answer(200, {"items": [LISTED], "next": None}))
    assert "Flood" in run(platform, monkeypatch, "alerts", "list", "--language", "en").stdout
