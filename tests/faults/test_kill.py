"""kill -9 of each process while partners send: afterwards the figures are those of a day without faults."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import pytest
from testkit.platform import Platform

REGISTERED = "organisations apply and are verified"
PUSHED = "a third of them push NDJSON"
UPLOADED = "the others upload CSV with an HXL row, and XLSX"
STRIKES: dict[str, str] = {
    "gateway": REGISTERED,
    "registry": REGISTERED,
    "registry-worker": REGISTERED,
    "activities": REGISTERED,
    "activities-worker": PUSHED,
    "alerts": REGISTERED,
    "alerts-worker": REGISTERED,
    "reporting": UPLOADED,
    "reporting-worker": PUSHED,
    "kafka": PUSHED,
    "postgres": REGISTERED,
}
"""Each process, and the step of the demo behind which it dies: what it serves is then in full swing."""
SIZE = ("--organisations", "6", "--reports", "900", "--months", "2")
ENOUGH_SECONDS = 180


async def demo(platform: Platform, first_month: str, watch: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """Months of its own each time, so that every run sends what was never sent before. `watch` hears its steps."""
    command = (sys.executable, "-m", "local.demo", "--state", str(platform.state), "--json", *SIZE)
    process = await asyncio.create_subprocess_exec(
        *command, "--first-month", first_month, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    assert process.stdout
    assert process.stderr
    told = []
    async with asyncio.timeout(ENOUGH_SECONDS):
        async for line in process.stderr:
            told.append(line.decode())
            watch(told[-1])
        out = await process.stdout.read()
        assert await process.wait() == 0, "".join(told)
    found: dict[str, Any] = json.loads(out)
    return found


async def test_without_a_fault(platform: Platform) -> None:
    done = await demo(platform, "2019-01")
    assert (done["reports"], done["agrees_with_the_rows"]) == (900, True)
    assert (done["files"], done["refused_as_meant"]) == (4, 4)
    assert done["approved"] > done["returned"] > 0
    assert sum(each["official_people"] for each in done["totals"].values()) > 0


@pytest.mark.parametrize("name", STRIKES)
async def test_a_process_killed_in_the_middle_costs_nothing(platform: Platform, name: str) -> None:
    first_month = f"{2020 + list(STRIKES).index(name)}-01"
    pid = platform.pids()[name]

    def strike(step: str) -> None:
        if STRIKES[name] in step:
            os.kill(pid, signal.SIGKILL)

    done = await demo(platform, first_month, strike)
    print(f"\n{name}: {json.dumps(done['seconds'])}")
    assert (done["reports"], done["agrees_with_the_rows"]) == (900, True)
    await asyncio.to_thread(platform.wait_ready)
    assert platform.pids()[name] != pid

    # Sent again, nothing is counted twice.
    again = await demo(platform, first_month)
    assert again["totals"] == done["totals"]
