"""What kind of file it is: told by its content, never by its name or by what its sender calls it."""

import re
from enum import StrEnum
from typing import BinaryIO

from tables.containers import OLE
from tables.delimited import HEAD, UTF_8, wide_encoding
from tables.errors import FileIsAWebPage, NotATable

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OTHERS = (
    b"%PDF",
    b"{\\rtf",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"II*\x00",
    b"MM\x00*",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"BZh",
    b"\xfd7zXZ",
    b"SQLite format 3",
)
_WEB_PAGE = re.compile(r"<(!doctype\s+html|html|head|meta|title|body|table|tr|style|script|div|span)\b|^<!--", re.I)
_MARKUP = re.compile(r"<(\?xml|!doctype|[a-z][\w.-]*:)", re.I)
_ARRAYS = re.compile(r"\[\s*[\[{\]]")


class FileKind(StrEnum):
    """How a file is read."""

    TEXT = "text"
    WORKBOOK = "workbook"
    JSON = "json"


def kind_of(file: BinaryIO) -> FileKind:
    """Raises `FileIsAWebPage`, `NotATable`."""
    file.seek(0)
    head = file.read(HEAD)
    if head.startswith((*_ZIP, OLE)):
        return FileKind.WORKBOOK
    if head.startswith(_OTHERS) or (b"\x00" in head[:4] and not wide_encoding(head)):
        raise NotATable
    text = _text(head)
    if _WEB_PAGE.match(text) or (_MARKUP.match(text) and "<html" in text.lower()):
        raise FileIsAWebPage
    if _MARKUP.match(text):
        raise NotATable
    return FileKind.JSON if _ARRAYS.match(text) else FileKind.TEXT


def _text(head: bytes) -> str:
    return head.decode(wide_encoding(head) or UTF_8, errors="replace").lstrip()
