"""POST /v1/reports: the answer, the row and the event."""

import asyncio
from typing import Any

import orjson
import pytest
from activities.reports.domain import provider_id
from contracts.areas import AreaChanged
from contracts.values import Names
from runtime.access import MIB
from testkit.small_syria import APPLIED, IHSAN, VIOLET, organisation

from .conftest import ServiceClient, report

COUNTS = {"total": 100, "men": 20, "women": 30, "boys": 25, "girls": 25}


def codes(answer: Any) -> list[list[tuple[str, str | None]]]:
    return [[(error["code"], error.get("field")) for error in result["errors"]] for result in answer.json()["results"]]


async def test_a_member_sends_its_own_report(service: ServiceClient) -> None:
    answer = await service.post(report(external_id="w-1", indicator="wsh_ind_1", community="Atma"))
    assert answer.status_code == 200, answer.text
    [result] = answer.json()["results"]
    assert (result["row"], result["status"], result["version"], result["flags"]) == (1, "created", 1, [])
    [row] = await service.rows("select * from report")
    assert (row["organisation_id"], row["adm1"], row["adm2"], row["adm3"]) == (VIOLET, "SY07", "SY0703", "SY070302")
    assert row["area_path"] == ["SY", "SY07", "SY0703", "SY070302"]
    [event] = await service.events()
    assert event["id"] == result["id"]
    assert event["people"]["total"] == 100
    assert event["organisation"] == {"id": str(VIOLET), "name": None, "resolved": True}
    [entry] = await service.rows("select action, details from audit_entry")
    assert entry == {"action": "reports.submit", "details": {"created": 1}}


async def test_the_same_again_is_unchanged_and_a_change_is_a_new_version(service: ServiceClient) -> None:
    first = (await service.post(report(external_id="w-1"))).json()["results"][0]
    again = (await service.post(report(external_id="w-1"))).json()["results"][0]
    assert (again["status"], again["id"], again["version"]) == ("unchanged", first["id"], 1)
    changed = (await service.post(report(external_id="w-1", status="Ongoing"))).json()["results"][0]
    assert (changed["status"], changed["id"], changed["version"]) == ("updated", first["id"], 2)
    assert [event["version"] for event in await service.events()] == [1, 2]
    [kept] = await service.rows(
        "select version, submitted_by, replaced_by, row->>'status' as status from report_version"
    )
    assert (kept["version"], kept["status"]) == (1, "Completed")
    assert (kept["submitted_by"], kept["replaced_by"]) == ("violet-system", "violet-system")


async def test_what_a_new_version_leaves_out_is_gone(service: ServiceClient) -> None:
    await service.post(report(external_id="w-1", site_name="Camp 3", donors=["ECHO", "SHF"]))
    await service.post(report(external_id="w-1"))
    [row] = await service.rows("select site_name, donors, version from report")
    assert row == {"site_name": None, "donors": None, "version": 2}


def full_report(**more: Any) -> dict[str, Any]:
    """A report with every field there is, and these."""
    fields: dict[str, Any] = {
        "implementing_organisation": "Ihsan Relief",
        "donors": ["ECHO", "صندوق"],
        "un_funded": False,
        "activity": "water trucking",
        "activity_description": "A description",
        "indicator": "wsh_ind_1",
        "unit": "people",
        "output_value": "12.50",
        "in_response_plan": True,
        "hub": "Gaziantep",
        "cross_line": False,
        "modality": "Service",
        "conditionality": "Unconditional",
        "transfer_value_usd": "99.99",
        "transfer_mechanism": "hawala",
        "community": "أطمة",
        "neighbourhood": "N1",
        "site_name": "مخيم",
        "site_type": "camp",
        "latitude": 36.3,
        "longitude": 36.6,
        "start_date": "2026-10-01",
        "end_date": "2026-10-31",
        "population_group": "idp",
        "households": 20,
        "people": {**COUNTS, "age_0_4": 100, "with_disability": 3},
        "newly_reached": True,
        "previously_assisted": False,
        "reported_elsewhere": False,
        "disaggregation_method": "counted",
        "budget_required": "1000.25",
        "budget_received": "3",
        "currency": "USD",
        "measured_outputs": {"litres_per_person_per_day": 17.5},
        "comments": "ملاحظة",
    }
    return report(**{**fields, **more})


async def test_every_field_comes_back_as_it_was_sent(service: ServiceClient) -> None:
    sent = full_report()
    [taken] = (await service.post(sent)).json()["results"]
    answer = await service.client.get(f"/v1/reports/{taken['id']}", headers=service.bearer())
    seen = answer.json()
    assert answer.headers["etag"].startswith('"v1-')
    people = seen.pop("people")
    assert {name: people[name] for name in sent["people"]} == sent["people"]
    assert seen["implementer_id"] == str(IHSAN)
    assert seen["measured_outputs"] == {"litres_per_person_per_day": "17.5"}
    same = set(sent) - {"people", "implementing_organisation", "measured_outputs"}
    assert {name: seen[name] for name in same} == {name: sent[name] for name in same}


async def test_many_rows_are_kept_as_each_is_by_itself(service: ServiceClient) -> None:
    few = [
        full_report(),
        report(),
        report(
            comments="", donors=["ECHO"], newly_reached=False, latitude=-0.5, longitude=1e-7, population_group="idp"
        ),
        full_report(output_value="1E+3", transfer_value_usd="0.000001", comments="a\nb", modality="Cash", households=0),
    ]
    many = [{**few[number % len(few)], "external_id": f"many-{number}"} for number in range(120)]
    alone = [{**row, "external_id": f"alone-{number}"} for number, row in enumerate(few)]
    assert (await service.post(many)).json()["accepted"] == 120
    for row in alone:
        assert (await service.post(row)).json()["accepted"] == 1
    made_for_each = "'id', 'identity', 'external_id', 'submitted_at', 'changed_in', 'upload_row', 'exact_repeat'"
    kept = await service.rows(
        f"select external_id, (to_jsonb(r) - array[{made_for_each}])::text as row from report r order by external_id"
    )
    rows = {each["external_id"]: each["row"] for each in kept}
    for number, row in enumerate(many):
        assert rows[row["external_id"]] == rows[f"alone-{number % len(few)}"]


async def test_another_organisations_report_is_refused_for_its_row_alone(service: ServiceClient) -> None:
    answer = await service.post([report(), report(organisation_id=str(IHSAN)), report(organisation="Ihsan Relief")])
    assert answer.status_code == 207
    assert (answer.json()["accepted"], answer.json()["rejected"]) == (1, 2)
    assert codes(answer) == [[], [("not_yours", "organisation_id")], [("not_yours", "organisation")]]


FAULTS: list[tuple[dict[str, Any], str, str | None]] = [
    ({"area": "SY999999"}, "unknown_area", "area"),
    ({"area": None, "adm3": "Nowhere"}, "unknown_area", "adm3"),
    ({"area": None, "adm1": "SY02", "adm2": "SY0703"}, "areas_disagree", "adm2"),
    ({"area": None}, "area_missing", "area"),
    ({"area": "not a code"}, "wrong_form", "area"),
    ({"country": "TR"}, "unknown_area", "area"),
    ({"sector": "XYZ"}, "unknown_sector", "sector"),
    ({"sector": None}, "missing", "sector"),
    ({"start_date": "2026-10-02", "end_date": "2026-10-01"}, "dates_reversed", "end_date"),
    ({"start_date": "2026-13-01"}, "not_a_date", "start_date"),
    ({"month": "2026-13"}, "wrong_form", "month"),
    ({"month": None}, "missing", "month"),
    ({"people": {"total": -1}}, "too_small", "people.total"),
    ({"people": {"total": -1.5}}, "not_whole", "people.total"),
    ({"people": {"total": True}}, "not_whole", "people.total"),
    ({"people": {"total": 10**30}}, "too_large", "people.total"),
    ({"people": {"total": "many"}}, "not_whole", "people.total"),
    ({"people": {"dogs": 1}}, "unknown_field", "people.dogs"),
    ({"people": [1]}, "invalid_value", "people"),
    ({"status": None}, "status_missing", "status"),
    ({"status": "Finito"}, "not_a_choice", "status"),
    ({"organisation": "NUL\x00"}, "invalid_text", "organisation"),
    ({"external_id": "x" * 101}, "text_too_long", "external_id"),
    ({"donors": ["x"] * 1000}, "row_too_large", "donors"),
    ({"colour": "red"}, "unknown_field", "colour"),
    ({"implementing_organisation_id": str(provider_id("a", "b"))}, "unknown_organisation", None),
]


async def test_a_rows_fault_is_told_for_its_row_and_loses_no_other(service: ServiceClient) -> None:
    rows = [row for change, _, _ in FAULTS for row in (report(**change), report())]
    answer = await service.post(rows)
    assert answer.status_code == 207
    assert answer.json()["accepted"] == len(FAULTS)
    told = codes(answer)[::2]
    expected = [[(code, field)] for _, code, field in FAULTS]
    fields = [
        [(code, field if wanted[0][1] else None) for code, field in found]
        for found, wanted in zip(told, expected, strict=True)
    ]
    assert fields == expected
    assert (await service.rows("select count(*) from report"))[0]["count"] == len(FAULTS)


async def test_an_indicator_of_a_sector_serves_its_areas_of_responsibility(service: ServiceClient) -> None:
    await service.post([report(sector="PRO-CPN", indicator="pro_ind_1"), report(indicator="pro_ind_1")])
    kept = await service.rows("select indicator, as_written from report order by indicator")
    assert [tuple(row.values()) for row in kept] == [("pro_ind_1", None), (None, {"indicator": "pro_ind_1"})]


async def test_a_row_with_several_faults_names_them_all(service: ServiceClient) -> None:
    answer = await service.post(report(area="SY99", sector="XYZ", start_date="2026-10-02", end_date="2026-10-01"))
    assert answer.status_code == 422
    assert codes(answer) == [[("unknown_area", "area"), ("unknown_sector", "sector"), ("dates_reversed", "end_date")]]


async def test_faults_are_told_in_arabic_unless_english_is_preferred(service: ServiceClient) -> None:
    answer = await service.client.post("/v1/reports", json=report(sector="XYZ"), headers=service.bearer())
    assert "قطاع" in answer.json()["results"][0]["errors"][0]["detail"]


async def ndjson(service: ServiceClient, *lines: bytes) -> Any:
    headers = {**service.bearer(), "Content-Type": "application/x-ndjson"}
    return await service.client.post("/v1/reports", content=b"\n".join(lines), headers=headers)


async def test_a_broken_line_refuses_that_line_only(service: ServiceClient) -> None:
    good = orjson.dumps(report())
    site = orjson.dumps(report(site_name="@"))
    answer = await ndjson(
        service,
        good,
        b"",
        b"{",
        b"[1]",
        b"null",
        site.replace(b"@", b"\xff\xfe"),
        site.replace(b"@", b"\\ud800"),
        b'{"\\ud800": 1}',
        b"[" * 100_000,
        b'{"site_name":' + b"[" * 200 + b"]" * 200 + b"}",
        b'{"month": NaN}',
        b"x" * 300_000,
        orjson.dumps(report()),
    )
    assert answer.status_code == 207, answer.text
    assert [result["row"] for result in answer.json()["results"]] == [1, *range(3, 14)]
    found = [result["errors"][0]["code"] if result["errors"] else None for result in answer.json()["results"]]
    broken = ["malformed_row"] * 3 + [None] * 2 + [found[6], "malformed_row", found[8]]
    assert found == [None, *broken, "malformed_row", "row_too_large", None]


async def test_a_lone_surrogate_in_an_array_refuses_its_row_only(service: ServiceClient) -> None:
    body = orjson.dumps([report(external_id="@"), report()]).replace(b"@", b"\\udc00")
    headers = {**service.bearer(), "Content-Type": "application/json"}
    answer = await service.client.post("/v1/reports", content=body, headers=headers)
    assert [code for [*found] in codes(answer) for code, _ in found] == ["invalid_text"]
    assert answer.json()["accepted"] == 1


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (b"", "application/json", 400, "malformed_body"),
        (b"[", "application/json", 400, "malformed_body"),
        (b"[" * 2000 + b"]" * 2000, "application/json", 400, "malformed_body"),
        (b"[]", "application/json", 422, "no_rows"),
        (b"\n\n", "application/x-ndjson", 422, "no_rows"),
        (b"[" + b"{}," * 10_000 + b"{}]", "application/json", 413, "too_many_rows"),
        (b"{}\n" * 10_001, "application/jsonl", 413, "too_many_rows"),
        (b"<xml/>", "application/xml", 415, "unsupported_content_type"),
        (b" " * (32 * MIB + 1), "application/json", 413, "body_too_large"),
    ],
    ids=["empty", "broken", "deep", "no-rows", "blank", "many", "many-lines", "xml", "large"],
)
async def test_a_requests_fault_is_a_problem_with_a_code(
    service: ServiceClient, body: bytes, content_type: str, status: int, code: str
) -> None:
    headers = {**service.bearer(), "Content-Type": content_type}
    answer = await service.client.post("/v1/reports", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_row_of_a_hundred_thousand_unknown_fields_is_one_fault(service: ServiceClient) -> None:
    answer = await service.post({f"field{number}": 1 for number in range(100_000)})
    assert codes(answer) == [[("row_too_large", None)]]


async def test_a_coordinator_sends_for_others_within_its_working_group(service: ServiceClient) -> None:
    scope: dict[str, Any] = {"sectors": ["WSH", "PRO"], "areas": ["SY07"]}
    rows = [
        report(organisation="Violet Organization"),
        report(organisation="VO"),
        report(organisation_id=str(IHSAN), area="SY020400"),
        report(organisation_id=str(IHSAN), sector="PRO-CPN"),
        report(),
        report(organisation_id=str(provider_id("no", "body"))),
    ]
    answer = await service.post(rows, role="coordinator", **scope)
    assert codes(answer) == [
        [],
        [],
        [("outside_your_scope", "area")],
        [("outside_your_scope", "sector")],
        [("organisation_missing", "organisation")],
        [("unknown_organisation", "organisation_id")],
    ]
    assert await service.rows("select distinct organisation_id from report") == [{"organisation_id": VIOLET}]


@pytest.mark.parametrize("theirs", [{"sector": "SHL"}, {"area": "SY020400"}, {"sector": "PRO-GBV"}])
async def test_a_coordinator_moves_no_report_of_another_scope_into_its_own(
    service: ServiceClient, theirs: dict[str, Any]
) -> None:
    """With the id of a report that is none of its business, it would put its own in that one's place."""
    [first] = (await service.post(report(external_id="A-1", **theirs))).json()["results"]
    told, scope = len(await service.events()), {"sectors": ["WSH"], "areas": ["SY07"]}
    before = await service.rows("select * from report")
    rows = [
        report(external_id="A-1", organisation_id=str(VIOLET), people={"total": 1}),
        report(external_id="A-1", organisation_id=str(VIOLET)),
        report(external_id="A-2", organisation_id=str(VIOLET)),
    ]
    answer = await service.post(rows, role="coordinator", **scope)
    outside = [("outside_your_scope", "external_id")]
    assert codes(answer) == [outside, outside, []]
    assert first["id"] not in answer.text
    assert await service.rows("select * from report where external_id = 'A-1'") == before
    assert await service.rows("select from report_version") == []
    assert len(await service.events()) == told + 1
    # Its own organisation's, those of its scope, and all for the secretariat, as before.
    own = report(external_id="A-1", organisation_id=str(VIOLET))
    for role, claims in (("coordinator", {**scope, "organisation_id": VIOLET}), ("secretariat", {})):
        own["people"] = {"total": 7 if role == "coordinator" else 8}
        [result] = (await service.post(own, role=role, **claims)).json()["results"]
        assert (result["status"], result["id"]) == ("updated", first["id"])
    [result] = (await service.post({**own, "people": {"total": 9}}, role="coordinator", **scope)).json()["results"]
    assert result["status"] == "updated"


async def test_an_unknown_name_is_kept_and_stays_one_organisation(service: ServiceClient) -> None:
    rows = [
        report(organisation="Hope for Syria", organisation_acronym="HFS"),
        report(organisation="HOPE  for Syria!", organisation_acronym="hfs"),
        report(organisation="New Hope"),
    ]
    answer = await service.post(rows, role="secretariat")
    assert [result["flags"] for result in answer.json()["results"]] == [["organisation_unresolved"]] * 3
    named = provider_id("HFS", "Hope for Syria")
    assert {row["organisation_id"] for row in await service.rows("select organisation_id from report")} == {
        named,
        provider_id(None, "New Hope"),
    }, "an organisation that only applied is not taken for a name"
    assert APPLIED not in {named}
    published = [event["organisation"] for event in await service.events()]
    assert {"id": str(named), "name": "Hope for Syria", "resolved": False} in published
    assert len(await service.rows("select 1 from provider_organisation")) == 2


async def test_a_row_sent_again_after_its_organisation_registered_is_not_counted_twice(service: ServiceClient) -> None:
    row = report(external_id="h-1", organisation="Hand in Hand for Aid")
    [first] = (await service.post(row, role="secretariat")).json()["results"]
    await service.announce(
        organisation(provider_id("x", "y"), "Hand in Hand for Aid", "يداً بيد", "HIHFAD"),
    )
    again, new = (await service.post([row, {**row, "external_id": "h-2"}], role="secretariat")).json()["results"]
    assert (again["status"], again["id"]) == ("unchanged", first["id"])
    assert (new["status"], new["flags"]) == ("created", [])


async def test_names_of_areas_and_sectors_are_read_and_said(service: ServiceClient) -> None:
    rows = [
        report(area=None, adm1="Idlib", adm2="حارم", adm3="Dana"),
        report(area=None, adm1="إدلب/Idleb", adm2="Idleb", adm3="مركز ادلب"),
        report(area=None, adm1="SY02", adm2="SY0204", adm2_name="Harim"),
        report(area=None, adm3="SY070302", adm4="Unheard of"),
        report(sector="WASH"),
    ]
    answer = await service.post(rows)
    assert [result["flags"] for result in answer.json()["results"]] == [
        ["area_by_name"],
        ["area_by_name"],
        ["area_name_differs"],
        ["community_unresolved"],
        ["sector_by_name"],
    ]
    found = {row["area"] for row in await service.rows("select area from report")}
    assert found == {"SY070302", "SY070000", "SY0204"}


async def test_levels_keep_two_areas_of_one_name_apart(service: ServiceClient) -> None:
    [result] = (await service.post(report(area=None, adm2="Jebel Saman"))).json()["results"]
    assert (result["status"], result["flags"]) == ("created", ["area_by_name"])
    assert await service.rows("select area from report") == [{"area": "SY0200"}]


async def test_a_name_of_two_areas_is_not_guessed_and_the_area_above_tells_which(service: ServiceClient) -> None:
    twins = [
        AreaChanged(
            version=1, country="SY", pcode=pcode, level=2, names=Names(en="Twin"), parent=up, path=("SY", up, pcode)
        )
        for up, pcode in (("SY02", "SY0299"), ("SY07", "SY0799"))
    ]
    await service.announce(*twins)
    rows = [report(area=None, adm2="Twin"), report(area=None, adm1="Idleb", adm2="Twin")]
    answer = await service.post(rows)
    assert codes(answer) == [[("ambiguous_area", "adm2")], []]
    assert await service.rows("select area from report") == [{"area": "SY0799"}]
    async with service.database.transaction() as tx:
        await tx.execute("delete from area where pcode in ('SY0299', 'SY0799')")


async def test_a_coordinator_sends_its_own_organisations_reports_from_anywhere(service: ServiceClient) -> None:
    scope: dict[str, Any] = {"sectors": ["WSH"], "areas": ["SY07"], "organisation_id": IHSAN}
    rows = [report(sector="HEA", area="SY020400"), report(sector="HEA", organisation_id=str(VIOLET))]
    answer = await service.post(rows, role="coordinator", **scope)
    assert codes(answer) == [[], [("outside_your_scope", "sector")]]


async def test_numbers_that_do_not_add_up_are_taken_and_flagged(service: ServiceClient) -> None:
    answer = await service.post(
        [
            report(people={**COUNTS, "men": 21}),
            report(people={"men": 1, "women": 2, "boys": 3, "girls": 4}),
            report(people={"total": 10, "men": 3}),
            report(people={"women": 30, "girls": 12}),
            report(people={"men": 1, "women": 2, "boys": 3, "girls": 4, "age_0_4": 11}),
            report(people={"women": 5, "with_disability": 6}),
        ]
    )
    flags = [result["flags"] for result in answer.json()["results"]]
    both = ["total_from_parts", "total_does_not_add_up"]
    assert flags == [["total_does_not_add_up"], ["total_from_parts"], [], ["total_from_parts"], both, both]
    seen = await service.rows("select people_total from report order by upload_row")
    assert [row["people_total"] for row in seen] == [100, 10, 10, 42, 11, 5]
    assert [event["people"]["total"] for event in await service.events()].count(10) == 2


async def test_presence_needs_no_counts_and_says_that_it_is_ongoing(service: ServiceClient) -> None:
    answer = await service.post({"sector": "HEA", "area": "SY07", "month": "2026-10"})
    assert answer.json()["results"][0]["flags"] == ["status_assumed"]
    [event] = await service.events()
    assert (event["status"], event["area"], event["people"]["total"]) == ("Ongoing", "SY07", None)


async def test_rows_without_an_id_of_their_own_keep_their_place_by_natural_key_and_ordinal(
    service: ServiceClient,
) -> None:
    rows = [report(external_id=None), report(external_id=None), report(external_id=None, people={"total": 7})]
    first = (await service.post(rows)).json()["results"]
    assert [result["flags"] for result in first] == [[], ["exact_repeat"], []]
    assert len({result["id"] for result in first}) == 3
    assert [event["exact_repeat"] for event in await service.events()].count(True) == 1
    again = (await service.post(rows)).json()["results"]
    assert [(result["status"], result["id"]) for result in again] == [("unchanged", r["id"]) for r in first]


ANOTHER: dict[str, Any] = {
    "sector": "SHL",
    "area": "SY070000",
    "community": "Qah",
    "activity": "hygiene promotion",
    "indicator": "wsh_ind_2",
    "implementing_organisation_id": str(IHSAN),
    "implementing_organisation": "Somebody",
    "donors": ["ECHO"],
    "modality": "Cash",
    "neighbourhood": "N2",
    "site_name": "Camp Two",
    "month": "2026-11",
    "population_group": "idp",
}


@pytest.mark.parametrize("field", ANOTHER)
async def test_what_differs_in_who_what_where_when_or_for_whom_is_another_report(
    service: ServiceClient, field: str
) -> None:
    row = report(external_id=None)
    await service.post(row)
    [result] = (await service.post({**row, field: ANOTHER[field]})).json()["results"]
    assert result["status"] == "created"


@pytest.mark.parametrize(
    "changed",
    [
        {"people": {"total": 101}},
        {"households": 20},
        {"status": "Ongoing"},
        {"comments": "Counted again"},
        {"start_date": "2026-10-02"},
        {"end_date": "2026-10-30"},
    ],
    ids=["people", "households", "status", "comments", "start_date", "end_date"],
)
async def test_a_corrected_figure_or_word_is_a_version_of_the_same_report(
    service: ServiceClient, changed: dict[str, Any]
) -> None:
    row = report(external_id=None)
    await service.post(row)
    [result] = (await service.post({**row, **changed})).json()["results"]
    assert (result["status"], result["version"], result["flags"]) == ("updated", 2, ["taken_as_correction"])


async def test_of_two_rows_with_one_id_the_later_wins(service: ServiceClient) -> None:
    rows = [report(external_id="w-1"), report(external_id="w-1", status="Planned")]
    first, second = (await service.post(rows)).json()["results"]
    assert (first["status"], first["flags"]) == ("superseded", ["superseded_by_later_row"])
    assert (second["status"], second["id"]) == ("created", first["id"])
    assert [row["status"] for row in await service.rows("select status from report")] == ["Planned"]
    assert len(await service.events()) == 1


async def test_one_id_of_two_organisations_is_two_reports(service: ServiceClient) -> None:
    await service.post(report(external_id="w-1"))
    answer = await service.post(report(external_id="w-1"), organisation_id=IHSAN)
    assert answer.json()["results"][0]["status"] == "created"


async def test_many_senders_of_the_same_rows_in_any_order_neither_lose_nor_double_one(service: ServiceClient) -> None:
    rows = [report(external_id=f"w-{number}") for number in range(50)]
    orders = [rows, rows[::-1], rows[25:] + rows[:25]] * 2
    changed = [
        [{**row, "people": {"total": attempt}} for row in order] for attempt, order in enumerate(orders, start=1)
    ]
    answers = await asyncio.gather(*(service.post(order) for order in changed))
    assert [answer.status_code for answer in answers] == [200] * 6
    assert await service.rows("select distinct version from report") == [{"version": 6}]
    assert (await service.rows("select count(*) from report"))[0]["count"] == 50
    assert (await service.rows("select count(*) from report_version"))[0]["count"] == 250
    assert len(await service.events()) == 300


async def test_an_idempotency_key_gives_the_first_answer_to_its_client_only(service: ServiceClient) -> None:
    body = report(external_id="w-1", site_name="Canary Hospital")
    key = {"Idempotency-Key": "k-1"}
    first = await service.client.post("/v1/reports", json=body, headers={**service.bearer(), **key})
    again = await service.client.post("/v1/reports", json=body, headers={**service.bearer(), **key})
    assert again.content == first.content
    assert again.headers["idempotency-replayed"] == "true"
    other = service.bearer(organisation_id=IHSAN, subject="ihsan-system")
    foreign = await service.client.post("/v1/reports", json=body, headers={**other, **key})
    assert foreign.json()["results"][0]["id"] != first.json()["results"][0]["id"]


async def test_unit_keys_name_a_site_before_a_community_and_hide_both(service: ServiceClient) -> None:
    rows = [
        report(site_name="Camp One", community="Atma"),
        report(site_name="camp  one", community="atma"),
        report(site_name="Camp One", community="Other"),
        report(community="Atma"),
        report(),
    ]
    await service.post(rows)
    keys = {event["id"]: event["unit_key"] for event in await service.events()}
    stored = {row["id"]: row for row in await service.rows("select id::text, site_name, community from report")}
    by_site = {key for id, key in keys.items() if stored[id]["site_name"]}
    assert len(by_site) == 2, "sites of one name in two communities are two"
    assert len(set(keys.values())) == 4
    other = await service.post(report(site_name="Camp One", community="Atma"), organisation_id=IHSAN)
    assert other.status_code == 200
    assert (await service.events())[-1]["unit_key"] in by_site, "one camp is one unit, whoever reports it"


async def test_ids_that_differ_by_what_nobody_sees_are_one_report(service: ServiceClient) -> None:
    first = (await service.post(report(external_id="w-é 1", site_name="مخيم"))).json()["results"][0]
    again = (
        await service.post(report(external_id="w\u200b-e\u0301\t1\U000e0031", site_name="مخ\u00adيم\u2029"))
    ).json()["results"][0]
    assert (again["status"], again["id"]) == ("unchanged", first["id"])
    [row] = await service.rows("select external_id, site_name from report")
    assert row == {"external_id": "w-é 1", "site_name": "مخيم"}
