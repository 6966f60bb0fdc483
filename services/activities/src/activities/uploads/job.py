"""The job that reads an uploaded file: rows in batches, each batch once, from wherever an earlier attempt stopped."""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from functools import lru_cache, partial
from itertools import islice
from typing import IO, BinaryIO
from uuid import UUID

import structlog
from database import Transaction
from jobs import Attempt, Every, Job, Ladder, Queue, Work
from runtime.problems import Refusal
from runtime.retention import forgetting
from runtime.rows.outcomes import REJECTED, Outcome, rejected_row
from runtime.service import Worker
from tables.dates import EPOCH, EPOCH_1904
from tables.extraction import ExtractedWorkbook, extract
from tables.headings import LONGEST_HEADING, SheetColumn
from tables.kinds import FileKind, kind_of
from tables.reading import ParsedRow
from tables.records import TableRecord
from tables.text import OpenedText

from activities.corrections import queries as corrections
from activities.corrections import store as refused_rows
from activities.corrections.keeping import keep_rows
from activities.mappings.choosing import choose_profiles
from activities.proposals.making import ProposedFile, propose
from activities.proposals.store import give_up_proposals
from activities.reference.domain import LookupKeys
from activities.reference.queries import reference_for
from activities.reports.bodies import validated
from activities.reports.commands import ReportRow
from activities.reports.sectors import names_sector
from activities.settings import Settings
from activities.uploads import commands, queries, store
from activities.uploads.book import Book, OpenedFile, ReportSheet
from activities.uploads.cells import ReportReader, row_hash_of
from activities.uploads.domain import MOST_REFUSED, Upload
from activities.uploads.errors import AllRowsRefused, NotFinished
from activities.uploads.headings import report_headings
from activities.uploads.meanings import Meanings, lookup_of
from activities.uploads.row_context import RowContext

log = structlog.get_logger(__name__)

BATCH = 1000
MOST_COLUMNS_TOLD = 5000
"""Of all sheets; a hundred of five hundred columns each would make a state of many megabytes."""
TURN_SECONDS = 20.0
"""How long rows of one file are taken while other senders wait; then it is gone on with when its turn comes again."""


async def read_upload(worker: Worker[Settings], attempt: Attempt) -> None:
    """Read a file from wherever an earlier attempt stopped, to its end or until others wait for their turn."""
    upload = await attempt.commit(lambda tx: store.begin(tx, UUID(attempt.job.key)))
    if upload is None:
        return
    if worker.consumer:  # a file sent right after its areas must find them
        await worker.consumer.caught_up()
    folder = worker.settings.spool_dir
    with ExitStack() as spooled:
        file, rows, kept = (spooled.enter_context(tempfile.TemporaryFile(dir=folder)) for _ in range(3))
        await _spool(worker, upload, file)
        try:
            kind, book, around = await _open(worker, upload, file, rows)
        except Refusal as reason:
            await _finish(attempt, upload, reason)
            return
        await attempt.commit(lambda tx: store.note_sheets(tx, upload, kind.value, *_described(book)))
        steps = Steps(book, around, upload, kept)
        if any(book.tops.values()) and upload.waits_for_confirmation(in_question=book.question is not None):
            await propose(worker, attempt, upload, ProposedFile(book, steps.next, TURN_SECONDS))
        elif failure := book.failure:
            await _finish(attempt, upload, failure)
        else:
            await _take_batches(worker, attempt, upload, steps)


def readers(worker: Worker[Settings]) -> int:
    return worker.settings.upload_readers


def kept_days(worker: Worker[Settings]) -> int:
    return worker.settings.keep_problems_days


def proposed_days(worker: Worker[Settings]) -> int:
    return worker.settings.keep_proposals_days


async def fail_upload(tx: Transaction, job: Job) -> None:
    """Tell the sender that their file breaks its reader. It is kept until an operator retries or drops its job."""
    await store.end(tx, UUID(job.key), NotFinished())


async def drop_orphans(_: Worker[Settings], attempt: Attempt) -> None:
    """Drop what broken-off requests left behind."""
    await attempt.complete(store.drop_orphans)


JOBS: tuple[Work[Worker[Settings]], ...] = (
    # Read again and again a file that breaks its reader would only break it again.
    Work(store.UPLOADS, read_upload, Ladder(()), at_once=readers, heavy=True, on_death=fail_upload),
    Work(Queue("upload_orphans"), drop_orphans, schedule=Every(3600)),
    forgetting("problems", kept_days, store.forget_problems),
    forgetting("refused_rows", kept_days, refused_rows.forget_rows),
    forgetting("proposals", proposed_days, give_up_proposals),
)


async def _open(
    worker: Worker[Settings], upload: Upload, file: BinaryIO, rows: BinaryIO
) -> tuple[FileKind, Book, RowContext]:
    """The file's kind, its sheets with its headings understood, and what is known around its rows."""
    around = await worker.database.run(lambda tx: queries.surroundings(tx, upload.form))
    reference = await worker.database.run(lambda tx: reference_for(tx, LookupKeys()))
    around = replace(around, names_sector=lru_cache(lambda texts: names_sector(texts, reference)))
    kind = await asyncio.to_thread(kind_of, file)
    opened: OpenedFile
    if kind is FileKind.TEXT:
        opened = await asyncio.to_thread(OpenedText, file, upload.size, report_headings(None).understood)
        around = replace(around, in_text=True)
    else:
        file.seek(0)
        opened = await extract(file, kind, rows)
        around = replace(around, epoch=_epoch(kind, opened))
    said = upload.form.sector
    sector = reference.sectors.named(said) if said else None
    given = await choose_profiles(worker.database, upload, opened.sources, sector)
    book = await asyncio.to_thread(Book, opened, sector, reference.sectors.named, around, given)
    await asyncio.to_thread(book.skip_to, upload.next_record)
    if upload.next_record == 0:
        upload.progress.assumptions.update(dict.fromkeys(opened.assumptions, 0))
    if wanted := lookup_of(((sheet.profile, book.surveys[sheet.number]) for sheet in book.sheets), upload.form.country):
        reference = await worker.database.run(lambda tx: reference_for(tx, wanted))
    await asyncio.to_thread(book.ask, Meanings(around, reference).of)
    return kind, book, around


def _epoch(kind: FileKind, opened: ExtractedWorkbook) -> date | None:
    if kind is not FileKind.WORKBOOK:
        return None
    return EPOCH_1904 if opened.date_1904 else EPOCH


def _described(book: Book) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """The sheets, read and passed over, in their order; and the columns of those that are read."""
    sheets: list[dict[str, object]] = [
        {"number": sheet.number, "name": sheet.source.name, "mapping": book.given.mappings.get(sheet.number)}
        for sheet in book.sheets
    ]
    for passed in book.passed_over:
        reason = {"code": passed.reason.code, "facts": store.plain(passed.reason.facts)}
        sheets.append({"number": passed.number, "name": passed.name, "reason": reason})
    columns = (_column(sheet, column) for sheet in book.sheets for column in sheet.profile.columns)
    return sorted(sheets, key=lambda sheet: int(str(sheet["number"]))), list(islice(columns, MOST_COLUMNS_TOLD))


def _column(sheet: ReportSheet, column: SheetColumn) -> dict[str, object]:
    tag = column.tag[:LONGEST_HEADING] if column.tag else None
    return {"sheet": sheet.number, **column.as_json(), "tag": tag}


async def _spool(worker: Worker[Settings], upload: Upload, file: IO[bytes]) -> None:
    """The file on disk: it is read more than once, and not from memory."""
    async for chunk in store.chunks(worker.database, upload):
        await asyncio.to_thread(file.write, chunk)
    await asyncio.to_thread(file.flush)


async def _take_batches(worker: Worker[Settings], attempt: Attempt, upload: Upload, steps: "Steps") -> None:
    """Each batch is taken while the next one is read; a long file stops in between where others wait."""
    secret = worker.settings.unit_key.get_secret_value().encode()
    ends = time.monotonic() + TURN_SECONDS
    ahead = asyncio.create_task(asyncio.to_thread(steps.next))
    try:
        while step := await asyncio.shield(ahead):
            ahead = asyncio.create_task(asyncio.to_thread(steps.next))
            progress = await attempt.commit(partial(commands.take_rows, upload=upload, step=step, secret=secret))
            upload = replace(upload, progress=progress)
            if progress.is_hopeless:
                await asyncio.wait([ahead])  # which reads the same file
                await _finish(attempt, upload, AllRowsRefused(limit=MOST_REFUSED), steps)
                return
            if await _given_back(attempt, ends):
                return
    finally:
        # Until the thread is done: it reads a file that is closed next.
        await asyncio.gather(ahead, return_exceptions=True)
    await _read_deferred(attempt, upload, steps, secret, ends)


async def _read_deferred(attempt: Attempt, upload: Upload, steps: "Steps", secret: bytes, ends: float) -> None:
    """Rows that were laid aside until all others were known, then the end of the file."""
    end = steps.stored
    while progress := await attempt.commit(partial(commands.take_deferred_rows, upload=upload, end=end, secret=secret)):
        upload = replace(upload, progress=progress)
        if await _given_back(attempt, ends):
            return
    await _finish(attempt, upload, None, steps)


async def _given_back(attempt: Attempt, ends: float) -> bool:
    """Give the file back where others wait: it is gone on with when its sender's turn comes again."""
    return time.monotonic() > ends and await attempt.give_back_to_others()


class Steps:
    """The steps an upload is taken in: its rows in batches, read and checked for their shape."""

    def __init__(self, book: Book, context: RowContext, upload: Upload, kept: BinaryIO) -> None:
        self.book, self.kept = book, kept
        self._context = context
        self._size = upload.size
        self.stored = upload.next_record
        """Records whose effects are stored once all steps so far are taken."""
        self._readers: dict[int, ReportReader] = {}

    def next(self) -> commands.UploadStep | None:
        """The next step; nothing at the end of the file."""
        batch = self.book.batch(BATCH)
        if batch is None:
            return None
        rows, refused, idle = _read_rows(batch.records, self._reader(batch.sheet), _carried_by(batch.sheet))
        before, self.stored = self.stored, self.book.read
        position = int(self._size * self.book.share)
        passed = batch.passed._replace(blank=batch.passed.blank + idle)
        return commands.UploadStep(batch.sheet, rows, refused, passed, before, self.stored, position, batch.records)

    def _reader(self, sheet: ReportSheet) -> ReportReader:
        if sheet.number not in self._readers:
            around = replace(self._context, sheet_sector=sheet.sector)
            self._readers[sheet.number] = ReportReader(sheet.profile, around)
        return self._readers[sheet.number]


def _carried_by(sheet: ReportSheet) -> frozenset[str]:
    """Fields its columns and headings say, empty or not."""
    profile = sheet.profile
    said = {name for column in profile.columns if column.field for name in (column.field, *column.also)}
    return frozenset(said).union(*(template.constants for template in profile.templates))


def _read_rows(
    records: Sequence[TableRecord], reader: ReportReader, sent_fields: frozenset[str]
) -> tuple[list[ReportRow], list[Outcome], int]:
    """The rows of a batch that have the shape of a report, those that have not, and how many lines say nothing."""
    read: list[ParsedRow] = []
    lines: list[int] = []
    refused: list[Outcome] = []
    idle = 0
    for record in records:
        if record.fault:
            refused.append(rejected_row(record.number, [record.fault]))
            continue
        of_line = reader.read_all(record.cells)
        idle += not of_line
        for row in of_line:
            if row.faults:
                refused.append(rejected_row(record.number, row.faults))
            else:
                read.append(row)
                lines.append(record.number)
    # Several rows may be of one line, so here each is known by its place.
    rows, invalid = validated([(place, row.fields) for place, row in enumerate(read)]) if read else ([], [])
    refused += (rejected_row(lines[outcome.row], outcome.errors) for outcome in invalid)
    return [_with(row, read[row.number], lines[row.number], sent_fields) for row in rows], refused, idle


def _with(row: ReportRow, read: ParsedRow, number: int, sent_fields: frozenset[str]) -> ReportRow:
    """The row with its line's number, and what was assumed while reading its cells."""
    flags = tuple(dict.fromkeys((*read.flags, *row.flags)))
    return replace(row, number=number, flags=flags, row_hash=row_hash_of(read.cells), carried=sent_fields)


async def _finish(attempt: Attempt, upload: Upload, failure: Refusal | None, steps: Steps | None = None) -> None:
    """The end of a file; of one with refused rows its rows are kept, so that its sender can have them back."""
    if not upload.progress.counts[REJECTED]:
        steps = None
    is_severe = steps is not None and await asyncio.to_thread(keep_rows, steps.book, steps.kept)

    async def end(tx: Transaction) -> None:
        if is_severe or (steps and await corrections.counts_severe(tx, upload.id)):
            await refused_rows.note_severe(tx, upload.id)
        elif steps:
            await refused_rows.put_rows(tx, upload.id, steps.kept)
        await store.finish(tx, upload, failure=failure)

    await attempt.complete(end)
    log.info("upload.finished", upload=str(upload.id), failure=failure.code if failure else None)
