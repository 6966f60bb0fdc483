"""Processes of a service, started as an operator starts them."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from unittest.mock import ANY
from uuid import uuid4

import httpx2
import pytest
import pytest_asyncio
from contracts.codes import ScopeChanged
from contracts.operations import DEAD_LETTERS
from local.ports import free_ports
from messaging import Kafka
from messaging.broker import Message
from messaging.client import AIOKAFKA
from testkit.patience import tries
from testkit.plugin import DatabaseFactory
from testkit.raw import line_to

SOURCE = """
import asyncio
from pathlib import Path
from contracts.codes import ScopeChanged
from fastapi import APIRouter, Request
from messaging import Projection
from runtime.access import EVERYONE, Rule
from runtime.routing import TransactionalRoute, Tx
from runtime.process import main
from runtime.service import Service
from runtime.settings import ServiceSettings

router = APIRouter(route_class=TransactionalRoute)

@router.post("/v1/notes")
@Rule(EVERYONE)
async def slow(request: Request, tx: Tx) -> dict[str, int]:
    (request.app.state.settings.spool_dir / "taken").touch()
    number = await tx.fetchval("insert into note default values returning number")
    await asyncio.sleep(1)
    return {"number": number}

@router.delete("/v1/notes")
@Rule(EVERYONE)
async def breaking(tx: Tx) -> None:
    await tx.execute("create temp table person (phone text, name text not null)")
    await tx.execute("insert into person values ($1, null)", "+963944000111")

@router.get("/v1/notes")
@Rule(EVERYONE)
async def count(tx: Tx) -> int:
    return await tx.fetchval("select count(*) from note")

async def job(worker, stop) -> None:
    while not stop.is_set():
        if (worker.settings.spool_dir / "break").exists():
            raise RuntimeError("a part broke")
        await asyncio.sleep(0.05)
    (worker.settings.spool_dir / "finished").touch()

async def on_scope_changed(tx, scopes) -> None:
    pass

SERVICE = Service("notes", "Notes.", ServiceSettings, Path(__file__).parent, [router],
    projection=Projection(events={ScopeChanged: on_scope_changed}), queues=[job])

if __name__ == "__main__":
    main(SERVICE)
"""
MIGRATION = """-- migrate:up
create table note (number bigint generated always as identity primary key);
-- migrate:down
"""
Started = tuple[asyncio.subprocess.Process, str]
Start = Callable[[str], AbstractAsyncContextManager[Started]]


@pytest_asyncio.fixture(loop_scope="session")
async def environment(tmp_path: Path, database_url: DatabaseFactory, kafka_bootstrap: str) -> dict[str, str]:
    (tmp_path / "notes.py").write_text(SOURCE)
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "0101_notes.sql").write_text(MIGRATION)
    return {
        **os.environ,
        "TANSIQ_DATABASE_URL": await database_url(),
        "TANSIQ_KAFKA_BOOTSTRAP": kafka_bootstrap,
        "TANSIQ_TOPIC_PREFIX": f"process{uuid4().hex[:8]}",
        "TANSIQ_ISSUER": "http://tansiq.test",
        "TANSIQ_JWKS_URL": "http://127.0.0.1:1/jwks",
        "TANSIQ_CURSOR_KEY": "c" * 32,
        "TANSIQ_SPOOL_DIR": str(tmp_path),
    }


async def run(environment: dict[str, str], word: str) -> tuple[int, str]:
    script = str(Path(environment["TANSIQ_SPOOL_DIR"]) / "notes.py")
    process = await asyncio.create_subprocess_exec(
        sys.executable, script, word, env={**environment, "TANSIQ_PORT": "1"}, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    return process.returncode or 0, said.decode()


@pytest_asyncio.fixture(loop_scope="session")
async def start(environment: dict[str, str]) -> Start:
    assert (await run(environment, "migrate")) == (0, "")

    @asynccontextmanager
    async def started(word: str) -> AsyncIterator[Started]:
        port = free_ports(["notes"])["notes"]
        script = str(Path(environment["TANSIQ_SPOOL_DIR"]) / "notes.py")
        with (Path(environment["TANSIQ_SPOOL_DIR"]) / "said").open("ab") as said:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                script,
                *word.split(),
                env={**environment, "TANSIQ_PORT": str(port)},
                stdout=said,
                stderr=said,
            )
        address = f"http://127.0.0.1:{port}"
        try:
            await until_ready(address)
            yield process, address
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()

    return started


async def until_ready(address: str) -> None:
    async with httpx2.AsyncClient(trust_env=False) as client:
        async for _ in tries(apart=0.05):
            with suppress(httpx2.TransportError):
                if (await client.get(f"{address}/readyz")).status_code == 200:
                    return
    raise TimeoutError


async def test_api_told_to_stop_finishes_the_request_it_took(start: Start, environment: dict[str, str]) -> None:
    async with start("api") as (process, address), httpx2.AsyncClient(base_url=address, trust_env=False) as client:
        answering = asyncio.create_task(client.post("/v1/notes"))
        async for _ in tries():
            if (Path(environment["TANSIQ_SPOOL_DIR"]) / "taken").exists():
                break
        process.send_signal(signal.SIGTERM)
        answer = await answering
        assert (answer.status_code, answer.json()) == (200, {"number": 1})
        await asyncio.wait_for(process.wait(), 60)
    async with start("api") as (_, address), httpx2.AsyncClient(base_url=address, trust_env=False) as client:
        assert (await client.get("/v1/notes")).json() == 1


async def asked(address: str, method: str, path: str) -> tuple[int, str]:
    async with httpx2.AsyncClient(trust_env=False) as client:
        answer = await client.request(method, address + path)
    return answer.status_code, answer.text


async def test_log_of_a_failure_quotes_no_row(start: Start, environment: dict[str, str]) -> None:
    async with start("api") as (_, address):
        assert await asked(address, "DELETE", "/v1/notes") == (500, ANY)
        _, writer = await asyncio.open_connection("127.0.0.1", httpx2.URL(address).port)
        writer.write(
            b"POST /v1/notes HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"
        )
        await writer.drain()
        writer.close()
        _, metrics = await asked(address, "GET", "/metrics")
    said = (Path(environment["TANSIQ_SPOOL_DIR"]) / "said").read_text()
    assert "NotNullViolationError" in said
    assert "944000111" not in said
    assert "ClientDisconnect" not in said
    assert 'tansiq_http_failures_total{route="/v1/notes"} 1.0' in metrics


@pytest.mark.parametrize("word", ["api", "worker", "jobs", "api worker"])
async def test_every_process_bounds_what_it_is_sent(start: Start, environment: dict[str, str], word: str) -> None:
    environment["TANSIQ_HEAD_SECONDS"] = "1"
    async with start(word) as (_, address):
        for sent, status in (
            (b"GET /healthz HTTP/1.1\r\n\r\n", 400),
            (b"GET /" + b"a" * 20_000, 414),
            (b"GET /hea", 408),
        ):
            async with line_to(address) as line:
                await line.send(sent)
                assert (await line.answer(within=5)).status == status


async def test_one_process_may_be_all_of_a_service(start: Start, environment: dict[str, str]) -> None:
    async with (
        start("api worker") as (process, address),
        httpx2.AsyncClient(base_url=address, trust_env=False) as client,
    ):
        answering = asyncio.create_task(client.post("/v1/notes"))
        async for _ in tries():
            if (Path(environment["TANSIQ_SPOOL_DIR"]) / "taken").exists():
                break
        process.send_signal(signal.SIGTERM)
        assert (await answering).json() == {"number": 1}
        assert await asyncio.wait_for(process.wait(), 60) == 0
    assert (Path(environment["TANSIQ_SPOOL_DIR"]) / "finished").exists()


@pytest.mark.parametrize("word", ["worker", "api worker jobs"])
async def test_worker_told_to_stop_lets_its_jobs_finish(start: Start, environment: dict[str, str], word: str) -> None:
    async with start(word) as (process, _):
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 60) == 0
    assert (Path(environment["TANSIQ_SPOOL_DIR"]) / "finished").exists()


async def test_worker_whose_part_breaks_ends_so_that_it_is_started_anew(
    start: Start, environment: dict[str, str]
) -> None:
    async with start("worker") as (process, _):
        (Path(environment["TANSIQ_SPOOL_DIR"]) / "break").touch()
        assert await asyncio.wait_for(process.wait(), 60) == 1


async def test_worker_that_only_hears_publishes_its_dead_letters(start: Start, environment: dict[str, str]) -> None:
    kafka = Kafka(environment["TANSIQ_KAFKA_BOOTSTRAP"], prefix=environment["TANSIQ_TOPIC_PREFIX"])
    async with start("worker"):
        publisher = await AIOKAFKA.publisher(kafka, "poisoner")
        await publisher.publish([Message(kafka.name(ScopeChanged.topic), b"poison", b"{", [])])
        await publisher.close()
        reader = await AIOKAFKA.reader(kafka, [DEAD_LETTERS])
        for partition in reader.assigned():
            reader.seek(partition, 0)
        async with asyncio.timeout(60):
            while not (found := await reader.poll(0.2, 10)):
                pass
        await reader.close()
    assert [record.key for batch in found.values() for record in batch.records] == [b"poison"]


async def test_unknown_word_and_bad_setting_end_with_a_sentence(environment: dict[str, str]) -> None:
    status, said = await run(environment, "dance")
    assert status == 2
    assert "api|worker" in said
    status, said = await run({**environment, "TANSIQ_KAFKA_REPLICATION": "none"}, "api")
    assert status == 2
    assert said.startswith("TANSIQ_KAFKA_REPLICATION:")


async def test_migrating_twice_changes_nothing(environment: dict[str, str]) -> None:
    assert await run(environment, "migrate") == (0, "")
    assert await run(environment, "migrate") == (0, "")
