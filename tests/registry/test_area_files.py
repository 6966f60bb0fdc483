"""Files of areas as they are published: tables of every generation of COD-AB, GeoJSON, TopoJSON, zipped shapefiles."""

import io
import zipfile
from typing import Any

import openpyxl
import orjson
import pytest
import shapefile

from .conftest import RegistryClient
from .test_areas import HEADING, SHARED, faults, statuses

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GEOJSON = "application/geo+json"
ZIP = "application/zip"
SQUARE = [[[68.0, 34.0], [69.0, 34.0], [69.0, 35.0], [68.0, 35.0], [68.0, 34.0]]]
WGS84 = 'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]]]'
UTM = 'PROJCS["WGS_1984_UTM_Zone_37N",GEOGCS["GCS_WGS_1984"]]'
SIZE = 80
"""Bytes of a field of the table, as in the shapefiles of OCHA."""
KABUL = {"ADM1_EN": "Kabul", "ADM1_AR": "كابول", "ADM1_PCODE": "AF01", "ADM0_EN": "Afghanistan", "ADM0_PCODE": "AF"}

GENERATIONS = {
    "2015": "admin2Name_en,admin2Name_ar,admin2Pcode,admin2RefName,admin2AltName1_en,admin1Name_en,admin1Name_ar,"
    "admin1Pcode,admin0Name_en,admin0Pcode,date,validOn,validTo\n"
    "Paghman,پغمان,AF0102,Paghmaan,Pughman,Kabul,كابول,AF01,Afghanistan,AF,2020-01-01,2021-01-01,\n",
    "2019": "ADM2_EN,ADM2_AR,ADM2_PCODE,ADM2_REF,ADM2ALT1EN,ADM1_EN,ADM1_AR,ADM1_PCODE,ADM0_EN,ADM0_PCODE\n"
    "Paghman,پغمان,AF0102,Paghmaan,Pughman,Kabul,كابول,AF01,Afghanistan,AF\n",
    "2025": "adm2_name,adm2_name1,adm2_name2,adm2_pcode,adm2_ref_name,adm1_name,adm1_name1,adm1_pcode,adm0_name,"
    "adm0_pcode,iso2,iso3,lang,lang1,lang2,center_lat,center_lon\n"
    "Paghman,پغمان,Pughman,AF0102,Paghmaan,Kabul,كابول,AF01,Afghanistan,AF,AF,AFG,en,ar,fr,34.5,68.9\n",
}


def workbook(*sheets: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    del book["Sheet"]
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def geojson(*properties: dict[str, Any], geometry: dict[str, Any] | None = None, **more: Any) -> bytes:
    shape = geometry or {"type": "Polygon", "coordinates": SQUARE}
    features = [{"type": "Feature", "properties": each, "geometry": shape} for each in properties]
    return orjson.dumps({"type": "FeatureCollection", "features": features, **more})


def zipped(*rows: dict[str, str], encoding: str = "utf-8", without: str = "", **extra: str) -> bytes:
    parts = {".shp": io.BytesIO(), ".shx": io.BytesIO(), ".dbf": io.BytesIO()}
    writer: Any = shapefile.Writer(shp=parts[".shp"], shx=parts[".shx"], dbf=parts[".dbf"], encoding="latin-1")
    for heading in rows[0]:
        writer.field(heading, "C", SIZE)
    for row in rows:
        writer.poly(SQUARE)
        # Cut at the bytes of the field, as programs do that count letters.
        writer.record(*(cell.encode(encoding)[:SIZE].decode("latin-1") for cell in row.values()))
    writer.close()
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            if name != without:
                archive.writestr(f"afg/afg_admbnda_adm1{name}", part.getvalue())
        for name, text in extra.items():
            archive.writestr(f"afg/afg_admbnda_adm1.{name}", text)
    return written.getvalue()


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("kind", ["text/csv", XLSX])
async def test_table_of_every_generation_of_cod_ab_is_loaded_with_the_areas_above(
    registry: RegistryClient, generation: str, kind: str
) -> None:
    text = GENERATIONS[generation]
    rows = [line.split(",") for line in text.splitlines()]
    body = text.encode() if kind != XLSX else workbook([["about"]], [["ADM1_EN", "ADM1_PCODE"], ["x", "AF01"]], rows)
    answer = await registry.load(body, kind=kind)
    assert [(r["row"], r["id"], r["status"]) for r in answer.json()["results"]] == [(2, "AF:AF0102", "created")]
    stored = await registry.rows("select * from area where country = 'AF' order by pcode")
    assert [(row["pcode"], row["path"]) for row in stored] == [
        ("AF", ["AF"]),
        ("AF01", ["AF", "AF01"]),
        ("AF0102", ["AF", "AF01", "AF0102"]),
    ]
    assert [row["names"] for row in stored[1:]] == [
        {"en": "Kabul", "ar": "كابول"},
        {"en": "Paghman", "ar": "پغمان"},
    ]
    assert set(stored[2]["aliases"]) == {"Paghmaan", "Pughman"}
    assert statuses(await registry.load(body, kind=kind)) == ["unchanged"]


async def test_map_fills_in_a_point_and_leaves_the_one_that_was_published(registry: RegistryClient) -> None:
    await registry.load(HEADING + "1,AF01,Kabul,,,AF,34.1,68.1\n1,AF02,Kapisa,,,AF,,\n")
    body = geojson({**KABUL}, {**KABUL, "ADM1_EN": "Kapisa", "ADM1_PCODE": "AF02"})
    answer = await registry.load(body, kind=GEOJSON)
    assert statuses(answer) == ["updated", "updated"], answer.text  # the Arabic name is new
    rows = await registry.rows("select pcode, latitude, longitude, names->>'ar' as ar from area where level = 1"
                               " and country = 'AF' order by pcode")  # fmt: skip
    assert [tuple(row.values()) for row in rows] == [("AF01", 34.1, 68.1, "كابول"), ("AF02", 34.5, 68.5, "كابول")]


async def test_map_whose_rows_name_no_parent_stands_below_what_its_pcodes_begin_with(registry: RegistryClient) -> None:
    body = geojson({"admin3Name": "حي", "admin3Pcode": "SY070099"}, {"admin3Name": "X", "admin3Pcode": "ZZ1"})
    answer = await registry.load(body, kind=GEOJSON, query="?country=SYR")
    assert faults(answer) == [(2, "missing", "parent_pcode")]
    [row] = await registry.rows("select path, names from area where pcode = 'SY070099'")
    assert (row["path"], row["names"]) == (["SY", "SY07", "SY0700", "SY070099"], {"ar": "حي"})


@pytest.mark.skipif(not SHARED.exists(), reason="the real files are beside the project, not in it")
@pytest.mark.parametrize(("level", "areas"), [(1, 14), (2, 62), (3, 272)])
async def test_published_topojson_is_read_whole(registry: RegistryClient, level: int, areas: int) -> None:
    answer = await registry.load((SHARED / f"syr_adm{level}.topojson").read_bytes(), kind=GEOJSON)
    assert (answer.status_code, answer.json()["accepted"]) == (200, areas), answer.text


@pytest.mark.parametrize(
    ("encoding", "extra"),
    [
        ("utf-8", {"cpg": "UTF-8", "prj": WGS84}),
        ("utf-8", {}),
        ("cp1256", {"cpg": "1256"}),
        ("cp1256", {"prj": WGS84}),
    ],
)
async def test_zipped_shapefile_is_loaded_with_its_arabic_names(
    registry: RegistryClient, encoding: str, extra: dict[str, str]
) -> None:
    names = {**KABUL, "ADM1_AR": "محافظة كابل", "ADM0_AR": "مدينة"}
    answer = await registry.load(zipped(names, encoding=encoding, **extra), kind=ZIP)
    assert statuses(answer) == ["created"], answer.text
    [row] = await registry.rows("select names, latitude from area where pcode = 'AF01'")
    assert row == {"names": {"en": "Kabul", "ar": "محافظة كابل"}, "latitude": 34.5}


async def test_arabic_name_cut_within_a_letter_is_refused_by_its_row(registry: RegistryClient) -> None:
    cut = {**KABUL, "ADM1_AR": "س" + "محافظة" * 20, "ADM1_PCODE": "AF02"}
    answer = await registry.load(zipped(KABUL, {**cut, "ADM1_AR": "a" + cut["ADM1_AR"]}), kind=ZIP)
    assert faults(answer) == [(2, "name_cut_off", "adm1_ar")]
    assert statuses(answer) == ["created", "rejected"]
    whole = "1,AF04,Ghazni,غزني,,AF,,\n" + "".join(f"2,AF04{n:02},Place,,,AF04,,\n" for n in range(1, 30))
    in_csv = (HEADING + "1,AF03,Parwan,پروان,,AF,,\n").encode().replace("ن".encode(), "ن".encode()[:1])
    assert faults(await registry.load(in_csv + whole.encode())) == [(2, "name_cut_off", "name_ar")]


def bomb() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.shp", bytes(300 * 1024 * 1024))
    return written.getvalue()


def spiral() -> bytes:
    """A topology of few bytes whose rings come to more points than can be held."""
    rings = [[0] * 5000] * 500
    geometry = {"type": "Polygon", "arcs": rings, "properties": {"admin1Pcode": "AF01", "admin1Name": "A"}}
    arcs = [[[0, 0], [1, 0], [1, 1], [0, 0]] * 500]
    return orjson.dumps({"type": "Topology", "objects": {"a": geometry}, "arcs": arcs})


@pytest.mark.parametrize(
    ("made", "kind", "code"),
    [
        (lambda: b"{}", GEOJSON, "not_a_map"),
        (lambda: b"[" * 100_000, GEOJSON, "broken_map"),
        (lambda: geojson(KABUL, geometry={"type": "LineString", "coordinates": SQUARE[0]}), GEOJSON, "not_a_map"),
        (lambda: geojson(KABUL, geometry={"type": "Polygon", "coordinates": [[["x"]]]}), GEOJSON, "broken_map"),
        (lambda: geojson(KABUL, geometry={"type": "Point", "coordinates": [500000, 4e6]}), GEOJSON, "other_projection"),
        (lambda: geojson(KABUL, crs={"properties": {"name": "EPSG:32637"}}), GEOJSON, "other_projection"),
        (lambda: geojson({"name": "Kabul"}), GEOJSON, "heading_missing"),
        (spiral, GEOJSON, "map_too_large"),
        (lambda: b"PK nothing", ZIP, "broken_map"),
        (lambda: b"nothing", ZIP, "broken_map"),
        (bomb, ZIP, "map_too_large"),
        (lambda: zipped(KABUL, without=".dbf"), ZIP, "shapefile_part_missing"),
        (lambda: zipped(KABUL, without=".shp"), ZIP, "shapefile_part_missing"),
        (lambda: zipped(KABUL, prj=UTM), ZIP, "other_projection"),
        (lambda: zipped(KABUL, cpg="klingon"), ZIP, "encoding_not_understood"),
        (
            lambda: zipped({"ADM1_EN": "Şırnak", "ADM1_PCODE": "TR73"}, encoding="cp1254"),
            ZIP,
            "encoding_not_understood",
        ),
        (lambda: b"PK\x03\x04 nothing", XLSX, "broken_workbook"),
        (lambda: workbook([["a", "b"], [1, 2]]), XLSX, "heading_missing"),
    ],
)
async def test_file_that_holds_no_areas_is_refused_whole_and_by_name(
    shared_registry: RegistryClient, made: Any, kind: str, code: str
) -> None:
    answer = await shared_registry.load(made(), kind=kind)
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
    assert "{" not in answer.json()["detail"]


async def test_preview_says_what_a_load_would_change_field_by_field_and_writes_nothing(
    registry: RegistryClient,
) -> None:
    await registry.load(HEADING + "1,AF01,Kabul,,,AF,34.1,68.1\n1,AF03,Parwan,,,AF,,\n")
    before = await registry.rows("select (select count(*) from event), (select count(*) from audit_entry)")
    body = HEADING + "1,AF01,Kabol,كابل,Cabul,AF,34.2,68.1\n1,AF02,Kapisa,,,AF,,\n1,AF03,Parwan,,,AF,,\n1,X,Y,,,AF,,\n"
    previewed = await registry.load(body, query="?dry_run=true")
    assert statuses(previewed) == ["updated", "created", "unchanged", "rejected"]
    assert previewed.json()["changes"] == [
        {"id": "AF:AF01", "field": "names", "before": {"en": "Kabul"}, "after": {"en": "Kabol", "ar": "كابل"}},
        {"id": "AF:AF01", "field": "aliases", "before": [], "after": ["Cabul"]},
        {"id": "AF:AF01", "field": "latitude", "before": 34.1, "after": 34.2},
    ]
    assert await registry.rows("select (select count(*) from event), (select count(*) from audit_entry)") == before
    assert (await registry.load(body)).json()["results"] == previewed.json()["results"]
    shown = (await registry.load(geojson(KABUL), kind=GEOJSON, query="?dry_run=true")).json()["changes"]
    assert {change["field"] for change in shown} == {"names", "boundary"}
    assert (await registry.ask("member", "GET", "/v1/areas/boundaries?country=AF&level=1")).json()["features"] == []
