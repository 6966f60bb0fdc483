"""Signing in: the try is counted, the password verified while no transaction is open, the session opened."""

from datetime import datetime
from uuid import UUID

from database import Database
from runtime.problems import Unavailable

from registry.identity.people import store as people
from registry.identity.people.domain import Account, fold_email
from registry.identity.people.passwords import HASHING
from registry.identity.places import store as places
from registry.identity.sessions import commands
from registry.identity.sessions.domain import NOBODY, NewSession, ThrottleLane, Visitor
from registry.identity.sessions.errors import SignInRefused, TooManyAttempts


async def sign_in(database: Database, email: str, password: str, visitor: Visitor, now: datetime) -> NewSession:
    """A session. One answer, as late, whatever is wrong. Raises `TooManyAttempts`, `SignInRefused`, `Unavailable`."""
    account, lane = await _lane(database, email, visitor, now)
    if seconds := await database.run(lambda tx: commands.count_try(tx, lane, account, now)):
        raise TooManyAttempts(seconds)
    try:
        proven = await HASHING.proves(account.hash if account else None, password, first=lane.known)
    except Unavailable:
        await database.run(lambda tx: commands.take_back(tx, lane, now))
        raise
    if account is None or account.hash is None or not proven:
        await database.run(lambda tx: commands.note_refusal(tx, account))
        raise SignInRefused
    return await open_for(database, account, password, visitor, lane, now)


async def _lane(database: Database, email: str, visitor: Visitor, now: datetime) -> tuple[Account | None, ThrottleLane]:
    """Whose address it is, and how the try is counted. The same is asked for an address that nobody has."""
    async with database.connection() as connection:
        account = await people.account(connection, fold_email(email))
        person_id = account.person_id if account else NOBODY
        known = await places.known(connection, person_id, visitor.places(person_id), now)
    return account, visitor.lane(email, person_id, known)


async def account_of(database: Database, person_id: UUID) -> Account:
    """The account of who has set a password just now. Raises `SignInRefused` where they were shut out since."""
    async with database.connection() as connection:
        account = await people.account_of_person(connection, person_id)
    if account is None:
        raise SignInRefused
    return account


async def open_for(
    database: Database, account: Account, password: str, visitor: Visitor, lane: ThrottleLane | None, now: datetime
) -> NewSession:
    """A session for who has proven to be the account's owner."""
    outdated = account.hash is not None and HASHING.is_outdated(account.hash)
    rehashed = await HASHING.make(password) if outdated else None
    return await database.run(lambda tx: commands.open_session(tx, account, rehashed, visitor, lane, now))
