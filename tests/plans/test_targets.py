"""Targets: set by rows and tables, versioned, withdrawn, told to others."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from contracts.targets import TargetChanged
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from testkit.small_syria import OpenService

COORDINATOR = {"sectors": ["WSH"], "areas": ["SY07"]}
YEAR = {"month_from": "2026-01", "month_to": "2026-12"}


def target(**fields: Any) -> dict[str, Any]:
    row = {"sector": "WSH", "area": "SY070302", "month": "2026-10", "people": 500}
    return {**row, **fields}


async def post(
    door: OpenService,
    rows: Any,
    role: str = "secretariat",
    kind: str = "json",
    language: str = "en",
    **parameters: str,
) -> httpx2.Response:
    claims = COORDINATOR if role == "coordinator" else {}
    headers = {**door.bearer(role, **claims), "Accept-Language": language}
    body: dict[str, Any] = {"json": rows}
    if kind != "json":
        headers["Content-Type"] = {"csv": "text/csv", "ndjson": "application/x-ndjson"}[kind]
        body = {"content": rows if isinstance(rows, bytes) else rows.encode()}
    return await door.client.post("/v1/targets", headers=headers, params=parameters, **body)


async def listed(door: OpenService, role: str = "secretariat", **filters: Any) -> list[dict[str, Any]]:
    claims = {name: filters.pop(name) for name in ("sectors", "areas") if name in filters}
    answer = await door.client.get("/v1/targets", params=filters, headers=door.bearer(role, **claims))
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def told(door: OpenService) -> list[TargetChanged]:
    rows = await door.rows("select payload from event where aggregatetype = 'plans.targets' order by number")
    return [as_told(row["payload"]) for row in rows]


def as_told(payload: bytes) -> TargetChanged:
    """Each must be its contract's, to the letter."""
    event = TargetChanged.model_validate_json(payload)
    assert json.loads(payload) == event.model_dump(mode="json", exclude_none=True)
    return event


def codes(answer: httpx2.Response) -> list[tuple[str | None, str]]:
    return [(error["field"], error["code"]) for result in answer.json()["results"] for error in result["errors"]]


async def test_a_target_is_kept_told_and_audited(door: OpenService) -> None:
    answer = await post(door, target(indicator="wsh_ind_1", population_group="idp"), role="coordinator")
    assert answer.status_code == 200
    [result] = answer.json()["results"]
    assert (result["status"], result["version"]) == ("created", 1)
    [row] = await listed(door)
    assert (row["id"], row["area"], row["people"], row["unit"]) == (result["id"], "SY070302", 500, "people")
    assert (row["month_from"], row["month_to"], row["population_group"]) == ("2026-10", "2026-10", "idp")
    assert row["area_names"] == {"ar": "الدانا", "en": "Dana"}
    [event] = await told(door)
    assert (event.id, event.version, event.value) == (UUID(result["id"]), 1, 500)
    assert event.area_path == ("SY", "SY07", "SY0703", "SY070302")
    [entry] = await door.rows("select * from audit_entry where action = 'targets.set'")
    assert (entry["role"], entry["details"]) == ("coordinator", {"created": 1})


async def test_the_same_again_is_unchanged_and_another_number_a_new_version_that_keeps_the_old(
    door: OpenService,
) -> None:
    await post(door, target())
    again = (await post(door, target())).json()["results"][0]
    changed = (await post(door, target(people=600), role="coordinator")).json()["results"][0]
    assert (again["status"], again["version"]) == ("unchanged", 1)
    assert (changed["status"], changed["version"], changed["id"]) == ("updated", 2, again["id"])
    [kept] = await door.rows("select * from target_version")
    assert (kept["version"], kept["value"]) == (1, 500)
    assert (kept["set_by"], kept["replaced_by"]) == ("secretariat-client", "coordinator-client")
    assert [(event.version, event.value) for event in await told(door)] == [(1, 500), (2, 600)]


async def test_null_or_delete_withdraws_and_the_target_can_be_set_again(door: OpenService) -> None:
    id = (await post(door, target())).json()["results"][0]["id"]
    withdrawn = (await post(door, target(people=None))).json()["results"][0]
    assert (withdrawn["status"], withdrawn["version"]) == ("withdrawn", 2)
    assert await listed(door) == []
    assert [row["withdrawn"] for row in await listed(door, withdrawn=True)] == [True]
    gone = await door.client.delete(f"/v1/targets/{id}", headers=door.bearer("secretariat"))
    assert gone.json() == {"id": id, "version": 2, "status": "unchanged"}
    back = (await post(door, target(people=700))).json()["results"][0]
    assert (back["id"], back["version"]) == (id, 3)
    gone = await door.client.delete(f"/v1/targets/{id}", headers=door.bearer("secretariat"))
    assert (gone.json()["status"], gone.headers["etag"]) == ("withdrawn", '"v4"')
    assert [event.value for event in await told(door)] == [500, None, 700, None]
    read = (await door.client.get(f"/v1/targets/{id}", headers=door.bearer("hub", areas=["SY07"]))).json()
    assert (read["withdrawn"], read["people"], read["version"]) == (True, None, 4)


async def test_nothing_can_be_withdrawn_where_nothing_was_set(door: OpenService) -> None:
    answer = await post(door, [target(people=None), target(area="SY07")])
    assert answer.status_code == 207
    assert codes(answer) == [("people", "unknown_target")]
    assert len(await door.rows("select from target")) == 1


async def test_what_makes_another_target(door: OpenService) -> None:
    rows = [
        target(),
        target(area="SY07"),
        target(sector="SHL"),
        target(indicator="wsh_ind_1"),
        target(population_group="idp"),
        target(month="2026-11"),
        target(month=None, **YEAR),
    ]
    answer = (await post(door, rows)).json()
    assert [result["status"] for result in answer["results"]] == ["created"] * len(rows)
    assert len({result["id"] for result in answer["results"]}) == len(rows)


async def test_of_two_rows_for_one_target_the_later_wins(door: OpenService) -> None:
    answer = (await post(door, [target(people=1), target(people=2)])).json()
    assert [result["status"] for result in answer["results"]] == ["superseded", "created"]
    assert answer["results"][0]["flags"] == ["superseded_by_later_row"]
    assert [row["people"] for row in await listed(door)] == [2]


BAD = {
    "area": (target(area="SY99"), "unknown_area"),
    "country": (target(country="TR"), "unknown_area"),
    "community": (target(area="C4126"), "area_too_fine"),
    "sector": (target(sector="Nothing"), "unknown_sector"),
    "indicator": (target(indicator="nothing"), "unknown_indicator"),
    "indicator of another": (target(indicator="edu_ind_1"), "indicator_of_other_sector"),
    "no period": (target(month=None), "period_missing"),
    "half a period": (target(month=None, month_from="2026-01"), "period_missing"),
    "two periods": (target(**YEAR), "period_twice"),
    "reversed": (target(month=None, month_from="2026-05", month_to="2026-04"), "months_reversed"),
    "a dozen years": (target(month=None, month_from="2014-01", month_to="2026-04"), "period_too_long"),
    "no number": ({name: value for name, value in target().items() if name != "people"}, "target_missing"),
    "two numbers": (target(value=4), "target_twice"),
    "people in latrines": (target(indicator="wsh_ind_2"), "not_in_people"),
    "negative": (target(people=-1), "too_small"),
    "half a person less than none": (target(people=-1.5), "not_whole"),
    "true": (target(people=True), "not_whole"),
    "huge": (target(people=10**30), "too_large"),
    "words": (target(people="many"), "not_whole"),
    "NUL": (target(sector="W\x00SH"), "invalid_text"),
    "surrogate": (target(indicator="\ud800"), "invalid_text"),
    "another field": (target(people_in_need=3), "unknown_field"),
    "month": (target(month="2026-13"), "wrong_form"),
    "group": (target(population_group="everybody"), "not_a_choice"),
}


@pytest.mark.parametrize("name", BAD)
async def test_a_bad_row_is_refused_with_its_field_and_the_good_one_is_taken(door: OpenService, name: str) -> None:
    row, code = BAD[name]
    body = json.dumps([row, target(area="SY07")]).encode()
    headers = {**door.bearer("secretariat"), "Accept-Language": "ar", "Content-Type": "application/json"}
    answer = await door.client.post("/v1/targets", content=body, headers=headers)
    assert answer.status_code == 207, answer.text
    first, second = answer.json()["results"]
    assert (first["status"], second["status"]) == ("rejected", "created")
    assert [error["code"] for error in first["errors"]] == [code]
    assert first["errors"][0]["row"] == 1
    assert first["errors"][0]["field"] in row or code in {"target_missing", "period_missing"}
    assert any("\u0600" <= letter <= "\u06ff" for letter in first["errors"][0]["detail"])


async def test_all_that_is_wrong_with_a_row_is_said_at_once(door: OpenService) -> None:
    answer = await post(door, target(area="SY99", sector="Nothing", month=None))
    assert answer.status_code == 422
    assert {code for _, code in codes(answer)} == {"unknown_area", "unknown_sector", "period_missing"}


async def test_an_indicator_that_counts_things_has_a_value_in_its_unit(door: OpenService) -> None:
    row = {name: value for name, value in target(indicator="wsh_ind_2", value=40).items() if name != "people"}
    assert (await post(door, row)).status_code == 200
    [read] = await listed(door, indicator="wsh_ind_2")
    assert (read["value"], read["unit"], read["people"]) == (40, "latrines", None)
    assert [event.unit for event in await told(door)] == ["latrines"]


@pytest.mark.parametrize(
    ("row", "field"), [(target(sector="SHL"), "sector"), (target(area="SY0204"), "area"), (target(area="SY"), "area")]
)
async def test_a_coordinator_sets_targets_of_its_group_alone(
    door: OpenService, row: dict[str, Any], field: str
) -> None:
    answer = await post(door, row, role="coordinator")
    assert codes(answer) == [(field, "outside_your_scope")]
    id = (await post(door, row)).json()["results"][0]["id"]
    refused = await door.client.delete(f"/v1/targets/{id}", headers=door.bearer("coordinator", **COORDINATOR))
    assert (refused.status_code, refused.json()["code"]) == (403, "not_yours")
    assert [each["withdrawn"] for each in await listed(door)] == [False]


async def test_a_hub_sees_targets_of_its_areas_alone(door: OpenService) -> None:
    answer = await post(door, [target(), target(area="SY07"), target(area="SY"), target(area="SY0204")])
    outside = answer.json()["results"][3]["id"]
    assert [row["area"] for row in await listed(door, "hub", areas=["SY07"])] == ["SY07", "SY070302"]
    assert await listed(door, "hub") == []
    hidden = await door.client.get(f"/v1/targets/{outside}", headers=door.bearer("hub", areas=["SY07"]))
    assert hidden.status_code == 404
    assert len(await listed(door, "member")) == 4


async def test_filters_and_pages(door: OpenService) -> None:
    rows = [
        target(area=area, sector=sector) for area in ("SY07", "SY0703", "SY070302", "SY02") for sector in ("WSH", "SHL")
    ]
    await post(door, [*rows, target(sector="PRO-GBV"), target(month=None, **YEAR)])
    assert {row["area"] for row in await listed(door, area="SY07")} == {"SY07", "SY0703", "SY070302"}
    assert [row["area"] for row in await listed(door, sector="SHL", level=1)] == ["SY02", "SY07"]
    assert await listed(door, sector="PRO") == []
    assert [row["sector"] for row in await listed(door, sector="PRO", descendants=True)] == ["PRO-GBV"]
    assert [row["month_from"] for row in await listed(door, month_to="2026-09")] == ["2026-01"]
    assert len(await listed(door, month_from="2026-10", month_to="2026-10")) == 10
    whole, walked, after = await listed(door), [], None
    while True:
        parameters = {"first": 3} | ({"after": after} if after else {})
        answer = (await door.client.get("/v1/targets", params=parameters, headers=door.bearer())).json()
        walked += answer["items"]
        if not (after := answer["next"]):
            break
    assert [row["id"] for row in walked] == [row["id"] for row in whole]
    other = await door.client.get("/v1/targets", params={"first": 3, "after": "x" * 40}, headers=door.bearer())
    assert other.status_code == 400


async def test_the_gateway_gets_columns_it_names(door: OpenService) -> None:
    await post(door, target())
    asked = {"columns": ["area", "value"], "filter": {"sector": "WSH"}}
    answer = await door.client.post("/internal/targets/query", json=asked, headers=door.bearer("hub", areas=["SY"]))
    assert answer.json()["columns"] == {"area": ["SY070302"], "value": [500]}
    bad = await door.client.post(
        "/internal/targets/query", json={**asked, "columns": ["set_by"]}, headers=door.bearer()
    )
    assert bad.json()["code"] == "unknown_column"


ENGLISH = 'Sector,Sub-district P-code,Month,Target\nWSH,SY070302,2026-10,"1,500"\n'
ARABIC = (
    "القطاع,رمز الناحية,الفئة السكانية,من شهر,إلى شهر,العدد المستهدف\n"
    "المياه والإصحاح والنظافة,SY070302,نازحون,٢٠٢٦-٠١,2026-12,١٥٠٠\n"
)
HXL = (
    "What,Where,When,,How many\n#sector+code,#adm3+code,#date+start,#date+end,#targeted\n"
    "WSH,sy070302,2026-01-01,2026-12-31,1500\n"
)


@pytest.mark.parametrize(
    ("table", "group", "months"),
    [
        (ENGLISH, None, ("2026-10", "2026-10")),
        (ARABIC, "idp", ("2026-01", "2026-12")),
        (HXL, None, ("2026-01", "2026-12")),
        (ENGLISH.replace(",", ";").replace("1;500", "1 500"), None, ("2026-10", "2026-10")),
        ("\ufeff" + ENGLISH, None, ("2026-10", "2026-10")),
    ],
    ids=["English", "Arabic", "HXL", "semicolons", "mark"],
)
async def test_a_table_is_read_by_its_headings(
    door: OpenService, table: str, group: str | None, months: tuple[str, str]
) -> None:
    answer = await post(door, table, kind="csv")
    assert answer.status_code == 200, answer.text
    [row] = await listed(door)
    assert (row["sector"], row["area"], row["people"], row["population_group"]) == ("WSH", "SY070302", 1500, group)
    assert (row["month_from"], row["month_to"]) == months


@pytest.mark.parametrize("separator", list(",;\t|،؛"))
async def test_a_table_is_parted_by_what_its_headings_are_understood_by(door: OpenService, separator: str) -> None:
    note = ",;\t|،؛".replace(separator, "") * 30
    table = [
        ["Plan;of,the|month"],
        ["Sector", "Area", "Month", "Target", "Note"],
        *[["WSH", "SY07", "2026-10", "7", note]],
    ]
    answer = await post(door, "\n".join(separator.join(row) for row in table), kind="csv")
    assert [(row["row"], row["status"]) for row in answer.json()["results"]] == [(3, "created")]


async def test_a_table_that_declares_its_separator_is_numbered_without_the_declaration(door: OpenService) -> None:
    answer = await post(door, "sep=;\r\nArea;Sector;Month;Target\r\nSY07;WSH;2026-10;7\r\n", kind="csv")
    assert [(row["row"], row["status"]) for row in answer.json()["results"]] == [(2, "created")]


async def test_cells_are_read_as_those_of_a_file_are(door: OpenService) -> None:
    rows = ['="SY07",WSH,2026-10,7', "SY08,WSH,2026-10,#REF!"]
    answer = await post(door, "\n".join(["Area,Sector,Month,Target", *rows]), kind="csv")
    results = [(row["status"], [error["code"] for error in row["errors"]]) for row in answer.json()["results"]]
    assert results == [("created", []), ("rejected", ["cell_error"])]


@pytest.mark.parametrize(
    ("page", "status"), [("utf-16", 200), ("utf-16-le", 200), ("cp1256", 200), ("iso8859_6", 422), ("mac_arabic", 422)]
)
async def test_a_table_in_letters_nobody_can_tell_is_refused_by_name(door: OpenService, page: str, status: int) -> None:
    table = "القطاع,رمز المنطقة,الشهر,المستهدف\nWSH,SY07,تشرين الأول 2026,5\n"
    answer = await post(door, table.encode(page), kind="csv", language="ar")
    assert answer.status_code == status, answer.text
    if status == 422:
        assert answer.json()["code"] == "encoding_not_understood"
        assert "CSV UTF-8" in answer.json()["detail"]


async def test_rows_of_a_table_are_numbered_as_a_spreadsheet_does_and_an_empty_number_withdraws_nothing(
    door: OpenService,
) -> None:
    await post(door, target())
    table = (
        "My plan,,,\n\nSector,Area,Month,Target\nWSH,SY070302,2026-10,\n\nWSH,SY07,October,3\nWSH,SY99,2026-10,4\n"
        "WSH,SY07,2026-10,many\nWSH,SY07,2026-10,7\n"
    )
    answer = await post(door, table, kind="csv")
    assert answer.status_code == 207
    results = {
        result["row"]: (result["status"], [error["code"] for error in result["errors"]])
        for result in answer.json()["results"]
    }
    assert results == {
        4: ("rejected", ["target_missing"]),
        6: ("rejected", ["year_missing"]),
        7: ("rejected", ["unknown_area"]),
        8: ("rejected", ["not_whole"]),
        9: ("created", []),
    }
    assert len(await listed(door)) == 2


@pytest.mark.parametrize(
    ("heading", "field"),
    [("People", "people"), ("عدد المستهدفين", "people"), ("#targeted+ind", "people"), ("Target", "value")],
)
async def test_a_fault_of_the_number_is_told_by_the_column_it_stands_in(
    door: OpenService, heading: str, field: str
) -> None:
    tags = "#sector,#loc+code,#date" if heading.startswith("#") else "Sector,Area,Month"
    answer = await post(door, f"{tags},{heading}\nWSH,SY07,2026-10,many\n", kind="csv")
    assert codes(answer) == [(field, "not_whole")]


async def test_a_column_of_people_is_no_number_of_latrines(door: OpenService) -> None:
    table = "Sector,Area,Month,Indicator,People\nWSH,SY07,2026-10,wsh_ind_2,5\n"
    assert codes(await post(door, table, kind="csv")) == [("people", "not_in_people")]


async def test_the_address_says_what_rows_leave_open(door: OpenService) -> None:
    table = "Area,Target,Month\nSY070302,5,\nSY07,6,2026-03\n"
    answer = await post(door, table, kind="csv", sector="WSH", **YEAR)
    assert answer.status_code == 200, answer.text
    periods = {row["area"]: (row["month_from"], row["month_to"]) for row in await listed(door)}
    assert periods == {"SY070302": ("2026-01", "2026-12"), "SY07": ("2026-03", "2026-03")}
    lines = '{"area": "SY02", "people": 3}\n\n{"area": "SY0204", "people": 4, "sector": "SHL"}\nnot json\n'
    answer = await post(door, lines, kind="ndjson", sector="WSH", month="2026-04")
    assert [(result["row"], result["status"]) for result in answer.json()["results"]] == [
        (1, "created"),
        (3, "created"),
        (4, "rejected"),
    ]
    bad = await post(door, target(), month_from="2026")
    assert (bad.status_code, bad.json()["errors"][0]["field"]) == (422, "month_from")


async def test_tags_that_say_too_little_are_passed_over(door: OpenService) -> None:
    table = "Sector,Area,Month,Target\n#sector,#unheard+of,#date,#targeted\nWSH,SY07,2026-10,500\n"
    answer = await post(door, table.encode(), kind="csv")
    assert [(row["row"], row["status"]) for row in answer.json()["results"]] == [(3, "created")]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"PK\x03\x04 a zip", "no_target_columns"),
        (b"a,b\n1,2\n", "no_target_columns"),
        (b"", "no_target_columns"),
        (b"\xff\xfe\x00", "no_target_columns"),
        (b"Area,Target\n", "no_rows"),
    ],
)
async def test_what_is_no_table_of_targets_is_refused_whole(door: OpenService, body: bytes, code: str) -> None:
    answer = await post(door, body, kind="csv")
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_two_loaders_at_once_make_one_target_each_and_one_event_a_version(door: OpenService) -> None:
    areas = ["SY07", "SY0703", "SY070302", "SY02", "SY0204"]
    loads = [
        [target(area=area, people=number) for area in (areas if number % 2 else areas[::-1])] for number in range(8)
    ]
    answers = await asyncio.gather(*(post(door, load) for load in loads))
    assert {answer.status_code for answer in answers} == {200}
    rows = await door.rows("select id, version, value from target")
    assert len(rows) == len(areas)
    newest = {event.id: event for event in sorted(await told(door), key=lambda event: event.version)}
    assert {row["id"]: (row["version"], row["value"]) for row in rows} == {
        id: (event.version, event.value) for id, event in newest.items()
    }
    versions = [(event.id, event.version) for event in await told(door)]
    assert len(set(versions)) == len(versions)
    assert len(await door.rows("select from target_version")) == len(versions) - len(areas)


async def test_a_repeated_request_is_answered_once(door: OpenService) -> None:
    headers = {**door.bearer("secretariat"), "Idempotency-Key": str(uuid4())}
    first = await door.client.post("/v1/targets", json=target(), headers=headers)
    again = await door.client.post("/v1/targets", json=target(), headers=headers)
    assert first.content == again.content
    assert len(await told(door)) == 1


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changed=st.dictionaries(st.sampled_from([*target(), "value", "indicator", "country", "x"]), ODD, max_size=3))
async def test_whatever_is_sent_is_taken_or_refused_with_a_reason(
    door: OpenService, changed: Mapping[str, Any]
) -> None:
    answer = await post(door, {**target(), **changed})
    assert answer.status_code in {200, 422}
    for result in answer.json().get("results", []):
        assert (result["status"] == "rejected") == bool(result["errors"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=80) | st.text(max_size=80).map(lambda text: f"Area,Target\n{text}".encode(errors="replace"))
)
async def test_whatever_table_is_sent_is_taken_or_refused_with_a_reason(door: OpenService, body: bytes) -> None:
    answer = await post(door, body, kind="csv")
    assert answer.status_code in {200, 207, 413, 422}, answer.text


@pytest.mark.parametrize(
    ("filter", "code"),
    [
        ({"area": "SY99"}, "unknown_area"),
        ({"country": "TR"}, "unknown_country"),
        ({"sector": "XYZ"}, "unknown_sector"),
        ({"sector": "XYZ", "descendants": True}, "unknown_sector"),
        ({"indicator": "nothing"}, "unknown_indicator"),
        ({"month_from": "9999-01"}, "month_out_of_range"),
        ({"month_from": "2026-03", "month_to": "2026-02"}, "months_reversed"),
    ],
)
async def test_what_a_filter_names_in_vain_is_refused_by_name(
    door: OpenService, filter: dict[str, Any], code: str
) -> None:
    headers = door.bearer("secretariat")
    listed = await door.client.get("/v1/targets", params=filter, headers=headers)
    query = {"columns": ["id"], "filter": filter}
    asked = await door.client.post("/internal/targets/query", json=query, headers=headers)
    for answer in (listed, asked):
        assert answer.status_code == 422, answer.text
        assert answer.json()["errors"][0]["code"] == code
