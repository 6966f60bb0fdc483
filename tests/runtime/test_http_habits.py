"""HEAD, OPTIONS, compressed bodies, charsets and conditional answers, at the door of a service."""

import gzip
import zlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from runtime.access import EVERYONE, Rule
from runtime.answers import expected_version, json_answer, versioned
from runtime.application import build
from runtime.body import limited
from runtime.inflating import PIECE, Inflater
from runtime.methods import Methods
from runtime.problems import MalformedCoding
from runtime.routing import TransactionalRoute, table_of
from runtime.service import Service
from runtime.settings import ServiceSettings
from testkit.ports import listening
from testkit.raw import line_to
from testkit.service_clients import open_service_client, settings_of
from testkit.services import Migrated
from testkit.trust import TestIssuer

router = APIRouter(route_class=TransactionalRoute)
LIMIT = 600_000


@router.post("/v1/echo")
@Rule(EVERYONE, largest_body=LIMIT, content_types=("application/json", "text/csv"))
async def echo(request: Request) -> Response:
    return json_answer({"got": (await request.body()).decode("latin-1")})


@router.post("/v1/json")
@Rule(EVERYONE)
async def parse(request: Request) -> Response:
    return json_answer(await request.json())


@router.post("/v1/file")
@Rule(EVERYONE, largest_body=LIMIT, content_types=("text/csv",), streams=True)
async def file(request: Request) -> Response:
    return json_answer({"size": sum([len(piece) async for piece in limited(request, LIMIT)])})


@router.get("/v1/echo")
@Rule(EVERYONE, revalidated=True)
async def words() -> Response:
    return json_answer({"words": "water " * 1000})


@router.get("/v1/rows/{id}")
@Rule(EVERYONE)
async def row(request: Request, id: int) -> Response:
    return versioned({"version": id, "seen": request.headers.get("x-seen")})


@router.get("/v1/endless")
@Rule(EVERYONE, streams=True)
async def endless() -> Response:
    async def ticks() -> AsyncIterator[bytes]:
        while True:
            yield b":\n\n"

    return StreamingResponse(ticks(), media_type="text/event-stream")


@pytest_asyncio.fixture(loop_scope="session")
async def client(
    migrated: Migrated, issuer: TestIssuer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[httpx2.AsyncClient]:
    folder: Path = tmp_path_factory.mktemp("habits")
    (folder / "migrations").mkdir()
    service = Service("habits", "Habits.", ServiceSettings, folder, [router])
    async with open_service_client(service, await migrated(service), issuer) as client:
        yield client


async def sent(client: httpx2.AsyncClient, path: str, body: bytes, coding: str = "gzip", **headers: str) -> Any:
    kind = "text/csv" if path == "/v1/file" else "application/json"
    return await client.post(path, content=body, headers={"Content-Type": kind, "Content-Encoding": coding} | headers)


async def test_a_compressed_body_is_read_as_it_was(client: httpx2.AsyncClient) -> None:
    whole = b'{"a":"' + b"x" * (PIECE + 7) + b'"}'
    for coding in ("gzip", "GZIP", "x-gzip"):
        assert (await sent(client, "/v1/json", gzip.compress(whole), coding)).content == whole
    assert (await sent(client, "/v1/json", b"[1]", "identity")).json() == [1]
    parts = gzip.compress(whole[:9]) + gzip.compress(whole[9:])
    assert (await sent(client, "/v1/json", parts)).content == whole
    assert (await sent(client, "/v1/file", gzip.compress(b"a" * LIMIT))).json() == {"size": LIMIT}


@pytest.mark.parametrize("path", ["/v1/echo", "/v1/file"])
async def test_a_bomb_is_stopped_at_the_bound(client: httpx2.AsyncClient, path: str) -> None:
    for bomb in (gzip.compress(b"0" * (LIMIT + 1)), gzip.compress(b"0" * 300_000_000, 9), b"0" * (LIMIT + 1)):
        answer = await sent(client, path, bomb)
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize("path", ["/v1/echo", "/v1/file"])
@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        gzip.compress(b"{}", mtime=0)[:-3],
        gzip.compress(b"{}", mtime=0) + b"rest",
        zlib.compress(b"{}"),
        gzip.compress(b"", mtime=0)[:5],
    ],
)
async def test_broken_gzip_is_refused(client: httpx2.AsyncClient, path: str, body: bytes) -> None:
    answer = await sent(client, path, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_coding")


async def test_empty_members_without_number_are_refused() -> None:
    inflater = Inflater(LIMIT)
    with pytest.raises(MalformedCoding):
        _ = [piece async for piece in inflater.pieces(gzip.compress(b"") * 20_000)]


@pytest.mark.parametrize("coding", ["br", "zstd", "deflate", "gzip, gzip", "compress", "tea"])
async def test_other_codings_are_refused_by_name(client: httpx2.AsyncClient, coding: str) -> None:
    for path in ("/v1/echo", "/v1/file"):
        answer = await sent(client, path, b"{}", coding)
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_coding")
        assert answer.headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize("kind", ["utf-8", '"UTF-8"', "us-ascii", "utf8"])
async def test_utf_8_is_taken_by_any_of_its_names(client: httpx2.AsyncClient, kind: str) -> None:
    headers = {"Content-Type": f"application/json; charset={kind}"}
    assert (await client.post("/v1/json", content='"ماء"'.encode(), headers=headers)).json() == "ماء"


@pytest.mark.parametrize("kind", ["windows-1256", "utf-16", "latin1", "tea", "utf-8; charset=utf-7"])
async def test_other_charsets_are_refused_by_name(client: httpx2.AsyncClient, kind: str) -> None:
    for media in ("application/json", "text/csv"):
        answer = await client.post("/v1/echo", content=b'"a"', headers={"Content-Type": f"{media}; charset={kind}"})
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_charset")


async def test_a_byte_order_mark_says_nothing(client: httpx2.AsyncClient) -> None:
    headers = {"Content-Type": "application/json"}
    assert (await client.post("/v1/json", content=b"\xef\xbb\xbf[1]", headers=headers)).json() == [1]
    assert (await sent(client, "/v1/json", gzip.compress(b"\xef\xbb\xbf[1]"))).json() == [1]


async def test_head_is_what_get_is_without_its_body(client: httpx2.AsyncClient) -> None:
    for path in ("/v1/echo", "/v1/rows/3", "/healthz", "/readyz", "/openapi.json"):
        got, head = await client.get(path), await client.head(path)
        assert (head.status_code, head.content) == (got.status_code, b"")
        assert head.headers == got.headers
    assert (await client.head("/v1/nothing")).status_code == 404
    assert (await client.head("/v1/json")).status_code == 405


async def test_head_of_an_answer_without_end_ends(client: httpx2.AsyncClient) -> None:
    answer = await client.head("/v1/endless", timeout=5)
    assert answer.headers["content-type"].startswith("text/event-stream")


ALLOWED = {
    "/v1/echo": "GET, HEAD, OPTIONS, POST",
    "/v1/json": "OPTIONS, POST",
    "/v1/rows/3": "GET, HEAD, OPTIONS",
    "/readyz": "GET, HEAD, OPTIONS",
}


@pytest.mark.parametrize("path", ALLOWED)
async def test_options_and_refused_methods_tell_the_methods_there_are(client: httpx2.AsyncClient, path: str) -> None:
    answer = await client.options(path)
    assert (answer.status_code, answer.headers["allow"], answer.content) == (204, ALLOWED[path], b"")
    for method in ("DELETE", "TRACE", "PROPFIND"):
        refused = await client.request(method, path)
        assert (refused.status_code, refused.json()["code"]) == (405, "method_not_allowed")
        assert refused.headers["allow"] == ALLOWED[path]


async def test_options_of_everything_and_of_nothing(client: httpx2.AsyncClient) -> None:
    assert (await client.options("/v1/nothing")).status_code == 404
    assert Methods(table_of([router])).allow("*") == "GET, HEAD, OPTIONS, POST"


async def test_who_has_an_answer_is_not_sent_it_again(client: httpx2.AsyncClient) -> None:
    first = await client.get("/v1/echo")
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "private, no-cache"
    for known in (tag, "*", f'"x", {tag}', tag.removeprefix("W/")):
        for method in ("GET", "HEAD"):
            again = await client.request(method, "/v1/echo", headers={"If-None-Match": known})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
            assert again.headers["cache-control"] == "private, no-cache"
    assert (await client.get("/v1/echo", headers={"If-None-Match": '"x"'})).status_code == 200


async def test_a_row_that_is_seen_otherwise_is_another_answer_of_the_same_version(client: httpx2.AsyncClient) -> None:
    first = await client.get("/v1/rows/3", headers={"x-seen": "a"})
    known = {"If-None-Match": first.headers["etag"]}
    assert (await client.get("/v1/rows/3", headers={**known, "x-seen": "a"})).status_code == 304
    assert (await client.get("/v1/rows/3", headers={**known, "x-seen": "b"})).json()["seen"] == "b"
    assert expected_version(first.headers["etag"]) == 3


async def test_a_body_that_trickles_holds_no_connection_to_the_database(
    migrated: Migrated, issuer: TestIssuer, tmp_path: Path
) -> None:
    (tmp_path / "migrations").mkdir()
    service = Service("habits", "Habits.", ServiceSettings, tmp_path, [router])
    service = replace(service, keys=lambda _: issuer.load_keys())
    app = build(service, settings_of(service, await migrated(service), database_connections=2))
    head = b"POST /v1/json HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nIdempotency-Key: %d\r\n"
    async with listening(app) as address, AsyncExitStack() as stack:
        for number in range(20):
            line = await stack.enter_async_context(line_to(address))
            await line.send(head % number + b"Content-Length: 100\r\n\r\n[")
        async with httpx2.AsyncClient(base_url=address, timeout=5) as client:
            assert (await client.get("/v1/echo")).status_code == 200
            assert (await client.post("/v1/json", json=[1], headers={"Idempotency-Key": "x"})).json() == [1]
