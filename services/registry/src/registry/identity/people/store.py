"""Writes and locks of people, their grants and their invitations. Who somebody is stands in a table of its own."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.people import PersonState
from database import Record, Transaction, insert_row
from runtime.access import Reader, Role
from runtime.arguments import Arguments

from registry.identity.grants.domain import Powers, same_organisations
from registry.identity.people.domain import Account, Grant, Invitation, Person, PersonProfile
from registry.identity.people.visibility import CHANGEABLE
from registry.identity.secrets import hash_secret

GRANTS = """
    coalesce((
        select jsonb_agg(jsonb_build_object(
                   'id', held.id, 'role', held.role, 'organisation_id', held.organisation_id,
                   'sectors', held.sectors, 'areas', held.areas) order by held.place)
          from person_grant as held where held.person_id = person.id
    ), '[]')
"""


def grant_of(held: Mapping[str, Any]) -> Grant:
    organisation = held["organisation_id"]
    return Grant(
        UUID(str(held["id"])),
        Powers(
            Role(held["role"]),
            UUID(str(organisation)) if organisation else None,
            tuple(held["sectors"]),
            tuple(held["areas"]),
            same_organisations(held.get("same_organisations")),
        ),
    )


def person_of(row: Record) -> Person:
    grants = tuple(grant_of(held) for held in row["grants"])
    return Person(UUID(int=row["id"].int), row["version"], PersonState(row["state"]), grants)


async def add(tx: Transaction, person: Person, profile: PersonProfile) -> bool:
    """Write a new person; false when somebody has the address."""
    await insert_row(tx, "person", {"id": person.id, "version": person.version, "state": person.state})
    known = {"person_id": person.id, "folded_email": profile.folded_email, **vars(profile)}
    added = await insert_row(tx, "person_profile", known, "on conflict (folded_email) do nothing returning true")
    if added:
        await write_grants(tx, person)
    return bool(added)


async def lock(tx: Transaction, id: UUID, reader: Reader) -> Person | None:
    """The person, locked until the transaction ends, where the reader may change them."""
    given = Arguments(reader)
    found = await tx.fetchval(
        f"select true from person where id = {given.put(id)} and {given.visible(CHANGEABLE)} for update",  # noqa: S608
        *given.all,
    )
    return await _read(tx, id) if found else None


async def _read(tx: Transaction, id: UUID) -> Person:
    # A statement of its own: one that waited for the lock would still show the grants of before.
    row = await tx.fetchrow(f"select id, version, state, {GRANTS} as grants from person where id = $1", id)  # noqa: S608
    assert row is not None, "its row is locked"
    return person_of(row)


async def write(tx: Transaction, person: Person) -> None:
    """Write the next version of a locked person. A grant that is gone takes the sessions under it along."""
    await tx.execute(
        "update person set version = $2, state = $3, changed_at = now() where id = $1",
        person.id,
        person.version,
        person.state,
    )
    await write_grants(tx, person)


async def write_grants(tx: Transaction, person: Person) -> None:
    """Let the person hold these grants and no others."""
    ids = [grant.id for grant in person.grants]
    await tx.execute("delete from person_grant where person_id = $1 and id <> all($2::uuid[])", person.id, ids)
    await tx.execute(
        """
        insert into person_grant (id, person_id, place, role, organisation_id, sectors, areas)
        select id, $1, place, role, organisation_id, string_to_array(sectors, ' '), string_to_array(areas, ' ')
          from unnest($2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[]) with ordinality
               as held (id, role, organisation_id, sectors, areas, place)
        on conflict (id) do update set place = excluded.place
        """,
        person.id,
        ids,
        [grant.powers.role for grant in person.grants],
        [grant.powers.organisation_id for grant in person.grants],
        [" ".join(grant.powers.sectors) for grant in person.grants],
        [" ".join(grant.powers.areas) for grant in person.grants],
    )


async def write_profile(tx: Transaction, id: UUID, name: str | None, language: str | None) -> None:
    """Change what is given of a person's own data."""
    await tx.execute(
        """
        update person_profile set name = coalesce($2, name), language = coalesce($3, language) where person_id = $1
        """,
        id,
        name,
        language,
    )


async def erase_profile(tx: Transaction, id: UUID) -> None:
    """Remove for ever who somebody is."""
    await tx.execute("delete from person_profile where person_id = $1", id)
    await tx.execute("delete from person_password where person_id = $1", id)
    await tx.execute("delete from invitation where person_id = $1", id)
    await tx.execute("delete from known_place where person_id = $1", id)


ACCOUNT = """
    select person.id, case when state = 'active' then hash end as hash
      from person_profile join person on person.id = person_profile.person_id
      left join person_password on person_password.person_id = person.id
"""


async def account(tx: Transaction, folded_email: str) -> Account | None:
    """Whose address it is, with the hash they prove themselves with: none while they may not sign in."""
    return _account(await tx.fetchrow(f"{ACCOUNT} where folded_email = $1", folded_email))


async def account_of_person(tx: Transaction, id: UUID) -> Account | None:
    """The account of a person; none once they are erased."""
    return _account(await tx.fetchrow(f"{ACCOUNT} where person.id = $1", id))


def _account(row: Record | None) -> Account | None:
    return Account(UUID(int=row["id"].int), row["hash"]) if row else None


async def lock_account(tx: Transaction, account: Account) -> bool:
    """Lock the account's person; whether they may sign in still, with that same password."""
    found = await tx.fetchval(
        """
        select true from person join person_password on person_id = person.id
         where person.id = $1 and state = 'active' and hash = $2 for update of person
        """,
        account.person_id,
        account.hash,
    )
    return bool(found)


async def write_password(tx: Transaction, id: UUID, hash: str) -> None:
    await tx.execute(
        """
        insert into person_password (person_id, hash) values ($1, $2)
        on conflict (person_id) do update set hash = excluded.hash, set_at = now()
        """,
        id,
        hash,
    )


async def drop_password(tx: Transaction, id: UUID) -> None:
    await tx.execute("delete from person_password where person_id = $1", id)


async def add_invitation(tx: Transaction, invitation: Invitation, invited_by: str, now: datetime) -> None:
    """Let this be the one link of its person that is open; their row is locked."""
    await revoke_open(tx, invitation.person_id, now)
    kept = {"token_hash": hash_secret(invitation.token), "invited_by": invited_by, "created_at": now}
    named = {"id": invitation.id, "person_id": invitation.person_id, "expires_at": invitation.expires_at}
    await insert_row(tx, "invitation", {**named, **kept})


async def revoke_open(tx: Transaction, person_id: UUID, now: datetime) -> None:
    await tx.execute(
        "update invitation set revoked_at = $2 where person_id = $1 and used_at is null and revoked_at is null",
        person_id,
        now,
    )


async def revoke(tx: Transaction, id: UUID, reader: Reader, now: datetime) -> bool:
    """Take a link back that was not used; whether the reader may, and there is one."""
    given = Arguments(reader)
    found = await tx.fetchval(
        f"""
        update invitation set revoked_at = coalesce(revoked_at, {given.put(now)})
          from person
         where invitation.id = {given.put(id)} and used_at is null and person.id = invitation.person_id
           and {given.visible(CHANGEABLE)}
        returning true
        """,  # noqa: S608  constants of the code
        *given.all,
    )
    return bool(found)


async def came_in(tx: Transaction, person_id: UUID) -> bool:
    """Whether they have ever used a link."""
    found: bool = await tx.fetchval(
        "select exists (select from invitation where person_id = $1 and used_at is not null)", person_id
    )
    return found


async def invited_person(tx: Transaction, token_hash: bytes) -> UUID | None:
    """Whose link it is or was."""
    found: UUID | None = await tx.fetchval("select person_id from invitation where token_hash = $1", token_hash)
    return found


async def use_invitation(tx: Transaction, token_hash: bytes, now: datetime) -> UUID | None:
    """Use the link up; whose it was, where it was open."""
    used: UUID | None = await tx.fetchval(
        """
        update invitation set used_at = $2
         where token_hash = $1 and used_at is null and revoked_at is null and expires_at > $2
        returning person_id
        """,
        token_hash,
        now,
    )
    return used
