"""What every event is: state of one aggregate, with its version, on the compacted topic of its noun.

On the wire an event is a CloudEvent 1.0 in binary mode: `ce_*` headers and the JSON of the model as body.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, field_validator

from contracts.sensitivity import Low


@dataclass(frozen=True)
class Topic:
    """A stream of events. `noun` is its name without the prefix of the installation, such as `activities.reports`."""

    noun: str
    partitions: int = 1
    compacted: bool = True
    retention_ms: int | None = None


class Event(BaseModel):
    """State of one aggregate as other services may know it.

    A consumer upserts where its stored version is lower, so repeats and reorderings do no harm.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    topic: ClassVar[Topic]
    former_type: ClassVar[str | None] = None
    type: str
    version: Low[int]

    @field_validator("type", mode="before")
    @classmethod
    def _present_type(cls, type: object) -> object:
        return cls.type_name() if type == cls.former_type else type

    @property
    def key(self) -> str:
        """Key of the aggregate on its topic, its id where nothing else is said; events of one key keep their order."""
        return str(self.id)  # type: ignore[attr-defined]

    @classmethod
    def type_name(cls) -> str:
        """The `ce_type` of this class, such as `activities.report.changed.v1`."""
        return str(cls.model_fields["type"].default)


State = TypeVar("State", bound=Event)


def newest(events: Iterable[State]) -> list[State]:
    """The newest state of each aggregate, in the order of their keys: that order keeps writers from deadlocks."""
    found: dict[str, State] = {}
    for event in events:
        held = found.get(event.key)
        if held is None or held.version <= event.version:
            found[event.key] = event
    return [found[key] for key in sorted(found)]


PUBLISHED: dict[str, type[Event]] = {}
"""Every event that is published, by its type."""
FORMER: dict[str, type[Event]] = {}
"""Events by the type they were published as in an earlier release: logs, topics and archives keep those for ever."""


def event_of(type: str) -> type[Event] | None:
    """The class that reads events of this type, if there is one."""
    return PUBLISHED.get(type) or FORMER.get(type)


def published(topic: Topic, *, formerly: str | None = None) -> Callable[[type[Event]], type[Event]]:
    """Class decorator: declare an event on its topic, and the type it had before."""

    def declare(event: type[Event]) -> type[Event]:
        event.topic, event.former_type = topic, formerly
        PUBLISHED[event.type_name()] = event
        if formerly:
            FORMER[formerly] = event
        return event

    return declare
