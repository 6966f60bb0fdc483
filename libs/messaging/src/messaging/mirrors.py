"""Mirrors: tables that keep what another service's events say, as far as this one needs it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import Generic, TypeVar

from contracts.event import Event, newest
from database import Transaction
from pydantic import BaseModel

State = TypeVar("State", bound=Event)


@dataclass(frozen=True)
class Mirror(Generic[State]):
    """A table that holds the newest state of each aggregate of one kind."""

    event: type[State]
    table: str
    key: Sequence[str]
    columns: Sequence[str] = ()
    """What stands in the table as the event says it, by the same name."""
    derived: Mapping[str, Callable[[State], object]] = field(default_factory=dict)
    """Columns that are made of the event, and how."""

    async def keep(self, tx: Transaction, events: Sequence[State]) -> None:
        """Write the newest of these states in key order, where none newer is held.

        A state that is told again at the version held is written again: so a replay mends what was kept wrongly, and
        fields that are new to a contract arrive by telling all once more.
        """
        await tx.execute(self._statement, [self._row(state) for state in newest(events)])

    @cached_property
    def _statement(self) -> str:
        columns = ", ".join(self._readers)
        changing = [name for name in self._readers if name not in self.key]
        # The table itself tells the types. A list in a list would be one array of two dimensions to `unnest`.
        return f"""
        insert into {self.table} as held ({columns})
        select {columns} from jsonb_populate_recordset(null::{self.table}, $1)
        on conflict ({", ".join(self.key)}) do update set {", ".join(f"{name} = excluded.{name}" for name in changing)}
        where held.version <= excluded.version
        """  # noqa: S608  names of the declaration

    def _row(self, state: State) -> dict[str, object]:
        return {name: read(state) for name, read in self._readers.items()}

    @cached_property
    def _readers(self) -> Mapping[str, Callable[[State], object]]:
        """How each column is read off an event."""
        said = (*self.key, "version", *self.columns)
        return {name: _reader(name, self.event.model_fields[name].annotation) for name in said} | dict(self.derived)


def _reader(name: str, kind: object) -> Callable[[Event], object]:
    read: Callable[[Event], object] = attrgetter(name)
    if isinstance(kind, type) and issubclass(kind, BaseModel):  # as JSON, without what it leaves out
        return lambda state: getattr(state, name).model_dump(exclude_none=True)
    return read
