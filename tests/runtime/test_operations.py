"""What an operator may ask of a service: its dead letters, its dead jobs and a replay, each of them written down."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import pytest
import pytest_asyncio
from contracts.codes import ScopeChanged
from contracts.values import Names
from database import Transaction
from fastapi import APIRouter
from messaging import Projection
from runtime import operations
from runtime.access import Role
from runtime.routing import TransactionalRoute, table_of
from runtime.service import Service
from runtime.settings import ServiceSettings
from testkit.service_clients import open_service_client
from testkit.services import Migrated
from testkit.trust import TestIssuer

CANARY = "Canary scope 36.123456"
TABLES = """-- migrate:up
create table scope (code text primary key);
-- migrate:down
"""


async def on_scope_changed(tx: Transaction, events: Sequence[ScopeChanged]) -> None:
    for event in events:
        if event.code == "broken":
            raise ValueError("it can't be taken")
        await tx.execute("insert into scope values ($1) on conflict do nothing", event.code)


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    folder: Path = tmp_path_factory.mktemp("hearing")
    (folder / "migrations").mkdir()
    (folder / "migrations" / "0101_scope.sql").write_text(TABLES)
    handlers: dict[Any, Any] = {ScopeChanged: on_scope_changed}
    nothing = APIRouter(route_class=TransactionalRoute)
    return Service(
        "hearing",
        "Hears.",
        ServiceSettings,
        folder,
        [nothing],
        projection=Projection(events=handlers, tables=["scope"]),
    )


@dataclass
class Stage:
    """The door of a service that hears of scopes, with its database beside it."""

    door: httpx2.AsyncClient
    connection: "asyncpg.Connection[asyncpg.Record]"
    issuer: TestIssuer

    async def ask(self, method: str, path: str, role: Role = Role.SECRETARIAT) -> httpx2.Response:
        headers = {} if role is Role.PUBLIC else self.issuer.bearer(role, subject="operator")
        return await self.door.request(method, f"/v1/operations/{path}", headers=headers)

    async def buried(self, code: str) -> int:
        """A dead letter about a scope, as the consumer would have kept it."""
        event = ScopeChanged(
            version=1, code=code, names=Names(en=CANARY), country="SY", areas=("SY07",), active_from=None
        )
        number: int = await self.connection.fetchval(
            """
            insert into dead_letter (consumer, topic, partition, record_offset, key, type, version, payload, cause,
                                     header_names, header_values)
            select 'hearing', $1, 0, count(*), $2, $3, 1, $4, 'its cause',
                   array['ce_type'], array[convert_to($3, 'UTF8')]
              from dead_letter returning number
            """,
            ScopeChanged.topic.noun,
            code.encode(),
            event.type,
            event.model_dump_json().encode(),
        )
        return number

    async def given_up(self, key: str) -> str:
        """A dead job, as the worker would have left it."""
        return str(
            await self.connection.fetchval(
                """
                insert into job (queue, key, payload, cause, failures, died_at)
                values ('letters', $1, jsonb_build_object('said', $2::text), 'its cause', 3, now()) returning id
                """,
                key,
                CANARY,
            )
        )

    async def written_down(self) -> list[tuple[str, str, str]]:
        rows = await self.connection.fetch("select subject, action, object from audit_entry order by number")
        return [(row["subject"], row["action"], row["object"]) for row in rows]


@pytest_asyncio.fixture(loop_scope="session")
async def stage(migrated: Migrated, service: Service, issuer: TestIssuer) -> AsyncIterator[Stage]:
    url = await migrated(service)
    connection = await asyncpg.connect(url)
    async with open_service_client(service, url, issuer) as door:
        yield Stage(door, connection, issuer)
    await connection.close()


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("route", table_of([operations.router]), ids=" ".join)
async def test_operations_are_the_secretariats_alone(stage: Stage, route: tuple[str, str], role: Role) -> None:
    dead = {"number": await stage.buried("SY"), "id": await stage.given_up("a")}
    method, path = route[0], route[1].removeprefix("/v1/operations/").format(**dead)
    answer = await stage.ask(method, path, role)
    refused = {Role.PUBLIC: 401, Role.SECRETARIAT: None}.get(role, 403)
    assert answer.status_code == refused if refused else answer.is_success
    assert bool(await stage.written_down()) == (role is Role.SECRETARIAT and method != "GET")


async def test_dead_letters_are_listed_oldest_first_without_what_they_say(stage: Stage) -> None:
    numbers = [await stage.buried(code) for code in ("SY", "LB", "IQ")]
    answer = await stage.ask("GET", "dead-letters?first=2")
    assert [(item["number"], item["key"]) for item in answer.json()["items"]] == [
        (numbers[0], "SY"),
        (numbers[1], "LB"),
    ]
    assert CANARY not in answer.text
    rest = (await stage.ask("GET", f"dead-letters?first=2&after={answer.json()['next']}")).json()
    assert ([item["key"] for item in rest["items"]], rest["next"]) == (["IQ"], None)


async def test_retried_dead_letter_is_taken_once_and_written_down(stage: Stage) -> None:
    number = await stage.buried("SY")
    answer = await stage.ask("POST", f"dead-letters/{number}/retry")
    assert (answer.status_code, answer.json()) == (200, {"number": number, "outcome": "taken"})
    assert [row["code"] for row in await stage.connection.fetch("select code from scope")] == ["SY"]
    assert (await stage.ask("POST", f"dead-letters/{number}/retry")).status_code == 404
    assert await stage.written_down() == [("operator", "dead_letter.retry", f"dead_letter:{number}")]


async def test_dead_letter_that_fails_again_stays_and_says_why(stage: Stage) -> None:
    number = await stage.buried("broken")
    answer = await stage.ask("POST", f"dead-letters/{number}/retry")
    assert answer.json()["outcome"] == "ValueError: it can't be taken"
    [item] = (await stage.ask("GET", "dead-letters")).json()["items"]
    assert (item["number"], item["attempts"]) == (number, 2)


async def test_dead_jobs_are_listed_oldest_first_without_what_they_hold(stage: Stage) -> None:
    ids = [await stage.given_up(key) for key in "abc"]
    answer = await stage.ask("GET", "dead-jobs?first=2")
    assert [(item["id"], item["key"], item["cause"]) for item in answer.json()["items"]] == [
        (ids[0], "a", "its cause"),
        (ids[1], "b", "its cause"),
    ]
    assert CANARY not in answer.text


async def test_retried_dead_job_is_due_again_and_written_down(stage: Stage) -> None:
    id = await stage.given_up("a")
    answer = await stage.ask("POST", f"dead-jobs/{id}/retry")
    assert (answer.status_code, answer.json()) == (200, {"id": id, "outcome": "put"})
    row = await stage.connection.fetchrow("select failures, died_at, due_at <= now() as due from job")
    assert tuple(row or ()) == (0, None, True)
    assert (await stage.ask("POST", f"dead-jobs/{id}/retry")).status_code == 404
    assert await stage.written_down() == [("operator", "dead_job.retry", f"dead_job:{id}")]


async def test_dropped_dead_job_is_gone_and_written_down(stage: Stage) -> None:
    id = await stage.given_up("a")
    assert (await stage.ask("DELETE", f"dead-jobs/{id}")).status_code == 204
    assert (await stage.ask("DELETE", f"dead-jobs/{id}")).status_code == 404
    assert await stage.connection.fetch("select from job") == []
    assert await stage.written_down() == [("operator", "dead_job.drop", f"dead_job:{id}")]


async def test_dropped_dead_letter_is_gone_and_written_down(stage: Stage) -> None:
    number = await stage.buried("SY")
    assert (await stage.ask("DELETE", f"dead-letters/{number}")).status_code == 204
    assert (await stage.ask("DELETE", f"dead-letters/{number}")).status_code == 404
    assert (await stage.ask("GET", "dead-letters")).json()["items"] == []
    assert await stage.connection.fetch("select code from scope") == []
    assert await stage.written_down() == [("operator", "dead_letter.drop", f"dead_letter:{number}")]


async def test_replay_starts_anew_beside_what_answers_and_is_written_down(stage: Stage) -> None:
    await stage.connection.execute("insert into scope values ('SY')")
    await stage.connection.execute("insert into consumer_offset values ('hearing', 'registry.scopes', 0, 7, 1)")
    answer = await stage.ask("POST", "replay")
    assert (answer.status_code, answer.json()) == (202, {"consumer": "hearing", "state": "rebuilding"})
    assert [row["code"] for row in await stage.connection.fetch("select code from scope")] == ["SY"]
    for table in ("scope", "consumer_offset"):
        assert await stage.connection.fetch(f"select from rebuilding_hearing.{table}") == []
    assert await stage.written_down() == [("operator", "replay", "consumer:hearing")]


@pytest.mark.parametrize("number", ["0", "-1", "x", str(2**63), "9" * 40])
async def test_number_that_is_none_is_refused(stage: Stage, number: str) -> None:
    for method, path in (("POST", f"dead-letters/{number}/retry"), ("DELETE", f"dead-letters/{number}")):
        assert (await stage.ask(method, path)).status_code == 422
