"""Reading uploads: each by who may see it, that is its sender's side and the secretariat."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from contracts.uploads import UPLOAD_PROBLEMS, UPLOADS, UploadFilter
from database import Record, Transaction
from runtime.access import Principal, Reader, Role
from runtime.arguments import Arguments
from runtime.changes import CHANGED_IN, GONE, ChangeWindow, changed
from runtime.listing import Page, PageRequest
from runtime.looks import RELATION
from runtime.sources import Source
from runtime.visibility import conditions_for

from activities.uploads.domain import UploadForm
from activities.uploads.row_context import RowContext
from activities.uploads.visibility import OF_PROBLEMS, VISIBILITY

PROBLEMS = Source(
    UPLOAD_PROBLEMS,
    "upload_problem as p",
    "p",
    visibility=OF_PROBLEMS,
    read=("sheet", "row", "number", "code", "field", "facts"),
    conditions={"country": "p.country = {}", "upload": "p.upload_id = {}"},
)
"""What was wrong with which row, in the order of the file."""

STATE = """
    country, id, state, file_name, kind, failure, failure_facts, month, sector, organisation, status, language, size,
    position, received_at, finished_at, counts
"""


async def upload_by_id(tx: Transaction, reader: Reader, id: UUID) -> Record | None:
    """The upload, or nothing where there is none or the reader may not see it."""
    given = Arguments(reader)
    return await tx.fetchrow(
        f"""
        select {STATE}, sheets, sheet_counts, columns, assumptions, problem_counts, problem_causes, replaces,
               values_not_understood,
               exists (select from upload_problem as p where (p.country, p.upload_id) = (u.country, u.id))
                   as problems_kept,
               {given.of_reader(conditions_for(VISIBILITY, reader.role).relation)} as "{RELATION}"
        from upload as u where id = {given.put(id)} and {given.visible(VISIBILITY)}
        """,  # noqa: S608  constants
        *given.all,
    )


async def uploads_page(tx: Transaction, reader: Reader, filter: UploadFilter, part: PageRequest) -> Page:
    """Uploads of the reader's side, newest first; the secretariat sees all. Each way to them has its index."""
    given = Arguments(reader)
    limit, after = given.put(part.first + 1), "true"
    if part.after:
        received_at, id = map(given.put, part.after)
        after = f"(u.received_at, u.id) < ({received_at}::text::timestamptz, {id}::uuid)"
    order = f"order by u.received_at desc, u.id desc limit {limit}"
    mine = f"select u.country, u.id from upload as u where {{}} and {after} {order}"  # noqa: S608  constants
    of_side = mine.format("u.organisation_id = side.id and u.role = 'member'")
    ways = [
        mine.format("u.client = {subject}"),
        f"select found.* from unnest({{organisations}}) as side (id) cross join lateral ({of_side}) as found",  # noqa: S608
    ]
    if reader.role is Role.SECRETARIAT:
        ways = [mine.format("true")]
    rows = await tx.fetch(
        f"""
        with mine as ({" union ".join(f"({given.of_reader(way)})" for way in ways)})
        select {STATE} from upload as u
        where (country, id) in (select country, id from mine) and {given.visible(VISIBILITY)} {order}
        """,  # noqa: S608  constants
        *given.all,
    )
    return Page.of([dict(row) for row in rows], first=part.first, sort=UPLOADS.sort)


async def changed_uploads(
    tx: Transaction, reader: Reader, filter: UploadFilter, columns: Sequence[str], span: ChangeWindow
) -> Sequence[Mapping[str, Any]]:
    """Uploads of the reader's side that changed in the span; none leaves the list."""
    given = Arguments(reader)
    rows = await tx.fetch(
        f"""
        select {STATE}, changed_in::text as "{CHANGED_IN}", false as "{GONE}" from upload as u
        where {given.visible(VISIBILITY)} and {changed("u", *map(given.put, span.arguments))}
        order by changed_in, id limit {given.put(span.first + 1)}
        """,  # noqa: S608  constants
        *given.all,
    )
    return [dict(row) for row in rows]


async def waiting_of(tx: Transaction, principal: Principal) -> int:
    """Files of the sender's side that are not read to their end."""
    count: int = await tx.fetchval(
        """
        select count(*) from upload
        where state in ('queued', 'running')
          and (client = $1 or organisation_id = any($2::uuid[]) and role = 'member')
        """,
        principal.subject,
        principal.reader.organisations if principal.role == Role.MEMBER else (),
    )
    return count


async def surroundings(tx: Transaction, form: UploadForm) -> RowContext:
    """The form with the countries whose areas are known, by their folded names."""
    rows = await tx.fetch("select country, spellings from area where level = 0")
    countries: Mapping[str, str] = {name: row["country"] for row in rows for name in row["spellings"]}
    return RowContext(form, countries=countries)
