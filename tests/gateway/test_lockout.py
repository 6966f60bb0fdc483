"""Nobody shuts a person out by guessing: through the public door, before a real registry (decision 0024)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from argon2 import PasswordHasher
from database import Database
from gateway.main import build
from gateway.reference.memory import ReferenceMemory
from gateway.signing_in.cookie import DEVICES, DeviceCookie
from registry.identity.people.passwords import HASHING
from registry.main import SERVICE as REGISTRY
from registry.provision import ProvisionInput, provide
from runtime.application import build as build_service
from runtime.process import server_config
from testkit.ports import listening
from testkit.service_clients import settings_of as service_settings
from testkit.services import Migrated
from testkit.trust import TestIssuer

from .conftest import settings_of
from .people import OWN

EMAIL, PASSWORD, WRONG = "secretariat@people.example", "Olive-harvest 1931", "wrong password!"
HOME, CAFE = "192.0.2.7", "198.51.100.20"


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """There are hundreds of guesses here."""
    monkeypatch.setattr(HASHING, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    monkeypatch.setattr(HASHING, "_nobodys", "")


class ServiceClient:
    """The gateway, asked by browsers in many places."""

    def __init__(self, served: Any, database: Database) -> None:
        self._served = served
        self._database = database

    async def browser(self, address: str) -> httpx2.AsyncClient:
        transport = httpx2.ASGITransport(app=self._served, raise_app_exceptions=False)
        headers = {**OWN, "X-Forwarded-For": address, "Accept": "application/json", "Accept-Language": "en"}
        return httpx2.AsyncClient(transport=transport, base_url="https://gateway.test", headers=headers)

    async def sign_in(self, browser: httpx2.AsyncClient, password: str = PASSWORD) -> httpx2.Response:
        return await browser.post("/sign-in", json={"email": EMAIL, "password": password})

    async def attack(self, tries: int = 20) -> set[int]:
        return {(await self.sign_in(await self.browser(f"203.{n}.113.9"), WRONG)).status_code for n in range(tries)}

    async def later(self, seconds: float) -> None:
        sql = "update sign_in_attempt set free_at = free_at - $1::interval, last_at = last_at - $1"
        await self._database.run(lambda tx: tx.execute(sql, timedelta(seconds=seconds)))


@pytest_asyncio.fixture(loop_scope="session")
async def client(migrated: Migrated, memory: ReferenceMemory, issuer: TestIssuer) -> AsyncIterator[ServiceClient]:
    url = await migrated(REGISTRY)
    service = build_service(replace(REGISTRY, keys=lambda _: issuer.load_keys()), service_settings(REGISTRY, url))
    async with listening(service) as address:
        database = service.state.database
        people = {"secretariat": {"email": EMAIL, "password": PASSWORD}}
        clients = {
            name: {"client_id": f"{name}-id", "client_secret": "s" * 43}
            for name in ("secretariat", "coordinator", "member", "other_member", "hub")
        }
        wanted = ProvisionInput.model_validate({"clients": clients, "people": people})
        await database.run(lambda tx: provide(tx, service_settings(REGISTRY, url), wanted))
        settings = settings_of(registry_url=address, trusted_proxies="127.0.0.0/8")
        app = build(settings, memory=memory, load_keys=issuer.load_keys())
        served = server_config(app, settings)
        served.load()
        async with app.router.lifespan_context(app):
            yield ServiceClient(served.loaded_app, database)


async def test_known_browser_signs_in_from_anywhere_while_many_addresses_guess(client: ServiceClient) -> None:
    browser = await client.browser(HOME)
    assert (await client.sign_in(browser)).status_code == 200
    assert await client.attack() == {401, 429}
    await browser.post("/sign-out")
    browser.headers["X-Forwarded-For"] = CAFE
    assert (await client.sign_in(browser)).status_code == 200
    assert (
        await client.sign_in(await client.browser("192.0.2.200"))
    ).status_code == 200  # a neighbour of the first place


async def test_unknown_browser_comes_through_after_the_wait_it_was_told_while_many_addresses_guess(
    client: ServiceClient,
) -> None:
    await client.attack(40)
    browser = await client.browser(CAFE)
    refused = await client.sign_in(browser)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_attempts")
    seconds = int(refused.headers["retry-after"])
    assert 1 <= seconds <= 60
    await client.later(seconds)
    await client.attack(40)
    assert (await client.sign_in(browser)).status_code == 200


async def test_shared_browser_is_known_for_each_of_its_people_and_only_with_our_signature() -> None:
    cookie = DeviceCookie.of("production", "k" * 32)
    line, tokens = "", [letter * 43 for letter in "ABCDE"]
    for token in tokens:
        line = cookie.holding(token, cookie.tokens_in(line)).partition(";")[0]
    assert cookie.tokens_in(line) == tuple(reversed(tokens))[:DEVICES]
    assert cookie.tokens_in(f"other=1; {line}; language=ar") == cookie.tokens_in(line)
    assert DeviceCookie.of("production", "x" * 32).tokens_in(line) == ()
    name, _, value = line.partition("=")
    for forged in (value[:-1], value.replace("E", "Z", 1), value.partition(".")[2], "", ".", "x" * 43, value + "."):
        assert cookie.tokens_in(f"{name}={forged}") == ()
    assert cookie.tokens_in(f"{line}; {line}") == ()
