"""Writes and look-ups of the places an account is known from."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from database import Transaction

from registry.identity.places.domain import KEPT, MOST, KnownPlace

SWEPT = 100
"""Old rows that one sign-in clears away."""


async def known(tx: Transaction, person_id: UUID, places: Sequence[KnownPlace], now: datetime) -> frozenset[bytes]:
    """Keys of those places the person is known from. Asked in the same way where there is no such person."""
    rows = await tx.fetch(
        """
        select key from known_place
         where person_id = $1 and (kind, key) in (select * from unnest($2::text[], $3::bytea[])) and seen_at > $4
        """,
        person_id,
        [place.kind for place in places],
        [place.key for place in places],
        now - KEPT,
    )
    return frozenset(row["key"] for row in rows)


async def remember(tx: Transaction, person_id: UUID, places: Sequence[KnownPlace], now: datetime) -> None:
    """The person was here; their row is locked. The places seen longest ago make room."""
    await tx.execute(
        """
        insert into known_place (person_id, kind, key, seen_at)
        select $1, kind, key, $4 from unnest($2::text[], $3::bytea[]) as seen (kind, key)
        on conflict (person_id, kind, key) do update set seen_at = greatest(known_place.seen_at, excluded.seen_at)
        """,
        person_id,
        [place.kind for place in places],
        [place.key for place in places],
        now,
    )
    await tx.execute(
        """
        delete from known_place using (
            select kind, key, row_number() over (partition by kind order by seen_at desc, key) as place
              from known_place where person_id = $1
        ) as held
        where known_place.person_id = $1 and known_place.kind = held.kind and known_place.key = held.key and place > $2
        """,
        person_id,
        MOST,
    )


async def forget(tx: Transaction, person_id: UUID) -> None:
    """From here on the person is known from nowhere."""
    await tx.execute("delete from known_place where person_id = $1", person_id)


async def sweep(tx: Transaction, now: datetime) -> None:
    """Clear away places that were not used for long."""
    await tx.execute(
        """
        delete from known_place where (person_id, kind, key) in (
            select person_id, kind, key from known_place where seen_at < $1 limit $2 for update skip locked
        )
        """,
        now - KEPT,
        SWEPT,
    )
