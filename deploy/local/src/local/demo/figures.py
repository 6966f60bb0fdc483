"""What the platform says of the sample, and whether it is what plain counting makes of the rows."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

from client import Tansiq
from client.coverage import CoverageQuery

from local.demo.expected import Cell, ExpectedFigure
from local.demo.sample import Size
from local.demo.scene import SUB_DISTRICT

LOOK_SECONDS = 0.4


class NotCounted(Exception):
    """The figures did not come to what the rows say."""


async def counted(
    secretariat: Tansiq, size: Size, expected: Mapping[Cell, ExpectedFigure], *, seconds: float
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
    wanted = CoverageQuery(country="SY", level=level, month_from=months[0], month_to=months[-1])
    said = [figure async for figure in reader.coverage.figures(wanted)]
    return {(figure["areaCode"], figure["sectorCode"], figure["month"]): figure for figure in said}


def _missing(shown: Mapping[Cell, dict[str, Any]], expected: Mapping[Cell, ExpectedFigure]) -> list[str]:
    """Cells that do not hold yet what they must; those with more reports hold other people's, too."""
    missing = []
    for cell, figure in expected.items():
        found = shown.get(cell)
        if found is None or found["reports"] < figure.reports:
            missing.append(f"{cell}: {found and found['reports']} of {figure.reports} reports")
        elif found["reports"] == figure.reports and summary(found) != figure.summary():
            missing.append(f"{cell}: {summary(found)}, not {figure.summary()}")
    return missing


def summary(figure: Mapping[str, Any]) -> dict[str, int]:
    """A figure of the platform in the words of the sample."""
    return {
        "people": figure["people"]["total"] or 0,
        "official_people": figure["officialPeopleTotal"] or 0,
        "services": figure["frequencies"] or 0,
        "reports": figure["reports"],
        "organisations": figure["organisationCount"],
    }


def totals(
    shown: Mapping[Cell, Mapping[str, Any]], expected: Mapping[Cell, ExpectedFigure]
) -> dict[str, dict[str, int]]:
    """What the platform says of the sample's cells, summed by sector."""
    found: dict[str, dict[str, int]] = {}
    for cell in sorted(expected):
        sector = found.setdefault(cell[1], {"people": 0, "official_people": 0, "services": 0, "reports": 0})
        for name in sector:
            sector[name] += summary(shown[cell])[name]
    return found


def agrees(shown: Mapping[Cell, Mapping[str, Any]], expected: Mapping[Cell, ExpectedFigure]) -> bool:
    """Whether every figure is what plain counting makes of the rows; not where others reported there too."""
    return all(summary(shown[cell]) == figure.summary() for cell, figure in expected.items())
