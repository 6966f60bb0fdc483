"""How much may be asked in a while: by HTTP and over sockets, at two replicas, and while the registry is away."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import orjson
import pytest
import pytest_asyncio
from fastapi import FastAPI
from gateway.allowances.counting import ReplicaCounters
from gateway.allowances.policies import Policies
from gateway.allowances.sharing import exchange
from gateway.errors import TooManyRequests
from gateway.main import build
from gateway.operating.metrics import serve_metrics
from gateway.reference.memory import ReferenceMemory
from gateway.upstream.connections import QuestionConnections
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from registry.main import SERVICE as REGISTRY
from registry.provision import ProvisionInput, provide
from runtime.addresses import customer_of
from runtime.application import build as build_service
from runtime.process import server_config
from testkit.ports import dead_address, listening
from testkit.service_clients import open_service_client
from testkit.service_clients import settings_of as service_settings
from testkit.services import Migrated
from testkit.trust import TestIssuer
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from .conftest import settings_of
from .people import FORM, OWN, Registry, cookie

APPLICATION: dict[str, Any] = {"names": {"en": "Hope"}, "type_code": "441", "sectors": ["WSH"], "areas": ["SY02"]}
CLIENT = {"client_id": "machine-id", "client_secret": "s" * 43}
FAMILIES = (
    "requests",
    "lists",
    "uploads",
    "graph_cost",
    "failures",
    "sockets",
    "webhook_tests",
    "streams",
    "anonymous",
)
LIMITS = """
[[policy]]
name = "{name}"
per = "{per}"
limit = {limit}
seconds = 60
{counted}
"""


class Clock:
    def __init__(self) -> None:
        self.now = (time.time() // 3600 + 1) * 3600

    def __call__(self) -> float:
        return self.now


class Replica:
    """One gateway, asked from wherever a test says."""

    def __init__(self, app: FastAPI, served: Any, issuer: TestIssuer) -> None:
        self.app = app
        self._served = served
        self._issuer = issuer

    async def ask(self, method: str, path: str, *, at: str = "192.0.2.7", role: str = "", **asked: Any) -> Any:
        signed = self._issuer.bearer(role, subject=asked.pop("subject", f"test-{role}")) if role else {}
        headers = {"X-Forwarded-For": at, "Accept-Language": "en", **signed, **asked.pop("headers", {})}
        transport = httpx2.ASGITransport(app=self._served, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://gateway.test") as client:
            return await client.request(method, path, headers=headers, **asked)

    async def share(self) -> bool:
        return await exchange(self.app.state.allowances.counting, self.app.state.questions)


OpenReplica = Callable[..., Awaitable[Replica]]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture(loop_scope="session")
async def replica(memory: ReferenceMemory, issuer: TestIssuer, clock: Clock) -> AsyncIterator[OpenReplica]:
    async with AsyncExitStack() as stack:

        async def make(**settings: Any) -> Replica:
            chosen = settings_of(trusted_proxies="127.0.0.0/8", **settings)
            app = build(chosen, memory=memory, load_keys=issuer.load_keys())
            app.state.allowances.counting.clock = clock
            served = server_config(app, chosen)
            served.load()
            await stack.enter_async_context(app.router.lifespan_context(app))
            return Replica(app, served.loaded_app, issuer)

        yield make


@pytest_asyncio.fixture(loop_scope="session")
async def real_registry(migrated: Migrated, issuer: TestIssuer) -> AsyncIterator[str]:
    url = await migrated(REGISTRY)
    service = build_service(replace(REGISTRY, keys=lambda _: issuer.load_keys()), service_settings(REGISTRY, url))
    async with listening(service) as address:
        database = service.state.database
        wanted = ProvisionInput.model_validate({"clients": {"secretariat": CLIENT}})
        await database.run(lambda tx: provide(tx, service_settings(REGISTRY, url), wanted))
        yield address


@pytest.fixture
def only(tmp_path: Path) -> Callable[..., Path]:
    """A file of one policy."""

    def write(name: str, per: str, limit: int, method: str = "", path: str = "") -> Path:
        counted = f'method = "{method}"\npath = "{path}"' if method else ""
        file = tmp_path / f"{name}.toml"
        file.write_text(LIMITS.format(name=name, per=per, limit=limit, counted=counted))
        return file

    return write


async def test_flood_of_applications_ends_and_others_go_on(
    replica: OpenReplica, real_registry: str, clock: Clock
) -> None:
    gateway = await replica(registry_url=real_registry)
    path = "/api/registry/v1/organisations"
    answers = [
        await gateway.ask("POST", path, json={**APPLICATION, "names": {"en": f"Applicant {n}"}}) for n in range(15)
    ]
    assert [answer.status_code for answer in answers] == [201] * 10 + [429] * 5
    assert answers[0].headers["ratelimit-policy"] == '"anonymous";q=1200;w=60, "applications";q=10;w=3600'
    assert answers[0].headers["ratelimit"] == '"applications";r=9;t=3600'
    refused = answers[-1]
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["code"] == "too_many_requests"
    assert refused.headers["ratelimit-policy"] == '"applications";q=10;w=3600'
    seconds = int(refused.headers["retry-after"])
    assert refused.headers["ratelimit"] == f'"applications";r=0;t={seconds}'
    assert str(seconds) in refused.json()["detail"]
    arabic = await gateway.ask("POST", path, json=APPLICATION, headers={"Accept-Language": "ar"})
    assert "طلبات كثيرة" in arabic.json()["detail"]
    assert (await gateway.ask("POST", path, at="198.51.100.4", json=APPLICATION)).status_code == 201
    assert (await gateway.ask("POST", path, role="secretariat", json=APPLICATION)).status_code == 201
    clock.now += seconds - 2
    assert (await gateway.ask("POST", path, json=APPLICATION)).status_code == 429
    clock.now += 3
    assert (await gateway.ask("POST", path, json=APPLICATION)).status_code == 201


async def test_ipv6_is_counted_by_what_one_customer_has(replica: OpenReplica, real_registry: str) -> None:
    gateway = await replica(registry_url=real_registry)
    statuses = [
        (await gateway.ask("POST", "/api/registry/v1/organisations", at=f"2001:db8::{n}", json=APPLICATION)).status_code
        for n in range(1, 13)
    ]
    assert statuses[-2:] == [429, 429]
    assert customer_of("::ffff:192.0.2.7") == "192.0.2.7"
    assert customer_of("nowhere") == "unknown"


async def test_replicas_share_an_allowance(replica: OpenReplica, real_registry: str, clock: Clock) -> None:
    one, other = await replica(registry_url=real_registry), await replica(registry_url=real_registry)
    path = "/api/registry/v1/organisations"
    for _ in range(9):
        assert (await one.ask("POST", path, json=APPLICATION)).status_code == 201
    assert await one.share()
    assert (await other.ask("POST", path, json=APPLICATION)).status_code == 201
    assert await other.share()
    assert (await other.ask("POST", path, json=APPLICATION)).status_code == 429
    assert (await one.ask("POST", path, json=APPLICATION)).status_code == 201  # it has not heard of it yet
    assert await one.share()
    assert (await one.ask("POST", path, json=APPLICATION)).status_code == 429
    clock.now += 7201
    assert (await other.ask("POST", path, json=APPLICATION)).status_code == 201


async def test_nothing_shared_tells_who_it_is_of(replica: OpenReplica, registry: tuple[Registry, str]) -> None:
    gateway = await replica(registry_url=registry[1])
    await gateway.ask("POST", "/api/registry/v1/organisations", json=APPLICATION)
    await gateway.ask("GET", "/api/registry/v1/areas", role="hub", subject="somebody")
    await gateway.share()
    [(_, _, told)] = registry[0].of("/internal/allowances")
    assert len(told["keys"]) == len(set(told["keys"])) == 4
    assert not any(word in str(told) for word in ("192.0.2", "somebody", "applications"))
    assert all(len(key) == 32 for key in told["keys"])
    assert not any("192.0.2" in str(key) for key in gateway.app.state.allowances.counting._counters)


async def test_each_replica_counts_for_itself_while_the_registry_is_away(
    replica: OpenReplica, real_registry: str, only: Callable[..., Path]
) -> None:
    file = only("lists", "caller", 3, "GET", "/api/.*")
    away = await replica(registry_url=dead_address(), allowances_file=file)
    statuses = [(await away.ask("GET", "/api/registry/v1/areas", role="hub")).status_code for _ in range(5)]
    assert statuses == [503] * 3 + [429] * 2
    assert not await away.share()
    assert (await away.ask("GET", "/api/registry/v1/areas", role="hub")).status_code == 429
    back, other = away, await replica(registry_url=real_registry, allowances_file=file)
    back.app.state.questions._connections = {"registry": QuestionConnections(real_registry)}
    assert await back.share()  # and what was spent meanwhile is told
    assert (await other.ask("GET", "/api/registry/v1/areas", role="hub")).status_code == 200
    assert await other.share()
    assert (await other.ask("GET", "/api/registry/v1/areas", role="hub")).status_code == 429


QUERY = {"query": "{ areas(first: 50) { nodes { pcode } } }"}


async def test_costly_queries_are_refused_and_let_in_again(
    replica: OpenReplica, only: Callable[..., Path], clock: Clock
) -> None:
    gateway = await replica(allowances_file=only("graph_cost", "caller", 280))
    answers = [await gateway.ask("POST", "/graphql", role="hub", json=QUERY) for _ in range(6)]
    statuses = [answer.status_code for answer in answers]
    assert statuses[0] == 200
    assert statuses[-1] == 429
    refused = answers[-1]
    [error] = refused.json()["errors"]
    assert error["extensions"] == {"code": "too_many_requests"}
    assert "data" not in refused.json()
    assert refused.headers["ratelimit-policy"] == '"graph_cost";q=280;w=60'
    small = {"query": '{ area(country: "SY", pcode: "SY02") { pcode } }'}
    assert (await gateway.ask("POST", "/graphql", role="hub", json=small)).status_code == 200  # by its own cost
    assert (await gateway.ask("POST", "/graphql", role="hub", subject="another", json=QUERY)).status_code == 200
    clock.now += int(refused.headers["retry-after"]) + 1
    assert (await gateway.ask("POST", "/graphql", role="hub", json=QUERY)).status_code == 200


async def test_too_many_queries_are_refused_as_graphql_errors(replica: OpenReplica, only: Callable[..., Path]) -> None:
    gateway = await replica(allowances_file=only("requests", "caller", 2, "POST", "/graphql"))
    answers = [await gateway.ask("POST", "/graphql", role="hub", json={"query": "{ broken"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].json()["errors"][0]["extensions"]["code"] == "too_many_requests"
    assert answers[-1].headers["retry-after"]


async def operations(address: str, token: str, queries: list[dict[str, Any]], **headers: str) -> list[dict[str, Any]]:
    """The first message of each operation, on one socket."""
    protocols: list[Any] = ["graphql-transport-ws"]
    url = f"{address.replace('http', 'ws')}/graphql"
    async with connect(url, subprotocols=protocols, additional_headers=headers) as socket:
        await socket.send(orjson.dumps({"type": "connection_init", "payload": {"authorization": token}}).decode())
        assert orjson.loads(await socket.recv())["type"] == "connection_ack"
        first = []
        for n, query in enumerate(queries):
            await socket.send(orjson.dumps({"type": "subscribe", "id": str(n), "payload": query}).decode())
            told = orjson.loads(await socket.recv())
            if told["type"] == "next":
                assert orjson.loads(await socket.recv())["type"] == "complete"
            first.append(told)
        return first


@pytest.mark.parametrize(
    ("name", "limit", "query"),
    [("graph_cost", 280, QUERY), ("requests", 2, {"query": "{ broken"})],
)
async def test_sockets_spend_the_same_allowance(
    memory: ReferenceMemory, issuer: TestIssuer, only: Callable[..., Path], name: str, limit: int, query: dict[str, Any]
) -> None:
    settings = settings_of(allowances_file=only(name, "caller", limit))
    app = build(settings, memory=memory, load_keys=issuer.load_keys())
    async with listening(app) as address:
        token = issuer.bearer("hub")["Authorization"]
        told = await operations(address, token, [query] * 6)
        assert told[-1]["type"] == "error"
        assert told[-1]["payload"][0]["extensions"]["code"] == "too_many_requests"
        assert told[0]["payload"][0]["extensions"]["code"] != "too_many_requests" if name == "requests" else "next"
        async with httpx2.AsyncClient(base_url=address) as client:
            answer = await client.post("/graphql", json=QUERY, headers={"Authorization": token})
        assert answer.status_code == (429 if name == "graph_cost" else 200)


async def test_openings_of_sockets_are_counted(
    memory: ReferenceMemory, issuer: TestIssuer, only: Callable[..., Path]
) -> None:
    app = build(settings_of(allowances_file=only("sockets", "address", 2)), memory=memory, load_keys=issuer.load_keys())
    async with listening(app) as address:
        token = issuer.bearer("hub")["Authorization"]
        for _ in range(2):
            await operations(address, token, [])
        with pytest.raises(InvalidStatus) as refused:
            await operations(address, token, [])
        assert refused.value.response.status_code == 429
        assert refused.value.response.headers["retry-after"]
        await operations(address, token, [], Authorization=token)  # and an office behind one address is not stopped


async def test_streams_and_tests_of_webhooks_have_allowances_of_their_own(
    replica: OpenReplica, registry: tuple[Registry, str], clock: Clock
) -> None:
    gateway = await replica(alerts_url=registry[1], activities_url=registry[1])
    for path, method, limit in (
        ("/api/alerts/v1/subscriptions/0190/test", "POST", 10),
        ("/api/activities/v1/uploads", "POST", 120),
        ("/api/alerts/v1/alerts/stream", "GET", 120),
    ):
        answers = [await gateway.ask(method, path, role="member", subject=path) for _ in range(limit + 1)]
        assert {answer.status_code for answer in answers[:-1]} == {200}
        assert answers[-1].status_code == 429
        assert (await gateway.ask(method, path, role="member", subject="another")).status_code == 200


GUESS = {"grant_type": "client_credentials", "client_id": "machine-id", "client_secret": "wrong"}


@pytest.mark.parametrize("way", ["form", "basic"])
async def test_guesses_of_a_secret_end_and_the_machine_goes_on_also_from_the_same_address(
    replica: OpenReplica, real_registry: str, way: str
) -> None:
    gateway = await replica(registry_url=real_registry)

    async def token(secret: str) -> int:
        form = {"grant_type": "client_credentials"}
        given: dict[str, Any] = (
            {"data": {**form, "client_id": "machine-id", "client_secret": secret}}
            if way == "form"
            else {"data": form, "headers": {"Authorization": httpx2.BasicAuth("machine-id", secret)._auth_header}}
        )
        answer = await gateway.ask("POST", "/oauth/token", **given)
        return int(answer.status_code)

    assert await token(CLIENT["client_secret"]) == 200
    statuses = [await token(f"guess {n}") for n in range(65)]
    assert statuses == [401] * 60 + [429] * 5
    assert await token(CLIENT["client_secret"]) == 200  # by the same address and the same client id
    fresh = await gateway.ask(
        "POST", "/oauth/token", at="198.51.100.4", data={**GUESS, "client_secret": CLIENT["client_secret"]}
    )
    assert fresh.status_code == 200  # and nobody shuts a client out by its id


async def test_tokens_that_are_none_end_and_good_ones_of_the_same_address_go_on(
    replica: OpenReplica, registry: tuple[Registry, str]
) -> None:
    gateway = await replica(registry_url=registry[1])
    bad = {"Authorization": "Bearer x.y.z"}
    statuses = [(await gateway.ask("GET", "/api/registry/v1/areas", headers=bad)).status_code for _ in range(62)]
    assert statuses[-2:] == [429, 429]
    assert statuses[:60] == [401] * 60
    assert registry[0].of("/v1/areas") == []  # the gateway reads tokens itself
    assert (await gateway.ask("GET", "/api/registry/v1/areas", role="hub")).status_code == 200


async def test_sessions_that_are_made_up_end_and_a_person_at_the_same_address_goes_on(
    replica: OpenReplica, registry: tuple[Registry, str]
) -> None:
    gateway = await replica(registry_url=registry[1])
    secret = registry[0].signed_in()
    path = "/api/registry/v1/areas"
    assert (await gateway.ask("GET", path, headers=cookie(secret))).status_code == 200
    statuses = [(await gateway.ask("GET", path, headers=cookie(f"made-up-{n:035d}"))).status_code for n in range(70)]
    assert statuses[0] == 401
    assert statuses[-1] == 429
    assert len(registry[0].of("/internal/sessions/token")) == 61
    assert (await gateway.ask("GET", path, headers=cookie(secret))).status_code == 200
    other = registry[0].signed_in()
    assert (await gateway.ask("GET", path, at="198.51.100.4", headers=cookie(other))).status_code == 200


async def test_sign_ins_are_counted_by_address_and_those_of_known_browsers_apart(
    replica: OpenReplica, registry: tuple[Registry, str]
) -> None:
    gateway = await replica(registry_url=registry[1])
    first = await gateway.ask("POST", "/sign-in", data=FORM, headers=OWN)
    known = first.headers.get_list("set-cookie")[1].partition(";")[0]
    forged = known[:-1] + ("A" if known[-1] != "A" else "B")
    statuses = [
        (await gateway.ask("POST", "/sign-in", json=FORM, headers={**OWN, "Accept": "application/json"})).status_code
        for _ in range(61)
    ]
    assert statuses[-2:] == [429, 429]
    page = await gateway.ask("POST", "/sign-in", data=FORM, headers={**OWN, "Cookie": forged})
    assert (page.status_code, page.headers["location"]) == (303, "/?refused=too_many_requests")
    page = await gateway.ask("GET", page.headers["location"])
    assert "too many requests" in page.text.lower()
    own = await gateway.ask("POST", "/sign-in", data=FORM, headers={**OWN, "Cookie": known})
    assert own.headers["location"] == "/"
    assert registry[0].of("/internal/sessions")[-1][2]["devices"] == ["D" * 43]


async def test_metrics_are_for_the_secretariat_and_health_tells_nothing(replica: OpenReplica) -> None:
    gateway = await replica()
    assert (await gateway.ask("GET", "/metrics")).status_code == 401
    for role in ("member", "coordinator", "hub"):
        assert (await gateway.ask("GET", "/metrics", role=role)).status_code == 403
    assert "tansiq_http_request_seconds" in (await gateway.ask("GET", "/metrics", role="secretariat")).text
    for path in (
        "/api/registry/metrics", "/api/registry/v1/../metrics", "/api/registry/v1/%2e%2e/metrics",
        "/api/registry/internal/allowances", "/internal/allowances", "/internal/sessions", "/metrics/",
    ):  # fmt: skip
        assert (await gateway.ask("GET", path, role="secretariat")).status_code in {400, 404, 405}
    assert (await gateway.ask("GET", "/readyz")).json() == {"status": "ready"}
    assert (await gateway.ask("GET", "/healthz")).json() == {"status": "live"}


def test_who_scrapes_has_a_listener_apart(unused_tcp_port: int) -> None:
    serve_metrics("")
    serve_metrics(f"127.0.0.1:{unused_tcp_port}")
    assert "tansiq_http_request_seconds" in httpx2.get(f"http://127.0.0.1:{unused_tcp_port}/metrics").text
    for wrong in ("9100", "host:", "a b:1"):
        with pytest.raises(ValidationError):
            settings_of(metrics_at=wrong)


@pytest.mark.parametrize("path", ["/sign-in", "/invitation", "/api/registry/v1/invitations/accept"])
async def test_nobody_comes_in_on_the_allowance_of_a_token(
    replica: OpenReplica, registry: tuple[Registry, str], path: str
) -> None:
    gateway = await replica(registry_url=registry[1])
    headers = {**OWN, "Accept": "application/json"}
    sent = {**FORM, "token": "L" * 43, "password_again": FORM["password"]}
    statuses = [
        (await gateway.ask("POST", path, role="member", subject=f"m{n}", json=sent, headers=headers)).status_code
        for n in range(61)
    ]
    assert statuses[-1] == 429


async def test_health_is_not_counted(replica: OpenReplica, only: Callable[..., Path]) -> None:
    gateway = await replica(allowances_file=only("anonymous", "address", 1, "[A-Z]+", ".*"))
    assert {(await gateway.ask("GET", "/readyz")).status_code for _ in range(5)} == {200}


@pytest.mark.parametrize(
    "body",
    [
        {}, [], {"keys": ["x"], "windows": [1], "lasting": [1], "spent": [1]},
        {"keys": ["0" * 32], "windows": [], "lasting": [1], "spent": [1]},
        {"keys": ["0" * 32], "windows": [-1], "lasting": [1], "spent": [1]},
        {"keys": ["0" * 32], "windows": [1], "lasting": [10**9], "spent": [1]},
        {"keys": ["0" * 32], "windows": [10**13], "lasting": [1], "spent": [10**30]},
    ],
)  # fmt: skip
async def test_spending_that_is_none_is_refused(migrated: Migrated, body: Any) -> None:
    async with open_service_client(REGISTRY, await migrated(REGISTRY)) as door:
        assert (await door.post("/internal/allowances", json=body)).status_code == 422


async def test_spending_is_added_and_cleared_away(migrated: Migrated) -> None:
    url = await migrated(REGISTRY)
    key = "0" * 31
    told = {"keys": [key + "1", key + "2", key + "1"], "windows": [1, 1, 1], "lasting": [1, 1, 1], "spent": [2, 3, 5]}
    async with open_service_client(REGISTRY, url) as door:
        assert (await door.post("/internal/allowances", json=told)).json() == {"spent": [7, 3, 7]}
        answers = await asyncio.gather(*(door.post("/internal/allowances", json=told) for _ in range(8)))
        assert max(answer.json()["spent"][0] for answer in answers) == 63
        database = door._transport.app.state.database  # type: ignore[attr-defined]
        await database.run(lambda tx: tx.execute("update allowance_spent set ends_at = now() - interval '1 hour'"))
        empty: dict[str, list[Any]] = {"keys": [], "windows": [], "lasting": [], "spent": []}
        assert (await door.post("/internal/allowances", json=empty)).json() == {"spent": []}
        assert await database.run(lambda tx: tx.fetchval("select count(*) from allowance_spent")) == 0


@given(st.lists(st.tuples(st.floats(0, 90), st.integers(1, 5)), max_size=60))
def test_never_more_than_twice_the_limit_in_any_window_and_the_wait_told_is_enough(
    steps: list[tuple[float, int]],
) -> None:
    clock = Clock()
    counting = ReplicaCounters("secret", clock)
    policies = Policies.read()
    tests = policies.named("webhook_tests")
    [policy] = tests.policies
    taken: list[tuple[float, int]] = []
    for pause, cost in steps:
        clock.now += pause
        try:
            counting.take(tests, "x", cost)
        except TooManyRequests as refused:
            clock.now += int(refused.headers["Retry-After"])
            counting.take(tests, "x", cost)
        taken.append((clock.now, cost))
        recent = sum(spent for at, spent in taken if at > clock.now - policy.seconds)
        assert recent <= 2 * policy.limit


def test_policies_are_read_and_checked(tmp_path: Path) -> None:
    assert all(Policies.read().named(name).policies for name in FAMILIES)
    [doubled], [shipped] = (Policies.read(factor=factor).named("lists").policies for factor in (2, 1))
    assert doubled.limit == 2 * shipped.limit
    bad = tmp_path / "bad.toml"
    bad.write_text(LIMITS.format(name="x", per="caller", limit=0, counted=""))
    with pytest.raises(ValueError, match="at least 1"):
        Policies.read(bad)
