"""Questions about sessions: whose one is, while it lasts."""

from datetime import datetime
from uuid import UUID

from database import Record, Transaction

from registry.identity.people.store import grant_of
from registry.identity.secrets import hash_secret
from registry.identity.sessions.domain import IDLE, NOTED_EVERY, ActiveSession
from registry.identity.sessions.store import note_use

USABLE = """
    select jsonb_agg(jsonb_build_object(
               'id', held.id, 'role', held.role, 'organisation_id', held.organisation_id,
               'sectors', held.sectors, 'areas', held.areas,
               'same_organisations', same_organisations(held.organisation_id)) order by held.place)
      from person_grant as held left join organisation on organisation.id = held.organisation_id
      left join organisation as now on now.id = coalesce(organisation.merged_into, organisation.id)
     where held.person_id = person.id and now.status is distinct from 'suspended'
"""
"""Grants that can be acted under now: none for an organisation that is suspended."""
SIGNED_IN = f"""
    select session.id, session.used_at, session.grant_id, person.id as person_id, name, language, ({USABLE}) as grants
      from session join person on person.id = session.person_id
      join person_profile on person_profile.person_id = person.id
     where person.state = 'active' and session.expires_at > {{now}} and session.used_at > {{used_after}}
"""  # noqa: S608  constants of the code


async def signed_in(tx: Transaction, secret: str, now: datetime) -> ActiveSession | None:
    """Who has this secret, while the session lasts; that it was used is noted."""
    row = await tx.fetchrow(
        SIGNED_IN.format(now="$2", used_after="$3") + "and session.secret_hash = $1",
        hash_secret(secret),
        now,
        now - IDLE,
    )
    found = _signed_in(row) if row else None
    if row and found and now - row["used_at"] > NOTED_EVERY:
        await note_use(tx, found.session_id, now)
    return found


async def session(tx: Transaction, id: UUID, person_id: UUID, now: datetime) -> ActiveSession | None:
    """The same by the session's id, as a token names it."""
    row = await tx.fetchrow(
        SIGNED_IN.format(now="$3", used_after="$4") + "and session.id = $1 and person.id = $2",
        id,
        person_id,
        now,
        now - IDLE,
    )
    return _signed_in(row) if row else None


def _signed_in(row: Record) -> ActiveSession | None:
    grants = tuple(grant_of(held) for held in row["grants"] or ())
    acting = UUID(int=row["grant_id"].int)
    if all(grant.id != acting for grant in grants):
        return None
    return ActiveSession(
        UUID(int=row["id"].int), UUID(int=row["person_id"].int), row["name"], row["language"], grants, acting
    )


async def first_usable(tx: Transaction, person_id: UUID) -> UUID | None:
    """The grant somebody acts under first."""
    found: UUID | None = await tx.fetchval(
        """
        select held.id from person_grant as held left join organisation on organisation.id = held.organisation_id
          left join organisation as now on now.id = coalesce(organisation.merged_into, organisation.id)
         where held.person_id = $1 and now.status is distinct from 'suspended'
         order by held.place limit 1
        """,
        person_id,
    )
    return found
