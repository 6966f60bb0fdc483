"""Files made to hold a reader up: small to send, long to read."""

import io
import zipfile
from collections.abc import Mapping

from .workbooks import ods, part_of, sheet_xml, with_parts, workbook

SHEET = "xl/worksheets/sheet1.xml"
WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
HEADINGS = ["Sector", "Area", "Month"]
GOOD = workbook({"5W": [HEADINGS, ["WSH", "SY070302", "2026-10"]]})


def row_xml(number: int, *cells: str) -> str:
    """A row of text, from the first column."""
    written = "".join(
        f'<c r="{chr(65 + place)}{number}" t="inlineStr"><is><t>{cell}</t></is></c>' for place, cell in enumerate(cells)
    )
    return f'<row r="{number}">{written}</row>'


TOP = row_xml(1, *HEADINGS) + row_xml(2, "WSH", "SY070302", "2026-10")


def of_cells(cells: str) -> bytes:
    """A workbook of one sheet with these rows."""
    return with_parts(GOOD, {SHEET: sheet_xml(cells)})


def unclosed_errors(count: int) -> bytes:
    """Error cells whose formulas never end: each was looked for to the end of the part."""
    return of_cells(TOP + '<row r="3">' + '<c r="A3" t="e"><f>' * count)


def closed_errors(count: int) -> bytes:
    """Well-formed error cells, each beneath the other."""
    rows = (f'<row r="{row}"><c r="A{row}" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>' for row in range(3, count + 3))
    return of_cells(TOP + "".join(rows))


def unclosed_tags(name: str, count: int) -> bytes:
    """A part of the workbook's frame full of tags that never end."""
    tags = {WORKBOOK: "<sheet ", RELATIONS: "<Relationship "}
    return with_parts(GOOD, {name: part_of(GOOD, name) + tags[name].encode() * count})


def long_attribute_names(count: int) -> bytes:
    """One tag of the frame with one attribute that has no value."""
    tag = b"<sheet " + b"a" * count + b">"
    return with_parts(GOOD, {WORKBOOK: part_of(GOOD, WORKBOOK) + tag})


def one_part_many_sheets(sheets: int, rows: int) -> bytes:
    """A workbook whose sheets all name one part."""
    body = "".join(row_xml(row, "WSH", "SY070302", "2026-10") for row in range(2, rows + 2))
    names = "".join(f'<sheet name="S{number}" sheetId="{number}" r:id="rId1"/>' for number in range(1, sheets + 1))
    frame = part_of(GOOD, WORKBOOK)
    start, end = frame.index(b"<sheets>") + len("<sheets>"), frame.index(b"</sheets>")
    space = b' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    told = frame[:start].replace(b"<sheets>", b"<sheets" + space) + names.encode() + frame[end:]
    return with_parts(GOOD, {WORKBOOK: told, SHEET: sheet_xml(row_xml(1, *HEADINGS) + body)})


def far_out_sheets(sheets: int) -> bytes:
    """Each sheet has one more cell in its last row."""
    content = workbook({f"S{number}": [HEADINGS] for number in range(1, sheets + 1)})
    far = sheet_xml(TOP + '<row r="1048576"><c r="A1048576"><v>1</v></c></row>')
    return with_parts(content, {f"xl/worksheets/sheet{number}.xml": far for number in range(1, sheets + 1)})


def overlapping_parts() -> bytes:
    """A ZIP whose directory names one part under two names."""
    written = io.BytesIO(GOOD)
    with zipfile.ZipFile(written, "a") as file:
        again = file.getinfo(SHEET)
        twin = zipfile.ZipInfo("xl/worksheets/sheet2.xml")
        for told in ("compress_type", "CRC", "compress_size", "file_size", "header_offset", "flag_bits"):
            setattr(twin, told, getattr(again, told))
        file.filelist.append(twin)
        file.NameToInfo[twin.filename] = twin
        file._didModify = True  # type: ignore[attr-defined]
    return written.getvalue()


def merged_cells(count: int) -> bytes:
    """Ranges that are merged, each over the same cells."""
    merged = "".join('<mergeCell ref="A1:C1048576"/>' for _ in range(count))
    part = sheet_xml(TOP).replace(b"</sheetData>", f"</sheetData><mergeCells>{merged}</mergeCells>".encode())
    return with_parts(GOOD, {SHEET: part})


def nested(depth: int) -> bytes:
    """Elements within each other."""
    return of_cells(TOP + "<x>" * depth + "</x>" * depth)


def repeated_in_ods(replaced: Mapping[str, str]) -> bytes:
    """An ODS with attributes of repetition put into its first cells or rows."""
    content = ods([HEADINGS, ["WSH", "SY070302", "2026-10"], ["x"]])
    body = part_of(content, "content.xml").decode()
    for old, new in replaced.items():
        body = body.replace(old, new)
    return with_parts(content, {"content.xml": body.encode()})


def shared_strings(count: int, letters: int) -> bytes:
    """Many cells of one long shared text."""
    strings = (
        f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{"x" * letters}</t></si></sst>'
    )
    rows = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(3, count + 3))
    relation = (
        '<Relationship Id="rId99" Target="sharedStrings.xml" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/></Relationships>'
    )
    relations = part_of(GOOD, RELATIONS).decode().replace("</Relationships>", relation)
    parts = {"xl/sharedStrings.xml": strings.encode(), RELATIONS: relations.encode(), SHEET: sheet_xml(TOP + rows)}
    return with_parts(GOOD, parts)


def uncalculated(count: int, *, closed: bool) -> bytes:
    """Formulas without a value, each in a row of its own, or none of them ended."""
    if not closed:
        return of_cells(TOP + '<row r="3">' + '<c r="A3"><f>' * count)
    return of_cells(TOP + "".join(f'<row r="{row}"><c r="A{row}"><f>1</f></c></row>' for row in range(3, count + 3)))


def many_styles(count: int) -> bytes:
    """As many styles with a format of their own, and cells of each."""
    formats = "".join(f'<numFmt numFmtId="{164 + at}" formatCode="{"0" * (2 + at % 150)}"/>' for at in range(count))
    styles = "".join(f'<xf numFmtId="{164 + at}"/>' for at in range(count))
    part = f"<styleSheet><numFmts>{formats}</numFmts><cellXfs>{styles}</cellXfs></styleSheet>"
    cells = (f'<row r="{row}"><c r="A{row}" s="{row % count}"><v>1</v></c></row>' for row in range(3, 60_003))
    return with_parts(of_cells(TOP + "".join(cells)), {"xl/styles.xml": part.encode()})


def steps_of_merged_cells(count: int) -> bytes:
    """Merged cells that begin in one row after another, each down to the sheet's end."""
    merged = "".join(f'<mergeCell ref="A{row}:SF1048576"/>' for row in range(1, count + 1))
    rows = "".join(row_xml(row, "WSH", "SY070302", "2026-10") for row in range(2, 3000))
    part = sheet_xml(row_xml(1, *HEADINGS) + rows)
    tall = f"</sheetData><mergeCells>{merged}</mergeCells>".encode()
    return with_parts(GOOD, {SHEET: part.replace(b"</sheetData>", tall)})


def xls_of_sheets_upon_each_other(content: bytes, sheets: int) -> bytes:
    """An XLS whose directory of sheets names one over and over."""
    start = content.index(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    named = content.index(b"\x85\x00", start)
    size = 4 + int.from_bytes(content[named + 2 : named + 4], "little")
    return content[:named] + content[named : named + size] * sheets + content[named + size * sheets :]
