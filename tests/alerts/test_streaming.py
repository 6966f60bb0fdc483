"""Streams on real sockets: who hears what, what is told again, and that a reader who does not read harms nobody."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest
from alerts.streams import api, broadcaster, domain
from runtime.access import Role

from .conftest import ASKING
from .listening import PATH, heard, live_door


@pytest.fixture
async def live(alerts: Any) -> AsyncIterator[Any]:
    async with live_door(alerts) as client:
        yield client


@pytest.mark.parametrize("role", list(Role))
async def test_every_role_but_the_public_may_listen(live: Any, alerts: Any, role: Role) -> None:
    if role is Role.PUBLIC:
        assert (await live.get(PATH)).status_code == 401
        return
    async with live.stream("GET", PATH, headers=alerts.issuer.bearer(role)) as response:
        assert response.status_code == 200


async def test_an_alert_is_heard_by_those_who_may_see_it_and_asked_for_it(live: Any, alerts: Any, id_of: Any) -> None:
    async with (
        heard(live, alerts, "member", params={"area": ["SY02", "SY0700"], "severity": "Severe"}) as near,
        heard(live, alerts, "hub") as hub_heard,
        heard(live, alerts, "far_hub") as far,
        heard(live, alerts, "other_member", params={"status": ["Exercise"], "sector": "WSH"}) as drills,
    ):
        first = await alerts.issued(polygons=["35.1,36.2 35.2,36.2 35.2,36.3 35.1,36.2"])
        private = await alerts.issued(scope="Private", addresses=[str(id_of("Bunyan"))], areas=["SY02"])
        drill = await alerts.issued(status="Exercise", sectors=["WSH"])
        country = await alerts.issued(areas=["SY"], severity="Minor")
        content = await near.alert()
        assert (content["id"], "polygons" in content) == (first["id"], False)
        assert (await near.alert())["id"] == private["id"]
        assert [(await hub_heard.alert())["id"] for _ in range(2)] == [first["id"], country["id"]]
        assert (await far.alert())["id"] == country["id"]
        assert (await drills.alert())["id"] == drill["id"]


async def test_who_comes_back_is_told_what_was_missed_once_and_in_order(live: Any, alerts: Any) -> None:
    async with heard(live, alerts) as stream:
        await alerts.issued()
        seen = (await stream.alert())["number"]
    missed = [(await alerts.issued())["id"] for _ in range(3)]
    ways: list[dict[str, Any]] = [
        {"headers": {"Last-Event-ID": str(seen)}},
        {"params": {"last_event_id": str(seen)}},
    ]
    for how in ways:
        async with heard(live, alerts, **how) as stream:
            later = await alerts.issued()
            assert [(await stream.alert())["id"] for _ in range(len(missed) + 1)] == [*missed, later["id"]]
            missed.append(later["id"])


@pytest.mark.parametrize("id", ["999999", "abc", "-1", "9" * 60])
async def test_an_unknown_place_is_a_reset(live: Any, alerts: Any, id: str) -> None:
    await alerts.issued()
    await _until(lambda: live.app.state.hub.position == 1)
    async with heard(live, alerts, headers={"Last-Event-ID": id}) as stream:
        assert (await stream.event())["event"] == "reset"
        issued = await alerts.issued()
        assert (await stream.alert())["id"] == issued["id"]


async def test_what_is_too_old_is_a_reset_and_the_rest_is_told(live: Any, alerts: Any) -> None:
    await alerts.issued()
    recent = await alerts.issued()
    async with alerts.database.transaction() as tx:
        await tx.execute("update alert set recorded_at = now() - interval '25 hours' where number = 1")
    async with heard(live, alerts, headers={"Last-Event-ID": "0"}) as stream:
        reset = await stream.event()
        assert (reset["event"], orjson.loads(reset["data"])) == ("reset", {"reason": "too_much_missed"})
        assert (await stream.alert())["id"] == recent["id"]


async def test_a_quiet_line_is_kept_open_and_keeps_the_place(
    live: Any, alerts: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "HEARTBEAT_SECONDS", 0.1)
    async with heard(live, alerts, "far_hub") as stream:
        await alerts.issued()
        async with asyncio.timeout(10):
            while (await stream.block()).get("id") != "1":
                continue


async def test_a_stream_ends_with_its_token(live: Any, alerts: Any) -> None:
    token = alerts.issuer.bearer("member", expires_in=2)
    started = time.monotonic()
    async with live.stream("GET", PATH, headers=token) as response:
        async for _ in response.aiter_raw():
            continue
    assert time.monotonic() - started < 10


async def test_nobody_opens_more_than_twenty(live: Any, alerts: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcaster, "MOST_OF_ONE", 2)
    async with heard(live, alerts), heard(live, alerts), heard(live, alerts, "other_member"):
        refused = await live.get(PATH, headers=alerts.bearer("member"))
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_streams")
        assert refused.headers["retry-after"] == "10"
    await _until(lambda: not live.app.state.hub._listeners)
    async with heard(live, alerts):
        assert len(live.app.state.hub._listeners) == 1


async def test_an_organisation_opens_so_many_whoever_does(
    live: Any, alerts: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcaster, "MOST_OF_ORGANISATION", 2)
    colleague = alerts.issuer.bearer(**{**ASKING["member"], "subject": "colleague"})
    async with heard(live, alerts), heard(live, alerts), heard(live, alerts, "other_member"):
        refused = await live.get(PATH, headers=colleague)
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_streams")
    await _until(lambda: not live.app.state.hub._listeners)
    assert not live.app.state.hub._open


async def test_bad_filters_are_refused_before_the_stream(live: Any, alerts: Any) -> None:
    for params in ({"severity": "Loud"}, {"status": "Draft"}, {"area": "sy\x00"}, {"colour": "red"}):
        answer = await live.get(PATH, params=params, headers=alerts.bearer("member"))
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), params


async def test_a_reader_who_does_not_read_is_closed_and_others_hear(
    live: Any, alerts: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "SEND_SECONDS", 0.3)
    stuck, started = asyncio.Event(), asyncio.Event()

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            started.set()
        elif message.get("body", b"").startswith(b"event"):
            await stuck.wait()  # as a server does whose socket is full

    async def receive() -> Any:
        if not stuck.is_set():
            await stuck.wait()
        return {"type": "http.disconnect"}

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "path": PATH,
        "raw_path": PATH.encode(), "query_string": b"", "scheme": "http", "server": ("x", 80), "client": ("y", 1),
        "root_path": "", "headers": [(b"authorization", alerts.bearer("other_member")["Authorization"].encode())],
    }  # fmt: skip
    silent = asyncio.create_task(live.app(scope, receive, send))
    await asyncio.wait_for(started.wait(), 10)
    async with heard(live, alerts) as stream:
        issued = await alerts.issued()
        assert (await stream.alert())["id"] == issued["id"]
        await asyncio.wait_for(silent, 10)
        assert len(live.app.state.hub._listeners) == 1


async def test_a_reader_far_behind_is_closed_and_resumes(
    live: Any, alerts: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(domain, "QUEUED", 2)
    listener = domain.Listener(None, {}, asyncio.Queue(2))  # type: ignore[arg-type]
    for number in range(3):
        listener.offer(domain.EncodedAlert(number, None, b""))  # type: ignore[arg-type]
    assert listener.after.is_set()
    assert listener.waiting.qsize() == 2


async def test_streams_end_when_the_process_stops(live: Any, alerts: Any) -> None:
    async with heard(live, alerts) as stream:
        live.app.state.stopping.set()
        with pytest.raises(EOFError):
            await stream.event()


async def _until(check: Any) -> None:
    async with asyncio.timeout(10):
        while not check():  # noqa: ASYNC110  nobody tells
            await asyncio.sleep(0.02)
