"""Questions about organisations: verified ones and the asker's own, or all for the secretariat."""

from uuid import UUID

from contracts.folding import sought
from contracts.organisations import ORGANISATIONS, OrganisationFilter
from database import Transaction
from runtime.access import Principal, Role
from runtime.sources import NOTHING, Condition, Source

from registry.organisations.domain import Contact, Organisation, Viewer
from registry.organisations.store import COLUMNS, SEEN, organisation_of

NAMED = """o.id in (
    select n.organisation_id from organisation_name as n where position(nullif({}, '') in n.folded) > 0)"""
WORKS_IN = "o.areas && (array(select a.pcode from area as a where a.path @> array[{0}::text]) || {0}::text)"


def _named(asked: OrganisationFilter, _: Principal) -> Condition:
    if asked.search is None:
        return NOTHING
    return NAMED, (sought(asked.search),)


def _seen(reader: Principal) -> Condition:
    if reader.role is Role.SECRETARIAT:
        return NOTHING
    return "o.status = 'verified' or o.id = {}::uuid", (reader.organisation_id,)


SOURCE = Source(
    ORGANISATIONS,
    "organisation as o",
    "o",
    conditions={"sector": "o.sectors @> array[{}::text]", "area": WORKS_IN, "search": _named},
    visible=_seen,
    hidden="o.hidden_in >= {}::text::xid8",
)
"""In order of their folded names. An applicant is told to nobody, not even as gone."""


async def organisation(tx: Transaction, viewer: Viewer, id: UUID) -> Organisation | None:
    """The organisation, where the viewer sees it."""
    row = await tx.fetchrow(
        f"select {COLUMNS} from organisation where id = $1 and {SEEN.format('$2', '$3')}",  # noqa: S608
        id,
        viewer.sees_all,
        viewer.own,
    )
    return organisation_of(row) if row else None


async def own_contacts(tx: Transaction, viewer: Viewer, id: UUID) -> list[Contact] | None:
    """Contacts of the viewer's own organisation; None for any other, whoever asks."""
    if viewer.own != id:
        return None
    rows = await tx.fetch(
        "select name, email, phone from organisation_contact where organisation_id = $1 order by place", viewer.own
    )
    return [Contact(**row) for row in rows]
