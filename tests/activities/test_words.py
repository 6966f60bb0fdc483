"""Words, names and codes as people write them: read right, or kept as they were written and said so."""

from collections.abc import Sequence
from typing import Any

import orjson
import pytest
from activities.backfills.jobs import key_next
from activities.main import SERVICE
from activities.reports.domain import unit_key_of
from contracts.countries import country_code
from contracts.folding import fold
from contracts.reports import ActivityStatus, PopulationGroup
from tables.values import _form, word
from tables.words import rows_of
from testkit.service_clients import settings_of

from .conftest import ServiceClient, report
from .test_uploading import taken


def table(*columns: str, rows: Sequence[tuple[str, ...]]) -> str:
    return "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in [columns, *rows])


async def read(
    service: ServiceClient, *columns: str, rows: Sequence[tuple[str, ...]], role: str = "member", **form: str
) -> Any:
    base = ("Sector", "P-code", "Month", "Total", "Status")
    given = {
        "Sector": "WSH",
        "P-code": "SY070302",
        "Month": "2026-02",
        "Total": "10",
        "Status": "Completed",
    }
    left = [name for name in base if name not in columns and not ("P-code" in columns and name == "P-code")]
    return await taken(
        service, table(*columns, *left, rows=[(*row, *(given[name] for name in left)) for row in rows]), role, **form
    )


def flags_of(state: Any) -> set[str]:
    return {entry["code"] for entry in state["assumptions"]}


async def stored(service: ServiceClient, *names: str) -> list[tuple[Any, ...]]:
    rows = await service.rows(f"select {', '.join(names)} from report order by upload_row")
    return [tuple(row.values()) for row in rows]


# Two values in one cell (entry 11)

STATUSES = {
    "جاري (Ongoing)": "Ongoing",
    "Completed/مكتمل": "Completed",
    "مكتملة": "Completed",
    "المنجزة": "Completed",
    "جارية": "Ongoing",
    "Ongoing جارٍ": "Ongoing",
    "Completed - مكتمل": "Completed",
    "Completed (100%)": "Completed",
    "Tamamlandı": "Completed",
    "Devam ediyor": "Ongoing",
    "Terminée": "Completed",
    "En cours": "Ongoing",
    "مك\u200cتمل": "Completed",
    "Ｃｏｍｐｌｅｔｅｄ": "Completed",
    "ﻣﻜﺘﻤﻞ": "Completed",
    "مکتمل": "Completed",
}
NO_STATUS = ("Planned/Completed", "Planned - Completed", "مخطط وجاري", "Planned/Cancelled", "Completed / ملغى", "ملغاة")


async def test_a_status_is_read_of_all_parts_of_its_cell(service: ServiceClient) -> None:
    state = await read(service, "Status", "Site name", rows=[(said, f"s{n}") for n, said in enumerate(STATUSES)])
    assert state["problems"] == []
    assert await stored(service, "status") == [(status,) for status in STATUSES.values()]
    assert state["assumptions"][0]["code"] == "part_not_understood"


async def test_a_status_whose_parts_mean_two_is_refused_by_name(service: ServiceClient) -> None:
    state = await read(service, "Status", rows=[(said,) for said in NO_STATUS])
    assert [(problem["field"], problem["code"]) for problem in state["problems"]] == [("status", "not_a_choice")] * len(
        NO_STATUS
    )


@pytest.mark.parametrize(
    ("column", "said", "code", "field"),
    [
        ("Governorate", "Aleppo/Idleb", "several_places", "adm1"),
        ("Governorate", "حلب - إدلب", "several_places", "adm1"),
        ("Governorate", "حلب \\ Idleb", "several_places", "adm1"),
        ("Governorate", "SY02 - Idleb", "several_places", "adm1"),
        ("Governorate", "إدلب SY02", "several_places", "adm1"),
        ("Sector", "WASH/Health", "sectors_disagree", "sector"),
        ("Sector", "WASH & الصحة", "sectors_disagree", "sector"),
    ],
)
async def test_a_cell_that_means_two_places_or_sectors_is_refused(
    service: ServiceClient, column: str, said: str, code: str, field: str
) -> None:
    place = () if column == "Governorate" else ("P-code",)
    content = table(
        column,
        *place,
        "Month",
        "Total",
        "Status",
        *([] if column == "Sector" else ["Sector"]),
        rows=[
            (said, *(["SY07"] if place else []), "2026-02", "5", "Completed", *([] if column == "Sector" else ["WSH"]))
        ],
    )
    [problem] = (await taken(service, content))["problems"]
    assert (problem["code"], problem["field"]) == (code, field)


PLACES = {
    "Idleb/إدلب": "SY07",
    "إدلب \\ Idleb": "SY07",
    "Idleb (إدلب)": "SY07",
    "Idlib/Idleb": "SY07",
    "Idleb إدلب": "SY07",
    "Idleb (city)": "SY07",
    "محافظة إدلب": "SY07",
    "محافظه ادلب": "SY07",
    "Idleb Governorate": "SY07",
    "Governorate of Idleb": "SY07",
    "Gouvernorat d'Idlib": "SY07",
    "İdlib ili": "SY07",
    "إد\u00adلب": "SY07",
    "ا\u202bدلب": "SY07",
    "حـلـب": "SY02",
    "SY07 - Idleb": "SY07",
    "حلب (SY02)": "SY02",
    "ﺣﻠﺐ": "SY02",
}


async def test_a_governorate_is_known_however_it_is_called(service: ServiceClient) -> None:
    rows = [(said, "WSH", "2026-02", "5", "Completed", f"s{n}") for n, said in enumerate(PLACES)]
    state = await taken(service, table("Governorate", "Sector", "Month", "Total", "Status", "Site name", rows=rows))
    assert state["problems"] == []
    assert await stored(service, "area") == [(pcode,) for pcode in PLACES.values()]
    assert {"area_by_name", "part_not_understood"} <= flags_of(state)


async def test_the_word_for_a_kind_of_place_is_dropped_at_its_own_level_only(service: ServiceClient) -> None:
    headings = ("Governorate", "District", "Sub-district", "Community", "Sector", "Month", "Total", "Status")
    rest = ("WSH", "2026-02", "5", "Completed")
    rows = [
        ("محافظة إدلب", "منطقة حارم", "ناحية الدانا", "قرية أطمة", *rest),
        ("إدلب", "مركز حارم", "ناحية دانا", "بلدة أطمه", *rest),
        ("إدلب", "حارم", "محافظة الدانا", "", *rest),
    ]
    state = await taken(service, table(*headings, rows=rows))
    assert await stored(service, "area") == [("C4126",), ("C4126",)]
    [problem] = state["problems"]
    assert (problem["row"], problem["code"], problem["field"]) == (4, "unknown_area", "adm3")


async def test_what_stands_in_brackets_may_be_the_area_above(service: ServiceClient) -> None:
    headings = ("Governorate", "Sub-district", "Sector", "Month", "Total", "Status")
    rest = ("WSH", "2026-02", "5", "Completed")
    rows = [("Idleb", name, *rest) for name in ("Dana (Harim)", "Dana - Idleb", "الدانا (Jebel Saman)")]
    state = await taken(service, table(*headings, rows=rows))
    assert await stored(service, "area") == [("SY070302",), ("SY070302",)]
    assert [(problem["row"], problem["code"]) for problem in state["problems"]] == [(4, "several_places")]
    assert "part_not_understood" in flags_of(state)


async def test_an_organisation_is_known_by_all_parts_of_its_name_and_two_are_refused(service: ServiceClient) -> None:
    rows = [(name,) for name in ("Violet Organization (VO)", "منظمة بنفسج / Violet Organization", "VO", "Violet/Ihsan")]
    rows += [("Violet Organization / Ihsan Relief",)]
    state = await read(service, "Organisation", rows=rows, role="secretariat")
    assert [(problem["row"], problem["code"]) for problem in state["problems"]] == [(6, "several_organisations")]
    named = await stored(service, "organisation_resolved")
    assert named == [(True,), (True,), (True,), (False,)]


GROUPS = {
    "نازحين \\ IDPs": "idp",
    "النازحين": "idp",
    "النازحات": "idp",
    "IDPs and host community": "mixed",
    "نازحون ومجتمع مضيف": "mixed",
    "IDPs, Returnees": "mixed",
    "المجتمع المضيف (Host community)": "host_community",
    "Déplacés internes": "idp",
}


async def test_several_population_groups_are_mixed_and_said_to_be(service: ServiceClient) -> None:
    state = await read(
        service, "Population group", "Site name", rows=[(said, f"s{n}") for n, said in enumerate(GROUPS)]
    )
    assert await stored(service, "population_group") == [(group,) for group in GROUPS.values()]
    assert {entry["code"]: entry["rows"] for entry in state["assumptions"]} == {"several_values_as_one": 3}


# Optional fields never refuse a row (entry 13)

OPTIONAL = {
    "modality": "In-kind / Cash",
    "population_group": "Martians",
    "conditionality": "it depends",
    "in_response_plan": "maybe",
    "newly_reached": "Yes/No",
    "indicator": "number of happy people",
    "output_value": "a lot",
    "households": "text",
    "budget_required": "#REF!",
    "latitude": "north",
    "site_name": "م" * 301,
}


async def test_what_is_not_understood_of_optional_fields_is_kept_as_text_and_listed(service: ServiceClient) -> None:
    tags = {
        "modality": "#modality",
        "population_group": "#beneficiary+type",
        "conditionality": "#modality+conditionality",
        "in_response_plan": "#activity+hrp",
        "newly_reached": "#reached+new",
        "indicator": "#indicator+code",
        "output_value": "#output+num",
        "households": "#reached+hh",
        "budget_required": "#value+required",
        "latitude": "#geo+lat",
        "site_name": "#loc+name",
    }
    said = {field: OPTIONAL[field] for field in tags}
    tagged = list(tags.values())
    content = table(
        "#sector",
        "#adm3+code",
        "#date+reported",
        "#status",
        "#reached+ind",
        *tagged,
        rows=[("WSH", "SY070302", "2026-02", "Completed", str(number), *said.values()) for number in (5, 6)],
    )
    state = await taken(service, content)
    assert (state["problems"], state["counts"]["accepted"]) == ([], 2)
    assert "value_not_understood" in flags_of(state)
    listed = {value["field"]: (value["value"], value["rows"]) for value in state["values_not_understood"]}
    assert listed == {field: (text[:200], 2) for field, text in said.items()}
    for row in await service.rows(f"select as_written, flags, {', '.join(said)} from report"):
        assert row["as_written"] == said
        assert "value_not_understood" in row["flags"]
        assert all(row[field] is None for field in said)


async def test_words_in_place_of_a_day_are_kept_as_text_and_what_may_be_a_day_is_not(service: ServiceClient) -> None:
    rows = [("مستمر", "a"), ("ongoing", "b"), ("آذار", "c"), ("31/02/2026", "d")]
    state = await read(service, "End date", "External ID", rows=rows)
    assert [(problem["row"], problem["code"]) for problem in state["problems"]] == [(5, "not_a_date")]
    assert {value["value"] for value in state["values_not_understood"]} == {"مستمر", "ongoing", "آذار"}
    found = await service.rows("select end_date, as_written from report order by upload_row")
    assert [tuple(row.values()) for row in found] == [(None, {"end_date": said}) for said, _ in rows[:3]]
    [kept] = (await service.post(report(end_date="مستمر"))).json()["results"]
    assert (kept["flags"], kept["not_understood"]) == (["value_not_understood"], {"end_date": "مستمر"})
    [nothing] = (await service.post(report(end_date="N/A"))).json()["results"]
    assert nothing["flags"] == ["na_as_empty"]


REST_OPTIONAL: list[dict[str, Any]] = [
    {"indicator": "no_such"},
    {"modality": "Barter"},
    {"newly_reached": "maybe"},
    {"households": True},
    {"output_value": "12e999999"},
    {"budget_required": "1.1234567"},
    {"currency": "US dollars"},
    {"site_name": "x" * 100_000},
    {"site_name": "NUL\x00"},
    {"site_name": {"a": {"b": {}}}},
    {"donors": ["x"] * 50},
    {"latitude": 136.1, "longitude": 1},
    {"comments": 7},
    {"measured_outputs": {"litres": "many", "taps": 3}},
]


@pytest.mark.parametrize("kind", ["application/json", "application/x-ndjson"])
async def test_rows_in_bulk_are_taken_with_what_was_not_understood(service: ServiceClient, kind: str) -> None:
    rows = [report(**change) for change in REST_OPTIONAL]
    body = orjson.dumps(rows) if kind.endswith("json") and "nd" not in kind else b"\n".join(map(orjson.dumps, rows))
    answer = await service.client.post("/v1/reports", content=body, headers={**service.bearer(), "Content-Type": kind})
    assert answer.status_code == 200, answer.text
    for result, change in zip(answer.json()["results"], REST_OPTIONAL, strict=True):
        assert "value_not_understood" in result["flags"], change
        assert {name.partition(".")[0] for name in result["not_understood"]} <= change.keys()
    [row] = await service.rows("select measured_outputs, as_written from report where measured_outputs is not null")
    assert row == {"measured_outputs": {"taps": "3"}, "as_written": {"measured_outputs.litres": "many"}}
    read = await service.client.get(f"/v1/reports/{answer.json()['results'][1]['id']}", headers=service.bearer())
    assert (read.json()["modality"], read.json()["as_written"]) == (None, {"modality": "Barter"})


async def test_words_are_understood_in_rows_as_in_files(service: ServiceClient) -> None:
    answer = await service.post(
        report(status="مكتملة", modality="cash", newly_reached="نعم", population_group="النازحين")
    )
    assert answer.json()["results"][0]["flags"] == []
    [row] = await service.rows("select status, modality, newly_reached, population_group from report")
    assert tuple(row.values()) == ("Completed", "Cash", True, "idp")


async def test_only_what_refuses_is_told_of_a_refused_row(service: ServiceClient) -> None:
    answer = await service.post(report(month="2026-13", modality="Barter"))
    assert [(error["field"], error["code"]) for error in answer.json()["results"][0]["errors"]] == [
        ("month", "wrong_form")
    ]


async def test_a_sensitivity_that_is_not_understood_is_the_highest(service: ServiceClient) -> None:
    await service.post(report(sensitivity="top secret"))
    [row] = await service.rows("select sensitivity, as_written from report")
    assert row == {"sensitivity": "severe", "as_written": {"sensitivity": "top secret"}}


async def test_what_makes_a_row_severe_does_so_where_it_was_not_understood(service: ServiceClient) -> None:
    await service.post(report(sector="PRO", indicator="number of GBV survivors"))
    [row] = await service.rows("select sensitivity from report")
    assert row == {"sensitivity": "severe"}


async def test_half_a_point_is_kept_as_text(service: ServiceClient) -> None:
    answer = await service.post(report(latitude=36.1))
    assert answer.json()["results"][0]["flags"] == ["value_not_understood"]
    assert await service.rows("select latitude, as_written from report") == [
        {"latitude": None, "as_written": {"latitude": "36.1"}}
    ]


async def test_a_report_that_was_kept_with_text_is_unchanged_when_it_comes_again(service: ServiceClient) -> None:
    row = report(modality="Barter", currency="lira")
    first, again = await service.post(row), await service.post(dict(reversed(list(row.items()))))
    assert [each.json()["results"][0]["status"] for each in (first, again)] == ["created", "unchanged"]


async def test_the_form_gives_status_and_sector_to_rows_that_say_none_or_none_that_is_known(
    service: ServiceClient,
) -> None:
    content = table(
        "Sector",
        "P-code",
        "Month",
        "Total",
        "Status",
        rows=[("Hygiene stuff", "SY070302", "2026-02", "5", ""), ("HEA", "SY070302", "2026-02", "6", "Planned")],
    )
    state = await taken(service, content, sector="WASH", status="مكتمل")
    assert state["problems"] == []
    assert await stored(service, "sector", "status") == [("WSH", "Completed"), ("HEA", "Planned")]
    assert {"status_assumed", "sector_from_form"} <= flags_of(state)
    assert state["values_not_understood"] == [{"field": "sector", "value": "Hygiene stuff", "rows": 1}]
    bad = await service.client.post(
        "/v1/uploads?status=Eaten", content=b"x", headers={**service.bearer(), "Content-Type": "text/csv"}
    )
    assert bad.status_code == 422


async def test_a_code_of_another_level_than_its_column_is_followed_and_said(service: ServiceClient) -> None:
    """«رمز المنطقة» is the code of a district to one, and of any area to another: a P-code says its own level."""
    columns = "external_id,القطاع,رمز المنطقة,الشهر,الحالة,المجموع\n"
    cells = ("SY070302", "SY0703", "SY07", "SY020400")
    rows = "".join(f"row-{code},المياه والإصحاح والنظافة,{code},2026-02,مكتمل,١٢\n" for code in cells)
    state = await taken(service, columns + rows)
    assert (state["counts"]["created"], state["counts"]["rejected"]) == (4, 0)
    flagged = {str(row["external_id"]).removeprefix("row-"): "area_of_another_level" in row["flags"]
               for row in await service.rows("select external_id, flags from report")}  # fmt: skip
    assert flagged == {"SY070302": True, "SY0703": False, "SY07": True, "SY020400": True}
    [result] = (await service.post(report(area=None, adm1="SY02", adm2="SY070302"))).json()["results"]
    assert [error["code"] for error in result["errors"]] == ["areas_disagree"]


# A code of another vintage (entry 14)


async def test_a_higher_code_nobody_knows_is_flagged_and_two_known_that_contradict_refuse(
    service: ServiceClient,
) -> None:
    answer = await service.post(
        [
            report(area=None, adm1="SY99", adm3="SY070302"),
            report(area=None, adm2="SY0799", adm2_name="Harim", adm3="SY070302", adm3_name="Dana"),
            report(area=None, adm1="SY99", adm1_name="Idleb", adm2="SY0799", adm3_name="Dana"),
            report(area=None, adm1="SY07", adm2="SY0703", adm3="SY079999", adm3_name="الدانا"),
            report(area=None, adm3="SY070302", adm4="C999999", adm4_name="Somewhere"),
            report(area=None, adm1="SY02", adm3="SY070302"),
            report(area=None, adm1="SY07", adm3="SY079999"),
        ]
    )
    results = answer.json()["results"]
    assert [result["status"] for result in results] == ["created"] * 5 + ["rejected"] * 2
    assert all("area_code_unknown" in result["flags"] for result in results[:5])
    assert [result["errors"][0]["code"] for result in results[5:]] == ["areas_disagree", "unknown_area"]
    rows = await service.rows("select area, community from report order by community nulls first")
    assert [tuple(row.values()) for row in rows] == [("SY070302", None)] * 4 + [("SY070302", "Somewhere")]


# Placeholders (entry 16)

NOTHING = ("لايوجد", " لا يوجد ", "Unknown", "—", "–", "NULL", "غير محدد", "( blank )", "N/A", "n.a", "?", "xxx", "TBD",
           "#N/A", "0", "Aucun", "Belirsiz", "لا يوجد / None", "غـيـر  محـدد", "N\u200b/A")  # fmt: skip


async def test_what_stands_for_nothing_makes_no_site_and_no_place(service: ServiceClient) -> None:
    rows = [
        ("Dana", community, nothing, "WSH", "2026-02", "5", "Completed")
        for nothing in NOTHING
        for community in ("Village A", "Village B")
    ]
    headings = ("Sub-district", "Community", "Site name", "Sector", "Month", "Total", "Status")
    state = await taken(service, table(*headings, rows=rows))
    assert state["problems"] == []
    found = await service.rows(
        "select community, site_name, count(distinct unit_key) as keys from report group by 1, 2"
    )
    assert {tuple(row.values()) for row in found} == {("Village A", None, 1), ("Village B", None, 1)}
    assert "na_as_empty" in flags_of(state)


async def test_rows_say_nothing_in_the_same_words(service: ServiceClient) -> None:
    answer = await service.post(
        [
            report(external_id=nothing, site_name=nothing, community=nothing, organisation=nothing, donors=[nothing])
            for nothing in ("N/A", "غير محدد", "—")
        ]
    )
    assert answer.json()["accepted"] == 3, answer.text
    rows = await service.rows("select distinct external_id, site_name, community, donors from report")
    assert [tuple(row.values()) for row in rows] == [(None, None, None, None)]


async def test_a_site_is_of_its_community(service: ServiceClient) -> None:
    await service.post([report(site_name="School 1", community=village) for village in ("A", "B", "a")])
    events = await service.events()
    assert len({event["unit_key"] for event in events}) == 2


async def test_units_that_were_keyed_by_an_older_rule_are_keyed_anew_and_told_once(service: ServiceClient) -> None:
    await service.post([report(site_name="School 1", community=village) for village in ("A", "B")])
    secret = settings_of(SERVICE, service.url).unit_key.get_secret_value().encode()
    async with service.database.transaction() as tx:
        await tx.execute("truncate rekeying")
        await tx.execute("update report set unit_key = 'older'")
    while await service.database.run(lambda tx: key_next(tx, secret)):
        pass
    rows = await service.rows("select unit_key, version, community from report")
    expected = {village: unit_key_of(secret, "SY", "SY070302", village, "School 1") for village in ("A", "B")}
    assert {row["community"]: row["unit_key"] for row in rows} == expected
    assert {event["unit_key"] for event in (await service.events())[2:]} == set(expected.values())
    assert await service.database.run(lambda tx: key_next(tx, secret)) == 0


# Invisible letters, and codes in other forms (entry 17)

CODES = ("SY07\u00ad0302", "\ufeffSY070302", "SY07\u200f0302", "ＳＹ０７０３０２", "SY٠٧٠٣٠٢", "\u00a0SY070302\u2007")


async def test_a_code_is_the_same_code_whatever_nobody_sees_of_it(service: ServiceClient) -> None:
    rows = [report(area=code, external_id=f"r{code}", month="2026\u200e-10") for code in CODES]
    rows += [report(area=None, adm3=code, external_id=f"a{code}") for code in CODES]
    answer = await service.post(rows)
    assert answer.json()["rejected"] == 0, answer.text
    assert [tuple(row.values()) for row in await service.rows("select area, count(*) from report group by 1")] == [
        ("SY070302", 4)
    ], "ids that differ by what nobody sees are one"
    state = await read(service, "P-code", "Site name", rows=[(code, f"s{n}") for n, code in enumerate(CODES)])
    assert state["counts"]["accepted"] == len(CODES), state["problems"]


def test_letters_of_other_languages_fold_to_the_arabic_ones() -> None:
    assert {fold(text) for text in ("حماە", "حماہ", "حماھ", "حماة", "حماه", "حما\u200cه", "ﺣﻤﺎه")} == {"حماه"}
    assert fold("ڪلي") == fold("كلي") == fold("کلی")


# Countries (entry 19)


async def test_a_country_is_known_by_its_three_letters(service: ServiceClient) -> None:
    assert (await service.post(report(country="SYR"))).json()["accepted"] == 1
    state = await read(
        service, "Country", rows=[("SYR",), ("syr",), ("Syria (سوريا)",), ("الجمهورية العربية السورية",)]
    )
    assert state["counts"]["accepted"] == 4, state["problems"]
    assert {row["country"] for row in await service.rows("select country from report")} == {"SY"}


async def test_a_cell_that_may_name_two_countries_is_refused(service: ServiceClient) -> None:
    said = ("Syria/Turkey", "سوريا وتركيا", "SY, TR", "SY / سوريا", "Syria (NW)")
    state = await read(service, "Country", rows=[(each,) for each in said])
    assert [(problem["row"], problem["code"]) for problem in state["problems"]] == [
        (row, "unknown_country") for row in (2, 3, 4)
    ]
    assert (state["counts"]["accepted"], flags_of(state)) == (2, {"part_not_understood"})


def test_no_word_means_two_things() -> None:
    seen: dict[tuple[str, str], str] = {}
    for row in rows_of("values.csv"):
        spelling = row["kind"], _form(row["spelling"])
        assert seen.setdefault(spelling, row["value"]) == row["value"], row


def test_every_word_of_status_and_group_means_one_that_is_taken_or_is_refused_by_name() -> None:
    values = {kind: {row["value"] for row in rows_of("values.csv") if row["kind"] == kind} for kind in ("status",)}
    assert values["status"] == {*ActivityStatus, "Cancelled", "Postponed"}
    assert {row["value"] for row in rows_of("values.csv") if row["kind"] == "population_group"} == {*PopulationGroup}


@pytest.mark.parametrize("said", ["✓", "Evet", "نعم / Yes", "Oui", "صحيح"])
def test_yes_in_the_languages_of_those_who_say_it(said: str) -> None:
    assert word("in_response_plan", said, {}) == "true"


@pytest.mark.parametrize("said", ["maybe", "Yes/No", "Y/N", "نعم/لا", "x"])
def test_what_is_neither_yes_nor_no(said: str) -> None:
    assert word("in_response_plan", said, {}) is None


def test_the_countries_of_the_registry_have_its_codes() -> None:
    assert (country_code("TUR"), country_code("SYR")) == ("TUR", "SY")
