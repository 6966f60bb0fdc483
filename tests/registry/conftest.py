"""The registry's door on a database that holds the shipped code lists and two sample members."""

import asyncio
import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx2
import orjson
import pytest_asyncio
from database import Database
from database.migrations import migrate
from registry.main import SERVICE
from registry.provision import SAMPLES, ProvisionInput, provide
from runtime.access import Role
from runtime.process import migrations_of
from testkit.plugin import DatabaseFactory
from testkit.service_clients import open_service_client, settings_of
from testkit.trust import TestIssuer

MEMBER: UUID = SAMPLES["member"][0]
OTHER: UUID = SAMPLES["other_member"][0]
NAMES = ("secretariat", "coordinator", "member", "other_member", "hub")
CREDENTIALS = {name: {"client_id": f"{name}-id", "client_secret": f"{name}-{'s' * 40}"} for name in NAMES}
CLAIMS: dict[str, dict[str, Any]] = {
    "member": {"organisation_id": MEMBER},
    "coordinator": {"sectors": ["WSH"], "areas": ["SY02", "SY07"]},
    "hub": {"areas": ["SY"]},
}
APPLICATION: dict[str, Any] = {
    "names": {"ar": "جمعية الأمل للإغاثة", "en": "Al-Amal Relief", "tr": "Umut Derneği"},
    "acronyms": {"en": "AAR"},
    "aliases": ["Hope Association"],
    "type_code": "441",
    "external_ids": {"iati": "XM-AAR-1"},
    "sectors": ["WSH", "PRO-CPN"],
    "areas": ["SY02", "SY070302"],
}
CONTACT = {"name": "Canary Contactperson", "email": "canary@contact.example", "phone": "+963 944 000 111"}


@dataclass
class RegistryClient:
    """The registry as others meet it, with its database beside it."""

    client: httpx2.AsyncClient
    database: Database
    issuer: TestIssuer
    url: str

    def bearer(self, role: str, **claims: Any) -> dict[str, str]:
        if role == Role.PUBLIC:
            return {}
        return self.issuer.bearer(role, **{"subject": f"test-{role}", **CLAIMS.get(role, {}), **claims})

    async def ask(
        self,
        role: str,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: dict[str, str] | None = None,
        claims: dict[str, Any] | None = None,
    ) -> httpx2.Response:
        content = body if isinstance(body, bytes | None) else orjson.dumps(body)
        given = {"Accept-Language": "en", "Content-Type": "application/json", **self.bearer(role, **(claims or {}))}
        return await self.client.request(method, path, content=content, headers={**given, **(headers or {})})

    async def load(self, content: str | bytes, *, kind: str = "text/csv", query: str = "") -> httpx2.Response:
        body = content.encode() if isinstance(content, str) else content
        return await self.ask("secretariat", "POST", f"/v1/areas{query}", body, headers={"Content-Type": kind})

    async def apply(self, **fields: Any) -> UUID:
        answer = await self.ask("public", "POST", "/v1/organisations", {**APPLICATION, **fields})
        assert answer.status_code == 201, answer.text
        return UUID(answer.json()["id"])

    async def rows(self, query: str, *arguments: Any) -> list[dict[str, Any]]:
        async with self.database.connection() as connection:
            return [dict(row) for row in await connection.fetch(query, *arguments)]

    async def events(self, topic: str, key: object = None) -> list[dict[str, Any]]:
        rows = await self.rows("select * from event where aggregatetype = $1 order by number", topic)
        return [orjson.loads(row["payload"]) for row in rows if key is None or row["aggregateid"] == str(key)]


async def prepare(url: str) -> None:
    await asyncio.to_thread(migrate, url, migrations_of(SERVICE))
    database = await Database.connect(url, application="tests", largest=2)
    wanted = ProvisionInput.model_validate({"clients": CREDENTIALS})
    await database.run(lambda tx: provide(tx, settings_of(SERVICE, url), wanted))
    await database.close()


@pytest_asyncio.fixture
async def provided(database_url: DatabaseFactory) -> str:
    return await database_url("registry_provided", prepare)


async def staged(url: str, issuer: TestIssuer, trusted: TestIssuer | None) -> AsyncIterator[RegistryClient]:
    database = await Database.connect(url, application="tests", largest=3)
    async with open_service_client(SERVICE, url, trusted) as client:
        yield RegistryClient(client, database, issuer, url)
    await database.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_registry(standing_database_url: DatabaseFactory, issuer: TestIssuer) -> AsyncIterator[RegistryClient]:
    """One registry for all tests that are refused or only ask: a copy for each would take longer than they do."""
    async for made in staged(await standing_database_url("registry_provided", prepare), issuer, issuer):
        yield made


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def own_shared_registry(shared_registry: RegistryClient, issuer: TestIssuer) -> AsyncIterator[RegistryClient]:
    """The same database, where only the registry's own tokens are trusted."""
    async for made in staged(shared_registry.url, issuer, None):
        yield made


@pytest_asyncio.fixture
async def registry(provided: str, issuer: TestIssuer) -> AsyncIterator[RegistryClient]:
    """Tokens of the test issuer are trusted."""
    async for made in staged(provided, issuer, issuer):
        yield made


@pytest_asyncio.fixture
async def own_registry(provided: str, issuer: TestIssuer) -> AsyncIterator[RegistryClient]:
    """Only the registry's own tokens are trusted."""
    async for made in staged(provided, issuer, None):
        yield made


def basic(name: str, secret: str | None = None) -> dict[str, str]:
    """HTTP Basic credentials of a provisioned client."""
    sent = f"{CREDENTIALS[name]['client_id']}:{secret or CREDENTIALS[name]['client_secret']}"
    return {"Authorization": "Basic " + base64.b64encode(sent.encode()).decode()}
