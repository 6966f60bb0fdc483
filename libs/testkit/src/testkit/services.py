"""The services as they declare themselves, and fixtures for their tests: an issuer, and fresh migrated databases."""

from collections.abc import Awaitable, Callable, Mapping, Set
from importlib import import_module

import pytest
from contracts.services import SERVICES
from database import Database
from database.migrations import migrate
from runtime.process import migrations_of
from runtime.service import Service

from testkit.plugin import DatabaseFactory
from testkit.trust import TestIssuer

TABLES = "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"
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
    return _migrated(database_url)


@pytest.fixture(scope="session")
def standing_migrated(standing_database_url: DatabaseFactory) -> Migrated:
    """The same, for a database that several tests share."""
    return _migrated(standing_database_url)


def _migrated(database_url: DatabaseFactory) -> Migrated:
    async def make(service: Service) -> str:
        return await database_url(service.name, lambda url: migrate(url, migrations_of(service)))

    return make


async def find_filled(database: Database) -> Set[str]:
    """The tables that hold something."""
    async with database.connection() as connection:
        tables = await connection.fetch(TABLES)
        looks = " union all ".join(f"select '{table}' where exists (select from {table})" for (table,) in tables)
        return {table for (table,) in await connection.fetch(looks)}


async def empty_tables(database: Database, kept: Set[str]) -> None:
    """All but those kept and those that are empty: truncating makes new files of a table and of its indexes."""
    if filled := await find_filled(database) - kept:
        async with database.connection() as connection:
            await connection.execute(f"truncate {', '.join(sorted(filled))}")
