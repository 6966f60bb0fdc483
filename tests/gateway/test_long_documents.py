"""Documents that grow when they are walked, over HTTP and the socket: an answer comes soon, and nobody else waits."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx2
import orjson
import pytest
import pytest_asyncio
from gateway.graph.documents import Documents
from gateway.graph.schema import graph
from gateway.graph.selection import Scope
from gateway.main import build
from runtime.access import Role
from runtime.problems import Refusal
from testkit.ports import listening
from testkit.trust import TestIssuer
from websockets.asyncio.client import connect

from .conftest import filled_memory, settings_of
from .subscribing import PROTOCOL, Client

ANSWERED_SECONDS = 2.0
"""A hundredth of a second is usual where little else runs; what this is about takes minutes or for ever."""
WAITED_SECONDS = 1.0
"""What a small question beside it may take."""
AREA = 'area(country: "SY", pcode: "SY070004")'


def chain(levels: int, on: str, inside: str, last: str) -> str:
    """Fragments of which each spreads the next as `inside` says."""
    each = " ".join(f"fragment a{n} on {on} {{ {inside.replace('NEXT', f'...a{n + 1}')} }}" for n in range(levels))
    return f"{each} fragment a{levels} on {on} {{ {last} }}"


def complete(count: int, field: str) -> str:
    """Fragments of which each spreads all behind it, as many as one selection may."""
    return " ".join(
        f"fragment a{n} on Query {{ {field} {' '.join(f'...a{m}' for m in range(n + 1, count))} }}"
        for n in range(count)
    )


def documents() -> Iterator[tuple[str, str]]:
    for levels in (23, 40, 120):
        yield f"doubling-{levels}", "{ ...a0 } " + chain(levels, "Query", "NEXT NEXT", "__typename")
    yield "doubling-inline", "{ ...a0 } " + chain(60, "Query", "... { NEXT } ... on Query { NEXT }", "__typename")
    yield (
        "doubling-condition",
        ("query ($v: Boolean!) { ...a0 } " + chain(60, "Query", "... @skip(if: $v) { NEXT } NEXT", "__typename")),
    )
    yield "doubling-below", f"{{ {AREA} {{ ...a0 }} }} " + chain(60, "Area", "parent { NEXT } parent { NEXT }", "pcode")
    yield (
        "doubling-aliases",
        f"{{ {AREA} {{ ...a0 }} }} " + chain(8, "Area", "a: parent { NEXT } b: parent { NEXT }", "pcode"),
    )
    yield "doubling-introspection", "{ ...a0 } " + chain(40, "Query", "NEXT NEXT", "__schema { queryType { name } }")
    yield "doubling-subscription", ("subscription { alertIssued { ...a0 } } " + chain(40, "Alert", "NEXT NEXT", "id"))
    yield "doubling-unused", "{ __typename } " + chain(60, "Query", "NEXT NEXT", "__typename")
    yield "doubling-fields", f"{{ {AREA} {{ ...a0 }} }} " + chain(60, "Area", "pcode NEXT level NEXT", "pcode")
    yield (
        "doubling-operations",
        (" ".join(f"query q{n} {{ ...a0 }}" for n in range(50)) + chain(40, "Query", "NEXT NEXT", "__typename")),
    )
    yield "long-chain", "{ ...a0 } " + chain(230, "Query", "NEXT", "__typename")
    yield "complete", "{ ...a0 } " + complete(30, "__typename")
    yield "circle", "{ ...a0 } " + " ".join(f"fragment a{n} on Query {{ ...a{(n + 1) % 200} }}" for n in range(200))
    yield "circles", "{ ...a0 } " + complete(20, "...a0")
    yield "own", "{ ...a } fragment a on Query { ...a ...a }"
    yield (
        "many-fragments",
        (
            f"{{ {AREA} {{ {' '.join(f'...a{n}' for n in range(80))} }} }} "
            + " ".join(f"fragment a{n} on Area {{ {'pcode ' * 10} }}" for n in range(80))
        ),
    )
    yield "overlapping", "{ " + f"{AREA} {{ {'parent { parent { pcode } } ' * 9} }} " * 10 + "}"
    yield "overlapping-fragments", f"{{ {AREA} {{ ...a0 }} }} " + chain(5, "Area", "parent { NEXT } " * 6, "pcode")
    yield "conflicts", f"{{ {AREA} {{ {'a: pcode a: level ' * 10} }} }}"
    yield "deep", "{ " + f"{AREA} {{ " + "parent { " * 190 + "pcode" + " }" * 192
    yield "deep-inline", "{ " + "... { " * 190 + "__typename" + " }" * 191
    yield "wide-inline", "{ " + "... { __typename } " * 390 + "}"
    yield "many-operations", " ".join(f"query q{n} {{ __typename }}" for n in range(330))
    yield (
        "many-variables",
        (
            "query ("
            + " ".join(f"$v{n}: Boolean = true" for n in range(130))
            + ") { "
            + " ".join(f"... @skip(if: $v{n}) {{ __typename }}" for n in range(100))
            + " }"
        ),
    )
    yield (
        "variables-fragments",
        (
            " ".join(f"query q{n}($v: Boolean!) {{ ...a0 }}" for n in range(60))
            + chain(60, "Query", "NEXT x: __typename @skip(if: $v)", "__typename")
        ),
    )
    yield "directives", "{ __typename " + "@include(if: true) " * 280 + "}"
    yield "deep-list", "{ reports(filter: {area: " + "[" * 190 + "]" * 190 + "}) { nodes { id } } }"
    yield "deep-object", "{ reports(filter: " + "{area: " * 190 + "1" + "}" * 190 + ") { nodes { id } } }"
    yield "wide-list", "subscription { alertIssued(filter: {areas: [" + '"SY" ' * 1900 + "]}) { id } }"
    yield "wide-object", "{ reports(filter: {" + " ".join(f"a{n}: 1" for n in range(600)) + "}) { nodes { id } } }"
    yield "unknown-fields", "{ " + " ".join(f"x{n}" for n in range(1900)) + " }"
    yield "unknown-fragments", "{ " + " ".join(f"...x{n}" for n in range(900)) + " }"
    yield "comments", "#\n" * 40_000 + "{ __typename }"
    yield "lines", "\n" * 60_000 + "{ x y z }"
    yield "long-name", "{ " + "a" * 120_000 + " }"
    yield "long-number", "{ areas(first: " + "9" * 120_000 + ") { nodes { pcode } } }"
    yield "long-float", "{ areas(first: " + "9" * 60_000 + "e99999) { nodes { pcode } } }"
    yield "long-text", '{ areas(search: "' + "x" * 120_000 + '") { nodes { pcode } } }'
    yield "long-block", '{ areas(search: """' + "x\n" * 40_000 + '""") { nodes { pcode } } }'
    yield "open-block", '{ areas(search: """' + '\\"""' * 12_000


def nested(value: Any, times: int, wrap: Any) -> Any:
    for _ in range(times):
        value = wrap(value)
    return value


FILTER = "query ($f: ReportFilter) { reports(filter: $f) { nodes { id } } }"
WISH = "subscription ($f: AlertWish) { alertIssued(filter: $f) { id } }"
FIRST = "query ($f: Int) { areas(first: $f) { nodes { pcode } } }"
VARIABLES: Mapping[str, tuple[str, Any]] = {
    "deep-objects": (FILTER, nested(1, 240, lambda value: {"area": value})),
    "deep-lists": (WISH, {"areas": nested("SY", 240, lambda value: [value])}),
    "wide": (WISH, {"areas": ["SY"] * 20_000}),
    "wrong": (WISH, {"areas": [1] * 40_000}),
    "wrong-choices": (WISH, {"severities": ["LOUD"] * 15_000}),
    "unknown-names": (FILTER, {f"a{n}": 1 for n in range(10_000)}),
    "long-name": (FILTER, {"a" * 120_000: 1}),
    "long-choice": (WISH, {"severities": ["EXTREM" * 20_000]}),
    "long-number": (FIRST, "9" * 120_000),
    "large-number": (FIRST, 1e300),
    "long-instant": (FILTER, {"updatedSince": "9" * 120_000}),
}
DOCUMENTS = dict(documents())


@pytest.fixture(autouse=True)
def ended_in_time() -> Iterator[None]:
    """A loop that is held does not hear that its time is over; a signal interrupts it."""

    def end(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def door(issuer: TestIssuer) -> AsyncIterator[httpx2.AsyncClient]:
    app = build(settings_of(), memory=filled_memory(), load_keys=issuer.load_keys())
    async with listening(app) as address, httpx2.AsyncClient(base_url=address, timeout=30) as client:
        yield client


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
            started = time.perf_counter()
            query = {"query": f"{{ sectors {{ c{seen.count}: code }} }}"}
            said = await client.post("/graphql", json=query, headers=bearer)
            alive = await client.get("/healthz")
            assert (len(said.json()["data"]["sectors"]), alive.status_code) == (2, 200)
            seen.seconds = max(seen.seconds, time.perf_counter() - started)
            seen.count += 1
            await asyncio.sleep(0.005)

    asking = asyncio.create_task(ask())
    try:
        yield seen
    finally:
        asked_enough.set()
        await asking


def bodies() -> list[Any]:
    asked = {name: {"query": text, "variables": {"v": True}} for name, text in DOCUMENTS.items()}
    asked |= {
        f"variable-{name}": {"query": text, "variables": {"f": value}} for name, (text, value) in VARIABLES.items()
    }
    return [pytest.param(orjson.dumps(body), id=name) for name, body in asked.items()]


@pytest.mark.parametrize("body", bodies())
async def test_a_document_of_any_shape_is_answered_soon_and_nobody_waits(
    door: httpx2.AsyncClient, issuer: TestIssuer, body: bytes
) -> None:
    bearer = issuer.bearer(Role.MEMBER)
    headers = {**bearer, "Content-Type": "application/json"}
    async with small_questions(door, bearer) as small, asyncio.timeout(10):
        started = time.perf_counter()
        answer = await door.post("/graphql", content=body, headers=headers)
        seconds = time.perf_counter() - started
    assert seconds < ANSWERED_SECONDS
    assert small.seconds < WAITED_SECONDS
    assert answer.status_code == 200
    assert len(answer.content) < 64 * 1024
    assert {"internal"}.isdisjoint(error["extensions"]["code"] for error in answer.json().get("errors", ()))


async def test_all_of_them_at_once_over_the_socket(door: httpx2.AsyncClient, issuer: TestIssuer) -> None:
    bearer = issuer.bearer(Role.MEMBER)
    address = str(door.base_url).replace("http", "ws").rstrip("/") + "/graphql"
    async with (
        connect(address, subprotocols=[PROTOCOL], additional_headers=bearer, proxy=None) as websocket,
        small_questions(door, bearer) as small,
        asyncio.timeout(60),
    ):
        speaking = Client(websocket)
        await speaking.say(type="connection_init")
        assert await speaking.hear() == {"type": "connection_ack"}
        for name, text in DOCUMENTS.items():
            if "wide-list" in name:  # a stream: it would wait for alerts
                continue
            started = time.perf_counter()
            await speaking.subscribe(text, name, v=True)
            said = await speaking.hear()
            assert (said["id"], said["type"] in ("next", "error")) == (name, True)
            assert time.perf_counter() - started < ANSWERED_SECONDS, name
            if said["type"] == "next":
                assert await speaking.hear() == {"type": "complete", "id": name}
    assert small.seconds < WAITED_SECONDS


async def test_many_of_the_longest_at_once_hold_nobody_up(door: httpx2.AsyncClient, issuer: TestIssuer) -> None:
    bearer = issuer.bearer(Role.MEMBER)
    longest = [f"{DOCUMENTS['many-fragments']} # {number}" for number in range(8)]
    async with small_questions(door, bearer) as small:
        posts = [door.post("/graphql", json={"query": text}, headers=bearer) for text in longest]
        answers = await asyncio.gather(*posts)
    assert {answer.status_code for answer in answers} == {200}
    assert small.seconds < WAITED_SECONDS


@dataclass
class Walked:
    """Counts the fields that a scope hands out."""

    fields: int = 0
    names: list[str] = field(default_factory=list)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_is_let_through_is_walked_in_few_steps(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    walked = Walked()
    flat = Scope._flat

    def counted(self: Scope, *arguments: Any) -> Iterator[Any]:
        for node in flat(self, *arguments):
            walked.fields += 1
            yield node

    monkeypatch.setattr(Scope, "_flat", counted)
    schema = graph()._schema
    with suppress(Refusal):
        document = Documents(schema, suggestions=False)._read(DOCUMENTS[name])
        for operation in document.operations.values():
            operation.shape(schema, dict.fromkeys(operation.extent.conditions, True))
    assert walked.fields < 40_000
