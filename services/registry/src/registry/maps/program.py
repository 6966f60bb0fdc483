"""A program of its own: turns a map into rows, behind walls that its file's faults don't pass.

`python -m registry.maps.program KIND DESCRIPTOR SECONDS` reads its standard input (`json` or `zip`), writes the
headings and one JSON object a feature to the descriptor and, at its end, one JSON object to its standard output: what
is known of all features, or the code of the fault.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from typing import IO, Any

import numpy as np
import orjson
import shapely
from tables.containers import FileFault
from tables.limits import limit_resources

from registry.areas.headings import deepest
from registry.maps.coverage import as_geojson, cleaned
from registry.maps.layers import Layer, layers_of
from registry.maps.shapefiles import ShapefileArchive

MIB = 1024 * 1024
EAST, NORTH = 180.001, 90.001
"""Degrees; beyond them are metres of another projection."""


def main() -> None:
    kind, descriptor, seconds = sys.argv[1:]
    limit_resources(int(seconds))
    with open(0, "rb", buffering=MIB, closefd=False) as file, open(int(descriptor), "wb", buffering=MIB) as rows:
        answer = _answer(kind, file, rows)
    os.write(1, orjson.dumps(answer))


def _answer(kind: str, file: IO[bytes], rows: IO[bytes]) -> dict[str, Any]:
    try:
        return _read(kind, file, rows)
    except FileFault as fault:
        return {"failure": fault.code, "facts": fault.facts}
    except (MemoryError, OverflowError):
        return {"failure": "map_too_large"}
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, shapely.GEOSException):
        return {"failure": "broken_map"}


def _read(kind: str, file: IO[bytes], rows: IO[bytes]) -> dict[str, Any]:
    archive = ShapefileArchive(file) if kind == "zip" else None
    layer = _chosen(archive.layers() if archive else layers_of(file.read()))
    headings = layer.headings
    boundaries = _boundaries(layer)
    rows.write(orjson.dumps(headings) + b"\n")
    for number, feature in enumerate(layer.features):
        found: dict[str, Any] = {"cells": [_escaped(feature.properties.get(heading, "")) for heading in headings]}
        if number in boundaries:
            found["boundary"] = boundaries[number]
        if feature.shape is not None and not feature.shape.is_empty:
            at = shapely.point_on_surface(shapely.make_valid(feature.shape))
            found["at"] = [round(float(shapely.get_y(at)), 6), round(float(shapely.get_x(at)), 6)]
        rows.write(orjson.dumps(found) + b"\n")
    return {"headings": headings, "assumed_page": archive.assumed_page if archive else None}


def _boundaries(layer: Layer) -> Mapping[int, Mapping[str, str]]:
    """The boundary of each feature in each level of detail, by the feature's place; in none where nothing is left."""
    shapes = {place: feature.shape for place, feature in enumerate(layer.features) if feature.shape is not None}
    for shape in shapes.values():
        west, south, east, north = shape.bounds
        if max(-west, east) > EAST or max(-south, north) > NORTH:
            raise FileFault("other_projection")
    polygons = {place: shape for place, shape in shapes.items() if shape.geom_type != "Point" and shape.area}
    if not polygons:
        return {}
    agreed = cleaned(np.array(list(polygons.values())))
    made = as_geojson(agreed)
    return {
        place: {} if agreed[number].is_empty else {name: texts[number] for name, texts in made.items()}
        for number, place in enumerate(polygons)
    }


def _escaped(text: str) -> str:
    """With what is no letter of its encoding as U+FFFD, which JSON can carry."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _chosen(layers: Sequence[Layer]) -> Layer:
    """The layer of the deepest level, one of polygons before one of points: its rows name the areas above them."""

    def rank(layer: Layer) -> tuple[bool, int]:
        is_polygons = any(one.shape is not None and one.shape.geom_type != "Point" for one in layer.features)
        return is_polygons, -1 if (level := deepest([each.lower() for each in layer.headings])) is None else level

    usable = [layer for layer in layers if any(one.shape is not None for one in layer.features)]
    if not usable:
        raise FileFault("not_a_map")
    return max(usable, key=rank)


if __name__ == "__main__":
    main()
