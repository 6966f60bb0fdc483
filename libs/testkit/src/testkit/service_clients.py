"""The door of a service in this process: its whole application on a real database, without a port."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx2
from runtime.application import build
from runtime.service import Service

from testkit.answers import Answers
from testkit.trust import AUDIENCE, ISSUER, TestIssuer

# httpx2's transport asks for it at every request; not finding it anywhere was a twentieth of what tests took.
sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]

CURSOR_KEY = "test-cursor-key-test-cursor-key-0"
SECRET = "test-secret-test-secret-test-secret-0"


def settings_of(service: Service, database_url: str, **others: Any) -> Any:
    """Settings of a service in tests, without reading the environment."""
    values: dict[str, Any] = {
        "port": 0,
        "environment": "development",
        "kafka_bootstrap": "127.0.0.1:1",
        "issuer": ISSUER,
        "audience": AUDIENCE,
        "jwks_url": f"{ISSUER}/.well-known/jwks.json",
        "cursor_key": CURSOR_KEY,
        "database_url": database_url,
        "database_connections": 5,
    }
    values |= {
        name: SECRET
        for name in ("unit_key", "signing_key_secret", "subscription_secret")
        if name in service.settings.model_fields
    }
    return service.settings(**{**values, **others})


@asynccontextmanager
async def open_service_client(
    service: Service, database_url: str, issuer: TestIssuer | None = None, **settings: Any
) -> AsyncIterator[httpx2.AsyncClient]:
    """A client on the service's application; with `issuer` the service trusts its tokens, else its own keys.

    Every answer is compared with what the service's OpenAPI promises.
    """
    if issuer:
        service = replace(service, keys=lambda _: issuer.load_keys())
    app = build(service, settings_of(service, database_url, **settings))
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(
            transport=transport,
            base_url="http://service.test",
            event_hooks={"response": [Answers.of(app).check]},
        ) as client,
    ):
        yield client
