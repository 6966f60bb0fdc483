"""Documents that grow when they are walked, over HTTP and the socket: an answer comes soon, and nobody else waits."""

import asyncio
import gc
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx2
import orjson
import pytest
import pytest_asyncio
from gateway.graph.documents import Documents
from gateway.graph.schema import graph
from gateway.graph.selection import SelectionContext
from gateway.main import build
from runtime.access import Role
from runtime.problems import Refusal
from testkit.ports import listening
from testkit.trust import TestIssuer
from websockets.asyncio.client import connect

from .conftest import filled_memory, settings_of
from .long_documents import DOCUMENTS, VARIABLES
from .subscribing import PROTOCOL, Client

ANSWERED_SECONDS = 3.0
"""Of processor time, which holds on a busy machine: a tenth is usual; what this is about takes minutes, or for ever."""
WAITED_SECONDS = 2.0
"""What may be spent while a small question beside it waits."""


@pytest.fixture(autouse=True)
def ended_in_time() -> Iterator[None]:
    """A loop that is held does not hear that its time is over; a signal interrupts it."""

    def end(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(240)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def client(issuer: TestIssuer) -> AsyncIterator[httpx2.AsyncClient]:
    app = build(settings_of(), memory=filled_memory(), load_keys=issuer.load_keys())
    gc.freeze()  # what other tests left behind is not walked through here, as it would not be in a process of its own
    async with listening(app) as address, httpx2.AsyncClient(base_url=address, timeout=60) as client:
        yield client
    gc.unfreeze()


@dataclass
class Slowest:
    """The longest that small questions took which were asked meanwhile."""

    seconds: float = 0.0
    count: int = 0


@asynccontextmanager
async def small_questions(client: httpx2.AsyncClient, bearer: dict[str, str]) -> AsyncIterator[Slowest]:
    """Each new to the door, so that it is read, not remembered."""
    seen = Slowest()

    asked_enough = asyncio.Event()

    async def ask() -> None:
        while not (asked_enough.is_set() and seen.count):
            started = time.process_time()
            query = {"query": f"{{ sectors {{ c{seen.count}: code }} }}"}
            said = await client.post("/graphql", json=query, headers=bearer)
            alive = await client.get("/healthz")
            assert (len(said.json()["data"]["sectors"]), alive.status_code) == (2, 200)
            seen.seconds = max(seen.seconds, time.process_time() - started)
            seen.count += 1
            await asyncio.sleep(0.005)

    asking = asyncio.create_task(ask())
    try:
        yield seen
    finally:
        asked_enough.set()
        await asking


@asynccontextmanager
async def long_questions(client: httpx2.AsyncClient, bearer: dict[str, str]) -> AsyncIterator[Slowest]:
    """Of somebody else, each new, too long to be read at once."""
    seen = Slowest()

    async def ask() -> None:
        while True:
            text = "{ sectors { " + " ".join(f"...{{ code }} # {seen.count}\n" for _ in range(60)) + "} }"
            said = await client.post("/graphql", json={"query": text}, headers=bearer)
            assert len(said.json()["data"]["sectors"]) == 2
            seen.count += 1

    asking = asyncio.create_task(ask())
    yield seen
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)


def bodies() -> list[Any]:
    asked = {name: {"query": text, "variables": {"v": True}} for name, text in DOCUMENTS.items()}
    asked |= {
        f"variable-{name}": {"query": text, "variables": {"f": value}} for name, (text, value) in VARIABLES.items()
    }
    return [pytest.param(orjson.dumps(body), id=name) for name, body in asked.items()]


@pytest.mark.parametrize("body", bodies())
async def test_a_document_of_any_shape_is_answered_soon_and_nobody_waits(
    client: httpx2.AsyncClient, issuer: TestIssuer, body: bytes
) -> None:
    bearer = issuer.bearer(Role.MEMBER)
    headers = {**bearer, "Content-Type": "application/json"}
    async with small_questions(client, bearer) as small, asyncio.timeout(10):
        started = time.process_time()
        answer = await client.post("/graphql", content=body, headers=headers)
        seconds = time.process_time() - started
    assert seconds < ANSWERED_SECONDS
    assert small.seconds < WAITED_SECONDS
    assert answer.status_code == 200
    assert len(answer.content) < 64 * 1024
    assert {"internal"}.isdisjoint(error["extensions"]["code"] for error in answer.json().get("errors", ()))


async def test_all_of_them_at_once_over_the_socket(client: httpx2.AsyncClient, issuer: TestIssuer) -> None:
    bearer = issuer.bearer(Role.MEMBER)
    address = str(client.base_url).replace("http", "ws").rstrip("/") + "/graphql"
    async with (
        connect(address, subprotocols=[PROTOCOL], additional_headers=bearer, proxy=None) as websocket,
        small_questions(client, bearer) as small,
        asyncio.timeout(240),
    ):
        speaking = Client(websocket)
        await speaking.say(type="connection_init")
        assert await speaking.hear() == {"type": "connection_ack"}
        for name, text in DOCUMENTS.items():
            if "wide-list" in name:  # a stream: it would wait for alerts
                continue
            started = time.process_time()
            await speaking.subscribe(text, name, v=True)
            said = await speaking.hear()
            assert (said["id"], said["type"] in ("next", "error")) == (name, True)
            assert time.process_time() - started < ANSWERED_SECONDS, name
            if said["type"] == "next":
                assert await speaking.hear() == {"type": "complete", "id": name}
    assert small.seconds < WAITED_SECONDS


async def test_many_of_the_longest_at_once_hold_nobody_up(client: httpx2.AsyncClient, issuer: TestIssuer) -> None:
    bearer = issuer.bearer(Role.MEMBER)
    longest = [f"{DOCUMENTS['many-fragments']} # {number}" for number in range(8)]
    async with small_questions(client, bearer) as small, long_questions(client, issuer.bearer(Role.HUB)) as others:
        posts = [client.post("/graphql", json={"query": text}, headers=bearer) for text in longest]
        answers = await asyncio.gather(*posts)
    assert {answer.status_code for answer in answers} == {200}
    assert small.seconds < WAITED_SECONDS
    assert others.count > 1  # whose turn comes between those of who asks for so much


@dataclass
class Walked:
    """Counts the fields that a scope hands out."""

    fields: int = 0
    names: list[str] = field(default_factory=list)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_is_let_through_is_walked_in_few_steps(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    walked = Walked()
    flat = SelectionContext._flat

    def counted(self: SelectionContext, *arguments: Any) -> Iterator[Any]:
        for node in flat(self, *arguments):
            walked.fields += 1
            yield node

    monkeypatch.setattr(SelectionContext, "_flat", counted)
    schema = graph()._schema
    with suppress(Refusal):
        document = Documents(schema)._read(DOCUMENTS[name], False)
        for operation in document.operations.values():
            operation.plan(schema, dict.fromkeys(operation.extent.conditions, True))
    assert walked.fields < 40_000
