"""Layouts of the field: wide by month, by new and repeated, by sex and age. A line may be several reports."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from .conftest import ServiceClient
from .test_uploading import taken
from .test_workbooks import XLSX
from .workbooks import part_of, with_parts, workbook, xlsb

BASE = ["External ID", "Sector", "Area", "Month", "Status"]
FILLED = ["a", "WSH", "SY070302", "2026-02", "Completed"]
PLACE = ["Sector", "Sub-district P-code", "Status"]
IN_PLACE = ["WSH", "SY070302", "Completed"]
SAMPLES = Path(__file__).parents[2] / "docs" / "samples"
NEW, REPEATED = "newly_reached", "not_newly_reached"


def sheet(*rows: Sequence[object]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue()


async def reports(service: ServiceClient, *columns: str) -> list[tuple[Any, ...]]:
    """What is kept of the columns, by id and month."""
    rows = await service.rows(f"select {', '.join(columns)} from report order by external_id, month")
    return [tuple(row.values()) for row in rows]


async def test_new_and_repeated_in_one_line_are_two_reports(service: ServiceClient) -> None:
    heads = [
        "NEW – Children (Boys <18)\n جديد - أطفال (ذكور)",
        "NEW – Children (Girls <18)\n جديد - أطفال (إناث)",
        "NEW – Adults (Men 18+)",
        "NEW – Adults (Women 18+)",
        "NEW – TOTAL",
        "REPEATED (BOYS <18)",
        "REPEATED (GIRLS <18)",
        "REPEATED (MEN 18+)",
        "REPEATED (WOMEN 18+)",
        "TOTAL reached",
        "PWD",
    ]
    content = sheet(
        [*BASE, *heads],
        [*FILLED, 1, 2, 3, 4, 10, 5, 6, 7, 8, 36, 2],
        ["b", *FILLED[1:], "", 0, "", "", "", 5, 6, 7, 8, 26, 1],
        ["c", *FILLED[1:], "", "", "", "", "", "", "", "", "", 9, ""],
    )
    state = await taken(service, content)
    assert state["state"] == "done", state["failure"]
    people = ("people_total", "people_men", "people_women", "people_boys", "people_girls")
    kept = await reports(service, "external_id", "newly_reached", *people, "people_with_disability")
    assert kept == [
        (f"a/{NEW}", True, 10, 3, 4, 1, 2, 2),
        # Those with a disability are told once for both rows of the line.
        (f"a/{REPEATED}", False, 26, 7, 8, 5, 6, None),
        (f"b/{REPEATED}", False, 26, 7, 8, 5, 6, 1),
        # Where nothing is said of the parts, their sum counts.
        ("c", None, 9, None, None, None, None, None),
    ]
    again = await taken(service, content)
    assert again["counts"]["unchanged"] == 4


async def test_planned_beside_new_and_repeated_is_a_report_of_its_own(service: ServiceClient) -> None:
    content = sheet(
        [*BASE, "New men", "Repeated men", "Planned men"],
        [*FILLED, 1, 2, 30],
    )
    await taken(service, content)
    kept = await reports(service, "external_id", "newly_reached", "status", "people_men")
    assert kept == [
        ("a/Planned", None, "Planned", 30),
        (f"a/{NEW}", True, "Completed", 1),
        (f"a/{REPEATED}", False, "Completed", 2),
    ]


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (["NEW", "", "", "", "REPEATED", "", "", ""], ["Boys", "Girls", "Men", "Women"]),
        (["جدد", "", "", "", "مكررون", "", "", ""], ["فتيان", "فتيات", "رجال", "نساء"]),
        (["Nouveaux", "", "", "", "Récurrents", "", "", ""], ["Garçons", "Filles", "Hommes", "Femmes"]),
        (["IDPs", "", "", "", "Host community", "", "", ""], ["Boys", "Girls", "Men", "Women"]),
    ],
)
async def test_a_part_may_stand_in_a_row_above(service: ServiceClient, above: list[str], below: list[str]) -> None:
    content = sheet([*BASE, *above], [*[""] * len(BASE), *below, *below], [*FILLED, 1, 2, 3, 4, 5, 6, 7, 8])
    state = await taken(service, content)
    assert state["state"] == "done", state["failure"]
    people = ("people_total", "people_boys", "people_girls", "people_men", "people_women")
    assert sorted(await reports(service, *people)) == [(10, 1, 2, 3, 4), (26, 5, 6, 7, 8)]


async def test_parts_over_three_rows(service: ServiceClient) -> None:
    content = sheet(
        [*BASE, "NEW", "", "", "", "REPEATED", "", "", ""],
        [*[""] * len(BASE), "Children", "", "Adults", "", "Children", "", "Adults", ""],
        [*[""] * len(BASE), *["Boys", "Girls", "Men", "Women"] * 2],
        [*FILLED, 1, 2, 3, 4, 5, 6, 7, 8],
    )
    state = await taken(service, content)
    assert state["state"] == "done", state["failure"]
    assert await reports(service, "newly_reached", "people_total", "people_boys") == [(True, 10, 1), (False, 26, 5)]


async def test_eight_columns_of_sex_and_age_add_up(service: ServiceClient) -> None:
    bands = ["0-4", "5-17", "18-59", "60+"]
    heads = [f"{who} {band}" for who in ("Female", "ذكور") for band in bands]
    content = sheet([*BASE, *heads, "Girls", "Total"], [*FILLED, 1, 2, 3, 4, 5, 6, 7, 8, 3, 36])
    state = await taken(service, content)
    assert state["state"] == "done", state["failure"]
    people = ("people_total", "people_girls", "people_women", "people_boys", "people_men")
    ages = ("people_age_0_4", "people_age_5_11", "people_age_18_59", "people_age_60_plus")
    assert await reports(service, *people, *ages) == [(36, 3, 7, 11, 15, 6, None, 10, 12)]


@pytest.mark.parametrize(
    ("heads", "row"),
    [
        (["Boys 0-4", "Girls 0-17", "Total"], [1, 2, 9]),  # boys of 5 and more are nowhere
        (["Boys 0-11", "Boys 5-17", "Total"], [1, 2, 9]),  # some boys are in both
        (["Boys 6-59 months", "Total"], [1, 9]),
        (["New men", "Men"], [1, 2]),
        (["New men", "Repeated men", "IDP men", "Host men"], [1, 2, 1, 2]),
        (["New and repeated men", "Total"], [1, 2]),
        (["New men", "Repeated men", "Men"], [1, 2, 9]),  # they are not all men
    ],
)
async def test_parts_that_are_not_the_whole_are_asked(service: ServiceClient, heads: list[str], row: list[int]) -> None:
    state = await taken(service, sheet([*BASE, *heads], [*FILLED, *row]))
    assert state["state"] == "failed", state["columns"]
    assert state["failure"]["code"] == "columns_not_understood"
    assert not await reports(service, "people_total")


MONTHS = [
    ["Jan", "Feb", "Mar", "Dec"],
    ["كانون الثاني", "شباط", "آذار", "كانون الأول"],
    ["يناير", "فبراير", "مارس", "ديسمبر"],
    ["Janvier", "Février", "Mars", "Décembre"],
    ["Ocak", "Şubat", "Mart", "Aralık"],
    ["Çile", "Sibat", "Adar", "Berfanbar"],
    ["2025-01-01", "2025-02-01", "2025-03-01", "2025-12-01"],
    ["Jan-25", "Feb-25", "Mar-25", "Dec-25"],
]


@pytest.mark.parametrize("months", MONTHS)
async def test_a_column_for_each_month_is_a_report_for_each_that_says_something(
    service: ServiceClient, months: list[str]
) -> None:
    content = sheet(
        [*PLACE, "Number of beneficiaries 2025", "", "", "", "Total 2025"],
        [*[""] * len(PLACE), *months, ""],
        [*IN_PLACE, 5, "", 0, 7, 12],
        ["WSH", "SY020400", "Completed", "", "-", "", 0, 0],
    )
    state = await taken(service, content)
    assert state["state"] == "done", state["failure"]
    assert await reports(service, "month", "area", "people_total") == [
        ("2025-01", "SY070302", 5),
        ("2025-12", "SY070302", 7),
    ]
    assert (state["counts"]["accepted"], state["counts"]["blank"]) == (2, 1)


async def test_the_year_of_months_is_the_titles_the_sheets_or_the_forms(service: ServiceClient) -> None:
    months: list[Sequence[object]] = [[*PLACE, "Jan", "Feb"], [*IN_PLACE, 5, 6]]
    for title, form in ((["Beneficiaries reached in 2025"], ""), (["Beneficiaries reached"], "2024-05")):
        state = await taken(service, sheet(title, *months), month=form)
        assert state["state"] == "done", state["failure"]
    assert sorted(await reports(service, "month", "people_total")) == [
        ("2024-01", 5), ("2024-02", 6), ("2025-01", 5), ("2025-02", 6)
    ]  # fmt: skip
    state = await taken(service, sheet(["Beneficiaries reached"], *months))
    assert {problem["code"] for problem in state["problems"]} == {"year_missing"}


async def test_what_months_alone_count_is_asked(service: ServiceClient) -> None:
    state = await taken(service, sheet([*PLACE, "Jan 2025", "Feb 2025"], [*IN_PLACE, 5, 6]))
    assert state["failure"]["code"] == "columns_not_understood"


async def test_months_over_men_and_women(service: ServiceClient) -> None:
    content = sheet(
        [*PLACE, "Jan 2025", "", "Feb 2025", ""],
        [*[""] * len(PLACE), "Men", "Women", "Men", "Women"],
        [*IN_PLACE, 5, 1, 0, 7],
    )
    state = await taken(service, content)
    assert state["state"] == "done", state["failure"]
    assert await reports(service, "month", "people_men", "people_women") == [("2025-01", 5, 1), ("2025-02", 0, 7)]


LONG = (
    "organization,ao_r,activity_name,unit,month_name,year,adm1_name,adm3_pcode,adm5_pcode,girls_0_5,girls_6_17,"
    "women_18_59,women_60_plus,boys_0_5,boys_6_17,men_18_59,men_60_plus,total,disability"
)


async def test_a_long_table_of_areas_of_responsibility(service: ServiceClient) -> None:
    place = ["02 - February", "2026", "Idleb/إدلب", "SY070302"]
    content = sheet(
        LONG.split(","),
        ["", "PRO-GBV", "Awareness", "people", *place, "Camp 7", 1, 2, 3, 4, 5, 6, 7, 8, 36, "Yes"],
        ["", "PRO-GBV", "Leaflets", "leaflets", *place, "", "", "", "", "", "", "", "", "", 500, "No"],
    )
    state = await taken(service, content, status="Completed")
    assert state["state"] == "done", state["failure"]
    assert not state["problems"]
    names = ("sector", "month", "area", "neighbourhood", "people_total", "people_girls", "people_men", "unit")
    assert await reports(service, *names, "people_with_disability") == [
        ("PRO-GBV", "2026-02", "SY070302", "Camp 7", 36, 3, 15, "people", None),
        ("PRO-GBV", "2026-02", "SY070302", None, 500, None, None, "leaflets", None),
    ]
    assert [column["heading"] for column in state["ignored_columns"]] == ["disability"]


async def test_tags_above_the_headings_and_what_lost_formulas_leave(service: ServiceClient) -> None:
    """As the template of the Whole of Syria has them: tags first, a hub, no status, cells of lost formulas."""
    content = sheet(
        ["#org+name", "#hub", "#sector", "#adm3+code", "#REF!", "#date+start", "#date+end", "#reached+ind"],
        ["Organisation", "Hub", "Sector", "Sub-district", "", "Start date", "End date", "Beneficiaries"],
        ["", "Gaziantep", "WSH", "SY070302", "#REF!", "2026-02-01", "2026-02-20", 12],
    )
    state = await taken(service, content, status="Completed")
    assert state["state"] == "done", state["failure"]
    assert await reports(service, "hub", "month", "people_total") == [("Gaziantep", "2026-02", 12)]


@pytest.mark.parametrize(
    ("heads", "row"),
    [
        (
            "Secteur,Code sous-district,Mois,Statut,Ménages,Hommes,Femmes,Garçons,Filles,Personnes handicapées",
            ["WSH", "SY070302", "Février 2026", "Terminé"],
        ),
        (
            "Sektör,Nahiye kodu,Ay,Durum,Hane sayısı,Erkek,Kadın,Erkek çocuk,Kız çocuk,Engelli",
            ["WSH", "SY070302", "Şubat 2026", "Tamamlandı"],
        ),
    ],
)
async def test_headings_in_french_and_turkish(service: ServiceClient, heads: str, row: list[str]) -> None:
    state = await taken(service, sheet(heads.split(","), [*row, 2, 1, 2, 3, 4, 1]))
    assert state["state"] == "done", state["failure"]
    names = ("month", "status", "households", "people_total", "people_boys", "people_with_disability")
    assert await reports(service, *names) == [("2026-02", "Completed", 2, 10, 3, 1)]


@pytest.mark.parametrize("word", ["Total", "المجموع", "GRAND TOTAL:", "Toplam"])
async def test_a_row_of_totals_is_passed_over_and_said(service: ServiceClient, word: str) -> None:
    heads = ["Governorate", *BASE[1:], "Men", "Total"]
    content = sheet(heads, ["Idleb", *FILLED[1:], 5, 5], [word, "", "", "", "", 5, 5], ["", "", "", "", word, 5, "0"])
    state = await taken(service, content)
    assert (state["counts"]["accepted"], state["counts"]["blank"], state["problems"]) == (1, 2, [])
    assert {entry["code"]: entry["rows"] for entry in state["assumptions"]} == {"total_row_passed_over": 2}
    # What names a place or a month beside it is a row, and refused where it is none.
    state = await taken(service, sheet(heads, [word, *FILLED[1:3], "", "", 5, 5]))
    assert (state["counts"]["rejected"], state["counts"]["blank"]) == (1, 0)


async def test_a_sheet_that_adds_up_another_is_passed_over_by_name(service: ServiceClient) -> None:
    rows = [[f"r{number}", *FILLED[1:], number, 1] for number in range(1, 7)]
    summary: list[list[Any]] = [["Area", "Sector", "Men", "Women"], ["SY070302", "WSH", 21, 6]]
    book: dict[str, Sequence[Sequence[Any]]] = {
        "Instructions": [["Fill in the sheet 5W"], ["one line an activity"]],
        "Lists": [["Governorate", "P-code"], *([f"name {number}", f"SY{number:02}"] for number in range(300))],
        "Summary": summary,
        "5W": [[*BASE, "Men", "Women"], *rows],
    }
    state = await taken(service, workbook(book), kind=XLSX)
    assert (state["state"], state["counts"]["accepted"]) == ("done", 6), state["failure"]
    reasons = {each["name"]: (each.get("reason") or {}).get("code") for each in state["sheets"]}
    assert reasons["Summary"] == "sheet_is_summary"
    assert reasons["5W"] is None
    # With other figures it adds nothing up, and its rows are reports.
    summary[1][2] = 22
    state = await taken(service, workbook(book), kind=XLSX, status="Completed", month="2026-02")
    assert state["counts"]["accepted"] == 7, state["problems"]


async def test_objects_keyed_by_tag_are_rows(service: ServiceClient) -> None:
    one = {"#sector": "WSH", "#adm3+code": "SY070302", "#date+reported": "2026-02", "#status": "Completed"}
    rows = [{**one, "#reached+ind": 5}, {"#reached+ind": 6, **one, "#meta+note": None}]
    state = await taken(service, json.dumps(rows))
    assert state["state"] == "done", state["failure"]
    assert sorted(await reports(service, "people_total")) == [(5,), (6,)]


@pytest.mark.parametrize("body", ['[{"#sector": "WSH"}, ["WSH"]]', '[{"#sector": {"code": "WSH"}}]'])
async def test_other_objects_are_no_table(service: ServiceClient, body: str) -> None:
    state = await taken(service, body)
    assert state["failure"]["code"] == "not_a_table", state


async def test_a_heading_that_is_nearly_known_is_read_where_its_values_agree(service: ServiceClient) -> None:
    content = sheet([*BASE, "Numbr of households", "Womn"], [*FILLED, 2, 5])
    state = await taken(service, content)
    assert state["failure"]["code"] == "columns_not_understood"
    assert "Womn" in state["failure"]["detail"]
    assert "households" not in state["failure"]["detail"]
    await taken(service, content, accept_ignored="true")
    assert await reports(service, "households", "people_women") == [(2, None)]


REFERENCE_LOST, WORKBOOK, SHEET = b"\x17", "xl/workbook.bin", "xl/worksheets/sheet1.bin"


async def test_a_binary_workbook_is_read(service: ServiceClient) -> None:
    rows: list[list[Any]] = [[*BASE, "Men", "Women"], [*FILLED, 5, 6], ["b", *FILLED[1:], 7, REFERENCE_LOST]]
    state = await taken(service, xlsb(rows), kind=XLSX)
    assert await reports(service, "external_id", "people_men", "people_women") == [("a", 5, 6)]
    # An error is no empty cell.
    assert [(problem["row"], problem["code"]) for problem in state["problems"]] == [(3, "cell_error")]


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({SHEET: b"\x00"}, "broken_workbook"),
        ({SHEET: b"\x05\xff\xff\xff\x7f" + bytes(2_000_000)}, "workbook_too_large"),
        ({SHEET: b"\x05\x01\x00" * 20}, "broken_workbook"),
        ({SHEET: None}, "broken_workbook"),
        ({WORKBOOK: b"\x9c\x01\x02\x00\x00"}, "broken_workbook"),
        ({WORKBOOK: b""}, "broken_workbook"),
    ],
)
async def test_a_broken_binary_workbook_is_refused_by_name(
    service: ServiceClient, parts: dict[str, bytes | None], code: str
) -> None:
    good = xlsb([[*BASE, "Men"], [*FILLED, 5]])
    assert part_of(good, SHEET)
    state = await taken(service, with_parts(good, parts), kind=XLSX)
    assert state["state"] == "failed"
    assert state["failure"]["code"] == code


@pytest.mark.parametrize(("name", "taken_rows", "people"), [("by-month", 2, 215), ("new-and-repeated", 3, 98)])
async def test_the_samples_of_layouts_are_read(service: ServiceClient, name: str, taken_rows: int, people: int) -> None:
    state = await taken(service, (SAMPLES / f"{name}.csv").read_text())
    assert state["state"] == "done", state["failure"]
    assert (state["counts"]["accepted"], state["problems"]) == (taken_rows, [])
    assert sum(row[0] for row in await reports(service, "people_total")) == people
