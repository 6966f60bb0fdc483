"""Appending to the event log, in the transaction that changes the aggregate."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import orjson
from contracts.event import Event, Topic
from database import Transaction

from messaging import tracing
from messaging.broker import Headers
from messaging.envelope import tombstone_type

LARGEST = 900_000
"""Bytes; the broker takes a million with all headers."""


class EventTooLarge(ValueError):
    """An event must travel in one message: send large things as hash and address."""


async def append(tx: Transaction, event: Event) -> None:
    """Tell the others of this state, once `tx` commits. Hold the lock on the aggregate's row when you call it."""
    await append_all(tx, [event])


async def append_all(tx: Transaction, events: Sequence[Event]) -> None:
    """Append many in their order, neighbours of one type with one statement."""
    for (noun, type), alike in groupby(events, lambda event: (event.topic.noun, event.type)):
        await _append(tx, noun, type, [_row(event) for event in alike])


async def append_states(tx: Transaction, kind: type[Event], states: Mapping[str, Mapping[str, Any]]) -> None:
    """Append many events of one kind, each by its key as the plain content of its model, `version` included.

    For thousands at once: no model is made of them, so that they fit it is for the caller's tests to prove.
    """
    type = kind.type_name()
    rows = [_Row(key, state["version"], _pack(type, state)) for key, state in states.items()]
    await _append(tx, kind.topic.noun, type, rows)


async def append_tombstone(tx: Transaction, topic: Topic, key: str) -> None:
    """Tell the others that the aggregate is gone."""
    await _append(tx, topic.noun, tombstone_type(topic), [_Row(key, None, None)])


async def append_copy(tx: Transaction, topic: Topic, key: str, value: bytes | None, headers: Headers) -> None:
    """Publish bytes with the headers they came with, on another topic."""
    # Marked by its header arrays: the relay then writes no envelope of its own.
    names, values = [name for name, _ in headers], [content for _, content in headers]
    await tx.execute(APPEND_COPY, topic.noun, key, "copy", value, names, values)


class _Row(NamedTuple):
    """What an event is kept as; its id is the database's to make."""

    key: str
    version: int | None
    payload: bytes | None


def _row(event: Event) -> _Row:
    return _Row(event.key, event.version, _bounded(event.type, event.model_dump_json().encode()))


def _pack(type: str, state: Mapping[str, Any]) -> bytes:
    return _bounded(type, orjson.dumps({"type": type, **state}, default=str))


def _bounded(type: str, payload: bytes) -> bytes:
    if len(payload) > LARGEST:
        raise EventTooLarge(f"{type} has {len(payload)} bytes, {LARGEST} are allowed")
    return payload


async def _append(tx: Transaction, noun: str, type: str, rows: Sequence[_Row]) -> None:
    if rows:
        await tx.execute(APPEND, noun, type, *zip(*rows, strict=True), tracing.traceparent())


# A commit that notifies takes a lock all such commits of the cluster queue for, so only a sleeping relay is woken;
# PostgreSQL itself sends equal notifications of one transaction once.
APPEND = """
with appended as (
    insert into event (id, aggregatetype, aggregateid, type, version, payload, traceparent)
    select uuidv7(), $1, e.key, $2, e.version, e.payload, $6
      from unnest($3::text[], $4::bigint[], $5::bytea[]) with ordinality as e (key, version, payload, place)
     order by e.place
    returning number, aggregateid
), queued as (
    insert into outbox (event, slot) select number, crc32(convert_to(aggregateid, 'UTF8')) % 1024 from appended
)
select pg_notify('outbox', '') from (select from relay_lease where asleep limit 1) as sleeper
"""
APPEND_COPY = """
with appended as (
    insert into event (id, aggregatetype, aggregateid, type, payload, header_names, header_values)
    values (uuidv7(), $1, $2, $3, $4, $5, $6)
    returning number, aggregateid
), queued as (
    insert into outbox (event, slot) select number, crc32(convert_to(aggregateid, 'UTF8')) % 1024 from appended
)
select pg_notify('outbox', '') from (select from relay_lease where asleep limit 1) as sleeper
"""
