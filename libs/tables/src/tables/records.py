"""Rows of a table as a person counts them, and where they come from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from contracts.lines import normalised
from runtime.problems import Refusal

MOST_COLUMNS = 500


@dataclass(frozen=True)
class TableRecord:
    """A row of the file, numbered as a spreadsheet does."""

    number: int
    cells: Sequence[str]
    fault: Refusal | None = None

    @property
    def is_blank(self) -> bool:
        return self.fault is None and not any(normalised(cell).strip() for cell in self.cells)


class RowSource(Protocol):
    """Where the rows of a sheet come from; `records` begins anew each time."""

    @property
    def name(self) -> str | None: ...

    def records(self) -> Iterator[TableRecord]: ...

    def position(self) -> int: ...


@dataclass(frozen=True)
class SkippedSheet:
    """A sheet that is not read, and why."""

    number: int
    name: str | None
    reason: Refusal
