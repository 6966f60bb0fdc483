"""How a file of reports is read is data: kept as JSON, it reads the same rows."""

import asyncio
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from activities.uploads.book import Book, OpenedFile
from activities.uploads.cells import ReportReader
from activities.uploads.domain import UploadForm
from activities.uploads.headings import report_headings
from activities.uploads.row_context import RowContext
from tables.dates import EPOCH
from tables.extraction import extract
from tables.kinds import FileKind, kind_of
from tables.profile import Profile
from tables.text import OpenedText

SAMPLES = sorted(Path(__file__).with_name("samples").glob("real/*_3w_*"))
SAMPLES += sorted((Path(__file__).parents[2] / "docs" / "samples").glob("reports*"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
async def test_a_profile_that_was_kept_reads_the_same_reports(sample: Path) -> None:
    around = RowContext(UploadForm(country="SY", month="2024-03"))
    with sample.open("rb") as file, tempfile.TemporaryFile() as rows:
        opened: OpenedFile
        if (kind := kind_of(file)) is FileKind.TEXT:
            opened = OpenedText(file, 1, report_headings().understood)
            around = replace(around, in_text=True)
        else:
            file.seek(0)
            opened = await extract(file, kind, rows)
            around = replace(around, epoch=EPOCH)
        book = await asyncio.to_thread(Book, opened, None, lambda _: None, around)
        read = 0
        while batch := book.batch(1000):
            profile = batch.sheet.profile
            kept = Profile.model_validate_json(profile.model_dump_json())
            assert kept == profile
            first, again = ReportReader(profile, around), ReportReader(kept, around)
            for record in batch.records:
                one, other = first.read(record.cells), again.read(record.cells)
                assert (one.fields, one.flags, [*map(str, one.faults)]) == (
                    other.fields,
                    other.flags,
                    [*map(str, other.faults)],
                )
                read += 1
        assert read
