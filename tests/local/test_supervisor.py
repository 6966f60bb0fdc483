"""The platform comes up, stays up and goes down, whoever is killed."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest
from local.databases import run_sql
from local.postgres import PostgresServer

Operator = Any


def test_a_killed_process_is_started_again(operator: Operator) -> None:
    operator.up()
    killed = operator.program("registry").child
    killed.send(signal.SIGKILL)
    operator.wait_for(lambda: operator.program("registry").restarts == 1)
    operator.wait_for(lambda: operator.program("registry").state == "running")
    assert operator.program("registry").child != killed
    assert operator.program("gateway").restarts == 0


def test_a_killed_supervisor_is_replaced_and_adopts_what_runs(operator: Operator) -> None:
    operator.up()
    before = {program.name: program.child for program in operator.now.programs}
    killed = operator.now.supervisor
    killed.send(signal.SIGKILL)
    operator.wait_for(lambda: operator.now.supervisor != killed and operator.now.phase == "up")
    assert {program.name: program.child for program in operator.now.programs} == before
    before["gateway"].send(signal.SIGKILL)
    operator.wait_for(lambda: operator.program("gateway").restarts == 1)


def test_up_adopts_what_a_killed_supervisor_and_keeper_left(
    operator: Operator, nothing_left: Callable[[], None]
) -> None:
    operator.up()
    before = operator.program("registry").child
    operator.now.keeper.send(signal.SIGKILL)
    operator.now.supervisor.send(signal.SIGKILL)
    operator.wait_for(lambda: not operator.now.supervised)
    operator.up()
    assert operator.program("registry").child == before
    operator.run("down")
    nothing_left()


def test_a_killed_keeper_is_replaced(operator: Operator, nothing_left: Callable[[], None]) -> None:
    operator.up()
    killed = operator.now.keeper
    killed.send(signal.SIGKILL)
    operator.wait_for(lambda: operator.now.keeper != killed and operator.now.keeper.alive())
    status, _ = operator.run("down")
    assert status == 0
    operator.wait_for(lambda: not killed.alive())
    time.sleep(1.2)  # the new keeper looks once a second
    nothing_left()


def test_a_process_that_keeps_dying_is_named_with_its_last_words(
    operator: Operator, nothing_left: Callable[[], None]
) -> None:
    status, output = operator.run("up", table="crashing")
    assert status == 1
    assert "registry: ended with status 1, 3 times in a minute" in output
    assert "no configuration found" in output
    nothing_left()


def test_a_failed_step_is_named_with_its_last_words(operator: Operator, nothing_left: Callable[[], None]) -> None:
    status, output = operator.run("up", table="failing")
    assert status == 1
    assert "registry-migrate: ended with status 1" in output
    assert "the table is on fire" in output
    nothing_left()


@pytest.mark.parametrize("after", [0.0, 0.3, 1.5])
def test_ctrl_c_on_the_way_up_leaves_nothing_behind(
    operator: Operator, nothing_left: Callable[[], None], after: float
) -> None:
    process = operator.begin("up", table="slow")
    operator.wait_for(operator.state.wanted.exists)
    time.sleep(after)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 130
    nothing_left()


def test_a_port_in_use_is_named_before_anything_starts(operator: Operator, nothing_left: Callable[[], None]) -> None:
    port = operator.ports["gateway"]
    with socket.create_server(("127.0.0.1", port)):
        status, output = operator.run("up")
    assert status == 1
    assert f"port {port} (gateway) is in use by pid" in output
    assert "set TANSIQ_GATEWAY_PORT" in output
    nothing_left()


def test_up_twice_changes_nothing(operator: Operator) -> None:
    operator.up()
    before = [program.child for program in operator.now.programs]
    operator.up()
    assert [program.child for program in operator.now.programs] == before


def test_data_survives_down_and_up_and_ends_with_reset(operator: Operator, nothing_left: Callable[[], None]) -> None:
    operator.up("whole")
    found = operator.status()
    assert {row["process"]: row["state"] for row in found["processes"]} == dict.fromkeys(
        ["postgres", "kafka", "gateway", "supervisor", "keeper"], "running"
    )
    assert 0 < found["memory"] < 400e6
    status, _ = operator.run("down")
    assert status == 0
    nothing_left()
    operator.up("whole")
    postgres = PostgresServer(operator.state.postgres, operator.ports["postgres"])
    assert run_sql(postgres.url, "SELECT count(*) FROM visit") == "2"
    refused, _ = operator.run("reset")
    assert refused == 1
    operator.run("reset", "--yes")
    nothing_left()
    assert not operator.state.root.exists()


def test_down_when_nothing_runs(operator: Operator) -> None:
    status, output = operator.run("down")
    assert (status, output) == (0, "Tansiq is not running.\n")
