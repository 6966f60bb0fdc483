"""The edge: who is let in, what body is taken, one transaction, one answer per Idempotency-Key."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import asyncpg
import httpx2
import pytest
import pytest_asyncio
from contracts.text import Line
from database import Database
from fastapi import APIRouter, Query, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field
from runtime.access import ANONYMOUS, EVERYONE, Extent, Role, Rule
from runtime.application import build
from runtime.idempotency import forget_old
from runtime.problems import NotFound
from runtime.routing import Asking, RouteWithoutRule, TransactionalRoute, Tx, table_of
from runtime.service import Service
from runtime.settings import ServiceSettings
from testkit.patience import tries
from testkit.service_clients import open_service_client, settings_of
from testkit.services import Migrated
from testkit.trust import TestIssuer

router = APIRouter(route_class=TransactionalRoute)


class NewNote(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: Line
    people: int = Field(default=0, ge=0, strict=True)


@router.post("/v1/notes", status_code=201)
@Rule({Role.MEMBER: Extent.OWN, Role.SECRETARIAT: Extent.ANY}, largest_body=2000)
async def write(tx: Tx, caller: Asking, new: NewNote, response: Response) -> dict[str, Any]:
    number = await tx.fetchval("insert into note (text) values ($1) returning number", new.text)
    if new.text in ("slow", "slower"):
        await asyncio.sleep(0.5 if new.text == "slow" else 2.9)
    if new.text == "fail":
        raise RuntimeError("canary 36.123456")
    if new.text == "refuse":
        raise NotFound
    if new.text == "deadlock" and number < 3:
        raise asyncpg.DeadlockDetectedError("deadlock detected")
    response.headers["ETag"] = f'"{number}"'
    return {"number": number, "role": caller.role}


@router.post("/v1/wishes", status_code=201)
@Rule(EVERYONE)
async def wish(tx: Tx, new: NewNote) -> dict[str, Any]:
    return {"number": await tx.fetchval("insert into note (text) values ($1) returning number", new.text)}


@router.get("/v1/notes")
@Rule(EVERYONE)
async def read(tx: Tx, first: Annotated[int, Query(ge=1)] = 10) -> list[str]:
    return [row["text"] for row in await tx.fetch("select text from note order by number limit $1", first)]


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    folder: Path = tmp_path_factory.mktemp("notes")
    (folder / "migrations").mkdir()
    (folder / "migrations" / "0101_notes.sql").write_text(
        "-- migrate:up\ncreate table note (number bigint generated always as identity, text text not null);\n"
        "-- migrate:down\n"
    )
    return Service("notes", "Notes of the tests.", ServiceSettings, folder, [router])


@pytest_asyncio.fixture(loop_scope="session")
async def url(migrated: Migrated, service: Service) -> str:
    return await migrated(service)


@pytest_asyncio.fixture(loop_scope="session")
async def client(url: str, service: Service, issuer: TestIssuer) -> AsyncIterator[httpx2.AsyncClient]:
    async with open_service_client(service, url, issuer) as client:
        yield client


@pytest.fixture
def member(issuer: TestIssuer) -> dict[str, str]:
    return issuer.bearer(Role.MEMBER, subject="m1") | {"Accept-Language": "en"}


async def notes(client: httpx2.AsyncClient) -> list[str]:
    texts: list[str] = (await client.get("/v1/notes")).json()
    return texts


def reaches() -> list[tuple[Role, int]]:
    return [(role, 201 if role in table_of([router])["POST", "/v1/notes"].roles else 403) for role in Role]


@pytest.mark.parametrize(("role", "status"), reaches())
async def test_table_of_routes_decides(client: httpx2.AsyncClient, issuer: TestIssuer, role: Role, status: int) -> None:
    answer = await client.post("/v1/notes", json={"text": "a"}, headers=issuer.bearer(role))
    assert answer.status_code == status


async def test_no_token_is_401_in_arabic_with_a_code(client: httpx2.AsyncClient) -> None:
    answer = await client.post("/v1/notes", json={"text": "a"})
    assert (answer.status_code, answer.json()["code"]) == (401, "missing_token")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "رمز" in answer.json()["detail"]
    assert ANONYMOUS.role == Role.PUBLIC


async def test_error_names_the_field_in_the_readers_language(
    client: httpx2.AsyncClient, member: dict[str, str]
) -> None:
    answer = await client.post("/v1/notes", json={"people": -1, "more": 1}, headers=member)
    assert answer.status_code == 422
    errors = {error["field"]: error["code"] for error in answer.json()["errors"]}
    assert errors == {"text": "missing", "people": "too_small", "more": "unknown_field"}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "malformed_body"),
        (b"", 422, "invalid"),
        (b'{"text": "\\ud800"}', 400, "malformed_body"),
        (b'{"text": "a\\u0000b"}', 422, "invalid"),
        (b'{"text": "a\\u009b2Jb"}', 422, "invalid"),
        (b'{"text": "\xff\xfe"}', 400, "malformed_body"),
        (b"[" * 200 + b"]" * 200, 422, "invalid"),
        (b"[" * 900 + b"]" * 900, 422, "invalid"),
        (b'{"text": "a", "people": 1.5}', 422, "invalid"),
        (b'{"text": "a", "people": NaN}', 400, "malformed_body"),
        (b'{"text": "' + b"a" * 3000 + b'"}', 413, "body_too_large"),
        (b'{"text": "a", "people": 99999999999999999999}', 422, "invalid"),
    ],
)
async def test_bad_body_is_refused_never_failed(
    client: httpx2.AsyncClient, member: dict[str, str], body: bytes, status: int, code: str
) -> None:
    answer = await client.post("/v1/notes", content=body, headers={**member, "Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await notes(client) == []


async def test_body_of_unknown_length_is_cut_at_the_limit(client: httpx2.AsyncClient, member: dict[str, str]) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(10_000):
            sent += 1000
            yield b" " * 1000

    answer = await client.post("/v1/notes", content=endless(), headers={**member, "Content-Type": "application/json"})
    assert answer.status_code == 413


@pytest.mark.parametrize("length", ["²", "9" * 5000, "9" * 18, "2001"])
async def test_announced_length_is_judged_without_being_trusted(
    client: httpx2.AsyncClient, member: dict[str, str], length: str
) -> None:
    headers = [
        *((name.encode(), value.encode()) for name, value in member.items()),
        (b"Content-Type", b"application/json"),
        (b"Content-Length", length.encode("latin-1")),
    ]
    answer = await client.post("/v1/notes", content=b"{}", headers=headers)
    assert answer.status_code == (413 if length.isascii() else 422)


async def test_errors_without_number_are_told_up_to_a_hundred(
    client: httpx2.AsyncClient, member: dict[str, str]
) -> None:
    body = {"text": "a", **{str(number): 0 for number in range(150)}}
    answer = await client.post("/v1/notes", json=body, headers=member)
    assert (answer.status_code, len(answer.json()["errors"])) == (422, 100)


async def test_other_content_type_is_415(client: httpx2.AsyncClient, member: dict[str, str]) -> None:
    answer = await client.post("/v1/notes", content=b"text=a", headers={**member, "Content-Type": "text/plain"})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_content_type")


async def test_refusal_and_failure_write_nothing_and_tell_nothing(
    client: httpx2.AsyncClient, member: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    refused = await client.post("/v1/notes", json={"text": "refuse"}, headers=member)
    failed = await client.post("/v1/notes", json={"text": "fail"}, headers=member)
    assert (refused.status_code, failed.status_code) == (404, 500)
    assert failed.json()["code"] == "internal"
    assert await notes(client) == []
    seen = failed.text + "".join(capfd.readouterr())
    assert "36.123456" not in seen


async def test_deadlock_is_tried_again(client: httpx2.AsyncClient, member: dict[str, str]) -> None:
    answer = await client.post("/v1/notes", json={"text": "deadlock"}, headers=member)
    assert answer.status_code == 201
    assert await notes(client) == ["deadlock"]


async def test_same_key_and_body_get_the_first_answer(client: httpx2.AsyncClient, member: dict[str, str]) -> None:
    keyed = {**member, "Idempotency-Key": "k1"}
    first = await client.post("/v1/notes", json={"text": "a"}, headers=keyed)
    again = await client.post("/v1/notes", json={"text": "a"}, headers=keyed)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["idempotency-replayed"] == "true"
    assert await notes(client) == ["a"]


async def test_same_key_other_body_is_422(client: httpx2.AsyncClient, member: dict[str, str]) -> None:
    keyed = {**member, "Idempotency-Key": "k1"}
    await client.post("/v1/notes", json={"text": "a"}, headers=keyed)
    other = await client.post("/v1/notes", json={"text": "b"}, headers=keyed)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")


async def test_same_key_of_another_client_is_another_key(
    client: httpx2.AsyncClient, member: dict[str, str], issuer: TestIssuer
) -> None:
    stranger = issuer.bearer(Role.MEMBER, subject="m2")
    await client.post("/v1/notes", json={"text": "a"}, headers={**member, "Idempotency-Key": "k1"})
    answer = await client.post("/v1/notes", json={"text": "b"}, headers={**stranger, "Idempotency-Key": "k1"})
    assert answer.status_code == 201


async def test_same_key_while_running_is_409_and_the_work_is_done_once(
    client: httpx2.AsyncClient, member: dict[str, str]
) -> None:
    keyed = {**member, "Idempotency-Key": "k1"}
    answers = await asyncio.gather(
        *[client.post("/v1/notes", json={"text": "slower"}, headers=keyed) for _ in range(3)]
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert await notes(client) == ["slower"]


async def test_refused_request_may_be_sent_again_with_its_key(
    client: httpx2.AsyncClient, member: dict[str, str]
) -> None:
    keyed = {**member, "Idempotency-Key": "k1"}
    assert (await client.post("/v1/notes", json={"text": "refuse"}, headers=keyed)).status_code == 404
    assert (await client.post("/v1/notes", json={"text": "a"}, headers=keyed)).status_code == 201


async def test_claim_left_by_a_killed_process_may_be_taken_again(
    client: httpx2.AsyncClient, member: dict[str, str], url: str
) -> None:
    keyed = {**member, "Idempotency-Key": "k1"}
    await client.post("/v1/notes", json={"text": "a"}, headers=keyed)
    connection = await asyncpg.connect(url)
    await connection.execute("update idempotency_key set status = null, claimed_at = now() - interval '3 seconds'")
    await connection.close()
    assert (await client.post("/v1/notes", json={"text": "a"}, headers=keyed)).status_code == 201


async def test_request_is_undone_where_another_answer_stands_by_then(
    client: httpx2.AsyncClient, member: dict[str, str], url: str
) -> None:
    keyed = {**member, "Idempotency-Key": "k1"}
    await client.post("/v1/notes", json={"text": "a"}, headers=keyed)
    connection = await asyncpg.connect(url)
    slow = asyncio.create_task(
        client.post("/v1/notes", json={"text": "slow"}, headers={**member, "Idempotency-Key": "k2"})
    )
    async for _ in tries():
        if await connection.fetchval("select count(*) from pg_locks where locktype = 'advisory'"):
            break
    await connection.execute(
        """
        insert into idempotency_key (client, key, request_hash, status, headers, body)
        select client, 'k2', request_hash, status, headers, body from idempotency_key
        """
    )
    await connection.close()
    first = await slow
    assert (first.status_code, first.json()["code"]) == (409, "still_running")
    assert await notes(client) == ["a"]


async def test_same_key_other_body_is_422_while_the_first_is_running(
    client: httpx2.AsyncClient, member: dict[str, str]
) -> None:
    keyed = {**member, "Idempotency-Key": "k1"}
    texts = ("slow", "slower")
    answers = await asyncio.gather(*[client.post("/v1/notes", json={"text": text}, headers=keyed) for text in texts])
    assert sorted(answer.status_code for answer in answers) == [201, 422]
    assert len(await notes(client)) == 1


async def test_claim_of_a_release_before_is_not_taken_before_its_work_can_have_begun(
    client: httpx2.AsyncClient, member: dict[str, str], url: str
) -> None:
    keyed = {**member, "Idempotency-Key": "k1"}
    await client.post("/v1/notes", json={"text": "a"}, headers=keyed)
    connection = await asyncpg.connect(url)
    await connection.execute("update idempotency_key set status = null, claimed_at = now()")
    await connection.close()
    assert (await client.post("/v1/notes", json={"text": "a"}, headers=keyed)).status_code == 409


async def test_request_keeps_its_claim_as_long_as_it_is_at_work(
    client: httpx2.AsyncClient, member: dict[str, str]
) -> None:
    keyed = {**member, "Idempotency-Key": "k1"}
    slow = asyncio.create_task(client.post("/v1/notes", json={"text": "slower"}, headers=keyed))
    await asyncio.sleep(2.4)
    second = await client.post("/v1/notes", json={"text": "slower"}, headers=keyed)
    first = await slow
    assert (first.status_code, second.status_code) == (201, 409)
    assert await notes(client) == ["slower"]


async def test_same_key_and_body_of_another_kind_is_another_request(
    client: httpx2.AsyncClient, member: dict[str, str]
) -> None:
    keyed = {**member, "Idempotency-Key": "k1"}
    await client.post("/v1/notes", content=b'{"text": "a"}', headers={**keyed, "Content-Type": "application/json"})
    utf_8 = {**keyed, "Content-Type": "application/json; charset=utf-8"}
    other = await client.post("/v1/notes", content=b'{"text": "a"}', headers=utf_8)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")


@pytest.mark.parametrize("swept", [False, True])
async def test_key_of_yesterday_is_free_again(
    client: httpx2.AsyncClient, member: dict[str, str], url: str, swept: bool
) -> None:
    keyed = {**member, "Idempotency-Key": "k1"}
    await client.post("/v1/notes", json={"text": "a"}, headers=keyed)
    await client.post("/v1/notes", json={"text": "b"}, headers={**member, "Idempotency-Key": "k2"})
    database = await Database.connect(url, application="tests")
    async with database.transaction() as tx:
        await tx.execute("update idempotency_key set claimed_at = now() - interval '25 hours' where key = 'k1'")
    if swept:
        await database.run(forget_old)
        async with database.connection() as connection:
            assert [row["key"] for row in await connection.fetch("select key from idempotency_key")] == ["k2"]
    await database.close()
    assert (await client.post("/v1/notes", json={"text": "c"}, headers=keyed)).status_code == 201
    assert await notes(client) == ["a", "b", "c"]


async def test_two_strangers_with_one_key_do_not_meet(client: httpx2.AsyncClient) -> None:
    keyed = {"Idempotency-Key": "1"}
    one = await client.post("/v1/wishes", json={"text": "a"}, headers=keyed)
    other = await client.post("/v1/wishes", json={"text": "b"}, headers=keyed)
    again = await client.post("/v1/wishes", json={"text": "a"}, headers=keyed)
    assert (one.status_code, other.status_code, again.content) == (201, 201, one.content)
    assert await notes(client) == ["a", "b"]


@pytest.mark.parametrize("key", ["", "a" * 201, "مفتاح"])
async def test_malformed_key_is_refused(client: httpx2.AsyncClient, member: dict[str, str], key: str) -> None:
    headers = httpx2.Headers({**member})
    headers["Idempotency-Key"] = key
    answer = await client.post("/v1/notes", json={"text": "a"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_key")


async def test_unknown_address_and_method_are_problems(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/v1/nothing")).json()["code"] == "not_found"
    refused = await client.delete("/v1/wishes")
    assert (refused.json()["code"], refused.headers["allow"]) == ("method_not_allowed", "OPTIONS, POST")


@asynccontextmanager
async def wire_to(url: str) -> AsyncIterator[tuple[str, asyncio.Event]]:
    """The database behind a wire of its own: no byte passes while the event is set."""
    parts = urlsplit(url)
    cut = asyncio.Event()
    open_wires: set[asyncio.StreamWriter] = set()

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(65536):
            if cut.is_set():
                break
            writer.write(chunk)
        writer.close()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if cut.is_set():
            writer.close()
            return
        there, back = await asyncio.open_connection(parts.hostname, parts.port)
        open_wires.update((writer, back))
        await asyncio.gather(copy(reader, back), copy(there, writer), return_exceptions=True)

    server = await asyncio.start_server(connect, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield url.replace(f":{parts.port}/", f":{port}/"), cut
    server.close()
    for writer in open_wires:
        writer.close()


async def test_database_out_of_reach_is_503_and_readiness_says_so(
    service: Service, issuer: TestIssuer, url: str, member: dict[str, str]
) -> None:
    async with wire_to(url) as (wired, cut), open_service_client(service, wired, issuer) as door:
        assert (await door.get("/readyz")).status_code == 200
        assert (await door.get("/healthz")).status_code == 200
        assert b"tansiq_http_request_seconds" in (await door.get("/metrics")).content
        cut.set()
        assert (await door.get("/readyz")).status_code == 503
        for _ in range(3):
            answer = await door.post("/v1/notes", json={"text": "a"}, headers=member)
            assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
            assert answer.headers["retry-after"] == "1"
        cut.clear()
        assert (await door.post("/v1/notes", json={"text": "a"}, headers=member)).status_code == 201


def test_route_without_its_rule_keeps_the_process_from_starting(service: Service) -> None:
    for kind in (TransactionalRoute, APIRoute):
        forgotten = APIRouter(route_class=kind)
        forgotten.add_api_route("/v1/others", lambda: None, name="others")
        bare = replace(service, routers=[*service.routers, forgotten])
        with pytest.raises(RouteWithoutRule, match="others"):
            build(bare, settings_of(bare, "postgresql://nowhere"))
