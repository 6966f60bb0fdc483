"""Files that are no tables, or mean harm: each fails with its reason, and the next one is read as if nothing were."""

import asyncio
import gzip
import io
import os
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tables import extraction
from tables.errors import WorkbookTooLarge
from tables.kinds import FileKind

from .conftest import ServiceClient
from .test_uploading import HXL, finished, send, taken, working
from .workbooks import bomb, ods, ole, part_of, sheet_xml, with_parts, workbook

SAMPLES = Path(__file__).with_name("samples")
ANY = "application/octet-stream"
GOOD = workbook({"5W": [["Sector", "Area", "Month"], ["WSH", "SY070302", "2026-10"]]})
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>*</t></si></sst>'
FAR_OUT = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
DTD = b'<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
WORD = with_parts(GOOD, {"xl/workbook.xml": None, "word/document.xml": b"<w/>"})


def zipped(**parts: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return written.getvalue()


def protected_xls() -> bytes:
    """An XLS whose second record says that the rest is encrypted."""
    content = (SAMPLES / "reports.xls").read_bytes()
    start = content.index(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    after = start + 4 + 16
    return content[:after] + b"\x2f\x00" + content[after + 2 :]


FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "web page": (lambda: b"<html><table><tr><td>Sector</td></tr></table></html>", "file_is_a_web_page"),
    "web page with a mark": (lambda: b"\xef\xbb\xbf\r\n <!DOCTYPE html>\n<p>", "file_is_a_web_page"),
    "web page for Excel": (
        lambda: b'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><body>',
        "file_is_a_web_page",
    ),
    "XHTML": (lambda: b'<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml">', "file_is_a_web_page"),
    "XML": (lambda: b'<?xml version="1.0"?><Workbook/>', "not_a_table"),
    "PDF": (lambda: b"%PDF-1.7\n1 0 obj", "not_a_table"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(50), "not_a_table"),
    "gzip": (lambda: gzip.compress(HXL.encode()), "not_a_table"),
    "Word": (lambda: WORD, "not_a_table"),
    "old Word": (lambda: ole("WordDocument"), "not_a_table"),
    "ZIP of a workbook": (lambda: zipped(report=GOOD), "not_a_table"),
    "encrypted XLSX": (lambda: ole("EncryptionInfo", "EncryptedPackage"), "file_encrypted"),
    "encrypted XLS": (protected_xls, "file_encrypted"),
    "encrypted ODS": (lambda: ods([["a"]], encrypted=True), "file_encrypted"),
    "cut off": (lambda: GOOD[: len(GOOD) // 2], "broken_workbook"),
    "cut off XLS": (lambda: (SAMPLES / "reports.xls").read_bytes()[:700], "broken_workbook"),
    "old Office file of nothing": (ole, "broken_workbook"),
    "sheet that is no XML": (lambda: with_parts(GOOD, {SHEET: b"<worksheet><sheetData><row"}), "broken_workbook"),
    "sheet that is not there": (lambda: with_parts(GOOD, {SHEET: None}), "broken_workbook"),
    "entity from outside": (lambda: with_parts(GOOD, {SHEET: DTD + sheet_xml("")[21:]}), "unsafe_workbook"),
    "only empty sheets": (lambda: workbook({"A": [], "B": []}), "empty_file"),
    "only hidden sheets": (lambda: workbook({"A": [], "B": [["Sector", "Area"]]}, hidden=["B"]), "no_sheets"),
    "no headings on any sheet": (lambda: workbook({"A": [["x", "y"]], "B": [["z"]]}), "no_sheets"),
    "blank lines": (lambda: b"\n" * 2_000_000, "empty_file"),
    "blank cells": (lambda: b",,,,\n" * 5_000, "empty_file"),
    "20,000 columns": (lambda: b"Sector,Area," + b"x," * 20_000 + b"\n", "too_many_columns"),
    "16,000 columns": (lambda: workbook({"5W": [["Sector", "Area", *"x" * 16_000]]}), "too_many_columns"),
    "JSON of something else": (lambda: b'[{"sector": "WSH"}]', "not_a_table"),
    "JSON cut off": (lambda: b'[["#sector", "#adm1"], ["WSH"', "malformed_json"),
    "far-out cell": (lambda: with_parts(GOOD, {SHEET: sheet_xml(FAR_OUT, "A1:XFD1048576")}), "workbook_too_large"),
    "two gigabytes announced": (lambda: bomb("xl/sharedStrings.xml", STRINGS, 2**31), "workbook_too_large"),
    "a string of 900 MB": (lambda: bomb("xl/sharedStrings.xml", STRINGS, 900 * 2**20), "workbook_too_large"),
}


@pytest.mark.parametrize("name", FILES)
async def test_a_bad_file_fails_with_its_reason_and_the_next_is_read(service: ServiceClient, name: str) -> None:
    make, code = FILES[name]
    content = make()
    async with working(service):
        bad = await send(service, content, kind=ANY)
        good = await send(service, GOOD, kind=ANY)
        assert (bad.status_code, good.status_code) == (202, 202)
        failed = await finished(service, bad.headers["location"])
        done = await finished(service, good.headers["location"])
        arabic = (await service.client.get(bad.headers["location"], headers=service.bearer())).json()
    assert (failed["state"], failed["failure"]["code"]) == ("failed", code), failed
    assert (done["state"], done["counts"]["accepted"]) == ("done", 1)
    assert "…" not in failed["failure"]["detail"] + arabic["failure"]["detail"]
    assert failed["failure"]["detail"] != arabic["failure"]["detail"]
    assert not await service.rows("select 1 from upload_chunk")


async def test_a_part_that_unfolds_to_more_than_it_announces_ends_at_the_wall(service: ServiceClient) -> None:
    content = bomb("xl/sharedStrings.xml", STRINGS, 1500 * 2**20, announced=1000)
    state = await taken(service, content, kind=ANY)
    assert state["state"] == "done" or state["failure"]["code"] in ("workbook_too_large", "broken_workbook")


async def test_a_dimension_that_is_only_announced_harms_nobody(service: ServiceClient) -> None:
    content = with_parts(GOOD, {SHEET: part_of(GOOD, SHEET).replace(b'ref="A1:C2"', b'ref="A1:XFD1048576"')})
    assert content != GOOD
    assert (await taken(service, content, kind=ANY))["counts"]["accepted"] == 1


async def test_an_empty_file_is_no_file(service: ServiceClient) -> None:
    answer = await send(service, b"", kind=ANY)
    assert (answer.status_code, answer.json()["code"]) == (422, "file_missing")


async def test_a_row_with_too_many_cells_is_refused_alone(service: ServiceClient) -> None:
    row = ["WSH", "SY070302", "2026-10"]
    content = workbook({"5W": [["Sector", "Area", "Month"], [*row, *["x"] * 600], row]})
    state = await taken(service, content, kind=ANY)
    assert [(problem["row"], problem["code"]) for problem in state["problems"]] == [(2, "row_too_large")]
    assert state["counts"]["accepted"] == 1


async def test_a_cell_longer_than_any_field_is_kept_as_far_as_it_goes(service: ServiceClient) -> None:
    content = workbook({"5W": [["Sector", "Area", "Month", "Comments"], ["WSH", "SY070302", "2026-10", "y" * 32_000]]})
    state = await taken(service, content, kind=ANY)
    assert (state["problems"], state["values_not_understood"][0]["field"]) == ([], "comments")
    [row] = await service.rows("select comments, length(as_written ->> 'comments') as kept from report")
    assert row == {"comments": None, "kept": 5000}


@pytest.mark.parametrize("ending", ["kill -ABRT $$", "kill -KILL $$", "kill -SEGV $$", "exit 1", "echo not json"])
async def test_whatever_becomes_of_the_reading_program_is_a_failure_of_its_file(
    service: ServiceClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ending: str
) -> None:
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\n{ending}\n")
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(program))
    state = await taken(service, GOOD, kind=ANY)
    assert state["failure"]["code"] in ("workbook_too_large", "broken_workbook")


TOLD = frozenset(code for _, code in FILES.values()) | {"no_headings", "sheet_hidden", "encoding_not_understood"}


@given(start=st.integers(0, len(GOOD) - 1), damage=st.binary(min_size=1, max_size=40))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_damage_to_a_workbook_is_read_over_or_told(service: ServiceClient, start: int, damage: bytes) -> None:
    content = GOOD[:start] + damage + GOOD[start + len(damage) :]
    state = await taken(service, content, kind=ANY)
    assert state["state"] == "done" or state["failure"]["code"] in TOLD


def written_in(file: Path) -> str:
    while not (file.exists() and file.read_text()):
        time.sleep(0.02)
    return file.read_text()


async def test_the_reading_program_knows_no_settings_and_ends_with_its_worker(
    service: ServiceClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = tmp_path / "environment"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\nenv > {told}\necho $$ >> {told}.pid\nexec sleep 60\n")
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.setenv("TANSIQ_UNIT_KEY", "canary-secret")
    async with working(service):
        sent = await send(service, GOOD, kind=ANY)
        process = int(await asyncio.to_thread(written_in, Path(f"{told}.pid")))
    assert "canary" not in await asyncio.to_thread(told.read_text)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    # Told to stop, the worker gave the file back: whoever comes next reads it.
    monkeypatch.undo()
    async with working(service):
        state: dict[str, Any] = await finished(service, sent.headers["location"])
    assert state["counts"]["accepted"] == 1


async def test_a_program_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.setattr(extraction, "WALL", 0.02)
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as rows, pytest.raises(WorkbookTooLarge):
        await extraction.extract(file, FileKind.WORKBOOK, rows)


def test_a_small_file_can_ask_for_little_time_and_no_file_for_much() -> None:
    times = [extraction.cpu_seconds(size) for size in (0, 18_000, 6 * 2**20, 100 * 2**20)]
    assert times == [10, 10, 34, 60]
