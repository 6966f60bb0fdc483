"""No page breaks a rule of axe, in either language, in a real browser. GraphiQL is others' work."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from gateway.main import build
from playwright.async_api import Browser, async_playwright
from registry.main import SERVICE as REGISTRY
from runtime.access import Role
from runtime.application import build as build_service
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from testkit.ports import listening
from testkit.service_clients import settings_of as service_settings
from testkit.trust import TestIssuer

from .conftest import filled_memory, settings_of
from .people import Registry, cookie
from .reading_pages import figures
from .rows import Rows

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
)  # fmt: skip
WHOEVER = ("nobody", "program", "person")
PAGES = {
    "/": WHOEVER,
    "/?area=SY07&level=3&month=2026-03": ("program",),
    "/?area=SY99&level=8&month=May": ("program",),
    "/?after=nonsense&month=2026-03": ("program",),
    "/?refused=too_many_attempts": ("nobody", "person"),
    "/guides/partners": ("nobody", "person"),
    "/guides/hubs": ("nobody",),
    "/guides/alerts": ("nobody",),
    "/guides/operators": ("nobody",),
    "/docs/registry": ("nobody", "person"),
    "/docs/alerts": ("nobody",),  # whose service does not answer
    f"/invitation?token={'a' * 43}": ("nobody", "person"),
    f"/invitation?token={'a' * 43}&refused=passwords_differ": ("nobody",),
    "/invitation": ("nobody",),
    "/nothing": ("nobody", "person"),
    "/graphql": ("nobody",),
    "/graphql?query=x": ("nobody",),
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("there is no Chromium: apt-get install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=list(QUIET))
        yield browser
        await browser.close()


@dataclass
class ServiceClient:
    """The gateway, and the headers of each who comes to it."""

    address: str
    headers: dict[str, dict[str, str]]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def client(issuer: TestIssuer) -> AsyncIterator[ServiceClient]:
    """Before a registry of one person that tells its real routes, and figures of which some are withheld."""
    rows, registry = Rows(), Registry(issuer)
    withheld = {"people_total": None, "reason": "few_organisations", "suppressed_fields": ["people_total"]}
    rows.columns = figures({}, withheld, {"area": "SY99", "official_people_total": None}, *[{}] * 40)
    routes = build_service(replace(REGISTRY, keys=None), service_settings(REGISTRY, "postgresql://nowhere")).openapi()

    async def openapi(_: Request) -> Response:
        return JSONResponse(routes)

    async def ready(_: Request) -> Response:
        return Response()

    others = Route("/{path:path}", registry.answer, methods=["GET", "POST"])
    application = Starlette(routes=[Route("/openapi.json", openapi), Route("/readyz", ready), others])
    async with AsyncExitStack() as stack:
        behind = await stack.enter_async_context(listening(application))
        reporting = await stack.enter_async_context(listening(rows.application(issuer)))
        settings = settings_of(registry_url=behind, reporting_url=reporting)
        app = build(settings, memory=filled_memory(), load_keys=issuer.load_keys())
        address = await stack.enter_async_context(listening(app))
        headers = {"nobody": {}, "program": issuer.bearer(Role.SECRETARIAT), "person": cookie(registry.signed_in())}
        yield ServiceClient(address, headers)


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize(("path", "who"), [(path, who) for path, readers in PAGES.items() for who in readers])
async def test_no_page_breaks_a_rule(
    browser: Browser, client: ServiceClient, language: str, path: str, who: str
) -> None:
    # Axe is put into the page by a script, which our pages themselves allow nobody.
    context = await browser.new_context(bypass_csp=True, extra_http_headers=client.headers[who])
    page = await context.new_page()
    try:
        await page.goto(f"{client.address}{path}{'&' if '?' in path else '?'}lang={language}")
        assert await page.locator("html").get_attribute("lang") == language
        found = await Axe().run(page)
    finally:
        await context.close()
    told = [
        (violation["id"], violation["help"], [node["target"] for node in violation["nodes"]])
        for violation in found.response["violations"]
    ]
    assert told == []
    assert len(found.response["passes"]) > 10
