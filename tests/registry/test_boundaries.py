"""Boundaries: cleaned as they are loaded, simplified with shared borders kept, shown as GeoJSON."""

from typing import Any

import numpy as np
import orjson
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from registry.maps import coverage
from registry.maps.layers import layers_of
from shapely.geometry import Polygon

from .conftest import RegistryClient
from .test_area_files import GEOJSON, KABUL, geojson
from .test_areas import SHARED, TOPIC, statuses

ARWAD, DAMASCUS = "SY100001", "SY01"
corners = st.tuples(st.integers(0, 20), st.integers(0, 20))


async def collection(registry: RegistryClient, query: str, role: str = "member") -> Any:
    answer = await registry.ask(role, "GET", f"/v1/areas/boundaries?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def shapes(registry: RegistryClient, query: str) -> dict[str, Any]:
    found = await collection(registry, query)
    return {each["properties"]["pcode"]: shapely.from_geojson(orjson.dumps(each)) for each in found["features"]}


def square(west: float, south: float, size: float = 1) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[*shapely.box(west, south, west + size, south + size).exterior.coords]]}


def features(*each: tuple[dict[str, Any], dict[str, Any]]) -> bytes:
    made = [{"type": "Feature", "properties": properties, "geometry": geometry} for properties, geometry in each]
    return orjson.dumps({"type": "FeatureCollection", "features": made})


async def test_governorates_are_there_from_the_start_with_whom_to_name(shared_registry: RegistryClient) -> None:
    found = await collection(shared_registry, "country=SY&level=1")
    assert found["type"] == "FeatureCollection"
    assert ["OCHA" in source for source in found["attribution"]] == [True]
    properties = {each["id"]: each["properties"] for each in found["features"]}
    assert len(properties) == 14
    assert properties["SY:SY01"]["names"] == {"en": "Damascus", "ar": "دمشق"}
    assert properties["SY:SY01"]["version"] == 1
    assert shapely.coverage_is_valid(np.array(list((await shapes(shared_registry, "country=SYR&level=1")).values())))


async def test_boundaries_that_are_known_are_not_sent_again(shared_registry: RegistryClient) -> None:
    path = "/v1/areas/boundaries?country=SY&level=1"
    first = await shared_registry.ask("hub", "GET", path)
    again = await shared_registry.ask("hub", "GET", path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (await shared_registry.ask("public", "GET", path)).status_code == 401


@pytest.mark.skipif(not SHARED.exists(), reason="the real files are beside the project, not in it")
async def test_published_boundaries_are_made_to_agree_and_every_area_stays_whole(registry: RegistryClient) -> None:
    for level in (3, 2, 1):
        body = (SHARED / f"syr_adm{level}.topojson").read_bytes()
        answer = await registry.load(body, kind=GEOJSON, query="?source=OCHA")
        assert answer.status_code == 200, answer.text
        [layer] = layers_of(body)
        sent: dict[str, Any] = {each.properties[f"admin{level}Pcode"]: each.shape for each in layer.features}
        for detail, least in {"full": 0.99, "medium": 0.9, "coarse": 0.9}.items():
            found = await shapes(registry, f"country=SY&level={level}&detail={detail}")
            assert found.keys() == sent.keys()
            assert shapely.is_valid(list(found.values())).all()
            assert shapely.coverage_is_valid(np.array(list(found.values())))
            for pcode, shape in sent.items():
                assert found[pcode].area >= least * shapely.make_valid(shape, method="structure").area, pcode
            if detail == "full" and level == 3:
                assert len(found[ARWAD].geoms) == 3
    below = await shapes(registry, "country=SY&level=3&detail=full")
    for level, length in ((1, 4), (2, 6)):
        for pcode, shape in (await shapes(registry, f"country=SY&level={level}&detail=full")).items():
            children = shapely.union_all([each for key, each in below.items() if key[:length] == pcode])
            assert shape.symmetric_difference(children).area < 1e-12, pcode
            if pcode == DAMASCUS:
                assert shape.area == pytest.approx(0.01132, rel=0.01)
    assert set(statuses(await registry.load(body, kind=GEOJSON, query="?source=OCHA"))) == {"unchanged"}


async def test_boundary_that_changes_raises_the_version_of_its_area(registry: RegistryClient) -> None:
    await registry.load(features((KABUL, square(68, 34))), kind=GEOJSON)
    answer = await registry.load(features((KABUL, square(68, 34, 2))), kind=GEOJSON)
    assert [(each["status"], each["version"]) for each in answer.json()["results"]] == [("updated", 2)]
    [feature] = (await collection(registry, "country=AF&level=1"))["features"]
    assert (feature["properties"]["version"], feature["bbox"]) == (2, [68.0, 34.0, 70.0, 36.0])
    assert [each["version"] for each in await registry.events(TOPIC, "AF:AF01")] == [1, 2]
    assert statuses(await registry.load(features((KABUL, square(68, 34, 2))), kind=GEOJSON)) == ["unchanged"]


async def test_what_two_areas_claim_is_the_smaller_ones_and_slivers_between_them_are_closed(
    registry: RegistryClient,
) -> None:
    enclave = ({**KABUL, "ADM1_PCODE": "AF02", "ADM1_EN": "Kapisa"}, square(68.4, 34.4, 0.2))
    bulging = [[[69, 34], [70, 34], [70, 35], [69, 35], [69.000001, 34.5], [69, 34]]]
    beside = ({**KABUL, "ADM1_PCODE": "AF03", "ADM1_EN": "Parwan"}, {"type": "Polygon", "coordinates": bulging})
    await registry.load(features((KABUL, square(68, 34)), enclave, beside), kind=GEOJSON)
    found = await shapes(registry, "country=AF&level=1&detail=full")
    assert found["AF01"].area == pytest.approx(0.96)
    assert found["AF02"].area == pytest.approx(0.04)
    assert shapely.union_all(list(found.values())).geom_type == "Polygon"
    assert found["AF01"].touches(found["AF03"])


async def test_parent_that_is_another_area_altogether_keeps_its_boundary(registry: RegistryClient) -> None:
    await registry.load(features((KABUL, square(68, 34))), kind=GEOJSON)
    child = {"ADM2_EN": "Paghman", "ADM2_PCODE": "AF0102", **KABUL}
    await registry.load(features((child, square(68, 34, 0.5))), kind=GEOJSON)
    assert (await shapes(registry, "country=AF&level=1&detail=full"))["AF01"].area == pytest.approx(1)


@given(st.lists(st.lists(corners, min_size=3, max_size=6), min_size=1, max_size=8))
def test_shapes_of_any_kind_become_a_coverage_of_the_same_ground(drawn: list[list[tuple[int, int]]]) -> None:
    made = np.array([Polygon(ring) for ring in drawn])
    valid = shapely.make_valid(made, method="structure")
    found = coverage.cleaned(made)
    assert shapely.coverage_is_valid(found)
    assert shapely.area(found).sum() == pytest.approx(shapely.union_all(valid).area, abs=1e-3)
    for detail in ("medium", "coarse"):
        assert shapely.coverage_is_valid(coverage.simplified(found, coverage.TOLERANCES[detail]))


async def test_a_map_of_points_has_no_boundaries(registry: RegistryClient) -> None:
    at = {"type": "Point", "coordinates": [69.2, 34.5]}
    assert statuses(await registry.load(geojson(KABUL, geometry=at), kind=GEOJSON)) == ["created"]
    assert (await collection(registry, "country=AF&level=1"))["features"] == []
    [row] = await registry.rows("select latitude, longitude from area where pcode = 'AF01'")
    assert tuple(row.values()) == (34.5, 69.2)
