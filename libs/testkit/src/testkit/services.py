"""The services as they declare themselves, and fixtures for their tests: an issuer, and fresh migrated databases."""

from collections.abc import Awaitable, Callable, Mapping
from importlib import import_module

import pytest
from contracts.services import SERVICES
from database.migrations import migrate
from runtime.process import migrations_of
from runtime.service import Service

from testkit.plugin import DatabaseFactory
from testkit.trust import TestIssuer

Migrated = Callable[[Service], Awaitable[str]]


def declared_services() -> Mapping[str, Service]:
    """Each service by its name."""
    return {name: import_module(f"{name}.main").SERVICE for name in SERVICES}


@pytest.fixture(scope="session")
def issuer() -> TestIssuer:
    return TestIssuer()


@pytest.fixture
def migrated(database_url: DatabaseFactory) -> Migrated:
    """`await migrated(SERVICE)` is the URL of a fresh database of that service, copied from one of this run."""

    async def make(service: Service) -> str:
        return await database_url(service.name, lambda url: migrate(url, migrations_of(service)))

    return make
