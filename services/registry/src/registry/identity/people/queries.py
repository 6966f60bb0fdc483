"""Questions about people: all of them for the secretariat, an organisation's own by name for its members."""

from datetime import datetime
from uuid import UUID

from contracts.people import PEOPLE, PersonFilter, PersonName
from database import Transaction
from runtime.access import Principal, Role
from runtime.sources import NOTHING, Condition, Source

from registry.identity.people.domain import Person, Profile
from registry.identity.people.store import GRANTS, SEEN, person_of
from registry.organisations.domain import Viewer

NAMES = tuple(PersonName.model_fields)
"""What an organisation sees of its own people: no address, and nothing of what they are to others."""


def _seen(reader: Principal) -> Condition:
    if reader.role is Role.SECRETARIAT:
        return NOTHING
    return (
        "exists (select from person_grant as own where own.person_id = person.id and own.organisation_id = {}::uuid)",
        (reader.organisation_id,),
    )


def _of_organisation(asked: PersonFilter, reader: Principal) -> Condition:
    """With a grant that names it. An organisation learns nothing of what its people are to others."""
    if asked.organisation_id is None:
        return NOTHING
    if reader.role is not Role.SECRETARIAT and reader.organisation_id != asked.organisation_id:
        return "false", ()
    return (
        "exists (select from person_grant as held"
        " where held.person_id = person.id and held.organisation_id = {}::uuid)",
        (asked.organisation_id,),
    )


SOURCE = Source(
    PEOPLE,
    "person left join person_profile as profile on profile.person_id = person.id",
    "person",
    columns={**{name: f"profile.{name}" for name in ("name", "email", "language")}, "grants": GRANTS},
    conditions={"organisation_id": _of_organisation},
    visible=_seen,
)
"""In order of their ids: a cursor shall hold no name."""


async def person(tx: Transaction, viewer: Viewer, id: UUID) -> tuple[Person, Profile | None] | None:
    """The person, where the viewer sees them."""
    row = await tx.fetchrow(
        f"select id, version, state, {GRANTS} as grants from person where id = $1 and {SEEN.format('$2', '$3')}",  # noqa: S608
        id,
        viewer.sees_all,
        viewer.own,
    )
    return (person_of(row), await _profile(tx, id)) if row else None


async def _profile(tx: Transaction, id: UUID) -> Profile | None:
    """Who somebody is; nobody once they are erased."""
    row = await tx.fetchrow("select name, email, language from person_profile where person_id = $1", id)
    return Profile(**row) if row else None


async def invited(tx: Transaction, token_hash: bytes, now: datetime) -> Profile | None:
    """Whom an open link was made for."""
    row = await tx.fetchrow(
        """
        select name, email, language from invitation join person_profile using (person_id)
         where token_hash = $1 and used_at is null and revoked_at is null and expires_at > $2
        """,
        token_hash,
        now,
    )
    return Profile(**row) if row else None
