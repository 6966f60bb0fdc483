"""Subscriptions over a WebSocket, and streams through the door: a real alerts service behind a real gateway."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx2
import orjson
import pytest
import pytest_asyncio
from alerts.consumers import HANDLERS
from alerts.main import SERVICE
from alerts.streams import api as streams_api
from contracts.registry import AreaChanged, OrganisationChanged, SectorChanged
from database import Database
from gateway.graph import socket
from gateway.main import build
from runtime.application import build as build_service
from testkit.doors import settings_of as service_settings
from testkit.ports import listening
from testkit.services import Migrated
from testkit.trust import TestIssuer
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from .conftest import ORGANISATION, REFERENCE, filled_memory, settings_of

PROTOCOL = Subprotocol("graphql-transport-ws")
ISSUED = "subscription S($filter: AlertWish) { alertIssued(filter: $filter) { id severity areas { pcode names { ar } } polygons } }"  # noqa: E501
ALERT = {
    "country": "SY",
    "areas": ["SY070004"],
    "categories": ["Met"],
    "urgency": "Immediate",
    "severity": "Severe",
    "certainty": "Observed",
    "info": {"ar": {"event": "سيول", "headline": "سيول"}},
    "polygons": ["35.1,36.2 35.2,36.2 35.2,36.3 35.1,36.2"],
}


@dataclass
class Stage:
    """The door, and a client of it."""

    address: str
    client: httpx2.AsyncClient
    issuer: TestIssuer
    gateway: Any
    service: Any

    async def issue(self, **changes: Any) -> dict[str, Any]:
        bearer = self.issuer.bearer("member", organisation_id=ORGANISATION)
        answer = await self.client.post("/api/alerts/v1/alerts", json={**ALERT, **changes}, headers=bearer)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    @asynccontextmanager
    async def opened(self, role: str | None = "hub", **claims: Any) -> AsyncIterator["Client"]:
        address = self.address.replace("http", "ws") + "/graphql"
        async with connect(address, subprotocols=[PROTOCOL], proxy=None) as websocket:
            client = Client(websocket)
            if role:
                token = self.issuer.token(role, **{"areas": ["SY"], **claims})
                await client.say(type="connection_init", payload={"authorization": f"Bearer {token}"})
                assert await client.hear() == {"type": "connection_ack"}
            yield client

    def listeners(self) -> int:
        return len(self.service.state.hub._listeners)

    async def until_listening(self, count: int) -> None:
        async with asyncio.timeout(10):
            while self.listeners() != count:  # noqa: ASYNC110  nobody tells
                await asyncio.sleep(0.02)


class Client:
    """Speaks graphql-transport-ws."""

    def __init__(self, websocket: ClientConnection) -> None:
        self.websocket = websocket

    async def say(self, **message: Any) -> None:
        await self.websocket.send(orjson.dumps(message).decode())

    async def subscribe(self, query: str, id: str = "1", **variables: Any) -> None:
        await self.say(type="subscribe", id=id, payload={"query": query, "variables": variables})

    async def hear(self) -> Any:
        return orjson.loads(await asyncio.wait_for(self.websocket.recv(), 15))

    async def closed(self) -> int:
        """The code the connection is closed with."""
        with pytest.raises(ConnectionClosed) as ended:
            await asyncio.wait_for(self._hear_out(), 15)
        assert ended.value.rcvd is not None
        return ended.value.rcvd.code

    async def _hear_out(self) -> None:
        while True:
            await self.websocket.recv()


@pytest_asyncio.fixture(loop_scope="session")
async def stage(migrated: Migrated, issuer: TestIssuer) -> AsyncIterator[Stage]:
    url = await migrated(SERVICE)
    database = await Database.connect(url, application="test")
    async with database.transaction() as tx:
        for kind in (AreaChanged, OrganisationChanged, SectorChanged):
            await HANDLERS[kind](tx, [event for event in REFERENCE if type(event) is kind])
    await database.close()
    service = build_service(replace(SERVICE, keys=lambda _: issuer.load_keys()), service_settings(SERVICE, url))
    async with listening(service) as behind:
        app = build(settings_of(alerts_url=behind), memory=filled_memory(), load_keys=issuer.load_keys())
        async with listening(app) as address, httpx2.AsyncClient(base_url=address, timeout=20) as client:
            yield Stage(address, client, issuer, app, service)


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


async def test_a_connection_has_so_many_operations(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "MOST_OPERATIONS", 1)
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
        questions._origins, there = {"alerts": "http://127.0.0.1:1"}, questions._origins
        issued = await stage.issue()
        await asyncio.sleep(0.4)
        questions._origins = there
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
    monkeypatch.setattr(streams_api, "HEARTBEAT_SECONDS", 0.2)
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
    async with asyncio.timeout(15):
        async for line in response.aiter_lines():
            if line.startswith("data:"):
                return orjson.loads(line.removeprefix("data:"))
    raise EOFError
