"""What the records of an XLS (BIFF8) say of its cells beside their values: errors, formulas without one, formats.

Every record is looked at once. What can't be followed has no marks: whether it is a workbook at all, the library says.
"""

import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import IO

from tables.containers import FileFault
from tables.formats import mark_of_format
from tables.marks import ERROR_OF_FORMULA, NOTHING_YET, WITHOUT_VALUE, Mark, Marks, MarkTable, error

_SHIFT = struct.Struct("<H")
_SHIFTS = (9, 12)
"""Sectors have 512 or 4096 bytes."""
_FREE = 0xFFFFFFFA
"""Numbers from here on name no sector."""
_SMALL, _SMALL_SECTOR = 4096, 64
"""Bytes from which on a stream has sectors of its own, and those of the small ones."""
_ENTRY = 128
_IN_HEADER = 109
"""Sectors of the table of sectors that the header names itself."""
_NAMES = ("Workbook", "Book")

_RECORD = struct.Struct("<HH")
_CELL = struct.Struct("<HHH")
_BEGINNING, _END, _SHEET, _STYLE, _FORMAT = 0x0809, 0x000A, 0x0085, 0x00E0, 0x041E
_FORMULA, _ERROR, _NUMBER, _SHORT, _SHORTS = 0x0006, 0x0205, 0x0203, 0x027E, 0x00BD
_BIFF8 = 0x0600
_NO_NUMBER = 0xFFFF
_BOOLEAN, _FAILED, _NO_TEXT = 1, 2, 3
ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


def marks_of(file: IO[bytes]) -> dict[str, Marks]:
    """The marked cells of each sheet."""
    file.seek(0)
    with suppress(struct.error, IndexError):
        return _Reader(_stream(file.read())).marks()
    return {}


def _stream(file: bytes) -> bytes:
    """The workbook's records, put together from the sectors they lie in."""
    shift = _SHIFT.unpack_from(file, 0x1E)[0]
    if shift not in _SHIFTS:
        return b""
    size = 1 << shift
    sectors = _table(file, size)
    directory = _chain(file[size:], size, sectors, struct.unpack_from("<I", file, 0x30)[0])
    for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        name = directory[at : at + 64].decode("utf-16-le", errors="replace").partition("\0")[0]
        if name in _NAMES:
            first, length = struct.unpack_from("<II", directory, at + 116)
            if length >= _SMALL:
                return _chain(file[size:], size, sectors, first)[:length]
            return _small(file, size, sectors, directory)(first)[:length]
    return b""


def _small(file: bytes, size: int, sectors: list[int], directory: bytes) -> Callable[[int], bytes]:
    """Reads what is too short for sectors: it lies in small ones, within what the directory's first entry names."""
    within = _chain(file[size:], size, sectors, struct.unpack_from("<I", directory, 116)[0])
    named = _chain(file[size:], size, sectors, struct.unpack_from("<I", file, 0x3C)[0])
    table = list(struct.unpack(f"<{len(named) // 4}I", named[: len(named) // 4 * 4]))
    return lambda first: _chain(within, _SMALL_SECTOR, table, first)


def _table(file: bytes, size: int) -> list[int]:
    """For each sector the one that follows it."""
    first, count = struct.unpack_from("<II", file, 0x44)
    named = list(struct.unpack_from(f"<{_IN_HEADER}I", file, 0x4C))
    for _ in range(min(count, len(file) // size)):
        if first >= _FREE:
            break
        *more, first = struct.unpack_from(f"<{size // 4}I", file, (first + 1) * size)
        named += more
    table: list[int] = []
    for sector in named[: len(file) // size]:
        if sector < _FREE:
            table += struct.unpack_from(f"<{size // 4}I", file, (sector + 1) * size)
    return table


def _chain(content: bytes, size: int, sectors: list[int], first: int) -> bytes:
    found = bytearray()
    for _ in sectors:
        if first >= len(sectors):
            break
        found += content[first * size : (first + 1) * size]
        first = sectors[first]
    return bytes(found)


class _Reader:
    """Goes through the records of a workbook."""

    def __init__(self, records: bytes) -> None:
        self._records = records
        self._left = 3 * len(records)
        """Bytes that may be gone through: more mean that sheets lie upon each other."""
        self._kinds = MarkTable()
        self._nothing = self._kinds.number(NOTHING_YET, lambda: NOTHING_YET)
        self._unknown = self._kinds.number(WITHOUT_VALUE, lambda: WITHOUT_VALUE)
        self._formats: dict[str, str] = {}
        self._styles: list[Mark | None] = []
        self._calculated = False
        """Whether a formula was met that came to something, a zero included."""

    def marks(self) -> dict[str, Marks]:
        places, styles = self._frame()
        self._styles = [mark_of_format(style, self._formats) for style in styles]
        found = {name: self._sheet(at) for name, at in places.items()}
        if not self._calculated:
            for marks in found.values():
                marks.become(self._nothing, self._unknown)
        return found

    def _from(self, at: int) -> Iterator[tuple[int, int, int]]:
        """The records up to the end of their part: what each is, where it begins, its size. Raises `Fault`."""
        while at + _RECORD.size <= len(self._records):
            kind, size = _RECORD.unpack_from(self._records, at)
            if kind == _END:
                return
            self._left -= _RECORD.size + size
            if at + _RECORD.size + size > len(self._records):
                return
            if self._left < 0:
                raise FileFault("workbook_too_large")
            yield kind, at + _RECORD.size, size
            at += _RECORD.size + size

    def _frame(self) -> tuple[dict[str, int], list[str]]:
        """Where the sheets begin, and the format of each style."""
        places: dict[str, int] = {}
        styles: list[str] = []
        for kind, at, size in self._from(0):
            if at == _RECORD.size and kind != _BEGINNING:
                return {}, []
            if kind == _BEGINNING and struct.unpack_from("<H", self._records, at)[0] != _BIFF8:
                return {}, []
            if kind == _SHEET:
                letters = self._records[at + 6]
                places.setdefault(self._text(at + 7, letters), struct.unpack_from("<I", self._records, at)[0])
            elif kind == _FORMAT:
                number, letters = struct.unpack_from("<HH", self._records, at)
                self._formats[str(number)] = self._text(at + 4, letters)
            elif kind == _STYLE and size >= _CELL.size:
                styles.append(str(struct.unpack_from("<H", self._records, at + 2)[0]))
        return places, styles

    def _text(self, at: int, letters: int) -> str:
        wide = self._records[at] & 1
        text = self._records[at + 1 : at + 1 + (2 * letters if wide else letters)]
        return text.decode("utf-16-le" if wide else "latin-1", errors="replace")

    def _sheet(self, at: int) -> Marks:
        marks = Marks(self._kinds)
        for kind, start, size in self._from(at):
            if kind == _FORMULA:
                row, column, style = _CELL.unpack_from(self._records, start)
                for mark in self._of_formula(start + _CELL.size):
                    self._add(marks, row, column, mark)
                self._add(marks, row, column, self._style(style))
            elif kind == _ERROR:
                row, column, _ = _CELL.unpack_from(self._records, start)
                if self._records[start + 7]:
                    self._add(marks, row, column, self._error(self._records[start + 6]))
            elif kind in (_NUMBER, _SHORT):
                row, column, style = _CELL.unpack_from(self._records, start)
                self._add(marks, row, column, self._style(style))
            elif kind == _SHORTS:
                row, column = struct.unpack_from("<HH", self._records, start)
                for place in range((size - 6) // 6):
                    style = struct.unpack_from("<H", self._records, start + 4 + 6 * place)[0]
                    self._add(marks, row, column + place, self._style(style))
        return marks

    def _add(self, marks: Marks, row: int, column: int, mark: Mark | None) -> None:
        if mark:
            marks.add(row, column, self._kinds.number(mark, lambda: mark))

    def _style(self, style: int) -> Mark | None:
        return self._styles[style] if style < len(self._styles) else None

    def _of_formula(self, at: int) -> Iterator[Mark]:
        kind, _, value = self._records[at], self._records[at + 1], self._records[at + 2]
        if struct.unpack_from("<H", self._records, at + 6)[0] != _NO_NUMBER:
            self._calculated = True
            if struct.unpack_from("<d", self._records, at)[0] == 0:
                yield NOTHING_YET
        elif kind == _FAILED:
            self._calculated = True
            yield self._error(value)
            yield ERROR_OF_FORMULA
        elif kind == _NO_TEXT or (kind == _BOOLEAN and not value):
            yield NOTHING_YET
        else:
            self._calculated = True

    def _error(self, code: int) -> Mark:
        text = ERRORS.get(code, "#VALUE!")
        return self._kinds.marks[self._kinds.number(text, lambda: error(text))]
