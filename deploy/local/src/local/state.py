"""The state directory: data, logs, secrets and what runs; nothing of the platform is kept elsewhere."""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from contracts.services import SERVICES

from local.children import Child

PEOPLE = ("secretariat", "coordinator", "member", "hub")
CLIENTS = ("secretariat", "coordinator", "member", "other_member", "hub")

Phase = Literal["starting", "up", "stopping", "failed", "down"]


@dataclass
class ProgramState:
    """What the supervisor knows of one process."""

    name: str
    port: int
    state: str = "waiting"
    child: Child | None = None
    restarts: int = 0
    since: float = 0.0
    note: str = ""


@dataclass
class BootStep:
    """One line of the way up."""

    name: str
    state: Literal["busy", "done", "failed"] = "busy"
    began: float = field(default_factory=time.time)
    seconds: float = 0.0


@dataclass
class RunState:
    phase: Phase = "down"
    problem: str = ""
    supervisor: Child | None = None
    keeper: Child | None = None
    steps: list[BootStep] = field(default_factory=list)
    programs: list[ProgramState] = field(default_factory=list)

    @property
    def supervised(self) -> bool:
        return bool(self.supervisor and self.supervisor.alive())

    def living(self) -> list[ProgramState]:
        return [program for program in self.programs if program.child and program.child.alive()]


class StateError(Exception):
    """A file of the state directory is not as we left it."""


class StateDirectory:
    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self.run = self.root / "run"
        self.logs = self.root / "logs"
        self.spool = self.root / "spool"
        self.postgres = self.root / "postgres" / "data"
        self.kafka = self.root / "kafka" / "data"
        self.credentials = self.root / "credentials.json"
        self.lock = self.run / "supervisor.lock"
        self.wanted = self.run / "wanted"  # stands while the platform should run
        self._secrets = self.root / "secrets.json"
        self._run_state = self.run / "state.json"

    def make(self) -> None:
        for folder in (self.root, self.run, self.logs, self.spool):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.root.chmod(0o700)

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def secrets(self) -> dict[str, str]:
        """Random, made once; a secret that a newer version needs is added to those that are there."""
        known: dict[str, str] = _read_whole(self._secrets)
        names = [
            "cursor_key",
            "unit_key",
            "signing_key_secret",
            "subscription_secret",
            *(f"{name}_password" for name in SERVICES),
        ]
        if missing := [name for name in names if name not in known]:
            known |= {name: secrets.token_hex(32) for name in missing}
            write_private(self._secrets, json.dumps(known, indent=2))
        return known

    def clients(self, gateway: str) -> dict[str, dict[str, str]]:
        """The platform's five sample clients, with the same secrets at every start."""
        clients, people = self._known("clients"), self._known("people")
        clients = {name: clients.get(name) or _new_client(name) for name in CLIENTS}
        document = {"token_url": f"{gateway}/oauth/token", "gateway": gateway, "clients": clients, "people": people}
        write_private(self.credentials, json.dumps(document, indent=2))
        return clients

    def people(self) -> dict[str, dict[str, str]]:
        """Four sample people to sign in as while developing, with the same passwords at every start."""
        people = self._known("people")
        people = {name: people.get(name) or _new_person(name) for name in PEOPLE}
        document = {**_read_whole(self.credentials), "people": people}
        write_private(self.credentials, json.dumps(document, indent=2))
        return people

    def _known(self, kind: str) -> dict[str, dict[str, str]]:
        known: dict[str, dict[str, str]] = _read_whole(self.credentials).get(kind, {})
        return known

    def read_run(self) -> RunState:
        found = _read(self._run_state)
        return _run_state(found) if found else RunState()

    def write_run(self, state: RunState) -> None:
        write_private(self._run_state, json.dumps(asdict(state)))


def write_private(path: Path, text: str) -> None:
    """All of it or nothing, after a power cut too, and readable by its owner only."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.touch(mode=0o600)
    with unfinished.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def _read_whole(path: Path) -> Any:
    """Empty where there is no file; one that is damaged is not replaced, for what was made with it would be lost."""
    found = _read(path)
    if found is None and path.exists():
        raise StateError(f"{path} is damaged: mend it, or bring it back from a copy")
    return found or {}


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return None


def _new_person(name: str) -> dict[str, str]:
    return {"email": f"{name}@people.example", "password": secrets.token_urlsafe(18)}


def _new_client(name: str) -> dict[str, str]:
    return {"client_id": name.replace("_", "-"), "client_secret": secrets.token_urlsafe(32)}


def _child(found: Mapping[str, Any] | None) -> Child | None:
    return Child(**found) if found else None


def _run_state(found: dict[str, Any]) -> RunState:
    programs = [ProgramState(**program | {"child": _child(program["child"])}) for program in found["programs"]]
    return RunState(
        phase=found["phase"],
        problem=found["problem"],
        supervisor=_child(found["supervisor"]),
        keeper=_child(found["keeper"]),
        steps=[BootStep(**step) for step in found["steps"]],
        programs=programs,
    )
