"""The committed schema is what the migrations make."""

import asyncio
from pathlib import Path

from alerts.main import SERVICE
from database.migrations import migrate
from local.postgres import postgres_bin
from runtime.process import migrations_of
from testkit.plugin import DatabaseFactory


async def test_committed_schema_is_current(database_url: DatabaseFactory, tmp_path: Path) -> None:
    url = await database_url()
    written = tmp_path / "schema.sql"
    await asyncio.to_thread(migrate, url, migrations_of(SERVICE), schema_file=written, pg_bin=postgres_bin())
    assert written.read_text() == (SERVICE.folder / "schema.sql").read_text(), "run: make generate"
