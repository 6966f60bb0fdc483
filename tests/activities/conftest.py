"""The service's door on a small Syria, and reports to send."""

import json
from collections.abc import AsyncIterator, Set
from typing import Any
from uuid import uuid4

import httpx2
import orjson
import pytest_asyncio
from activities.main import SERVICE
from contracts.reports import ReportChanged
from testkit.services import Migrated, empty_tables, find_filled
from testkit.small_syria import OpenService, announced, opened
from testkit.trust import TestIssuer


class ServiceClient(OpenService):
    """Activities, with reports sent and events read."""

    async def post(self, rows: Any, role: str = "member", **claims: Any) -> httpx2.Response:
        headers = {**self.bearer(role, **claims), "Accept-Language": "en", "Content-Type": "application/json"}
        return await self.client.post("/v1/reports", content=json.dumps(rows), headers=headers)

    async def events(self) -> list[dict[str, Any]]:
        """As a consumer reads them; each must be its contract's, to the letter."""
        return [as_heard(row["payload"]) for row in await self.rows("select payload from event order by number")]


def as_heard(payload: bytes) -> dict[str, Any]:
    event = ReportChanged.model_validate_json(payload)
    assert orjson.loads(payload) == event.model_dump(mode="json", exclude_none=True)
    return event.model_dump(mode="json")


def report(**fields: Any) -> dict[str, Any]:
    """A report that is taken, but for what is changed."""
    row = {
        "external_id": f"r-{uuid4()}",
        "sector": "WSH",
        "area": "SY070302",
        "month": "2026-10",
        "status": "Completed",
        "people": {"total": 100, "men": 20, "women": 30, "boys": 25, "girls": 25},
    }
    return {name: value for name, value in {**row, **fields}.items() if value is not None}


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def registered(standing_migrated: Migrated) -> str:
    """One for the whole run, as copies are slow."""
    return await announced(standing_migrated, SERVICE)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def standing_door(registered: str, issuer: TestIssuer) -> AsyncIterator[tuple[ServiceClient, Set[str]]]:
    """One for the whole run, since an application and its connections cost more than most tests; and what it knows."""
    async with opened(registered, issuer, SERVICE, ServiceClient) as door:
        yield door, await find_filled(door.database)


@pytest_asyncio.fixture
async def service(standing_door: tuple[ServiceClient, Set[str]]) -> ServiceClient:
    door, known = standing_door
    await empty_tables(door.database, known)
    return door
