"""The small Syria of activities' tests, and the door of plans on it."""

from collections.abc import AsyncIterator, Set

import pytest_asyncio
from plans.main import SERVICE
from testkit.services import Migrated, empty_tables, find_filled
from testkit.small_syria import OpenService, announced, opened
from testkit.trust import TestIssuer


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def standing_plans(
    standing_migrated: Migrated, issuer: TestIssuer
) -> AsyncIterator[tuple[OpenService, Set[str]]]:
    """One for the whole run, and what it knows."""
    async with opened(await announced(standing_migrated, SERVICE), issuer, SERVICE, OpenService) as door:
        yield door, await find_filled(door.database)


@pytest_asyncio.fixture
async def door(standing_plans: tuple[OpenService, Set[str]]) -> OpenService:
    door, known = standing_plans
    await empty_tables(door.database, known)
    return door
