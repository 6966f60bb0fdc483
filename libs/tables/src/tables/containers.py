"""What is inside a ZIP or an OLE container: a workbook, and of what kind, or the reason why it is none.

Used by the reading program only, behind its walls. Faults are named by their codes.
"""

import mmap
import posixpath
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
# Each of these looks at every byte a bounded number of times, whatever a stranger wrote: a tag never reaches past the
# next "<", and what was matched is not given back (possessive quantifiers).
PREFIX = rb"(?:\w{1,20}+:)?+"
_DATE_1904 = re.compile(rb"<" + PREFIX + rb"workbookPr\b[^<>]*?\bdate1904\s*+=\s*+[\"'](?:1|true)[\"']")
_SHEET = re.compile(rb"<" + PREFIX + rb"sheet\b[^<>]*+>")
_RELATION = re.compile(rb"<" + PREFIX + rb"Relationship\b[^<>]*+>")
_ATTRIBUTE = re.compile(rb"(?<![\w:])([\w:]++)\s*+=\s*+(?:\"([^\"<]*+)\"|'([^'<]*+)')")
_RECALCULATED = re.compile(rb"<" + PREFIX + rb"calcPr\b[^<>]*?\bfullCalcOnLoad\s*+=\s*+[\"'](?:1|true)[\"']")


class FileFault(Exception):
    """The file can't be read, for the reason with this code."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class Container:
    """A workbook's container, looked through before anything of it is unfolded. Raises `Fault`."""

    def __init__(self, file: IO[bytes]) -> None:
        self.date_1904 = False
        self.repeated: set[str] = set()
        """Names of the sheets whose part is one before them, too: a part is read once."""
        self.sheets: dict[str, str] = {}
        """The parts of an XLSX's sheets."""
        self.styles: str | None = None
        """The part of its styles."""
        self.recalculated = False
        """Whether its formulas are to be calculated by whoever opens it: their values may be none."""
        self.binary: str | None = None
        """The part of an XLSB's workbook: records, as are its sheets."""
        self.targets: dict[str, str] = {}
        """Parts that the workbook names, by their relation."""
        self.content: str | None = None
        """The part an ODS keeps its sheets in."""
        self._parts, self._known = set[str](), set[str]()
        self._zip: zipfile.ZipFile | None = None
        self.is_old = file.read(len(OLE)) == OLE
        """Whether it is an XLS: records, no XML."""
        if self.is_old:
            _look_through_ole(file)
        else:
            self._zip = _opened(file)
            self._look_through(self._zip)

    def blocks(self, part: str) -> Iterator[bytes]:
        """A part bit by bit."""
        assert self._zip is not None
        with self._zip.open(part) as file:
            while block := file.read(PIECE):
                yield block

    def pieces(self, part: str) -> Iterator[tuple[bytes, int]]:
        """A part bit by bit; each piece begins with the end of the one before, so that no cell is cut through.

        With each the length of what it has of the one before: what ends there was seen.
        """
        carried = b""
        for block in self.blocks(part):
            yield carried + block, len(carried)
            carried = (carried + block)[-CARRY:]

    def head(self, part: str, size: int) -> bytes:
        assert self._zip is not None
        return _head(self._zip, part, size)

    def _look_through(self, container: zipfile.ZipFile) -> None:
        parts = container.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNFOLDED:
            raise FileFault("workbook_too_large")
        if _overlap(parts):
            raise FileFault("broken_workbook")
        if any(part.flag_bits & 1 for part in parts):
            raise FileFault("file_encrypted")
        names = {part.filename.lower(): part.filename for part in parts}
        if not _is_workbook(container, names):
            raise FileFault("not_a_table")
        manifest = names.get("meta-inf/manifest.xml")
        if manifest and b"encryption-data" in _head(container, manifest, PIECE):
            raise FileFault("file_encrypted")
        for lower, name in names.items():
            if lower.endswith((".xml", ".rels")) and _DTD.search(_head(container, name)):
                raise FileFault("unsafe_workbook")
        self.content = names.get("content.xml")
        if workbook := names.get("xl/workbook.xml"):
            self.content = None
            self._read_workbook(container, _head(container, workbook, MOST_PARTS * 200), names)
        elif binary := names.get("xl/workbook.bin"):
            self.binary = binary
            self._read_relations(container, names)

    def _read_workbook(self, container: zipfile.ZipFile, workbook: bytes, names: dict[str, str]) -> None:
        self.date_1904 = bool(_DATE_1904.search(workbook))
        self.recalculated = bool(_RECALCULATED.search(workbook))
        self._read_relations(container, names)
        for tag in _SHEET.findall(workbook):
            said = attributes(tag)
            relation = next((value for key, value in said.items() if key.endswith(":id")), "")
            self.add_sheet(said.get("name", ""), relation)

    def _read_relations(self, container: zipfile.ZipFile, names: dict[str, str]) -> None:
        kind = "bin" if self.binary else "xml"
        relations = names.get(f"xl/_rels/workbook.{kind}.rels")
        for tag in _RELATION.findall(_head(container, relations, MOST_PARTS * 200)) if relations else ():
            said = attributes(tag)
            target = said.get("Target", "")
            part = names.get(_path(target))
            self.targets[said.get("Id", "")] = part or target
            if part and said.get("Type", "").endswith("/styles"):
                self.styles = part
            if part:
                self._parts.add(part)

    def add_sheet(self, name: str, relation: str) -> None:
        """Note a sheet, unless its part is one before it."""
        part = self.targets.get(relation, "")
        if name not in self.sheets and part in self._known:
            self.repeated.add(name)
        elif part in self._parts:
            self.sheets.setdefault(name, part)
        self._known.add(part)


def _path(target: str) -> str:
    """The part a relation names, as `names` has it."""
    plain = target.replace("\\", "/").lower()
    return posixpath.normpath(plain.lstrip("/") if plain.startswith(("/", "xl/")) else f"xl/{plain}")


def _overlap(parts: list[zipfile.ZipInfo]) -> bool:
    """Whether parts share their bytes: so a small file unfolds a thousand times, and no program writes it."""
    ends = 0
    for part in sorted(parts, key=lambda part: part.header_offset):
        if part.header_offset < ends:
            return True
        ends = part.header_offset + part.compress_size
    return False


def _opened(file: IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as broken:
        raise FileFault("broken_workbook") from broken


def _is_workbook(container: zipfile.ZipFile, names: dict[str, str]) -> bool:
    if names.keys() & {"xl/workbook.xml", "xl/workbook.bin"}:
        return True
    kind = names.get("mimetype")
    return kind is not None and _head(container, kind, 200).startswith(_ODS)


def _head(container: zipfile.ZipFile, name: str, size: int = HEAD) -> bytes:
    try:
        with container.open(name) as part:
            return part.read(size)
    except (zipfile.BadZipFile, OSError, NotImplementedError, EOFError, ValueError, zipfile.LargeZipFile) as broken:
        raise FileFault("broken_workbook") from broken


def attributes(tag: bytes) -> dict[str, str]:
    found = _ATTRIBUTE.findall(tag)
    return {name.decode(errors="replace"): unescape((one or two).decode(errors="replace")) for name, one, two in found}


def _look_through_ole(file: IO[bytes]) -> None:
    """Old Office files name what they hold in their directory: an XLS, an encrypted workbook, a document."""
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:

        def holds(name: str) -> bool:
            return content.find(name.encode("utf-16-le")) >= 0

        if holds("EncryptedPackage"):
            raise FileFault("file_encrypted")
        if _is_protected(content):
            raise FileFault("file_encrypted")
        if not holds("Workbook") and not holds("Book"):
            raise FileFault(
                "not_a_table" if holds("WordDocument") or holds("PowerPoint Document") else "broken_workbook"
            )


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
