"""The client refuses what would be slow, and topics are what the contracts say."""

import asyncio
import gc
import os
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiokafka import AIOKafkaProducer  # type: ignore[import-untyped]
from aiokafka.admin import AIOKafkaAdminClient  # type: ignore[import-untyped]
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType  # type: ignore[import-untyped]
from contracts.codes import ScopeChanged
from contracts.operations import DEAD_LETTERS
from contracts.reports import ReportChanged
from messaging import BrokerUnavailable, Kafka, PublisherFenced, ensure_topics
from messaging.broker import Message

from tests.messaging.messaging_stage import Stage


def test_it_refuses_to_start_without_the_c_extensions() -> None:
    script = "import messaging.client; messaging.client.require_extensions()"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "AIOKAFKA_NO_EXTENSIONS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode
    assert "C extensions are missing" in done.stderr


async def test_topics_are_created_once_as_declared(stage: Stage) -> None:
    for _ in range(2):
        await ensure_topics(stage.kafka, [ReportChanged.topic, DEAD_LETTERS, ReportChanged.topic])
    admin = AIOKafkaAdminClient(bootstrap_servers=stage.kafka.bootstrap)
    await admin.start()
    names = [stage.kafka.name(topic) for topic in (ReportChanged.topic, DEAD_LETTERS)]
    reports, letters = sorted(await admin.describe_topics(names), key=lambda topic: topic["topic"])
    asked = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    (answer,) = await admin.describe_configs(asked)
    await admin.close()
    configs = {name: {entry[0]: entry[1] for entry in entries} for *_, name, entries in answer.resources}
    assert (len(reports["partitions"]), len(letters["partitions"])) == (4, 1)
    assert configs[names[0]]["cleanup.policy"] == "compact"
    assert configs[names[1]]["cleanup.policy"] == "delete"
    assert configs[names[1]]["retention.ms"] == str(DEAD_LETTERS.retention_ms)


@pytest_asyncio.fixture
async def complaints() -> AsyncIterator[list[str]]:
    """What asyncio complains of meanwhile."""
    found: list[str] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: found.append(context["message"]))
    yield found
    loop.set_exception_handler(None)


async def test_a_new_publisher_fences_the_old_one_of_its_id(stage: Stage, complaints: list[str]) -> None:
    await ensure_topics(stage.kafka, [ScopeChanged.topic])
    message = Message(stage.kafka.name(ScopeChanged.topic), b"SY", b"{}", [])
    old = await stage.client.publisher(stage.kafka, "one")
    await old.publish([message])
    new = await stage.client.publisher(stage.kafka, "one")
    with pytest.raises((PublisherFenced, BrokerUnavailable)):
        await old.publish([message])
    await new.publish([message])
    await old.close()
    await new.close()
    assert len(await stage.records(ScopeChanged.topic)) == 2
    del old
    gc.collect()
    assert complaints == []


async def test_the_ends_count_what_waits_for_its_commit(stage: Stage) -> None:
    """A commit is acknowledged a moment before it shows: whoever waits for the ends must not stop short of it."""
    await ensure_topics(stage.kafka, [ScopeChanged.topic])
    producer = AIOKafkaProducer(
        bootstrap_servers=stage.kafka.bootstrap, transactional_id=stage.kafka.name(ScopeChanged.topic)
    )
    async with producer, producer.transaction():
        await producer.send_and_wait(stage.kafka.name(ScopeChanged.topic), b"{}", b"SY")
        reader = await stage.client.reader(stage.kafka, [ScopeChanged.topic])
        committed = await reader.ends(reader.assigned())
        await reader.close()
        assert sum(committed.values()) == 0
        assert sum((await stage.client.ends(stage.kafka, [ScopeChanged.topic])).values()) == 1
    assert [seen.key for seen in await stage.records(ScopeChanged.topic)] == ["SY"]


async def test_a_broker_that_is_not_there_is_said_to_be_unavailable() -> None:
    with pytest.raises(BrokerUnavailable):
        await ensure_topics(Kafka("127.0.0.1:9"), [ScopeChanged.topic])
