"""What every event is: state of one aggregate, with its version, on the compacted topic of its noun.

On the wire an event is a CloudEvent 1.0 in binary mode: `ce_*` headers and the JSON of the model as body.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict

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
    type: str
    version: Low[int]

    @property
    def key(self) -> str:
        """Key of the aggregate on its topic; events of one key keep their order."""
        raise NotImplementedError

    @classmethod
    def type_name(cls) -> str:
        """The `ce_type` of this class, such as `activities.report.submitted.v1`."""
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
"""Every event ever published, by its type."""


def published(topic: Topic) -> Callable[[type[Event]], type[Event]]:
    """Class decorator: declare an event on its topic."""

    def declare(event: type[Event]) -> type[Event]:
        event.topic = topic
        PUBLISHED[event.type_name()] = event
        return event

    return declare
