"""Whoever is slow, silent or many at the door keeps nobody else from it: by hand, on real sockets."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

import httpx2
import orjson
import pytest
import pytest_asyncio
from contracts.services import SERVICES
from gateway.access import ANONYMOUS_BODIES, LARGEST_ANONYMOUS
from gateway.errors import PartBusy, TooManyAtOnce
from gateway.pools import Pool
from gateway.proxy import spool
from gateway.proxy.api import room_of
from gateway.proxy.spool import Spools
from runtime.access import Role
from testkit.patience import tries
from testkit.ports import listening
from testkit.raw import Line, line_to
from testkit.services import declared_services
from testkit.trust import TestIssuer
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from .conftest import OpenGateway
from .subscribing import PROTOCOL

HEAD = "{method} {path} HTTP/1.1\r\nHost: tansiq.test\r\nContent-Type: application/json\r\n{more}\r\n"
APPLY = "/api/registry/v1/organisations"
MIB = 1024 * 1024


class Service:
    """A service behind the door that answers at once, holds on, or says much; it counts who is with it."""

    def __init__(self) -> None:
        self.now = self.most = self.seen = 0
        self.release = asyncio.Event()
        self.bodies: list[int] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            for _ in range(2):
                await send({"type": (await receive())["type"] + ".complete"})
            return
        self.now, self.seen = self.now + 1, self.seen + 1
        self.most = max(self.most, self.now)
        try:
            await self._answer(scope, receive, send)
        finally:
            self.now -= 1

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            size, more = size + len(message["body"]), message["more_body"]
        self.bodies.append(size)
        if scope["path"].endswith("/held"):
            await self.release.wait()
        body = b'{"held": true}' if not scope["path"].endswith("/large") else b"x" * (8 * MIB)
        length = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": length})
        with suppress(asyncio.CancelledError):
            await send({"type": "http.response.body", "body": body})


@pytest_asyncio.fixture(loop_scope="session")
async def behind() -> AsyncIterator[tuple[Service, dict[str, Any]]]:
    service = Service()
    async with listening(service) as address:
        yield (
            service,
            {
                **{f"{name}_url": address for name in SERVICES},
                "allowance_factor": 10_000,  # how many at once is what is tried here, not how many an hour
            },
        )
        service.release.set()


def head(method: str, path: str, *more: str) -> bytes:
    return HEAD.format(method=method, path=path, more="".join(f"{line}\r\n" for line in more)).encode()


@asynccontextmanager
async def lines(client: httpx2.AsyncClient, count: int, sent: bytes) -> AsyncIterator[list[Line]]:
    """So many connections, on each of which this was sent."""
    async with AsyncExitStack() as stack:
        opened = []
        for _ in range(count):
            line = await stack.enter_async_context(line_to(str(client.base_url)))
            await line.send(sent)
            opened.append(line)
        yield opened


async def still_works(client: httpx2.AsyncClient, issuer: TestIssuer) -> None:
    """REST, a token, an application, an alert: each before silent ones are let go, after ten seconds."""
    known = issuer.bearer("member")
    asked: list[tuple[str, str, dict[str, Any]]] = [
        ("GET", "/api/registry/v1/organisations", {"headers": known}),
        ("GET", "/api/activities/v1/reports", {"headers": known}),
        ("POST", "/api/activities/v1/reports", {"headers": known, "json": [{}]}),
        ("POST", "/oauth/token", {"data": {"grant_type": "client_credentials"}}),
        ("POST", "/api/alerts/v1/alerts", {"headers": known, "json": {}}),
        ("POST", APPLY, {"json": {}}),
    ]
    for method, path, request in asked:
        started = time.monotonic()
        answer = await client.request(method, path, **request)
        assert (answer.status_code, answer.json()) == (200, {"held": True}), path
        assert time.monotonic() - started < 8, path
    assert (await client.get("/readyz")).status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        head("POST", APPLY, "Content-Length: 500") + b"{",
        head("POST", APPLY, "Transfer-Encoding: chunked") + b"1\r\n{\r\n",
        head("POST", "/oauth/token", "Content-Length: 500") + b"g",
        head("POST", "/sign-in", "Content-Length: 500", "Sec-Fetch-Site: same-origin") + b"e",
        head("POST", "/graphql", "Content-Length: 500") + b"{",
        head("GET", "/api/registry/v1/organisations")[:60],
        b"",
    ],
)
async def test_who_sends_half_a_request_holds_nothing_behind_the_door(
    gateway_on_port: OpenGateway, behind: tuple[Service, dict[str, str]], issuer: TestIssuer, sent: bytes
) -> None:
    service, addresses = behind
    client = await gateway_on_port(**addresses, requests_per_service=20)
    async with lines(client, 205, sent):
        await asyncio.sleep(0.1)
        assert service.now == 0
        await still_works(client, issuer)


async def test_a_body_from_nobody_known_is_refused_before_it_is_read(
    gateway_on_port: OpenGateway, behind: tuple[Service, dict[str, str]], issuer: TestIssuer
) -> None:
    service, addresses = behind
    client = await gateway_on_port(**addresses)
    for credentials, code in (("", "missing_token"), ("Authorization: Bearer x.y.z\r\n", "invalid_token")):
        for path in ("/api/activities/v1/reports", "/api/alerts/v1/alerts", "/api/activities/v1/uploads"):
            async with line_to(str(client.base_url)) as line:
                await line.send(head("POST", path, credentials + "Content-Length: 1000000"))
                answer = await line.answer(within=10)
                assert (answer.status, answer.json()["code"]) == (401, code)
    assert service.seen == 0
    large = b"x" * (LARGEST_ANONYMOUS + 1)
    assert (await client.post(APPLY, content=large)).json()["code"] == "body_too_large"


def test_where_nobody_known_may_send_is_what_the_services_say() -> None:
    open_to_all = {
        path.encode()
        for service in declared_services().values()
        for (method, path), rule in service.access.items()
        if method != "GET" and Role.PUBLIC in rule.roles and not path.startswith("/internal/")
    }
    assert open_to_all == ANONYMOUS_BODIES


async def test_a_full_service_keeps_nobody_from_the_others(
    gateway_on_port: OpenGateway, behind: tuple[Service, dict[str, str]], issuer: TestIssuer
) -> None:
    service, addresses = behind
    client = await gateway_on_port(**addresses, requests_per_service=5, busy_seconds=0.3)
    known = issuer.bearer("member")
    for held in ("registry", "alerts"):
        asked = f"/api/{held}/v1/held"
        holding = [asyncio.create_task(client.get(asked, headers=known)) for _ in range(5)]
        while service.now < 5:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        started = time.monotonic()
        busy = await client.get(asked, headers=known)
        assert (busy.status_code, busy.json()["code"], busy.headers["retry-after"]) == (503, "part_busy", "1")
        assert time.monotonic() - started < 8
        for method, path in (
            ("POST", "/oauth/token"),
            ("GET", "/api/registry/v1/session"),
            ("POST", "/api/alerts/v1/alerts"),
            ("GET", "/api/activities/v1/reports"),
        ):
            assert (await client.request(method, path, headers=known)).status_code == 200
        service.release.set()
        await asyncio.gather(*holding)
        service.release.clear()


async def test_readiness_notices_a_service_with_nothing_free(
    gateway_on_port: OpenGateway, behind: tuple[Service, dict[str, str]], issuer: TestIssuer, monkeypatch: Any
) -> None:
    service, addresses = behind
    monkeypatch.setattr("gateway.pools.STUCK_SECONDS", 0.3)
    client = await gateway_on_port(**addresses, requests_per_service=2)
    known = issuer.bearer("member")
    asked = [asyncio.create_task(client.get("/api/registry/v1/held", headers=known)) for _ in range(2)]
    async for _ in tries():
        if (await client.get("/readyz")).status_code == 503:
            break
    else:
        pytest.fail("it says that it is ready")
    service.release.set()
    await asyncio.gather(*asked)
    assert (await client.get("/readyz")).status_code == 200


async def test_who_reads_nothing_of_a_long_answer_is_given_up(
    gateway_on_port: OpenGateway, behind: tuple[Service, dict[str, str]], issuer: TestIssuer
) -> None:
    _, addresses = behind
    client = await gateway_on_port(**addresses, requests_per_service=3, unread_seconds=1, busy_seconds=5)
    asked = head("GET", "/api/registry/v1/large", f"Authorization: Bearer {issuer.token('member')}")
    async with lines(client, 3, asked):
        answer = await client.get("/api/registry/v1/organisations", headers=issuer.bearer("member"))
        assert answer.status_code == 200


async def test_who_reads_slowly_is_not_given_up(
    gateway_on_port: OpenGateway, behind: tuple[Service, dict[str, str]], issuer: TestIssuer
) -> None:
    _, addresses = behind
    client = await gateway_on_port(**addresses, unread_seconds=2)
    asked = head("GET", "/api/registry/v1/large", f"Authorization: Bearer {issuer.token('member')}")
    async with lines(client, 1, asked) as (line,):
        seen = 0
        while seen < 8 * MIB:
            read = await line.reader.read(MIB // 2)
            assert read, f"given up after {seen} bytes"
            seen += len(read)
            await asyncio.sleep(0.3)


async def test_one_client_may_have_so_many_at_once_and_another_is_served(
    gateway_on_port: OpenGateway, behind: tuple[Service, dict[str, str]], issuer: TestIssuer
) -> None:
    service, addresses = behind
    client = await gateway_on_port(**addresses, requests_per_client=3)
    tokens = [{"Authorization": f"Bearer {issuer.token('member', subject='one', expires_in=n)}"} for n in (290, 300)]
    holding = [asyncio.create_task(client.get("/api/registry/v1/held", headers=tokens[n % 2])) for n in range(3)]
    while service.now < 3:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    refused = await client.get("/api/activities/v1/reports", headers=tokens[0])
    assert (refused.status_code, refused.json()["code"], refused.headers["retry-after"]) == (
        429,
        "too_many_at_once",
        "1",
    )
    assert (await client.get("/api/activities/v1/reports", headers=issuer.bearer("member"))).status_code == 200
    service.release.set()
    await asyncio.gather(*holding)
    assert (await client.get("/api/activities/v1/reports", headers=tokens[0])).status_code == 200


async def test_an_address_is_whom_a_trusted_proxy_speaks_for(
    gateway_on_port: OpenGateway, behind: tuple[Service, dict[str, str]], issuer: TestIssuer
) -> None:
    service, addresses = behind
    client = await gateway_on_port(**addresses, requests_per_address=2, trusted_proxies="127.0.0.1")
    asked = "/api/registry/v1/held"
    theirs = {"X-Forwarded-For": "192.0.2.1"}
    holding = [asyncio.create_task(client.get(asked, headers=theirs)) for _ in range(2)]
    while service.now < 2:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    assert (await client.get(asked, headers=theirs)).status_code == 429
    assert (await client.post(APPLY, json={}, headers={"X-Forwarded-For": "192.0.2.2"})).status_code == 200
    assert (await client.get("/api/registry/v1/x", headers=theirs | issuer.bearer("member"))).status_code == 200
    service.release.set()
    await asyncio.gather(*holding)


async def test_large_bodies_pass_by_a_file_and_leave_nothing(
    gateway_on_port: OpenGateway, behind: tuple[Service, dict[str, str]], issuer: TestIssuer, tmp_path: Any
) -> None:
    service, addresses = behind
    client = await gateway_on_port(**addresses, spool_dir=tmp_path)
    sizes = [0, 1, spool.KEPT_IN_MEMORY - 1, spool.KEPT_IN_MEMORY, 5 * MIB + 1, 40 * MIB]
    path, headers = "/api/activities/v1/uploads", issuer.bearer("member")
    for size in sizes:
        assert (await client.post(path, content=b"x" * size, headers=headers)).status_code == 200
    assert service.bodies == sizes
    assert list(tmp_path.iterdir()) == []


async def test_no_client_takes_all_room_for_bodies(monkeypatch: pytest.MonkeyPatch) -> None:
    spools = Spools(None, disk=8000)
    monkeypatch.setattr(spool, "KEPT_IN_MEMORY", 100)
    monkeypatch.setattr(spool, "PIECE", 100)
    one, other = spool.Spool(spools, "one"), spool.Spool(spools, "other")
    for _ in range(11):
        await one.add(b"x" * 100)
    with pytest.raises(PartBusy):
        await one.add(b"x" * 100)
    await other.add(b"x" * 200)
    await one.close()
    await other.close()
    assert (spools.in_memory, spools.on_disk.total()) == (0, 0)


async def test_a_pool_is_fair_and_gives_back() -> None:
    pool = Pool("test", 1, wait=0.05)
    async with pool.place():
        with pytest.raises(PartBusy):
            await pool.take()
    pool = Pool("test", 1, wait=20)
    async with pool.place():
        waiting = asyncio.create_task(pool.take())
        await asyncio.sleep(0.01)
    await waiting
    assert not pool.is_stuck()
    pool.give_back()


@pytest.mark.parametrize(
    ("method", "service", "path", "room"),
    [
        ("POST", "alerts", b"/v1/alerts", "alerting"),
        ("GET", "alerts", b"/v1/alerts", "alerts"),
        ("DELETE", "registry", b"/v1/session", "identity"),
        ("POST", "registry", b"/v1/invitations/accept", "identity"),
        ("GET", "registry", b"/v1/organisations", "registry"),
        ("GET", "identity", b"/v1/organisations", ""),
    ],
)
def test_whose_room_a_request_takes(method: str, service: str, path: bytes, room: str) -> None:
    assert room_of(method, service, path) == room


async def test_the_bound_of_sockets_is_told_before_they_open(
    gateway_on_port: OpenGateway, behind: tuple[Service, dict[str, str]]
) -> None:
    client = await gateway_on_port(**behind[1], streams_per_address=2)
    opening = head(
        "GET", "/graphql", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol: graphql-transport-ws",
    )  # fmt: skip
    async with lines(client, 2, opening) as opened:
        for line in opened:
            assert (await line.reader.readuntil(b"\r\n")).startswith(b"HTTP/1.1 101")
        async with lines(client, 1, opening) as (third,):
            assert (await third.reader.readuntil(b"\r\n")).startswith(b"HTTP/1.1 429")


def test_what_is_refused_says_how_many() -> None:
    assert "7" in TooManyAtOnce(limit=7).sentence("ar")


async def test_a_client_has_so_many_sockets(
    gateway_on_port: OpenGateway, behind: tuple[Service, dict[str, str]], issuer: TestIssuer
) -> None:
    client = await gateway_on_port(**behind[1], streams_per_client=2)
    address = str(client.base_url).replace("http", "ws") + "/graphql"
    hello = {"type": "connection_init", "payload": {"authorization": f"Bearer {issuer.token('hub', subject='one')}"}}

    @asynccontextmanager
    async def opened() -> AsyncIterator[Any]:
        async with connect(address, subprotocols=[PROTOCOL], proxy=None) as socket:
            await socket.send(orjson.dumps(hello).decode())
            yield socket

    async with opened() as first, opened() as second:
        assert orjson.loads(await first.recv())["type"] == "connection_ack"
        assert orjson.loads(await second.recv())["type"] == "connection_ack"
        async with opened() as third:
            with pytest.raises(ConnectionClosed) as closed:
                await third.recv()
            assert closed.value.rcvd
            assert closed.value.rcvd.code == 1013
    async with opened() as again:
        assert orjson.loads(await again.recv())["type"] == "connection_ack"


@pytest.mark.parametrize(
    ("more", "status"),
    [("Host: other.test", 400), ("X: " + "a" * 40_000, 431), ("Authorization: a\r\nAuthorization: b", 400)],
)
async def test_a_socket_is_opened_within_the_same_bounds(
    gateway_on_port: OpenGateway, behind: tuple[Service, dict[str, str]], more: str, status: int
) -> None:
    client = await gateway_on_port(**behind[1])
    async with lines(client, 1, head("GET", "/graphql", "Connection: Upgrade", "Upgrade: websocket", more)) as (line,):
        assert (await line.answer()).status == status
