"""Secrets are made once and are nobody else's; every process is told what is its own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from contracts.services import SERVICES
from local.logs import cap
from local.ports import DEFAULTS
from local.processes import APART, TOGETHER, Process, Settings, small_platform, the_platform, used_ports
from local.state import CLIENTS, PEOPLE, StateDirectory, StateError


def made(tmp_path: Path) -> StateDirectory:
    state = StateDirectory(tmp_path / "state")
    state.make()
    return state


def test_secrets_are_made_once(tmp_path: Path) -> None:
    state = made(tmp_path)
    assert state.secrets() == StateDirectory(state.root).secrets()
    assert (state.root / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert state.root.stat().st_mode & 0o777 == 0o700


def test_damaged_secrets_are_not_replaced(tmp_path: Path) -> None:
    state = made(tmp_path)
    state.secrets()
    (state.root / "secrets.json").write_text('{"cursor_key": "')
    with pytest.raises(StateError, match=r"secrets\.json is damaged"):
        state.secrets()
    assert (state.root / "secrets.json").read_text() == '{"cursor_key": "'


def test_clients_keep_their_secrets_when_the_gateway_moves(tmp_path: Path) -> None:
    state = made(tmp_path)
    assert state.clients("http://127.0.0.1:8000") == state.clients("http://127.0.0.1:9000")
    assert "9000/oauth/token" in state.credentials.read_text()
    assert set(state.clients("")) == set(CLIENTS)


def test_people_to_sign_in_as_keep_their_passwords_and_stand_beside_the_clients(tmp_path: Path) -> None:
    state = made(tmp_path)
    clients, people = state.clients("http://127.0.0.1:8000"), state.people()
    assert set(people) == set(PEOPLE)
    assert len({person["password"] for person in people.values()}) == len(PEOPLE)
    assert (state.clients("http://127.0.0.1:9000"), state.people()) == (clients, people)
    kept = json.loads(state.credentials.read_text())
    assert (kept["clients"], kept["people"]) == (clients, people)
    assert state.credentials.stat().st_mode & 0o777 == 0o600


def test_sample_people_are_made_in_development_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANSIQ_ENVIRONMENT", "production")
    assert "people" not in json.loads(Settings(made(tmp_path), DEFAULTS).provision_clients().stdin or b"")
    monkeypatch.setenv("TANSIQ_ENVIRONMENT", "development")
    assert "people" in json.loads(Settings(made(tmp_path), DEFAULTS).provision_clients().stdin or b"")


def test_only_the_registry_learns_the_signing_secret(tmp_path: Path) -> None:
    settings = Settings(made(tmp_path), DEFAULTS)
    told = {process.name: settings.program(process).environment for process in APART}
    assert {name for name, env in told.items() if "TANSIQ_SIGNING_KEY_SECRET" in env} == {"registry", "registry-worker"}
    assert {name for name, env in told.items() if "TANSIQ_UNIT_KEY" in env} == {
        "activities",
        "activities-worker",
        "activities-jobs",
    }
    assert "TANSIQ_DATABASE_URL" not in told["gateway"]
    assert told["alerts-worker"]["TANSIQ_DATABASE_URL"].endswith("@127.0.0.1:8032/alerts")
    assert told["alerts-worker"]["TANSIQ_PORT"] == "8013"
    assert told["gateway"]["TANSIQ_REPORTING_URL"] == "http://127.0.0.1:8004"


def test_the_platform_uses_every_port_once(tmp_path: Path) -> None:
    platform = the_platform(made(tmp_path), DEFAULTS)
    assert used_ports(platform, DEFAULTS) == DEFAULTS
    assert len({program.port for program in platform.programs}) == 2 * len(SERVICES) + 4


def test_the_small_platform_has_every_role_in_fewer_processes(tmp_path: Path) -> None:
    def roles(processes: Sequence[Process]) -> set[tuple[str, str]]:
        return {(process.package, role) for process in processes for role in process.roles}

    assert roles(TOGETHER) == roles(APART)
    platform = small_platform(made(tmp_path), DEFAULTS)
    assert not [name for name in used_ports(platform, DEFAULTS) if name.endswith("-worker")]


def test_a_log_is_cut_when_it_is_large(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    with log.open("a") as writer:
        writer.write("first\n" * 10)
        writer.flush()
        cap(log, largest=20)
        writer.write("second\n")
    assert log.read_text() == "second\n"
    assert (tmp_path / "x.log.1").read_text() == "first\n" * 10


def test_servers_named_by_the_caller_are_not_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANSIQ_POSTGRES_URL", "postgresql://admin:secret@db.example:5432/postgres?sslmode=require")
    monkeypatch.setenv("TANSIQ_KAFKA_BOOTSTRAP", "kafka.example:9092")
    platform = the_platform(made(tmp_path), DEFAULTS)
    assert platform.servers == ()
    assert not {"postgres", "kafka", "kafka-controller"} & set(used_ports(platform, DEFAULTS))
    told = next(program.environment for program in platform.processes if program.name == "alerts")
    assert told["TANSIQ_DATABASE_URL"].endswith("@db.example:5432/alerts?sslmode=require")
    assert told["TANSIQ_KAFKA_BOOTSTRAP"] == "kafka.example:9092"
    assert "TANSIQ_POSTGRES_URL" not in told
