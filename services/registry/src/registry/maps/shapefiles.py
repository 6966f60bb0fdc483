"""Zipped shapefiles as layers: each its shapes (.shp), its table (.dbf) and what these are written in (.prj, .cpg)."""

import codecs
import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import IO, Any

import shapefile
from shapely.geometry import shape
from tables.containers import FileFault

from registry.maps.layers import MOST_FEATURES, Feature, Layer, PointBudget

MOST_PARTS = 1000
MOST_UNFOLDED = 256 * 1024 * 1024
ARABIC_DRIVER = b"\x7e"
"""Of a DBF whose text is in Windows-1256."""
WGS84 = re.compile(r"^\s*GEOG(CS|CRS|RAPHICCRS)\b.*(WGS_?\s?(19)?84|4326)", re.IGNORECASE | re.DOTALL)
PAGE_NUMBER = re.compile(r"(?:ansi|cp|windows)?[ _-]*(\d{3,5})", re.IGNORECASE)
ESCAPED = re.compile("[\udc80-\udcff]")
UTF_8 = "utf-8"
ARABIC = "cp1256"


class ShapefileArchive:
    """A ZIP with shapefiles. Raises `FileFault`."""

    def __init__(self, file: IO[bytes]) -> None:
        self.assumed_page: str | None = None
        """The code page of the names where no part names it."""
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, NotImplementedError, ValueError):
            raise FileFault("broken_map") from None
        parts = self._zip.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNFOLDED:
            raise FileFault("map_too_large")
        self._parts = {part.filename.lower(): part for part in parts}

    def layers(self) -> list[Layer]:
        bases = [name.removesuffix(".shp") for name in self._parts if name.endswith(".shp")]
        if not bases:
            raise FileFault("shapefile_part_missing", part=".shp")
        return [self._layer(base) for base in bases]

    def _layer(self, base: str) -> Layer:
        parts = {extension: self._part(base + extension) for extension in (".shp", ".dbf", ".prj", ".cpg")}
        for extension in (".shp", ".dbf"):
            if parts[extension] is None:
                raise FileFault("shapefile_part_missing", part=posixpath.basename(base) + extension)
        if parts[".prj"] and not WGS84.search(parts[".prj"].decode("utf-8", "replace")):
            raise FileFault("other_projection")
        table = parts[".dbf"] or b""
        features = self._read(parts[".shp"] or b"", table, _named_encoding(parts[".cpg"], table))
        return Layer(posixpath.basename(base), features)

    def _read(self, shapes: bytes, table: bytes, encoding: str | None) -> list[Feature]:
        try:
            features = list(_features(shapes, table, encoding or UTF_8))
            if encoding or _reads_as_utf_8(features):
                return features
            self.assumed_page = ARABIC
            return list(_features(shapes, table, ARABIC))
        except (shapefile.ShapefileException, IndexError, EOFError):
            raise FileFault("broken_map") from None

    def _part(self, name: str) -> bytes | None:
        part = self._parts.get(name)
        try:
            return self._zip.read(part) if part else None
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError):
            raise FileFault("broken_map") from None


def _features(shapes: bytes, table: bytes, encoding: str) -> Iterator[Feature]:
    budget = PointBudget()
    reader = shapefile.Reader(
        shp=io.BytesIO(shapes), dbf=io.BytesIO(table), encoding=encoding, encodingErrors="surrogateescape"
    )
    for number, found in enumerate(reader.iterShapeRecords()):
        if number >= MOST_FEATURES:
            raise FileFault("map_too_large")
        if found.shape is None or found.record is None:
            raise FileFault("broken_map")
        budget.take(len(getattr(found.shape, "points", ())))
        geometry: Any = found.shape.__geo_interface__
        yield Feature(
            {key: "" if value is None else str(value) for key, value in found.record.as_dict().items()},
            shape(geometry) if found.shape.shapeTypeName.startswith(("POLYGON", "POINT")) else None,
        )


def _named_encoding(page: bytes | None, table: bytes) -> str | None:
    """What the letters of the table are written in by its `.cpg`, or by the mark of a DBF in Arabic."""
    named = (page or b"").decode("ascii", "replace").strip()
    if found := PAGE_NUMBER.fullmatch(named):
        named = UTF_8 if found[1] == "65001" else f"cp{found[1]}"
    if not named:
        return ARABIC if table[29:30] == ARABIC_DRIVER else None
    try:
        return codecs.lookup(named).name
    except LookupError:
        raise FileFault("encoding_not_understood") from None


def _reads_as_utf_8(features: list[Feature]) -> bool:
    """Whether as many texts beyond ASCII are whole as are broken: a field that is too short breaks some."""
    texts = [text for feature in features for text in feature.properties.values() if not text.isascii()]
    broken = sum(1 for text in texts if ESCAPED.search(text))
    return 2 * broken <= len(texts)
