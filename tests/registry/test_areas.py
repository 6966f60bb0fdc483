"""Areas: files in, row by row, and lists out."""

import asyncio
from pathlib import Path
from typing import Any

import httpx2
import orjson
import pytest
from registry.areas import store

from .conftest import RegistryClient

SHARED = Path(__file__).parents[3] / "shared" / "data" / "areas"
HEADING = "level,pcode,name_en,name_ar,name_ref,parent_pcode,lat,lon\n"
AFGHANISTAN = HEADING + "1,AF01,Kabul,,,AF,,\n1,AF02,Kapisa,,,AF,,\n2,AF0101,Kabul,کابل,,AF01,34.5,69.2\n"
SOMALIA = HEADING + "1,#N/A,Bari,,,SO,,\n1,SO11,Awdal,,,SO,,\n2,SO1101,Borama,,,SO11,,\n"
COMMUNITIES = (
    "pcode,name_en,name_ar,parent_pcode,lat,lon,type,admin4_pcode\n"
    "C1003,Musallamiyeh,المسلمية,SY020000,36.310003,37.205732,Community,C1003\n"
    "C1004,Esan,عسان,SY020000,36.086354,37.225272,Community,C1004\n"
)
TOPIC = "registry.areas"


def statuses(answer: httpx2.Response) -> list[str]:
    return [result["status"] for result in answer.json()["results"]]


def faults(answer: httpx2.Response) -> list[tuple[int, str, str | None]]:
    errors = [error for result in answer.json()["results"] for error in result["errors"]]
    return [(error["row"], error["code"], error.get("field")) for error in errors]


async def test_syria_is_there_from_the_start_down_to_its_sub_districts(shared_registry: RegistryClient) -> None:
    counts = await shared_registry.rows(
        "select level, count(*) from area where country = 'SY' group by level order by level"
    )
    assert [row["count"] for row in counts[:4]] == [1, 14, 62, 272]
    area = (await shared_registry.ask("hub", "GET", "/v1/areas/SY/SY070004")).json()
    assert area["names"] == {"en": "Teftnaz", "ar": "تفتناز"}
    assert area["path"] == ["SY", "SY07", "SY0700", "SY070004"]
    assert area["parent"] == "SY0700"
    events = {event["pcode"]: event for event in await shared_registry.events(TOPIC)}
    assert (events["SY070004"]["path"], events["SY070004"]["version"]) == (area["path"], 1)
    assert events["SY"]["parent"] is None


async def test_new_country_is_made_from_its_first_level(registry: RegistryClient) -> None:
    answer = await registry.load(AFGHANISTAN)
    assert (answer.status_code, answer.json()["accepted"], answer.json()["rejected"]) == (200, 3, 0)
    assert [(r["row"], r["id"], r["version"], r["status"]) for r in answer.json()["results"]] == [
        (2, "AF:AF01", 1, "created"),
        (3, "AF:AF02", 1, "created"),
        (4, "AF:AF0101", 1, "created"),
    ]
    rows = await registry.rows("select pcode, level, path from area where country = 'AF' order by level, pcode")
    assert [(row["pcode"], row["path"]) for row in rows] == [
        ("AF", ["AF"]),
        ("AF01", ["AF", "AF01"]),
        ("AF02", ["AF", "AF02"]),
        ("AF0101", ["AF", "AF01", "AF0101"]),
    ]
    events = [event for event in await registry.events(TOPIC) if event["country"] == "AF"]
    assert [event["pcode"] for event in events] == ["AF", "AF01", "AF02", "AF0101"]
    assert events[0]["names"]["ar"] == "أفغانستان"
    assert (events[3]["latitude"], events[3]["longitude"]) == (34.5, 69.2)
    country = (await registry.ask("member", "GET", "/v1/countries/AF")).json()
    assert country["has_areas"] is True
    [entry] = await registry.rows("select * from audit_entry where action = 'areas.load' and subject <> 'provision'")
    assert entry["details"] == {"changed": 4}


async def test_numbers_are_read_in_arabic_digits_and_without_what_nobody_sees(registry: RegistryClient) -> None:
    answer = await registry.load(HEADING + "\u200f1,SO11,Awdal,,,SO,\ufeff9.9,43.\u00ad2\n٢,SO1101,Borama,,,SO11,,\n")
    assert answer.json()["rejected"] == 0, answer.text
    rows = await registry.rows("select level, latitude, longitude from area where pcode like 'SO11%' order by pcode")
    assert [tuple(row.values()) for row in rows] == [(1, 9.9, 43.2), (2, None, None)]


async def test_loading_twice_changes_nothing(registry: RegistryClient) -> None:
    await registry.load(AFGHANISTAN)
    before = await registry.rows("select * from area order by country, pcode")
    events = len(await registry.events(TOPIC))
    again = await registry.load(AFGHANISTAN)
    assert (again.status_code, statuses(again)) == (200, ["unchanged"] * 3)
    assert await registry.rows("select * from area order by country, pcode") == before
    assert len(await registry.events(TOPIC)) == events


async def test_faulty_row_is_refused_alone(registry: RegistryClient) -> None:
    answer = await registry.load(SOMALIA)
    assert answer.status_code == 207
    assert (answer.json()["accepted"], answer.json()["rejected"]) == (2, 1)
    assert faults(answer) == [(2, "wrong_form", "pcode")]


async def test_later_file_adds_names_and_leaves_what_it_does_not_say(registry: RegistryClient) -> None:
    await registry.load(AFGHANISTAN)
    answer = await registry.load(HEADING + "1,AF01,Kabul,كابل,Kabol,AF,,\n2,AF0101,Kabul City,,,AF01,,\n")
    assert statuses(answer) == ["updated", "updated"]
    by_pcode = {row["pcode"]: row for row in await registry.rows("select * from area where country = 'AF'")}
    assert by_pcode["AF01"]["names"] == {"en": "Kabul", "ar": "كابل"}
    assert (by_pcode["AF01"]["aliases"], by_pcode["AF01"]["version"]) == (["Kabol"], 2)
    assert by_pcode["AF0101"]["names"] == {"en": "Kabul City", "ar": "کابل"}
    assert by_pcode["AF0101"]["latitude"] == 34.5
    newest = (await registry.events(TOPIC, "AF:AF0101"))[-1]
    assert (newest["version"], newest["names"]["ar"], newest["latitude"]) == (2, "کابل", 34.5)
    found = (await registry.ask("member", "GET", "/v1/areas?country=AF&search=كابل")).json()["items"]
    assert [item["pcode"] for item in found] == ["AF01", "AF0101"]


async def test_parents_may_come_after_their_children(registry: RegistryClient) -> None:
    answer = await registry.load(HEADING + "2,AF0101,Kabul,,,AF01,,\n1,AF01,Kabul,,,AF,,\n")
    assert (answer.status_code, statuses(answer)) == (200, ["created", "created"])


async def test_files_are_loaded_one_after_another(registry: RegistryClient) -> None:
    async with registry.database.transaction() as other:
        await store.lock_loading(other)
        loading = asyncio.create_task(registry.load(AFGHANISTAN))
        await asyncio.sleep(0.3)
        assert not loading.done()
    assert statuses(await loading) == ["created"] * 3


async def test_communities_stand_below_their_sub_districts(registry: RegistryClient) -> None:
    assert statuses(await registry.load(COMMUNITIES)) == ["created", "created"]
    assert statuses(await registry.load(COMMUNITIES)) == ["unchanged", "unchanged"]
    [event] = await registry.events(TOPIC, "SY:C1004")
    assert (event["level"], event["path"]) == (4, ["SY", "SY02", "SY0200", "SY020000", "C1004"])


async def test_file_that_is_something_else_altogether_is_refused_at_once(registry: RegistryClient) -> None:
    answer = await registry.load(b"x\n" * 100_001, kind="application/x-ndjson")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_many_rows")


async def test_ndjson_is_taken_as_well(registry: RegistryClient) -> None:
    rows: list[Any] = [
        {"level": 1, "pcode": "AF01", "name_en": "Kabul", "aliases": ["Kabol"], "parent_pcode": "AF"},
        "no object",
        {"level": 2, "pcode": "AF0101", "name_en": "Kabul", "parent_pcode": "AF01", "lat": 34.5, "lon": 69.2},
    ]
    body = b"\n".join(orjson.dumps(row) for row in rows) + b"\n\n{broken\n" + b'{"a":' * 2000
    answer = await registry.load(body, kind="application/x-ndjson")
    assert answer.status_code == 207
    assert faults(answer) == [(2, "malformed_row", None), (5, "malformed_row", None), (6, "malformed_row", None)]
    [row] = await registry.rows("select aliases from area where pcode = 'AF01'")
    assert row["aliases"] == ["Kabol"]


FAULTS = [
    ("1,AF1,Kabul,,,AF,,", "pcode_pattern_mismatch", "pcode"),
    ("3,SY02000X,Place,,,SY0200,,", "pcode_pattern_mismatch", "pcode"),
    ("2,AF0101,Kabul,,,AF01,,", "unknown_parent", "parent_pcode"),
    ("1,AF01,Kabul,,,,,", "missing", "parent_pcode"),
    ("1,AF01,Kabul,,,NOWHERE,,", "unknown_parent", "parent_pcode"),
    ("0,AF01,Kabul,,,,,", "unknown_parent", "parent_pcode"),
    ("2,SY0298,Place,,,SY0200,,", "parent_not_above", "parent_pcode"),
    ("2,SY0200,Jebel Saman,,,SY07,,", "area_moved", "parent_pcode"),
    ("1,AF01,,,,AF,,", "names_missing", "name_en"),
    ("1,AF01,Kabul,,,AF,91,10", "too_large", "lat"),
    ("1,AF01,Kabul,,,AF,inf,10", "not_a_number", "lat"),
    ("1,AF01,Kabul,,,AF,north,10", "not_a_number", "lat"),
    ("1,AF01,Kabul,,,AF,3_4,10", "not_a_number", "lat"),
    ("0_1,AF01,Kabul,,,AF,34,10", "not_whole", "level"),
    ("1,AF01,Kabul, the city,,,AF,34,69", "row_longer_than_headings", None),
    ("one,AF01,Kabul,,,AF,,", "not_whole", "level"),
    (",AF01,Kabul,,,AF,,", "missing", "level"),
    ("10,AF01,Kabul,,,AF,,", "too_large", "level"),
    ("1,AF01,Ka\0bul,,,AF,,", "invalid_text", "name_en"),
    ("1,AF01," + "x" * 200_000 + ",,,AF,,", "text_too_long", "name_en"),
]


@pytest.mark.parametrize(("row", "code", "field"), FAULTS, ids=[f"{code}-{row[:14]!r}" for row, code, _ in FAULTS])
async def test_row_is_refused_with_its_reason(shared_registry: RegistryClient, row: str, code: str, field: str) -> None:
    answer = await shared_registry.load(HEADING + row + "\n")
    assert answer.status_code == 422, answer.text
    assert faults(answer) == [(2, code, field)]
    assert await shared_registry.rows("select from area where country = 'AF'") == []


@pytest.mark.parametrize("separator", list(",;\t|،؛"))
async def test_a_file_is_parted_by_what_its_heading_is_understood_by(registry: RegistryClient, separator: str) -> None:
    heading = HEADING.replace(",", separator).replace("lat", "notes").replace("lon", '"lat, lon; as\t|found"')
    answer = await registry.load(
        heading + separator.join(["1", "AF01", '"Kabul, city; of"', "کابل", "", "AF", "", "x"])
    )
    assert (answer.status_code, statuses(answer)) == (200, ["created"]), answer.text
    [area] = await registry.rows("select names from area where pcode = 'AF01'")
    assert area["names"] == {"en": "Kabul, city; of", "ar": "کابل"}


async def test_a_quotation_mark_that_is_not_closed_is_the_fault_of_its_row(registry: RegistryClient) -> None:
    answer = await registry.load(
        HEADING + '1,="AF01",Kabul,,,AF,,\n1,AF02,"Kapisa,,,AF,,\n' + "1,AF03,Place,,,AF,,\n" * 60
    )
    assert answer.status_code == 207
    assert faults(answer) == [(3, "broken_record", None)]
    assert answer.json()["results"][0]["id"] == "AF:AF01"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig"])
async def test_a_file_in_other_than_plain_utf_8_is_read_where_it_is_certain(
    registry: RegistryClient, encoding: str
) -> None:
    answer = await registry.load(("sep=,\r\n" + AFGHANISTAN).encode(encoding))
    assert statuses(answer) == ["created"] * 3, answer.text


@pytest.mark.parametrize("page", ["cp1256", "iso8859_6", "cp1254", "mac_arabic"])
async def test_names_in_a_code_page_are_refused_whole_and_never_guessed(
    shared_registry: RegistryClient, page: str
) -> None:
    name = "Şırnak" if page == "cp1254" else "حلب"
    answer = await shared_registry.load((HEADING + f"1,AF01,Kabul,{name},,AF,,\n").encode(page))
    assert (answer.status_code, answer.json()["code"]) == (422, "encoding_not_understood")


async def test_broken_utf_8_is_the_fault_of_its_row(registry: RegistryClient) -> None:
    broken = b"1,AF01,Kab\xfful,,,AF,,\n1,AF02,K\xc3\xa1pisa,,,AF,,\n"
    answer = await registry.load(HEADING.encode() + broken)
    assert answer.status_code == 207
    assert [row for row, _, _ in faults(answer)] == [2]


async def test_repeated_pcode_is_taken_once(registry: RegistryClient) -> None:
    answer = await registry.load(HEADING + "1,AF01,Kabul,,,AF,,\n1,AF01,Kabol,,,AF,,\n")
    assert answer.status_code == 207
    assert faults(answer) == [(3, "area_repeated", "pcode")]


async def test_pcode_of_two_countries_needs_the_country(registry: RegistryClient) -> None:
    for country in ("XA", "XB"):
        made = await registry.load(HEADING + f"1,P1,Place,,,{country},,\n")
        assert made.status_code == 200
    ambiguous = await registry.load(HEADING + "2,P101,Place,,,P1,,\n")
    assert faults(ambiguous) == [(2, "parent_ambiguous", "parent_pcode")]
    named = await registry.load(HEADING + "2,P101,Place,,,P1,,\n", query="?country=XB")
    assert named.json()["results"][0]["id"] == "XB:P101"


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        ("", "text/csv", 422, "heading_missing"),
        (HEADING, "text/csv", 422, "no_rows"),
        ("level,pcode,Name_En,parent_pcode,name_en\n1,AF01,Kabul,AF,Kabol\n", "text/csv", 422, "heading_twice"),
        ("a,b\n1,2\n", "text/csv", 422, "heading_missing"),
        ("level,pcode,parent_pcode\n1,AF01,AF\n", "text/csv", 422, "heading_missing"),
        ("", "application/x-ndjson", 422, "no_rows"),
        (HEADING, "application/json", 415, "unsupported_content_type"),
    ],
)
async def test_file_that_is_none_is_refused_whole(
    shared_registry: RegistryClient, body: str, kind: str, status: int, code: str
) -> None:
    answer = await shared_registry.load(body or b" ", kind=kind)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_body_over_the_limit_is_refused_unread(shared_registry: RegistryClient) -> None:
    answer = await shared_registry.load(b"x" * (32 * 1024 * 1024 + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


async def test_load_with_a_key_is_done_once(registry: RegistryClient) -> None:
    headers = {"Content-Type": "text/csv", "Idempotency-Key": "load-1"}
    first = await registry.ask("secretariat", "POST", "/v1/areas", AFGHANISTAN.encode(), headers=headers)
    again = await registry.ask("secretariat", "POST", "/v1/areas", AFGHANISTAN.encode(), headers=headers)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["idempotency-replayed"] == "true"


@pytest.mark.parametrize(
    ("query", "pcodes"),
    [
        ("country=SY&level=1&first=2", ["SY01", "SY02"]),
        ("parent=SY0700", ["SY070000", "SY070001", "SY070002", "SY070003", "SY070004", "SY070005", "SY070006"]),
        ("within=SY0700&level=2", ["SY0700"]),
        ("within=SY070004", ["SY070004"]),
        ("level=1&search=ادلب", ["SY07"]),
        ("level=1&search=إِدْلِب", ["SY07"]),
        ("level=1&search=idl", ["SY07"]),
        ("search=تفتناز", ["SY070004"]),
        ("level=1&search=اللاذقيه", ["SY06"]),
        ("search=%25", []),
    ],
)
async def test_list_is_narrowed_by_filters(shared_registry: RegistryClient, query: str, pcodes: list[str]) -> None:
    answer = await shared_registry.ask("member", "GET", f"/v1/areas?{query}")
    assert [item["pcode"] for item in answer.json()["items"]] == pcodes


async def test_pages_cover_the_list_once_and_in_order(shared_registry: RegistryClient) -> None:
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        page = (
            await shared_registry.ask("member", "GET", f"/v1/areas?country=SY&first=100{after and f'&after={after}'}")
        ).json()
        seen += [item["pcode"] for item in page["items"]]
        after = page["next"]
    assert seen == sorted(set(seen))
    assert len(seen) == 349


@pytest.mark.parametrize("path", ["/v1/areas/SY/SY99", "/v1/areas/XX/SY02"])
async def test_unknown_area_is_not_found(shared_registry: RegistryClient, path: str) -> None:
    assert (await shared_registry.ask("member", "GET", path)).status_code == 404


@pytest.mark.parametrize(
    "path", ["/v1/areas/SY/a%00b", "/v1/areas/%00/SY02", "/v1/areas?level=x", "/v1/areas?after=%F0"]
)
async def test_faulty_address_is_refused(shared_registry: RegistryClient, path: str) -> None:
    assert (await shared_registry.ask("member", "GET", path)).status_code in {400, 422}


REAL = {
    "afg_areas.csv": (200, 435, 0),
    "eth_areas.csv": (200, 478, 0),
    "som_areas.csv": (207, 107, 1),
    "syr_communities_SY02.csv": (200, 1865, 0),
    "syr_areas_adm1_3.csv": (200, 348, 0),
}


@pytest.mark.skipif(not SHARED.exists(), reason="the real files are beside the project, not in it")
async def test_real_files_are_taken_and_a_second_time_change_nothing(registry: RegistryClient) -> None:
    for name, expected in REAL.items():
        body = (SHARED / name).read_bytes()
        first, again = await registry.load(body), await registry.load(body)
        assert (first.status_code, first.json()["accepted"], first.json()["rejected"]) == expected, name
        assert set(statuses(again)) <= {"unchanged", "rejected"}, name
        if name == "syr_areas_adm1_3.csv":
            assert set(statuses(first)) == {"unchanged"}
    [counted] = await registry.rows("select count(*) from area")
    events = await registry.events(TOPIC)
    assert len(events) == counted["count"] == 349 + 1 + 435 + 1 + 478 + 1 + 107 + 1865


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/v1/areas?country=XX", "unknown_country"),
        ("/v1/areas?parent=SY99", "unknown_area"),
        ("/v1/areas?within=SY99", "unknown_area"),
        ("/v1/areas?within=SY07&country=XX", "invalid"),
        ("/v1/organisations?area=SY99", "unknown_area"),
        ("/v1/organisations?sector=XYZ", "unknown_sector"),
        ("/v1/organisations?type_code=999", "unknown_organisation_type"),
        ("/v1/indicators?sector=XYZ", "unknown_sector"),
    ],
)
async def test_what_a_filter_names_in_vain_is_refused_by_name(
    shared_registry: RegistryClient, path: str, code: str
) -> None:
    for language in ("en", "ar"):
        answer = await shared_registry.ask("member", "GET", path, headers={"Accept-Language": language})
        assert (answer.status_code, answer.json()["code"]) == (422, code), path
        assert answer.json()["errors"][0]["detail"].rstrip(".").endswith(("XX", "SY99", "XYZ", "999", "SY07"))
