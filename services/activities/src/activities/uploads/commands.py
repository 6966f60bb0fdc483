"""What changes uploads: queueing one, and taking the next rows of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from database import Transaction
from jobs import JobLeaseLost
from runtime import audit
from runtime.access import Principal
from runtime.language import Language
from runtime.rows.outcomes import Outcome
from tables.records import TableRecord

from activities.reports import commands as reports
from activities.reports.domain import Origin
from activities.uploads import queries, store
from activities.uploads.book import ReportSheet
from activities.uploads.causes import RefusedRows
from activities.uploads.domain import PassedOver, Upload, UploadForm, UploadProgress
from activities.uploads.errors import TooManyWaiting


@dataclass(frozen=True)
class StoredFile:
    """A file whose chunks are stored, with what its sender said of it."""

    id: UUID
    form: UploadForm
    size: int
    name: str | None


MOST_WAITING = 50
"""Files of one sender's side."""


async def check_waiting(tx: Transaction, principal: Principal) -> None:
    """Raises `TooManyWaiting`."""
    if await queries.waiting_of(tx, principal) >= MOST_WAITING:
        raise TooManyWaiting(limit=MOST_WAITING)


async def queue_upload(tx: Transaction, principal: Principal, file: StoredFile, language: Language) -> None:
    """Leave the file to a worker. Raises `TooManyWaiting`."""
    await store.lock_sender(tx, principal)
    await check_waiting(tx, principal)
    form = file.form
    await store.queue(
        tx,
        {
            "country": form.country,
            "id": file.id,
            "client": principal.subject,
            "role": principal.role.value,
            "organisation_id": principal.organisation_id,
            "sectors": list(principal.sectors),
            "areas": list(principal.areas),
            "month": form.month,
            "sector": form.sector,
            "organisation": form.organisation,
            "replaces": form.replaces,
            "status": form.status,
            "language": form.language or language,
            "accept_ignored": form.accept_ignored,
            "dry_run": form.dry_run,
            "confirm": form.confirm,
            "size": file.size,
            "file_name": file.name,
        },
    )
    await audit.record(tx, principal, "upload.receive", f"upload:{file.id}", {"size": file.size})


@dataclass(frozen=True)
class UploadStep:
    """The next rows of a sheet, and from where to where in the file they lead."""

    sheet: ReportSheet
    rows: Sequence[reports.ReportRow]
    rejected: Sequence[Outcome]
    passed: PassedOver
    before: int
    after: int
    position: int
    records: Sequence[TableRecord] = ()
    """The rows as they stand in the file."""

    def refused(self, outcomes: Sequence[Outcome]) -> RefusedRows:
        """Those of its rows that have faults, with their cells."""
        faulty = [outcome for outcome in outcomes if outcome.errors]
        cells = {record.number: record.cells for record in self.records} if faulty else {}
        return RefusedRows(self.sheet.number, faulty, self.sheet.profile.columns, cells)


async def take_rows(tx: Transaction, upload: Upload, step: UploadStep, secret: bytes) -> UploadProgress:
    """The effects of the next rows and the progress that says so, in one transaction. Raises `LeaseLost`."""
    if not await store.move(tx, upload, before=step.before, after=step.after, position=step.position):
        raise JobLeaseLost
    origin = Origin(upload.id, step.sheet.source.name)
    memory = store.FileHistory(upload, step.sheet.number, step.sheet.source.name)
    taken = await reports.submit_reports(tx, step.rows, upload.sender, secret, memory, origin)
    outcomes = [*step.rejected, *taken]
    return await _note(tx, upload, outcomes, step.refused(outcomes), step.passed)


async def take_deferred_rows(tx: Transaction, upload: Upload, end: int, secret: bytes) -> UploadProgress | None:
    """As `take_rows`, of rows that were laid aside until all others were known; none where there are no more.

    `end` is the file's last record. Raises `LeaseLost`.
    """
    if not await store.move(tx, upload, before=end, after=end, position=upload.size):
        raise JobLeaseLost
    aside = await store.take_deferred(tx, upload)
    if aside is None:
        return None
    memory = store.FileHistory(upload, aside.sheet, aside.sheet_name, last=True)
    origin = Origin(upload.id, aside.sheet_name)
    outcomes = await reports.submit_reports(tx, aside.rows, upload.sender, secret, memory, origin)
    return await _note(tx, upload, outcomes, RefusedRows(aside.sheet, outcomes), PassedOver())


async def _note(
    tx: Transaction, upload: Upload, outcomes: Sequence[Outcome], refused: RefusedRows, passed: PassedOver
) -> UploadProgress:
    await store.note_unchanged(tx, upload, outcomes)
    progress = upload.progress.with_outcomes(outcomes, refused, passed)
    await store.add_problems(tx, upload, refused.sheet, outcomes)
    await store.note_progress(tx, upload, progress)
    return progress
