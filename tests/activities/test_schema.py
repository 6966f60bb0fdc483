"""The committed schema is what the migrations make."""

import asyncio
import re
from pathlib import Path

from activities.main import SERVICE
from database.migrations import migrate
from local.postgres import postgres_bin
from runtime.process import migrations_of
from testkit.plugin import DatabaseFactory

VOLATILE = re.compile(r"^(--.*|\\(un)?restrict .*|)$", re.MULTILINE)


async def test_the_committed_schema_is_what_the_migrations_make(database_url: DatabaseFactory, tmp_path: Path) -> None:
    made = tmp_path / "schema.sql"
    url = await database_url()
    await asyncio.to_thread(migrate, url, migrations_of(SERVICE), schema_file=made, pg_bin=postgres_bin())
    committed = (SERVICE.folder / "schema.sql").read_text()
    assert VOLATILE.sub("", made.read_text()) == VOLATILE.sub("", committed)


async def test_every_list_is_served_by_an_index(database_url: DatabaseFactory) -> None:
    schema = (SERVICE.folder / "schema.sql").read_text()
    for columns in (
        "(month DESC, id)",
        "(adm1, sector, month DESC, id)",
        "(adm2, sector, month DESC, id)",
        "(stage, status)",
        "(id)",
    ):
        assert f"ON public.report USING btree {columns}" in schema
    assert "(sector, adm1, month DESC, id) WHERE (stage = 'submitted'::text)" in schema
