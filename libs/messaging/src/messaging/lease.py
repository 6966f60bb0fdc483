"""Who publishes a shard: a lease by the database's clock, never a lock that a frozen holder would keep."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from database import Database


class ShardLeaseLost(Exception):
    """Another relay holds the shard."""


@dataclass(frozen=True)
class Lease:
    shard: int
    term: int
    seconds: float


async def take(database: Database, *, shard: int, shards: int, holder: UUID, seconds: float) -> Lease | None:
    """The lease of a shard, if nobody holds it."""
    async with database.connection() as connection:
        term = await connection.fetchval(TAKE, shard, shards, holder, seconds)
    return Lease(shard, term, seconds) if term is not None else None


async def renew(database: Database, lease: Lease, *, asleep: bool = False) -> None:
    """Hold it on. Raises `LeaseLost`."""
    async with database.connection() as connection:
        held = await connection.fetchval(RENEW, lease.shard, lease.term, lease.seconds, asleep)
    if held is None:
        raise ShardLeaseLost


async def settle(database: Database, lease: Lease, numbers: Sequence[int]) -> None:
    """Remove what was published, and hold the lease on. Raises `LeaseLost`, having removed nothing.

    Without the condition a relay that lost its shard could remove a newer state while its successor, who read the
    older ones before, goes on publishing those: the older state would stay last on the topic.
    """
    # One statement outside of a transaction: frozen between two, the process would keep the row locked.
    async with database.connection() as connection:
        held = await connection.fetchval(SETTLE, lease.shard, lease.term, lease.seconds, numbers)
    if held is None:
        raise ShardLeaseLost


async def release(database: Database, lease: Lease) -> None:
    """Let the next one in at once."""
    async with database.connection() as connection:
        await connection.execute(RELEASE, lease.shard, lease.term)


TAKE = """
insert into relay_lease as held (shard, shards, holder, term, expires_at)
select $1, $2, $3, 1, clock_timestamp() + make_interval(secs => $4)
 where not exists (select from relay_lease as other where other.shards <> $2 and other.expires_at > clock_timestamp())
on conflict (shard) do update
   set shards = excluded.shards, holder = excluded.holder, term = held.term + 1,
       expires_at = excluded.expires_at, asleep = false
 where held.expires_at < clock_timestamp()
returning term
"""
RENEW = """
update relay_lease set expires_at = clock_timestamp() + make_interval(secs => $3), asleep = $4
 where shard = $1 and term = $2
returning shard
"""
SETTLE = """
with held as (
    update relay_lease set expires_at = clock_timestamp() + make_interval(secs => $3), asleep = false
     where shard = $1 and term = $2
    returning shard
), settled as (
    delete from outbox using held where outbox.event = any($4::bigint[])
)
select shard from held
"""
RELEASE = "update relay_lease set expires_at = clock_timestamp() where shard = $1 and term = $2"
