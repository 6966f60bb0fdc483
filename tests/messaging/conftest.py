"""A stage for every test: its own database, its own names on the run's broker."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest_asyncio
from database import Database
from database.migrations import migrate
from messaging import MIGRATIONS, Kafka

from tests.messaging.messaging_stage import TABLES, Stage


async def prepare(url: str) -> None:
    await asyncio.to_thread(migrate, url, [MIGRATIONS])
    connection = await asyncpg.connect(url)
    await connection.execute(TABLES)
    await connection.close()


@pytest_asyncio.fixture
async def stage(database_url: Any, kafka_bootstrap: str, topic_prefix: str) -> AsyncIterator[Stage]:
    url = await database_url("messaging", prepare)
    database = await Database.connect(url, application="stage", largest=20)
    made = Stage(url, database, Kafka(kafka_bootstrap, topic_prefix.rstrip(".")))
    yield made
    for process in made.processes:
        process.kill()
    await database.close()
