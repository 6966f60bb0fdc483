"""Questions about people: all of them for the secretariat, an organisation's own by name for its members."""

from datetime import datetime

from contracts.people import PEOPLE, PersonFilter
from database import Transaction
from runtime.access import Reader, Role
from runtime.arguments import Condition
from runtime.looks import Look
from runtime.sources import NOTHING, Source

from registry.identity.people.domain import PersonProfile
from registry.identity.people.store import GRANTS
from registry.identity.people.visibility import VISIBILITY


def _of_organisation(filter: PersonFilter, reader: Reader) -> Condition:
    """With a grant that names it. An organisation learns nothing of what its people are to others."""
    if filter.organisation_id is None:
        return NOTHING
    if reader.role is not Role.SECRETARIAT and filter.organisation_id not in reader.organisations:
        return "false", ()
    return (
        "exists (select from person_grant as held"
        " where held.person_id = person.id and held.organisation_id = {}::uuid)",
        (filter.organisation_id,),
    )


SOURCE = Source(
    PEOPLE,
    "person left join person_profile as profile on profile.person_id = person.id",
    "person",
    columns={**{name: f"profile.{name}" for name in ("name", "email", "language")}, "grants": GRANTS},
    conditions={"organisation_id": _of_organisation},
    visibility=VISIBILITY,
    look=Look("person.list", "person:*"),
)
"""In order of their ids: a cursor shall hold no name."""


async def invited(tx: Transaction, token_hash: bytes, now: datetime) -> PersonProfile | None:
    """Whom an open link was made for."""
    row = await tx.fetchrow(
        """
        select name, email, language from invitation join person_profile using (person_id)
         where token_hash = $1 and used_at is null and revoked_at is null and expires_at > $2
        """,
        token_hash,
        now,
    )
    return PersonProfile(**row) if row else None
