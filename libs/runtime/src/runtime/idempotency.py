"""`Idempotency-Key`: the first answer is kept 24 hours and given again to the same request.

The key is held by two advisory locks for as long as the work's transaction lives, and the answer is kept in that same
transaction: what died on the way has done nothing and holds nothing, and the request may run again at once.
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from database import Record, Transaction
from fastapi import Request, Response

from runtime.access import ANONYMOUS
from runtime.problems import AnswerNotKept, KeyReused, MalformedKey, StillRunning

HEADER = "idempotency-key"
LONGEST = 200
KEPT = "24 hours"
CLAIMED = "2 seconds"
"""A release before committed its claim first: longer than it takes from there to the lock of its work."""
NOT_KEPT: Mapping[str, str] = {"Cache-Control": "no-store"}
"""Headers of an answer that holds a secret or who somebody is: no cache keeps it, nor do we for a repeat."""
REPLAYED_HEADERS = ("content-type", "etag", "location", "content-language")


@dataclass(frozen=True)
class Claim:
    """The right to answer one request once."""

    client: str
    key: str
    request_hash: bytes


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


# The same request is met at the first lock, another one with its key at the second.
CLAIM = f"""
    select case when not pg_try_advisory_xact_lock(hashtextextended($1 || ' ' || $2 || ' ' || $3, 7)) then 'running'
                when not pg_try_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 7)) then 'reused' end as held,
           k.request_hash, k.status, k.headers, k.body, k.claimed_at > now() - interval '{CLAIMED}' as fresh,
           set_config('plan_cache_mode', $4, true)
      from (values (true)) as asked
      left join idempotency_key as k
        on k.client = $1 and k.key = $2 and k.claimed_at >= now() - interval '{KEPT}'
"""  # noqa: S608  constants of this module
KEEP = f"""
    insert into idempotency_key as k (client, key, request_hash, status, headers, body) values ($1, $2, $3, $4, $5, $6)
    on conflict (client, key) do update
    set request_hash = $3, claimed_at = now(), status = $4, headers = $5, body = $6
    where k.status is null or k.claimed_at < now() - interval '{KEPT}'
    returning true
"""  # noqa: S608  a constant of this module


async def answered_once(
    tx: Transaction, claim: Claim | None, work: Callable[[], Awaitable[Response]], *, planned_once: bool = False
) -> Response:
    """The answer of the work, or the first one where it was done before; `tx` is the work's own transaction.

    Raises `KeyReused`, `StillRunning`, `AnswerNotKept`.
    """
    if claim is None:
        return await work()
    plans = "force_generic_plan" if planned_once else "force_custom_plan"
    row = await tx.fetchrow(CLAIM, claim.client, claim.key, claim.request_hash.hex(), plans)
    assert row is not None
    if first := _first_answer(claim, row):
        return first
    response = await work()
    if response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
        await _keep(tx, claim, response)
    return response


def _first_answer(claim: Claim, row: Record) -> Response | None:
    if row["held"] == "running":
        raise StillRunning(HEADER)
    if row["held"] == "reused" or row["request_hash"] not in (None, claim.request_hash):
        raise KeyReused(HEADER)
    if row["status"] is None:
        if row["fresh"]:
            raise StillRunning(HEADER)
        return None
    if row["body"] is None:
        raise AnswerNotKept(HEADER)
    return Response(row["body"], row["status"], {**row["headers"], "Idempotency-Replayed": "true"})


async def _keep(tx: Transaction, claim: Claim, response: Response) -> None:
    """Keep the answer; one marked `no-store` holds a secret and is not kept.

    Raises `StillRunning` where another one stands there by now: whose answer is kept has done the work.
    """
    headers = {name: response.headers[name] for name in REPLAYED_HEADERS if name in response.headers}
    body = None if "no-store" in response.headers.get("cache-control", "") else bytes(response.body)
    if not await tx.fetchval(KEEP, claim.client, claim.key, claim.request_hash, response.status_code, headers, body):
        raise StillRunning(HEADER)


async def forget_old(tx: Transaction) -> None:
    """Drop what is older than a day."""
    await tx.execute(f"delete from idempotency_key where claimed_at < now() - interval '{KEPT}'")  # noqa: S608
