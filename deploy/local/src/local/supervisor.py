"""The supervisor: brings the platform up step by step, restarts what dies, stops everything in order."""

from __future__ import annotations

import fcntl
import os
import signal
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import groupby
from types import FrameType
from typing import Literal

from local.children import Child, child_of, launch
from local.logs import cap
from local.processes import PlatformPlan
from local.programs import Task, last_lines
from local.state import BootStep, RunState, StateDirectory
from local.units import SupervisedProgram
from local.watchdog import keep

BUSY_TICK, QUIET_TICK = 0.05, 0.2
LOG_CHECK = 30.0


class Stopped(Exception):
    """We were asked to stop."""


class BootError(Exception):
    """A step of the way up failed; the message says which and why."""


class Supervisor:
    def __init__(self, state: StateDirectory, table: Callable[[], PlatformPlan], table_name: str) -> None:
        self._state = state
        self._table = table
        self._table_name = table_name
        self._stopping = False
        self._units: list[SupervisedProgram] = []
        self._tasks: list[Child] = []
        self._pool = ThreadPoolExecutor(16)
        self._run = RunState()
        self._written = ""

    def run(self) -> int:
        """Until stopped; 0 tells the keeper that this was meant."""
        with self._state.lock.open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return 0  # another supervisor minds this state directory
            if not self._state.wanted.exists():
                return 0  # stopped again before we were there
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(number, self._ask_to_stop)
            try:
                self._live()
            finally:
                self._pool.shutdown(wait=False, cancel_futures=True)
        return 0

    def _live(self) -> None:
        known = self._state.read_run()
        self._run = RunState(phase="starting", supervisor=child_of(os.getpid()), keeper=child_of(os.getppid()))
        try:
            platform = self._table()
            former = {program.name: program for program in known.programs}
            self._units = [
                SupervisedProgram(program, self._state, former.get(program.name), self._pool)
                for program in platform.programs
            ]
            self._save()
            self._boot(platform, again=known.phase == "up")
            self._watch()
        except Stopped:
            self._end("down")
        except Exception as error:  # whatever broke, nothing may be left running without a word
            self._run.problem = str(error) or repr(error)
            self._end("failed")

    def _boot(self, platform: PlatformPlan, *, again: bool) -> None:
        servers, processes = self._units[: len(platform.servers)], self._units[len(platform.servers) :]
        self._bring_up(servers, patient=again)
        if not again:  # after a supervisor's death the preparations stand as they were made
            for group in platform.preparations:
                self._prepare(group)
        self._bring_up(processes, patient=again)
        self._run.phase = "up"

    def _watch(self) -> None:
        capped = time.monotonic()
        while True:
            self._tick(QUIET_TICK)
            self._revive_watchdog()
            if time.monotonic() - capped > LOG_CHECK:
                capped = time.monotonic()
                for unit in self._units:
                    cap(unit.log)

    def _revive_watchdog(self) -> None:
        """Each starts the other again, so that it takes both deaths at once to leave the rest unattended."""
        if self._run.keeper and not self._run.keeper.alive():
            self._run.keeper = keep(self._state, self._table_name, minded=os.getpid())

    def _bring_up(self, units: list[SupervisedProgram], *, patient: bool) -> None:
        steps = {unit.program.name: self._step(unit.program.name) for unit in units}
        for unit in units:
            if unit.status.state == "waiting":
                unit.tick()
        while not all(step.state == "done" for step in steps.values()):
            self._tick(BUSY_TICK)
            for unit in units:
                self._note(unit, steps[unit.program.name], patient=patient)

    def _note(self, unit: SupervisedProgram, step: BootStep, *, patient: bool) -> None:
        if step.state == "busy" and unit.ready:
            _finish(step)
        elif not patient and (unit.failed or unit.overdue or unit.in_crash_loop):
            step.state = "failed"
            why = unit.status.note or f"not ready after {unit.program.ready_within:.0f} s"
            raise BootError(f"{unit.program.name}: {why}\n{last_lines(unit.log)}")

    def _prepare(self, group: Iterable[Task]) -> None:
        running = [(task, self._step(task.name), self._begin(task)) for task in group]
        while not all(step.state == "done" for _, step, _ in running):
            self._tick(BUSY_TICK)
            for task, step, done in running:
                if step.state == "busy" and (problem := done()) is not None:
                    self._conclude(task, step, problem)

    def _conclude(self, task: Task, step: BootStep, problem: str) -> None:
        _finish(step)
        if problem:
            step.state = "failed"
            raise BootError(f"{task.name}: {problem}")

    def _begin(self, task: Task) -> Callable[[], str | None]:
        """Start it; the answer tells None while it runs, then what went wrong, or nothing."""
        if not task.command:
            return _outcome(self._pool.submit(task.action))
        log = self._state.log(task.name)
        log.unlink(missing_ok=True)
        child = launch(task.command, task.environment or os.environ, log, task.stdin)
        self._tasks.append(child)
        return lambda: None if child.alive() else _task_problem(child, last_lines(log))

    def _step(self, name: str) -> BootStep:
        self._run.steps.append(BootStep(name))
        return self._run.steps[-1]

    def _tick(self, pause: float) -> None:
        time.sleep(pause)
        if self._stopping:
            raise Stopped
        for unit in self._units:
            if unit.status.state != "waiting":
                unit.tick()
        self._save()

    def _end(self, phase: Literal["down", "failed"]) -> None:
        self._run.phase = "stopping"
        self._state.wanted.unlink(missing_ok=True)
        self._save()
        for task in self._tasks:
            task.stop(within=3)
        for unit in self._units:
            unit.finish_preparing()
        for _, group in groupby(sorted(self._units, key=_rank), key=_rank):
            self._stop(list(group))
        self._run.phase = phase
        self._run.supervisor = self._run.keeper = None
        self._save()

    def _stop(self, units: list[SupervisedProgram]) -> None:
        began = time.monotonic()
        for unit in units:
            unit.begin_stop()
        for unit in units:
            unit.finish_stop(began + unit.program.stop_within)
        self._save()

    def _save(self) -> None:
        self._run.programs = [unit.status for unit in self._units]
        if (now := repr(self._run)) != self._written and self._state.run.exists():
            self._state.write_run(self._run)
            self._written = now

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True


def _rank(unit: SupervisedProgram) -> int:
    return unit.program.stop_rank


def _finish(step: BootStep) -> None:
    step.state, step.seconds = "done", time.time() - step.began


def _outcome(future: Future[None]) -> Callable[[], str | None]:
    def outcome() -> str | None:
        if not future.done():
            return None
        error = future.exception()
        return "" if error is None else str(error) or repr(error)

    return outcome


def _task_problem(child: Child, log: str) -> str:
    status = child.exit_status()
    return "" if status == 0 else f"ended with status {status}\n{log}"
