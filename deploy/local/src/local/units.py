"""One supervised program: what state it is in and what the next tick does about it."""

from __future__ import annotations

import os
import signal
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path

from local.children import PROCESS_MARK, STATE_MARK, launch, marked_child
from local.logs import cap
from local.programs import Program
from local.state import ProgramState, StateDirectory

RECENT = 60.0
# So many deaths within a minute are no accident.
CRASH_LOOP = 3


class SupervisedProgram:
    def __init__(
        self, program: Program, state: StateDirectory, known: ProgramState | None, pool: ThreadPoolExecutor
    ) -> None:
        self.program = program
        self.status = ProgramState(program.name, program.port)
        self._state = state
        self._pool = pool
        self._log = state.log(program.name)
        self._deaths: deque[float] = deque()
        self._prepared: Future[None] | None = None
        self._probe: Future[bool] | None = None
        self._pause_until = 0.0
        self._adopt(known)

    @property
    def log(self) -> Path:
        return self._log

    @property
    def ready(self) -> bool:
        return self.status.state == "running"

    @property
    def failed(self) -> bool:
        return self.status.state == "failed"

    @property
    def in_crash_loop(self) -> bool:
        return len(self._deaths) >= CRASH_LOOP

    @property
    def overdue(self) -> bool:
        return self.status.state == "starting" and time.time() - self.status.since > self.program.ready_within

    def tick(self) -> None:
        match self.status.state:
            case "waiting":
                self._prepare()
            case "preparing":
                self._launch_when_prepared()
            case "starting":
                self._watch_start()
            case "running":
                if not self._alive():
                    self._died()
            case _:
                self._restart_when_rested()

    def finish_preparing(self, within: float = 5) -> None:
        """An initdb or a format under way ends soon by itself; a download is left to its fate."""
        if self._prepared:
            wait([self._prepared], within)

    def begin_stop(self) -> None:
        if self.status.child and self.status.child.alive():
            self._become("stopping")
            self.status.child.send(self.program.stop_signal)

    def finish_stop(self, deadline: float) -> None:
        child = self.status.child
        if child and not child.wait(max(0.0, deadline - time.monotonic())):
            self.status.note = "did not stop in time and was killed"
            child.stop(signal.SIGKILL)
        self._become("stopped")

    def _adopt(self, known: ProgramState | None) -> None:
        """Take over what an earlier supervisor left running."""
        child = known.child if known and known.child and known.child.alive() else None
        child = child or marked_child(self._state.root, self.program.name)
        if known and known.state != "stopped":
            self.status.restarts = known.restarts
            if known.child and not child:
                self.status.restarts += 1
        if child:
            self.status.child = child
            self._become("starting", known.since if known else None)

    def _prepare(self) -> None:
        self._become("preparing")
        self._prepared = self._pool.submit(self.program.prepare)

    def _launch_when_prepared(self) -> None:
        if self._prepared is None or not self._prepared.done():
            return
        try:
            self._prepared.result()
            self._launch()
        except Exception as error:  # whatever it is, it is this program's trouble, not the supervisor's
            self.status.note = str(error)
            self._become("failed")
            self._rest()

    def _launch(self) -> None:
        marks = {STATE_MARK: str(self._state.root), PROCESS_MARK: self.program.name}
        environment = {**(self.program.environment or os.environ), **marks}
        cap(self._log)
        self.status.child = launch(self.program.command(), environment, self._log)
        self._become("starting")

    def _watch_start(self) -> None:
        if not self._alive():
            self._died()
        elif self._probe is None:
            self._probe = self._pool.submit(self.program.is_ready)
        elif self._probe.done():
            ready, self._probe = self._probe.exception() is None and self._probe.result(), None
            if ready:
                self.status.note = ""
                self._become("running", self.status.since)

    def _alive(self) -> bool:
        return bool(self.status.child and self.status.child.alive())

    def _died(self) -> None:
        child, self._probe = self.status.child, None
        status = child.exit_status() if child else None
        self.status.note = f"ended {_words(status)}"
        self.status.restarts += 1
        self._deaths.append(time.monotonic())
        self._become("restarting")
        self._rest()

    def _rest(self) -> None:
        """At once after the first death, then longer and longer while it keeps dying."""
        while self._deaths and self._deaths[0] < time.monotonic() - RECENT:
            self._deaths.popleft()
        deaths = len(self._deaths)
        pause = 0.0 if deaths == 1 else min(0.5 * 2.0**deaths, self.program.longest_pause)
        self._pause_until = time.monotonic() + pause
        if self.in_crash_loop:
            self.status.state = "crash loop"
            self.status.note += f", {deaths} times in a minute"

    def _restart_when_rested(self) -> None:
        if time.monotonic() >= self._pause_until:
            self._prepare()

    def _become(self, state: str, since: float | None = None) -> None:
        self.status.state = state
        self.status.since = since or time.time()


def _words(status: int | None) -> str:
    if status is None:
        return "for a reason unknown"
    return f"by {signal.Signals(-status).name}" if status < 0 else f"with status {status}"
