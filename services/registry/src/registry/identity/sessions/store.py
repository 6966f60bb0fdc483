"""Writes of sessions and of the tries to sign in."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from database import Transaction, insert_row

from registry.identity.secrets import hash_secret
from registry.identity.sessions.domain import FORGOTTEN, IDLE, LONGEST, MOST, Attempts

SWEPT = 500
"""Rows of the past that one sign-in clears away."""


async def add(tx: Transaction, id: UUID, secret: str, person_id: UUID, grant_id: UUID, now: datetime) -> None:
    """Write a new session; the person's row is locked."""
    held = {"id": id, "secret_hash": hash_secret(secret), "person_id": person_id, "grant_id": grant_id}
    await insert_row(tx, "session", {**held, "created_at": now, "used_at": now, "expires_at": now + LONGEST})
    await tx.execute(
        """
        delete from session where id in (
            select id from session where person_id = $1 order by used_at desc, id desc offset $2
        )
        """,
        person_id,
        MOST,
    )


async def note_use(tx: Transaction, id: UUID, now: datetime) -> None:
    await tx.execute("update session set used_at = greatest(used_at, $2) where id = $1", id, now)


async def act_as(tx: Transaction, id: UUID, person_id: UUID, grant_id: UUID) -> bool:
    """Act under another grant; whether there is such a session and such a grant of the same person."""
    found = await tx.fetchval(
        """
        update session set grant_id = held.id
          from person_grant as held left join organisation on organisation.id = held.organisation_id
         where session.id = $1 and session.person_id = $2 and held.id = $3 and held.person_id = $2
           and organisation.status is distinct from 'suspended'
        returning true
        """,
        id,
        person_id,
        grant_id,
    )
    return bool(found)


async def end(tx: Transaction, id: UUID, person_id: UUID) -> bool:
    ended = await tx.fetchval("delete from session where id = $1 and person_id = $2 returning true", id, person_id)
    return bool(ended)


async def end_of_person(tx: Transaction, person_id: UUID) -> int:
    """End all sessions of a person; how many there were."""
    return len(await tx.fetch("delete from session where person_id = $1 returning id", person_id))


async def end_of_organisation(tx: Transaction, organisation_id: UUID) -> None:
    """End the sessions of those who act for an organisation."""
    await tx.execute(
        "delete from session using person_grant as held where held.id = grant_id and held.organisation_id = $1",
        organisation_id,
    )


async def sweep(tx: Transaction, now: datetime) -> None:
    """Clear away sessions that have ended by themselves, and tries that no longer count."""
    await tx.execute(
        """
        delete from session where id in (
            select id from session where expires_at < $1 or used_at < $2 limit $3 for update skip locked
        )
        """,
        now,
        now - IDLE,
        SWEPT,
    )
    await sweep_attempts(tx, now, SWEPT)


async def sweep_attempts(tx: Transaction, now: datetime, most: int) -> None:
    """Clear away tries that no longer count."""
    await tx.execute(
        """
        delete from sign_in_attempt where key in (
            select key from sign_in_attempt where last_at < $1 limit $2 for update skip locked
        )
        """,
        now - FORGOTTEN,
        most,
    )


async def lock_attempts(tx: Transaction, keys: Sequence[bytes], now: datetime) -> dict[bytes, Attempts]:
    """The tries under these keys, locked in the order of the keys until the transaction ends."""
    await tx.execute(
        """
        insert into sign_in_attempt (key, failures, last_at, free_at)
        select key, 0, $2, $2 from unnest($1::bytea[]) as sent (key) order by key
        on conflict do nothing
        """,
        keys,
        now,
    )
    rows = await tx.fetch(
        "select key, failures, last_at, free_at from sign_in_attempt where key = any($1) order by key for update", keys
    )
    return {row["key"]: Attempts(row["failures"], row["last_at"], row["free_at"]) for row in rows}


async def write_attempts(tx: Transaction, key: bytes, attempts: Attempts) -> None:
    await tx.execute(
        "update sign_in_attempt set failures = $2, last_at = $3, free_at = $4 where key = $1",
        key,
        attempts.failures,
        attempts.last_at,
        attempts.free_at,
    )


async def forget_attempts(tx: Transaction, key: bytes) -> None:
    await tx.execute("delete from sign_in_attempt where key = $1", key)
