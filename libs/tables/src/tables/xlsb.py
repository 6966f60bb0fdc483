"""What the records of an XLSB (BIFF12) say: its sheets, and of their cells what stands beside their values.

The parts are read bit by bit and every record is looked at once.
"""

import struct
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from tables.biff import ERRORS
from tables.containers import Container, FileFault
from tables.formats import mark_of_format
from tables.marks import ERROR_OF_FORMULA, NOTHING_YET, Mark, Marks, MarkTable, error

LARGEST_RECORD = 1024 * 1024
_ROW, _CELL_ERROR, _REAL, _RK = 0, 3, 5, 2
_TEXT_OF_FORMULA, _NUMBER_OF_FORMULA, _TRUTH_OF_FORMULA, _ERROR_OF_FORMULA = 8, 9, 10, 11
_FORMAT, _STYLE, _CELL_STYLES, _END_OF_CELL_STYLES = 44, 47, 617, 618
_WORKBOOK, _SHEET = 153, 156
_CELL = struct.Struct("<II")
_STYLE_BITS = 0xFFFFFF

Record = tuple[int, bytes]


def records(blocks: Iterable[bytes]) -> Iterator[Record]:
    """The records of a part: what each is, and its bytes. Raises `FileFault` for one that is not whole."""
    left = b""
    for block in blocks:
        piece, at = left + block, 0
        while (found := _record(piece, at)) is not None:
            kind, start, end = found
            yield kind, piece[start:end]
            at = end
        left = piece[at:]
        if len(left) > LARGEST_RECORD:
            raise FileFault("workbook_too_large")
    if left:
        raise FileFault("broken_workbook")


def _record(piece: bytes, at: int) -> tuple[int, int, int] | None:
    """What begins here, and from where to where its bytes are; none where the piece ends before it does."""
    kind = _number(piece, at, 2)
    size = _number(piece, kind[1], 4) if kind else None
    if not kind or not size or size[1] + size[0] > len(piece):
        return None
    return kind[0], size[1], size[1] + size[0]


def _number(piece: bytes, at: int, most: int) -> tuple[int, int] | None:
    """A number of seven bits a byte, and where it ends."""
    value = 0
    for place in range(most):
        if at + place >= len(piece):
            return None
        byte = piece[at + place]
        value |= (byte & 0x7F) << 7 * place
        if not byte & 0x80:
            return value, at + place + 1
    return value, at + most


def text_at(record: bytes, at: int) -> tuple[str, int]:
    """A text, and where it ends."""
    [letters] = struct.unpack_from("<I", record, at)
    end = at + 4 + 2 * letters
    return record[at + 4 : end].decode("utf-16-le", errors="replace"), end


def marks_of(container: Container) -> dict[str, Marks]:
    """The marked cells of each sheet."""
    kinds = MarkTable()
    assert container.binary is not None
    try:
        _read_workbook(container, container.binary)
        styles = _styles(container)
        return {name: _marks(container.blocks(part), styles, kinds) for name, part in container.sheets.items()}
    except (struct.error, IndexError) as broken:
        raise FileFault("broken_workbook") from broken


def _read_workbook(container: Container, part: str) -> None:
    """Its sheets, and from which day it counts."""
    for kind, record in records(container.blocks(part)):
        if kind == _WORKBOOK:
            container.date_1904 = bool(record[0] & 1)
        elif kind == _SHEET:
            relation, end = text_at(record, 8)
            container.add_sheet(text_at(record, end)[0], relation)


def _styles(container: Container) -> Mapping[int, Mark]:
    """The styles that show a number as more than its digits."""
    if container.styles is None:
        return {}
    formats: dict[str, str] = {}
    numbers: list[str] = []
    within = False
    for kind, record in records(container.blocks(container.styles)):
        if kind == _FORMAT:
            formats[str(struct.unpack_from("<H", record)[0])] = text_at(record, 2)[0]
        elif kind in (_CELL_STYLES, _END_OF_CELL_STYLES):
            within = kind == _CELL_STYLES
        elif kind == _STYLE and within:
            numbers.append(str(struct.unpack_from("<H", record, 2)[0]))
    marks = ((place, mark_of_format(number, formats)) for place, number in enumerate(numbers))
    return {place: mark for place, mark in marks if mark}


def _marks(blocks: Iterable[bytes], styles: Mapping[int, Mark], kinds: MarkTable) -> Marks:
    marks, row = Marks(kinds), 0
    for kind, record in records(blocks):
        if kind == _ROW:
            [row] = struct.unpack_from("<I", record)
        elif kind in (_CELL_ERROR, _RK, _REAL) or _TEXT_OF_FORMULA <= kind <= _ERROR_OF_FORMULA:
            column, style = _CELL.unpack_from(record)
            for mark in _of_cell(kind, record, styles.get(style & _STYLE_BITS)):
                marks.add(row, column, kinds.number(mark, partial(_itself, mark)))
    return marks


def _itself(mark: Mark) -> Mark:
    return mark


def _of_cell(kind: int, record: bytes, style: Mark | None) -> Iterator[Mark]:
    if kind in (_CELL_ERROR, _ERROR_OF_FORMULA):
        yield _error(record[_CELL.size])
        if kind == _ERROR_OF_FORMULA:
            yield ERROR_OF_FORMULA
    elif kind in _IDLE and not any(record[_CELL.size : _CELL.size + _IDLE[kind]]):
        yield NOTHING_YET
    if style and kind in (_RK, _REAL, _NUMBER_OF_FORMULA):
        yield style


_IDLE = {_NUMBER_OF_FORMULA: 8, _TEXT_OF_FORMULA: 4, _TRUTH_OF_FORMULA: 1}
"""Bytes that are zeros where a formula came to 0, to no text, to false."""
_MARKS: dict[int, Mark] = {code: error(text) for code, text in ERRORS.items()}


def _error(code: int) -> Mark:
    return _MARKS.get(code) or _MARKS[0x0F]
