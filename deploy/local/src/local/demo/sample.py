"""The sample data: reports of six months, the same ones for the same seed."""

import calendar
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local.demo.names import SampleOrganisation, sample_organisations

SECTORS = ("WSH", "SHL", "PRO", "EDU")
GOVERNORATES = ("SY02", "SY07")
STATUSES = ("Completed", "Completed", "Completed", "Ongoing", "Planned")
GROUPS = ("idp", "host_community", "returnee", "mixed")
COMMUNITIES = 3


@dataclass(frozen=True)
class Size:
    """How much to make, and of which chance."""

    organisations: int = 20
    months: int = 6
    reports: int = 5_000
    seed: int = 7
    first_month: str = "2026-04"

    @property
    def month_list(self) -> list[str]:
        year, month = (int(part) for part in self.first_month.split("-"))
        numbers = range(year * 12 + month - 1, year * 12 + month - 1 + self.months)
        return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in numbers]


@dataclass(frozen=True)
class Ground:
    """What the platform knows that the sample builds on."""

    areas: Sequence[str]
    """P-codes of sub-districts."""
    indicators: Mapping[str, Sequence[str]]
    """Codes that count people, by sector."""


@dataclass(frozen=True)
class SampleReport:
    """One report; `new` says whether its people are reached for the first time."""

    organisation: SampleOrganisation
    external_id: str
    sector: str
    indicator: str | None
    area: str
    community: str
    month: str
    status: str
    group: str
    men: int
    women: int
    boys: int
    girls: int
    new: bool

    @property
    def total(self) -> int:
        return self.men + self.women + self.boys + self.girls

    @property
    def dates(self) -> tuple[str, str]:
        year, month = (int(part) for part in self.month.split("-"))
        return f"{self.month}-01", f"{self.month}-{calendar.monthrange(year, month)[1]:02d}"

    def row(self) -> dict[str, Any]:
        """As the organisation's own database would send it."""
        start, end = self.dates
        return {
            "external_id": self.external_id,
            "sector": self.sector,
            "indicator": self.indicator,
            "country": "SY",
            "area": self.area,
            "community": self.community,
            "month": self.month,
            "start_date": start,
            "end_date": end,
            "status": self.status,
            "population_group": self.group,
            "people": {
                "total": self.total,
                "men": self.men,
                "women": self.women,
                "boys": self.boys,
                "girls": self.girls,
            },
            "newly_reached": self.new,
        }


def sample_reports(size: Size, ground: Ground) -> Iterator[SampleReport]:
    """`size.reports` of them, organisation by organisation."""
    organisations = sample_organisations(size.organisations, SECTORS)
    for organisation in organisations:
        # A generator of each one's own, so that another count of organisations does not change the others' data.
        chance = random.Random(f"{size.seed}/{size.first_month}/{organisation.number}")  # noqa: S311  sample data
        share = size.reports // len(organisations) + (organisation.number <= size.reports % len(organisations))
        for number in range(share):
            yield _report(organisation, number, size, ground, chance)


def _report(
    organisation: SampleOrganisation, number: int, size: Size, ground: Ground, chance: random.Random
) -> SampleReport:
    sector = chance.choice(organisation.sectors)
    known = ground.indicators.get(sector)
    area = chance.choice(ground.areas)
    men, women, boys, girls = (chance.randint(3, 120) for _ in range(4))
    month = chance.choice(size.month_list)
    return SampleReport(
        organisation=organisation,
        external_id=f"{size.seed}-{size.first_month}-{organisation.number:03d}-{number:05d}",
        sector=sector,
        indicator=chance.choice(known) if known else None,
        area=area,
        community=f"Sample community {area}-{chance.randint(1, COMMUNITIES)}",
        month=month,
        status=chance.choice(STATUSES),
        group=chance.choice(GROUPS),
        men=men,
        women=women,
        boys=boys,
        girls=girls,
        new=chance.random() < 0.6,
    )
