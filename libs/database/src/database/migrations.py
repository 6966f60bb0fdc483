"""Migrations: plain SQL files, forward only, run by dbmate; the resulting `schema.sql` is committed and compared.

Files of `libs/` are numbered from 0001, those of a service from 0101, so that both fit in one history.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import asyncpg

BROKEN_INDEXES = """
    select indexrelid::regclass::text from pg_index
      join pg_class on pg_class.oid = indexrelid
     where not indisvalid and relnamespace = 'public'::regnamespace
       and indexrelid not in (select index_relid from pg_stat_progress_create_index)
"""
"""What `create index concurrently` leaves behind where it is broken off."""


class MigrationFailed(RuntimeError):
    """dbmate could not bring the database to the newest version."""


def migrate(
    url: str, directories: Sequence[Path], *, schema_file: Path | None = None, pg_bin: Path | None = None
) -> None:
    """Bring the database at `url` to the newest version; safe beside another process that does the same.

    Writes `schema_file` when one is given, which needs PostgreSQL 18's `pg_dump` in `pg_bin` or on PATH.
    """
    asyncio.run(_drop_broken_indexes(url))
    command = ["dbmate", "--migration-lock", "--wait"]
    for directory in directories:
        command += ["--migrations-dir", str(directory)]
    command += ["--schema-file", str(schema_file)] if schema_file else ["--no-dump-schema"]
    done = subprocess.run(
        [*command, "migrate"], env=_environment(url, pg_bin), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise MigrationFailed(done.stderr.strip() or done.stdout.strip())


async def _drop_broken_indexes(url: str) -> None:
    """So that the migration that builds one, `if not exists`, can be run again after a kill."""
    try:
        connection = await asyncpg.connect(url)
    except (OSError, asyncpg.PostgresError):
        return  # dbmate waits for a server, makes a database, and says what is wrong
    try:
        for (index,) in await connection.fetch(BROKEN_INDEXES):
            await connection.execute(f"drop index concurrently if exists {index}")
    finally:
        await connection.close()


def _environment(url: str, pg_bin: Path | None) -> dict[str, str]:
    # The URL goes by the environment: a command line can be read by every user of the machine.
    search = [str(pg_bin)] if pg_bin else []
    search += [str(Path(sys.executable).parent), os.environ.get("PATH", "")]
    if "sslmode=" not in url:
        url += ("&" if "?" in url else "?") + "sslmode=disable"  # dbmate's own default refuses a server on loopback
    return {**os.environ, "DATABASE_URL": url, "PATH": os.pathsep.join(search)}
