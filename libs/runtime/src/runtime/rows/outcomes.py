"""What became of a row, or why it can't be taken. No I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from runtime.problems import Refusal

REJECTED = "rejected"
"""Status of a row that was not accepted."""


class RowRejected(Exception):
    """A row can't be taken, for these reasons."""

    def __init__(self, faults: Sequence[Refusal]) -> None:
        super().__init__()
        self.faults = faults


@dataclass(slots=True)
class Outcome:
    """What became of one row."""

    row: int
    status: str
    id: UUID | str | None = None
    version: int | None = None
    flags: Sequence[str] = ()
    errors: Sequence[Refusal] = ()
    exact_repeat: bool = False
    not_understood: Mapping[str, str] = field(default_factory=dict)
    """What of it was kept as text alone, by field."""


def rejected_row(row: int, faults: Sequence[Refusal]) -> Outcome:
    """The outcome of a row with these faults, each of which now names it."""
    for fault in faults:
        fault.row = row
    return Outcome(row, REJECTED, errors=faults)
