"""Signing in and out, and acting under another grant."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from database import Transaction, new_id
from runtime import audit
from runtime.access import ANONYMOUS, Principal
from runtime.problems import NotFound, SessionEnded

from registry.identity.people import store as people
from registry.identity.people.domain import Account
from registry.identity.places import store as places
from registry.identity.secrets import new_secret
from registry.identity.sessions import queries, store
from registry.identity.sessions.domain import (
    FREE,
    NO_PACE,
    ActiveSession,
    Attempts,
    NewSession,
    ThrottleLane,
    Visitor,
    pace,
)
from registry.identity.sessions.errors import NoSession, SignInRefused

NOTED_EVERY: Final = 100
"""Failures under one key between two entries of the audit trail."""
FEW: Final = 10
"""Old tries that one try clears away: more than it writes."""


async def count_try(tx: Transaction, lane: ThrottleLane, account: Account | None, now: datetime) -> int:
    """Count a try as failed until it succeeds. Where it is not taken: after how many seconds it may be.

    A first try from an unknown network may have to wait, too: when it is taken is written down, and kept to.
    """
    known = await store.lock_attempts(tx, list(lane.free), now)
    pressed = pace(known[lane.account].failures_at(now)) if lane.account else NO_PACE
    own = known[lane.own] = known[lane.own].promised(pressed)
    seconds = max(attempts.wait(now) for key, attempts in known.items() if key != lane.account)
    if seconds:
        await store.write_attempts(tx, lane.own, own)
    else:
        await _count(tx, lane, known, account, now)
    await store.sweep_attempts(tx, now, FEW)
    return seconds


async def _count(
    tx: Transaction, lane: ThrottleLane, known: Mapping[bytes, Attempts], account: Account | None, now: datetime
) -> None:
    pressed = pace(known[lane.account].failures_at(now) + 1) if lane.account else NO_PACE
    for key, free in lane.free.items():
        counted = known[key].another(now, free, pressed if key == lane.own else NO_PACE)
        await store.write_attempts(tx, key, counted)
        await _note_brake(tx, account, lane.named(key), counted.failures, free or FREE)


async def _note_brake(tx: Transaction, account: Account | None, brake: str, failures: int, free: int) -> None:
    """When a brake begins to hold, and each time it has held for a while: not each try, for tries are many."""
    if failures == free or failures % NOTED_EVERY == 0:
        await audit.record(tx, ANONYMOUS, "session.brake", _target(account), {"brake": brake, "failures": failures})


async def take_back(tx: Transaction, lane: ThrottleLane, now: datetime) -> None:
    """A try that was never judged is none, and may be made again at once."""
    for key, attempts in (await store.lock_attempts(tx, list(lane.free), now)).items():
        left = attempts.unjudged(now) if key == lane.own else attempts.one_taken_back()
        await store.write_attempts(tx, key, left)


def _target(account: Account | None) -> str:
    return f"person:{account.person_id}" if account else "person:unknown"


async def note_refusal(tx: Transaction, account: Account | None) -> None:
    """A wrong password, or an account that is not there: written down in either case, for both take as long."""
    await audit.record(tx, ANONYMOUS, "session.refuse", _target(account))


async def open_session(
    tx: Transaction, account: Account, rehashed: str | None, visitor: Visitor, lane: ThrottleLane | None, now: datetime
) -> NewSession:
    """A session for who has just proven to be the account's owner. Raises `SignInRefused`."""
    await store.sweep(tx, now)
    await places.sweep(tx, now)
    if not await people.lock_account(tx, account):
        raise SignInRefused  # shut out, or with another password, since it was proven
    grant_id = await queries.first_usable(tx, account.person_id)
    if grant_id is None:
        raise SignInRefused
    if rehashed:
        await people.write_password(tx, account.person_id, rehashed)
    id, secret = new_id(), new_secret()
    await store.add(tx, id, secret, account.person_id, grant_id, now)
    if lane:
        await _forgive(tx, lane, now)
    device = await _remember(tx, account.person_id, visitor, now)
    opened = await queries.session(tx, id, account.person_id, now)
    assert opened is not None, "it was written just now"
    await audit.record(tx, opened.principal, "session.open", f"session:{id}")
    return NewSession(secret, device, opened)


async def _remember(tx: Transaction, person_id: UUID, visitor: Visitor, now: datetime) -> str:
    """Know the browser and its network from now on; the browser's token, a new one where it had none of theirs."""
    known = await places.known(tx, person_id, visitor.places(person_id), now)
    token = visitor.device_of(person_id, known) or new_secret()
    await places.remember(tx, person_id, replace(visitor, devices=(token,)).places(person_id), now)
    return token


async def _forgive(tx: Transaction, lane: ThrottleLane, now: datetime) -> None:
    """Failures of this place are forgotten. Of address and account only this try: else a guesser would be freed."""
    await take_back(tx, lane, now)
    await store.forget_attempts(tx, lane.own)


async def act_as(tx: Transaction, principal: Principal, grant_id: UUID, now: datetime) -> ActiveSession:
    """Act under another of the own grants. Raises `NoSession`, `SessionEnded`, `NotFound`."""
    session_id, person_id = session_of(principal)
    if await queries.session(tx, session_id, person_id, now) is None:
        raise SessionEnded
    if not await store.act_as(tx, session_id, person_id, grant_id):
        raise NotFound("grant_id")
    acting = await queries.session(tx, session_id, person_id, now)
    if acting is None:
        raise SessionEnded
    await audit.record(tx, acting.principal, "session.act_as", f"session:{session_id}")
    return acting


async def sign_out(tx: Transaction, principal: Principal) -> None:
    """End this session; one that has ended stays so. Raises `NoSession`."""
    session_id, person_id = session_of(principal)
    if await store.end(tx, session_id, person_id):
        await audit.record(tx, principal, "session.end", f"session:{session_id}")


async def sign_out_everywhere(tx: Transaction, principal: Principal) -> None:
    """End all own sessions, this one too. Raises `NoSession`."""
    _, person_id = session_of(principal)
    ended = await store.end_of_person(tx, person_id)
    await audit.record(tx, principal, "session.end_all", f"person:{person_id}", {"sessions": ended})


def session_of(principal: Principal) -> tuple[UUID, UUID]:
    """The session and the person a token speaks of. Raises `NoSession`."""
    if principal.session_id is None:
        raise NoSession
    return principal.session_id, UUID(principal.subject)
