"""`Idempotency-Key`: the first answer is kept 24 hours and given again to the same request.

A claim is committed before the work starts, the answer together with the work. The work holds a lock as long as its
transaction lives: a claim without answer and lock was left by a process that died, nothing was done, and the request
may run again at once. Should two be at work all the same, the one whose claim was taken over is undone.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from database import Database, Transaction
from fastapi import Request, Response

from runtime.access import ANONYMOUS
from runtime.problems import AnswerNotKept, KeyReused, MalformedKey, StillRunning

HEADER = "idempotency-key"
LONGEST = 200
KEPT = "24 hours"
UNLOCKED = "2 seconds"
"""Longer than it takes from the claim to the lock of its work."""
NOT_KEPT: Mapping[str, str] = {"Cache-Control": "no-store"}
"""Headers of an answer that holds a secret or who somebody is: no cache keeps it, nor do we for a repeat."""
REPLAYED_HEADERS = ("content-type", "etag", "location", "content-language")


@dataclass(frozen=True)
class Claim:
    """The right to answer one request once."""

    client: str
    key: str
    request_hash: bytes
    made_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    """Tells this claim from a later one on the same key."""


def checked_key(key: str, field: str) -> str:
    """The key, which `field` was given as. Raises `MalformedKey`."""
    if not 1 <= len(key) <= LONGEST or not key.isascii() or not key.isprintable() or key != key.strip():
        raise MalformedKey(field)
    return key


def claim_of(request: Request, client: str, body: bytes) -> Claim | None:
    """The claim a request makes, or `None` where it has no key. Raises `MalformedKey`."""
    key = request.headers.get(HEADER)
    if key is None:
        return None
    checked_key(key, HEADER)
    digest = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    digest.update(request.headers.get("content-type", "").encode() + b"\n" + body)
    if client == ANONYMOUS.subject:
        client = f"{client}:{digest.hexdigest()}"  # applicants without a token may hit on the same key
    return Claim(client, key, digest.digest())


LOCK = "hashtextextended($1 || ' ' || $2, 7)"
CLAIM = f"""
    insert into idempotency_key as held (client, key, request_hash, claimed_at) values ($1, $2, $3, $4)
    on conflict (client, key) do update
    set request_hash = $3, claimed_at = $4, status = null, body = null, headers = null
    where held.claimed_at < now() - interval '{KEPT}'
       or (held.status is null and held.request_hash = $3 and held.claimed_at < now() - interval '{UNLOCKED}'
           and pg_try_advisory_xact_lock({LOCK}))
    returning true
"""  # noqa: S608  constants of this module


async def claim_key(database: Database, claim: Claim) -> Response | None:
    """Claim the key, or give the first answer. Raises `KeyReused`, `StillRunning`, `AnswerNotKept`."""
    async with database.connection() as connection:  # the claim is a transaction of its own, without begin and commit
        if await connection.fetchval(CLAIM, claim.client, claim.key, claim.request_hash, claim.made_at):
            return None
        held = await connection.fetchrow(
            "select request_hash, status, headers, body from idempotency_key where client = $1 and key = $2",
            claim.client,
            claim.key,
        )
    if held is None:
        raise StillRunning(HEADER)
    if held["request_hash"] != claim.request_hash:
        raise KeyReused(HEADER)
    if held["status"] is None:
        raise StillRunning(HEADER)
    if held["body"] is None:
        raise AnswerNotKept(HEADER)
    return Response(held["body"], held["status"], {**held["headers"], "Idempotency-Replayed": "true"})


async def lock(tx: Transaction, claim: Claim) -> None:
    """Hold the claim while the work goes on."""
    await tx.execute(f"select pg_advisory_xact_lock({LOCK})", claim.client, claim.key)


async def store_response(tx: Transaction, claim: Claim, response: Response) -> None:
    """Keep the answer, in the transaction of the work itself; one marked `no-store` holds a secret and is not kept.

    Raises `StillRunning` where the claim was taken over meanwhile: one of the two may change anything.
    """
    headers = {name: response.headers[name] for name in REPLAYED_HEADERS if name in response.headers}
    kept = await tx.fetchval(
        """
        update idempotency_key set status = $4, headers = $5, body = $6
         where client = $1 and key = $2 and claimed_at = $3
        returning true
        """,
        claim.client,
        claim.key,
        claim.made_at,
        response.status_code,
        headers,
        None if "no-store" in response.headers.get("cache-control", "") else bytes(response.body),
    )
    if not kept:
        raise StillRunning(HEADER)


async def release(database: Database, claim: Claim) -> None:
    """Give the key back after a request that did nothing."""
    async with database.connection() as connection:
        await connection.execute(
            "delete from idempotency_key where client = $1 and key = $2 and claimed_at = $3 and status is null",
            claim.client,
            claim.key,
            claim.made_at,
        )


async def forget_old(tx: Transaction) -> None:
    """Drop what is older than a day."""
    await tx.execute(f"delete from idempotency_key where claimed_at < now() - interval '{KEPT}'")  # noqa: S608
