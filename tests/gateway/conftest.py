"""The gateway on a real port before services on real ports, with reference data in its memory."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx2
import pytest
import pytest_asyncio
from alerts.consumers import PROJECTION
from alerts.main import SERVICE as ALERTS
from contracts.areas import AreaChanged
from contracts.codes import IndicatorChanged, SectorChanged
from contracts.event import Event
from contracts.organisations import OrganisationChanged, OrganisationStatus
from contracts.services import SERVICES
from contracts.values import Names
from database import Database
from fastapi import APIRouter
from gateway.main import build
from gateway.reference.memory import ReferenceMemory
from gateway.settings import Settings
from gateway.signing_in.sessions import signed_in_by
from runtime.access import EVERYONE, Caller, Rule
from runtime.application import build as build_service
from runtime.routing import AuthorizedRoute
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from testkit.ports import dead_address, listening
from testkit.service_clients import CURSOR_KEY
from testkit.service_clients import settings_of as service_settings
from testkit.services import Migrated
from testkit.trust import ISSUER, TestIssuer

from gateway import main

from .people import Registry
from .reading_pages import Services
from .rows import Rows
from .subscribing import Stage

OpenGateway = Callable[..., Awaitable[httpx2.AsyncClient]]

SOURCE = "https://code.example.org/tansiq"
ORGANISATION = UUID(int=1)
OTHER_ORGANISATION = UUID(int=2)
APPLICANT = UUID(int=3)


def area(pcode: str, level: int, ar: str, en: str, parent: str | None, *path: str, version: int = 1) -> AreaChanged:
    names = Names(ar=ar, en=en)
    return AreaChanged(
        version=version, country="SY", pcode=pcode, level=level, names=names, parent=parent, path=(*path, pcode)
    )


def organisation(number: UUID, ar: str, en: str, **others: Any) -> OrganisationChanged:
    fields = {"version": 1, "type_code": "441", "status": OrganisationStatus.VERIFIED, "sectors": ("WSH",)}
    return OrganisationChanged(**{**fields, "id": number, "names": Names(ar=ar, en=en), **others})


REFERENCE: tuple[Event, ...] = (
    area("SY", 0, "سوريا", "Syria", None),
    area("SY02", 1, "حلب", "Aleppo", "SY", "SY"),
    area("SY07", 1, "إدلب", "Idleb", "SY", "SY"),
    area("SY0700", 2, "إدلب", "Idleb", "SY07", "SY", "SY07"),
    area("SY070004", 3, "معرة تمصرين", "Maaret Tamsrin", "SY0700", "SY", "SY07", "SY0700"),
    organisation(ORGANISATION, "منظمة الأمل", "Hope", areas=("SY0700",), aliases=("Al Amal",)),
    organisation(OTHER_ORGANISATION, "بنيان", "Bonyan", sectors=("EDU", "WSH")),
    organisation(APPLICANT, "جديدة", "New", status=OrganisationStatus.APPLIED),
    SectorChanged(version=1, code="WSH", names=Names(ar="المياه", en="WASH"), has_working_group=True),
    SectorChanged(version=1, code="EDU", names=Names(ar="التعليم", en="Education"), has_working_group=True),
    IndicatorChanged(version=1, code="wsh_ind_1", sector="WSH", names=Names(en="People"), unit="people"),
)


def filled_memory() -> ReferenceMemory:
    filled = ReferenceMemory()
    filled.take(REFERENCE)
    filled.complete.set()
    return filled


@pytest.fixture
def memory() -> ReferenceMemory:
    return filled_memory()


def settings_of(**others: Any) -> Settings:
    """Settings with addresses where nobody listens, but for those that are given."""
    values: dict[str, Any] = {f"{name}_url": dead_address() for name in SERVICES}
    values |= {"port": 0, "environment": "production", "issuer": ISSUER}
    values |= {"kafka_bootstrap": "127.0.0.1:1", "jwks_url": "http://127.0.0.1:1", "cursor_key": CURSOR_KEY}
    values |= {"allowances_shared_seconds": 3600}  # exchanged when a test says so
    values |= {"source_url": SOURCE}
    return Settings(**{**values, **others})


@pytest_asyncio.fixture(loop_scope="session")
async def open_gateway(memory: ReferenceMemory, issuer: TestIssuer) -> AsyncIterator[OpenGateway]:
    """`await open_gateway(activities_url=…)` is a client on a gateway with such settings, without a port."""
    async with AsyncExitStack() as stack:

        async def make(**settings: Any) -> httpx2.AsyncClient:
            app = build(settings_of(**settings), memory=memory, load_keys=issuer.load_keys())
            await stack.enter_async_context(app.router.lifespan_context(app))
            transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
            client = httpx2.AsyncClient(transport=transport, base_url="http://gateway.test")
            return await stack.enter_async_context(client)

        yield make


@pytest_asyncio.fixture(loop_scope="session")
async def gateway_on_port(memory: ReferenceMemory, issuer: TestIssuer) -> AsyncIterator[OpenGateway]:
    """The same on a real port: for streams, and callers that leave."""
    async with AsyncExitStack() as stack:

        async def make(**settings: Any) -> httpx2.AsyncClient:
            app = build(settings_of(**settings), memory=memory, load_keys=issuer.load_keys())
            address = await stack.enter_async_context(listening(app))
            return await stack.enter_async_context(httpx2.AsyncClient(base_url=address, timeout=30))

        yield make


@pytest_asyncio.fixture(loop_scope="session")
async def rows(issuer: TestIssuer) -> AsyncIterator[tuple[Rows, str]]:
    """Services whose rows the test decides, and their address."""
    service = Rows()
    async with listening(service.application(issuer)) as address:
        yield service, address


@pytest_asyncio.fixture(loop_scope="session")
async def registry(issuer: TestIssuer) -> AsyncIterator[tuple[Registry, str]]:
    service = Registry(issuer)
    app = Starlette(routes=[Route("/{path:path}", service.answer, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])])
    async with listening(app) as address:
        yield service, address


pages = APIRouter(route_class=AuthorizedRoute)


@pages.get("/page")
@Rule(EVERYONE)
async def page(request: Request) -> dict[str, Any]:
    """A page as they are built beside: it knows its reader by `request.state.caller` and by name."""
    caller: Caller = request.state.caller
    signed_in = signed_in_by(request)
    name, grants = (signed_in.person.name, len(signed_in.person.grants)) if signed_in else (None, None)
    return {"role": caller.role, "name": name, "grants": grants}


@pytest.fixture
def with_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main, "ROUTERS", (*main.ROUTERS, pages))


@pytest_asyncio.fixture(loop_scope="session")
async def gateway(open_gateway: OpenGateway, registry: tuple[Registry, str]) -> httpx2.AsyncClient:
    """In production, as people meet it."""
    return await open_gateway(registry_url=registry[1], activities_url=registry[1])


@pytest_asyncio.fixture(loop_scope="session")
async def stage(migrated: Migrated, issuer: TestIssuer, registry: tuple[Registry, str]) -> AsyncIterator[Stage]:
    """The gateway before a real alerts service and the registry of one person."""
    url = await migrated(ALERTS)
    database = await Database.connect(url, application="test")
    async with database.transaction() as tx:
        for kind in (AreaChanged, OrganisationChanged, SectorChanged):
            await PROJECTION.handlers[kind](tx, [event for event in REFERENCE if type(event) is kind])
    await database.close()
    service = build_service(replace(ALERTS, keys=lambda _: issuer.load_keys()), service_settings(ALERTS, url))
    async with listening(service) as behind:
        app = build(
            settings_of(alerts_url=behind, registry_url=registry[1]),
            memory=filled_memory(),
            load_keys=issuer.load_keys(),
        )
        async with listening(app) as address, httpx2.AsyncClient(base_url=address, timeout=20) as client:
            yield Stage(address, client, issuer, app, service, ORGANISATION)


@pytest_asyncio.fixture(loop_scope="session")
async def services() -> AsyncIterator[tuple[Services, dict[str, str]]]:
    """Such services, and the settings that lead to them."""
    seen = Services()

    def application(name: str) -> Starlette:
        async def ready(_: Request) -> Response:
            seen.asked.append(name)
            await asyncio.sleep(seen.delay.get(name, 0))
            return Response(status_code=seen.status.get(name, 200))

        return Starlette(routes=[Route("/readyz", ready)])

    async with AsyncExitStack() as stack:
        yield (
            seen,
            {f"{name}_url": await stack.enter_async_context(listening(application(name))) for name in SERVICES},
        )
