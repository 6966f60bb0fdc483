"""What rows are checked against: the registry's facts that a batch names, looked up once for all of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.lines import code
from tables.sectors import Sectors


@dataclass(frozen=True, slots=True)
class Area:
    """An area, as the registry has it."""

    country: str
    pcode: str
    level: int
    path: tuple[str, ...]
    levels: tuple[int, ...] | None
    """Of each area of the path, where a level is skipped."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator: of which sector, and what it counts."""

    sector: str
    unit: str


@dataclass(frozen=True)
class Reference:
    """All that a batch names."""

    areas: Mapping[tuple[str, str], Area]
    """By country and P-code."""
    sectors: Sectors
    indicators: Mapping[str, Indicator]

    def area(self, country: str, pcode: str) -> Area | None:
        return self.areas.get((country, pcode)) or self.areas.get((country, code(pcode).upper()))
