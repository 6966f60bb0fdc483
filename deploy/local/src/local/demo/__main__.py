"""`python -m local.demo`: a year in a minute, through the one door: reports, review, targets, an alert."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import stamina.instrumentation
from client import Credentials, Refused, Tansiq, Unreachable
from rich.console import Console

from local.demo.alerting import NotReceived, alert_arrives
from local.demo.clock import StepTimer
from local.demo.expected import Cell, ExpectedFigure, expected_figures
from local.demo.figures import NotCounted, agrees, counted, figures, totals
from local.demo.planning import load_targets, progress_of
from local.demo.reviewing import counts, review_month
from local.demo.sample import Size
from local.demo.scene import (
    GOVERNORATE,
    SUB_DISTRICT,
    coordinators_of,
    in_order,
    partners_of,
    reference_of,
    sample_by_organisation,
)
from local.demo.sending import NotTaken, push_all, upload_all
from local.demo.table import coverage_table, progress_table


def main() -> int:
    given = _parser().parse_args()
    size = Size(given.organisations, given.months, given.reports, given.seed, given.first_month)
    clock = StepTimer(Console(stderr=True))
    # Retries are logged to standard output otherwise, where the result belongs.
    stamina.instrumentation.set_on_retry_hooks([])
    try:
        document = asyncio.run(play(Path(given.state), size, clock, patience=given.patience, show=not given.json))
    except FileNotFoundError as missing:
        return _fail(clock, f"{missing.filename} is not there: bring the platform up first (make up)", 2)
    except (Refused, NotTaken, NotCounted, NotReceived) as refused:
        return _fail(clock, str(refused), 3)
    except Unreachable as lost:
        return _fail(clock, str(lost), 4)
    if given.json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local.demo", description=__doc__)
    parser.add_argument("--state", default=os.environ.get("TANSIQ_STATE") or ".tansiq", help="the state directory")
    parser.add_argument("--organisations", type=int, default=Size.organisations)
    parser.add_argument("--months", type=int, default=Size.months)
    parser.add_argument("--first-month", default=Size.first_month)
    parser.add_argument("--reports", type=int, default=Size.reports)
    parser.add_argument("--seed", type=int, default=Size.seed)
    parser.add_argument("--patience", type=float, default=120, help="seconds to go on while the platform is away")
    parser.add_argument("--json", action="store_true", help="print the totals as one JSON document")
    return parser


def _fail(clock: StepTimer, message: str, status: int) -> int:
    clock.console.print(f"[red]✗[/] {message}", highlight=False)
    return status


async def play(state: Path, size: Size, clock: StepTimer, *, patience: float, show: bool) -> dict[str, Any]:
    """The whole demo; the totals the platform says in the end."""
    file = state / "credentials.json"
    office = Credentials.read(file, "secretariat")
    async with (
        Tansiq(office, patience_seconds=patience) as secretariat,
        Tansiq(Credentials.read(file, "hub"), patience_seconds=patience) as hub,
    ):
        with clock.step("reading areas and indicators"):
            ground = await reference_of(secretariat)
            reports = sample_by_organisation(size, ground)
        with clock.step("the secretariat loads targets"):
            targets = await load_targets(secretariat, size, ground)
        async with clock.opening(
            f"{size.organisations} organisations apply and are verified", partners_of(secretariat, office.url, size)
        ) as partners:
            with clock.step("a third of them push NDJSON"):
                pushed = await push_all(partners, reports, patience)
            with clock.step("the others upload CSV with an HXL row, and XLSX"):
                uploaded = await upload_all(partners, reports, patience)
            with clock.step("an exercise alert reaches a webhook, verified"):
                alerted = await alert_arrives(secretariat, partners[0].credentials, patience)
        async with coordinators_of(secretariat, office.url) as coordinators:
            with clock.step(f"four coordinators review {size.last_month}"):
                reviewed = await review_month(coordinators, size, patience)
        counting = [report for report in in_order(reports) if counts(report, size)]
        with clock.step("the figures hold every report"):
            expected = expected_figures(counting, level=SUB_DISTRICT, reviewed_month=size.last_month)
            said = await counted(secretariat, size, expected, seconds=patience)
        with clock.step("the hub reads coverage, also of targets"):
            seen, progress = await figures(hub, size, GOVERNORATE), await progress_of(hub, size)
    if show:
        _show(seen, expected_figures(counting, level=GOVERNORATE, reviewed_month=size.last_month), progress)
    document = {
        "organisations": size.organisations,
        "reports": pushed.rows + uploaded.rows,
        "by_ndjson": pushed.rows,
        "by_file": uploaded.rows,
        "files": uploaded.files,
        "refused_as_meant": uploaded.refused,
        "targets": targets,
        "approved": reviewed.approved,
        "returned": reviewed.returned,
        "alert": {"id": alerted.id, "headline": alerted.headline, "milliseconds": alerted.milliseconds},
        "totals": totals(said, expected),
        "agrees_with_the_rows": agrees(said, expected),
        "seconds": {name: round(seconds, 2) for name, seconds in clock.steps},
    }
    if show:
        _sum_up(document)
    return document


def _show(
    shown: Mapping[Cell, Mapping[str, Any]],
    expected: Mapping[Cell, ExpectedFigure],
    progress: Sequence[Mapping[str, Any]],
) -> None:
    console = _console()
    console.print(coverage_table(shown, expected))
    console.print(progress_table(progress))


def _sum_up(document: Mapping[str, Any]) -> None:
    sums = document["totals"].values()
    people, services = (sum(each[name] for each in sums) for name in ("people", "services"))
    alert = document["alert"]
    lines = (
        f"{document['reports']} reports sent, {document['refused_as_meant']} refused as meant (no such P-code)",
        f"reviewed now: {document['approved']} approved, {document['returned']} returned with a comment",
        f"alert verified at the webhook {alert['milliseconds']} ms after it was issued: {alert['headline']}",
        f"total: {people} people, {services} services; "
        f"{'the same' if document['agrees_with_the_rows'] else 'NOT the same'} as plain counting of the rows",
    )
    for line in lines:
        _console().print(line, highlight=False, soft_wrap=True)


def _console() -> Console:
    return Console() if sys.stdout.isatty() else Console(width=130)


if __name__ == "__main__":
    sys.exit(main())
