"""A CSV file as rows: its encoding, its separator, where its headings are; read bit by bit."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from runtime.problems import Refusal

from activities.reports.errors import RowTooLarge
from activities.uploads.errors import BrokenRecord, NoHeadings, NotAText
from activities.uploads.headings import (
    LEAST_HEADINGS,
    Column,
    headed_columns,
    is_tag_row,
    recognised,
    tagged_columns,
)

FIRST_ROWS = 25
"""Rows among which the headings must be."""
LONGEST_LINE = 1024 * 1024
MOST_LINES = 50
"""Lines of one record; more mean that a quotation mark is not closed."""
MOST_COLUMNS = 500
TOO_LONG = "\x00too long"

csv.field_size_limit(LONGEST_LINE)
_ARABIC_WORD = re.compile("[\u0621-\u064a]{3,}")


@dataclass(frozen=True)
class Record:
    """A row of the file, numbered as a spreadsheet does."""

    number: int
    cells: Sequence[str]
    fault: Refusal | None = None

    @property
    def is_blank(self) -> bool:
        return self.fault is None and not any(cell.strip() for cell in self.cells)


class Sheet:
    """A file opened for reading, its headings understood. Raises `NoHeadings`, `NotAText`."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.encoding = encoding_of(file)
        self.assumptions = ["windows_1256"] if self.encoding == "cp1256" else []
        self._separator = _separator(self._text())
        top = list(islice(self._from_start(), FIRST_ROWS))
        self.columns, self.first_row = _understood(top)
        self._records = self._from_start()
        self.read = 0

    def skip_to(self, records: int) -> None:
        """Pass over the headings, and over rows whose effects are stored already."""
        for _ in range(max(records, self.first_row - 1) - self.read):
            if next(self._records, None) is None:
                break
            self.read += 1

    def batch(self, most: int) -> list[Record]:
        """The next rows, blank ones included; none at the end."""
        found = list(islice(self._records, most))
        self.read += len(found)
        return found

    @property
    def position(self) -> int:
        return self._file.tell()

    def _from_start(self) -> Iterator[Record]:
        return _records(self._text(), self._separator)

    def _text(self) -> io.TextIOBase:
        self._file.seek(0)
        # Not closed with the wrapper: the same file is read more than once.
        return _Text(self._file, encoding=self.encoding, errors="surrogateescape", newline="")


class _Text(io.TextIOWrapper):
    def __del__(self) -> None:
        """Leave the file beneath open."""
        if not self.closed:
            self.detach()


def _records(text: io.TextIOBase, separator: str) -> Iterator[Record]:
    reader = csv.reader(_lines(text), delimiter=separator)
    number, line = 0, 0
    while True:
        number += 1
        try:
            cells = next(reader, None)
        except csv.Error:
            yield Record(number, (), BrokenRecord(row=number, lines=reader.line_num - line))
        else:
            if cells is None:
                return
            yield Record(number, cells, _fault(number, cells, reader.line_num - line))
        line = reader.line_num


def _fault(number: int, cells: Sequence[str], lines: int) -> Refusal | None:
    if lines > MOST_LINES:
        return BrokenRecord(row=number, lines=lines)
    if len(cells) > MOST_COLUMNS or (cells and cells[0].startswith(TOO_LONG)):
        return RowTooLarge(row=number)
    return None


def _lines(text: io.TextIOBase) -> Iterator[str]:
    """Lines, each within its limit, so that a file without line breaks is not read whole."""
    while line := text.readline(LONGEST_LINE):
        if len(line) < LONGEST_LINE or line.endswith(("\n", "\r")):
            yield line
            continue
        while line and not line.endswith(("\n", "\r")):
            line = text.readline(LONGEST_LINE)
        yield TOO_LONG + "\n"


def encoding_of(file: BinaryIO) -> str:
    """UTF-16 by its mark, else UTF-8; Windows-1256 only where no line beyond ASCII is UTF-8 and it reads as Arabic."""
    file.seek(0)
    start = file.read(4)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if b"\x00" in start or start[:2] == b"PK":
        raise NotAText
    file.seek(0)
    arabic = False
    while line := file.readline(LONGEST_LINE):
        if line.isascii():
            continue
        try:
            line.decode("utf-8-sig")
            return "utf-8-sig"
        except UnicodeDecodeError:
            arabic = arabic or bool(_ARABIC_WORD.search(line.decode("cp1256", errors="replace")))
    return "cp1256" if arabic else "utf-8-sig"


def _separator(text: io.TextIOBase) -> str:
    """What stands most often in the first lines."""
    start = "".join(islice(_lines(text), FIRST_ROWS))
    return max(",;\t|", key=start.count)


def _understood(top: Sequence[Record]) -> tuple[list[Column], int]:
    """The columns, and the number of the first row of data."""
    rows = [record for record in top if record.fault is None]
    for place, record in enumerate(rows):
        if is_tag_row(record.cells):
            headings = rows[place - 1].cells if place else ()
            return tagged_columns(record.cells, headings), record.number + 1
    best = max(rows, key=lambda record: recognised(record.cells), default=None)
    if best is None or recognised(best.cells) < LEAST_HEADINGS:
        raise NoHeadings(limit=FIRST_ROWS)
    return headed_columns(best.cells), best.number + 1
