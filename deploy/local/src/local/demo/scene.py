"""The demo, step by step: everything goes through the one door, as partners would do it."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from client import Tansiq
from client.bulk import Pushed
from client.coverage import Wanted
from client.uploads import Given, Upload

from local.demo.expected import Cell, Figure, expected_figures
from local.demo.names import SampleOrganisation, sample_organisations
from local.demo.partners import Partner, known_samples, make_client, register
from local.demo.sample import GOVERNORATES, SECTORS, Ground, SampleReport, Size, sample_reports
from local.demo.sheet import write_sheet

Item = TypeVar("Item")
Result = TypeVar("Result")

AT_ONCE = 4
CHUNK = 100
SUB_DISTRICT = 3
LOOK_SECONDS = 0.4


class NotTaken(Exception):
    """Rows of the sample were refused: the sample and the platform do not fit."""


class NotCounted(Exception):
    """The figures did not come to what the rows say."""


@dataclass(frozen=True)
class Sent:
    """Rows that were taken."""

    rows: int = 0
    files: int = 0


async def ground_of(secretariat: Tansiq) -> Ground:
    """Sub-districts of Aleppo and Idlib and the indicators that count people, as the registry lists them."""
    areas = [
        area["pcode"]
        for governorate in GOVERNORATES
        async for area in secretariat.areas.all(country="SY", level=SUB_DISTRICT, within=governorate)
    ]
    indicators: dict[str, list[str]] = defaultdict(list)
    for indicator in await secretariat.codes.indicators():
        if indicator["unit"] == "people" and indicator["sector"] in SECTORS:
            indicators[indicator["sector"]].append(indicator["code"])
    return Ground(sorted(areas), {sector: sorted(codes) for sector, codes in indicators.items()})


async def partners_of(secretariat: Tansiq, url: str, size: Size) -> list[Partner]:
    """Every organisation of the sample, verified and with a client."""
    known = await known_samples(secretariat)

    async def partner(organisation: SampleOrganisation) -> Partner:
        id = await register(secretariat, organisation, known, GOVERNORATES)
        return await make_client(secretariat, url, organisation, id)

    return await _together(partner, sample_organisations(size.organisations, SECTORS))


async def part_with(secretariat: Tansiq, partners: Sequence[Partner]) -> None:
    """Their clients were for this run only."""

    async def revoke(partner: Partner) -> None:
        await secretariat.clients.revoke(partner.credentials.client_id)

    await _together(revoke, partners)


async def push_all(partners: Sequence[Partner], reports: Mapping[int, list[SampleReport]], patience: float) -> Sent:
    """Those with a database of their own push NDJSON."""

    async def push(partner: Partner) -> int:
        async with Tansiq(partner.credentials, patience_seconds=patience) as tansiq:
            taken = 0
            rows = [report.row() for report in reports[partner.organisation.number]]
            for start in range(0, len(rows), CHUNK):
                async for pushed in tansiq.reports.push(rows[start : start + CHUNK]):
                    taken += _all_taken(partner, pushed)
            return taken

    counts = await _together(push, [partner for partner in partners if not partner.organisation.sends_csv])
    return Sent(sum(counts))


async def upload_all(partners: Sequence[Partner], reports: Mapping[int, list[SampleReport]], patience: float) -> Sent:
    """Those with a spreadsheet send it as CSV with an HXL row."""
    with TemporaryDirectory(prefix="tansiq-demo-") as folder:

        async def upload(partner: Partner) -> int:
            file = Path(folder) / f"{partner.organisation.external_id}.csv"
            write_sheet(file, reports[partner.organisation.number])
            async with Tansiq(partner.credentials, patience_seconds=patience) as tansiq:
                sent = await tansiq.uploads.send(file, Given(country="SY"))
                done = await tansiq.uploads.finished(sent)
                return await _whole(tansiq, partner, done)

        counts = await _together(upload, [partner for partner in partners if partner.organisation.sends_csv])
    return Sent(sum(counts), len(counts))


async def _whole(tansiq: Tansiq, partner: Partner, done: Upload) -> int:
    if done.state != "done" or done.refused:
        problems = [problem async for problem in tansiq.uploads.problems(done.id)]
        raise NotTaken(f"{partner.organisation.external_id}: {done.state}, {problems[:3]}")
    return done.taken


def _all_taken(partner: Partner, pushed: Pushed) -> int:
    if pushed.refused:
        raise NotTaken(f"{partner.organisation.external_id}: {pushed.problems[0].errors}")
    return pushed.taken


async def counted(
    secretariat: Tansiq, size: Size, expected: Mapping[Cell, Figure], *, seconds: float
) -> dict[Cell, dict[str, Any]]:
    """Wait until the figures hold every report of the sample. Raises `NotCounted` after `seconds`."""
    deadline = time.monotonic() + seconds
    while missing := _missing(said := await figures(secretariat, size, SUB_DISTRICT), expected):
        if time.monotonic() > deadline:
            raise NotCounted(f"{len(missing)} of {len(expected)} cells, such as {missing[0]}")
        await asyncio.sleep(LOOK_SECONDS)
    return said


async def figures(reader: Tansiq, size: Size, level: int) -> dict[Cell, dict[str, Any]]:
    """What the platform says of the sample's months and sectors, by GraphQL."""
    months = size.month_list
    wanted = Wanted(country="SY", level=level, month_from=months[0], month_to=months[-1])
    said = [figure async for figure in reader.coverage.figures(wanted)]
    return {(figure["areaCode"], figure["sectorCode"], figure["month"]): figure for figure in said}


def _missing(said: Mapping[Cell, dict[str, Any]], expected: Mapping[Cell, Figure]) -> list[str]:
    """Cells that do not hold yet what they must; those with more reports hold other people's, too."""
    missing = []
    for cell, figure in expected.items():
        found = said.get(cell)
        if found is None or found["reports"] < figure.reports:
            missing.append(f"{cell}: {found and found['reports']} of {figure.reports} reports")
        elif found["reports"] == figure.reports and summary(found) != figure.summary():
            missing.append(f"{cell}: {summary(found)}, not {figure.summary()}")
    return missing


def summary(figure: Mapping[str, Any]) -> dict[str, int]:
    """A figure of the platform in the words of the sample."""
    return {
        "people": figure["people"]["total"] or 0,
        "services": figure["frequencies"] or 0,
        "reports": figure["reports"],
        "organisations": figure["organisationCount"],
    }


def sample_by_organisation(size: Size, ground: Ground) -> dict[int, list[SampleReport]]:
    reports: dict[int, list[SampleReport]] = defaultdict(list)
    for report in sample_reports(size, ground):
        reports[report.organisation.number].append(report)
    return reports


def expected_of(reports: Mapping[int, list[SampleReport]], level: int) -> dict[Cell, Figure]:
    return expected_figures((report for each in reports.values() for report in each), level=level)


async def _together(work: Callable[[Item], Awaitable[Result]], items: Iterable[Item]) -> list[Result]:
    """`work` on each item, a few at a time; the first failure ends the others and is raised."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(item: Item) -> Result:
        async with gate:
            return await work(item)

    try:
        async with asyncio.TaskGroup() as group:
            running = [group.create_task(one(item)) for item in items]
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from failed
    return [task.result() for task in running]
