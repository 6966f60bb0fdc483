"""A file in text form (CSV and its kin) as rows, read bit by bit."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import BinaryIO

from runtime.problems import Refusal
from runtime.rows.errors import RowTooLarge

from tables.codepages import is_arabic
from tables.delimited import ARABIC, START, declared_separator, encoding_of, errors_of, separator
from tables.errors import BrokenRecord
from tables.records import MOST_COLUMNS, RowSource, TableRecord

MOST_BLANK = 10_000
LONGEST_LINE = 1024 * 1024
MOST_LINES = 50
"""Lines of one record; more mean that a quotation mark is not closed."""
LONGEST_RECORD = 2 * LONGEST_LINE
"""Letters of one record, however many cells and lines it has."""
TOO_LONG = "\x00too long"
_AS_TEXT = re.compile(r'="((?:[^"]|"")*+)"')

csv.field_size_limit(LONGEST_LINE)


class TextSource:
    """A text file as the one sheet it is."""

    name: str | None = None

    def __init__(
        self,
        file: BinaryIO,
        understood: Callable[[Sequence[str]], int],
        is_arabic: Callable[[bytes], bool] = is_arabic,
    ) -> None:
        """`understood` tells how many headings are understood of a row's cells, `is_arabic` whether it is cp1256."""
        self._file = file
        self.encoding = encoding_of(file, is_arabic)
        self.assumptions: Sequence[str] = ["windows_1256"] if self.encoding == ARABIC else []
        self._declared = declared_separator(self._text())
        self._separator = self._declared or separator(_start(self._text()), understood)

    def records(self) -> Iterator[TableRecord]:
        text = self._text()
        if self._declared:
            # A spreadsheet doesn't count the line.
            text.readline()
        return _records(text, self._separator)

    def position(self) -> int:
        return self._file.tell()

    def _text(self) -> io.TextIOBase:
        self._file.seek(0)
        # Not closed with the wrapper: the same file is read more than once.
        return _Text(self._file, encoding=self.encoding, errors=errors_of(self.encoding), newline="")


class OpenedText:
    """A text file opened: one sheet without a name."""

    def __init__(self, file: BinaryIO, size: int, understood: Callable[[Sequence[str]], int]) -> None:
        source = TextSource(file, understood)
        self.sources: Sequence[RowSource] = [source]
        self.assumptions: Sequence[str] = source.assumptions
        self.size = size


class _Text(io.TextIOWrapper):
    def __del__(self) -> None:
        """Leave the file beneath open."""
        if not self.closed:
            self.detach()


def _records(text: io.TextIOBase, separator: str) -> Iterator[TableRecord]:
    lines = _LinesOfARecord(text)
    reader = csv.reader(lines, delimiter=separator)
    number, line = 0, 0
    while True:
        number += 1
        lines.begin()
        try:
            cells = next(reader, None)
        except (csv.Error, _RecordTooLong):
            yield TableRecord(number, (), BrokenRecord(row=number, lines=reader.line_num - line))
        else:
            if cells is None:
                return
            fault = _fault(number, cells, reader.line_num - line)
            if lines.has_formulas and not fault:
                cells = _as_shown(cells)
            yield TableRecord(number, cells[: MOST_COLUMNS + 1] if fault else cells, fault)
        line = reader.line_num


def _as_shown(cells: list[str]) -> list[str]:
    """A cell such as `="0042"` is the text in it: so programs keep spreadsheets from taking its zeros away."""
    return [found[1].replace('""', '"') if (found := _AS_TEXT.fullmatch(cell)) else cell for cell in cells]


def _fault(number: int, cells: Sequence[str], lines: int) -> Refusal | None:
    if lines > MOST_LINES:
        return BrokenRecord(row=number, lines=lines)
    if len(cells) > MOST_COLUMNS or (cells and cells[0].startswith(TOO_LONG)):
        return RowTooLarge(row=number)
    return None


class _RecordTooLong(Exception):
    """A record goes on for longer than can be held."""


class _LinesOfARecord:
    """The lines a record is read from, as many as it may have."""

    def __init__(self, text: io.TextIOBase) -> None:
        self._lines = _lines(text)
        self.begin()

    def begin(self) -> None:
        """Another record."""
        self.letters = 0
        self.has_formulas = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.letters > LONGEST_RECORD:
            raise _RecordTooLong
        line = next(self._lines)
        self.letters += len(line)
        self.has_formulas = self.has_formulas or '="' in line
        return line


def _lines(text: io.TextIOBase) -> Iterator[str]:
    """Lines, each within its limit, so that a file without line breaks is not read whole."""
    while line := text.readline(LONGEST_LINE):
        if len(line) < LONGEST_LINE or line.endswith(("\n", "\r")):
            yield line
            continue
        while line and not line.endswith(("\n", "\r")):
            line = text.readline(LONGEST_LINE)
        yield TOO_LONG + "\n"


def _start(text: io.TextIOBase) -> str:
    """The text from its first filled line, as far as the separator is told by it."""
    found: list[str] = []
    size = 0
    for line in islice(_lines(text), MOST_BLANK):
        if found or not line.isspace():
            found.append(line)
            size += len(line)
        if size >= START:
            break
    return "".join(found)
