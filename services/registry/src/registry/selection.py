"""The WHERE of a list: constant conditions, joined as the filter asks, with their values as parameters."""

from collections.abc import Sequence


class Selection:
    """Collects conditions. A condition is a constant of the code with `{}` for each of its values."""

    def __init__(self) -> None:
        self._conditions: list[str] = []
        self.values: list[object] = []

    def add(self, condition: str, *values: object) -> None:
        first = len(self.values) + 1
        self.values.extend(values)
        self._conditions.append(condition.format(*(f"${first + place}" for place in range(len(values)))))

    def add_given(self, condition: str, value: object | None) -> None:
        """Add the condition unless the filter leaves it open."""
        if value is not None:
            self.add(condition, value)

    def add_after(self, condition: str, position: Sequence[object] | None) -> None:
        """Start behind the row with these sort values."""
        if position is not None:
            self.add(condition, *position)

    @property
    def condition(self) -> str:
        return " and ".join(self._conditions) or "true"

    @property
    def where(self) -> str:
        return f"where {self.condition}"

    def limit(self, first: int) -> str:
        """One row more than a page, to know whether more follow."""
        self.values.append(first + 1)
        return f"limit ${len(self.values)}"
