"""PostgreSQL as the platform sets it up: closed databases, and data that outlives its server."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest
from local.databases import database_url, provision_databases, run_sql
from local.ports import free_ports
from local.postgres import PostgresServer
from local.programs import ProgramError


@pytest.fixture(scope="session")
def passwords(postgres_url: str) -> dict[str, str]:
    run = secrets.token_hex(4)
    made = {f"{name}_{run}": f"p'{secrets.token_urlsafe(8)}" for name in ("registry", "alerts")}
    provision_databases(postgres_url, made)
    return made


def test_a_role_uses_its_own_database(postgres_url: str, passwords: dict[str, str]) -> None:
    name = next(iter(passwords))
    own = database_url(postgres_url, name, name, passwords[name])
    assert run_sql(own, "CREATE TABLE t (x int); SELECT current_user") == name


def test_a_role_cannot_connect_to_anothers_database(postgres_url: str, passwords: dict[str, str]) -> None:
    name, other = passwords
    with pytest.raises(ProgramError, match="permission denied for database"):
        run_sql(database_url(postgres_url, other, name, passwords[name]), "SELECT 1")


def test_a_wrong_password_is_refused(postgres_url: str, passwords: dict[str, str]) -> None:
    name = next(iter(passwords))
    with pytest.raises(ProgramError, match="password authentication failed"):
        run_sql(database_url(postgres_url, name, name, "guess"), "SELECT 1")


def test_provisioning_again_sets_the_password_anew(postgres_url: str, passwords: dict[str, str]) -> None:
    name = next(iter(passwords))
    passwords[name] = "other"
    provision_databases(postgres_url, passwords)
    assert run_sql(database_url(postgres_url, name, name, "other"), "SELECT 1") == "1"


def test_a_role_of_our_own_server_reaches_no_other_database_and_the_log_quotes_no_row(tmp_path: Path) -> None:
    server = PostgresServer(tmp_path / "data", free_ports(["postgres"])["postgres"], durable=False)
    try:
        server.start()
        provision_databases(server.url, {"registry": "p"}, whole_server=True)
        for name in ("postgres", "template1"):
            with pytest.raises(ProgramError, match="permission denied for database"):
                run_sql(database_url(server.url, name, "registry", "p"), "SELECT 1")
        own = database_url(server.url, "registry", "registry", "p")
        run_sql(own, "CREATE TABLE person (phone text, name text NOT NULL)")
        with pytest.raises(ProgramError):
            run_sql(own, "INSERT INTO person VALUES ('+963944000111', NULL)")
    finally:
        server.stop()
    log = server.log.read_text()
    assert "violates not-null constraint" in log
    assert "944000111" not in log


def test_what_was_committed_survives_kill_9(tmp_path: Path) -> None:
    server = PostgresServer(tmp_path / "data", free_ports(["postgres"])["postgres"])
    try:
        server.start()
        run_sql(server.url, "CREATE TABLE t AS SELECT 1 AS x")
        server.kill()
        server.start()
        assert run_sql(server.url, "SELECT x FROM t; SHOW fsync; SHOW synchronous_commit") == "1\non\non"
    finally:
        server.stop()
    assert server.pid is None
    assert (tmp_path / "superuser.password").stat().st_mode & 0o777 == 0o600
