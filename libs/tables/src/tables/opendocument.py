"""What the XML of an ODS says of its cells beside their values, and which of them are merged.

Cells have no names there, only places behind one another: all are counted, but only in a file that has something to
find. Each expression looks at every byte a bounded number of times.
"""

import re
from collections.abc import Iterator
from functools import cache

from tables.containers import CARRY, Container, attributes
from tables.formats import PERCENTAGE, padded
from tables.marks import (
    ERROR_OF_FORMULA,
    MOST_COLUMNS,
    NOTHING_YET,
    WITHOUT_VALUE,
    Mark,
    Marks,
    MarkTable,
    error,
)
from tables.merging import Range

_WORTH_IT = re.compile(
    rb"table:formula=|table:number-rows-spanned=\"(?!1\")|<text:p>0\d"
    rb"|office:value-type=\"percentage\"|calcext:value-type=\"error\""
)
_TOKEN = re.compile(
    rb"<table:(?:(table)\s([^<>]*+)>"
    rb"|(table-row)\b([^<>]*+)>"
    rb"|((?:covered-)?+table-cell)\b([^<>]*+)>(?:<text:p>([^<]{1,300}+)</text:p>)?+)"
)
_REPEATED = re.compile(rb"\btable:number-(?:rows|columns)-repeated=\"(\d{1,10})\"")
_SPANNED = re.compile(rb"\btable:number-rows-spanned=\"(\d{1,7})\"")
_NOTHING = re.compile(r"(?:0(?:\.0*)?|false|\s*)\Z")
_PADDED = re.compile(rb"0\d{1,100}\Z")
MOST_REPEATED = 1000
"""Times a marked cell or row may be repeated: more of the same are formulas prepared to the sheet's end."""


def marks_of(container: Container, part: str) -> tuple[dict[str, Marks], dict[str, list[Range]]]:
    """The marked cells and the merged ones of each sheet."""
    reader = _Reader()
    if any(_WORTH_IT.search(piece) for piece, _ in container.pieces(part)):
        for token in _tokens(container, part):
            reader.take(token)
    return reader.marks, reader.spans


def _tokens(container: Container, part: str) -> Iterator[re.Match[bytes]]:
    """The tags of sheets, rows and cells, in their order; the last of a block waits for what may follow it."""
    left = b""
    for block in container.blocks(part):
        whole = left + block
        last = whole.rfind(b"<table:")
        end = last if len(whole) - last <= CARRY else len(whole)
        yield from _TOKEN.finditer(whole, 0, end)
        left = whole[end:]
    yield from _TOKEN.finditer(left)


class _Reader:
    """Counts the cells of a document's sheets, and keeps what is to be known of some."""

    def __init__(self) -> None:
        self.marks: dict[str, Marks] = {}
        self.spans: dict[str, list[Range]] = {}
        self._kinds = MarkTable()
        self._marks = Marks(self._kinds)
        self._spans: list[Range] = []
        self._row = self._next_row = self._column = 0

    def take(self, token: re.Match[bytes]) -> None:
        table, said_of_table, row, said_of_row, _, said, text = token.groups()
        if table:
            self._begin(attributes(said_of_table).get("table:name", ""))
        elif row:
            self._row, self._column = self._next_row, 0
            self._next_row += _times(_REPEATED, said_of_row)
        else:
            self._take_cell(said, text)

    def _begin(self, name: str) -> None:
        self._row = self._next_row = self._column = 0
        self._marks, self._spans = Marks(self._kinds), []
        self.marks.setdefault(name, self._marks)
        self.spans.setdefault(name, self._spans)

    def _take_cell(self, tag: bytes, text: bytes | None) -> None:
        column = self._column
        repeated = _times(_REPEATED, tag) if b"-repeated=" in tag else 1
        self._column += repeated
        if column > MOST_COLUMNS:
            return
        if b"rows-spanned=" in tag and (rows := _times(_SPANNED, tag)) > 1:
            self._spans.append(((self._row, column), (self._row + rows - 1, column)))
        for mark in _marks_of_cell(tag, text or b""):
            number = self._kinds.number(mark, lambda mark=mark: mark)  # type: ignore[misc]
            for row in range(self._row, min(self._next_row, self._row + MOST_REPEATED)):
                for place in range(column, min(column + repeated, MOST_COLUMNS + 1)):
                    self._marks.add(row, place, number)


def _times(pattern: re.Pattern[bytes], tag: bytes) -> int:
    found = pattern.search(tag)
    return max(int(found[1]), 1) if found else 1


def _marks_of_cell(tag: bytes, text: bytes) -> Iterator[Mark]:
    formula, failed = b"table:formula=" in tag, b'calcext:value-type="error"' in tag
    if failed:
        yield _error(text.decode(errors="replace"))
    if formula and failed:
        yield ERROR_OF_FORMULA
    elif formula and b"office:value-type=" not in tag:
        yield WITHOUT_VALUE
    elif formula and _NOTHING.match(_value(tag, text)):
        yield NOTHING_YET
    if b'office:value-type="percentage"' in tag:
        yield PERCENTAGE
    elif _PADDED.match(text) and b'office:value-type="float"' in tag and _value(tag, b"") == str(int(text)):
        yield padded(len(text))


@cache
def _error(text: str) -> Mark:
    return error(text if text.startswith("#") else "#VALUE!")


def _value(tag: bytes, text: bytes) -> str:
    """What a cell comes to, as its tag says it, else as it is shown."""
    told = attributes(tag)
    kinds = ("office:value", "office:date-value", "office:time-value", "office:boolean-value", "office:string-value")
    return next((told[kind] for kind in kinds if kind in told), text.decode(errors="replace"))
