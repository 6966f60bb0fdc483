"""Migrations: what is broken off in the middle is put right by the next run."""

import asyncio
from pathlib import Path

import asyncpg
import pytest
from database.migrations import MigrationFailed, migrate
from testkit.plugin import DatabaseFactory

TABLE = "-- migrate:up\ncreate table note (number int);\ninsert into note values (1), (1);\n\n-- migrate:down\n"
INDEX = """-- migrate:up transaction:false
create unique index concurrently if not exists note_number on note (number);

-- migrate:down
"""
VALID = "select indisvalid from pg_index where indexrelid = 'note_number'::regclass"


async def test_an_index_whose_building_was_broken_off_is_built_anew(
    database_url: DatabaseFactory, tmp_path: Path
) -> None:
    url = await database_url()
    (tmp_path / "0101_note.sql").write_text(TABLE)
    (tmp_path / "0102_note_number.sql").write_text(INDEX)
    connection = await asyncpg.connect(url)
    with pytest.raises(MigrationFailed):
        await asyncio.to_thread(migrate, url, [tmp_path])
    assert await connection.fetchval(VALID) is False
    await connection.execute("delete from note where ctid in (select max(ctid) from note)")
    await asyncio.to_thread(migrate, url, [tmp_path])
    assert await connection.fetchval(VALID) is True
    # Built by a server that went on when who asked was killed before the version was written down.
    await connection.execute("delete from schema_migrations where version = '0102'")
    await asyncio.to_thread(migrate, url, [tmp_path])
    assert await connection.fetchval("select array_agg(version order by version) from schema_migrations") == [
        "0101",
        "0102",
    ]
    await connection.close()
