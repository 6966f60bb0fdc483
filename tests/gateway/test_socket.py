"""Subscriptions over a WebSocket, and streams through the door: a real alerts service behind a real gateway."""

import asyncio
from typing import Any

import httpx2
import orjson
import pytest
from alerts.streams import api as streams_api
from gateway.graph import operations, socket
from gateway.upstream.connections import QuestionConnections
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from .subscribing import ALERT, ISSUED, Client, Stage


async def test_an_alert_comes_to_those_who_may_see_it_as_they_may_see_it(stage: Stage) -> None:
    async with stage.opened("hub", areas=["SY07"]) as hub, stage.opened("secretariat") as secretariat:
        for client in (hub, secretariat):
            await client.subscribe(ISSUED, filter={"areas": ["SY07"], "severities": ["SEVERE"]})
        await stage.until_listening(2)
        await stage.issue(severity="Minor")
        issued = await stage.issue()
        for client, polygons in ((hub, None), (secretariat, ALERT["polygons"])):
            said = await client.hear()
            assert (said["type"], said["id"]) == ("next", "1")
            place = {"pcode": "SY070004", "names": {"ar": "معرة تمصرين"}}
            row = {"id": issued["id"], "severity": "SEVERE", "areas": [place], "polygons": polygons}
            assert said["payload"] == {"data": {"alertIssued": row}}
    await stage.until_listening(0)


async def test_complete_ends_one_subscription_and_its_stream(stage: Stage) -> None:
    async with stage.opened() as client:
        await client.subscribe(ISSUED, "a")
        await client.subscribe("subscription { again: alertIssued { __typename id } }", "b")
        await stage.until_listening(2)
        await client.say(type="complete", id="a")
        await stage.until_listening(1)
        issued = await stage.issue()
        said = await client.hear()
        assert said["payload"]["data"]["again"] == {"__typename": "Alert", "id": issued["id"]}
        assert said["id"] == "b"
        await client.say(type="ping")
        assert (await client.hear())["type"] == "pong"
    await stage.until_listening(0)


async def test_queries_are_answered_too(stage: Stage) -> None:
    async with stage.opened() as client:
        await client.subscribe("{ sectors { code } }")
        said = await client.hear()
        assert {row["code"] for row in said["payload"]["data"]["sectors"]} == {"WSH", "EDU"}
        assert await client.hear() == {"type": "complete", "id": "1"}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("subscription { alertIssued { id } other: alertIssued { id } }", "invalid_query"),
        ("subscription { __typename }", "invalid_query"),
        ("subscription { alertIssued @skip(if: true) { id } }", "invalid_query"),
        ("subscription { alertIssued @include(if: false) { id } }", "invalid_query"),
        ("subscription { alertIssued { nothing } }", "invalid_query"),
        ("subscription { alertIssued(filter: {severities: [LOUD]}) { id } }", "invalid_query"),
        ('subscription { alertIssued(filter: {statuses: [DRAFT]}) { id } }', "invalid"),
        ("subscription {", "invalid_query"),
        ("", "missing_query"),
        ("subscription { alertIssued { " + " ".join(f"a{n}: id" for n in range(40)) + " } }", "too_many_aliases"),
        ("{ __schema { types { name } } }", "introspection_off"),
    ],
)  # fmt: skip
async def test_what_is_refused_says_why_and_the_rest_goes_on(stage: Stage, query: str, code: str) -> None:
    async with stage.opened() as client:
        await client.subscribe(query)
        said = await client.hear()
        assert (said["type"], said["payload"][0]["extensions"]["code"]) == ("error", code)
        await client.subscribe("{ sectors { code } }")
        assert (await client.hear())["type"] == "next"


@pytest.mark.parametrize(
    ("filter", "field"),
    [
        ('areas: ["SY07", "x y"]', "filter.areas.1"),
        ('sectors: ["water"]', "filter.sectors.0"),
        ("areas: [" + '"SY07" ' * 90 + "]", "filter.areas"),
    ],
)
async def test_what_a_stream_refuses_is_told_by_alias_and_field(stage: Stage, filter: str, field: str) -> None:
    async with stage.opened() as client:
        await client.subscribe(f"subscription {{ told: alertIssued(filter: {{{filter}}}) {{ id }} }}")
        [error] = (await client.hear())["payload"]
        assert (error["path"], error["locations"]) == (["told"], [{"line": 1, "column": 16}])
        assert [each["field"] for each in error["extensions"]["errors"]] == [field]


async def test_a_connection_has_so_many_operations(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "MOST_OPERATIONS", 1)
    async with stage.opened() as client:
        await client.subscribe(ISSUED, "a")
        await client.subscribe(ISSUED, "b")
        said = await client.hear()
        assert (said["id"], said["payload"][0]["extensions"]["code"]) == ("b", "too_many_operations")


async def test_faults_of_the_protocol_close_with_its_codes(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "INIT_SECONDS", 0.5)
    subscribe = {"type": "subscribe", "id": "1", "payload": {"query": ISSUED}}
    async with stage.opened(None) as client:
        assert await client.closed() == 4408
    async with stage.opened(None) as client:
        await client.say(**subscribe)
        assert await client.closed() == 4401
    for payload in (None, {}, {"authorization": "Bearer x"}, {"authorization": 3}, [1]):
        async with stage.opened(None) as client:
            await client.say(type="connection_init", payload=payload)
            assert await client.closed() == 4403
    public = stage.issuer.token("public")
    async with stage.opened(None) as client:
        await client.say(type="connection_init", payload={"authorization": f"Bearer {public}"})
        assert await client.closed() == 4403
    async with stage.opened() as client:
        await client.say(type="connection_init", payload={})
        assert await client.closed() == 4429
    async with stage.opened() as client:
        await client.say(**subscribe)
        await client.say(**subscribe)
        assert await client.closed() == 4409


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '"x"', '{"type": "no"}', '{"type": ["subscribe"]}', '{"type": "subscribe", "id": 1, "payload": {}}',
     '{"type": "subscribe", "id": "", "payload": {}}', '{"type": "subscribe", "id": "1", "payload": []}',
     "x" * 140_000, b"\x00"],
)  # fmt: skip
async def test_messages_of_no_form_close_the_connection(stage: Stage, text: str | bytes) -> None:
    async with stage.opened() as client:
        await client.websocket.send(text)
        assert await client.closed() == 4400


async def test_another_protocol_is_refused(stage: Stage) -> None:
    address = stage.address.replace("http", "ws") + "/graphql"
    async with connect(address, subprotocols=[Subprotocol("graphql-ws")], proxy=None) as websocket:
        assert await Client(websocket).closed() == 4406


async def test_a_connection_ends_with_its_token(stage: Stage) -> None:
    async with stage.opened(expires_in=2) as client:
        await client.subscribe(ISSUED)
        assert await client.closed() == 4403
    await stage.until_listening(0)


async def test_a_subscription_by_http_is_refused_clearly(stage: Stage) -> None:
    answer = await stage.client.post("/graphql", json={"query": ISSUED}, headers=stage.issuer.bearer("member"))
    assert answer.json()["errors"][0]["extensions"]["code"] == "over_web_socket_only"


async def test_a_broken_stream_is_taken_up_where_it_was(stage: Stage) -> None:
    async with stage.opened() as client:
        await client.subscribe(ISSUED)
        await stage.until_listening(1)
        stage.service.state.stopping.set()  # what a restart does to its streams
        await stage.until_listening(0)
        missed = await stage.issue()
        stage.service.state.stopping.clear()
        assert (await client.hear())["payload"]["data"]["alertIssued"]["id"] == missed["id"]


async def test_an_alert_is_not_lost_while_its_row_can_not_be_asked_for(stage: Stage) -> None:
    questions = stage.gateway.state.questions
    async with stage.opened() as client:
        await client.subscribe(ISSUED)
        await stage.until_listening(1)
        questions._connections, there = {"alerts": QuestionConnections("http://127.0.0.1:1")}, questions._connections
        issued = await stage.issue()
        await asyncio.sleep(0.4)
        questions._connections = there
        assert (await client.hear())["payload"]["data"]["alertIssued"]["id"] == issued["id"]


async def test_an_alerts_service_that_is_away_is_said(stage: Stage) -> None:
    stage.gateway.state.streams._origins = {"alerts": "http://127.0.0.1:1"}
    async with stage.opened() as client:
        await client.subscribe(ISSUED)
        said = await client.hear()
        assert (said["type"], said["payload"][0]["extensions"]["code"]) == ("error", "unavailable")


async def test_streams_pass_the_door_and_take_no_room_from_requests(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams_api, "HEARTBEAT_SECONDS", 1.0)
    path, opened = "/api/alerts/v1/alerts/stream", []
    limits = httpx2.Limits(max_connections=None)
    async with httpx2.AsyncClient(base_url=stage.address, timeout=20, limits=limits) as many:
        for number in range(230):  # more than the door keeps for requests
            headers = stage.issuer.bearer("member", subject=f"reader-{number}")
            opened.append(await many.send(many.build_request("GET", path, headers=headers), stream=True))
        assert {response.status_code for response in opened} == {200}
        await stage.until_listening(230)
        issued = await stage.issue()
        heard = await asyncio.gather(*(_first_alert(response) for response in opened))
        assert {alert["id"] for alert in heard} == {issued["id"]}
        for response in opened:
            await response.aclose()
    await stage.until_listening(0)
    refused = await stage.client.get(path)
    assert (refused.status_code, refused.json()["code"]) == (401, "missing_token")


async def _first_alert(response: httpx2.Response) -> Any:
    async with asyncio.timeout(60):
        async for line in response.aiter_lines():
            if line.startswith("data:"):
                return orjson.loads(line.removeprefix("data:"))
    raise EOFError
