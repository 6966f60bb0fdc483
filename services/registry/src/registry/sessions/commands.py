"""Signing in and out, and acting under another grant."""

from datetime import datetime
from uuid import UUID

from database import Transaction, new_id
from runtime import audit
from runtime.access import ANONYMOUS, Principal
from runtime.problems import NotFound

from registry.clients.domain import new_secret
from registry.people import store as people
from registry.people.domain import Account
from registry.sessions import queries, store
from registry.sessions.domain import Opened, SignedIn, Tried
from registry.sessions.errors import NoSession, SessionEnded, SignInRefused


async def count_try(tx: Transaction, tried: Tried, now: datetime) -> None:
    """Count a try as failed until it succeeds. Raises `TooManyAttempts`, and then nothing is counted."""
    free = tried.free()
    known = await store.lock_attempts(tx, list(free), now)
    for key, attempts in known.items():
        await store.write_attempts(tx, key, attempts.another(now, free[key]))


async def note_refusal(tx: Transaction, account: Account | None) -> None:
    """A wrong password, or an account that is not there: written down in either case, for both take as long."""
    target = f"person:{account.person_id}" if account else "person:unknown"
    await audit.record(tx, ANONYMOUS, "session.refuse", target)


async def open_session(
    tx: Transaction, account: Account, rehashed: str | None, tried: Tried | None, now: datetime
) -> Opened:
    """A session for who has just proven to be the account's owner. Raises `SignInRefused`."""
    await store.sweep(tx, now)
    if not await people.lock_account(tx, account):
        raise SignInRefused  # shut out, or with another password, since it was proven
    grant_id = await queries.first_usable(tx, account.person_id)
    if grant_id is None:
        raise SignInRefused
    if rehashed:
        await people.write_password(tx, account.person_id, rehashed)
    id, secret = new_id(), new_secret()
    await store.add(tx, id, secret, account.person_id, grant_id, now)
    if tried:
        await _forgive(tx, tried, now)
    opened = await queries.session(tx, id, account.person_id, now)
    assert opened is not None, "it was written just now"
    await audit.record(tx, opened.principal, "session.open", f"session:{id}")
    return Opened(secret, opened)


async def _forgive(tx: Transaction, tried: Tried, now: datetime) -> None:
    """The account's failures are forgotten. Of the address only this try: else its own account would free a guesser."""
    known = await store.lock_attempts(tx, list(tried.free()), now)
    await store.write_attempts(tx, tried.address, known[tried.address].one_taken_back())
    await store.forget_attempts(tx, tried.account)


async def act_as(tx: Transaction, principal: Principal, grant_id: UUID, now: datetime) -> SignedIn:
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
