"""The tests' own servers: shared while the run lasts, gone when it ends, however it ends."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from local.databases import run_sql
from testkit.plugin import DatabaseFactory
from testkit.servers import KAFKA_BOOTSTRAP, POSTGRES_URL

OWNER = """
import os, signal
from testkit.servers import ThrowawayServers, postgres_url
servers = ThrowawayServers()
postgres_url()
print(servers.folder, (servers.folder / "postgres/data/postmaster.pid").read_text().split()[0], flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_servers_end_with_an_owner_that_is_killed() -> None:
    environment = {name: value for name, value in os.environ.items() if name not in (POSTGRES_URL, KAFKA_BOOTSTRAP)}
    owner = subprocess.run([sys.executable, "-c", OWNER], env=environment, capture_output=True, text=True, check=False)
    folder, pid = owner.stdout.split()
    deadline = time.monotonic() + 10
    while Path(folder).exists() or Path(f"/proc/{pid}").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)


async def test_a_database_is_this_tests_own(database_url: DatabaseFactory) -> None:
    one, other = await database_url(), await database_url()
    run_sql(one, "CREATE TABLE t (x int)")
    assert run_sql(other, "SELECT to_regclass('t') IS NULL") == "t"


async def test_a_template_is_prepared_once(database_url: DatabaseFactory) -> None:
    prepared: list[str] = []

    def prepare(url: str) -> None:
        prepared.append(url)
        run_sql(url, "CREATE TABLE t AS SELECT 1 AS x")

    urls = [await database_url("sample", prepare) for _ in range(2)]
    run_sql(urls[0], "DELETE FROM t")
    assert run_sql(urls[1], "SELECT x FROM t") == "1"
    assert len(prepared) == 1
