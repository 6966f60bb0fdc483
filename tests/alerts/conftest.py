"""What the tests of alerts share: its door on a fresh database, and alerts in one sentence."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

import httpx2
import orjson
import pytest
import pytest_asyncio
from alerts.consumers import PROJECTION
from alerts.main import SERVICE
from contracts.areas import AreaChanged
from contracts.codes import SectorChanged
from contracts.organisations import OrganisationChanged, OrganisationStatus
from contracts.values import Names
from database import Database, Record
from testkit.service_clients import open_service_client
from testkit.services import Migrated
from testkit.trust import TestIssuer

NAMESPACE = UUID("0190a0b0-0000-7000-8000-000000000000")
PATHS = [
    ("SY",),
    ("SY", "SY02"),
    ("SY", "SY07"),
    ("SY", "SY07", "SY0700"),
    ("SY", "SY07", "SY0700", "SY070004"),
    ("SY", "SY02", "SY0200"),
]
URL = "https://hooks.example.org/alerts?key=1"
ORGANISATIONS = ("Amal", "Bunyan", "Cedar")
ASKING: dict[str, dict[str, Any]] = {}


def id_of(name: str) -> UUID:
    return uuid5(NAMESPACE, name)


ASKING |= {
    "member": {"role": "member", "organisation_id": id_of("Amal"), "subject": "amal"},
    "other_member": {"role": "member", "organisation_id": id_of("Bunyan"), "subject": "bunyan"},
    "coordinator": {"role": "coordinator", "areas": ["SY07"], "sectors": ["WSH"], "subject": "wash-idlib",
                    "organisation_id": id_of("Cedar")},
    "far_coordinator": {"role": "coordinator", "areas": ["SY02"], "sectors": ["WSH"], "subject": "wash-aleppo"},
    "hub": {"role": "hub", "areas": ["SY07"], "subject": "hub"},
    "far_hub": {"role": "hub", "areas": ["SY02"], "subject": "far-hub"},
    "secretariat": {"role": "secretariat", "subject": "secretariat"},
}  # fmt: skip
"""Who asks, by a name a test can speak of."""


def alert(**changes: Any) -> dict[str, Any]:
    """An alert about a flood, as a member would send it."""
    return {
        "country": "SY",
        "categories": ["Met"],
        "urgency": "Immediate",
        "severity": "Severe",
        "certainty": "Observed",
        "info": {"ar": {"event": "سيول", "headline": "سيول في المخيم"}, "en": {"event": "Flood", "headline": "Flood"}},
        "areas": ["SY070004"],
        **changes,
    }


@dataclass
class AlertsClient:
    """Alerts with its database and its door."""

    url: str
    database: Database
    door: httpx2.AsyncClient
    issuer: TestIssuer

    async def hear(self, *events: Any) -> None:
        async with self.database.transaction() as tx:
            for kind in dict.fromkeys(type(event) for event in events):
                await PROJECTION.handlers[kind](tx, [event for event in events if type(event) is kind])

    async def rows(self, sql: str, *arguments: Any) -> list[Record]:
        async with self.database.connection() as tx:
            return await tx.fetch(sql, *arguments)

    async def events(self) -> list[dict[str, Any]]:
        """What was told the others, in order."""
        return [orjson.loads(row["payload"]) for row in await self.rows("select payload from event order by number")]

    def bearer(self, who: str) -> dict[str, str]:
        return self.issuer.bearer(**ASKING[who])

    async def issue(self, who: str = "member", *, key: str | None = None, **changes: Any) -> httpx2.Response:
        headers = {**self.bearer(who), **({"Idempotency-Key": key} if key else {}), "Accept-Language": "en"}
        return await self.door.post("/v1/alerts", json=alert(**changes), headers=headers)

    async def issued(self, who: str = "member", **changes: Any) -> dict[str, Any]:
        answer = await self.issue(who, **changes)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def read(self, who: str, id: str) -> httpx2.Response:
        return await self.door.get(f"/v1/alerts/{id}", headers=self.bearer(who))

    async def listed(self, who: str = "secretariat", **filters: Any) -> list[dict[str, Any]]:
        answer = await self.door.get("/v1/alerts", params=filters, headers=self.bearer(who))
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def subscribed(self, who: str = "member", **body: Any) -> dict[str, Any]:
        """A subscription as its maker sees it, with the secret."""
        answer = await self.door.post("/v1/subscriptions", json={"url": URL, **body}, headers=self.bearer(who))
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def deliveries(self, subscription: dict[str, Any], who: str = "secretariat") -> list[dict[str, Any]]:
        answer = await self.door.get(f"/v1/subscriptions/{subscription['id']}/deliveries", headers=self.bearer(who))
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["items"]
        return found


@pytest.fixture(name="alert")
def _alert() -> Callable[..., dict[str, Any]]:
    return alert


@pytest.fixture(name="id_of")
def _id_of() -> Callable[[str], UUID]:
    return id_of


@pytest_asyncio.fixture(loop_scope="session")
async def alerts(migrated: Migrated, issuer: TestIssuer) -> AsyncIterator[AlertsClient]:
    url = await migrated(SERVICE)
    database = await Database.connect(url, application="test")
    async with open_service_client(SERVICE, url, issuer, webhooks_to_loopback=True) as door:
        made = AlertsClient(url, database, door, issuer)
        await made.hear(*_reference())
        yield made
    await database.close()


def _reference() -> list[Any]:
    areas = [
        AreaChanged(version=1, country="SY", pcode=path[-1], level=len(path) - 1, names=Names(en=path[-1]),
                    parent=path[-2] if len(path) > 1 else None, path=path)
        for path in PATHS
    ]  # fmt: skip
    sectors = [SectorChanged(version=1, code=code, names=Names(en=code)) for code in ("WSH", "SHL")]
    organisations = [
        OrganisationChanged(version=1, id=id_of(name), names=Names(en=name), type_code="441",
                            status=OrganisationStatus.VERIFIED)
        for name in ORGANISATIONS
    ]  # fmt: skip
    return [*areas, *sectors, *organisations]
