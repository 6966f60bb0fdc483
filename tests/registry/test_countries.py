"""Countries: names, levels and patterns are data of the secretariat."""

from typing import Any

import pytest

from .conftest import RegistryClient
from .test_areas import SHARED

SYRIA: dict[str, Any] = {
    "names": {"en": "Syrian Arab Republic", "ar": "الجمهورية العربية السورية"},
    "iso3": "SYR",
    "levels": [{"level": 1, "pattern": "^SY\\d{2}$", "names": {"en": "governorate", "ar": "محافظة"}}],
}


async def test_shipped_countries_have_the_patterns_of_their_pcodes(shared_registry: RegistryClient) -> None:
    listed = {row["code"]: row for row in (await shared_registry.ask("member", "GET", "/v1/countries")).json()["items"]}
    assert [level["pattern"] for level in listed["SY"]["levels"]] == [
        "^SY$",
        r"^SY\d{2}$",
        r"^SY\d{4}$",
        r"^SY\d{6}$",
        r"^C\d{4,}$",
        r"^N\d{4,}$",
    ]
    assert listed["SO"]["levels"][2]["pattern"] == "^SO[0-9A-Z]{2}([0-9A-Z]{7}|[0-9A-Z]{2})$"
    assert (listed["SY"]["has_areas"], listed["SO"]["has_areas"]) == (True, False)
    assert listed["AF"]["iso3"] == "AFG"


async def test_every_country_of_hapi_is_there_and_found_by_its_iso_code(shared_registry: RegistryClient) -> None:
    listed = (await shared_registry.ask("member", "GET", "/v1/countries")).json()["items"]
    codes = {row["iso3"] for row in listed}
    assert len(codes) == len(listed) == 156
    assert all(row["names"].keys() == {"ar", "en"} for row in listed)
    lengths = SHARED.parent / "hapi" / "download-global-pcode-lengths.csv"
    if lengths.exists():
        assert codes == {line.split(",")[0] for line in lengths.read_text("utf-8-sig").splitlines()[1:]}
    for path, code in (("/v1/countries/TCD", "TD"), ("/v1/countries/TD", "TD")):
        assert (await shared_registry.ask("member", "GET", path)).json()["code"] == code
    area = (await shared_registry.ask("member", "GET", "/v1/areas/SYR/SY07")).json()
    assert (area["country"], area["pcode"]) == ("SY", "SY07")


async def test_put_replaces_names_and_levels_and_tells_of_the_new_name(registry: RegistryClient) -> None:
    answer = await registry.ask("secretariat", "PUT", "/v1/countries/SY", SYRIA)
    assert answer.status_code == 200
    assert (answer.json()["names"], answer.json()["version"]) == (SYRIA["names"], 2)
    assert len(answer.json()["levels"]) == 1
    newest = (await registry.events("registry.areas", "SY:SY"))[-1]
    assert (newest["version"], newest["names"]["en"]) == (2, "Syrian Arab Republic")
    found = (await registry.ask("member", "GET", "/v1/areas?level=0&search=syrian arab")).json()["items"]
    assert [item["pcode"] for item in found] == ["SY"]


async def test_new_pattern_holds_from_the_next_file_on(registry: RegistryClient) -> None:
    heading = "level,pcode,name_en,parent_pcode\n"
    assert (await registry.load(heading + "1,XX01,Place,XX\n")).status_code == 200
    body = {"names": {"en": "Exland"}, "levels": [{"level": 1, "pattern": "^XX[A-Z]$"}]}
    assert (await registry.ask("secretariat", "PUT", "/v1/countries/XX", body)).status_code == 200
    refused = await registry.load(heading + "1,XX02,Place,XX\n")
    assert refused.json()["results"][0]["errors"][0]["code"] == "pcode_pattern_mismatch"
    assert (await registry.load(heading + "1,XXA,Place,XX\n")).status_code == 200


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"levels": [{"level": 1, "pattern": "(("}]}, "malformed_pattern", "levels.0.pattern"),
        ({"levels": [{"level": 1}, {"level": 1}]}, "level_repeated", "levels.1.level"),
        ({"levels": [{"level": 10}]}, "too_large", "levels.0.level"),
        ({"names": {}}, "missing", "names"),
        ({"iso3": "syr"}, "wrong_form", "iso3"),
    ],
)
async def test_faulty_country_is_refused(
    shared_registry: RegistryClient, change: dict[str, Any], code: str, field: str
) -> None:
    answer = await shared_registry.ask("secretariat", "PUT", "/v1/countries/SY", {**SYRIA, **change})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)
    assert answer.json()["errors"][0]["field"] == field


async def test_unknown_country_is_not_found(shared_registry: RegistryClient) -> None:
    assert (await shared_registry.ask("member", "GET", "/v1/countries/XX")).status_code == 404
    assert (await shared_registry.ask("member", "GET", "/v1/countries/xx")).status_code == 422
