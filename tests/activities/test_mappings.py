"""Mappings: how a file is read is remembered for files of its shape, versioned, shared, exported and loaded."""

from typing import Any
from uuid import UUID

from .conftest import ServiceClient
from .test_confirming import counted
from .test_proposals import proposed
from .test_uploading import taken

FILE = "Report of {month}\nBereich,Ort,Leute im {month} {year},Bemerkung\n{rows}"
FIELDS = {"Bereich": "sector", "Ort": "adm3", "Bemerkung": None}
SAID: dict[str, Any] = {"headings": [2], "defaults": {"status": "Completed"}, "name": "Our sheet"}


def file_of(month: str, rows: str, year: int = 2026) -> str:
    return FILE.format(month=month, year=year, rows=rows)


async def remembered(service: ServiceClient) -> Any:
    """The mapping that one confirmed file leaves."""
    address, _ = await proposed(service, file_of("October", "WSH,SY070302,10,x\n"), dry_run="true", month="2026-10")
    state = await counted(service, address, **SAID, columns={**FIELDS, "3": "people.total"})
    assert state["counts"]["accepted"] == 1, state
    [mapping] = await listed(service)
    return mapping


async def listed(service: ServiceClient, role: str = "member", **claims: Any) -> Any:
    answer = await service.client.get("/v1/mappings", headers=service.bearer(role, **claims))
    return answer.json()["items"]


OTHERS: dict[str, Any] = {"organisation_id": UUID(int=0xB2), "subject": "other-system"}


async def test_the_next_file_of_the_shape_is_read_without_a_second_step(service: ServiceClient) -> None:
    mapping = await remembered(service)
    assert (mapping["name"], mapping["version"]) == ("Our sheet", 1)
    content = "\n\n" + file_of("November", "WSH,SY070302,7,y\nEDU,SY020400,8,z\n").replace(",Ort", ",,Ort").replace(
        ",SY", ",,SY"
    )
    state = await taken(service, content, month="2026-11")
    assert (state["state"], state["counts"]["created"]) == ("done", 2), state
    used = state["sheets"][0]["mapping"]
    assert (used["id"], used["version"], used["name"]) == (mapping["id"], 1, "Our sheet")
    rows = await service.rows("select people_total, area, month from report where month = '2026-11' order by area")
    assert [tuple(row.values()) for row in rows] == [(8, "SY020400", "2026-11"), (7, "SY070302", "2026-11")]


async def test_a_changed_confirmation_is_another_version_and_the_same_is_none(service: ServiceClient) -> None:
    first = await remembered(service)
    again = await remembered(service)
    assert (again["id"], again["version"]) == (first["id"], 1)
    address, _ = await proposed(service, file_of("October", "WSH,SY070302,11,x\n"), dry_run="true", month="2026-10")
    await counted(service, address, columns={"Bemerkung": "comments"})
    [mapping] = await listed(service)
    assert (mapping["id"], mapping["version"], mapping["name"]) == (first["id"], 2, "Our sheet")
    versions = await service.rows("select version from mapping_version order by version")
    assert [row["version"] for row in versions] == [1, 2]


async def test_a_mapping_is_renamed_shared_and_withdrawn(service: ServiceClient) -> None:
    mapping = await remembered(service)
    path, headers = f"/v1/mappings/{mapping['id']}", {**service.bearer(), "If-Match": "*"}
    assert await listed(service, **OTHERS) == []
    assert (await service.client.get(path, headers=service.bearer(**OTHERS))).status_code == 404
    for wrong, code in (({"sector": "WSH"}, "share_without_group"), ({"sector": "WSH", "scope": "x"}, "unknown_scope")):
        assert (await service.client.patch(path, json=wrong, headers=headers)).json()["code"] == code
    shared = {"name": "WASH sheet", "sector": "WSH", "scope": "idlib"}
    answer = await service.client.patch(path, json=shared, headers=headers)
    assert (answer.json()["name"], answer.json()["version"]) == ("WASH sheet", 2)
    assert [each["name"] for each in await listed(service, **OTHERS)] == ["WASH sheet"]
    assert (await listed(service, **OTHERS))[0]["made_by"] is None
    others = {**service.bearer(**OTHERS), "If-Match": "*"}
    assert (await service.client.patch(path, json={"name": "mine"}, headers=others)).status_code == 404
    assert (await service.client.delete(path, headers=others)).status_code == 404
    assert (await service.client.delete(path, headers=headers)).json() == {"id": mapping["id"]}
    assert await listed(service) == []


async def test_a_mapping_that_is_shared_reads_files_of_others(service: ServiceClient) -> None:
    mapping = await remembered(service)
    headers = {**service.bearer(), "If-Match": "*"}
    shared = {"sector": "WSH", "scope": "idlib"}
    await service.client.patch(f"/v1/mappings/{mapping['id']}", json=shared, headers=headers)
    content = file_of("October", "WSH,SY020400,9,x\n")
    state = await taken(service, content, "secretariat", month="2026-10", organisation="VO", sector="WSH")
    assert state["counts"]["accepted"] == 1, state
    refused = await taken(service, content, "secretariat", month="2026-10", organisation="VO", sector="EDU")
    assert refused["failure"]["code"] == "no_headings"


async def test_a_mapping_is_exported_and_loaded(service: ServiceClient) -> None:
    mapping = await remembered(service)
    headers = service.bearer(**OTHERS)
    answer = await service.client.post("/v1/mappings", json=mapping, headers=headers)
    assert answer.status_code == 201, answer.text
    assert {name: answer.json()[name] for name in ("name", "fingerprint", "profile")} == {
        name: mapping[name] for name in ("name", "fingerprint", "profile")
    }
    assert answer.json()["id"] != mapping["id"]


async def test_a_mapping_that_fits_no_sheet_is_refused(service: ServiceClient) -> None:
    mapping = await remembered(service)
    profile = mapping["profile"]
    column = profile["columns"][0]
    for wrong, code in (
        ({"headings": []}, "invalid_value"),
        ({"columns": [{**column, "place": -1}]}, "invalid_value"),
        ({"columns": [column, column]}, "invalid_value"),
        ({"columns": [{**column, "heading": "a\u0000"}]}, "invalid_text"),
        ({"columns": [{**column, "field": "ghost"}]}, "field_not_of_reports"),
        ({"passed_over": {"0": [1]}}, None),
    ):
        answer = await service.client.post(
            "/v1/mappings", json={**mapping, "profile": {**profile, **wrong}}, headers=service.bearer()
        )
        assert answer.status_code == 422, (wrong, answer.text)
        told = answer.json()
        assert code in (None, told["code"], *(error["code"] for error in told.get("errors", ()))), told


WIDE = "Plan of {year}\nSector,Sub-district,Status,Unheard of,Jan,Feb\n{rows}"


async def test_months_of_a_wide_sheet_are_of_the_year_the_sheet_says(service: ServiceClient) -> None:
    content = WIDE.format(year=2025, rows="WSH,SY070302,Completed,7,10,0\n")
    address, _ = await proposed(service, content)
    state = await counted(service, address, columns={"Unheard of": None, "Jan": "people.total", "Feb": "people.total"})
    assert state["counts"]["accepted"] == 1, state
    state = await taken(service, WIDE.format(year=2026, rows="WSH,SY070302,Completed,7,11,12\n"))
    assert state["sheets"][0]["mapping"], state
    rows = await service.rows("select month, people_total from report order by month")
    assert [tuple(row.values()) for row in rows] == [("2025-01", 10), ("2026-01", 11), ("2026-02", 12)]
