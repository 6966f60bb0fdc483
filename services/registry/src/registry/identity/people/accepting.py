"""Accepting an invitation: the password is judged and hashed while no transaction is open."""

from dataclasses import replace
from datetime import datetime

from database import Database

from registry.identity.people import commands, queries
from registry.identity.people.domain import Person
from registry.identity.people.errors import InvitationEnded
from registry.identity.people.passwords import HASHING, check
from registry.identity.people.schemas import SentAcceptance
from registry.identity.secrets import hash_secret


async def accept(database: Database, sent: SentAcceptance, now: datetime) -> Person:
    """The person, who can sign in from now on. Raises `InvitationEnded`, or what is wrong with the password."""
    async with database.connection() as connection:
        profile = await queries.invited(connection, hash_secret(sent.token), now)
    if profile is None:
        raise InvitationEnded("token")
    known_as = replace(profile, name=f"{profile.name} {sent.name or ''}".strip())
    if refusal := check(sent.password, known_as):
        raise refusal
    made = await HASHING.make(sent.password)
    return await database.run(lambda tx: commands.accept(tx, sent.token, made, sent.name, now))
