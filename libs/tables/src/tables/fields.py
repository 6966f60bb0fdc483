"""What must be known of the fields that columns can be for, to tell what stands in a column."""

from collections.abc import Callable
from dataclasses import dataclass

from tables.conventions import Sort


@dataclass(frozen=True)
class Fields:
    """The fields of one kind of rows."""

    sort: Callable[[str], Sort | None]
    """What a field's numbers and dates are; none where it has no such."""
    yes_or_no: frozenset[str] = frozenset()
    kept_together: frozenset[str] = frozenset()
    """Fields of which a row keeps all it says, in however many columns."""
    total: str | None = None
    """The field that `parts` add up to."""
    parts: frozenset[str] = frozenset()
    figures: tuple[str, ...] = ()
    """How fields begin whose group of headings says what is counted: all of its words must be accounted for."""
    owners: frozenset[str] = frozenset()
    """Fields of which a group makes another: `Donor` over `Organisation`."""
    grouped_by: tuple[str, ...] = ()
    """Kinds of values that a group of columns may be for."""
