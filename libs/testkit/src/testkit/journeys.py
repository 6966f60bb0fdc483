"""The platform that journeys and faults share: started once for a run, with its traces listened to."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import uuid4

import pytest
import pytest_asyncio
from client import Credentials, Tansiq

from testkit.platform import Platform, running_platform
from testkit.servers import memory_folder
from testkit.spans import SpanReceiver

Found = TypeVar("Found")


@pytest.fixture(scope="session")
def spans() -> Iterator[SpanReceiver]:
    with SpanReceiver() as receiver:
        yield receiver


@pytest.fixture(scope="session")
def platform(spans: SpanReceiver) -> Iterator[Platform]:
    """Everything as real processes on free ports, in a folder that is gone afterwards."""
    folder = memory_folder("tansiq-journeys-")
    try:
        with running_platform(folder / "state", {"OTEL_EXPORTER_OTLP_ENDPOINT": spans.endpoint}) as platform:
            yield platform
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class PlatformClients:
    """A client of the running platform by the name of its credentials."""

    secretariat: Tansiq
    coordinator: Tansiq
    member: Tansiq
    other_member: Tansiq
    hub: Tansiq

    def by_role(self) -> dict[str, Tansiq]:
        return dict(vars(self))


@pytest_asyncio.fixture
async def clients(platform: Platform) -> AsyncIterator[PlatformClients]:
    names = ("secretariat", "coordinator", "member", "other_member", "hub")
    opened = {name: platform.client(name) for name in names}
    yield PlatformClients(**opened)
    for client in opened.values():
        await client.close()


async def new_member(platform: Platform, secretariat: Tansiq, english: str, arabic: str) -> Credentials:
    """An organisation that applied, was verified and has a client, as a partner would come to the platform."""
    applied = await secretariat.organisations.apply(
        {"names": {"ar": arabic, "en": english}, "type_code": "441", "external_ids": {"iati": f"XX-{uuid4().hex[:12]}"}}
    )
    await secretariat.organisations.verify(applied.id)
    new = {"name": english, "role": "member", "organisation_id": str(applied.id)}
    made = await secretariat.clients.make(new)
    return Credentials(platform.url, made.client_id, made.client_secret)


async def eventually(
    look: Callable[[], Awaitable[Found]], holds: Callable[[Found], Any], *, seconds: float = 120
) -> Found:
    """What `look` finds once `holds` says yes; the last it found where that takes too long is in the error."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not holds(found := await look()):
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError(f"still {found!r}")
        await asyncio.sleep(0.1)
    return found
