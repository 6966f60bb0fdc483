"""The process table of the platform under test: the operator's own, but for the pauses before a restart."""

from dataclasses import replace

from local.ports import Ports
from local.processes import PlatformPlan, the_platform
from local.programs import Program
from local.state import StateDirectory

LONGEST_PAUSE = 1.0


def brisk(state: StateDirectory, ports: Ports) -> PlatformPlan:
    """Processes that die again and again are back soon: else most of a run would pass with most of them away."""
    platform = the_platform(state, ports)
    return replace(platform, servers=_brisk(platform.servers), processes=_brisk(platform.processes))


def _brisk(programs: tuple[Program, ...]) -> tuple[Program, ...]:
    return tuple(replace(program, longest_pause=LONGEST_PAUSE) for program in programs)
