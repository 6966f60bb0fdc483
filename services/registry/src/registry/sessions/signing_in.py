"""Signing in: the try is counted, the password verified while no transaction is open, the session opened."""

from datetime import datetime
from uuid import UUID

from database import Database

from registry.people import store as people
from registry.people.domain import Account, fold_email
from registry.people.passwords import HASHING
from registry.sessions import commands
from registry.sessions.domain import Opened, Tried
from registry.sessions.errors import SignInRefused


async def sign_in(database: Database, email: str, password: str, tried: Tried, now: datetime) -> Opened:
    """A session. One answer, as late, whatever is wrong. Raises `TooManyAttempts`, `SignInRefused`."""
    await database.run(lambda tx: commands.count_try(tx, tried, now))
    async with database.connection() as connection:
        account = await people.account(connection, fold_email(email))
    proven = await HASHING.proves(account.hash if account else None, password)
    if account is None or account.hash is None or not proven:
        await database.run(lambda tx: commands.note_refusal(tx, account))
        raise SignInRefused
    return await open_for(database, account, password, tried, now)


async def account_of(database: Database, person_id: UUID) -> Account:
    """The account of who has set a password just now. Raises `SignInRefused` where they were shut out since."""
    async with database.connection() as connection:
        account = await people.account_of_person(connection, person_id)
    if account is None:
        raise SignInRefused
    return account


async def open_for(database: Database, account: Account, password: str, tried: Tried | None, now: datetime) -> Opened:
    """A session for who has proven to be the account's owner."""
    outdated = account.hash is not None and HASHING.is_outdated(account.hash)
    rehashed = await HASHING.make(password) if outdated else None
    return await database.run(lambda tx: commands.open_session(tx, account, rehashed, tried, now))
