"""The state of the parts, as the start page tells it."""

import asyncio
import re

import aiohttp
import pytest
from gateway.pages.status import PlatformStatus
from gateway.reference.memory import ReferenceMemory
from runtime.access import Role
from testkit.ports import dead_address
from testkit.trust import TestIssuer

from .conftest import OpenGateway
from .reading_pages import BROWSER, Services, read


async def test_the_state_of_each_part_is_told_in_words(
    open_gateway: OpenGateway,
    services: tuple[Services, dict[str, str]],
    memory: ReferenceMemory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gateway.pages.status.WITHIN_SECONDS", 10)
    seen, addresses = services
    seen.status = {"activities": 503, "alerts": 500}
    client = await open_gateway(**{**addresses, "registry_url": dead_address()})
    memory.complete.clear()
    page = await read(client, "/?lang=en")
    states = re.findall(r"(Works|Not ready yet|Does not respond)", page.text)
    assert states == ["Does not respond", "Not ready yet", "Does not respond", "Works", "Works", "Not ready yet"]
    assert "لا يستجيب" in (await read(client, "/?lang=ar")).text
    assert seen.asked.count("reporting") == 1  # remembered for a moment: a crowd of readers is no crowd of questions


async def test_a_part_that_hangs_holds_no_page(
    open_gateway: OpenGateway, services: tuple[Services, dict[str, str]]
) -> None:
    seen, addresses = services
    seen.delay["alerts"] = 30
    async with asyncio.timeout(20):
        page = await read(await open_gateway(**addresses), "/?lang=en")
    assert page.text.count("Does not respond") == 1


async def test_no_address_inside_the_platform_is_told(open_gateway: OpenGateway, issuer: TestIssuer) -> None:
    client = await open_gateway()
    for path in ("/?lang=en", "/docs/registry", "/invitation", "/guides/operators"):
        answer = await client.get(path, headers={**BROWSER, **issuer.bearer(Role.SECRETARIAT)})
        assert "127.0.0.1" not in answer.text
        assert "localhost" not in answer.text


async def test_readers_in_a_crowd_wait_for_one_answer(
    services: tuple[Services, dict[str, str]], memory: ReferenceMemory
) -> None:
    seen, addresses = services
    now = 0.0
    async with aiohttp.ClientSession() as session:
        origins = {name.removesuffix("_url"): address for name, address in addresses.items()}
        standing = PlatformStatus(session, origins, memory, clock=lambda: now)
        await asyncio.gather(*(standing.parts() for _ in range(20)))
        assert len(seen.asked) == len(origins)
        now = 10.0
        await standing.parts()
        assert len(seen.asked) == 2 * len(origins)
