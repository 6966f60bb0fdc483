"""The worker that reads uploaded files: rows in batches, each batch once, from wherever an earlier worker stopped."""

import asyncio
import tempfile
import time
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import lru_cache, partial
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, BinaryIO, TypeVar

import structlog
from database import Transaction, new_id
from messaging.failures import TRANSIENT
from opentelemetry import propagate, trace
from runtime.problems import Refusal
from runtime.service import Worker

from activities.reference.domain import Reference, Wanting
from activities.reference.queries import reference_for
from activities.reports.bodies import validated
from activities.reports.commands import Row
from activities.reports.sectors import names_sector
from activities.rows.domain import Outcome, refused_row
from activities.uploads import commands, queries, store, turns
from activities.uploads.around import Around
from activities.uploads.book import Book, Opened
from activities.uploads.cells import Read, RowReader
from activities.uploads.dates import EPOCH, EPOCH_1904
from activities.uploads.domain import MOST_REFUSED, Upload
from activities.uploads.errors import AllRowsRefused, NotFinished
from activities.uploads.extraction import Extracted, extract
from activities.uploads.headings import LONGEST_HEADING, Column
from activities.uploads.kinds import Kind, kind_of
from activities.uploads.meanings import Meanings, wanted_of
from activities.uploads.sheet import Record, Sheet
from activities.uploads.text import OpenedText

if TYPE_CHECKING:
    from activities.settings import Settings

log = structlog.get_logger(__name__)
tracer = trace.get_tracer("activities.uploads")

PASSING = TRANSIENT
"""What another attempt may get over: the database or the broker is away, or another transaction won."""
BATCH = 1000
MOST_COLUMNS_TOLD = 5000
"""Of all sheets; a hundred of five hundred columns each would make a state of many megabytes."""
IDLE_SECONDS = 0.3
TROUBLE_SECONDS = 2.0
SWEEP_SECONDS = 3600.0
CATCH_UP_SECONDS = 3.0
RENEW_SECONDS = 3.0
TURN_SECONDS = 20.0
"""How long rows of one file are taken while other senders wait; then it is gone on with when its turn comes again."""

Made = TypeVar("Made")


async def take_uploads(worker: Worker, stop: asyncio.Event) -> None:
    """Take uploads until told to stop, several at a time; what is unfinished then is gone on with later."""
    settings: Settings = worker.settings  # type: ignore[assignment]
    async with asyncio.TaskGroup() as readers:
        for _ in range(settings.upload_readers):
            readers.create_task(_take_one_by_one(worker, stop))


async def _take_one_by_one(worker: Worker, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            seconds = 0.0 if await _take_one(worker, stop) else IDLE_SECONDS
        except PASSING as passing:
            log.warning("uploads.interrupted", cause=type(passing).__name__)
            seconds = TROUBLE_SECONDS
        await _rest(stop, seconds)


async def sweep_chunks(worker: Worker, stop: asyncio.Event) -> None:
    """Drop what broken-off requests left behind."""
    while not stop.is_set():
        with suppress(*PASSING):
            await worker.database.run(store.drop_orphans)
        await _rest(stop, SWEEP_SECONDS)


async def _rest(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds or 0.001)


async def _take_one(worker: Worker, stop: asyncio.Event) -> bool:
    lease = new_id()
    upload = await worker.database.run(lambda tx: store.take_next(tx, lease))
    if upload is None:
        return False
    context = propagate.extract({"traceparent": upload.traceparent} if upload.traceparent else {})
    with tracer.start_as_current_span("upload", context):
        try:
            if await _registry_heard(worker, upload, stop):
                await _read_file(worker, upload, stop)
        except commands.LeaseLost:
            log.info("upload.taken_over", upload=str(upload.id))
            return True
        except PASSING:
            raise
        except Exception:
            # Taken up again and again it would end the worker each time, and no other file would be read.
            log.exception("upload.broke", upload=str(upload.id))
            await _finish(worker, upload, NotFinished())
            return True
        if stop.is_set():
            await worker.database.run(lambda tx: store.give_back(tx, upload))
    return True


async def _registry_heard(worker: Worker, upload: Upload, stop: asyncio.Event) -> bool:
    """Wait for what the registry said before now: a file sent right after its areas must find them."""
    while worker.consumer and not stop.is_set():
        try:
            await asyncio.wait_for(worker.consumer.caught_up(), CATCH_UP_SECONDS)
            return True
        except TimeoutError:
            if not await worker.database.run(lambda tx: store.renew(tx, upload)):
                raise commands.LeaseLost from None
    return not stop.is_set()


async def _read_file(worker: Worker, upload: Upload, stop: asyncio.Event) -> None:
    folder = worker.settings.spool_dir
    with tempfile.TemporaryFile(dir=folder) as file, tempfile.TemporaryFile(dir=folder) as rows:
        await _spool(worker, upload, file)
        try:
            opened = await _held(worker, upload, stop, _open(worker, upload, file, rows))
        except Refusal as reason:
            await _finish(worker, upload, reason)
            return
        if opened is None:
            return
        kind, book, around = opened
        await worker.database.run(lambda tx: store.note_sheets(tx, upload, kind.value, *_described(book)))
        if failure := book.failure:
            await _finish(worker, upload, failure)
        else:
            await _take_batches(worker, upload, book, around, stop)


async def _held(worker: Worker, upload: Upload, stop: asyncio.Event, work: Coroutine[Any, Any, Made]) -> Made | None:
    """What long work comes to, the lease kept meanwhile; nothing where the worker was told to stop before.

    Raises `LeaseLost`, and what the work raises.
    """
    task, told = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    try:
        while not task.done():
            await asyncio.wait({task, told}, timeout=RENEW_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if told.done():
                return None
            if not task.done() and not await worker.database.run(lambda tx: store.renew(tx, upload)):
                raise commands.LeaseLost
        return task.result()
    finally:
        task.cancel()
        told.cancel()
        await asyncio.gather(task, told, return_exceptions=True)


async def _open(worker: Worker, upload: Upload, file: BinaryIO, rows: BinaryIO) -> tuple[Kind, Book, Around]:
    """The file's kind, its sheets with its headings understood, and what is known around its rows."""
    around = await worker.database.run(lambda tx: queries.surroundings(tx, upload.form))
    reference = await worker.database.run(lambda tx: reference_for(tx, Wanting()))
    around = replace(around, names_sector=lru_cache(lambda texts: names_sector(texts, reference)))
    kind = await asyncio.to_thread(kind_of, file)
    opened: Opened
    if kind is Kind.TEXT:
        opened = await asyncio.to_thread(OpenedText, file, upload.size)
        around = replace(around, in_text=True)
    else:
        file.seek(0)
        opened = await extract(file, kind, rows)
        around = replace(around, epoch=_epoch(kind, opened))
    book = await asyncio.to_thread(_book, opened, upload, reference, around)
    if wanted := wanted_of(((sheet, book.surveys[sheet.number]) for sheet in book.sheets), upload.form.country):
        reference = await worker.database.run(lambda tx: reference_for(tx, wanted))
    await asyncio.to_thread(book.ask, Meanings(around, reference).of)
    return kind, book, around


def _epoch(kind: Kind, opened: Extracted) -> date | None:
    if kind is not Kind.WORKBOOK:
        return None
    return EPOCH_1904 if opened.date_1904 else EPOCH


def _book(opened: Opened, upload: Upload, reference: Reference, around: Around) -> Book:
    said = upload.form.sector
    book = Book(opened, reference.sector(said) if said else None, reference.sector, around)
    book.skip_to(upload.next_record)
    if upload.next_record == 0:
        upload.progress.assumptions.update(dict.fromkeys(opened.assumptions, 0))
    return book


def _described(book: Book) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """The sheets, read and passed over, in their order; and the columns of those that are read."""
    sheets: list[dict[str, object]] = [{"number": sheet.number, "name": sheet.source.name} for sheet in book.sheets]
    for passed in book.passed_over:
        reason = {"code": passed.reason.code, "facts": store.plain(passed.reason.facts)}
        sheets.append({"number": passed.number, "name": passed.name, "reason": reason})
    columns = (_column(sheet, column) for sheet in book.sheets for column in sheet.columns)
    return sorted(sheets, key=lambda sheet: int(str(sheet["number"]))), list(islice(columns, MOST_COLUMNS_TOLD))


def _column(sheet: Sheet, column: Column) -> dict[str, object]:
    tag = column.tag[:LONGEST_HEADING] if column.tag else None
    return {"sheet": sheet.number, **column.as_json(), "tag": tag}


async def _spool(worker: Worker, upload: Upload, file: IO[bytes]) -> None:
    """The file on disk: it is read more than once, and not from memory."""
    async for chunk in store.chunks(worker.database, upload):
        await asyncio.to_thread(file.write, chunk)
        if not await worker.database.run(lambda tx: store.renew(tx, upload)):
            raise commands.LeaseLost
    await asyncio.to_thread(file.flush)


async def _take_batches(worker: Worker, upload: Upload, book: Book, around: Around, stop: asyncio.Event) -> None:
    """Each batch is taken while the next one is read; a long file stops in between where others wait."""
    settings: Settings = worker.settings  # type: ignore[assignment]
    secret = settings.unit_key.get_secret_value().encode()
    steps = Steps(book, around, upload)
    ends = time.monotonic() + TURN_SECONDS
    ahead = asyncio.create_task(asyncio.to_thread(steps.next))
    try:
        while not stop.is_set():
            step = await _awaited(worker, upload, ahead)
            if step is None:
                await _take_aside(worker, upload, steps.stored, secret, stop, ends)
                return
            ahead = asyncio.create_task(asyncio.to_thread(steps.next))
            take = partial(commands.take_rows, upload=upload, step=step, secret=secret)
            upload = replace(upload, progress=await worker.database.run(take))
            if upload.progress.is_hopeless:
                await _finish(worker, upload, AllRowsRefused(limit=MOST_REFUSED))
                return
            if time.monotonic() > ends and await _given_back(worker, upload):
                return
    finally:
        # Until the thread is done: it reads a file that is closed next.
        await asyncio.gather(ahead, return_exceptions=True)


async def _take_aside(
    worker: Worker, upload: Upload, end: int, secret: bytes, stop: asyncio.Event, ends: float
) -> None:
    """Rows that were laid aside until all others were known, then the end of the file."""
    while not stop.is_set():
        take = partial(commands.take_aside, upload=upload, end=end, secret=secret)
        progress = await worker.database.run(take)
        if progress is None:
            await _finish(worker, upload, None)
            return
        upload = replace(upload, progress=progress)
        if time.monotonic() > ends and await _given_back(worker, upload):
            return


async def _given_back(worker: Worker, upload: Upload) -> bool:
    """Give the file back where others wait: it is gone on with when its sender's turn comes again."""

    async def work(tx: Transaction) -> bool:
        if not await turns.others_wait(tx, upload.side):
            return False
        await store.give_back(tx, upload)
        return True

    return await worker.database.run(work)


async def _awaited(worker: Worker, upload: Upload, ahead: "asyncio.Task[commands.Step | None]") -> commands.Step | None:
    """The step, the lease kept until it is there. Raises `LeaseLost`."""
    while not ahead.done():
        await asyncio.wait({ahead}, timeout=RENEW_SECONDS)
        if not ahead.done() and not await worker.database.run(lambda tx: store.renew(tx, upload)):
            raise commands.LeaseLost
    return ahead.result()


class Steps:
    """The steps an upload is taken in: its rows in batches, read and checked for their shape."""

    def __init__(self, book: Book, around: Around, upload: Upload) -> None:
        self._book = book
        self._around = around
        self._size = upload.size
        self.stored = upload.next_record
        """Records whose effects are stored once all steps so far are taken."""
        self._readers: dict[int, RowReader] = {}

    def next(self) -> commands.Step | None:
        """The next step; nothing at the end of the file."""
        batch = self._book.batch(BATCH)
        if batch is None:
            return None
        rows, refused = _read_rows(batch.records, self._reader(batch.sheet), _carried_by(batch.sheet))
        before, self.stored = self.stored, self._book.read
        position = int(self._size * self._book.share)
        return commands.Step(batch.sheet, rows, refused, batch.blank, before, self.stored, position)

    def _reader(self, sheet: Sheet) -> RowReader:
        if sheet.number not in self._readers:
            around = replace(self._around, sheet_sector=sheet.sector)
            survey, lost = self._book.surveys[sheet.number], self._book.lost(sheet)
            self._readers[sheet.number] = RowReader(sheet.columns, around, survey, lost)
        return self._readers[sheet.number]


def _carried_by(sheet: Sheet) -> frozenset[str]:
    """Fields its columns say, empty or not."""
    return frozenset(column.field for column in sheet.columns if column.field)


def _read_rows(
    records: Sequence[Record], reader: RowReader, carried: frozenset[str]
) -> tuple[list[Row], list[Outcome]]:
    """The rows of a batch that have the shape of a report, and those that have not."""
    numbered: list[tuple[int, Any]] = []
    refused: list[Outcome] = []
    read: dict[int, Read] = {}
    for record in records:
        if record.fault:
            refused.append(refused_row(record.number, [record.fault]))
            continue
        row = reader.read(record.cells)
        if row.faults:
            refused.append(refused_row(record.number, row.faults))
            continue
        numbered.append((record.number, row.fields))
        read[record.number] = row
    rows, invalid = validated(numbered) if numbered else ([], [])
    return [_with(row, read[row.number], carried) for row in rows], [*refused, *invalid]


def _with(row: Row, read: Read, carried: frozenset[str]) -> Row:
    """The row with what was assumed while reading its cells."""
    flags = tuple(dict.fromkeys((*read.flags, *row.flags)))
    return replace(row, flags=flags, letter=read.letter, carried=carried)


async def _finish(worker: Worker, upload: Upload, failure: Refusal | None) -> None:
    async def work(tx: Transaction) -> None:
        if not await store.renew(tx, upload):
            raise commands.LeaseLost
        await store.finish(tx, upload, failure=failure)

    await worker.database.run(work)
    log.info("upload.finished", upload=str(upload.id), failure=failure.code if failure else None)
