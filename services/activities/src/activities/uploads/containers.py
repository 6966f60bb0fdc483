"""What is inside a ZIP or an OLE container: a workbook, and of what kind, or the reason why it is none.

Used by the reading program only, behind its walls. Faults are named by their codes.
"""

import mmap
import re
import struct
import zipfile
from collections.abc import Iterator
from html import unescape
from typing import IO

MOST_PARTS = 10_000
MOST_UNFOLDED = 1024 * 1024 * 1024
"""Bytes the parts of a workbook may announce; what unfolds to more than it announces meets the walls."""
HEAD = 64 * 1024
PIECE = 1024 * 1024
CARRY = 16 * 1024

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_DTD = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_DATE_1904 = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904\s*=\s*[\"'](?:1|true)[\"']")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*[\"']([^\"']*)[\"']")
_ERROR = re.compile(
    rb"<(?:\w+:)?c\s(?=[^>]*\bt=[\"']e[\"'])[^>]*\br=[\"']([A-Z]{1,3})(\d{1,7})[\"'][^>]*>"
    rb"(?:(?!</(?:\w+:)?c>).){0,9000}?<(?:\w+:)?v>(#[^<]{1,20})</",
    re.DOTALL,
)
MOST_ERRORS = 100_000

Errors = dict[int, dict[int, str]]
"""Cells that hold an error of the spreadsheet: by row and column from 0."""


class Fault(Exception):
    """The file can't be read, for the reason with this code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Container:
    """A workbook's container, looked through before anything of it is unfolded. Raises `Fault`."""

    def __init__(self, file: IO[bytes]) -> None:
        self.date_1904 = False
        self._parts: dict[str, str] = {}
        self._zip: zipfile.ZipFile | None = None
        if file.read(len(OLE)) == OLE:
            _look_through_ole(file)
        else:
            self._zip = _opened(file)
            self._look_through(self._zip)

    def errors(self) -> dict[str, Errors]:
        """The error cells by sheet; of XLSX only, the other kinds show them as empty."""
        return {sheet: self._errors_in(part) for sheet, part in self._parts.items()}

    def _errors_in(self, part: str) -> Errors:
        found: Errors = {}
        assert self._zip is not None
        for piece in _pieces(self._zip, part):
            if b't="e"' not in piece and b"t='e'" not in piece:
                continue
            for column, row, error in _ERROR.findall(piece):
                found.setdefault(int(row) - 1, {})[_column(column)] = error.decode(errors="replace")
            if len(found) > MOST_ERRORS:
                raise Fault("workbook_too_large")
        return found

    def _look_through(self, container: zipfile.ZipFile) -> None:
        parts = container.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNFOLDED:
            raise Fault("workbook_too_large")
        if any(part.flag_bits & 1 for part in parts):
            raise Fault("file_encrypted")
        names = {part.filename.lower(): part.filename for part in parts}
        if not _is_workbook(container, names):
            raise Fault("not_a_table")
        manifest = names.get("meta-inf/manifest.xml")
        if manifest and b"encryption-data" in _head(container, manifest, PIECE):
            raise Fault("file_encrypted")
        for lower, name in names.items():
            if lower.endswith((".xml", ".rels")) and _DTD.search(_head(container, name)):
                raise Fault("unsafe_workbook")
        if workbook := names.get("xl/workbook.xml"):
            self._read_workbook(container, _head(container, workbook, MOST_PARTS * 200), names)

    def _read_workbook(self, container: zipfile.ZipFile, workbook: bytes, names: dict[str, str]) -> None:
        self.date_1904 = bool(_DATE_1904.search(workbook))
        relations = names.get("xl/_rels/workbook.xml.rels")
        if not relations:
            return
        targets = {}
        for tag in _RELATION.findall(_head(container, relations, MOST_PARTS * 200)):
            said = _attributes(tag)
            targets[said.get("Id", "")] = said.get("Target", "")
        for tag in _SHEET.findall(workbook):
            said = _attributes(tag)
            target = next((targets.get(value, "") for name, value in said.items() if name.endswith(":id")), "")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if part := names.get(path.lower()):
                self._parts[said.get("name", "")] = part


def _opened(file: IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as broken:
        raise Fault("broken_workbook") from broken


def _is_workbook(container: zipfile.ZipFile, names: dict[str, str]) -> bool:
    if "xl/workbook.xml" in names:
        return True
    kind = names.get("mimetype")
    return kind is not None and _head(container, kind, 200).startswith(_ODS)


def _head(container: zipfile.ZipFile, name: str, size: int = HEAD) -> bytes:
    try:
        with container.open(name) as part:
            return part.read(size)
    except (zipfile.BadZipFile, OSError, NotImplementedError, EOFError, ValueError, zipfile.LargeZipFile) as broken:
        raise Fault("broken_workbook") from broken


def _pieces(container: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A part bit by bit; each piece begins with the end of the one before, so that no cell is cut through."""
    with container.open(name) as part:
        carried = b""
        while piece := part.read(PIECE):
            yield carried + piece
            carried = piece[-CARRY:]


def _attributes(tag: bytes) -> dict[str, str]:
    return {name.decode(): unescape(value.decode(errors="replace")) for name, value in _ATTRIBUTE.findall(tag)}


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _look_through_ole(file: IO[bytes]) -> None:
    """Old Office files name what they hold in their directory: an XLS, an encrypted workbook, a document."""
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:

        def holds(name: str) -> bool:
            return content.find(name.encode("utf-16-le")) >= 0

        if holds("EncryptedPackage"):
            raise Fault("file_encrypted")
        if _is_protected(content):
            raise Fault("file_encrypted")
        if not holds("Workbook") and not holds("Book"):
            raise Fault("not_a_table" if holds("WordDocument") or holds("PowerPoint Document") else "broken_workbook")


_BEGINNING = b"\x09\x08\x10\x00\x00\x06\x05\x00"
"""The record every XLS stream begins with."""
_RECORD = struct.Struct("<HH")
_FILEPASS = 0x2F
_FIRST_RECORDS = 5


def _is_protected(content: mmap.mmap) -> bool:
    """Whether one of an XLS's first records says that the others are encrypted."""
    at = content.find(_BEGINNING)
    for _ in range(_FIRST_RECORDS):
        if not 0 <= at <= len(content) - _RECORD.size:
            return False
        kind, size = _RECORD.unpack_from(content, at)
        if kind == _FILEPASS:
            return True
        at += _RECORD.size + size
    return False
