"""Giving the events of one batch to their handlers, and finding the bad ones among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from contracts.event import Topic
from database import Transaction

from messaging.broker import Partition, Record
from messaging.envelope import Content, UnreadableEvent, read
from messaging.failures import cause, is_transient
from messaging.projection import Handler, Projection


@dataclass(frozen=True)
class ReceivedRecord:
    """A record, where it lay, and what it says."""

    partition: Partition
    record: Record
    content: Content


@dataclass(frozen=True)
class FailedRecord:
    """A record that could not be taken, and why."""

    arrival: ReceivedRecord
    cause: str


Run: TypeAlias = tuple[Handler[Any], Sequence[ReceivedRecord]]


class HandlerFailed(Exception):
    """A handler raised on one of several events: they have to be tried apart, in a new transaction."""


def arrivals(topic: Topic, partition: Partition, records: Sequence[Record]) -> list[ReceivedRecord]:
    return [ReceivedRecord(partition, record, read(topic, record)) for record in records]


def unreadable(arrived: Sequence[ReceivedRecord]) -> list[FailedRecord]:
    return [FailedRecord(a, a.content.cause) for a in arrived if isinstance(a.content, UnreadableEvent)]


def runs(projection: Projection, arrived: Sequence[ReceivedRecord]) -> list[Run]:
    """Neighbours with one handler, so that it gets many at once and every key keeps its order."""
    found: list[tuple[Handler[Any], list[ReceivedRecord]]] = []
    for arrival in arrived:
        handler = projection.handler_of(arrival.content)
        if handler is None:
            continue
        if found and found[-1][0] is handler:
            found[-1][1].append(arrival)
        else:
            found.append((handler, [arrival]))
    return list(found)


async def hand_over(tx: Transaction, batch: Sequence[Run]) -> None:
    """The quick way, right for nearly every batch. Raises `HandlerFailed` where a handler does not take its events."""
    for handler, arrived in batch:
        try:
            await handler(tx, [arrival.content for arrival in arrived])
        except Exception as error:
            if is_transient(error):
                raise
            raise HandlerFailed from error


async def hand_over_apart(tx: Transaction, batch: Sequence[Run]) -> list[FailedRecord]:
    """The careful way: halve what fails, behind savepoints, until the bad events stand alone."""
    casualties = []
    for handler, arrived in batch:
        casualties += await _bisect(tx, handler, arrived)
    return casualties


async def _bisect(tx: Transaction, handler: Handler[Any], arrived: Sequence[ReceivedRecord]) -> list[FailedRecord]:
    try:
        async with tx.transaction():
            await handler(tx, [arrival.content for arrival in arrived])
    except Exception as error:
        if is_transient(error):
            raise
        if len(arrived) == 1:
            return [FailedRecord(arrived[0], cause(error))]
        half = len(arrived) // 2
        return await _bisect(tx, handler, arrived[:half]) + await _bisect(tx, handler, arrived[half:])
    return []
