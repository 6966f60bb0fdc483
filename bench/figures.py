"""What was measured, each beside the limit of the same run and the target of performance.md."""

from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
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

    def document(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": self.ratio}


def show(figures: list[Figure]) -> None:
    table = Table(title="measured on this machine; ratios within this run count", title_justify="left")
    for heading in ("what", "measured", "limit", "ratio", "target"):
        table.add_column(heading, justify="left" if heading in ("what", "target") else "right")
    for figure in figures:
        limit = f"{figure.limit:,.1f}" if figure.limit else ""
        ratio = f"{figure.ratio:.2f}" if figure.ratio else ""
        table.add_row(figure.name, f"{figure.value:,.1f} {figure.unit}", limit, ratio, figure.target)
    Console(width=130).print(table)
