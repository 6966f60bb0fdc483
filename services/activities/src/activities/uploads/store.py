"""Writing uploads: the file in chunks, its problems and its progress."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from typing import Any
from uuid import UUID

from database import Database, Transaction, insert_row
from jobs import Queue
from runtime.access import Principal, Role
from runtime.problems import Refusal
from runtime.rows.outcomes import Outcome
from tables.profile import Profile

from activities.reports.commands import ReportRow
from activities.reports.domain import Identified, RepeatCounter
from activities.reports.schemas import NewReport
from activities.uploads import causes
from activities.uploads.domain import Upload, UploadForm, UploadProgress, counts_as_json, sender_of
from activities.uploads.errors import NotFinished

MOST_PROBLEMS = 50_000
"""Problems kept of a file; those beyond are counted."""
ORPHANED = "1 day"


async def add_chunk(tx: Transaction, id: UUID, number: int, content: bytes) -> None:
    await tx.execute(
        "insert into upload_chunk (upload_id, number, content) values ($1, $2, $3)",
        id,
        number,
        content,
    )


async def chunks(database: Database, upload: Upload) -> AsyncIterator[bytes]:
    """The file, a chunk at a time."""
    number = 0
    while True:
        async with database.connection() as connection:
            content = await connection.fetchval(
                "select content from upload_chunk where upload_id = $1 and number = $2",
                upload.id,
                number,
            )
        if content is None:
            return
        yield content
        number += 1


async def drop_chunks(tx: Transaction, id: UUID) -> None:
    await tx.execute("delete from upload_chunk where upload_id = $1", id)


async def drop_orphans(tx: Transaction) -> None:
    """Chunks of requests that broke off."""
    await tx.execute(
        f"""
        delete from upload_chunk as chunk
        where stored_at < now() - interval '{ORPHANED}'
          and not exists (select from job where queue = $1 and key = chunk.upload_id::text)
          and not exists (select from upload where id = chunk.upload_id and state = 'proposed')
        """,  # noqa: S608  a constant
        UPLOADS.name,
    )


async def forget_problems(tx: Transaction, before: datetime) -> None:
    """Forget what was wrong with rows of files that ended before, and give up those that broke their reader."""
    await tx.execute(
        """
        delete from upload_problem as problem using upload
        where upload.finished_at < $1 and (problem.country, problem.upload_id) = (upload.country, upload.id)
        """,
        before,
    )
    await tx.execute(
        "update upload set problem_causes = '[]' where finished_at < $1 and problem_causes <> '[]'", before
    )
    await tx.execute("delete from job where queue = $1 and died_at < $2", UPLOADS.name, before)


async def lock_sender(tx: Transaction, principal: Principal) -> None:
    """One file of a sender's side is queued at a time, so that those that wait can be counted."""
    side = principal.organisation_id if principal.role == Role.MEMBER else None
    await tx.execute("select pg_advisory_xact_lock(hashtextextended($1, 13))", str(side or principal.subject))


UPLOADS = Queue("upload", fair=True)
"""Files to be read, by id. Senders take turns, and each has its own files read one after the other."""


async def queue(tx: Transaction, row: Mapping[str, Any]) -> None:
    """Put the upload where a worker takes it, in the lane of its side: a corrected file must not overtake the other."""
    written = await insert_row(tx, "upload", row, "returning side")
    assert written is not None, "it was inserted"
    await UPLOADS.put(tx, str(row["id"]), lane=written["side"])


async def begin(tx: Transaction, id: UUID) -> Upload | None:
    """The upload as far as it was read, which is running from now on; nothing where it is done."""
    row = await tx.fetchrow(
        """
        update upload set state = 'running', failure = null, failure_facts = '{}', finished_at = null
        where id = $1 and (state in ('queued', 'running') or failure = $2) returning *
        """,
        id,
        NotFinished.code,
    )
    return _upload(dict(row)) if row else None


def _upload(row: Mapping[str, Any]) -> Upload:
    progress = UploadProgress()
    progress.counts.update(row["counts"])
    progress.problems.update(row["problem_counts"])
    progress.by_sheet.update({int(place): Counter(counts) for place, counts in row["sheet_counts"].items()})
    progress.assumptions.update({entry["code"]: entry["rows"] for entry in row["assumptions"]})
    listed = row["values_not_understood"]
    progress.not_understood.update({(entry["field"], entry["value"]): entry["rows"] for entry in listed})
    progress.causes = causes.of_json(row["problem_causes"])
    return Upload(
        row["country"],
        row["id"],
        sender_of(row),
        UploadForm.model_construct(**{name: row[name] for name in UploadForm.model_fields}),  # checked when it came
        row["size"],
        row["next_record"],
        progress,
        _profiles(row["confirmed"]),
        {sheet["number"]: sheet["mapping"] for sheet in row["sheets"] if sheet.get("mapping")},
        row["draft"],
    )


def _profiles(kept: Mapping[str, Any] | None) -> Mapping[int, Profile] | None:
    if kept is None:
        return None
    return {int(place): Profile.model_validate(profile) for place, profile in kept.items()}


async def move(tx: Transaction, upload: Upload, *, before: int, after: int, position: int) -> bool:
    """Move on from record `before` to `after`, unless somebody else did; locks the upload until the commit."""
    moved = await tx.fetchval(
        """
        update upload set next_record = $4, position = $5
        where country = $1 and id = $2 and next_record = $3 and state = 'running' returning true
        """,
        upload.country,
        upload.id,
        before,
        after,
        position,
    )
    return bool(moved)


async def note_position(tx: Transaction, upload: Upload, position: int) -> None:
    await tx.execute("update upload set position = $2 where id = $1 and state = 'running'", upload.id, position)


async def keep_draft(tx: Transaction, upload: Upload, after: int, draft: Mapping[str, Any]) -> None:
    """Keep what was met of a file up to a record, of which nothing counts yet."""
    await tx.execute(
        "update upload set next_record = $2, draft = $3 where id = $1 and state = 'running'", upload.id, after, draft
    )


async def note_sheets(
    tx: Transaction,
    upload: Upload,
    kind: str,
    sheets: Sequence[Mapping[str, object]],
    columns: Sequence[Mapping[str, object]],
) -> None:
    await tx.execute(
        "update upload set kind = $3, sheets = $4, columns = $5 where country = $1 and id = $2",
        upload.country,
        upload.id,
        kind,
        list(sheets),
        list(columns),
    )


async def note_progress(tx: Transaction, upload: Upload, progress: UploadProgress) -> None:
    await tx.execute(
        """
        update upload
        set counts = $3, sheet_counts = $4, assumptions = $5, problem_counts = $6, values_not_understood = $7,
            problem_causes = $8
        where country = $1 and id = $2
        """,
        upload.country,
        upload.id,
        counts_as_json(progress.counts),
        progress.sheets_as_json(),
        [{"code": code, "rows": rows} for code, rows in progress.assumptions.items()],
        dict(progress.problems),
        progress.values_as_json(),
        causes.as_json(progress.causes),
    )


async def finish(tx: Transaction, upload: Upload, *, failure: Refusal | None = None) -> None:
    """Say that it is over, and drop what only the work needed: the file and the keys met in it."""
    await end(tx, upload.id, failure)
    await drop_chunks(tx, upload.id)
    for table in ("upload_key", "upload_met", "upload_aside"):
        await tx.execute(
            f"delete from {table} where country = $1 and upload_id = $2",  # noqa: S608  one of these
            upload.country,
            upload.id,
        )


async def end(tx: Transaction, id: UUID, failure: Refusal | None) -> None:
    await tx.execute(
        """
        update upload
        set state = case when $2::text is null then 'done' else 'failed' end, failure = $2, finished_at = now(),
            failure_facts = $3, position = case when $2::text is null then size else position end
        where id = $1
        """,
        id,
        failure.code if failure else None,
        plain(failure.facts) if failure else {},
    )


async def add_problems(tx: Transaction, upload: Upload, sheet: int, outcomes: Iterable[Outcome]) -> None:
    """Keep what was wrong with these rows, the first of them where the file has many."""
    left = MOST_PROBLEMS - upload.progress.problems.total()
    if left <= 0:
        return
    each = (
        (upload.country, upload.id, sheet, row, number, fault.code, fault.field, plain(fault.facts))
        for row, rejected in groupby(sorted(outcomes, key=lambda outcome: outcome.row), lambda outcome: outcome.row)
        # A line of a wide sheet is several rows.
        for number, fault in enumerate((fault for outcome in rejected for fault in outcome.errors), start=1)
    )
    problems = list(islice(each, left))
    await tx.executemany(
        """
        insert into upload_problem (country, upload_id, sheet, row, number, code, field, facts)
        values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing
        """,
        problems,
    )


async def note_unchanged(tx: Transaction, upload: Upload, outcomes: Iterable[Outcome]) -> None:
    """Keep which reports the file says though it did not change them, and of one that replaces, all it says."""
    whole = upload.form.replaces
    held = {one.id: one.version for one in outcomes if one.id and (whole or one.status == "unchanged")}
    if not held:
        return
    await tx.execute(
        """
        insert into upload_report (upload_id, report_id, version)
        select $1, * from unnest($2::uuid[], $3::bigint[])
        on conflict (upload_id, report_id) do update set version = excluded.version
        """,
        upload.id,
        sorted(held),
        [held[id] for id in sorted(held)],
    )
    if whole:
        await tx.execute(
            """
            insert into upload_whole (upload_id, country, organisation_id, sector, month)
            select distinct $1::uuid, country, organisation_id, sector, month from report where id = any($2::uuid[])
            on conflict do nothing
            """,
            upload.id,
            list(held),
        )


def plain(facts: Mapping[str, object]) -> dict[str, object]:
    return {name: value if isinstance(value, int | float) else str(value) for name, value in facts.items()}


class FileHistory:
    """What was met of a file so far, kept beside its progress, so that a worker can go on where another stopped."""

    def __init__(self, upload: Upload, sheet: int, sheet_name: str | None, *, last: bool = False) -> None:
        self.upload_id: UUID | None = upload.id
        self.last = last
        self._file = (upload.country, upload.id)
        self._sheet = (sheet, sheet_name)

    async def recall(self, tx: Transaction, kinds: Iterable[bytes]) -> RepeatCounter:
        rows = await tx.fetch(
            """
            select natural_key, content, rows from upload_key
            where country = $1 and upload_id = $2 and natural_key = any($3::bytea[])
            """,
            *self._file,
            sorted(kinds),
        )
        seen = RepeatCounter()
        for row in rows:
            seen.counts[row["natural_key"], row["content"]] += row["rows"]
        return seen

    async def remember(self, tx: Transaction, counter: RepeatCounter) -> None:
        met = sorted(counter.counts.items())
        await tx.execute(
            """
            insert into upload_key (country, upload_id, natural_key, content, rows)
            select $1, $2, natural_key, content, rows
            from unnest($3::bytea[], $4::bytea[], $5::integer[]) as met (natural_key, content, rows)
            on conflict (country, upload_id, natural_key, content) do update set rows = excluded.rows
            """,
            *self._file,
            [key for (key, _), _ in met],
            [content for (_, content), _ in met],
            [rows for _, rows in met],
        )

    async def note_matched(self, tx: Transaction, reports: Iterable[Identified]) -> None:
        keys = sorted({(report.report.owner.id, report.identity) for report in reports})
        if keys:
            await tx.execute(
                """
                insert into upload_met (country, upload_id, organisation_id, identity)
                select $1, $2, * from unnest($3::uuid[], $4::text[]) on conflict do nothing
                """,
                *self._file,
                [organisation for organisation, _ in keys],
                [identity for _, identity in keys],
            )

    async def defer_rows(self, tx: Transaction, rows: Sequence[tuple[ReportRow, bytes]]) -> None:
        await tx.executemany(
            """
            insert into upload_aside
                (country, upload_id, sheet, sheet_name, spot, row, sent, flags, letter, carried, repeats)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            [
                (
                    *self._file,
                    *self._sheet,
                    spot,
                    row.number,
                    row.sent.model_dump(mode="json", exclude_unset=True),
                    list(row.flags),
                    row.row_hash,
                    sorted(row.carried or ()),
                    bool(row.repeats),
                )
                for row, spot in rows
            ],
        )


@dataclass(frozen=True)
class DeferredRows:
    """Rows of one sheet that were laid aside, all of each place and month together."""

    sheet: int
    sheet_name: str | None
    rows: Sequence[ReportRow]


async def take_deferred(tx: Transaction, upload: Upload) -> DeferredRows | None:
    """The next rows that were laid aside, which are so no more; nothing where there are none."""
    rows = await tx.fetch(TAKE_ASIDE, upload.country, upload.id, ASIDE_AT_ONCE, MOST_ASIDE)
    if not rows:
        return None
    first = rows[0]
    return DeferredRows(first["sheet"], first["sheet_name"], [_deferred_row(dict(row)) for row in rows])


def _deferred_row(row: Mapping[str, Any]) -> ReportRow:
    sent = NewReport.model_validate(row["sent"])
    return ReportRow(row["row"], sent, tuple(row["flags"]), row["letter"], frozenset(row["carried"]), row["repeats"])


ASIDE_AT_ONCE, MOST_ASIDE = 1000, 5000
"""Rows after which no other place and month is begun, and rows of one that are at most taken together."""
TAKE_ASIDE = """
delete from upload_aside where ctid = any(array(
    select place from (
        select ctid as place, sheet, spot, row from upload_aside
         where country = $1 and upload_id = $2
           and sheet = (select min(sheet) from upload_aside where country = $1 and upload_id = $2)
         order by sheet, spot fetch first $3 rows with ties) as whole
     order by sheet, spot, row limit $4
))
returning *
"""
"""By where they stand in the table, as nobody else moves them: joined, all would be compared with all."""
