"""Workbooks as partners make them, and as nobody should."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904

Rows = Sequence[Sequence[Any]]


def workbook(sheets: Mapping[str, Rows], *, hidden: Sequence[str] = (), date_1904: bool = False) -> bytes:
    """An XLSX of these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    if date_1904:
        book.epoch = CALENDAR_MAC_1904
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        if name in hidden:
            sheet.sheet_state = "hidden"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def with_parts(content: bytes, parts: Mapping[str, bytes | None]) -> bytes:
    """The same ZIP with parts replaced, added, or left out."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, part in parts.items():
            if part is not None:
                new.writestr(name, part)
    return written.getvalue()


def part_of(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return file.read(name)


ODS_MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"


def ods(rows: Rows, *, encrypted: bool = False) -> bytes:
    """An ODS of one sheet, its cells as text."""
    body = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    content = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 office:version="1.2"><office:body><office:spreadsheet><table:table table:name="Sheet1">{body}</table:table>
</office:spreadsheet></office:body></office:document-content>"""
    protection = "<manifest:encryption-data/>" if encrypted else ""
    manifest = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">{protection}</manifest:file-entry>
</manifest:manifest>"""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        file.writestr("mimetype", ODS_MIMETYPE)
        file.writestr("content.xml", content)
        file.writestr("META-INF/manifest.xml", manifest)
    return written.getvalue()


def ole(*names: str) -> bytes:
    """The beginning of an old Office file whose directory holds these streams."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(478)
    directory = b"".join(name.encode("utf-16-le").ljust(64, b"\0") + bytes(64) for name in ("Root Entry", *names))
    return header + directory.ljust(512, b"\0")


def sheet_xml(cells: str, dimension: str = "A1:E9") -> bytes:
    """A worksheet's part with these rows."""
    return (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<dimension ref="{dimension}"/><sheetData>{cells}</sheetData></worksheet>'
    ).encode()


def bomb(name: str, content: bytes, size: int, *, announced: int | None = None) -> bytes:
    """A ZIP of a workbook whose part `name` unfolds to `size` bytes, whatever it announces."""
    frame = workbook({"5W": [["Sector", "Area", "Month"], ["WSH", "SY070302", "2026-10"]]})
    head, tail = content.split(b"*")
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    folded = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
    piece = zlib.compressobj(9, zlib.DEFLATED, -15)
    mib = piece.compress(b"x" * 2**20) + piece.flush(zlib.Z_FULL_FLUSH)
    end = zlib.compressobj(9, zlib.DEFLATED, -15)
    folded += mib * (size // 2**20) + end.compress(tail) + end.flush()
    placeholder = b"the part's own bytes stand here afterwards"
    base = with_parts(frame, {name: None})
    written = io.BytesIO(base)
    with zipfile.ZipFile(written, "a", zipfile.ZIP_STORED) as file:
        file.writestr(name, placeholder + bytes(len(folded) - len(placeholder)))
        info = file.getinfo(name)
        start = info.header_offset + 30 + len(name)
        file.filelist[-1].compress_type = zipfile.ZIP_DEFLATED
        file.filelist[-1].file_size = len(head) + size + len(tail) if announced is None else announced
    told = bytearray(written.getvalue())
    told[start : start + len(folded)] = folded
    # The local header tells the same method and size as the directory.
    struct.pack_into("<H", told, info.header_offset + 8, zipfile.ZIP_DEFLATED)
    struct.pack_into("<I", told, info.header_offset + 22, file.filelist[-1].file_size)
    return bytes(told)


def _xlsb_number(value: int) -> bytes:
    out = bytearray()
    while True:
        out.append((value & 0x7F) | (0x80 if value > 0x7F else 0))
        value >>= 7
        if not value:
            return bytes(out)


def _xlsb_record(kind: int, body: bytes = b"") -> bytes:
    return _xlsb_number(kind) + _xlsb_number(len(body)) + body


def _xlsb_text(text: str) -> bytes:
    return struct.pack("<I", len(text.encode("utf-16-le")) // 2) + text.encode("utf-16-le")


def _xlsb_cell(column: int, value: Any) -> bytes:
    place = struct.pack("<II", column, 0)
    if isinstance(value, bytes):  # the number of an error
        return _xlsb_record(3, place + value)
    if isinstance(value, (int, float)):
        return _xlsb_record(5, place + struct.pack("<d", value))
    return _xlsb_record(6, place + _xlsb_text(value))


def xlsb(rows: Rows, name: str = "5W") -> bytes:
    """An XLSB of one sheet, its cells as texts and numbers; bytes are the number of an error."""
    width = max(map(len, rows))
    sheet = (
        _xlsb_record(129) + _xlsb_record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, width - 1)) + _xlsb_record(145)
    )
    for number, row in enumerate(rows):
        sheet += _xlsb_record(0, struct.pack("<IIHBBB", number, 0, 300, 0, 0, 0) + struct.pack("<I", 0))
        for column, value in enumerate(row):
            if value not in ("", None):
                sheet += _xlsb_cell(column, value)
    sheet += _xlsb_record(146) + _xlsb_record(130)
    book = _xlsb_record(131) + _xlsb_record(153, struct.pack("<II", 0, 0) + _xlsb_text("")) + _xlsb_record(143)
    book += _xlsb_record(156, struct.pack("<II", 0, 1) + _xlsb_text("rId1") + _xlsb_text(name)) + _xlsb_record(144)
    book += _xlsb_record(157, bytes(26)) + _xlsb_record(132)
    ns = "http://schemas.openxmlformats.org"
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{ns}/package/2006/content-types"/>',
        "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{ns}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{ns}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.bin"/></Relationships>',
        "xl/workbook.bin": book,
        "xl/worksheets/sheet1.bin": sheet,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for part, content in parts.items():
            file.writestr(part, content)
    return out.getvalue()
