"""What HTTP clients expect of the one door: compressed answers, 304, HEAD, OPTIONS and Allow, pages of other sites."""

import gzip
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx2
import orjson
import pytest
import pytest_asyncio
from database import Database
from gateway.compression import GzipMiddleware, takes_gzip
from gateway.main import build
from gateway.settings import Settings
from pydantic import ValidationError
from registry.main import SERVICE as REGISTRY
from registry.provision import ProvisionInput, provide
from runtime.application import build as build_service
from testkit.ports import listening
from testkit.raw import RawAnswer, line_to
from testkit.service_clients import settings_of as service_settings
from testkit.services import Migrated
from testkit.trust import TestIssuer

from .conftest import OpenGateway, filled_memory, settings_of

PROFILE = {"names": {"en": "Hope", "ar": "الأمل"}, "type_code": "441", "external_ids": {"iati": "XX-1"}}
LONG = {"names": {"en": "Hope", "ar": "الأمل"}, "type_code": "441", "aliases": [f"Alias {n}" for n in range(40)]}


@pytest_asyncio.fixture(loop_scope="session")
async def client(migrated: Migrated, issuer: TestIssuer) -> AsyncIterator[httpx2.AsyncClient]:
    """The gateway before a real registry, in development, for pages of one other site."""
    url = await migrated(REGISTRY)
    database = await Database.connect(url, application="tests", largest=2)
    clients = {"member": {"client_id": "member-id", "client_secret": "s" * 40}}
    wanted = ProvisionInput.model_validate({"clients": clients})
    await database.run(lambda tx: provide(tx, service_settings(REGISTRY, url), wanted))
    await database.close()
    service = build_service(replace(REGISTRY, keys=lambda _: issuer.load_keys()), service_settings(REGISTRY, url))
    async with listening(service) as behind:
        settings = settings_of(registry_url=behind, environment="development", cors_origins="https://map.example.org")
        app = build(settings, memory=filled_memory(), load_keys=issuer.load_keys())
        async with listening(app) as address, httpx2.AsyncClient(base_url=address, timeout=20) as client:
            yield client


async def raw(
    client: httpx2.AsyncClient, method: str, path: str, headers: dict[str, str], body: bytes = b""
) -> RawAnswer:
    """The answer as it is on the wire, still compressed."""
    told = {"Host": "tansiq.test", **headers, **({"Content-Length": str(len(body))} if body else {})}
    async with line_to(str(client.base_url)) as line:
        lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        await line.send(f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body)
        return await line.answer(method=method)


GZIP = {"Accept-Encoding": "gzip, deflate, br"}
COMPRESSED = ["/api/registry/v1/sectors", "/api/registry/openapi.json", "/schema.graphql", "/asyncapi.json", "/"]


@pytest.mark.parametrize("path", COMPRESSED)
async def test_long_answers_are_compressed_for_who_takes_that(
    client: httpx2.AsyncClient, issuer: TestIssuer, path: str
) -> None:
    known = issuer.bearer("member")
    plain = await raw(client, "GET", path, known)
    packed = await raw(client, "GET", path, known | GZIP)
    assert packed.headers["content-encoding"] == "gzip"
    assert len(packed.body) < len(plain.body) / 2
    if path != "/":  # which tells how the parts are at this moment
        assert gzip.decompress(packed.body) == plain.body
    for answer in (plain, packed):
        assert "accept-encoding" in answer.headers["vary"].lower()
    assert "content-encoding" not in plain.headers
    assert "content-encoding" not in (await raw(client, "HEAD", path, known | GZIP)).headers


async def test_answers_of_the_graph_are_compressed(client: httpx2.AsyncClient, issuer: TestIssuer) -> None:
    query = orjson.dumps({"query": "{ __schema { types { name description fields { name description } } } }"})
    headers = {**issuer.bearer("secretariat"), "Content-Type": "application/json"}
    plain = await raw(client, "POST", "/graphql", headers, query)
    packed = await raw(client, "POST", "/graphql", headers | GZIP, query)
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 4


async def test_secrets_and_what_a_cookie_opened_are_not_compressed(
    client: httpx2.AsyncClient, issuer: TestIssuer
) -> None:
    headers = issuer.bearer("secretariat") | GZIP | {"Content-Type": "application/json"}
    made = await raw(client, "POST", "/api/registry/v1/organisations", headers, orjson.dumps(PROFILE))
    assert made.status == 201
    new = {"name": "n" * 150, "role": "member", "organisation_id": made.json()["id"]}
    verify = f"/api/registry/v1/organisations/{made.json()['id']}/verify"
    assert (await raw(client, "POST", verify, headers, b"{}")).status == 200
    secret = await raw(client, "POST", "/api/registry/v1/clients", headers, orjson.dumps(new))
    assert secret.json()["client_secret"]
    token = await raw(client, "POST", "/oauth/token", GZIP | {"Content-Type": "application/json"}, b"{}")
    assert token.status >= 400
    for answer in (secret, token):
        assert "content-encoding" not in answer.headers


class AnsweringWith:
    """An application whose whole answer is given."""

    def __init__(self, headers: dict[str, str], state: dict[str, Any] | None = None) -> None:
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]
        self._state = state or {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        scope["state"] = self._state
        await send({"type": "http.response.start", "status": 200, "headers": self._headers})
        await send({"type": "http.response.body", "body": b"a" * 2000, "more_body": True})
        await send({"type": "http.response.body", "body": b"b" * 2000})


JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("headers", "state", "packed"),
    [
        (JSON, {}, True),
        ({"content-type": "application/problem+json; charset=utf-8"}, {}, True),
        ({"content-type": "text/csv"}, {}, True),
        ({"content-type": "application/x-ndjson"}, {}, True),
        (JSON | {"etag": 'W/"a"'}, {}, True),
        (JSON | {"etag": '"v1-a"'}, {}, False),
        (JSON | {"cache-control": "no-store"}, {}, False),
        (JSON | {"cache-control": "private, no-transform"}, {}, False),
        (JSON | {"set-cookie": "tansiq=x"}, {}, False),
        (JSON | {"content-encoding": "br"}, {}, False),
        (JSON, {"signed_in": object()}, False),
        ({"content-type": "text/event-stream"}, {}, False),
        ({"content-type": "application/zip"}, {}, False),
        ({"content-type": "image/png"}, {}, False),
        ({}, {}, False),
    ],
)
async def test_what_is_compressed(headers: dict[str, str], state: dict[str, Any], packed: bool) -> None:
    transport = httpx2.ASGITransport(app=GzipMiddleware(AnsweringWith(headers, state)))
    async with httpx2.AsyncClient(transport=transport, base_url="http://gateway.test") as client:
        answer = await client.get("/", headers=GZIP)
    assert (answer.headers.get("content-encoding") == "gzip") is packed
    if answer.headers.get("content-encoding") != "br":
        assert answer.content == b"a" * 2000 + b"b" * 2000


@pytest.mark.parametrize(
    ("accepted", "taken"),
    [
        ("gzip", True),
        ("GZIP;q=0.5", True),
        ("br, *;q=0.1", True),
        ("gzip;q=0", False),
        ("*;q=0", False),
        ("gzip;q=0, *", False),
        ("gzip;q=0.1, identity;q=0.9", False),
        ("br", False),
        ("gzip;q=nonsense", False),
        ("", False),
    ],
)
def test_how_much_a_coding_is_liked(accepted: str, taken: bool) -> None:
    assert takes_gzip(accepted) is taken


@pytest.mark.parametrize("path", ["/api/registry/v1/sectors", *COMPRESSED[1:4], "/api/registry/v1/areas"])
async def test_who_has_it_is_told_so(client: httpx2.AsyncClient, issuer: TestIssuer, path: str) -> None:
    known = issuer.bearer("member")
    first = await client.get(path, headers=known)
    assert "no-store" not in first.headers["cache-control"]
    for coding in ({}, GZIP):
        again = await raw(client, "GET", path, known | coding | {"If-None-Match": first.headers["etag"]})
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", first.headers["etag"])
        assert again.headers["cache-control"] == first.headers["cache-control"]
    if path.startswith("/api/registry/v1"):
        assert "private" in first.headers["cache-control"]
        assert (await client.get(path, headers={"If-None-Match": first.headers["etag"]})).status_code == 401


async def test_a_row_is_changed_with_the_etag_it_was_read_with(client: httpx2.AsyncClient, issuer: TestIssuer) -> None:
    known = issuer.bearer("secretariat")
    made = (await client.post("/api/registry/v1/organisations", json=LONG, headers=known)).json()
    path = f"/api/registry/v1/organisations/{made['id']}"
    read = await client.get(path, headers=known | GZIP)
    tag = read.headers["etag"]
    assert "content-encoding" not in read.headers
    assert (await client.get(path, headers=known | {"If-None-Match": tag})).status_code == 304
    changed = await client.patch(path, json={"acronyms": {"en": "H"}}, headers=known | {"If-Match": tag})
    assert changed.status_code == 200
    assert (await client.get(path, headers=known | {"If-None-Match": tag})).status_code == 200
    late = await client.patch(path, json={"acronyms": {"en": "I"}}, headers=known | {"If-Match": tag})
    assert late.status_code == 412


ALLOWED = {
    "/graphql": "GET, HEAD, OPTIONS, POST",
    "/oauth/token": "OPTIONS, POST",
    "/sign-in": "OPTIONS, POST",
    "/schema.graphql": "GET, HEAD, OPTIONS",
    "/api/registry/openapi.json": "GET, HEAD, OPTIONS",
    "/api/registry/v1/organisations": "GET, HEAD, OPTIONS, POST",
    "/api/registry/v1/sectors": "GET, HEAD, OPTIONS",
    "/api/registry/v1/countries/SY": "GET, HEAD, OPTIONS, PUT",
    "/": "GET, HEAD, OPTIONS",
    "/healthz": "GET, HEAD, OPTIONS",
}


@pytest.mark.parametrize("path", ALLOWED)
async def test_options_and_refused_methods_tell_the_methods_there_are(
    client: httpx2.AsyncClient, issuer: TestIssuer, path: str
) -> None:
    known = issuer.bearer("secretariat")
    for headers in ({}, known):
        answer = await client.options(path, headers=headers)
        assert (answer.status_code, answer.headers["allow"]) == (204, ALLOWED[path])
    for accept in ("application/json", "text/html"):
        refused = await client.delete(path, headers=known | {"Accept": accept})
        assert (refused.status_code, refused.headers["allow"]) == (405, ALLOWED[path])


@pytest.mark.parametrize("path", ["/", "/schema.graphql", "/api/registry/v1/sectors", "/api/registry/openapi.json"])
async def test_head_is_get_without_a_body(client: httpx2.AsyncClient, issuer: TestIssuer, path: str) -> None:
    known = issuer.bearer("member")
    got = await raw(client, "GET", path, known)
    head = await raw(client, "HEAD", path, known)
    assert (head.status, head.body) == (got.status, b"")
    for name in ("content-type", "content-length", "etag", "cache-control"):
        assert (name == "content-length" and path == "/") or head.headers.get(name) == got.headers.get(name)


async def test_a_compressed_body_reaches_the_service_as_it_was(client: httpx2.AsyncClient, issuer: TestIssuer) -> None:
    known = issuer.bearer("secretariat") | {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    path = "/api/registry/v1/organisations"
    packed = gzip.compress(b"\xef\xbb\xbf" + orjson.dumps(PROFILE | {"external_ids": {"iati": "XX-2"}}))
    taken = await client.post(path, content=packed, headers=known)
    assert (taken.status_code, taken.json()["names"]["en"]) == (201, "Hope")
    bomb = await client.post(path, content=gzip.compress(b" " * 50_000_000), headers=known)
    assert (bomb.status_code, bomb.json()["code"]) == (413, "body_too_large")
    other = await client.post(path, content=b"x", headers=known | {"Content-Encoding": "br"})
    assert (other.status_code, other.headers["accept-encoding"]) == (415, "gzip")
    query = gzip.compress(orjson.dumps({"query": "{ sectors { code } }"}))
    assert (await client.post("/graphql", content=query, headers=known)).json()["data"]["sectors"]


OWN, LISTED, OTHER = "https://tansiq.test", "https://map.example.org", "https://evil.example.org"


async def test_pages_of_listed_sites_may_ask_with_a_token(client: httpx2.AsyncClient, issuer: TestIssuer) -> None:
    asking = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    told = await client.options("/graphql", headers={"Origin": LISTED, **asking})
    assert told.headers["access-control-allow-origin"] == LISTED
    assert "access-control-allow-credentials" not in told.headers
    answer = await client.get("/api/registry/v1/sectors", headers={"Origin": LISTED, **issuer.bearer("member")})
    assert answer.headers["access-control-allow-origin"] == LISTED
    assert "etag" in answer.headers["access-control-expose-headers"].lower()
    assert "origin" in answer.headers["vary"].lower()
    refused = await client.get("/api/registry/v1/sectors", headers={"Origin": LISTED})
    assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (401, LISTED)
    for path in ("/graphql", "/api/registry/v1/sectors"):
        told = await client.options(path, headers={"Origin": OTHER, **asking})
        assert "access-control-allow-origin" not in told.headers
        assert "access-control-allow-origin" not in (await client.get(path, headers={"Origin": OTHER})).headers


async def test_without_a_list_no_other_site_may_ask(open_gateway: OpenGateway) -> None:
    client = await open_gateway()
    told = await client.options("/graphql", headers={"Origin": LISTED, "Access-Control-Request-Method": "POST"})
    assert not [name for name in told.headers if name.startswith("access-control")]


@pytest.mark.parametrize("origins", ["map.example.org", "https://map.example.org/page", "null", "ftp://x"])
def test_what_is_no_origin_keeps_the_gateway_from_starting(origins: str) -> None:
    with pytest.raises(ValidationError):
        settings_of(cors_origins=origins)
    assert isinstance(settings_of(cors_origins="*"), Settings)


@pytest.mark.parametrize(
    ("path", "status"),
    [("//api/registry/v1/sectors", 404), ("/api//registry/v1/sectors", 404), ("/api/registry/v1/a%2Fb", 400)],
)
async def test_odd_paths_are_refused_as_problems(
    client: httpx2.AsyncClient, issuer: TestIssuer, path: str, status: int
) -> None:
    answer = await raw(client, "GET", path, issuer.bearer("member"))
    assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json")


async def test_the_door_is_known_by_its_address_in_absolute_form(
    client: httpx2.AsyncClient, issuer: TestIssuer
) -> None:
    answer = await raw(client, "GET", "http://tansiq.test/api/registry/v1/sectors", issuer.bearer("member"))
    assert answer.status == 200


async def test_who_waits_for_leave_to_send_is_refused_without_it(
    client: httpx2.AsyncClient, issuer: TestIssuer
) -> None:
    head = "POST /api/registry/v1/organisations HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: {}\r\n"
    async with line_to(str(client.base_url)) as line:
        await line.send((head + "\r\n").format(10**9).encode())
        assert (await line.answer()).status == 413
    async with line_to(str(client.base_url)) as line:
        await line.send((head + "Content-Type: application/json\r\n\r\n").format(2).encode())
        assert (await line.answer()).status == 100
        await line.send(b"{}")
        assert (await line.answer()).status == 422


async def test_a_doubled_key_is_refused(client: httpx2.AsyncClient, issuer: TestIssuer) -> None:
    lines = f"Authorization: Bearer {issuer.token('member')}\r\nIdempotency-Key: a\r\nIdempotency-Key: b\r\n"
    async with line_to(str(client.base_url)) as line:
        sent = f"POST /api/registry/v1/organisations HTTP/1.1\r\nHost: a\r\n{lines}Content-Length: 2\r\n\r\n{{}}"
        await line.send(sent.encode())
        answer = await line.answer()
    assert (answer.status, answer.json()["code"]) == (400, "doubled_header")
