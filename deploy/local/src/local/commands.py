"""The commands an operator gives: up, down, status, logs, reset."""

from __future__ import annotations

import shutil
import signal
import sys
import time
from importlib import import_module
from types import FrameType, TracebackType
from typing import cast

from local.children import Child
from local.logs import follow
from local.ports import Ports, free_ports, own_environment, refuse_taken
from local.processes import PlatformTable, used_ports
from local.programs import last_lines
from local.screen import BootProgress, console, show_addresses, show_problem, show_status
from local.state import RunState, StateDirectory
from local.watchdog import keep

STOPS_WITHIN = 90.0


class Interrupts:
    """Notes Ctrl-C, or that the terminal went away, to be heeded where nothing is half done."""

    def __init__(self) -> None:
        self.stop_asked = False

    def __enter__(self) -> Interrupts:
        self._former = {number: signal.signal(number, self._note) for number in _INTERRUPTS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._former.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.stop_asked = True


_INTERRUPTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def platform_table(name: str) -> PlatformTable:
    """Named as `module:function`, so that tests can bring up another platform."""
    module, _, function = name.partition(":")
    return cast(PlatformTable, getattr(import_module(module), function))


def up(state: StateDirectory, table: str, ports: Ports, *, ports_auto: bool) -> int:
    state.make()
    run = state.read_run()
    if run.supervised and run.phase == "up":
        show_addresses(state, run)
        return 0
    if run.supervised:  # somebody else's `up` is under way: watch it, and leave it alone
        return _follow(state, run.supervisor) or 0
    if ports_auto:
        ports = free_ports(ports)
    platform = platform_table(table)(state, ports)
    ours = {program.port for program in run.living()}
    refuse_taken({name: port for name, port in used_ports(platform, ports).items() if not _left_over(name, port, ours)})
    with Interrupts() as interrupts:
        keeper = keep(state, table, own_environment(ports))
        status = _follow(state, keeper, interrupts)
        if status is None:
            console.print("\nStopping what was started …")
            _halt(state, keeper)
            return 130
        return status


def _left_over(name: str, port: int, ours: set[int]) -> bool:
    """Held by a process of ours that outlived its supervisor, and will be adopted."""
    return port in ours or (name == "kafka-controller" and bool(ours))


def _follow(state: StateDirectory, leader: Child | None, interrupts: Interrupts | None = None) -> int | None:
    """The exit status, or None when interrupted."""
    began, progress = time.monotonic(), BootProgress()
    with console.status("starting") as status:
        while True:
            if interrupts and interrupts.stop_asked:
                return None
            leading = bool(leader and leader.alive())
            run = state.read_run()
            if run.supervised or not leading:
                status.update(progress.update(run))
            if run.supervised and run.phase == "up":
                break
            if not leading:
                return _explain(state, run)
            time.sleep(0.05)
    show_addresses(state, run, time.monotonic() - began)
    return 0


def _explain(state: StateDirectory, run: RunState) -> int:
    if run.phase == "failed":
        show_problem(run.problem)
    elif run.phase == "down":
        console.print("It was stopped before it was up.")
    else:
        show_problem(f"the supervisor did not live\n{last_lines(state.log('supervisor'))}")
    console.print(f"logs: {state.logs}")
    return 1


def down(state: StateDirectory) -> int:
    run = state.read_run()
    if not run.supervised and not run.living():
        console.print("Tansiq is not running.")
        return 0
    with console.status("stopping"):
        _halt(state, run.keeper)
    console.print("Tansiq is down; its data is kept.")
    return 0


def _halt(state: StateDirectory, keeper: Child | None) -> None:
    """Stop the supervisor, which stops the rest; then whatever a dead supervisor may have left."""
    state.wanted.unlink(missing_ok=True)
    deadline = time.monotonic() + STOPS_WITHIN
    while (run := _supervised(state, keeper)) and time.monotonic() < deadline:
        if run.supervisor:
            run.supervisor.send(signal.SIGTERM)
            run.supervisor.wait(deadline - time.monotonic())
        time.sleep(0.02)
    if keeper:
        keeper.stop(within=2)
    run = state.read_run()
    if run.supervisor:
        run.supervisor.stop(signal.SIGKILL)
    if not (left := run.living()):
        return
    for program in reversed(left):
        if program.child:
            # SIGINT is PostgreSQL's "fast"; the others take SIGTERM.
            program.child.stop(signal.SIGINT if program.name == "postgres" else signal.SIGTERM, within=20)
    run.phase, run.supervisor, run.keeper = "down", None, None
    state.write_run(run)


def _supervised(state: StateDirectory, keeper: Child | None) -> RunState | None:
    """What runs, or None when no supervisor lives nor is about to."""
    run = state.read_run()
    return run if run.supervised or (keeper and keeper.alive()) else None


def status(state: StateDirectory, *, as_json: bool) -> int:
    run = state.read_run()
    show_status(run, as_json=as_json)
    return 0 if run.supervised and run.phase == "up" else 1


def logs(state: StateDirectory, process: str | None, *, lines: int, onwards: bool) -> int:
    files = [state.log(process)] if process else sorted(state.logs.glob("*.log"))
    if not files or not all(file.exists() for file in files):
        known = ", ".join(sorted(file.stem for file in state.logs.glob("*.log")))
        console.print(f"No such log; there are: {known or 'none yet'}")
        return 1
    for name, line in follow(files, lines=lines, onwards=onwards):
        console.print(line if process else f"{name:<18} {line}", markup=False)
    return 0


def reset(state: StateDirectory, *, sure: bool) -> int:
    if not state.run.is_dir():
        console.print(f"There is nothing to delete in {state.root}.")
        return 0
    if not sure and not _agrees(state):
        console.print("Nothing was deleted.")
        return 1
    down(state)
    shutil.rmtree(state.root)
    console.print(f"Deleted {state.root}.")
    return 0


def _agrees(state: StateDirectory) -> bool:
    if not sys.stdin.isatty():
        console.print("Deleting all data needs a yes: run it at a terminal, or with --yes.")
        return False
    answer = console.input(f"Stop Tansiq and delete all its data in {state.root}? Type yes: ")
    return answer.strip().lower() == "yes"
