"""The worker that reads uploaded files: rows in batches, each batch once, from wherever an earlier worker stopped."""

import asyncio
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import IO, TYPE_CHECKING, Any

import structlog
from database import Transaction, new_id
from messaging.failures import TRANSIENT
from opentelemetry import propagate, trace
from runtime.problems import Refusal
from runtime.service import Worker

from activities.reports.bodies import validated
from activities.reports.commands import Row
from activities.reports.domain import Outcome
from activities.uploads import commands, store
from activities.uploads.cells import Form, Read, read_row
from activities.uploads.domain import Upload
from activities.uploads.errors import NotFinished
from activities.uploads.sheet import Record, Sheet

if TYPE_CHECKING:
    from activities.settings import Settings

log = structlog.get_logger(__name__)
tracer = trace.get_tracer("activities.uploads")

PASSING = TRANSIENT
"""What another attempt may get over: the database or the broker is away, or another transaction won."""
BATCH = 1000
IDLE_SECONDS = 0.3
TROUBLE_SECONDS = 2.0
SWEEP_SECONDS = 3600.0
CATCH_UP_SECONDS = 3.0


async def take_uploads(worker: Worker, stop: asyncio.Event) -> None:
    """Take one upload after the other until told to stop; what is unfinished then is gone on with later."""
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
    with tempfile.TemporaryFile(dir=worker.settings.spool_dir) as file:
        await _spool(worker, upload, file)
        try:
            sheet = await asyncio.to_thread(_opened, file, upload)
        except Refusal as failure:
            await _finish(worker, upload, failure)
            return
        await worker.database.run(
            lambda tx: store.note_columns(tx, upload, [column.as_json() for column in sheet.columns])
        )
        await _take_batches(worker, upload, sheet, stop)


async def _spool(worker: Worker, upload: Upload, file: IO[bytes]) -> None:
    """The file on disk: it is read more than once, and not from memory."""
    async for chunk in store.chunks(worker.database, upload):
        await asyncio.to_thread(file.write, chunk)
        if not await worker.database.run(lambda tx: store.renew(tx, upload)):
            raise commands.LeaseLost


def _opened(file: IO[bytes], upload: Upload) -> Sheet:
    sheet = Sheet(file)  # type: ignore[arg-type]
    sheet.skip_to(upload.next_record)
    return sheet


async def _take_batches(worker: Worker, upload: Upload, sheet: Sheet, stop: asyncio.Event) -> None:
    settings: Settings = worker.settings  # type: ignore[assignment]
    secret = settings.unit_key.get_secret_value().encode()
    if upload.next_record == 0:
        upload.progress.assumptions.update(dict.fromkeys(sheet.assumptions, 0))
    stored = upload.next_record
    while not stop.is_set():
        records = await asyncio.to_thread(sheet.batch, BATCH)
        if not records:
            await _finish(worker, upload, None)
            return
        rows, refused = await asyncio.to_thread(_read_rows, records, sheet, upload.form)
        step = commands.Step(rows, refused, before=stored, after=sheet.read, position=sheet.position)
        take = partial(commands.take_rows, upload=upload, step=step, secret=secret)
        upload, stored = replace(upload, progress=await worker.database.run(take)), sheet.read


def _read_rows(records: Sequence[Record], sheet: Sheet, form: Form) -> tuple[list[Row], list[Outcome]]:
    """The rows of a batch that have the shape of a report, and those that have not."""
    numbered: list[tuple[int, Any]] = []
    refused: list[Outcome] = []
    read: dict[int, Read] = {}
    for record in records:
        if record.is_blank:
            continue
        if record.fault:
            refused.append(Outcome(record.number, "refused", errors=[record.fault]))
            continue
        row = read_row(record.cells, sheet.columns, form)
        if row.faults:
            refused.append(Outcome(record.number, "refused", errors=row.faults))
            continue
        numbered.append((record.number, row.fields))
        read[record.number] = row
    rows, invalid = validated(numbered) if numbered else ([], [])
    return [Row(row.number, row.sent, read[row.number].flags, read[row.number].letter) for row in rows], [
        *refused,
        *invalid,
    ]


async def _finish(worker: Worker, upload: Upload, failure: Refusal | None) -> None:
    async def work(tx: Transaction) -> None:
        if not await store.renew(tx, upload):
            raise commands.LeaseLost
        await store.finish(tx, upload, failure=failure)

    await worker.database.run(work)
    log.info("upload.finished", upload=str(upload.id), failure=failure.code if failure else None)
