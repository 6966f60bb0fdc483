"""A program of its own: turns a workbook into rows of text, behind walls that its file's faults don't pass.

`python -m tables.workbook KIND DESCRIPTOR SECONDS` reads its standard input, writes one JSON array a row
to the descriptor and, at its end, one JSON object to its standard output: the sheets with where their rows are, or the
code of the fault. It holds no settings, no secrets and no connections; what it may use of memory and time the system
bounds.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain
from typing import IO, Any

import orjson
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError
from python_calamine import SheetTypeEnum as SheetType
from python_calamine import SheetVisibleEnum as Visible

from tables import biff, opendocument, xlsb, xlsx
from tables.containers import Container, FileFault
from tables.limits import limit_resources
from tables.marks import Mark, Marks, is_prepared, shown
from tables.merging import MergedCells, Range

MIB = 1024 * 1024
MOST_SHEETS = 100
MOST_COLUMNS = 500
MOST_ROWS = 1_048_576
MOST_ROWS_IN_ALL = 2 * MOST_ROWS
"""Of all sheets, blank ones counted: a cell in the last row of each of a hundred sheets is two hundred bytes."""
LONGEST_CELL = 6_000
"""Letters kept of a cell: more than any field takes, so that what is cut off here is refused there."""
LONGEST_NAME = 100
EXACT = 2**53
"""Whole numbers below it are exact in a cell; beyond, neighbours are one number."""


def main() -> None:
    kind, descriptor, seconds = sys.argv[1:]
    limit_resources(int(seconds))
    with open(0, "rb", buffering=MIB, closefd=False) as file, open(int(descriptor), "wb", buffering=MIB) as rows:
        answer = _answer(kind, file, rows)
    os.write(1, orjson.dumps(answer))


def _answer(kind: str, file: IO[bytes], rows: IO[bytes]) -> dict[str, Any]:
    try:
        return _json(file, rows) if kind == "json" else _workbook(file, rows)
    except FileFault as fault:
        return {"failure": fault.code}
    except PasswordError:
        return {"failure": "file_encrypted"}
    except (MemoryError, OverflowError):
        return {"failure": "workbook_too_large"}
    except OSError as full:
        return {"failure": "workbook_too_large" if "too large" in str(full) else "broken_workbook"}
    except (CalamineError, ValueError, EOFError):
        return {"failure": "broken_workbook"}
    except BaseException as panic:
        # A panic of the reading library is no `Exception`; there is nobody behind this program to hear it.
        return {"failure": "workbook_too_large" if "capacity" in str(panic) else "broken_workbook"}


def _workbook(file: IO[bytes], rows: IO[bytes]) -> dict[str, Any]:
    container = Container(file)
    # Before the workbook is opened: both read one file.
    marks, spans = _looked_through(container, file)
    file.seek(0)
    workbook = CalamineWorkbook.from_path(f"/dev/fd/{file.fileno()}")
    sheets: list[dict[str, Any]] = []
    known: set[str] = set()
    left = MOST_ROWS_IN_ALL
    for number, sheet in enumerate(workbook.sheets_metadata, start=1):
        told: dict[str, Any] = {"name": _name(sheet.name)}
        if number > MOST_SHEETS:
            told["passed_over"] = "too_many_sheets"
        elif sheet.typ != SheetType.WorkSheet:
            told["passed_over"] = "sheet_without_cells"
        elif sheet.visible != Visible.Visible:
            told["passed_over"] = "sheet_hidden"
        elif sheet.name in known or sheet.name in container.repeated:
            told["passed_over"] = "sheet_repeated"
        else:
            cells = workbook.get_sheet_by_name(sheet.name)
            merged = MergedCells(spans.get(sheet.name, cells.merged_cell_ranges or ()))
            told |= _sheet(cells, marks.get(sheet.name), merged, rows, left)
            left -= told.get("rows", 0)
        known.add(sheet.name)
        sheets.append(told)
        if number > MOST_SHEETS:
            break
    return {"sheets": sheets, "date_1904": container.date_1904}


def _looked_through(container: Container, file: IO[bytes]) -> tuple[dict[str, Marks], dict[str, list[Range]]]:
    """What is known of the cells of each sheet beside their values, and the merged ones the library doesn't tell."""
    if container.is_old:
        return biff.marks_of(file), {}
    if container.binary:
        return xlsb.marks_of(container), {}
    if container.content:
        return opendocument.marks_of(container, container.content)
    return xlsx.marks_of(container), {}


def _sheet(
    sheet: CalamineSheet, marks: Marks | None, merged: MergedCells, rows: IO[bytes], left: int
) -> dict[str, Any]:
    last = marks.last_row if marks else -1
    if sheet.start is None and last < 0:
        return {"passed_over": "sheet_empty"}
    if min(max(sheet.end[0] if sheet.end else 0, last) + 1, MOST_ROWS) > left:
        raise FileFault("workbook_too_large")
    offset = rows.tell()
    written = _write_all(_cells(sheet, marks, last, merged), rows)
    return {"offset": offset, "rows": written} | ({"merged": True} if merged.filled else {})


def _cells(sheet: CalamineSheet, marks: Marks | None, last: int, merged: MergedCells) -> Iterator[list[str]]:
    """The rows as a person counts and sees them: from the sheet's first row and column, filled or not."""
    padding = [""] * (sheet.start[1] if sheet.start else 0)
    widest = 0
    marked = marks.by_row() if marks else iter(())
    row, of_row = next(marked, (-1, []))
    number = -1
    for number, values in enumerate(sheet.iter_rows() if sheet.start else ()):
        cells = padding + [WRITE[value.__class__](value) for value in values]
        if number == row:
            cells = _as_seen(cells, of_row, widest)
            row, of_row = next(marked, (-1, []))
        if last >= 0:
            widest = max(widest, sum(map(bool, cells)))
        yield merged.fill(number, cells)
    for below in range(number + 1, min(last + 1, MOST_ROWS)):
        cells = _as_seen([], of_row, widest) if below == row else []
        if below == row:
            row, of_row = next(marked, (-1, []))
        yield merged.fill(below, cells)


def _as_seen(cells: list[str], marks: Sequence[tuple[int, Mark]], widest: int) -> list[str]:
    return [] if is_prepared(cells, marks, widest) else shown(cells, marks)


def _bare(cells: list[str]) -> Sequence[str]:
    """Without the empty cells at its end, and never longer than what is refused as too long."""
    last = len(cells)
    while last and not cells[last - 1]:
        last -= 1
    return cells[: min(last, MOST_COLUMNS + 1)]


def _json(file: IO[bytes], rows: IO[bytes]) -> dict[str, Any]:
    """HXL as JSON: an array of rows, each an array of cells, or an object of cells by their tags."""
    try:
        found = orjson.loads(file.read().removeprefix(b"\xef\xbb\xbf"))
    except ValueError as malformed:
        raise FileFault("malformed_json") from malformed
    kinds = {row.__class__ for row in found} if isinstance(found, list) else {str}
    if len(kinds) > 1 or kinds - {list, dict}:
        raise FileFault("not_a_table")
    if len(found) > MOST_ROWS_IN_ALL:
        raise FileFault("workbook_too_large")
    written = _write_all(([_scalar(cell) for cell in row] for row in _as_arrays(found)), rows)
    return {"sheets": [{"name": None, "offset": 0, "rows": written}], "date_1904": False}


def _as_arrays(found: Sequence[Any]) -> Iterable[Sequence[object]]:
    """Rows that are objects as a row of their tags and one of cells for each."""
    if not found or isinstance(found[0], list):
        return found
    names = list(dict.fromkeys(name for row in found for name in row))
    if len(names) > MOST_COLUMNS or not all(name.startswith("#") for name in names):
        raise FileFault("not_a_table")
    return chain([names], ([row.get(name) for name in names] for row in found))


def _write_all(found: Iterable[list[str]], rows: IO[bytes]) -> int:
    """How many rows were written."""
    count = 0
    for count, cells in enumerate(found, start=1):  # noqa: B007  the last number is the answer
        rows.write(orjson.dumps(_bare(cells)))
        rows.write(b"\n")
    return count


def _scalar(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, list | dict):
        raise FileFault("not_a_table")
    return WRITE.get(cell.__class__, str)(cell)


def _name(name: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in name[:LONGEST_NAME])


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_CELL else text[:LONGEST_CELL]


def _whole(value: int) -> str:
    """As `_number` does: who reads it after us may take it for a floating-point one, as who wrote it may have."""
    return str(value) if abs(value) < EXACT else format(value, ".15g")


def _number(value: float) -> str:
    """`2024.0` is 2024, and 0.1 + 0.2 is 0.3, as the spreadsheet shows it; only a long whole number has an exponent."""
    if value.is_integer() and abs(value) < EXACT:
        return str(int(value))
    text = format(value, ".15g")
    text = format(Decimal(text), "f") if "e-" in text else text
    # With a fourth decimal nobody takes three of them for thousands, as in `1.234` that was typed as text.
    return f"{text}0" if text[-4:-3] == "." else text


def _moment(value: datetime) -> str:
    return value.date().isoformat() if value.time() == value.min.time() else value.isoformat(timespec="seconds")


WRITE: dict[type, Callable[[Any], str]] = {
    str: _short,
    float: _number,
    int: _whole,
    bool: lambda value: "true" if value else "false",
    datetime: _moment,
    date: date.isoformat,
    time: time.isoformat,
    timedelta: str,
}

if __name__ == "__main__":
    main()
