"""Kafka keeps what it acknowledged, also through kill -9."""

from __future__ import annotations

import aiokafka  # type: ignore[import-untyped]
from aiokafka.admin import AIOKafkaAdminClient, NewTopic  # type: ignore[import-untyped]
from testkit.servers import own_broker


async def test_messages_survive_kill_9() -> None:
    async with own_broker() as broker:
        await _create_topic(broker.bootstrap)
        await _send(broker.bootstrap, b"before")
        broker.kill()
        broker.start()
        await _send(broker.bootstrap, b"after")
        assert await _received(broker.bootstrap, 2) == [b"before", b"after"]


async def _create_topic(bootstrap: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic("news", num_partitions=1, replication_factor=1)])
    finally:
        await admin.close()


async def _send(bootstrap: str, value: bytes) -> None:
    producer = aiokafka.AIOKafkaProducer(bootstrap_servers=bootstrap, transactional_id="shard-0")
    async with producer, producer.transaction():
        await producer.send_and_wait("news", value)


async def _received(bootstrap: str, count: int) -> list[bytes | None]:
    consumer = aiokafka.AIOKafkaConsumer(
        "news",
        bootstrap_servers=bootstrap,
        group_id="readers",
        auto_offset_reset="earliest",
        isolation_level="read_committed",
    )
    async with consumer:
        return [(await consumer.getone()).value for _ in range(count)]
