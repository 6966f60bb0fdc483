"""Reading uploads: each by who may see it, that is its sender's side and the secretariat."""

from collections.abc import Sequence
from uuid import UUID

from database import Record, Transaction
from runtime.access import Principal, Role
from runtime.listing import Page

SORT = ("row", "number")

MINE = """(client = $2 or ($3::uuid is not null and organisation_id = $3) or $4)"""


async def upload_by_id(tx: Transaction, principal: Principal, id: UUID) -> Record | None:
    """The upload, or nothing where there is none or the reader may not see it."""
    return await tx.fetchrow(
        f"""
        select country, id, state, failure, month, sector, organisation, language, size, position, received_at,
               finished_at, counts, columns, assumptions
        from upload where id = $1 and {MINE}
        """,  # noqa: S608  a constant
        id,
        principal.subject,
        principal.organisation_id,
        principal.role == Role.SECRETARIAT,
    )


async def problems_page(tx: Transaction, country: str, id: UUID, *, first: int, after: Sequence[object] | None) -> Page:
    """What was wrong with which row, in the order of the file."""
    row, number = after or (0, 0)
    rows = await tx.fetch(
        """
        select row, number, code, field, facts from upload_problem
        where country = $1 and upload_id = $2 and (row, number) > ($3::integer, $4::integer)
        order by row, number limit $5
        """,
        country,
        id,
        row,
        number,
        first + 1,
    )
    return Page.of([dict(row) for row in rows], first=first, sort=SORT)
