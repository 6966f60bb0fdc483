"""Text in columns (CSV and its kin) as other programs write it: what its letters are written in, what parts its cells.

Both are taken from what the text itself proves. Letters of a code page that is not certain are never guessed at.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import BinaryIO

from runtime.problems import Refusal

HEAD = 4096
BLOCK = 1024 * 1024
SAMPLE = 64 * 1024
"""Bytes of lines beyond ASCII that a code page is told by."""
FEW_BROKEN = 0.1
"""Share of the lines that may be broken while the others, plain ASCII, are certain in any code page."""
START = 256 * 1024
"""Letters the separator is told by, as far as they are of the first rows."""
LONGEST_DECLARATION = 10
FIRST_ROWS = 25
MOST_CELLS = 500
SEPARATORS = ",;\t|،؛"
UTF_8 = "utf-8-sig"
ARABIC = "cp1256"

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_READABLE = re.compile(r"[\t\n\r -~\u00a0-\u024f\u0600-\u06ff\u2000-\u206f\ufb50-\ufdff\ufe70-\ufeff]+")
_BROKEN = re.compile("[\udc80-\udcff]")
_DECLARED = re.compile(r'"?sep=([^\r\n"])"?[\r\n]*', re.IGNORECASE)


class EncodingNotUnderstood(Refusal):
    """The letters of this file are in a code page that is not certain: save it as "CSV UTF-8", or as XLSX."""

    ar = "ترميز حروف هذا الملف غير معروف على وجه اليقين: احفظه بصيغة «CSV UTF-8» أو XLSX ثم أرسله مجدداً."


def wide_encoding(head: bytes) -> str | None:
    """UTF-16 or UTF-32, by its mark or because nothing else could be read so."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if b"\x00" not in head[:HEAD]:
        return None
    return next((encoding for encoding in ("utf-16-le", "utf-16-be") if _reads(head[:HEAD], encoding)), None)


def _reads(head: bytes, encoding: str) -> bool:
    text = codecs.getincrementaldecoder(encoding)("replace").decode(head)
    return bool(_READABLE.fullmatch(text))


def encoding_of(file: BinaryIO, is_arabic: Callable[[bytes], bool] = lambda _: False) -> str:
    """What the text is written in: Windows-1256 only where no line beyond ASCII is UTF-8 and it surely is Arabic.

    Broken lines among ones of UTF-8, and few far below a heading in ASCII, are the faults of their rows.
    Raises `EncodingNotUnderstood`.
    """
    file.seek(0)
    if wide := wide_encoding(file.read(HEAD)):
        return wide
    file.seek(0)
    sample = bytearray()
    lines, broken, first = 0, 0, 0
    while block := file.read(BLOCK):
        block += file.readline(BLOCK)
        if block.isascii():
            lines += block.count(b"\n")
            continue
        for line in block.splitlines(keepends=True):
            lines += 1
            if line.isascii():
                continue
            if _is_utf_8(line):
                return UTF_8
            broken, first = broken + 1, first or lines
            if len(sample) < SAMPLE:
                sample += line[: SAMPLE - len(sample)]
    if not broken:
        return UTF_8
    if is_arabic(bytes(sample)):
        return ARABIC
    if first <= FIRST_ROWS or broken > FEW_BROKEN * lines:
        raise EncodingNotUnderstood
    return UTF_8


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as broken:
        # A line that is longer than a block may be cut within a letter.
        return len(line) >= BLOCK and broken.end >= len(line)
    return True


def is_broken(text: str) -> bool:
    """Whether bytes stand in it that are no letters of the file's encoding."""
    return not text.isascii() and bool(_BROKEN.search(text))


def errors_of(encoding: str) -> str:
    """How broken text is kept: as what it is, to be refused with its row. UTF-16 can't: there it is marked."""
    return "surrogateescape" if encoding in (UTF_8, ARABIC) else "replace"


def declared_separator(text: io.TextIOBase) -> str | None:
    """What the line says that a spreadsheet takes for itself, above the table: `sep=;`. Left behind where it is one."""
    found = _DECLARED.fullmatch(text.readline(LONGEST_DECLARATION))
    if not found:
        text.seek(0)
        return None
    return found[1]


def separator(start: str, understood: Callable[[Sequence[str]], int]) -> str:
    """The one under which most headings are understood, and rows have one length.

    `start` is the text's beginning, `understood` how many headings are understood of a row's cells.
    """
    return max(SEPARATORS, key=lambda each: _fit(start, each, understood))


def _fit(start: str, each: str, understood: Callable[[Sequence[str]], int]) -> tuple[float, float, int]:
    every = list(_rows(start[:START], each))
    rows = list(islice((row for row in every if any(cell and not cell.isspace() for cell in row)), FIRST_ROWS))
    headings = max((understood(row) * (0.5 + _evenness(rows[place:])) for place, row in enumerate(rows)), default=0.0)
    return headings, _evenness(rows), max((len(row) for row in every), default=0)


def _evenness(rows: Sequence[Sequence[str]]) -> float:
    """How many of the rows are as long as the first, as a share; a row of one cell is none."""
    if not rows or len(rows[0]) < 2:
        return 0.0
    below = rows[1:]
    return sum(len(row) == len(rows[0]) for row in below) / len(below) if below else 1.0


def _rows(start: str, each: str) -> Iterator[Sequence[str]]:
    """The rows, as if their cells were parted so."""
    reader = csv.reader(io.StringIO(start, newline=""), delimiter=each)
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            return
        if cells is None:
            return
        yield cells[:MOST_CELLS]
