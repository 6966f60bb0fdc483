"""Files beside the pages: named by a hash of their content, so that browsers keep them for good."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """A file as it is sent."""

    name: str
    """With the hash, as in its address."""
    kind: str
    content: bytes
    packed: bool
    """The content is compressed by gzip."""
    for_developers: bool


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    plain = path.name.removesuffix(".gz")
    stem, dot, ending = plain.rpartition(".")
    digest = hashlib.sha256(content).hexdigest()[:12]
    developers = path.parent != FOLDER
    return Asset(f"{stem}.{digest}{dot}{ending}", KINDS[dot + ending], content, path.suffix == ".gz", developers)


def _load() -> Mapping[str, Asset]:
    files = [path for path in sorted(FOLDER.rglob("*")) if path.name.removesuffix(".gz").endswith(tuple(KINDS))]
    return {path.name.removesuffix(".gz"): _read(path) for path in files}


BY_FILE = _load()
BY_NAME: Mapping[str, Asset] = {asset.name: asset for asset in BY_FILE.values()}


def address(file: str) -> str:
    """Where a file of `static/` is found."""
    return f"/assets/{BY_FILE[file].name}"


def unpacked(asset: Asset) -> bytes:
    return gzip.decompress(asset.content) if asset.packed else asset.content
