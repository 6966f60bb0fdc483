"""`python -m local.demo`: sample organisations send six months of reports through the one door."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import stamina.instrumentation
from client import Credentials, Refused, Tansiq, Unreachable
from rich.console import Console

from local.demo.clock import Clock
from local.demo.expected import Cell, Figure
from local.demo.sample import Size
from local.demo.scene import (
    NotCounted,
    NotTaken,
    counted,
    expected_of,
    figures,
    ground_of,
    part_with,
    partners_of,
    push_all,
    sample_by_organisation,
    summary,
    upload_all,
)
from local.demo.table import coverage_table

GOVERNORATE, SUB_DISTRICT = 1, 3


def main() -> int:
    given = _parser().parse_args()
    size = Size(given.organisations, given.months, given.reports, given.seed, given.first_month)
    clock = Clock(Console(stderr=True))
    # Retries are logged to standard output otherwise, where the result belongs.
    stamina.instrumentation.set_on_retry_hooks([])
    try:
        document = asyncio.run(play(Path(given.state), size, clock, patience=given.patience, show=not given.json))
    except FileNotFoundError as missing:
        return _fail(clock, f"{missing.filename} is not there: bring the platform up first (make up)", 2)
    except (Refused, NotTaken, NotCounted) as refused:
        return _fail(clock, str(refused), 3)
    except Unreachable as lost:
        return _fail(clock, str(lost), 4)
    if given.json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local.demo", description=__doc__)
    parser.add_argument("--state", default=os.environ.get("TANSIQ_STATE") or ".tansiq", help="the state directory")
    parser.add_argument("--organisations", type=int, default=20)
    parser.add_argument("--months", type=int, default=6)
    parser.add_argument("--first-month", default=Size.first_month)
    parser.add_argument("--reports", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--patience", type=float, default=120, help="seconds to go on while the platform is away")
    parser.add_argument("--json", action="store_true", help="print the totals as one JSON document")
    return parser


def _fail(clock: Clock, message: str, status: int) -> int:
    clock.console.print(f"[red]✗[/] {message}", highlight=False)
    return status


async def play(state: Path, size: Size, clock: Clock, *, patience: float, show: bool) -> dict[str, Any]:
    """The whole demo; the totals the platform says in the end."""
    file = state / "credentials.json"
    secretariat_credentials = Credentials.read(file, "secretariat")
    async with (
        Tansiq(secretariat_credentials, patience_seconds=patience) as secretariat,
        Tansiq(Credentials.read(file, "hub"), patience_seconds=patience) as hub,
    ):
        with clock.step("reading areas and indicators"):
            ground = await ground_of(secretariat)
            reports = sample_by_organisation(size, ground)
        with clock.step(f"{size.organisations} organisations apply and are verified"):
            partners = await partners_of(secretariat, secretariat_credentials.url, size)
        with clock.step("half of them push NDJSON"):
            pushed = await push_all(partners, reports, patience)
        with clock.step("the others upload CSV with an HXL row"):
            uploaded = await upload_all(partners, reports, patience)
        with clock.step("the figures hold every report"):
            expected = expected_of(reports, SUB_DISTRICT)
            said = await counted(secretariat, size, expected, seconds=patience)
        with clock.step("the hub reads coverage"):
            seen = await figures(hub, size, GOVERNORATE)
        await part_with(secretariat, partners)
    document = {
        "organisations": size.organisations,
        "reports": pushed.rows + uploaded.rows,
        "by_ndjson": pushed.rows,
        "by_csv": uploaded.rows,
        "files": uploaded.files,
        "totals": totals(said, expected),
        "agrees_with_the_rows": agrees(said, expected),
        "seconds": {name: round(seconds, 2) for name, seconds in clock.steps},
    }
    if show:
        _show(document, seen, expected_of(reports, GOVERNORATE))
    return document


def totals(said: Mapping[Cell, Mapping[str, Any]], expected: Mapping[Cell, Figure]) -> dict[str, dict[str, int]]:
    """What the platform says of the sample's cells, summed by sector."""
    found: dict[str, dict[str, int]] = {}
    for cell in sorted(expected):
        sector = found.setdefault(cell[1], {"people": 0, "services": 0, "reports": 0})
        for name in sector:
            sector[name] += summary(said[cell])[name]
    return found


def agrees(said: Mapping[Cell, Mapping[str, Any]], expected: Mapping[Cell, Figure]) -> bool:
    """Whether every figure is what plain counting makes of the rows; not where others reported there too."""
    return all(summary(said[cell]) == figure.summary() for cell, figure in expected.items())


def _show(document: Mapping[str, Any], seen: Mapping[Cell, Mapping[str, Any]], wanted: Mapping[Cell, Figure]) -> None:
    console = Console() if sys.stdout.isatty() else Console(width=130)
    console.print(coverage_table(seen, wanted))
    sums = document["totals"].values()
    people, services = (sum(each[name] for each in sums) for name in ("people", "services"))
    console.print(
        f"total: {document['reports']} reports sent, {people} people, {services} services; "
        f"{'the same' if document['agrees_with_the_rows'] else 'NOT the same'} as plain counting of the rows",
        highlight=False,
        soft_wrap=True,
    )


if __name__ == "__main__":
    sys.exit(main())
