"""`python -m bench`: on a platform of its own, in a folder that is gone afterwards."""

import argparse
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

import uvloop
from rich.console import Console
from testkit.platform import Platform, running_platform

from bench import alerting, following, idle, naming, peering, reading, uploading, writing
from bench.figures import Measurement, show
from bench.fixture import fixture_for, raw_server

SAYS = Console(stderr=True)
WITHOUT_LIMITS = {"TANSIQ_ALLOWANCE_FACTOR": "100000"}
"""What the machine can do is measured, not what one caller is allowed."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000, help="reports to send and to ask for")
    parser.add_argument("--seconds", type=float, default=3, help="how long each question is asked")
    parser.add_argument("--single", type=int, default=100, help="reports sent one by one")
    parser.add_argument("--workbook", type=int, default=50_000, help="rows of a workbook to upload")
    parser.add_argument("--subscribers", type=int, default=1000, help="webhooks, and streams, to tell of an alert")
    parser.add_argument("--only", choices=["reports", "workbook", "alerts", "names"], help="one part")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    SAYS.print("looking for organisations by their aliases …")
    figures = naming.measured() if given.only in (None, "names") else []
    if given.only != "names":
        figures += on_a_platform(given)
    if given.json:
        sys.stdout.write(json.dumps([figure.document() for figure in figures], ensure_ascii=False, indent=2) + "\n")
    else:
        show(figures)
    return 0


def on_a_platform(given: argparse.Namespace) -> list[Measurement]:
    folder = Path(tempfile.mkdtemp(prefix="tansiq-bench-"))
    try:
        SAYS.print("starting a platform …")
        began = time.perf_counter()
        with running_platform(folder / "state", WITHOUT_LIMITS) as platform:
            return [*idle.platform(platform, time.perf_counter() - began), *uvloop.run(run(platform, given))]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def run(platform: Platform, given: argparse.Namespace) -> list[Measurement]:
    figures: list[Measurement] = []
    if given.only in (None, "reports"):
        figures += await reports(platform, given.rows, given.seconds, given.single)
    if given.only in (None, "workbook"):
        SAYS.print("uploading a workbook …")
        figures += await uploading.upload(platform, given.workbook)
    if given.only in (None, "alerts"):
        SAYS.print(f"alerting {given.subscribers} webhooks, then streams …")
        figures += await alerting.fan_out(platform, given.subscribers)
    return figures


async def reports(platform: Platform, rows: int, seconds: float, single: int) -> list[Measurement]:
    SAYS.print(f"making {rows} rows …")
    fixture = await fixture_for(platform, rows)
    SAYS.print("sending them …")
    with following.held(fixture):
        pushed = await writing.by_thousands(fixture)
    SAYS.print("following them to the cells …")
    followed = await following.to_the_cells(fixture)
    figures = [writing.figure(pushed, await writing.limit_by_thousands(fixture))]
    figures.append(Measurement("outbox to Kafka to cells", followed, "events/s", target="≥ 10,000"))
    SAYS.print("sending reports one by one …")
    figures += await writing.one_by_one(fixture, seconds)
    figures += await following.one_report(fixture, single)
    await reading.check_against_live_sql(fixture)
    SAYS.print("asking …")
    async with raw_server(fixture) as raw:
        try:
            async with peering.peer_server(fixture) as peer:
                figures += await reading.read(fixture, raw, peer, seconds)
        except peering.NoPeer as none:
            SAYS.print(f"no peer: {none}")
            figures += await reading.read(fixture, raw, None, seconds)
    SAYS.print("rebuilding …")
    figures.append(await following.rebuild(fixture))
    return figures


if __name__ == "__main__":
    sys.exit(main())
