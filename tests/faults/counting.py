"""Plain counting: what the figures must be, from the reports alone and by the counting rules alone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tests.faults.ledger import Row, Stage

PRESENT = frozenset({"Ongoing", "Completed"})
MAX, NEW, SUM, SERVICES_ONLY = "max", "new", "sum", "services only"
METHODS: Mapping[str, tuple[str, frozenset[str]]] = {
    "WSH": (MAX, frozenset({"Completed"})),
    "SHL": (NEW, PRESENT),
    "PRO": (NEW, PRESENT),
    "EDU": (NEW, PRESENT),
    "HEA": (SERVICES_ONLY, PRESENT),
    "FSC": (SUM, PRESENT),
}
PARTS: Mapping[str, str] = {"Tent distribution": "shelter", "Shelter rehabilitation": "shelter", "NFI kits": "items"}
"""Of shelter and household items, which are counted apart: the greater is the sector's reach in a unit."""
NOT_CORE = "Winter heaters"
"""Items that are not core reach nobody."""
LEVELS = (1, 2, 3)
"""Of areas: governorate, district, sub-district."""


@dataclass(frozen=True)
class Final:
    """A report as it stands in the end."""

    organisation: str
    row: Row
    stage: Stage

    @property
    def unit(self) -> tuple[object, ...]:
        """Where people are counted once: the site in its community, else the community."""
        row = self.row
        place = (row["community"], row.get("site_name"))
        return row["area"], place, row["sector"], row["month"], row["population_group"]


class Cell(NamedTuple):
    area: str
    sector: str
    month: str


class Figure(NamedTuple):
    """What is said of a cell; where nothing is known, nothing is counted."""

    people: int = 0
    official_people: int = 0
    services: int = 0
    reports: int = 0
    official_reports: int = 0
    organisations: int = 0


def figures(reports: Iterable[Final]) -> dict[Cell, Figure]:
    """Figures of all areas that have any."""
    units: dict[tuple[object, ...], list[Final]] = defaultdict(list)
    for report in reports:
        if report.stage != "returned" and report.row["status"] in PRESENT:
            units[report.unit].append(report)
    cells: dict[Cell, list[Sequence[Final]]] = defaultdict(list)
    for unit in units.values():
        row = unit[0].row
        for level in LEVELS:
            cells[Cell(row["area"][: 2 + 2 * level], row["sector"], row["month"])].append(unit)
    return {cell: _figure(inside) for cell, inside in cells.items()}


def _figure(units: Sequence[Sequence[Final]]) -> Figure:
    approved = [[report for report in unit if report.stage == "approved"] for unit in units]
    return Figure(
        people=sum(map(_people, units)),
        official_people=sum(map(_people, approved)),
        services=sum(_total(report) for unit in units for report in _counted(unit)),
        reports=sum(map(len, units)),
        official_reports=sum(map(len, approved)),
        organisations=len({report.organisation for unit in units for report in unit}),
    )


def _people(unit: Sequence[Final]) -> int:
    counted = _counted(unit)
    method = METHODS[unit[0].row["sector"]][0] if unit else SUM
    if method == MAX:
        return max(map(_total, counted), default=0)
    if method == SERVICES_ONLY:
        return 0
    if method == SUM:
        return sum(map(_total, counted))
    parts: dict[str, int] = defaultdict(int)
    for report in counted:
        if report.row["newly_reached"] and report.row.get("activity") != NOT_CORE:
            parts[PARTS.get(report.row.get("activity", ""), "")] += _total(report)
    return max(parts.values(), default=0)


def _counted(unit: Sequence[Final]) -> list[Final]:
    return [report for report in unit if report.row["status"] in METHODS[report.row["sector"]][1]]


def _total(report: Final) -> int:
    return int(report.row["people"]["total"])
