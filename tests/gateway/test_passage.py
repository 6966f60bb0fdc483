"""REST through the one door: streamed both ways, with nothing passed that should not be."""

import asyncio
import resource
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import httpx2
import orjson
import pytest
import pytest_asyncio
from gateway.errors import UnsafePath
from gateway.proxy import streams
from gateway.proxy.paths import location_here, service_path
from hypothesis import given
from hypothesis import strategies as st
from testkit.ports import listening
from testkit.trust import TestIssuer

from .conftest import OpenGateway

MIB = 1024 * 1024


class Upstream:
    """A service as bare ASGI, so that it can do what a framework would not let it."""

    def __init__(self) -> None:
        self.scopes: list[dict[str, Any]] = []
        self.left = asyncio.Event()
        self.received = 0
        self.waiting = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._lifespan(receive, send)
            return
        self.scopes.append(scope)
        with suppress(KeyError):
            await getattr(self, scope["path"].rsplit("/", 1)[-1])(receive, send)

    async def _lifespan(self, receive: Any, send: Any) -> None:
        for _ in range(2):
            word = (await receive())["type"]
            await send({"type": f"{word}.complete"})

    async def _answer(self, send: Any, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
        length = (b"content-length", str(len(body)).encode())
        await send({"type": "http.response.start", "status": status, "headers": [length, *headers]})
        await send({"type": "http.response.body", "body": body})

    async def _read(self, receive: Any) -> bool:
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return False
            self.received += len(message.get("body", b""))
            if not message.get("more_body"):
                return True

    async def count(self, receive: Any, send: Any) -> None:
        if await self._read(receive):
            await self._answer(send, 207, str(self.received).encode(), (b"x-kept", b"1"), (b"set-cookie", b"a=b"))
        else:
            self.left.set()

    async def refuse(self, receive: Any, send: Any) -> None:
        body = b'{"code":"body_too_large"}'
        await self._answer(send, 413, body, (b"content-type", b"application/problem+json"))

    async def place(self, receive: Any, send: Any) -> None:
        await self._answer(send, 201, b"", (b"location", b"/v1/reports/7"))

    async def said(self, receive: Any, send: Any) -> None:
        await self._answer(send, 200, b"", (b"content-disposition", 'attachment; filename="تقرير.csv"'.encode()))

    async def never(self, receive: Any, send: Any) -> None:
        self.waiting.set()
        while (await receive())["type"] != "http.disconnect":
            pass
        self.left.set()

    async def stream(self, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        watching = asyncio.create_task(self.never(receive, send))
        while not watching.done():
            await send({"type": "http.response.body", "body": b"x" * 1000, "more_body": True})
            await asyncio.sleep(0.01)

    async def flood(self, receive: Any, send: Any) -> None:
        """A stream that says more than sockets hold."""
        await send({"type": "http.response.start", "status": 200, "headers": []})
        watching = asyncio.create_task(self.never(receive, send))
        while not watching.done():
            await send({"type": "http.response.body", "body": b"x" * 65536, "more_body": True})
            await asyncio.sleep(0)

    async def breaks(self, receive: Any, send: Any) -> None:
        raise RuntimeError("closed without an answer")


@pytest_asyncio.fixture(loop_scope="session")
async def upstream() -> AsyncIterator[tuple[Upstream, str]]:
    service = Upstream()
    async with listening(service) as address:
        yield service, address


async def generated(size: int, chunk: bytes = b"x" * 65536) -> AsyncIterator[bytes]:
    for _ in range(size // len(chunk)):
        yield chunk


async def test_request_and_answer_pass_as_they_are(
    gateway_on_port: OpenGateway, upstream: tuple[Upstream, str], issuer: TestIssuer
) -> None:
    service, address = upstream
    client = await gateway_on_port(activities_url=address)
    headers = {
        **issuer.bearer("member"),
        "Content-Type": "text/csv",
        "Idempotency-Key": "k",
        "Cookie": "secret=1",
        "X-Private": "1",
        "Connection": "keep-alive, X-Private",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    }
    answer = await client.post("/api/activities/v1/count?a=%C3%A9&b=1", content=b"abc", headers=headers)
    assert (answer.status_code, answer.text, answer.headers["x-kept"]) == (207, "3", "1")
    assert "set-cookie" not in answer.headers
    assert answer.headers["x-content-type-options"] == "nosniff"
    (scope,) = service.scopes
    seen = {name.decode(): value.decode() for name, value in scope["headers"]}
    assert (scope["path"], scope["query_string"]) == ("/v1/count", b"a=%C3%A9&b=1")
    assert seen["authorization"] == headers["Authorization"]
    assert (seen["content-type"], seen["content-length"], seen["idempotency-key"]) == ("text/csv", "3", "k")
    assert seen["host"] == address.removeprefix("http://")
    assert seen["traceparent"].split("-")[1] == "0af7651916cd43dd8448eb211c80319c"
    assert not {"cookie", "x-private"} & set(seen)


async def test_header_values_pass_byte_for_byte(gateway_on_port: OpenGateway, upstream: tuple[Upstream, str]) -> None:
    service, address = upstream
    client = await gateway_on_port(activities_url=address)
    name = "تقرير".encode()
    answer = await client.get("/api/activities/v1/said", headers=[(b"x-file", name), (b"x-odd", b"\xff")])
    assert (b"content-disposition", b'attachment; filename="%b.csv"' % name) in answer.headers.raw
    assert {(b"x-file", name), (b"x-odd", b"\xff")} <= set(service.scopes[-1]["headers"])


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE"])
async def test_every_method_passes(gateway_on_port: OpenGateway, upstream: tuple[Upstream, str], method: str) -> None:
    service, address = upstream
    client = await gateway_on_port(registry_url=address)
    answer = await client.request(method, "/api/registry/v1/count")
    assert answer.status_code == 207
    assert service.scopes[0]["method"] == method


async def test_tokens_and_keys_are_the_registrys(gateway_on_port: OpenGateway, upstream: tuple[Upstream, str]) -> None:
    service, address = upstream
    client = await gateway_on_port(registry_url=address)
    with suppress(httpx2.HTTPError):
        await client.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=("id", "secret"), timeout=10)
    (scope,) = service.scopes
    assert (scope["path"], dict(scope["headers"])[b"authorization"][:6]) == ("/oauth/token", b"Basic ")


async def test_a_reader_of_a_stream_that_takes_nothing_is_let_go(
    gateway_on_port: OpenGateway, upstream: tuple[Upstream, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    service, address = upstream
    monkeypatch.setattr(streams, "STREAMED", frozenset({("alerts", b"/v1/flood")}))
    monkeypatch.setattr(streams, "SEND_SECONDS", 0.3)
    dropped = streams.DROPPED._value.get()
    client = await gateway_on_port(alerts_url=address)
    silent, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port, limit=1)
    writer.write(b"GET /api/alerts/v1/flood HTTP/1.1\r\nHost: here\r\n\r\n")
    await asyncio.wait_for(service.left.wait(), 10)
    assert streams.DROPPED._value.get() == dropped + 1
    assert not silent.at_eof()
    writer.close()


async def test_a_location_is_told_anew(gateway_on_port: OpenGateway, upstream: tuple[Upstream, str]) -> None:
    client = await gateway_on_port(activities_url=upstream[1])
    answer = await client.post("/api/activities/v1/place")
    assert answer.headers["location"] == "/api/activities/v1/reports/7"
    assert location_here(f"{upstream[1]}/v1/x", service="alerts", origin=upstream[1]) == "/api/alerts/v1/x"
    assert location_here("https://elsewhere.test/", service="alerts", origin=upstream[1]) == "https://elsewhere.test/"


async def test_100_mib_stream_through_in_bounded_memory(
    gateway_on_port: OpenGateway, upstream: tuple[Upstream, str], issuer: TestIssuer
) -> None:
    client = await gateway_on_port(activities_url=upstream[1])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer = await client.post(
        "/api/activities/v1/count", content=generated(100 * MIB), headers=issuer.bearer("member")
    )
    assert answer.text == str(100 * MIB)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30 * 1024


@pytest.mark.parametrize("announced", [True, False])
async def test_a_200_mb_body_is_refused_in_bounded_memory(
    gateway_on_port: OpenGateway, upstream: tuple[Upstream, str], issuer: TestIssuer, announced: bool
) -> None:
    service, address = upstream
    client = await gateway_on_port(activities_url=address)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    size = 200 * 1000 * 1000 // 65536 * 65536
    headers = issuer.bearer("member") | ({"Content-Length": str(size)} if announced else {})
    answer = await client.post("/api/activities/v1/count", content=generated(size), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert not service.scopes
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30 * 1024


async def test_a_service_that_refuses_before_reading_is_heard(
    gateway_on_port: OpenGateway, upstream: tuple[Upstream, str], issuer: TestIssuer
) -> None:
    client = await gateway_on_port(activities_url=upstream[1])
    for content in (b"x" * 5 * MIB, generated(5 * MIB)):
        answer = await client.post("/api/activities/v1/refuse", content=content, headers=issuer.bearer("member"))
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_caller_that_leaves_is_not_worked_for(
    gateway_on_port: OpenGateway, upstream: tuple[Upstream, str]
) -> None:
    service, address = upstream
    client = await gateway_on_port(alerts_url=address)
    asking = asyncio.create_task(client.get("/api/alerts/v1/never"))
    await asyncio.wait_for(service.waiting.wait(), 30)
    asking.cancel()
    await asyncio.wait_for(service.left.wait(), 30)


async def test_a_caller_that_leaves_while_being_answered_is_not_worked_for(
    gateway_on_port: OpenGateway, upstream: tuple[Upstream, str]
) -> None:
    service, address = upstream
    client = await gateway_on_port(alerts_url=address)
    async with client.stream("GET", "/api/alerts/v1/stream") as answer:
        async for _ in answer.aiter_raw():
            break
    await asyncio.wait_for(service.left.wait(), 30)


async def test_a_caller_that_leaves_in_the_middle_of_its_body_is_not_passed_on_as_whole(
    gateway_on_port: OpenGateway, upstream: tuple[Upstream, str], issuer: TestIssuer
) -> None:
    service, address = upstream
    client = await gateway_on_port(activities_url=address)

    async def breaking() -> AsyncIterator[bytes]:
        yield b"x" * 1000
        await asyncio.sleep(0.05)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await client.post("/api/activities/v1/count", content=breaking(), headers=issuer.bearer("member"))
    await asyncio.sleep(0.2)
    assert not service.scopes  # nor in part


async def test_dead_slow_and_broken_services_are_told_as_problems(
    gateway_on_port: OpenGateway, upstream: tuple[Upstream, str]
) -> None:
    client = await gateway_on_port(activities_url=upstream[1])
    impatient = await gateway_on_port(activities_url=upstream[1], passage_seconds=0.3)
    dead = await client.get("/api/reporting/v1/coverage")
    slow = await impatient.get("/api/activities/v1/never")
    broken = await client.get("/api/activities/v1/breaks", headers={"Accept-Language": "en"})
    assert (dead.status_code, dead.json()["code"], dead.headers["content-language"]) == (503, "unavailable", "ar")
    assert (slow.status_code, slow.json()["code"]) == (504, "service_too_slow")
    assert broken.status_code in (500, 503)


@pytest.mark.parametrize(
    "path",
    [
        "/api/activities/v1/../internal/reports/query",
        "/api/activities/v1/%2e%2e/internal/reports/query",
        "/api/activities/v1/%252e%252e/internal/reports/query",
        "/api/activities/v1/x%2f..%2finternal",
        "/api/activities/v1/x%5cinternal",
        "/api/activities/v1//internal",
        "/api/activities/v1/x;/internal",
        "/api/activities/v1/x%00",
        "/api/activities/internal/reports/query",
        "/api/activities/metrics",
        "/api/activities/readyz",
        "/api/nothing/v1/reports",
        "/api/v1/reports",
        "/internal/reports/query",
        "/docs",
        "/openapi.json",
    ],
)
async def test_other_paths_are_not_passed(
    gateway_on_port: OpenGateway, upstream: tuple[Upstream, str], path: str
) -> None:
    service, address = upstream
    client = await gateway_on_port(activities_url=address)
    request = client.build_request("POST", str(client.base_url))
    request.url = request.url.copy_with(raw_path=path.encode())
    answer = await client.send(request)
    assert answer.status_code in (400, 404, 405)
    assert answer.json()["code"]
    assert service.scopes == []


@given(st.text(alphabet="ab./%2fFeEcC5\\;v1", max_size=30))
def test_a_path_that_passes_has_plain_segments_only(text: str) -> None:
    with suppress(UnsafePath):
        behind = service_path(f"/api/activities/v1/{text}".encode())
        assert behind.startswith(b"/v1/")
        assert not {b"..", b".", b""} & set(behind.split(b"/")[1:-1])
        assert b"%2f" not in behind.lower()
        assert b"%2e" not in behind.lower()


async def test_health_is_here_and_metrics_for_the_secretariat(gateway_on_port: OpenGateway, issuer: TestIssuer) -> None:
    client = await gateway_on_port()
    assert (await client.get("/healthz")).status_code == 200
    assert (await client.get("/readyz")).status_code == 200
    assert "tansiq_http_request_seconds" in (await client.get("/metrics", headers=issuer.bearer("secretariat"))).text


async def test_openapi_is_told_with_the_addresses_of_this_door(gateway_on_port: OpenGateway) -> None:
    document = {
        "openapi": "3.1.0",
        "paths": {"/v1/reports": {"get": {}}, "/internal/reports/query": {"post": {}}, "/oauth/token": {"post": {}}},
    }

    async def told(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": orjson.dumps(document)})
        else:
            await Upstream()._lifespan(receive, send)

    async with listening(told) as address:
        client = await gateway_on_port(activities_url=address)
        seen = (await client.get("/api/activities/openapi.json")).json()
    assert seen["servers"] == [{"url": "/api/activities"}]
    assert set(seen["paths"]) == {"/v1/reports", "/oauth/token"}
    assert seen["paths"]["/oauth/token"]["servers"] == [{"url": "/"}]
    assert set(seen["paths"]["/v1/reports"]["get"]["responses"]) == {"401", "429", "503", "504"}
    assert (await client.get("/api/alerts/openapi.json")).status_code == 503
    assert (await client.get("/api/nothing/openapi.json")).status_code == 404
