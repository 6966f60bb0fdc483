"""The small Syria of activities' tests, and the door of plans on it."""

from collections.abc import AsyncIterator

import pytest_asyncio
from plans.main import SERVICE
from testkit.trust import TestIssuer

from tests.activities.conftest import Door, announced, opened

FACTS = ("target", "target_version", "event", "outbox", "audit_entry", "idempotency_key")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def planned(postgres_url: str) -> AsyncIterator[str]:
    """URL of a database; one for the whole run, as copies are slow."""
    async with announced(postgres_url, SERVICE) as url:
        yield url


@pytest_asyncio.fixture
async def door(planned: str, issuer: TestIssuer) -> AsyncIterator[Door]:
    async with opened(planned, issuer, SERVICE) as door:
        async with door.database.transaction() as tx:
            await tx.execute(f"truncate {', '.join(FACTS)}")
        yield door
