"""Targets of the sample's plan: the last month's by sub-district, the whole period's by governorate."""

import csv
import random
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from client import Tansiq
from client.targets import ProgressQuery

from local.demo.sample import GOVERNORATES, SECTORS, SampleReference, Size
from local.demo.scene import GOVERNORATE
from local.demo.sending import NotTaken

HEADINGS = (
    "القطاع / Sector",
    "رمز المنطقة / Area P-code",
    "من شهر / From month",
    "إلى شهر / To month",
    "الهدف / Target",
)
TAGS = ("#sector+code", "#loc+code", "#date+start", "#date+end", "#targeted+ind")
Target = tuple[str, str, str, str, int]


async def load_targets(secretariat: Tansiq, size: Size, reference: SampleReference) -> int:
    """Load them as a table, as a plan comes; how many there are. Raises `NotTaken`."""
    rows = list(_targets(size, reference))
    with TemporaryDirectory(prefix="tansiq-demo-") as folder:
        file = Path(folder) / "targets.csv"
        with file.open("w", encoding="utf-8-sig", newline="") as opened:
            csv.writer(opened).writerows([HEADINGS, TAGS, *rows])
        async for pushed in secretariat.targets.load(file):
            if pushed.rejected:
                raise NotTaken(f"targets: {pushed.problems[0].errors}")
    return len(rows)


def _targets(size: Size, reference: SampleReference) -> Iterator[Target]:
    chance = random.Random(f"targets/{size.seed}/{size.first_month}")  # noqa: S311  sample data
    months = size.month_list
    for sector in SECTORS:
        for area in reference.areas:
            yield sector, area.pcode, months[-1], months[-1], chance.randrange(400, 2_000, 50)
        for governorate in GOVERNORATES:
            yield sector, governorate, months[0], months[-1], chance.randrange(150_000, 400_000, 10_000)


async def progress_of(reader: Tansiq, size: Size) -> list[dict[str, Any]]:
    """Both kinds of targets by governorate: the month's (summed from its sub-districts) and the period's."""
    months = size.month_list
    found = []
    for first in (months[-1], months[0]):
        wanted = ProgressQuery(country="SY", level=GOVERNORATE, month_from=first, month_to=months[-1])
        found += [row async for row in reader.targets.progress(wanted) if row["areaCode"] in GOVERNORATES]
    return found
