"""A file of the archive: rows as lines of JSON, compressed, under a name that says what it holds and its digest."""

import gzip
import hashlib
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

BASE64 = "base64:"


class FileDamaged(Exception):
    """A file is not what was written."""


@dataclass(frozen=True)
class ArchiveFile:
    """Rows of one partition and month."""

    source: str
    partition: str
    month: str
    numbers: Sequence[int]
    content: bytes

    @property
    def place(self) -> str:
        """Its name within the files of the service."""
        digest = hashlib.sha256(self.content).hexdigest()
        first, last = self.numbers[0], self.numbers[-1]
        return f"{self.source}/{self.partition}/{self.month}/{first:019d}-{last:019d}.{digest}.jsonl.gz"


def packed(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """The same rows are the same bytes, whenever they are written."""
    lines = (orjson.dumps({name: _written(value) for name, value in row.items()}, default=str) for row in rows)
    return gzip.compress(b"\n".join(lines) + b"\n", mtime=0)


def unpacked(name: str, content: bytes) -> Iterator[dict[str, Any]]:
    """The rows of a file. Raises `FileDamaged`."""
    if f".{hashlib.sha256(content).hexdigest()}." not in name:
        raise FileDamaged(name)
    for line in gzip.decompress(content).splitlines():
        yield orjson.loads(line)


def as_bytes(value: str | None) -> bytes | None:
    """Bytes of a row as they were."""
    if value is None:
        return None
    return b64decode(value.removeprefix(BASE64)) if value.startswith(BASE64) else value.encode()


def _written(value: Any) -> Any:
    if isinstance(value, list):
        return [_written(each) for each in value]
    if not isinstance(value, bytes):
        return value
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return BASE64 + b64encode(value).decode()
    return BASE64 + b64encode(value).decode() if text.startswith(BASE64) else text
