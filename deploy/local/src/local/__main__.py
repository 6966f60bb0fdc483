"""`python -m local`: reads the command line and runs one command."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from local import commands
from local.jars import JarError, ensure_jars, kafka_dir, repin
from local.ports import PortError, chosen_ports
from local.programs import ProgramError
from local.screen import console, show_problem
from local.state import StateDirectory, StateError
from local.supervisor import Supervisor


def main() -> int:
    given = _parser().parse_args()
    state = StateDirectory(Path(given.state))
    try:
        return _COMMANDS[given.command](state, given)
    except (PortError, ProgramError, JarError, StateError) as error:
        show_problem(str(error))
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local", description="The whole platform on one machine.")
    parser.add_argument("--state", default=os.environ.get("TANSIQ_STATE") or ".tansiq", help="the state directory")
    parser.add_argument("--table", default="local.processes:small_platform", help=argparse.SUPPRESS)
    actions = parser.add_subparsers(dest="command", required=True, metavar="command")
    up = actions.add_parser("up", help="start everything and wait until it is healthy")
    up.add_argument("--ports", choices=["fixed", "auto"], default="fixed", help="auto: any free ports")
    actions.add_parser("down", help="stop everything, keep the data")
    status = actions.add_parser("status", help="what runs, since when, with how much memory")
    status.add_argument("--json", action="store_true")
    logs = actions.add_parser("logs", help="the last lines of one process or of all")
    logs.add_argument("process", nargs="?")
    logs.add_argument("-f", "--follow", action="store_true")
    logs.add_argument("-n", "--lines", type=int, default=20)
    actions.add_parser("reset", help="stop everything and delete all data").add_argument("--yes", action="store_true")
    jars = actions.add_parser("jars", help="download Apache Kafka's jars and check them")
    jars.add_argument("--repin", action="store_true", help="resolve them afresh and pin what is found")
    actions.add_parser("supervise")
    return parser


def _up(state: StateDirectory, given: argparse.Namespace) -> int:
    return commands.up(state, given.table, chosen_ports(os.environ), ports_auto=given.ports == "auto")


def _supervise(state: StateDirectory, given: argparse.Namespace) -> int:
    table = commands.platform_table(given.table)
    ports = chosen_ports(os.environ)
    status = Supervisor(state, lambda: table(state, ports), given.table).run()
    sys.stdout.flush()
    # A download in a thread would hold up the exit for as long as it lasts; all that matters has been stopped.
    os._exit(status)


def _jars(state: StateDirectory, given: argparse.Namespace) -> int:
    if given.repin:
        console.print(f"pinned {len(repin())} jars")
    console.print(f"{len(ensure_jars())} jars are whole in {kafka_dir()}")
    return 0


_COMMANDS: dict[str, Callable[[StateDirectory, argparse.Namespace], int]] = {
    "up": _up,
    "down": lambda state, given: commands.down(state),
    "status": lambda state, given: commands.status(state, as_json=given.json),
    "logs": lambda state, given: commands.logs(state, given.process, lines=given.lines, onwards=given.follow),
    "reset": lambda state, given: commands.reset(state, sure=given.yes),
    "jars": _jars,
    "supervise": _supervise,
}


if __name__ == "__main__":
    sys.exit(main())
