"""What a service makes of what it hears."""

import ast
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from inspect import getmodule, getsource
from types import ModuleType
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
    rules: Sequence[ModuleType | str] = ()
    """What further decides what the tables hold: code, apart from its comments, and texts."""
    complete: Callable[[Transaction], Awaitable[None]] | None = None
    """What is done once, after all there was is heard again, before the new tables answer. Runs twice safely."""
    at_once: int = 500
    """Events in one transaction, where so many are there."""

    @cached_property
    def handlers(self) -> Mapping[type[Event], Handler[Any]]:
        """Who takes which event."""
        return {mirror.event: mirror.keep for mirror in self.mirrors} | dict(self.events)

    @cached_property
    def all_tables(self) -> Sequence[str]:
        """Everything that is filled from events alone."""
        return (*(mirror.table for mirror in self.mirrors), *self.tables)

    @cached_property
    def version(self) -> int:
        """Another number where something was changed that decides what the tables hold: they are then made anew.

        Above zero, and above all that were counted up by hand: who has one of those takes itself for the older.
        """
        if not self.all_tables:
            return 0
        declared = [
            [mirror.event.type_name(), mirror.table, *mirror.key, *mirror.columns, "", *mirror.derived]
            for mirror in self.mirrors
        ]
        heard = [*(event.type_name() for event in self.handlers), *(topic.noun for topic in self.tombstones)]
        makers = [make for mirror in self.mirrors for make in mirror.derived.values()]
        modules = [getmodule(maker) for maker in (*makers, *self.events.values(), *self.tombstones.values())]
        rules = dict.fromkeys(_text(rule) for rule in (*modules, *self.rules) if rule)
        said = repr([declared, heard, self.tables, *rules])
        return int.from_bytes(blake2b(said.encode(), digest_size=8).digest()) >> 1

    @cached_property
    def topics(self) -> list[Topic]:
        """All topics that are heard."""
        return sorted({*(event.topic for event in self.handlers), *self.tombstones}, key=lambda topic: topic.noun)

    def handler_of(self, content: Content) -> Handler[Any] | None:
        """Who takes it, if anybody does."""
        if isinstance(content, Tombstone):
            return self.tombstones.get(content.topic)
        return self.handlers.get(type(content)) if isinstance(content, Event) else None


def _text(rule: ModuleType | str) -> str:
    return rule if isinstance(rule, str) else ast.dump(ast.parse(getsource(rule)))
