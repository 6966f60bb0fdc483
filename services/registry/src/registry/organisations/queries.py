"""Questions about organisations: verified ones and the asker's own, or all for the secretariat."""

from collections.abc import Sequence
from uuid import UUID

from contracts.folding import sought
from contracts.organisations import ORGANISATIONS, OrganisationFilter
from database import Transaction
from runtime.access import Reader
from runtime.arguments import Arguments, Condition
from runtime.sources import NOTHING, Source
from runtime.visibility import conditions_for

from registry.organisations.domain import Contact, Organisation
from registry.organisations.store import PARTNER_CODES, READ, STANDS_FOR, organisation_of
from registry.organisations.visibility import CONTACTS, VISIBILITY

NAMED = """o.id in (
    select n.organisation_id from organisation_name as n where position(nullif({}, '') in n.folded) > 0)"""
WORKS_IN = "o.areas && (array(select a.pcode from area as a where a.path @> array[{0}::text]) || {0}::text)"


def _named(filter: OrganisationFilter, _: Reader) -> Condition:
    if filter.search is None:
        return NOTHING
    return NAMED, (sought(filter.search),)


def _by_itself(filter: OrganisationFilter, _: Reader) -> Condition:
    return NOTHING if filter.merged else ("o.merged_into is null", ())


SOURCE = Source(
    ORGANISATIONS,
    "organisation as o",
    "o",
    columns={"partner_codes": PARTNER_CODES},
    conditions={"sector": "o.sectors @> array[{}::text]", "area": WORKS_IN, "search": _named, "merged": _by_itself},
    visibility=VISIBILITY,
    hidden="o.hidden_in >= {}::text::xid8",
)
"""In order of their folded names. An applicant is told to nobody, not even as gone."""


async def organisation(tx: Transaction, reader: Reader, id: UUID) -> Organisation | None:
    """The organisation this id stands for, where the reader sees it."""
    given = Arguments(reader)
    row = await tx.fetchrow(
        f"select {READ} from organisation as o where id = {STANDS_FOR.format(given.put(id))}"  # noqa: S608
        f" and {given.visible(VISIBILITY)}",
        *given.all,
    )
    return organisation_of(row) if row else None


async def seen_of(tx: Transaction, reader: Reader, ids: Sequence[UUID]) -> set[UUID]:
    """Those of the organisations that the reader sees."""
    given = Arguments(reader)
    where = f"id = any({given.put(ids)}::uuid[]) and {given.visible(VISIBILITY)}"
    rows = await tx.fetch(f"select id from organisation as o where {where}", *given.all)  # noqa: S608  constants
    return {UUID(int=row["id"].int) for row in rows}


async def contacts(tx: Transaction, reader: Reader, id: UUID) -> list[Contact] | None:
    """Contacts of the organisation; None where the reader may not see them."""
    given = Arguments(reader)
    cleared = given.of_reader(conditions_for(VISIBILITY, reader.role).cleared[CONTACTS])
    statement = f"select {cleared} from organisation as o where id = {given.put(id)}"  # noqa: S608  constants
    if not await tx.fetchval(statement, *given.all):
        return None
    rows = await tx.fetch(
        "select name, email, phone from organisation_contact where organisation_id = $1 order by place", id
    )
    return [Contact(**row) for row in rows]
