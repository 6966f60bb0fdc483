"""Reading an upload's body bit by bit: never more of it in memory than a chunk."""

import hashlib
from collections.abc import AsyncIterable, Awaitable, Callable, Mapping

from pydantic import ValidationError
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from runtime.access import MIB
from runtime.validation import invalid

from activities.uploads.domain import UploadForm, file_name
from activities.uploads.errors import FileMissing, MalformedMultipart

CHUNK = 1 * MIB
MOST_FIELDS = 20
LONGEST_FIELD = 2000
LONGEST_HEADERS = 8192

Keep = Callable[[int, bytes], Awaitable[None]]
"""Stores a chunk of the file by its number."""


class Received:
    """A file on its way in: its size and hash so far, its chunks handed on as they fill."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self._buffer = bytearray()
        self._hash = hashlib.sha256()
        self._number = 0
        self.size = 0

    async def add(self, content: bytes) -> None:
        self._buffer += content
        self._hash.update(content)
        self.size += len(content)
        while len(self._buffer) >= CHUNK:
            await self._flush(CHUNK)

    async def close(self) -> bytes:
        """Hand on the rest; the file's hash. Raises `FileMissing` where it is empty."""
        if not self.size:
            raise FileMissing
        if self._buffer:
            await self._flush(len(self._buffer))
        return self._hash.digest()

    async def _flush(self, size: int) -> None:
        await self._keep(self._number, bytes(self._buffer[:size]))
        del self._buffer[:size]
        self._number += 1


async def receive(
    body: AsyncIterable[bytes], headers: Mapping[str, str], request_headers: Mapping[str, str], received: Received
) -> tuple[UploadForm, str | None]:
    """Read the body, whichever of both forms it has; the form, and the file's name where it has one.

    `said` are form fields of its address. Raises `MalformedMultipart`, `Invalid`, and what `body` raises.
    """
    kind, options = parse_options_header(headers.get("content-type", ""))
    if kind != b"multipart/form-data":
        async for chunk in body:
            await received.add(chunk)
        return _form(request_headers), _file_name(
            headers.get("content-disposition", "").encode("latin-1", errors="replace")
        )
    parts = _Parts(_boundary(options))
    async for chunk in body:
        for piece in parts.write(chunk):
            await received.add(piece)
    return _form({**request_headers, **parts.finish()}), file_name(parts.file_name)


def _file_name(disposition: bytes) -> str | None:
    _, options = parse_options_header(disposition)
    return file_name(options.get(b"filename", b"").decode(errors="replace"))


def _form(values: Mapping[str, str]) -> UploadForm:
    try:
        return UploadForm.model_validate({name: value for name, value in values.items() if value})
    except ValidationError as errors:
        listed = [{**error, "loc": ("form", *error["loc"])} for error in errors.errors(include_url=False)]
        raise invalid(listed) from errors


def _boundary(options: Mapping[bytes, bytes]) -> bytes:
    boundary = options.get(b"boundary")
    if not boundary or len(boundary) > 200:
        raise MalformedMultipart
    return boundary


class _Parts:
    """The parts of a multipart body: small fields are kept, the file's bytes passed on."""

    def __init__(self, boundary: bytes) -> None:
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._header_name,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers_finished,
                "on_part_data": self._data,
                "on_part_end": self._end,
                "on_end": self._finished,
            },
        )
        self._pieces: list[bytes] = []
        self._fields: dict[str, str] = {}
        self._whole = False
        self.file_name: str | None = None
        self._begin()

    def write(self, chunk: bytes) -> list[bytes]:
        """The file's bytes in this chunk."""
        self._pieces = []
        try:
            self._parser.write(chunk)
        except MultipartParseError as malformed:
            raise MalformedMultipart from malformed
        return self._pieces

    def finish(self) -> dict[str, str]:
        if not self._whole:
            raise MalformedMultipart
        return {name: value for name, value in self._fields.items() if name != "file"}

    def _begin(self) -> None:
        self._name = ""
        self._headers: dict[bytes, bytes] = {}
        self._count = 0
        self._header = bytearray()
        self._content = bytearray()
        self._value = bytearray()

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]
        self._bounded(self._header)

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]
        self._bounded(self._value)

    def _bounded(self, content: bytearray, limit: int = LONGEST_HEADERS) -> None:
        if len(content) > limit or self._count > MOST_FIELDS:
            raise MalformedMultipart

    def _header_end(self) -> None:
        self._count += 1
        self._headers[bytes(self._header).lower()] = bytes(self._value)
        self._header, self._value = bytearray(), bytearray()

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._name = options.get(b"name", b"").decode(errors="replace")
        if not self._name or len(self._fields) >= MOST_FIELDS or self._name in self._fields:
            raise MalformedMultipart
        self._fields[self._name] = ""
        if self._name == "file":
            self.file_name = options.get(b"filename", b"").decode(errors="replace")

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._name == "file":
            self._pieces.append(data[start:end])
        else:
            self._content += data[start:end]
            self._bounded(self._content, LONGEST_FIELD)

    def _end(self) -> None:
        if self._name == "file":
            return
        try:
            self._fields[self._name] = self._content.decode()
        except UnicodeDecodeError as malformed:
            raise MalformedMultipart from malformed

    def _finished(self) -> None:
        self._whole = True
