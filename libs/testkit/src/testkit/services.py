"""Fixtures for the tests of a service: an issuer, and fresh migrated databases."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio
from runtime.service import Service

from testkit.databases import Templates
from testkit.trust import TestIssuer

Migrated = Callable[[Service], Awaitable[str]]


@pytest.fixture(scope="session")
def issuer() -> TestIssuer:
    return TestIssuer()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def templates(postgres_url: str) -> AsyncIterator[Templates]:
    made = Templates(postgres_url)
    yield made
    await made.close()


@pytest_asyncio.fixture(loop_scope="session")
async def migrated(templates: Templates) -> AsyncIterator[Migrated]:
    """`await migrated(SERVICE)` is the URL of a fresh database of that service."""
    async with AsyncExitStack() as stack:

        async def make(service: Service) -> str:
            return await stack.enter_async_context(templates.copy(service))

        yield make
