"""What a service makes of what it hears."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias, TypeVar

from contracts.event import Event, Topic
from database import Transaction

from messaging.envelope import Content, Tombstone
from messaging.mirrors import Mirror

E = TypeVar("E")
Handler: TypeAlias = Callable[[Transaction, Sequence[E]], Awaitable[None]]
"""Takes events of one class in their order, within the batch's transaction. Runs twice safely."""


@dataclass(frozen=True)
class Projection:
    """Says who takes which event, and which tables are filled by it."""

    mirrors: Sequence[Mirror[Any]] = ()
    events: Mapping[type[Event], Handler[Any]] = field(default_factory=dict)
    """Those taken by hand. One that has a mirror too is taken by this alone, which then keeps it."""
    tombstones: Mapping[Topic, Handler[Tombstone]] = field(default_factory=dict)
    """Who takes the end of an aggregate, by topic."""
    tables: Sequence[str] = ()
    """Further tables that are made of events, and of nothing else."""
    emptied: bool = True
    """Whether its tables are emptied when it is made anew, instead of being written over."""
    at_once: int = 500
    """Events in one transaction, where so many are there."""

    @cached_property
    def handlers(self) -> Mapping[type[Event], Handler[Any]]:
        """Who takes which event."""
        return {mirror.event: mirror.keep for mirror in self.mirrors} | dict(self.events)

    @cached_property
    def all_tables(self) -> Sequence[str]:
        """Everything that is filled from events alone, and emptied when it is made anew."""
        return (*(mirror.table for mirror in self.mirrors), *self.tables) if self.emptied else ()

    @cached_property
    def topics(self) -> list[Topic]:
        """All topics that are heard."""
        return sorted({*(event.topic for event in self.handlers), *self.tombstones}, key=lambda topic: topic.noun)

    def handler_of(self, content: Content) -> Handler[Any] | None:
        """Who takes it, if anybody does."""
        if isinstance(content, Tombstone):
            return self.tombstones.get(content.topic)
        return self.handlers.get(type(content)) if isinstance(content, Event) else None
