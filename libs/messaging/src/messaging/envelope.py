"""CloudEvents 1.0 in binary mode: what an event looks like on the wire, and how it is read from there."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.event import Event, Topic, event_of
from pydantic import ValidationError

from messaging.broker import Headers, Record
from messaging.failures import complaints

JSON = b"application/json"


@dataclass(frozen=True)
class Tombstone:
    """The aggregate of this key is gone."""

    topic: Topic
    key: str


@dataclass(frozen=True)
class UnknownEvent:
    """An event of a type this process does not know: published by somebody newer, or not for it."""

    type: str


@dataclass(frozen=True)
class UnreadableEvent:
    """Bytes that are no event, and why."""

    cause: str


Content = Event | Tombstone | UnknownEvent | UnreadableEvent


def headers(
    *, id: UUID, type: str, source: str, subject: str, time: datetime, traceparent: str | None, empty: bool
) -> list[tuple[str, bytes]]:
    """The `ce_*` headers of an event, and its trace."""
    written = [
        ("ce_specversion", b"1.0"),
        ("ce_id", str(id).encode()),
        ("ce_source", source.encode()),
        ("ce_type", type.encode()),
        ("ce_time", time.isoformat().encode()),
        ("ce_subject", subject.encode()),
    ]
    if not empty:
        written.append(("content-type", JSON))
    if traceparent:
        written.append(("traceparent", traceparent.encode()))
    return written


def header(headers: Headers, name: str) -> str | None:
    """The value of the first header of that name."""
    return next((value.decode(errors="replace") for key, value in headers if key == name and value is not None), None)


def tombstone_type(topic: Topic) -> str:
    return f"{topic.noun}.buried"


def read(topic: Topic, record: Record) -> Content:
    """What a record says."""
    if record.value is None:
        return _tombstone(topic, record.key)
    type = header(record.headers, "ce_type")
    if type is None:
        return UnreadableEvent("it has no ce_type header")
    known = event_of(type)
    return _event(known, record.value) if known else UnknownEvent(type)


def _tombstone(topic: Topic, key: bytes | None) -> Tombstone | UnreadableEvent:
    try:
        return Tombstone(topic, (key or b"").decode())
    except UnicodeDecodeError as error:
        return UnreadableEvent(f"its key is no UTF-8: {error}")


def _event(kind: type[Event], value: bytes) -> Event | UnreadableEvent:
    try:
        return kind.model_validate_json(value)
    except ValidationError as error:
        # Without the input: a cause is shown to operators and must not carry what was in the event.
        return UnreadableEvent("; ".join(complaints(error)))
    except Exception as error:  # whatever a validator of the contract raises, the event is at fault
        return UnreadableEvent(type(error).__name__)
