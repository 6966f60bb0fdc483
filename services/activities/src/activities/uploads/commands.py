"""What changes uploads: queueing one, and taking the next rows of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from database import Transaction
from messaging import tracing
from runtime import audit
from runtime.access import Principal
from runtime.language import Language

from activities.reports import commands as reports
from activities.reports.domain import Origin, Outcome
from activities.uploads import store
from activities.uploads.domain import Progress, Upload, UploadForm


class LeaseLost(Exception):
    """Another worker has taken the upload over."""


async def queue_upload(
    tx: Transaction, principal: Principal, id: UUID, form: UploadForm, size: int, language: Language
) -> None:
    """Leave the file, whose chunks are stored already, to a worker."""
    await store.queue(
        tx,
        {
            "country": form.country,
            "id": id,
            "client": principal.subject,
            "role": principal.role.value,
            "organisation_id": principal.organisation_id,
            "sectors": list(principal.sectors),
            "areas": list(principal.areas),
            "month": form.month,
            "sector": form.sector,
            "organisation": form.organisation,
            "language": form.language or language,
            "size": size,
            "traceparent": tracing.traceparent(),
        },
    )
    await audit.record(tx, principal, "upload.receive", f"upload:{id}", {"size": size})


@dataclass(frozen=True)
class Step:
    """The next rows of a file, and from where to where in it they lead."""

    rows: Sequence[reports.Row]
    refused: Sequence[Outcome]
    before: int
    after: int
    position: int


async def take_rows(tx: Transaction, upload: Upload, step: Step, secret: bytes) -> Progress:
    """The effects of the next rows and the progress that says so, in one transaction. Raises `LeaseLost`."""
    if not await store.move(tx, upload, before=step.before, after=step.after, position=step.position):
        raise LeaseLost
    outcomes = await reports.submit_reports(
        tx, step.rows, upload.sender, secret, store.FileMemory(upload), Origin(upload.id)
    )
    outcomes = [*step.refused, *outcomes]
    progress = Progress(upload.progress.counts.copy(), upload.progress.assumptions.copy())
    progress.add(outcomes)
    await store.add_problems(tx, upload, [outcome for outcome in outcomes if outcome.errors])
    await store.note_progress(tx, upload, progress)
    return progress
