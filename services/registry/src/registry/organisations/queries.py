"""Questions about organisations: verified ones and the asker's own, or all for the secretariat."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from contracts.folding import sought
from contracts.registry import OrganisationStatus
from database import Record, Transaction

from registry.organisations.domain import Contact, Organisation, Viewer
from registry.organisations.store import COLUMNS, SEEN, organisation_of
from registry.selection import Selection

FIELDS = tuple(COLUMNS.split(", "))
SORT = ("sort_name", "id")


@dataclass(frozen=True)
class OrganisationFilter:
    """Which organisations: each part that is given narrows the list. Codes are exact."""

    status: OrganisationStatus | None = None
    type_code: str | None = None
    sector: str | None = None
    area: str | None = None
    search: str | None = None

    def bound_to(self) -> object:
        """What a cursor of this list is bound to."""
        return ["organisations", asdict(self)]


NAMED = "id in (select organisation_id from organisation_name where starts_with(folded, nullif({}, '')))"


async def organisations(
    tx: Transaction, viewer: Viewer, asked: OrganisationFilter, *, first: int, after: Sequence[object] | None
) -> Sequence[Record]:
    """Organisations in order of their folded names, one more than `first` where more follow."""
    selected = Selection()
    selected.add(SEEN, viewer.sees_all, viewer.own)
    selected.add_given("status = {}", asked.status)
    selected.add_given("type_code = {}", asked.type_code)
    selected.add_given("sectors @> array[{}]", asked.sector)
    selected.add_given("areas @> array[{}]", asked.area)
    selected.add_given(NAMED, sought(asked.search) if asked.search is not None else None)
    selected.add_after("(sort_name, id) > ({}, {}::uuid)", after)
    limit = selected.limit(first)
    return await tx.fetch(
        f"select {COLUMNS}, sort_name from organisation {selected.where} order by sort_name, id {limit}",  # noqa: S608
        *selected.values,
    )


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
