"""The gateway starts: it is ready once the registry's topics are read, and hears what changes afterwards."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import httpx2
import pytest
from contracts.event import Event
from contracts.organisations import OrganisationChanged
from gateway.main import build
from gateway.reference.memory import TOPICS, ReferenceMemory
from messaging import Kafka, ensure_topics
from messaging.broker import Message
from messaging.client import AIOKAFKA
from messaging.envelope import headers
from runtime.access import Role
from testkit.patience import tries
from testkit.ports import dead_address, listening
from testkit.trust import TestIssuer

from .conftest import REFERENCE, organisation, settings_of

SECTORS = "{ sectors { code } organisations { nodes { names { en } } } }"


async def publish(kafka: Kafka, *events: Event) -> None:
    publisher = await AIOKAFKA.publisher(kafka, f"{kafka.prefix}test")
    await publisher.publish([_message(kafka, event) for event in events])
    await publisher.close()


def _message(kafka: Kafka, event: Event) -> Message:
    said = headers(
        id=UUID(int=7), type=event.type, source="registry", subject=event.key, time=datetime.now(UTC), traceparent=None,
        empty=False,
    )  # fmt: skip
    return Message(kafka.name(type(event).topic), event.key.encode(), event.model_dump_json().encode(), said)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110 (a memory that is fed tells nobody)
            await asyncio.sleep(0.05)


async def test_ready_once_reference_data_is_read_and_current_ever_after(
    kafka_bootstrap: str, topic_prefix: str, issuer: TestIssuer
) -> None:
    kafka = Kafka(kafka_bootstrap, prefix=topic_prefix)
    await ensure_topics(kafka, TOPICS)
    await publish(kafka, *REFERENCE)
    settings = settings_of(kafka_bootstrap=kafka_bootstrap, topic_prefix=topic_prefix)
    app = build(settings, load_keys=issuer.load_keys())
    async with listening(app) as address, httpx2.AsyncClient(base_url=address) as client:
        memory: ReferenceMemory = app.state.memory
        assert (await client.get("/healthz")).status_code == 200
        await until(memory.complete.is_set)
        assert (await client.get("/readyz")).status_code == 200
        async for _ in tries():  # what was published a moment ago may wait for the marker of its commit
            answer = await client.post("/graphql", json={"query": SECTORS}, headers=issuer.bearer(Role.SECRETARIAT))
            if len(answer.json()["data"]["sectors"]) == 2:
                break
        else:
            pytest.fail("the sectors are not there")
        newer = organisation(UUID(int=1), "منظمة الأمل", "Hope and Work", version=2)
        await publish(kafka, newer, organisation(UUID(int=1), "قديم", "Old", version=1))
        await until(lambda: (memory.organisation(str(UUID(int=1))) or {})["version"] == 2)
        async with app.state.change_hints.of(OrganisationChanged.topic) as hint:
            async for _ in tries(apart=0.5):  # it takes a moment until it listens
                await publish(kafka, newer)
                if hint.is_set():
                    break
            assert hint.is_set()
        assert app.state.change_hints._noticing == {}
        answer = await client.post("/graphql", json={"query": SECTORS}, headers=issuer.bearer(Role.MEMBER))
        assert {"names": {"en": "Hope and Work"}} in answer.json()["data"]["organisations"]["nodes"]


async def test_not_ready_without_reference_data_or_keys(issuer: TestIssuer) -> None:
    empty, keyless = ReferenceMemory(), ReferenceMemory()
    keyless.complete.set()
    cases = [
        build(settings_of(), memory=empty, load_keys=issuer.load_keys()),
        build(settings_of(jwks_url=f"{dead_address()}/.well-known/jwks.json"), memory=keyless),
    ]
    for app in cases:
        async with listening(app) as address, httpx2.AsyncClient(base_url=address) as client:
            assert (await client.get("/readyz")).status_code == 503
            assert (await client.get("/healthz")).status_code == 200


async def test_the_graph_says_nothing_before_it_knows_the_names(issuer: TestIssuer) -> None:
    memory = ReferenceMemory()
    app = build(settings_of(), memory=memory, load_keys=issuer.load_keys())
    async with listening(app) as address, httpx2.AsyncClient(base_url=address) as client:

        async def asked() -> httpx2.Response:
            return await client.post("/graphql", json={"query": SECTORS}, headers=issuer.bearer(Role.MEMBER))

        refused = await asked()
        assert refused.status_code == 503
        assert refused.json()["errors"][0]["extensions"]["code"] == "unavailable"
        memory.take(REFERENCE)
        memory.complete.set()
        assert len((await asked()).json()["data"]["sectors"]) == 2
