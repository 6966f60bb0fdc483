"""Partners send: NDJSON from a database of their own, CSV and XLSX from their spreadsheets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from client import Tansiq
from client.bulk import PushResult
from client.uploads import Upload, UploadDefaults

from local.demo.concurrency import together
from local.demo.partners import Partner
from local.demo.sample import SampleReport
from local.demo.spreadsheets import WrittenFile, write

CHUNK = 100
UNPLACED = "unknown_area"

Reports = Mapping[int, Sequence[SampleReport]]


class NotTaken(Exception):
    """Other rows of the sample were refused than were meant to be: the sample and the platform do not fit."""


@dataclass(frozen=True)
class SentFiles:
    """Rows that were taken, of how many files, and rows that were refused as they had to be."""

    rows: int = 0
    files: int = 0
    refused: int = 0


async def push_all(partners: Sequence[Partner], reports: Reports, patience: float) -> SentFiles:
    """Those with a database of their own push NDJSON."""

    async def push(partner: Partner) -> int:
        async with Tansiq(partner.credentials, patience_seconds=patience) as tansiq:
            taken = 0
            rows = [report.row for report in reports[partner.organisation.number]]
            for start in range(0, len(rows), CHUNK):
                async for pushed in tansiq.reports.push(rows[start : start + CHUNK]):
                    taken += _all_taken(partner, pushed)
            return taken

    counts = await together(push, [partner for partner in partners if partner.organisation.sends == "ndjson"])
    return SentFiles(sum(counts))


async def upload_all(partners: Sequence[Partner], reports: Reports, patience: float) -> SentFiles:
    """The others upload a spreadsheet each, with messy cells and one row that nobody can place."""
    with TemporaryDirectory(prefix="tansiq-demo-") as folder:

        async def upload(partner: Partner) -> WrittenFile:
            own = reports[partner.organisation.number]
            written = write(Path(folder), own)
            async with Tansiq(partner.credentials, patience_seconds=patience) as tansiq:
                sent = await tansiq.uploads.send(written.file, UploadDefaults(country="SY"))
                await _check(tansiq, written, await tansiq.uploads.finished(sent))
            return written

        files = await together(upload, [each for each in partners if each.organisation.sends != "ndjson"])
    return SentFiles(sum(each.good for each in files), len(files), sum(each.unplaced for each in files))


async def _check(tansiq: Tansiq, written: WrittenFile, done: Upload) -> None:
    if (done.state, done.accepted, done.rejected) == ("done", written.good, written.unplaced):
        codes = {problem.code async for problem in tansiq.uploads.problems(done.id)}
        if codes <= {UNPLACED}:
            return
    problems = [problem async for problem in tansiq.uploads.problems(done.id)]
    raise NotTaken(f"{written.file.name}: {done.state}, {done.counts}, {problems[:3]}, {done.failure}")


def _all_taken(partner: Partner, pushed: PushResult) -> int:
    if pushed.rejected:
        raise NotTaken(f"{partner.organisation.external_id}: {pushed.problems[0].errors}")
    return pushed.accepted
