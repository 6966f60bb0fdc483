"""The sample data: a year of reports in the columns of the Whole-of-Syria 4W, the same ones for the same seed."""

import calendar
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local.demo.names import DONORS, SampleOrganisation, sample_organisations

SECTORS = ("WSH", "SHL", "PRO", "EDU")
GOVERNORATES = ("SY02", "SY07")
STATUSES = ("Completed", "Completed", "Completed", "Ongoing", "Planned")
GROUPS = ("idp", "host_community", "returnee", "mixed")
COMMUNITIES = 3
AWAY_FROM_THE_POINT = 0.02
"""Degrees a site of the sample lies from the point its sub-district is published with."""


@dataclass(frozen=True)
class Size:
    """How much to make, and of which chance."""

    organisations: int = 60
    months: int = 12
    reports: int = 20_000
    seed: int = 7
    first_month: str = "2025-11"

    @property
    def month_list(self) -> list[str]:
        year, month = (int(part) for part in self.first_month.split("-"))
        numbers = range(year * 12 + month - 1, year * 12 + month - 1 + self.months)
        return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in numbers]

    @property
    def last_month(self) -> str:
        """The month that is reviewed and set against targets."""
        return self.month_list[-1]


@dataclass(frozen=True)
class SubDistrict:
    """Where the sample's work is done."""

    pcode: str
    governorate: tuple[str, str]
    """Its English and Arabic names."""
    latitude: float
    longitude: float


@dataclass(frozen=True)
class SampleReference:
    """What the platform knows that the sample builds on."""

    areas: Sequence[SubDistrict]
    indicators: Mapping[str, Sequence[str]]
    """Codes that count people, by sector."""


@dataclass(frozen=True)
class SampleReport:
    """One report: `row` is what the organisation's own database would send."""

    organisation: SampleOrganisation
    row: Mapping[str, Any]
    governorate: tuple[str, str] = ("", "")

    @property
    def external_id(self) -> str:
        return str(self.row["external_id"])

    @property
    def area(self) -> str:
        return str(self.row["area"])

    @property
    def sector(self) -> str:
        return str(self.row["sector"])

    @property
    def month(self) -> str:
        return str(self.row["month"])

    @property
    def unit(self) -> tuple[str, ...]:
        """Where its people are counted once: the site, else the community."""
        site = self.row.get("site_name")
        return ("site", site) if site else ("community", self.row["community"])

    @property
    def total(self) -> int:
        return int(self.row["people"]["total"])


def sample_reports(size: Size, reference: SampleReference) -> Iterator[SampleReport]:
    """`size.reports` of them, organisation by organisation."""
    organisations = sample_organisations(size.organisations, SECTORS)
    for organisation in organisations:
        # A generator of each one's own, so that another count of organisations does not change the others' data.
        chance = random.Random(f"{size.seed}/{size.first_month}/{organisation.number}")  # noqa: S311  sample data
        share = size.reports // len(organisations) + (organisation.number <= size.reports % len(organisations))
        for number in range(share):
            external_id = f"{size.seed}-{size.first_month}-{organisation.number:03d}-{number:05d}"
            yield _report(organisation, external_id, size, reference, chance)


def _report(
    organisation: SampleOrganisation, external_id: str, size: Size, reference: SampleReference, chance: random.Random
) -> SampleReport:
    sector = chance.choice(organisation.sectors)
    known = reference.indicators.get(sector)
    area, month, status = chance.choice(reference.areas), chance.choice(size.month_list), chance.choice(STATUSES)
    people = _people(chance)
    row = {
        "external_id": external_id,
        "implementing_organisation": organisation.english,
        "sector": sector,
        "indicator": chance.choice(known) if known else None,
        **_place(area, chance),
        **_time(month, status),
        "population_group": chance.choice(GROUPS),
        "households": max(1, people["total"] // 5),
        "people": people,
        "newly_reached": chance.random() < 0.6,
        **_work(sector, chance),
        **_money(chance),
    }
    given = {name: value for name, value in row.items() if value is not None}
    return SampleReport(organisation, given, area.governorate)


def _people(chance: random.Random) -> dict[str, int]:
    men, women, boys, girls = (chance.randint(3, 120) for _ in range(4))
    children, adults = boys + girls, men + women
    youngest, oldest = children // 3, children // 4
    return {
        "total": adults + children,
        "men": men,
        "women": women,
        "boys": boys,
        "girls": girls,
        "age_0_4": youngest,
        "age_5_11": children - youngest - oldest,
        "age_12_17": oldest,
        "age_18_59": adults - adults // 8,
        "age_60_plus": adults // 8,
        "with_disability": (adults + children) // 12,
    }


def _place(area: SubDistrict, chance: random.Random) -> dict[str, Any]:
    community = f"Sample community {area.pcode}-{chance.randint(1, COMMUNITIES)}"
    place: dict[str, Any] = {"country": "SY", "area": area.pcode, "community": community}
    if chance.random() < 0.3:
        away = [round(chance.uniform(-AWAY_FROM_THE_POINT, AWAY_FROM_THE_POINT), 4) for _ in range(2)]
        camp = f"{area.pcode}-{chance.randint(1, COMMUNITIES)}"
        place |= {
            # A camp lies in one community.
            "community": f"Sample community {camp}",
            "site_name": f"Sample camp {camp}",
            "site_type": "camp",
            "latitude": round(area.latitude + away[0], 4),
            "longitude": round(area.longitude + away[1], 4),
        }
    return place


def _time(month: str, status: str) -> dict[str, str]:
    year, number = (int(part) for part in month.split("-"))
    last = calendar.monthrange(year, number)[1]
    return {"month": month, "start_date": f"{month}-01", "end_date": f"{month}-{last:02d}", "status": status}


ACTIVITIES: Mapping[str, Sequence[str]] = {
    "WSH": ("Water trucking", "Hygiene promotion", "Latrine rehabilitation"),
    "SHL": ("Tent distribution", "Shelter rehabilitation", "NFI kits", "Winter heaters"),
    "PRO": ("Psychosocial support", "Legal counselling", "Awareness raising"),
    "EDU": ("Non-formal education", "School supplies", "Teacher incentives"),
}


def _work(sector: str, chance: random.Random) -> dict[str, Any]:
    cash = sector == "SHL" and chance.random() < 0.2
    return {
        "activity": chance.choice(ACTIVITIES[sector]),
        "modality": "Cash" if cash else chance.choice(("In-kind", "Service")),
        "conditionality": "Unconditional" if cash else None,
        "transfer_value_usd": "120" if cash else None,
        "transfer_mechanism": "Hawala" if cash else None,
        "in_response_plan": chance.random() < 0.8,
        "hub": "Gaziantep",
        "cross_line": False,
        "previously_assisted": chance.random() < 0.3,
        "reported_elsewhere": False,
        "disaggregation_method": chance.choice(("counted", "estimated")),
    }


def _money(chance: random.Random) -> dict[str, Any]:
    required = chance.randrange(2_000, 40_000, 500)
    return {
        "donors": [chance.choice(DONORS)],
        "un_funded": chance.random() < 0.3,
        "budget_required": str(required),
        "budget_received": str(required * chance.choice((0, 40, 75, 100)) // 100),
        "currency": "USD",
    }
