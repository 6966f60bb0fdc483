"""Where the platform under test is: its processes, its databases, its Kafka, and second processes beside its own."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from signal import SIGCONT, SIGSTOP
from typing import Literal, TypeAlias

import asyncpg
from contracts.services import SERVICES
from local.children import Child, launch
from local.ports import free_ports
from local.processes import Settings
from local.programs import answers_ready
from local.state import StateDirectory
from messaging import Kafka
from testkit.platform import Platform

from tests.faults.waiting import until

PROCESSES = (
    "gateway",
    *SERVICES,
    *(f"{service}-worker" for service in SERVICES),
    "activities-jobs",
    "kafka",
    "postgres",
)

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@dataclass(frozen=True)
class Site:
    """A platform that is up, seen by who may look behind its door."""

    platform: Platform

    @cached_property
    def state(self) -> StateDirectory:
        return StateDirectory(self.platform.state)

    @cached_property
    def kafka(self) -> Kafka:
        return Kafka(f"127.0.0.1:{self._ports['kafka']}")

    @asynccontextmanager
    async def database(self, service: str) -> AsyncIterator[Connection]:
        """A connection of the service's own role."""
        connection = await asyncpg.connect(self._environment(service, service)["TANSIQ_DATABASE_URL"], timeout=10)
        try:
            yield connection
        finally:
            await connection.close(timeout=10)

    def process(self, name: str) -> Child | None:
        """The process of that name, where it lives."""
        found = next((program.child for program in self.state.read_run().programs if program.name == name), None)
        return found if found and found.alive() else None

    async def living(self, name: str) -> Child:
        """The process of that name, as soon as it lives."""

        async def look() -> Child | None:
            return await asyncio.to_thread(self.process, name)

        child = await until(look, bool, f"{name} is not started again")
        assert child
        return child

    def log(self, name: str) -> Path:
        return self.state.log(name)

    @contextmanager
    def second(self, service: str, role: Literal["relay", "consume"]) -> Iterator["Second"]:
        """A process of the service beside those the supervisor minds, until the block ends."""
        name = f"{service}-second-{role}"
        [port] = free_ports([name]).values()
        environment = {**self._environment(name, service), "TANSIQ_PORT": str(port)}
        log = self.state.log(name)
        child = launch([sys.executable, "-m", f"{service}.main", role], environment, log)
        try:
            yield Second(child, port, log)
        finally:
            child.send(SIGCONT)
            child.stop(within=30)

    def _environment(self, name: str, service: str) -> dict[str, str]:
        return Settings(self.state, self._ports).environment(name, service)

    @cached_property
    def _ports(self) -> dict[str, int]:
        return {program.name: program.port for program in self.state.read_run().programs} | {"kafka-controller": 0}


@dataclass(frozen=True)
class Second:
    """A second relay or consumer of a service."""

    child: Child
    port: int
    log: Path

    async def ready(self) -> None:
        await until(lambda: asyncio.to_thread(answers_ready, self.port), bool, f"{self.log.stem} is not ready")


@contextmanager
def frozen(child: Child) -> Iterator[None]:
    """It stands still, keeps all it holds, and goes on when the block ends."""
    child.send(SIGSTOP)
    try:
        yield
    finally:
        child.send(SIGCONT)


def said_since(log: Path, position: int, *words: str) -> bool:
    """Whether a log holds one of these words behind a position."""
    with log.open("rb") as opened:
        opened.seek(position)
        said = opened.read().decode(errors="replace")
    return any(word in said for word in words)
