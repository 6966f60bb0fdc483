"""Boundaries made to agree: neighbours share their borders exactly, nothing overlaps, no gap is left between them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

GRID = 1e-6
"""Degrees, a tenth of a metre: all points stand on it, so that lines which meet meet in one."""
SLIVER = 1e-6
"""Square degrees, about a hectare: a gap no larger is an error of drawing, a larger one a lake or a neighbour."""
TOLERANCES: Mapping[str, float] = {"medium": 0.001, "coarse": 0.005}
"""Degrees by which a simplified border may leave the true one."""
LEAST_KEPT = 0.9
"""Share of its area that every simplified shape keeps; where one does not, all borders stay nearer to the true ones."""
MOST_APART = 0.01
"""Share of its area by which a boundary may differ from what stands below it, and be taken for the same one."""

Shapes = NDArray[np.object_]


def cleaned(shapes: Shapes) -> Shapes:
    """The shapes as a coverage. What several claim is the smallest one's: an enclave's, not its surroundings'.

    Of a shape without extent, or that smaller ones cover, nothing is left.
    """
    valid = np.array([_polygons_of(shape) for shape in shapely.make_valid(shapes, method="structure")])
    lines = shapely.union_all(shapely.boundary(valid), grid_size=GRID)
    faces = shapely.get_parts(shapely.polygonize([lines]))
    owners = _owners(faces, valid)
    _close_gaps(faces, owners)
    owned = [faces[owners == place] for place in range(len(valid))]
    return np.array([shapely.coverage_union_all(each) if len(each) else shapely.Polygon() for each in owned])


def _polygons_of(shape: Any) -> Any:
    """Without the lines and points that were left of what has no extent."""
    parts = shapely.get_parts(shape)
    return shapely.MultiPolygon([part for part in parts if part.geom_type == "Polygon"])


def _owners(faces: Shapes, shapes: Shapes) -> NDArray[np.int64]:
    """The place of the smallest shape each face lies in; -1 for none."""
    found, holders = shapely.STRtree(shapes).query(shapely.point_on_surface(faces), predicate="intersects")
    # The smallest comes last, and so stays.
    order = np.argsort(-shapely.area(shapes)[holders], kind="stable")
    owners = np.full(len(faces), -1)
    owners[found[order]] = holders[order]
    return owners


def _close_gaps(faces: Shapes, owners: NDArray[np.int64]) -> None:
    """Give each sliver that is nobody's to the neighbour with which it shares most of its border."""
    tree = shapely.STRtree(faces)
    for gap in np.flatnonzero((owners < 0) & (shapely.area(faces) <= SLIVER)):
        near = [face for face in tree.query(faces[gap], predicate="intersects") if owners[face] >= 0]
        if near:
            shared = shapely.length(shapely.intersection(faces[near], faces[gap]))
            owners[gap] = owners[near[int(np.argmax(shared))]]


def simplified(shapes: Shapes, tolerance: float) -> Shapes:
    """A coverage with fewer points whose neighbours still share their borders. Islands too small for it stay whole."""
    if not len(shapes):
        return shapes
    areas = shapely.area(shapes)
    touching, _ = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    is_island = np.bincount(touching, minlength=len(shapes)) <= 1
    while tolerance > GRID:
        found = shapely.coverage_simplify(shapes, tolerance)
        is_lost = shapely.area(found) < LEAST_KEPT * areas
        found[is_lost & is_island] = shapes[is_lost & is_island]
        if not (is_lost & ~is_island).any():
            return np.array(found)
        tolerance /= 2
    return shapes


def as_geojson(coverage: Shapes) -> Mapping[str, Sequence[str]]:
    """A coverage in each level of detail."""
    made = {"full": coverage} | {name: simplified(coverage, tolerance) for name, tolerance in TOLERANCES.items()}
    return {name: [str(text) for text in shapely.to_geojson(shapes)] for name, shapes in made.items()}


def of_children(parent: str, children: Sequence[str]) -> str | None:
    """What stands below an area as one shape, where it is the area's own but for how its line was drawn."""
    own = shapely.from_geojson(parent)
    union = shapely.coverage_union_all(shapely.from_geojson(list(children)))
    apart = shapely.area(shapely.symmetric_difference(own, union))
    return str(shapely.to_geojson(union)) if apart <= MOST_APART * shapely.area(own) else None


def simplified_again(boundaries: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """Boundaries of a level, one of which is another now, in each level of detail."""
    return as_geojson(np.array(shapely.from_geojson(list(boundaries))))
