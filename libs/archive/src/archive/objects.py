"""The object store: a folder, or a bucket of S3 or its like."""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

import obstore
from obstore.store import LocalStore, from_url


class ObjectStore(Protocol):
    """Where files are kept by name: whole, and never changed."""

    async def put(self, name: str, content: bytes) -> None:
        """Keep it; once this returns it survives a power cut. The same again changes nothing."""
        ...

    async def get(self, name: str) -> bytes: ...

    def names(self, prefix: str) -> AsyncIterator[str]: ...


@dataclass(frozen=True)
class Objects:
    """What `obstore` reaches: `file:///folder`, `s3://bucket/prefix` (with the variables of AWS), `gs://…`, `az://…`."""

    store: Any
    folder: Path | None = None

    @classmethod
    def at(cls, url: str) -> "Objects":
        if url.startswith("file://"):
            folder = Path(unquote(urlsplit(url).path))
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return cls(LocalStore(folder), folder)
        return cls(from_url(url))

    async def put(self, name: str, content: bytes) -> None:
        await obstore.put_async(self.store, name, content)
        if self.folder:
            await asyncio.to_thread(_sync, self.folder, self.folder / name)

    async def get(self, name: str) -> bytes:
        found = await obstore.get_async(self.store, name)
        return bytes(await found.bytes_async())

    async def names(self, prefix: str) -> AsyncIterator[str]:
        async for some in obstore.list(self.store, prefix):
            for each in some:
                yield each["path"]


def _sync(root: Path, file: Path) -> None:
    """The file, and each folder that leads to it, on the disk and not only in memory."""
    for path in (file, *(parent for parent in file.parents if parent.is_relative_to(root))):
        held = os.open(path, os.O_RDONLY)
        try:
            os.fsync(held)
        finally:
            os.close(held)
