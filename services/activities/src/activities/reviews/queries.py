"""Reading reports as their review needs them: how they stand, and which versions they had."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from contracts.protection import IN_PROTECTION
from contracts.reports import REPORT_VERSIONS, ReportStage
from database import Transaction
from runtime.access import Reader
from runtime.listing import Page, PageRequest
from runtime.looks import LEVEL, RELATION

from activities.reports.columns import COLUMNS, PROTECTED, selected
from activities.reports.queries import as_seen, where_seen
from activities.reports.reviewing import BELONGS, OF_THEIR_OWN, SENT_BY_THEM
from activities.reports.visibility import NAMED_BY_ANOTHER
from activities.reviews.domain import LockedReport

EVER_PROTECTED = f"{PROTECTED} or {IN_PROTECTION.format(sector='r.standing_sector')}"
"""A version counts as protection's by what it said itself, and by what the report is now."""

LATEST_CONTEST = "r.latest_contest"
"""Whether a version tells its implementer goes by the newest version that names the same one: a contest came later."""


async def standings(tx: Transaction, reader: Reader, ids: Iterable[UUID]) -> dict[UUID, LockedReport]:
    """How the reports stand to this caller: those they may see at all."""
    where, seen = where_seen(reader)
    statement = f"""
        select r.country, r.organisation_id, r.identity, r.id, r.version, r.stage, r.sensitivity,
               {seen.relation} as relation, {OF_THEIR_OWN.format("$1")} as of_their_own,
               {SENT_BY_THEM.format(where.argument(reader.subject))} as sent_by_them, {BELONGS} as belongs,
               coalesce({NAMED_BY_ANOTHER}, false) as names_them, r.implementer_contest as contest,
               r.submitted_by_role as sent_by_role
        from report as r
        where r.id = any({where.argument(sorted(set(ids)))}::uuid[]) and {seen.visible}
    """  # noqa: S608  conditions of reports
    rows = await tx.fetch(statement, *where.arguments)
    return {
        row["id"]: LockedReport(
            key=(row["country"], row["organisation_id"], row["identity"]),
            id=row["id"],
            version=row["version"],
            stage=row["stage"],
            sensitivity=row["sensitivity"],
            relation=row["relation"],
            of_their_own=row["of_their_own"],
            sent_by_them=row["sent_by_them"],
            belongs=row["belongs"],
            names_them=row["names_them"],
            contest=row["contest"],
            sent_by_role=row["sent_by_role"],
        )
        for row in rows
    }


BY_SENDING: Mapping[str, str] = {
    "by": "submitted_by", "role": "submitted_by_role", "at": "submitted_at", "comment": "submission_comment"
}  # fmt: skip
BY_REVIEW: Mapping[str, str] = {
    "by": "reviewed_by", "role": "reviewed_by_role", "at": "reviewed_at", "comment": "review_comment"
}  # fmt: skip
BY_WITHDRAWAL: Mapping[str, str] = {
    "by": "withdrawn_by", "role": "withdrawn_by_role", "at": "withdrawn_at", "comment": "withdrawal_reason"
}  # fmt: skip
WHOLE = "report"


async def versions_page(tx: Transaction, reader: Reader, id: UUID, part: PageRequest) -> Page:
    """Versions of a report, newest first; each is masked by what it said itself, as the report was then."""
    where, seen = where_seen(reader)
    report = where.argument([] if part.keys else id)
    if part.after:
        where.add("r.version < {}::bigint", *part.after)
    read = tuple(COLUMNS) if WHOLE in part.columns else _read_of(part.columns)
    # The report as it stands must be seen, and each version by what it said itself: one may have been severe.
    statement = f"""
        with standing as (
            select r.* from report as r where r.id = {report}::uuid and {seen.visible}
        )
        select {selected(read, seen.high, EVER_PROTECTED, LATEST_CONTEST)}, {seen.relation} as "{RELATION}",
               r.sensitivity as "{LEVEL}"
        from (
            select version.*, first_value(version.implementer_contest) over (
                partition by version.implementer_id order by version.version desc
            ) as latest_contest
            from (
                select standing.*, standing.sector as standing_sector from standing
                union all
                select replaced.*, standing.sector from standing
                join report_version as v
                  on (v.country, v.organisation_id, v.report_id)
                     = (standing.country, standing.organisation_id, standing.id)
                cross join lateral jsonb_populate_record(null::report, v.row) as replaced
            ) as version
        ) as r
        where {where.text()} and {seen.visible}
        order by r.version desc
        limit {where.argument(part.first + 1)}
    """  # noqa: S608  names of the table of columns, conditions of reports
    text, arguments = part.statement_for(statement, where.arguments, {"report": int(report.removeprefix("$"))})
    rows = as_seen(reader, await tx.fetch(text, *arguments))
    return part.page([_version(row) for row in rows], REPORT_VERSIONS.sort)


def _read_of(columns: Iterable[str]) -> tuple[str, ...]:
    """The columns of a report that these of its version are made of."""
    made = {name: tuple(who[name] for who in (BY_SENDING, BY_REVIEW, BY_WITHDRAWAL)) for name in BY_SENDING}
    read = (each for name in columns for each in made.get(name, (name,)))
    return tuple(dict.fromkeys(["version", "stage", "reviewed_at", *read]))


def _version(row: Any) -> dict[str, Any]:
    """A version is made by its sender, by its reviewer, or by who withdrew it."""
    made = BY_SENDING if row["reviewed_at"] is None else BY_REVIEW
    if row["stage"] == ReportStage.WITHDRAWN:
        made = BY_WITHDRAWAL
    said = {name: row.get(column) for name, column in made.items()}
    return {**row, **said, WHOLE: {name: row.get(name) for name in COLUMNS}}
