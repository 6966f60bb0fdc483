"""Questions about people: all of them for the secretariat, an organisation's own by name for its members."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from database import Record, Transaction

from registry.organisations.domain import Viewer
from registry.people.domain import Person, Profile, State
from registry.people.store import GRANTS, SEEN, person_of
from registry.selection import Selection

FIELDS = ("id", "version", "state", "name", "email", "language", "grants")
NAMES = ("id", "state", "name")
"""What an organisation sees of its own people: no address, and nothing of what they are to others."""
SORT = ("id",)


@dataclass(frozen=True)
class PersonFilter:
    """Which people: each part that is given narrows the list."""

    state: State | None = None
    organisation_id: UUID | None = None

    def bound_to(self, viewer: Viewer) -> object:
        """What a cursor of this list is bound to."""
        return ["people", viewer.sees_all, asdict(self)]


OF_ORGANISATION = """
    exists (select from person_grant as held where held.person_id = person.id and held.organisation_id = {}::uuid
               and ({} or held.organisation_id = {}::uuid))
"""
"""With a grant that names the organisation. An organisation learns nothing of what its people are to others."""


async def people(
    tx: Transaction, viewer: Viewer, asked: PersonFilter, *, first: int, after: UUID | None
) -> Sequence[Record]:
    """People in order of their ids (a cursor shall hold no name), one more than `first` where more follow."""
    selected = Selection()
    selected.add(SEEN, viewer.sees_all, viewer.own)
    selected.add_given("state = {}", asked.state)
    if asked.organisation_id:
        selected.add(OF_ORGANISATION, asked.organisation_id, viewer.sees_all, viewer.own)
    selected.add_after("id > {}", [after] if after else None)
    limit = selected.limit(first)
    return await tx.fetch(
        f"""
        select id, version, state, name, email, language, {GRANTS}
          from person left join person_profile on person_id = id
        {selected.where} order by id {limit}
        """,  # noqa: S608  constants of the code
        *selected.values,
    )


async def person(tx: Transaction, viewer: Viewer, id: UUID) -> tuple[Person, Profile | None] | None:
    """The person, where the viewer sees them."""
    row = await tx.fetchrow(
        f"select id, version, state, {GRANTS} from person where id = $1 and {SEEN.format('$2', '$3')}",  # noqa: S608
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
