"""What the operator sees: progress on the way up, the status table, addresses and troubles."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from local.memory import family_memory, own_memory
from local.state import RunState, StateDirectory

console = Console(highlight=False, soft_wrap=True)


@dataclass(frozen=True)
class StatusRow:
    process: str
    pid: int | None
    port: int | None
    state: str
    restarts: int
    memory: int
    uptime: float
    note: str


def rows(run: RunState) -> list[StatusRow]:
    processes = []
    for program in run.programs:
        alive = bool(program.child and program.child.alive())
        pid = program.child.pid if program.child and alive else None
        state = program.state if alive or program.state != "running" or not run.supervised else "dead"
        memory, uptime = (family_memory(pid), time.time() - program.since) if pid else (0, 0.0)
        shown = state if alive or run.supervised else "stopped"
        processes.append(
            StatusRow(program.name, pid, program.port, shown, program.restarts, memory, uptime, program.note)
        )
    return processes + _minders(run)


def _minders(run: RunState) -> list[StatusRow]:
    minders = {"supervisor": run.supervisor, "keeper": run.keeper}
    return [
        StatusRow(name, child.pid, None, "running", 0, own_memory(child.pid), 0.0, "")
        for name, child in minders.items()
        if child and child.alive()
    ]


def show_status(run: RunState, *, as_json: bool) -> None:
    found = rows(run)
    total = sum(row.memory for row in found)
    if as_json:
        document = {
            "phase": run.phase,
            "problem": run.problem,
            "memory": total,
            "processes": [asdict(r) for r in found],
        }
        console.print_json(json.dumps(document))
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("process", "pid", "port", "state", "restarts", "memory", "uptime", ""):
        table.add_column(heading, justify="left" if heading in ("process", "state", "") else "right")
    for row in found:
        table.add_row(*_cells(row))
    table.add_row("total", "", "", run.phase, "", megabytes(total), "", style="bold")
    console.print(table)
    if run.phase == "failed":
        show_problem(run.problem)


def _cells(row: StatusRow) -> list[str]:
    colour = "green" if row.state == "running" else "red"
    uptime = duration(row.uptime) if row.uptime else ""
    numbers = [str(row.pid or ""), str(row.port or "")]
    state = f"[{colour}]{row.state}[/]"
    return [row.process, *numbers, state, str(row.restarts), megabytes(row.memory), uptime, escape(row.note)]


def megabytes(size: int) -> str:
    return f"{size / 1e6:.0f} MB" if size else ""


def duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


class BootProgress:
    """Prints each step of the way up once it is over; `busy` names those still going on."""

    def __init__(self) -> None:
        self._shown: set[str] = set()

    def update(self, run: RunState) -> str:
        for step in run.steps:
            if step.state != "busy" and step.name not in self._shown:
                self._shown.add(step.name)
                mark = "[green]✓[/]" if step.state == "done" else "[red]✗[/]"
                console.print(f"{mark} {step.name} [dim]{step.seconds:.1f} s[/]")
        return ", ".join(step.name for step in run.steps if step.state == "busy")


def show_addresses(state: StateDirectory, run: RunState, seconds: float | None = None) -> None:
    took = "" if seconds is None else f" after {seconds:.1f} s"
    console.print(f"[bold green]Tansiq is up[/]{took}")
    for program in run.programs:
        console.print(f"  {program.name:<18} 127.0.0.1:{program.port}")
    console.print(f"  credentials        {state.credentials}")


def show_problem(problem: str) -> None:
    first, _, rest = problem.partition("\n")
    console.print(f"[bold red]{escape(first)}[/]")
    if rest:
        console.print(escape(rest), style="dim")
