"""The arguments of a statement that is put together from conditions."""

from collections.abc import Sequence
from dataclasses import dataclass

from runtime.access import Reader
from runtime.visibility import TYPES, Visibility, conditions_for, placed

Condition = tuple[str, Sequence[object]]
"""SQL with `{}` for each of its values."""


@dataclass(frozen=True)
class InPlace:
    """Stands for a value that the statement itself has."""

    expression: str


class Arguments:
    """The arguments of a statement in the order of their places, with what it names of its reader."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.all: list[object] = []
        self._places = _Places(self)

    def put(self, value: object) -> str:
        if isinstance(value, InPlace):
            return value.expression
        self.all.append(value)
        return f"${len(self.all)}"

    def filled(self, condition: Condition) -> str:
        text, values = condition
        return f"({text.format(*map(self.put, values))})"

    def of_reader(self, text: str) -> str:
        """A condition of a visibility, with the reader's values at their places."""
        return placed(text, self._places)

    def visible(self, visibility: Visibility) -> str:
        """Whether the reader sees a row."""
        return self.of_reader(conditions_for(visibility, self.reader.role).visible)


class _Places(dict[str, str]):
    """Puts a value of the reader among the arguments where it is named first."""

    def __init__(self, arguments: Arguments) -> None:
        super().__init__()
        self._arguments = arguments

    def __missing__(self, name: str) -> str:
        value = getattr(self._arguments.reader, name)
        return self.setdefault(name, f"{self._arguments.put(value)}::{TYPES[name]}")
