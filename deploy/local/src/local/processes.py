"""The process table: what the platform consists of, in which order it comes up, and what each process is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from contracts.services import SERVICES

from local.databases import database_url, provision_databases, run_sql
from local.kafka import KafkaBroker
from local.ports import Ports
from local.postgres import PostgresServer
from local.programs import Program, ProgramError, Task, answers_ready
from local.state import StateDirectory

Role = Literal["api", "worker", "jobs"]


@dataclass(frozen=True)
class Process:
    """One of our own processes, as `python -m <package>.main <roles>`."""

    name: str
    package: str
    roles: tuple[Role, ...]
    stop_rank: int


FILES = Process("activities-jobs", "activities", ("jobs",), stop_rank=2)
GATEWAY = Process("gateway", "gateway", ("api",), stop_rank=0)
APART = (
    *(Process(name, name, ("api",), stop_rank=1) for name in SERVICES),
    *(Process(f"{name}-worker", name, ("worker",), stop_rank=2) for name in SERVICES),
    FILES,
    GATEWAY,
)
"""As they run in production."""
TOGETHER = (*(Process(name, name, ("api", "worker"), stop_rank=1) for name in SERVICES), FILES, GATEWAY)
"""A service's API and worker in one process, which saves the memory of a process each."""


@dataclass(frozen=True)
class PlatformPlan:
    """Servers first, then the preparations group by group, then the processes all at once."""

    servers: tuple[Program, ...]
    preparations: tuple[tuple[Task, ...], ...]
    processes: tuple[Program, ...]

    @property
    def programs(self) -> tuple[Program, ...]:
        return self.servers + self.processes


PlatformTable = Callable[[StateDirectory, Ports], PlatformPlan]


def the_platform(state: StateDirectory, ports: Ports) -> PlatformPlan:
    """Each role a process of its own."""
    return _platform(state, ports, APART)


def small_platform(state: StateDirectory, ports: Ports) -> PlatformPlan:
    """What `make up` brings up."""
    return _platform(state, ports, TOGETHER)


def _platform(state: StateDirectory, ports: Ports, processes: Sequence[Process]) -> PlatformPlan:
    settings = Settings(state, ports)
    return PlatformPlan(
        servers=settings.servers,
        preparations=(
            (Task("databases", action=settings.provision_databases),),
            tuple(settings.migration(service) for service in SERVICES),
            (settings.provision_clients(), Task("plans-adopt", action=settings.adopt_targets)),
        ),
        processes=tuple(settings.program(process) for process in processes),
    )


class Settings:
    """Everything a process of this platform is told, drawn from the state directory and the ports."""

    def __init__(self, state: StateDirectory, ports: Ports) -> None:
        self.state = state
        self.ports = ports
        self.secrets = state.secrets()
        self.clients = state.clients(self.address("gateway"))
        self._postgres_url = os.environ.get("TANSIQ_POSTGRES_URL")
        self._kafka_bootstrap = os.environ.get("TANSIQ_KAFKA_BOOTSTRAP")
        self._postgres = PostgresServer(state.postgres, ports["postgres"], log=state.log("postgres"))
        self._kafka = KafkaBroker(state.kafka, ports["kafka"], ports["kafka-controller"], log=state.log("kafka"))

    @property
    def servers(self) -> tuple[Program, ...]:
        """None of a kind of which the caller named one that exists."""
        postgres = () if self._postgres_url else (self._postgres.program,)
        return (*postgres, *(() if self._kafka_bootstrap else (self._kafka.program,)))

    def address(self, name: str) -> str:
        return f"http://127.0.0.1:{self.ports[name]}"

    def provision_databases(self) -> None:
        passwords = {name: self.secrets[f"{name}_password"] for name in SERVICES}
        provision_databases(self._admin_url, passwords, whole_server=not self._postgres_url)

    def migration(self, service: str) -> Task:
        environment = self.environment(f"{service}-migrate", service)
        return Task(f"{service}-migrate", command=_main(service, "migrate"), environment=environment)

    def adopt_targets(self) -> None:
        """Targets that a release before kept in activities become those of plans."""
        if run_sql(database_url(self._admin_url, "activities"), "select exists (select from target)") == "t":
            told = self._run("activities", "targets")
            self._run("plans", "adopt", stdin=told)

    def _run(self, package: str, command: str, stdin: bytes = b"") -> bytes:
        done = subprocess.run(
            _main(package, command),
            input=stdin,
            env=self.environment(f"{package}-{command}", package),
            capture_output=True,
            check=False,
        )
        if done.returncode:
            told = done.stderr.decode(errors="replace").strip()
            raise ProgramError(f"{package} {command} failed: {told or f'it ended with status {done.returncode}'}")
        return done.stdout

    def provision_clients(self) -> Task:
        """The secrets go in by stdin: arguments and environment could be read by others."""
        environment = self.environment("registry-provision", "registry")
        wanted = {"clients": self.clients}
        if environment["TANSIQ_ENVIRONMENT"] == "development":
            wanted["people"] = self.state.people()
        stdin = json.dumps(wanted).encode()
        return Task("registry-provision", _main("registry", "provision"), environment=environment, stdin=stdin)

    def program(self, process: Process) -> Program:
        port = self.ports[process.name]
        return Program(
            name=process.name,
            command=lambda: _main(process.package, *process.roles),
            environment=self.environment(process.name, process.package) | {"TANSIQ_PORT": str(port)},
            port=port,
            is_ready=lambda: answers_ready(port),
            stop_rank=process.stop_rank,
        )

    def environment(self, name: str, package: str) -> dict[str, str]:
        own = self._gateway_environment() if package == "gateway" else self._service_environment(package)
        port = {"TANSIQ_PORT": str(self.ports[package])}  # tasks do not listen, but their settings are the service's
        return own | self._common_environment() | port | {"OTEL_SERVICE_NAME": name}

    def _common_environment(self) -> dict[str, str]:
        return {
            **{name: value for name, value in os.environ.items() if not _is_ours(name)},
            "TANSIQ_ENVIRONMENT": os.environ.get("TANSIQ_ENVIRONMENT", "development"),
            "TANSIQ_KAFKA_BOOTSTRAP": self._kafka_bootstrap or self._kafka.bootstrap,
            "TANSIQ_HOST": "127.0.0.1",
            "TANSIQ_ISSUER": self.address("gateway"),
            "TANSIQ_JWKS_URL": f"{self.address('registry')}/.well-known/jwks.json",
            "TANSIQ_CURSOR_KEY": self.secrets["cursor_key"],
            "TANSIQ_SPOOL_DIR": str(self.state.spool),
            "TANSIQ_ARCHIVE_URL": os.environ.get("TANSIQ_ARCHIVE_URL", (self.state.root / "archive").as_uri()),
            "PYTHONUNBUFFERED": "1",
            "MALLOC_ARENA_MAX": "2",
        }

    def _service_environment(self, service: str) -> dict[str, str]:
        password = self.secrets[f"{service}_password"]
        own = {"TANSIQ_DATABASE_URL": database_url(self._admin_url, service, service, password)}
        if service == "registry":
            own["TANSIQ_SIGNING_KEY_SECRET"] = self.secrets["signing_key_secret"]
        if service == "activities":
            own["TANSIQ_UNIT_KEY"] = self.secrets["unit_key"]
        if service == "alerts":
            own["TANSIQ_SUBSCRIPTION_SECRET"] = self.secrets["subscription_secret"]
            # Heeded in development only: whoever tries webhooks here has their receiver on this machine.
            own["TANSIQ_WEBHOOKS_TO_LOOPBACK"] = "true"
        return own

    def _gateway_environment(self) -> dict[str, str]:
        return {f"TANSIQ_{service.upper()}_URL": self.address(service) for service in SERVICES}

    @property
    def _admin_url(self) -> str:
        return self._postgres_url or self._postgres.url


def _is_ours(variable: str) -> bool:
    """What steers this package, or belongs to one process only; other settings of the caller are passed on."""
    only_here = {
        "TANSIQ_POSTGRES_URL",
        "TANSIQ_DATABASE_URL",
        "TANSIQ_SIGNING_KEY_SECRET",
        "TANSIQ_UNIT_KEY",
        "TANSIQ_SUBSCRIPTION_SECRET",
        "TANSIQ_WEBHOOKS_TO_LOOPBACK",
        "TANSIQ_CACHE",
    }
    return variable in only_here or (variable.startswith("TANSIQ_") and variable.endswith("_PORT"))


def _main(package: str, *arguments: str) -> list[str | Path]:
    return [sys.executable, "-m", f"{package}.main", *arguments]


def used_ports(platform: PlatformPlan, ports: Mapping[str, int]) -> Ports:
    """Those this platform will listen on: a server that exists elsewhere needs none."""
    names = {program.name for program in platform.programs}
    return {name: port for name, port in ports.items() if name.removesuffix("-controller") in names}
