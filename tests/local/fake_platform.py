"""Small platforms for the supervisor's tests: fake processes which answer /readyz, or misbehave on purpose."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from local.databases import run_sql
from local.kafka import KafkaBroker
from local.ports import Ports
from local.postgres import PostgresServer
from local.processes import PlatformPlan
from local.programs import Program, Task, answers_ready
from local.state import StateDirectory


def small(state: StateDirectory, ports: Ports) -> PlatformPlan:
    """Two processes and nothing else."""
    return PlatformPlan((), (), (_fake("registry", ports), _fake("gateway", ports)))


def crashing(state: StateDirectory, ports: Ports) -> PlatformPlan:
    return PlatformPlan((), (), (_fake("registry", ports, "crash"), _fake("gateway", ports)))


def slow(state: StateDirectory, ports: Ports) -> PlatformPlan:
    """Real PostgreSQL, then a preparation that never ends."""
    return PlatformPlan((_postgres(state, ports).program,), ((_sleeping_task(),),), (_fake("gateway", ports),))


def failing(state: StateDirectory, ports: Ports) -> PlatformPlan:
    task = Task("registry-migrate", [sys.executable, "-c", "raise SystemExit('the table is on fire')"])
    return PlatformPlan((), ((task,),), (_fake("gateway", ports),))


def whole(state: StateDirectory, ports: Ports) -> PlatformPlan:
    """Real PostgreSQL and Kafka, a table with a row for each time it came up, and a process."""
    postgres = _postgres(state, ports)
    kafka = KafkaBroker(state.kafka, ports["kafka"], ports["kafka-controller"], log=state.log("kafka"))
    note = Task("note", action=_note_visit(postgres))
    return PlatformPlan((postgres.program, kafka.program), ((note,),), (_fake("gateway", ports),))


def _postgres(state: StateDirectory, ports: Ports) -> PostgresServer:
    return PostgresServer(state.postgres, ports["postgres"], log=state.log("postgres"))


def _note_visit(postgres: PostgresServer) -> Callable[[], None]:
    sql = "CREATE TABLE IF NOT EXISTS visit (at timestamptz); INSERT INTO visit VALUES (now())"
    return lambda: _run(postgres.url, sql)


def _run(url: str, sql: str) -> None:
    run_sql(url, sql)


def _sleeping_task() -> Task:
    return Task("endless", [sys.executable, "-c", "import time; time.sleep(600)"])


def _fake(name: str, ports: Ports, behaviour: str = "serve") -> Program:
    port = ports[name]
    return Program(
        name=name,
        command=lambda: [sys.executable, Path(__file__), behaviour, str(port)],
        environment=dict(os.environ),
        is_ready=lambda: answers_ready(port),
        port=port,
        ready_within=20,
        stop_rank=0 if name == "gateway" else 1,
    )


class _Ready(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()


if __name__ == "__main__":
    if sys.argv[1] == "crash":
        raise SystemExit("no configuration found")
    HTTPServer(("127.0.0.1", int(sys.argv[2])), _Ready).serve_forever()
