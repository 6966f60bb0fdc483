"""Reading uploads: each by who may see it, that is its sender's side and the secretariat."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from contracts.uploads import UPLOAD_PROBLEMS, UPLOADS
from database import Record, Transaction
from runtime.access import Principal, Role
from runtime.changes import CHANGED_IN, GONE, Span, changed
from runtime.listing import Page, Part
from runtime.sources import Source

from activities.uploads.around import Around
from activities.uploads.domain import UploadForm

PROBLEMS = Source(
    UPLOAD_PROBLEMS,
    "upload_problem as p",
    "p",
    read=("sheet", "row", "number", "code", "field", "facts"),
    conditions={"country": "p.country = {}", "upload": "p.upload_id = {}"},
)
"""What was wrong with which row, in the order of the file."""

# What a coordinator sent for others is nothing to their own organisation: those are other people's rows.
OF_ORGANISATION = "(organisation_id = {}::uuid and role = 'member')"
OWN = f"(client = $2 or coalesce({OF_ORGANISATION.format('$3')}, false))"
STATE = """
    country, id, state, file_name, kind, failure, failure_facts, month, sector, organisation, status, language, size,
    position, received_at, finished_at, counts
"""


async def upload_by_id(tx: Transaction, principal: Principal, id: UUID) -> Record | None:
    """The upload, or nothing where there is none or the reader may not see it; `of_others` is not its sender's side."""
    return await tx.fetchrow(
        f"""
        select {STATE}, sheets, sheet_counts, columns, assumptions, problem_counts, replaces, values_not_understood,
               exists (select from upload_problem as p where (p.country, p.upload_id) = (upload.country, upload.id))
                   as problems_kept,
               not {OWN} as of_others
        from upload where id = $1 and ({OWN} or $4)
        """,  # noqa: S608  constants
        id,
        principal.subject,
        principal.organisation_id,
        principal.role == Role.SECRETARIAT,
    )


async def uploads_page(tx: Transaction, principal: Principal, part: Part) -> Page:
    """Uploads of the reader's side, newest first; the secretariat sees all. Each way to them has its index."""
    ways = ["client = $1", OF_ORGANISATION.format("$2")]
    if principal.role == Role.SECRETARIAT:
        ways = ["true or $1::text is null or $2::uuid is null"]
    rows = await tx.fetch(
        f"""
        with mine as ({" union ".join(f"({_ids_by(way)})" for way in ways)})
        select {STATE} from upload where (country, id) in (select country, id from mine)
        order by received_at desc, id desc limit $5
        """,  # noqa: S608  constants
        principal.subject,
        principal.organisation_id,
        *(part.behind or (None, None)),
        part.first + 1,
    )
    return Page.of([dict(row) for row in rows], first=part.first, sort=UPLOADS.sort)


async def changed_uploads(tx: Transaction, principal: Principal, span: Span) -> Sequence[Mapping[str, Any]]:
    """Uploads of the reader's side that changed in the span; none leaves the list."""
    rows = await tx.fetch(
        f"""
        select {STATE}, changed_in::text as "{CHANGED_IN}", false as "{GONE}" from upload as u
        where ($1 or client = $2 or {OF_ORGANISATION.format("$3")}) and {changed("u", "$4", "$5", "$6")}
        order by changed_in, id limit $7
        """,  # noqa: S608  constants
        principal.role == Role.SECRETARIAT,
        principal.subject,
        principal.organisation_id,
        *span.arguments,
        span.first + 1,
    )
    return [dict(row) for row in rows]


def _ids_by(way: str) -> str:
    return f"""
        select country, id from upload
        where ({way}) and ($3::text is null or (received_at, id) < ($3::text::timestamptz, $4::uuid))
        order by received_at desc, id desc limit $5
    """  # noqa: S608  constants


async def waiting_of(tx: Transaction, principal: Principal) -> int:
    """Files of the sender's side that are not read to their end."""
    count: int = await tx.fetchval(
        f"""
        select count(*) from upload
        where state in ('queued', 'running') and (client = $1 or {OF_ORGANISATION.format("$2")})
        """,  # noqa: S608  a constant
        principal.subject,
        principal.organisation_id if principal.role == Role.MEMBER else None,
    )
    return count


async def surroundings(tx: Transaction, form: UploadForm) -> Around:
    """The form with the countries whose areas are known, by their folded names."""
    rows = await tx.fetch("select country, spellings from area where level = 0")
    countries: Mapping[str, str] = {name: row["country"] for row in rows for name in row["spellings"]}
    return Around(form, countries=countries)
