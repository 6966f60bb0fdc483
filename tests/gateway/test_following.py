"""Lists followed through the whole door, by REST and in GraphQL, while a long transaction and short ones commit."""

from typing import Any
from uuid import uuid4

import httpx2
import orjson
import pytest
from activities.reports import commands
from activities.reports.bodies import REPORTS
from activities.reports.domain import Sender
from client import Credentials, Tansiq
from client.changes import LISTS
from runtime.access import Principal, Role
from testkit.horizon import caught_up

from .conftest import ORGANISATION, OTHER_ORGANISATION
from .test_services import ALERT, REPORT, TARGET, Platform
from .test_services import platform as platform

READERS: list[tuple[Role, dict[str, Any]]] = [
    (Role.MEMBER, {"organisation_id": OTHER_ORGANISATION}),
    (Role.COORDINATOR, {"sectors": ["WSH"], "areas": ["SY07"]}),
    (Role.HUB, {"areas": ["SY07"]}),
    (Role.SECRETARIAT, {}),
]
MANY = 3000


def row(**changed: Any) -> dict[str, Any]:
    return {**REPORT, "external_id": f"f-{uuid4()}", **changed}


async def send(platform: Platform, rows: Any) -> None:
    headers = platform.issuer.bearer(Role.MEMBER, organisation_id=ORGANISATION)
    taken = await platform.client.post("/api/activities/v1/reports", json=rows, headers=headers)
    assert taken.status_code == 200, taken.text


class Poller:
    """Keeps what it was told, by REST or in GraphQL."""

    def __init__(self, platform: Platform, role: Role, claims: dict[str, Any]) -> None:
        self.platform, self.headers = platform, platform.issuer.bearer(role, **claims)
        self.position = "start"
        self.told: list[str] = []

    async def by_rest(self) -> None:
        while True:
            params = {"changes_after": self.position, "first": "500"}
            answer = await self.platform.client.get("/api/activities/v1/reports", params=params, headers=self.headers)
            page = answer.json()
            self.told += [item["id"] for item in page["items"]]
            self.position = page["position"]
            if page["next"] is None:
                return

    async def by_graph(self) -> None:
        text = """query ($after: String) { reports(changesAfter: $after, first: 500) {
            nodes { id } gone position pageInfo { hasNextPage endCursor } } }"""
        while True:
            question = {"query": text, "variables": {"after": self.position}}
            answer = await self.platform.client.post("/graphql", json=question, headers=self.headers)
            page = answer.json()["data"]["reports"]
            self.told += [node["id"] for node in page["nodes"]]
            self.position = page["position"]
            assert page["pageInfo"]["endCursor"] == page["position"]
            if not page["pageInfo"]["hasNextPage"]:
                return


async def test_no_poller_misses_a_row_of_a_long_transaction_nor_hears_one_twice(platform: Platform) -> None:
    pollers = [Poller(platform, role, claims) for role, claims in READERS for _ in range(2)]
    ways = [Poller.by_rest, Poller.by_graph] * len(READERS)

    async def all_poll() -> None:
        for poller, way in zip(pollers, ways, strict=True):
            await way(poller)

    await caught_up(platform.databases["activities"])
    await all_poll()
    before = [len(poller.told) for poller in pollers]
    sender = Sender.of(Principal("system", Role.MEMBER, organisation_id=ORGANISATION))
    async with platform.databases["activities"].transaction() as tx:
        batch = REPORTS.read("application/json", orjson.dumps([row() for _ in range(MANY)]))
        await commands.submit_reports(tx, batch.rows, sender, b"s" * 32)
        for _ in range(3):
            await send(platform, row())
            await all_poll()
    await send(platform, row())
    await caught_up(platform.databases["activities"])
    await all_poll()
    for poller, had in zip(pollers, before, strict=True):
        assert len(poller.told) - had == MANY + 4
        assert len(set(poller.told)) == len(poller.told)


async def test_each_list_is_followed_in_the_graph_and_says_what_left_it(platform: Platform) -> None:
    coordinator = platform.issuer.bearer(Role.COORDINATOR, sectors=["WSH"], areas=["SY07"])
    member = platform.issuer.bearer(Role.MEMBER, organisation_id=ORGANISATION)
    await platform.client.post("/api/plans/v1/targets", json=TARGET, headers=coordinator)
    await platform.client.post("/api/alerts/v1/alerts", json=ALERT, headers=member)
    await _register(platform)

    async def ask(root: str, after: str, given: str = "") -> Any:
        for database in platform.databases.values():
            await caught_up(database)
        text = f'{{ {root}(changesAfter: "{after}"{given}) {{ nodes {{ __typename }} gone position }} }}'
        answer = await platform.ask(text, Role.SECRETARIAT)
        assert "errors" not in answer, answer
        return answer["data"][root]

    positions = {}
    for root in ("targets", "alerts", "organisations", "areas"):
        found = await ask(root, "start")
        assert (bool(found["nodes"]), found["gone"]) == (True, [])
        positions[root] = found["position"]
        assert (await ask(root, found["position"]))["nodes"] == []
    for area, there in (("SY", True), ("SY07", True), ("SY02", False)):
        found = await ask("organisations", "start", f', filter: {{area: "{area}"}}')
        assert (bool(found["nodes"]), found["gone"]) == (there, [])
    await platform.client.post("/api/plans/v1/targets", json={**TARGET, "people": None}, headers=coordinator)
    withdrawn = await ask("targets", positions["targets"])
    assert (withdrawn["nodes"], len(withdrawn["gone"])) == ([], 1)
    async with platform.databases["registry"].transaction() as tx:
        await tx.execute("update area set names = names where pcode = 'SY'")
    assert len((await ask("areas", positions["areas"]))["nodes"]) == 1
    refused = await platform.ask(
        f'{{ areas(changesAfter: "{positions["targets"]}") {{ position }} }}', Role.SECRETARIAT
    )
    assert refused["errors"][0]["extensions"]["code"] == "unknown_position"
    assert (await platform.ask("{ reports { position gone } }", Role.SECRETARIAT))["data"]["reports"] == {
        "position": None,
        "gone": None,
    }


async def _register(platform: Platform) -> None:
    async with platform.databases["registry"].transaction() as tx:
        await tx.execute("insert into organisation_type (code, names) values ('441', '{}') on conflict do nothing")
        await tx.execute(
            """
            insert into organisation (id, status, names, type_code, sort_name, areas)
            values (gen_random_uuid(), 'verified', '{"en": "A"}', '441', 'a', '{SY07}')
            """
        )
        await tx.execute(
            """insert into country (code, names) values ('SY', '{"en": "Syria"}') on conflict do nothing"""
        )
        await tx.execute(
            """
            insert into area (country, pcode, level, names, path)
            values ('SY', 'SY', 0, '{"en": "Syria"}', '{SY}'), ('SY', 'SY02', 1, '{"en": "Aleppo"}', '{SY,SY02}'),
                   ('SY', 'SY07', 1, '{"en": "Idleb"}', '{SY,SY07}') on conflict do nothing
            """
        )


class SignedIn(httpx2.AsyncHTTPTransport):
    """Has a token of the test issuer for whoever asks."""

    def __init__(self, headers: dict[str, str]) -> None:
        super().__init__()
        self._token = headers["Authorization"].removeprefix("Bearer ")

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/oauth/token":
            return httpx2.Response(200, json={"access_token": self._token, "expires_in": 300})
        return await super().handle_async_request(request)


@pytest.mark.parametrize("name", LISTS)
async def test_the_client_follows_every_list(platform: Platform, name: str) -> None:
    transport = SignedIn(platform.issuer.bearer(Role.SECRETARIAT))
    await send(platform, row())
    member = platform.issuer.bearer(Role.MEMBER, organisation_id=ORGANISATION)
    await platform.client.post("/api/alerts/v1/alerts", json=ALERT, headers=member)
    await _register(platform)
    for database in platform.databases.values():
        await caught_up(database)
    async with Tansiq(Credentials(str(platform.client.base_url), "x", "y"), transport=transport) as tansiq:
        found = [changed async for changed in tansiq.changes.of(name)]
        again = [changed async for changed in tansiq.changes.of(name, found[-1].position)]
        assert found[0].items or name in ("uploads", "targets")
        assert [(changed.items, changed.gone) for changed in again] == [([], [])]
        if name == "reports":
            await send(platform, row())
            async for changed in tansiq.changes.follow(name, again[-1].position, every_seconds=0.05):
                assert len(changed.items) == 1
                break
