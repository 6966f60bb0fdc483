"""The services' databases and roles on one server, each closed to the others."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from local.postgres import postgres_bin
from local.programs import ProgramError

_HIDDEN = "SET log_statement = 'none'; SET log_min_error_statement = 'panic';\n"

# Every statement may run again: what is there stays, passwords and rights are set anew.
_PROVISION = """
SELECT 'CREATE ROLE "{name}" LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') \\gexec
ALTER ROLE "{name}" LOGIN PASSWORD '{password}';
SELECT 'GRANT "{name}" TO CURRENT_USER' WHERE NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) \\gexec
SELECT 'CREATE DATABASE "{name}" OWNER "{name}"'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{name}') \\gexec
ALTER DATABASE "{name}" OWNER TO "{name}";
REVOKE ALL ON DATABASE "{name}" FROM PUBLIC;
"""


# On a server of our own nobody but the administrator has business in the databases it came with.
_CLOSE_OTHERS = "REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;\n"


def provision_databases(admin_url: str, passwords: Mapping[str, str], *, whole_server: bool = False) -> None:
    """Make a database and a role of each name; nobody but that role and the administrator can connect to it.

    With `whole_server`, which is for a server of our own, the roles can connect to no other database either.
    """
    script = "".join(
        _PROVISION.format(name=name, password=password.replace("'", "''")) for name, password in passwords.items()
    )
    if whole_server:
        script += _CLOSE_OTHERS
    run_sql(admin_url, _HIDDEN + script if _may_hide(admin_url) else script)


def run_sql(url: str, script: str) -> str:
    """The output of psql, unaligned; the password travels in the environment, where other users cannot see it."""
    password = unquote(urlsplit(url).password or "")
    options = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
    done = subprocess.run(
        [postgres_bin() / "psql", *options, "-d", _without_password(url), "-f", "-"],
        input=script,
        env={**os.environ, **({"PGPASSWORD": password} if password else {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ProgramError(f"psql failed: {done.stderr.strip()}")
    return done.stdout.strip()


def database_url(admin_url: str, name: str, user: str | None = None, password: str | None = None) -> str:
    """The same server, another database, and another role where one is given."""
    parts = urlsplit(admin_url)
    netloc = parts.netloc
    if user is not None:
        netloc = f"{quote(user)}:{quote(password or '', safe='')}@{netloc.rpartition('@')[2]}"
    return urlunsplit(parts._replace(netloc=netloc, path=f"/{name}"))


def _may_hide(admin_url: str) -> bool:
    """Only a superuser may keep the passwords out of the server's statement log."""
    return run_sql(admin_url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == "t"


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    user = parts.username or ""
    netloc = f"{user}@{parts.netloc.rpartition('@')[2]}" if user else parts.netloc
    return urlunsplit(parts._replace(netloc=netloc))
