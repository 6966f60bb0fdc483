"""A workbook of 50,000 rows and all columns of the 4W: how soon it is stored and counted, and in how much memory."""

import asyncio
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.sax.saxutils import escape

import asyncpg
import psutil
from client.uploads import Upload
from local.demo.sample import Size, sample_reports
from local.demo.scene import reference_of
from local.demo.spreadsheets import COLUMNS
from testkit.platform import Platform

from bench.figures import Measurement
from bench.fixture import database_of

FIELDS = [column[0] for column in COLUMNS]
HEADINGS = [column[1] for column in COLUMNS]
FIRST_MONTH = "2023-01"
"""No other measurement's rows are of these months."""
MIB = 1024 * 1024
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{WORKBOOK}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{WORKBOOK}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" Type="{KINDS}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" Type="{KINDS}/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{SHEETS}" xmlns:r="{KINDS}"><sheets>'
    '<sheet name="4W" sheetId="1" r:id="r1"/></sheets></workbook>',
}


async def upload(platform: Platform, rows: int) -> list[Measurement]:
    """From the request until every row is in the cells."""
    reporting = await asyncpg.connect(database_of(platform, "reporting"))
    try:
        with TemporaryDirectory(prefix="tansiq-bench-") as folder:
            file = Path(folder) / "4w.xlsx"
            await _write(platform, file, rows)
            async with platform.client("member") as member:
                before = await reporting.fetchval("select count(*) from report_fact")
                watched = asyncio.create_task(_most_memory(platform.pids()["activities-jobs"]))
                began = time.perf_counter()
                done = await member.uploads.finished(await member.uploads.send(file))
                stored = time.perf_counter() - began
                watched.cancel()
                _check(done, rows)
                while await reporting.fetchval("select count(*) from report_fact") < before + rows:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
                counted = time.perf_counter() - began
                (most,) = await asyncio.gather(watched)
    finally:
        await reporting.close()
    name = f"XLSX of {rows:,} rows × {len(FIELDS)} columns"
    return [
        Measurement(f"{name}, stored", stored, "s"),
        Measurement(f"{name}, counted in the cells", counted, "s", target="≤ 20 s"),
        Measurement(f"{name}, worker's memory", most / MIB, "MB", target="≤ 300 MB"),
    ]


def _check(done: Upload, rows: int) -> None:
    if done.state != "done" or done.accepted != rows:
        raise RuntimeError(f"the workbook was not taken: {done}")


async def _most_memory(pid: int) -> int:
    """The most the worker and the program that reads the workbook held together, until cancelled."""
    most = 0
    try:
        while True:
            most = max(most, _held(psutil.Process(pid)))
            await asyncio.sleep(0.05)
    except asyncio.CancelledError:
        return most


def _held(worker: psutil.Process) -> int:
    held = 0
    for process in (worker, *worker.children(recursive=True)):
        try:
            held += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return held


async def _write(platform: Platform, file: Path, rows: int) -> None:
    async with platform.client("secretariat") as secretariat:
        fixture = await reference_of(secretariat)
    size = Size(organisations=1, months=12, reports=rows, first_month=FIRST_MONTH)
    flat = (_flat(report.row) for report in sample_reports(size, fixture))
    await asyncio.to_thread(_write_workbook, file, flat)


def _flat(row: Any) -> dict[str, Any]:
    people = {f"people.{part}": count for part, count in row["people"].items()}
    return {**row, **people, "donors": row["donors"][0]}


def _write_workbook(file: Path, rows: Iterator[dict[str, Any]]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in PARTS.items():
            packed.writestr(name, content)
        with packed.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f'<worksheet xmlns="{SHEETS}"><sheetData>{_row(HEADINGS)}'.encode())
            for row in rows:
                sheet.write(_row([row.get(name) for name in FIELDS]).encode())
            sheet.write(b"</sheetData></worksheet>")


def _row(values: list[Any]) -> str:
    return f"<row>{''.join(map(_cell, values))}</row>"


def _cell(value: Any) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, bool):
        return f"<c t='b'><v>{value:d}</v></c>"
    if isinstance(value, int | float):
        return f"<c><v>{value}</v></c>"
    return f"<c t='inlineStr'><is><t>{escape(str(value))}</t></is></c>"
