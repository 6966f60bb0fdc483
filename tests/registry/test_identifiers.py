"""Other spellings, codes of clusters and ids elsewhere: given in rows, of one organisation each."""

from typing import Any
from uuid import uuid4

import pytest

from .conftest import MEMBER, OTHER, RegistryClient

PATH = "/v1/organisations/identifiers"
TOPIC = "registry.organisations"
OTHER_NAME = "Other Sample Member Organisation"


async def sent(registry: RegistryClient, role: str, *rows: dict[str, Any]) -> tuple[int, list[dict[str, Any]]]:
    answer = await registry.ask(role, "POST", PATH, list(rows))
    assert "results" in answer.json(), answer.text
    return answer.status_code, answer.json()["results"]


async def test_what_is_given_is_kept_told_and_found(registry: RegistryClient) -> None:
    rows: list[dict[str, Any]] = [
        {"organisation_id": str(MEMBER), "alias": "Örnek Üye Kuruluş"},
        {"organisation_id": str(MEMBER), "issuer": "WSH", "code": 1042},
        {"organisation": "sample member organisation", "issuer": "WSH", "code": "W-7"},
        {"organisation": "sample member organisation", "scheme": "fts", "external_id": 9},
    ]
    status, results = await sent(registry, "secretariat", *rows)
    assert (status, {(each["status"], each["id"], each["version"]) for each in results}) == (
        200,
        {("updated", str(MEMBER), 2)},
    )
    read = (await registry.ask("member", "GET", f"/v1/organisations/{MEMBER}")).json()
    codes = [{"issuer": "WSH", "code": "1042"}, {"issuer": "WSH", "code": "W-7"}]
    assert (read["aliases"], read["partner_codes"]) == (["Örnek Üye Kuruluş"], codes)
    assert read["external_ids"] == {"fts": "9"}
    [_, event] = await registry.events(TOPIC, MEMBER)
    assert (event["version"], event["partner_codes"], event["aliases"]) == (2, codes, ["Örnek Üye Kuruluş"])
    listed = (await registry.ask("hub", "GET", "/v1/organisations?search=uye kurulus")).json()["items"]
    assert [(each["id"], each["partner_codes"]) for each in listed] == [(str(MEMBER), codes)]
    [entry] = await registry.rows("select * from audit_entry where action = 'organisation.identify'")
    assert (entry["object"], entry["details"]) == (f"organisation:{MEMBER}", {"version": 2})
    again = await sent(registry, "secretariat", *rows)
    assert [each["status"] for each in again[1]] == ["unchanged"] * 4
    assert len(await registry.events(TOPIC, MEMBER)) == 2


async def test_a_code_belongs_to_one_organisation_of_its_issuer(registry: RegistryClient) -> None:
    status, results = await sent(
        registry,
        "secretariat",
        {"organisation_id": str(MEMBER), "issuer": "WSH", "code": "12"},
        {"organisation_id": str(OTHER), "issuer": "WSH", "code": "12"},
        {"organisation_id": str(OTHER), "issuer": "SHL", "code": "12"},
    )
    assert (status, [each["status"] for each in results]) == (207, ["updated", "rejected", "updated"])
    [error] = results[1]["errors"]
    assert (error["code"], error["field"]) == ("code_taken", "code")
    assert "Sample Member Organisation" in error["detail"]
    _, results = await sent(registry, "secretariat", {"organisation_id": str(OTHER), "issuer": "WSH", "code": "12"})
    assert [each["errors"][0]["code"] for each in results] == ["code_taken"]
    given_back = {"organisation_id": str(MEMBER), "issuer": "WSH", "code": "12", "withdrawn": True}
    _, results = await sent(
        registry, "secretariat", given_back, {"organisation_id": str(OTHER), "issuer": "WSH", "code": "12"}
    )
    assert [each["status"] for each in results] == ["updated", "updated"]


async def test_a_table_is_taken_row_by_row(registry: RegistryClient) -> None:
    table = (
        "organisation,issuer,code,alias\n"
        f"{OTHER_NAME},WSH,17,\nNobody,WSH,18,\n{OTHER_NAME},WASH,19,\n{OTHER_NAME},,,منظمة ثانية\n,WSH,1,\n"
    )
    answer = await registry.ask("secretariat", "POST", PATH, table.encode(), headers={"Content-Type": "text/csv"})
    assert answer.status_code == 207
    told = [(each["row"], each["status"], *(e["code"] for e in each["errors"])) for each in answer.json()["results"]]
    assert told == [
        (2, "updated"),
        (3, "rejected", "unknown_organisation"),
        (4, "rejected", "wrong_form"),
        (5, "updated"),
        (6, "rejected", "identifier_incomplete"),
    ]


async def test_a_coordinator_gives_codes_of_its_own_sectors(registry: RegistryClient) -> None:
    applicant = await registry.apply()
    rows: list[dict[str, Any]] = [
        {"organisation_id": str(MEMBER), "issuer": "WSH", "code": "5"},
        {"organisation_id": str(MEMBER), "issuer": "SHL", "code": "5"},
        {"organisation_id": str(MEMBER), "alias": "Something"},
        {"organisation_id": str(applicant), "issuer": "WSH", "code": "6"},
    ]
    status, results = await sent(registry, "coordinator", *rows)
    assert status == 207
    assert [each["errors"][0]["code"] if each["errors"] else "" for each in results] == [
        "",
        "outside_your_scope",
        "outside_your_scope",
        "unknown_organisation",
    ]
    assert (await registry.ask("member", "POST", PATH, rows)).status_code == 403


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"organisation_id": str(uuid4()), "alias": "x"}, "unknown_organisation"),
        ({"organisation_id": str(MEMBER)}, "identifier_incomplete"),
        ({"organisation_id": str(MEMBER), "code": "1"}, "identifier_incomplete"),
        ({"organisation_id": str(MEMBER), "issuer": "XYZ", "code": "1"}, "unknown_sector"),
        ({"organisation_id": str(MEMBER), "scheme": "other", "external_id": "1"}, "not_a_choice"),
        ({"alias": "x"}, "identifier_incomplete"),
    ],
)
async def test_what_names_nothing_is_refused(shared_registry: RegistryClient, row: dict[str, Any], code: str) -> None:
    status, [result] = await sent(shared_registry, "secretariat", row)
    assert (status, result["errors"][0]["code"]) == (422, code)


async def test_a_name_of_two_is_refused(registry: RegistryClient) -> None:
    await registry.apply(names={"en": "Twin"})
    await registry.apply(names={"en": "TWIN"})
    _, [result] = await sent(registry, "secretariat", {"organisation": "twin", "alias": "x"})
    assert result["errors"][0]["code"] == "several_organisations"
