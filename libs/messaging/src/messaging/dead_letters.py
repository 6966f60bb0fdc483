"""Events a consumer could not take: kept with bytes and cause until they are retried, superseded or dropped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.event import Event, Topic
from contracts.operations import DEAD_LETTERS
from database import Record, Transaction

from messaging import events, rebuilding
from messaging.broker import Record as KafkaRecord
from messaging.envelope import Tombstone, UnreadableEvent, header, read
from messaging.failures import cause, is_transient
from messaging.handling import FailedRecord, ReceivedRecord
from messaging.projection import Projection
from messaging.topics import declared


@dataclass(frozen=True)
class DeadLetter:
    """What an operator sees. The payload is shown to nobody: it is retried or dropped."""

    number: int
    consumer: str
    topic: str
    partition: int
    offset: int
    key: str
    type: str | None
    version: int | None
    cause: str
    attempts: int
    died_at: datetime


async def list_dead_letters(
    tx: Transaction, *, consumer: str | None = None, after: int = 0, limit: int = 100
) -> list[DeadLetter]:
    """Open ones, oldest first; `after` is the number the last page ended with."""
    return [_dead_letter(row) for row in await tx.fetch(LIST, consumer, after, limit)]


async def retry(tx: Transaction, number: int, projection: Projection) -> str | None:
    """Give it to its handler again: `taken`, or why not, which is stored. None if no open one has this number."""
    row = await tx.fetchrow(LOCK, number)
    if row is None:
        return None
    failure = await _failure(tx, row, projection)
    if failure is None:
        await tx.execute(RESOLVE, number, "retried")
        return "taken"
    failure = _storable(failure)
    await tx.execute("update dead_letter set cause = $2, attempts = attempts + 1 where number = $1", number, failure)
    return failure


async def drop(tx: Transaction, number: int) -> bool:
    """Resolve it without its effect; the row stays. Whether there was an open one."""
    return await tx.fetchval(RESOLVE, number, "dropped") is not None


async def store(tx: Transaction, consumer: str, topic: Topic, failed: Sequence[FailedRecord]) -> None:
    """Keep what could not be taken, and copy what is new here to the dead-letter topic."""
    for casualty in failed:
        arrival, record = casualty.arrival, casualty.arrival.record
        names, values = _columns(arrival)
        fresh = await tx.fetchval(
            KEEP, consumer, topic.noun, arrival.partition.number, record.offset, record.key,
            _type(record), _version(arrival), names, values, record.value, _storable(casualty.cause),
        )  # fmt: skip
        if fresh:
            await _copy(tx, consumer, topic, casualty)


async def count_open(tx: Transaction, consumer: str) -> int:
    found = await tx.fetchval("select count(*) from dead_letter where consumer = $1 and resolved_at is null", consumer)
    return int(found)


async def supersede(tx: Transaction, consumer: str, topic: Topic, taken: Sequence[ReceivedRecord]) -> None:
    """Resolve dead letters of aggregates of which a newer state, or their end, was taken."""
    partitions = [arrival.partition.number for arrival in taken]
    keys = [arrival.record.key for arrival in taken]
    versions = [_version(arrival) for arrival in taken]
    offsets = [arrival.record.offset for arrival in taken]
    await tx.execute(SUPERSEDE, consumer, topic.noun, partitions, keys, versions, offsets)


async def _failure(tx: Transaction, row: Record, projection: Projection) -> str | None:
    content = read(declared(row["topic"]), _Kept(row))
    if isinstance(content, UnreadableEvent):
        return content.cause
    handler = projection.handler_of(content)
    if handler is None:
        return "no handler takes it" if isinstance(content, Event | Tombstone) else "its type is unknown here"
    try:
        async with tx.transaction():
            await handler(tx, [content])
            if await rebuilding.use_rebuild_if_any(tx, row["consumer"]):  # what is built anew has passed it, perhaps
                await handler(tx, [content])
    except Exception as error:
        if is_transient(error):
            raise
        return cause(error)
    return None


def _type(record: KafkaRecord) -> str | None:
    type = header(record.headers, "ce_type")
    return _storable(type) if type is not None else None


def _version(received: ReceivedRecord) -> int | None:
    version = received.content.version if isinstance(received.content, Event) else None
    return version if version is not None and abs(version) < 2**63 else None


class _Kept:
    """A stored dead letter as the record it was."""

    def __init__(self, row: Record) -> None:
        self.offset: int = row["record_offset"]
        self.key: bytes | None = row["key"]
        self.value: bytes | None = row["payload"]
        self.headers = list(zip(row["header_names"], row["header_values"], strict=True))


def _columns(received: ReceivedRecord) -> tuple[list[str], list[bytes | None]]:
    headers = received.record.headers
    return [_storable(name) for name, _ in headers], [value for _, value in headers]


async def _copy(tx: Transaction, consumer: str, topic: Topic, casualty: FailedRecord) -> None:
    partition, record = casualty.arrival.partition, casualty.arrival.record
    headers = [
        *((_storable(name), value) for name, value in record.headers),
        ("dl_consumer", consumer.encode()),
        ("dl_topic", topic.noun.encode()),
        ("dl_partition", str(partition.number).encode()),
        ("dl_offset", str(record.offset).encode()),
        ("dl_cause", _storable(casualty.cause).encode()),
    ]
    value, size = record.value, len(record.value or b"")
    if size > events.LARGEST:  # with more headers than it came with it might not pass, and would stop the relay
        value, headers = None, [*headers, ("dl_omitted_bytes", str(size).encode())]
    await events.append_copy(tx, DEAD_LETTERS, _text(record.key), value, headers)


def _text(key: bytes | None) -> str:
    return _storable((key or b"").decode(errors="replace"))


def _storable(text: str) -> str:
    """Text as PostgreSQL takes it. What can't be stored as a dead letter would stop the consumer for ever."""
    return text.encode(errors="replace").decode().replace("\0", "")


def _dead_letter(row: Record) -> DeadLetter:
    return DeadLetter(
        number=row["number"],
        consumer=row["consumer"],
        topic=row["topic"],
        partition=row["partition"],
        offset=row["record_offset"],
        key=_text(row["key"]),
        type=row["type"],
        version=row["version"],
        cause=row["cause"],
        attempts=row["attempts"],
        died_at=row["died_at"],
    )


LIST = """
select number, consumer, topic, partition, record_offset, key, type, version, cause, attempts, died_at
  from dead_letter
 where resolved_at is null and number > $2 and ($1::text is null or consumer = $1)
 order by number
 limit $3
"""
LOCK = "select * from dead_letter where number = $1 and resolved_at is null for update"
RESOLVE = """
update dead_letter set resolved_at = now(), resolution = $2 where number = $1 and resolved_at is null returning number
"""
KEEP = """
insert into dead_letter as kept (consumer, topic, partition, record_offset, key, type, version,
                                 header_names, header_values, payload, cause)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
on conflict on constraint dead_letter_once do update
   set cause = excluded.cause, attempts = kept.attempts + 1, resolved_at = null, resolution = null
returning attempts = 1
"""
SUPERSEDE = """
update dead_letter d set resolved_at = now(), resolution = 'superseded'
  from unnest($3::bigint[], $4::bytea[], $5::bigint[], $6::bigint[]) as newer (partition, key, version, record_offset)
 where d.consumer = $1 and d.topic = $2 and d.partition = newer.partition and d.resolved_at is null
   and d.key = newer.key and d.record_offset < newer.record_offset
   and (d.version is null or newer.version is null or newer.version >= d.version)
"""
