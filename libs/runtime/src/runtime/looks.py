"""Looks at others' high or severe data: which rows of an answer are one, and how it is written into the audit trail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from contracts.sensitivity import Sensitivity
from database import Transaction
from pydantic import BaseModel

from runtime import audit
from runtime.access import Principal, Relation
from runtime.visibility import Visibility, cleared_relations

RELATION = "_relation"
"""Column that says how a row stands to its reader."""
LEVEL = "_level"
"""Column of a row's own level, where its rows have one."""
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Look:
    """How looks at a noun are written down: what was done, and to what."""

    action: str
    target: str
    """What was looked at: `{…}` stands for fields of the filter, or of each row."""
    each: bool = False
    """One entry for each row that was looked at, not one for all."""
    of_many: str = ""
    """What was looked at where the lists of many keys were asked for, if the target names the key."""
    counted: str = "rows"
    """What one entry for all counts."""
    only_filled: bool = False
    """A high field without a value is nothing to look at."""

    async def record(
        self, tx: Transaction, principal: Principal, visibility: Visibility, rows: Sequence[Row], high: Sequence[str]
    ) -> None:
        """Write down which of these rows, of which these high columns were shown, are others'."""
        cleared = cleared_relations(visibility, principal.role) - {Relation.OWN}
        looked = [row for row in rows if row[RELATION] in cleared and self._shows(row, high)]
        if looked and not self.each:
            await audit.record(tx, principal, self.action, self.target, {self.counted: len(looked)})
        elif looked:
            # Once each: a row may hang on several others.
            targets = dict.fromkeys(self.target.format_map(row) for row in looked)
            await audit.record_all(tx, principal, self.action, [(target, {}) for target in targets])

    def of(self, filter: BaseModel, *, keyed: bool = False) -> "Look":
        """The look at what a filter asks for, or at the lists of many keys."""
        target = self.of_many if keyed and self.of_many else self.target
        if self.each or (target is self.target and "{" not in target):
            return self
        return replace(self, target=target.format_map(dict(filter)))

    def _shows(self, row: Row, high: Sequence[str]) -> bool:
        if is_high(Sensitivity(row.get(LEVEL) or Sensitivity.LOW)):
            return True
        return any(row[name] not in (None, []) for name in high) if self.only_filled else bool(high)


def is_high(level: Sensitivity) -> bool:
    return not Sensitivity.MODERATE.allows(level)
