"""Honest use is not limited: the demo, which sends a year's reports as fast as it can, meets no allowance's end."""

import subprocess
import sys

from client import Tansiq
from client.transport import Call
from testkit.journeys import PlatformClients
from testkit.platform import Platform

SMALL = ("--organisations", "8", "--months", "2", "--reports", "400", "--json")


async def metrics_of(secretariat: Tansiq) -> list[str]:
    return (await secretariat.session.ask(Call("GET", "/metrics"))).text.splitlines()


def refusals_in(metrics: list[str]) -> list[str]:
    return [line for line in metrics if line.startswith("tansiq_allowance_refusals_total")]


async def test_demo_meets_no_limit(platform: Platform, clients: PlatformClients) -> None:
    before = refusals_in(await metrics_of(clients.secretariat))
    command = [sys.executable, "-m", "local.demo", "--state", str(platform.state), *SMALL]
    run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: ASYNC221  nothing else is to go on
    assert run.returncode == 0, run.stderr
    metrics = await metrics_of(clients.secretariat)
    assert refusals_in(metrics) == before
    assert any("tansiq_http_request_seconds" in line for line in metrics)
