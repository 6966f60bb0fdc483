"""Subscriptions to what changes in lists: real services behind a real gateway, and clients of each role."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from contracts.reports import ReportChanged
from gateway.graph import changes
from gateway.upstream.connections import QuestionConnections
from runtime.access import Role
from testkit.horizon import caught_up
from websockets.asyncio.client import connect

from .conftest import ORGANISATION, OTHER_ORGANISATION
from .subscribing import PROTOCOL, Client
from .test_following import _register as register
from .test_services import ALERT, REPORT, TARGET, Platform
from .test_services import platform as platform

REPORTS = """subscription S($after: String, $filter: ReportFilter, $first: Int) {
    told: reportChanged(changesAfter: $after, filter: $filter, first: $first) {
        nodes { id version stage siteName organisation { names { en } } } gone position } }"""
OWN: dict[str, Any] = {"organisation_id": ORGANISATION}
OTHER: dict[str, Any] = {"organisation_id": OTHER_ORGANISATION}


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    """No topic is read here: it is asked again soon."""
    monkeypatch.setattr(changes, "AFTER_HINT", (0.1,))
    monkeypatch.setattr(changes, "IDLE_SECONDS", 0.1)


@asynccontextmanager
async def opened(
    platform: Platform, role: Role, language: str = "en", expires_in: int = 300, **claims: Any
) -> AsyncIterator[Client]:
    address = str(platform.client.base_url).replace("http", "ws").rstrip("/") + "/graphql"
    headers = {"accept-language": language}
    async with connect(address, subprotocols=[PROTOCOL], additional_headers=headers, proxy=None) as websocket:
        client = Client(websocket)
        token = platform.issuer.token(role, expires_in=expires_in, **claims)
        await client.say(type="connection_init", payload={"authorization": f"Bearer {token}"})
        assert await client.hear() == {"type": "connection_ack"}
        yield client


async def told(client: Client) -> Any:
    """The next page."""
    async with asyncio.timeout(60):
        said = orjson.loads(await client.websocket.recv())
    assert (said["type"], set(said["payload"])) == ("next", {"data"}), said
    [page] = said["payload"]["data"].values()
    return page


async def send(platform: Platform, **changed: Any) -> str:
    row = {**REPORT, "external_id": f"c-{uuid4()}", **changed}
    answer = await platform.client.post(
        "/api/activities/v1/reports", json=row, headers=platform.issuer.bearer(Role.MEMBER, **OWN)
    )
    assert answer.status_code == 200, answer.text
    [result] = answer.json()["results"]
    assert result["status"] in ("created", "updated"), result
    return str(result["id"])


async def test_each_is_told_what_they_may_see_and_that_it_left_their_sight(platform: Platform) -> None:
    readers: list[tuple[Role, dict[str, Any]]] = [
        (Role.MEMBER, OWN),
        (Role.MEMBER, OTHER),
        (Role.HUB, {"areas": ["SY0700"]}),
        (Role.HUB, {"areas": ["SY02"]}),
        (Role.SECRETARIAT, {}),
    ]
    async with AsyncExitStack() as stack:
        own, other, hub, elsewhere, secretariat = clients = [
            await stack.enter_async_context(opened(platform, role, **claims)) for role, claims in readers
        ]
        for client in clients:
            await client.subscribe(REPORTS)
            begun = await told(client)
            assert (begun["nodes"], begun["gone"], bool(begun["position"])) == ([], [], True)
        severe = await send(platform, sensitivity="severe", external_id="c-severe")
        for client in (own, secretariat):
            [row] = (await told(client))["nodes"]
            assert (row["id"], row["version"], row["siteName"]) == (severe, 1, "CANARY SCHOOL")
        seen = await send(platform, external_id="c-seen")
        for client in (own, secretariat, other, hub):  # to the others the severe one was never told
            [row] = (await told(client))["nodes"]
            named = {"names": {"en": "Hope"}}
            shown = "CANARY SCHOOL" if client in (own, secretariat) else None
            assert (row["id"], row["stage"], row["siteName"], row["organisation"]) == (seen, "SUBMITTED", shown, named)
        raised = await platform.client.post(
            f"/api/activities/v1/reports/{seen}/sensitivity",
            json={"sensitivity": "severe", "reason": "A shelter nobody is to find"},
            headers={**platform.issuer.bearer(Role.MEMBER, **OWN), "If-Match": "*"},
        )
        assert raised.status_code == 200, raised.text
        for client in (own, secretariat):
            assert [row["version"] for row in (await told(client))["nodes"]] == [2]
        for client in (other, hub):
            left = await told(client)
            assert (left["nodes"], left["gone"]) == ([], [seen])
        await elsewhere.say(type="ping")
        assert (await elsewhere.hear())["type"] == "pong"  # nothing was said before it


async def test_who_was_away_goes_on_from_the_last_position_page_by_page(platform: Platform) -> None:
    async with opened(platform, Role.HUB, areas=["SY07"]) as client:
        await client.subscribe(REPORTS, filter={"sector": "EDU"})
        position = (await told(client))["position"]
    sent = {await send(platform, sector="EDU") for _ in range(5)}
    await send(platform, sector="WSH")
    await caught_up(platform.databases["activities"])
    async with opened(platform, Role.HUB, areas=["SY07"]) as client:
        await client.subscribe(REPORTS, after=position, filter={"sector": "EDU"}, first=2)
        pages = [await told(client) for _ in range(3)]
        assert [len(page["nodes"]) for page in pages] == [2, 2, 1]
        assert {row["id"] for page in pages for row in page["nodes"]} == sent
        again = await send(platform, sector="EDU")
        assert [row["id"] for row in (await told(client))["nodes"]] == [again]


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_what_is_refused_says_why_in_the_subscribers_language(platform: Platform, language: str) -> None:
    async with opened(platform, Role.HUB, language, areas=["SY07"]) as client:
        for variables, code, field in (
            ({"after": "nowhere"}, "unknown_position", "changesAfter"),
            ({"filter": {"sector": "XXX"}}, "unknown_sector", "filter.sector"),
            ({"first": 501}, "too_large", "first"),
        ):
            await client.subscribe(REPORTS, **variables)
            said = await client.hear()
            [error] = said["payload"]
            assert (said["type"], error["extensions"]["code"], error["path"]) == ("error", code, ["told"])
            assert [each["field"] for each in error["extensions"].get("errors", ())] in ([field], [])
            assert error["message"].isascii() is (language == "en")


async def test_every_list_that_is_published_is_told(platform: Platform) -> None:
    await register(platform)
    lists = {
        "targetChanged": "areaCode",
        "organisationChanged": "names { en }",
        "areaChanged": "pcode names { en }",
        "alertChanged": "severity",
    }
    async with opened(platform, Role.MEMBER, **OWN) as client:
        for name, fields in lists.items():
            await client.subscribe(f"subscription {{ {name} {{ nodes {{ version {fields} }} gone }} }}", name)
            await told(client)
        coordinator = platform.issuer.bearer(Role.COORDINATOR, sectors=["WSH"], areas=["SY07"])
        await platform.client.post("/api/plans/v1/targets", json=TARGET, headers=coordinator)
        await platform.client.post(
            "/api/alerts/v1/alerts", json=ALERT, headers=platform.issuer.bearer(Role.MEMBER, **OWN)
        )
        async with platform.databases["registry"].transaction() as tx:
            await tx.execute("update area set names = '{\"en\": \"Idlib\"}' where pcode = 'SY07'")
            await tx.execute(
                """insert into organisation (id, status, names, type_code, sort_name)
                   values (gen_random_uuid(), 'applied', '{"en": "New"}', '441', 'new'),
                          (gen_random_uuid(), 'verified', '{"en": "Known"}', '441', 'known')"""
            )
        heard: dict[str, Any] = {}
        async with asyncio.timeout(60):
            while len(heard) < len(lists):
                said = orjson.loads(await client.websocket.recv())
                heard |= {name: page["nodes"] for name, page in said["payload"]["data"].items()}
        assert heard == {
            "targetChanged": [{"version": 1, "areaCode": "SY070004"}],
            "organisationChanged": [{"version": 1, "names": {"en": "Known"}}],
            "areaChanged": [{"version": 1, "pcode": "SY07", "names": {"en": "Idlib"}}],
            "alertChanged": [{"version": 1, "severity": "SEVERE"}],
        }


async def test_a_service_that_is_away_for_a_while_loses_nothing(platform: Platform) -> None:
    questions = platform.gateway.state.questions
    async with opened(platform, Role.MEMBER, **OWN) as client:
        await client.subscribe(REPORTS)
        await told(client)
        there = questions._connections
        questions._connections = {**there, "activities": QuestionConnections("http://127.0.0.1:1")}
        try:
            async with opened(platform, Role.MEMBER, **OWN) as late:
                await late.subscribe(REPORTS)
                [error] = (await late.hear())["payload"]
                assert error["extensions"]["code"] == "unavailable"
            sent = await send(platform)
            await asyncio.sleep(0.5)
        finally:
            questions._connections = there
        assert [row["id"] for row in (await told(client))["nodes"]] == [sent]


async def test_a_hint_is_enough_and_waits_for_nobody_who_is_gone(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "AFTER_HINT", (600.0,))
    monkeypatch.setattr(changes, "IDLE_SECONDS", 600.0)
    hints = platform.gateway.state.change_hints
    async with opened(platform, Role.MEMBER, **OWN) as client:
        await client.subscribe(REPORTS)
        await told(client)
        sent = await send(platform)
        await caught_up(platform.databases["activities"])
        hints.give(ReportChanged.topic)
        assert [UUID(row["id"]) for row in (await told(client))["nodes"]] == [UUID(sent)]
        await client.say(type="complete", id="1")
        await client.say(type="ping")
        assert (await client.hear())["type"] == "pong"
        assert hints._waiting[ReportChanged.topic] == set()


async def test_it_ends_with_the_token(platform: Platform) -> None:
    async with opened(platform, Role.HUB, areas=["SY07"], expires_in=2) as client:
        await client.subscribe(REPORTS)
        assert await client.closed() == 4403
