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

Cell = tuple[str, str, str]
"""P-code of an area, sector, month."""


@dataclass
class Figure:
    """What is said of one area, sector and month."""

    people: int = 0
    services: int = 0
    reports: int = 0
    organisations: set[int] = field(default_factory=set)

    def summary(self) -> dict[str, int]:
        """As the platform says it."""
        return {
            "people": self.people,
            "services": self.services,
            "reports": self.reports,
            "organisations": len(self.organisations),
        }


def expected_figures(reports: Iterable[SampleReport], *, level: int) -> dict[Cell, Figure]:
    """Figures of the areas of a level (1 governorate, 3 sub-district)."""
    units: dict[tuple[str, ...], list[SampleReport]] = defaultdict(list)
    for report in reports:
        if report.status in PRESENT:
            units[(report.area, report.community, report.sector, report.month, report.group)].append(report)
    figures: dict[Cell, Figure] = defaultdict(Figure)
    for (area, _, sector, month, _), present in units.items():
        _add(figures[(_at(area, level), sector, month)], sector, present)
    return dict(figures)


def _add(figure: Figure, sector: str, present: list[SampleReport]) -> None:
    method, statuses = METHODS[sector]
    counted = [report for report in present if report.status in statuses]
    figure.reports += len(present)
    figure.organisations.update(report.organisation.number for report in present)
    figure.services += sum(report.total for report in counted)
    if method == "max":
        figure.people += max((report.total for report in counted), default=0)
    else:
        figure.people += sum(report.total for report in counted if report.new)


def _at(area: str, level: int) -> str:
    """Sub-districts, districts and governorates of Syria are prefixes of one another."""
    return area[: 2 + 2 * level]
