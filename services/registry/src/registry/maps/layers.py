"""Layers of a map: what is said of each feature, and its shape. GeoJSON and TopoJSON are decoded here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from tables.containers import FileFault

MOST_FEATURES = 100_000
MOST_POINTS = 4_000_000
"""Of all shapes; the boundaries of the most detailed country published have fewer."""

Points = NDArray[np.float64]


@dataclass(frozen=True)
class Feature:
    """What a map says of one area."""

    properties: Mapping[str, str]
    shape: BaseGeometry | None


@dataclass(frozen=True)
class Layer:
    """Features of one kind, in their order."""

    name: str
    features: Sequence[Feature]

    @property
    def headings(self) -> list[str]:
        return list(dict.fromkeys(key for feature in self.features for key in feature.properties))


class PointBudget:
    """Counts the points of a map, which may have so many and no more."""

    def __init__(self) -> None:
        self._left = MOST_POINTS

    def take(self, points: int) -> None:
        self._left -= points
        if self._left < 0:
            raise FileFault("map_too_large")


def layers_of(text: bytes) -> list[Layer]:
    """The layers of a GeoJSON or a TopoJSON. Raises `FileFault`, `ValueError`, `TypeError`, `KeyError`."""
    found = orjson.loads(text.removeprefix(b"\xef\xbb\xbf"))
    if found.get("type") == "Topology":
        return _topology(found)
    if found.get("type") != "FeatureCollection":
        raise FileFault("not_a_map")
    crs = str((found.get("crs") or {}).get("properties", {}).get("name", "CRS84"))
    if not crs.endswith(("CRS84", ":4326")):
        raise FileFault("other_projection")
    budget = PointBudget()
    return [
        Layer("", [Feature(_texts(one), _geojson(one.get("geometry"), budget)) for one in _counted(found["features"])])
    ]


def _counted(features: Sequence[Any]) -> Sequence[Any]:
    if len(features) > MOST_FEATURES:
        raise FileFault("map_too_large")
    return features


def _texts(feature: Mapping[str, Any]) -> dict[str, str]:
    properties = feature.get("properties") or {}
    return {
        key: "" if value is None else str(value)
        for key, value in properties.items()
        if not isinstance(value, list | dict)
    }


def _geojson(geometry: Mapping[str, Any] | None, budget: PointBudget) -> BaseGeometry | None:
    match geometry:
        case {"type": "Point", "coordinates": at}:
            return shapely.Point(at[0], at[1])
        case {"type": "Polygon", "coordinates": rings}:
            return _polygons([rings], _as_points, budget)
        case {"type": "MultiPolygon", "coordinates": polygons}:
            return _polygons(polygons, _as_points, budget)
    return None


def _as_points(ring: Any) -> Points:
    return np.array([point[:2] for point in ring], dtype=np.float64)


def _polygons(polygons: Sequence[Any], points: Any, budget: PointBudget) -> BaseGeometry:
    made = []
    for rings in polygons:
        found = [points(ring) for ring in rings]
        budget.take(sum(map(len, found)))
        # A ring that its simplification flattened to a line encloses nothing.
        closed = [ring for ring in found if len(ring) > 3]
        if found and len(found[0]) > 3:
            made.append(shapely.Polygon(closed[0], closed[1:]))
    return shapely.MultiPolygon(made)


def _topology(found: Mapping[str, Any]) -> list[Layer]:
    transform = found.get("transform")
    arcs = [_arc(arc, transform) for arc in found["arcs"]]
    budget = PointBudget()

    def ring(numbers: Sequence[int]) -> Points:
        parts = [arcs[number] if number >= 0 else arcs[~number][::-1] for number in numbers]
        budget.take(sum(map(len, parts)))
        return np.concatenate([part if not place else part[1:] for place, part in enumerate(parts)])

    def shape(geometry: Mapping[str, Any]) -> BaseGeometry | None:
        match geometry.get("type"):
            case "Point":
                return shapely.Point(_arc([geometry["coordinates"]], transform)[0])
            case "Polygon":
                return _polygons([geometry["arcs"]], ring, budget)
            case "MultiPolygon":
                return _polygons(geometry["arcs"], ring, budget)
        return None

    return [
        Layer(name, [Feature(_texts(one), shape(one)) for one in _members(geometry)])
        for name, geometry in found["objects"].items()
    ]


def _members(geometry: Mapping[str, Any]) -> Sequence[Any]:
    return _counted(geometry["geometries"]) if geometry.get("type") == "GeometryCollection" else [geometry]


def _arc(arc: Sequence[Sequence[float]], transform: Mapping[str, Any] | None) -> Points:
    points = np.array([point[:2] for point in arc], dtype=np.float64)
    if transform:
        points = np.cumsum(points, axis=0) * np.array(transform["scale"]) + np.array(transform["translate"])
    return points
