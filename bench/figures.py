"""What was measured, each beside the limit of the same run and the target of performance.md."""

import re
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

TARGET = re.compile(r"([≥≤]) ([\d,]*\.?\d+)( [a-zA-Z]+)?")


@dataclass(frozen=True)
class Measurement:
    """One line of the result."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    target: str = ""

    @property
    def ratio(self) -> float | None:
        """How much of the limit is reached; of times, how many times the limit's."""
        return self.value / self.limit if self.limit else None

    @property
    def reached(self) -> bool | None:
        """Whether the target is: its number bounds the ratio, where there is one and the number has no unit."""
        bound = TARGET.match(self.target)
        if bound is None:
            return None
        sign, number, unit = bound.groups()
        found = self.ratio if self.ratio is not None and not unit else self.value
        return found >= float(number.replace(",", "")) if sign == "≥" else found <= float(number.replace(",", ""))

    def document(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": self.ratio, "reached": self.reached}


def show(figures: list[Measurement]) -> None:
    table = Table(title="measured on this machine; ratios within this run count", title_justify="left")
    for heading in ("what", "measured", "limit", "ratio", "target", "reached"):
        table.add_column(heading, justify="right" if heading in ("measured", "limit", "ratio") else "left")
    for figure in figures:
        limit = f"{figure.limit:,.1f}" if figure.limit else ""
        ratio = f"{figure.ratio:.2f}" if figure.ratio else ""
        reached = {True: "yes", False: "NO", None: ""}[figure.reached]
        table.add_row(figure.name, f"{figure.value:,.1f} {figure.unit}", limit, ratio, figure.target, reached)
    Console(width=140).print(table)
