"""A list that is declared once: rows for partners, columns for the gateway, refusals alike."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import pytest
import pytest_asyncio
from contracts.nouns import Filter, Noun, Row
from contracts.sensitivity import Low
from contracts.text import Line
from database import Transaction
from fastapi import APIRouter
from runtime.access import Extent, Reader, Role, Rule
from runtime.listing import Listing, Page, PageRequest
from runtime.reading import list_route
from runtime.routing import TransactionalRoute
from runtime.service import Service
from runtime.settings import ServiceSettings
from runtime.visibility import OPEN
from testkit.service_clients import open_service_client
from testkit.services import Migrated
from testkit.trust import TestIssuer


class Note(Row):
    number: Low[int]
    text: Low[str]


class NoteFilter(Filter):
    above: int | None = None
    text: Line | None = None
    number: int | None = None


async def find(tx: Transaction, _: Reader, filter: NoteFilter, part: PageRequest) -> Page:
    if filter.text == "fail":
        raise RuntimeError("canary 36.123456")
    if filter.text == "away":
        raise asyncpg.CannotConnectNowError("starting")
    if filter.text == "planned":
        return Page([{"number": 1, "text": await tx.fetchval("show plan_cache_mode")}], ("number",), has_next=False)
    behind = part.after[0] if part.after else filter.above or 0
    rows = await tx.fetch(
        "select n as number, 'note ' || n as text from generate_series($1::int + 1, 7) as n limit $2",
        behind,
        part.first + 1,
    )
    return Page.of([dict(row) for row in rows], first=part.first, sort=("number",))


NOTES = Noun("notes", "listed", Note, NoteFilter, ("number",), key=("number",))
LIST = Listing(
    NOTES,
    find,
    Rule({Role.MEMBER: Extent.OWN}, largest_body=2000),
    visibility=OPEN,
    plans_once=lambda filter: filter.above == 0,
)
router = APIRouter(route_class=TransactionalRoute)


list_route(router, "/v1/notes", LIST, "Notes.")


@dataclass
class ServiceClient:
    client: httpx2.AsyncClient
    issuer: TestIssuer

    async def rows(self, **query: Any) -> Any:
        headers = self.issuer.bearer(Role.MEMBER)
        return (await self.client.get("/v1/notes", params=query, headers=headers)).json()

    async def ask(self, question: Any, role: Role = Role.MEMBER, **sent: Any) -> httpx2.Response:
        headers = {**self.issuer.bearer(role), "Accept-Language": "en", **sent.pop("headers", {})}
        body = sent or {"json": question}
        return await self.client.post("/internal/notes/query", headers=headers, **body)

    async def columns(self, **question: Any) -> Any:
        return (await self.ask({"columns": ["number"], "filter": {}, **question})).json()


@pytest_asyncio.fixture(loop_scope="session")
async def client(
    migrated: Migrated, issuer: TestIssuer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ServiceClient]:
    folder: Path = tmp_path_factory.mktemp("listing")
    (folder / "migrations").mkdir()
    service = Service("listed", "Notes.", ServiceSettings, folder, [router], [LIST])
    async with open_service_client(service, await migrated(service), issuer) as client:
        yield ServiceClient(client, issuer)


async def test_rows_and_columns_are_the_same_list(client: ServiceClient) -> None:
    rows, columns = await client.rows(first=3), await client.columns(columns=["text", "number"], first=3)
    assert rows["items"] == [{"number": n, "text": f"note {n}"} for n in (1, 2, 3)]
    assert columns["columns"] == {"text": ["note 1", "note 2", "note 3"], "number": [1, 2, 3]}
    assert columns["has_next"]
    assert columns["cursors"][-1] == rows["next"]
    further = await client.columns(after=rows["next"], filter={})
    assert (further["columns"], further["has_next"]) == ({"number": [4, 5, 6, 7]}, False)


@pytest.mark.parametrize(("which", "first", "count"), [("each", 3, 3), ("ends", 3, 2), ("ends", 1, 1), ("none", 3, 0)])
async def test_cursors_are_made_of_the_rows_that_are_named(
    client: ServiceClient, which: str, first: int, count: int
) -> None:
    each = (await client.columns(first=3, cursors="each"))["cursors"]
    told = (await client.columns(first=first, cursors=which))["cursors"]
    assert told == [*each[:first][: count - 1], *each[:first][-1:]][:count]


async def test_a_cursor_is_bound_to_the_filter_and_the_reader(client: ServiceClient) -> None:
    cursor = (await client.rows(first=3))["next"]
    assert (await client.columns(after=cursor, filter={"above": 1}))["code"] == "invalid_cursor"
    other = client.issuer.bearer(Role.MEMBER, areas=["SY07"])
    question = {"columns": ["number"], "filter": {}, "after": cursor}
    assert (await client.ask(question, headers=other)).json()["code"] == "invalid_cursor"


@pytest.mark.parametrize(
    ("question", "status", "code", "field"),
    [
        ({"columns": ["number"], "filter": {"colour": "red"}}, 422, "unknown_field", "filter.colour"),
        ({"columns": ["number"], "filter": {"above": "x"}}, 422, "not_whole", "filter.above"),
        ({"columns": ["number"]}, 422, "missing", "filter"),
        ({"columns": [], "filter": {}}, 422, None, "columns"),
        ({"columns": ["number"], "filter": {}, "first": 501}, 422, "too_large", "first"),
        ({"columns": ["number", "secret"], "filter": {}}, 422, "unknown_column", "columns"),
        ([], 422, None, None),
    ],
)
async def test_a_bad_question_names_its_field(
    client: ServiceClient, question: Any, status: int, code: str | None, field: str | None
) -> None:
    answer = await client.ask(question)
    assert answer.status_code == status
    [error] = answer.json()["errors"]
    assert error.get("field") == field
    assert code in (None, error["code"])


async def test_a_question_is_let_in_as_any_request(client: ServiceClient) -> None:
    question = {"columns": ["number"], "filter": {}}
    assert (await client.client.post("/internal/notes/query", json=question)).json()["code"] == "missing_token"
    assert (await client.ask(question, Role.HUB)).json()["code"] == "not_permitted"
    assert (await client.ask(None, content=b"{")).json()["code"] == "unsupported_content_type"
    as_json = {"Content-Type": "application/json"}
    assert (await client.ask(None, content=b"{", headers=as_json)).json()["code"] == "malformed_body"
    assert (await client.ask(None, content=b"[" * 3000, headers=as_json)).status_code == 413

    async def piecemeal() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield b" " * 100

    assert (await client.ask(None, content=piecemeal(), headers=as_json)).status_code == 413
    other = await client.client.get("/internal/notes/query")
    assert (other.status_code, other.headers["allow"]) == (405, "OPTIONS, POST")


async def test_a_row_by_its_key_and_what_one_index_holds_are_planned_once(client: ServiceClient) -> None:
    async def planned(**filter: int) -> str:
        asked = await client.columns(columns=["text"], filter={"text": "planned", **filter})
        return str(asked["columns"]["text"][0])

    once, each_time = "force_generic_plan", "force_custom_plan"
    assert [await planned(), await planned(above=1)] == [each_time] * 2
    assert [await planned(number=1), await planned(above=0)] == [once] * 2


async def test_what_fails_is_told_without_its_words(client: ServiceClient, capfd: pytest.CaptureFixture[str]) -> None:
    failed = await client.ask({"columns": ["number"], "filter": {"text": "fail"}})
    assert (failed.status_code, failed.json()["code"]) == (500, "internal")
    away = await client.ask({"columns": ["number"], "filter": {"text": "away"}})
    assert (away.status_code, away.json()["code"], away.headers["retry-after"]) == (503, "unavailable", "1")
    assert "canary" not in failed.text + "".join(capfd.readouterr())
