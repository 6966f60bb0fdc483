"""What the platform must say about the sample, counted in plain Python from the rows themselves.

Written apart from reporting, by the counting rules alone, so that both can be wrong only in different ways.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from local.demo.sample import SampleReport

PRESENT = frozenset({"Ongoing", "Completed"})
METHODS: Mapping[str, tuple[str, frozenset[str]]] = {
    "WSH": ("max", frozenset({"Completed"})),
    "SHL": ("new", PRESENT),
    "PRO": ("new", PRESENT),
    "EDU": ("new", PRESENT),
}
"""Presets of NW Syria practice: how people are counted, and in which statuses."""

PARTS: Mapping[str, str] = {"Tent distribution": "shelter", "Shelter rehabilitation": "shelter", "NFI kits": "nfi"}
"""Of shelter and household items, which are counted apart: the greater reach is the sector's, for the same people get
both."""
NOT_CORE = frozenset({"Winter heaters"})
"""Household items that are not core reach nobody."""

Cell = tuple[str, str, str]
"""P-code of an area, sector, month."""


@dataclass
class ExpectedFigure:
    """What is said of one area, sector and month."""

    people: int = 0
    official_people: int = 0
    services: int = 0
    reports: int = 0
    organisations: set[int] = field(default_factory=set)

    def summary(self) -> dict[str, int]:
        """As the platform says it."""
        return {
            "people": self.people,
            "official_people": self.official_people,
            "services": self.services,
            "reports": self.reports,
            "organisations": len(self.organisations),
        }


def expected_figures(reports: Iterable[SampleReport], *, level: int, reviewed_month: str) -> dict[Cell, ExpectedFigure]:
    """Figures of the areas of a level (1 governorate, 3 sub-district).

    `reports` are those that count: none that was returned; those of `reviewed_month` are approved, all others not.
    """
    units: dict[tuple[object, ...], list[SampleReport]] = defaultdict(list)
    for report in reports:
        if report.row["status"] in PRESENT:
            group = report.row["population_group"]
            units[(report.area, report.unit, report.sector, report.month, group)].append(report)
    figures: dict[Cell, ExpectedFigure] = defaultdict(ExpectedFigure)
    for present in units.values():
        one = present[0]
        _add(figures[(_at(one.area, level), one.sector, one.month)], present, official=one.month == reviewed_month)
    return dict(figures)


def _add(figure: ExpectedFigure, present: list[SampleReport], *, official: bool) -> None:
    people, services = _counted(present)
    figure.reports += len(present)
    figure.organisations.update(report.organisation.number for report in present)
    figure.services += services
    figure.people += people
    figure.official_people += people if official else 0


def _counted(present: list[SampleReport]) -> tuple[int, int]:
    """People once, and services."""
    method, statuses = METHODS[present[0].sector]
    counted = [report for report in present if report.row["status"] in statuses]
    services = sum(report.total for report in counted)
    if method == "max":
        return max((report.total for report in counted), default=0), services
    parts: dict[str, int] = defaultdict(int)
    for report in counted:
        if report.row["newly_reached"] and report.row.get("activity") not in NOT_CORE:
            parts[PARTS.get(report.row.get("activity", ""), "")] += report.total
    return max(parts.values(), default=0), services


def _at(area: str, level: int) -> str:
    """Sub-districts, districts and governorates of Syria are prefixes of one another."""
    return area[: 2 + 2 * level]
