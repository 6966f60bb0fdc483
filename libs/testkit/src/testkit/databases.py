"""Databases of tests: migrated once per service and run, then copied for each test."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
from database.migrations import migrate
from runtime.process import migrations_of
from runtime.service import Service


def named(admin_url: str, database: str) -> str:
    """The URL of another database of the same server."""
    return urlunsplit(urlsplit(admin_url)._replace(path=f"/{database}"))


class Templates:
    """One migrated template database per service, in one test process."""

    def __init__(self, admin_url: str) -> None:
        self._admin_url = admin_url
        self._made: dict[str, str] = {}
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def copy(self, service: Service) -> AsyncIterator[str]:
        """URL of a fresh migrated database, dropped at the end."""
        name = f"{service.name}_{uuid4().hex[:12]}"
        await self._execute(f'create database "{name}" template "{await self._template(service)}"')
        try:
            yield named(self._admin_url, name)
        finally:
            await self._execute(f'drop database "{name}" with (force)')

    async def close(self) -> None:
        for template in self._made.values():
            await self._execute(f'drop database if exists "{template}" with (force)')

    async def _template(self, service: Service) -> str:
        async with self._lock:
            if service.name not in self._made:
                template = f"template_{service.name}_{uuid4().hex[:8]}"
                await self._execute(f'create database "{template}"')
                await asyncio.to_thread(migrate, named(self._admin_url, template), migrations_of(service))
                self._made[service.name] = template
            return self._made[service.name]

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self._admin_url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()
