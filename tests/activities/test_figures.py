"""Figures, months and dates as people write them: taken as meant, said where assumed, else refused by name."""

import json
import time
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from activities.reports.counts import PARTITIONS, people_as_written
from activities.reports.schemas import NewReport
from contracts import instants
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from runtime.problems import Refusal
from tables import conventions
from tables.dates import read_date
from tables.months import read_month
from tables.numbers import read_number

from .conftest import ServiceClient, report
from .test_uploading import finished, send, taken, working
from .test_workbooks import XLSX
from .workbooks import workbook

NEXT_YEAR = instants.today().year + 1

AT_ONCE = 40
"""Files of one sender that wait together."""

Told = str | int | None


FIELDS = {
    "People reached": "people_total",
    "Month": "month",
    "Start date": "start_date::text",
    "Output value": "trim_scale(output_value)::text",
    "Latitude": "latitude::text",
    "Households": "households",
}
Found = tuple[Told, tuple[str, ...]]


async def column(service: ServiceClient, heading: str, cells: Sequence[str], **form: str) -> list[Found]:
    """What becomes of these cells of one column: what is stored, or the code of the refusal, and what was assumed."""
    [found] = await columns(service, heading, [cells], **form)
    return found


async def columns(
    service: ServiceClient, heading: str, each: Sequence[Sequence[str]], **form: str
) -> list[list[Found]]:
    """The same of many columns, each in a file of its own."""
    async with working(service):
        files = [_file(heading, number, cells) for number, cells in enumerate(each)]
        sent = [await send(service, file, kind="text/tab-separated-values", **form) for file in files]
        states = [await finished(service, answer.headers["location"]) for answer in sent]
    rows = await service.rows(f"select external_id, {FIELDS[heading]} as value, flags from report")
    kept: dict[str, Any] = {
        row["external_id"]: (row["value"], tuple(flag for flag in row["flags"] if flag != "month_contradicts_dates"))
        for row in rows
    }
    found: list[list[Found]] = []
    for file, (cells, state) in enumerate(zip(each, states, strict=True)):
        refused = {problem["row"] - 2: problem["code"] for problem in state["problems"]}
        found.append([kept.get(f"{file}-{row}") or (refused[row], ()) for row in range(len(cells))])
    return found


def _file(heading: str, number: int, cells: Sequence[str]) -> str:
    rest = {"Sector": "WSH", "Area": "SY070302", "Month": "2026-02", "Status": "Ongoing"}
    if heading == "Latitude":
        rest["Longitude"] = "36.5"
    others = {name: value for name, value in rest.items() if name != heading}
    lines = ["\t".join(["External ID", *others, heading])]
    lines += ["\t".join([f"{number}-{row}", *others.values(), cell]) for row, cell in enumerate(cells)]
    return "\n".join(lines)


async def by_itself(service: ServiceClient, heading: str, cells: Iterable[str]) -> dict[str, tuple[Told, ...]]:
    """Each of these cells as the only one of its column."""
    alone = [[cell] for cell in cells]
    found: list[list[Found]] = []
    for start in range(0, len(alone), AT_ONCE):
        found += await columns(service, heading, alone[start : start + AT_ONCE])
        await service.database.run(lambda tx: tx.execute("truncate report"))
    return {cell: (value, *sorted(flags)) for [cell], [(value, flags)] in zip(alone, found, strict=True)}


def values(found: list[tuple[Told, tuple[str, ...]]]) -> list[Told]:
    return [value for value, _ in found]


THOUSANDS = [
    "1.234", "1,234", "1٬234", "1’234", "1'234", "1 234", "1\u00a0234", "1\u202f234", "1\u2009234", "1\u2007234",
    "1\u3000234", "١٬٢٣٤", "١،٢٣٤", "١.٢٣٤", "1，234",
]  # fmt: skip


async def test_thousands_of_people_are_read_under_every_separator_and_said(service: ServiceClient) -> None:
    expected = dict.fromkeys(THOUSANDS, (1234, "thousands_separator_assumed"))
    assert await by_itself(service, "People reached", THOUSANDS) == expected


NUMBERS: dict[str, tuple[Told, ...]] = {
    "13": (13,), "13.0": (13,), "13,0": (13, "decimal_comma_assumed"), "+13": (13,), "007": (7,),
    "13 people": (13, "unit_after_number"), "١٣ شخصاً": (13, "unit_after_number"),
    "1,234,567": (1_234_567, "thousands_separator_assumed"), "1.234.567": (1_234_567, "thousands_separator_assumed"),
    "1,000.00": (1000, "thousands_separator_assumed"),
    "0,500": (0, "decimal_comma_assumed", "rounded"), "0.500": (0, "rounded"), "12.9999999": (13, "rounded"),
    "1_000": ("not_whole",), "1 2": ("not_whole",), "½": ("not_whole",), "12%": ("not_whole",), "(13)": ("not_whole",),
    "13 families": ("not_whole",), "~13": ("not_whole",), "1,,000": ("not_whole",), "12,34,56": ("not_whole",),
    "−5": ("too_small",), "1e3": ("digits_lost",), "1E+05": ("digits_lost",),
    "0.00E+00": (0,), "١٫٢٣٤": ("ambiguous_number",),
}  # fmt: skip


async def test_a_number_of_people_is_right_flagged_or_refused_by_name(service: ServiceClient) -> None:
    assert await by_itself(service, "People reached", NUMBERS) == NUMBERS


COLUMNS: list[tuple[str, list[str], list[Told]]] = [
    ("People reached", ["1.000", "2,500", "12"], ["ambiguous_number", "ambiguous_number", 12]),
    ("People reached", ["1.000", "12.5", "7"], ["ambiguous_number", 12, 7]),
    ("People reached", ["1,500", "12,5"], ["ambiguous_number", 12]),
    ("People reached", ["1.000", "1.234.567"], [1000, 1_234_567]),
    ("People reached", ["0,500", "1,500"], [0, "ambiguous_number"]),
    ("Households", ["1.000", "250"], [1000, 250]),
    ("Output value", ["1.000"], [None]),
    ("Output value", ["1,000"], ["1000"]),
    ("Output value", ["1.000", "12.5"], ["1", "12.5"]),
    ("Output value", ["1.000", "12,5", "1,500"], ["1000", "12.5", "1.5"]),
    ("Output value", ["1,000", "12,5", "7.5"], [None, "12.5", "7.5"]),
    ("Latitude", ["36.123", "36,123", "٣٦٫١٢٣"], ["36.123", "36.123", "36.123"]),
]


@pytest.mark.parametrize(("heading", "cells", "expected"), COLUMNS)
async def test_a_column_has_one_convention_of_numbers(
    service: ServiceClient, heading: str, cells: list[str], expected: list[Told]
) -> None:
    assert values(await column(service, heading, cells)) == expected


async def test_other_columns_say_which_mark_a_sheet_parts_fractions_with(service: ServiceClient) -> None:
    content = (
        "Sector,Area,Month,Status,Total,Output value\n"
        "WSH,SY070302,2026-02,Ongoing,1.250,\nWSH,SY07,2026-02,Ongoing,7,1.500\n"
    )
    state = await taken(service, content)
    assert state["counts"]["accepted"] == 2, state["problems"]
    rows = await service.rows("select people_total, output_value from report order by upload_row")
    assert [tuple(row.values()) for row in rows] == [(1250, None), (7, Decimal(1500))]


async def test_a_number_of_a_workbook_is_no_text_with_thousands(service: ServiceClient) -> None:
    headings = ["External ID", "Sector", "Area", "Month", "Status", "Total", "Output value", "Latitude", "Longitude"]
    row = ["WSH", "SY070302", "2026-02", "Ongoing"]
    content = workbook(
        {"5W": [headings, ["a", *row, 12.345, 1.234, 36.123, 36.5], ["b", *row, "12.345", 7, None, None]]}
    )
    state = await taken(service, content, kind=XLSX)
    rows = await service.rows(
        "select people_total, output_value::text, latitude, disaggregation_method from report order by external_id"
    )
    assert [tuple(row.values()) for row in rows] == [(12, "1.234", 36.123, "estimated")]
    # The column proves that its points part fractions: the text may be one, too.
    assert [(problem["row"], problem["code"]) for problem in state["problems"]] == [(3, "ambiguous_number")]


ROWS: list[tuple[dict[str, Any], str | None]] = [
    *(({"people": {"total": text}}, "not_whole") for text in ("1_000", " 12 ", "1,000", "1.000", "٣", "+5", "1e3", "")),
    ({"people": {"total": True}}, "not_whole"),
    *(({"households": text}, "not_whole") for text in ("1_000", " 12 ", "1.000", True)),
    *(({"output_value": text}, "not_a_number") for text in ("1_000", " 12 ", "1,000", "٣", "1E+3", "inf", True)),
    ({"budget_required": "1_0"}, "not_a_number"),
    ({"transfer_value_usd": True}, "not_a_number"),
    ({"measured_outputs": {"litres": "1_5"}}, "not_a_number"),
    ({"latitude": "3_6", "longitude": 1}, "not_a_number"),
    ({"latitude": "inf", "longitude": 1}, "not_a_number"),
    *(({"people": {"total": number}}, None) for number in (12, 12.0, "12", "12.0")),
    ({"output_value": "12.50"}, None),
    ({"latitude": "36.5", "longitude": "36.1"}, None),
]


@pytest.mark.parametrize(("change", "code"), ROWS)
async def test_a_json_row_has_numbers_or_plain_digits(
    service: ServiceClient, change: dict[str, Any], code: str | None
) -> None:
    """What is no number of people refuses its row; of any other field it is kept as text, and is in no figure."""
    [result] = (await service.post(report(**change))).json()["results"]
    if code is None or "people" in change:
        assert [error["code"] for error in result["errors"]] == ([code] if code else [])
        return
    assert result["errors"] == []
    assert result["flags"] == ["value_not_understood"]
    [kept] = await service.rows("select households, output_value, budget_required, latitude, as_written from report")
    field = next(iter(change))
    assert kept.get(field) is None
    assert any(name.startswith(field) for name in kept["as_written"])


async def test_a_number_that_json_cannot_hold_is_refused(service: ServiceClient) -> None:
    body = json.dumps(report(people={"total": 1})).replace('"total": 1', '"total": 1e400').encode()
    headers = {**service.bearer(), "Content-Type": "application/x-ndjson"}
    [result] = (await service.client.post("/v1/reports", content=body, headers=headers)).json()["results"]
    assert [error["code"] for error in result["errors"]] == ["not_a_number"]


IDS: dict[str, str | None] = {
    "2.02602E+15": None, "2,02602E+15": None, "٢٫٠٢٦٠٢E+١٥": None, "1E+05": None, "2.02602e15": None,
    "2026020100000001.0": None, "10234.0": None, "2026020100000001,00": None,
    "2026020100000001": "2026020100000001", "0012": "0012", "1.0": "1.0", "3E10": "3E10", "WSH-2.10": "WSH-2.10",
}  # fmt: skip


async def test_an_id_that_lost_its_digits_is_refused_at_every_door(service: ServiceClient) -> None:
    kept = sorted(id for id in IDS.values() if id)
    rows = [report(external_id=written) for written in IDS]
    results = (await service.post(rows)).json()["results"]
    codes = {
        row["external_id"]: [error["code"] for error in result["errors"]]
        for row, result in zip(rows, results, strict=True)
    }
    assert codes == {written: [] if id else ["digits_lost"] for written, id in IDS.items()}
    assert [
        row["external_id"]
        for row in await service.rows('select external_id from report order by external_id collate "C"')
    ] == kept
    lines = [f'"{written}",WSH,SY070302,2026-02,Ongoing,13' for written in IDS]
    state = await taken(service, "\n".join(["External ID,Sector,Area,Month,Status,Total", *lines]))
    assert state["counts"]["updated"] == len(kept)
    assert {problem["code"] for problem in state["problems"]} == {"digits_lost"}


@pytest.mark.parametrize(
    ("sent", "kept"),
    [(2026020100000001, "2026020100000001"), (7, "7"), (2**53, None), (10**30, None), (2.5, None), (True, None)],
)
async def test_an_id_as_a_json_number_is_kept_where_it_is_exact(
    service: ServiceClient, sent: Any, kept: str | None
) -> None:
    answer = await service.post(report(external_id=sent))
    rows = await service.rows("select external_id from report")
    assert [row["external_id"] for row in rows] == ([kept] if kept else []), answer.text


MONTHS: dict[str, tuple[Told, ...]] = {
    "2026-02": ("2026-02",), "2026-02-28": ("2026-02",), "02/2026": ("2026-02",), "2/2026": ("2026-02",),
    "02-2026": ("2026-02",), "2026/2": ("2026-02",), "202602": ("2026-02",), "28/02/2026": ("2026-02",),
    "28/02/2026 14:30": ("2026-02",), "Feb 2026": ("2026-02",), "Sept 2025": ("2025-09",),
    "شهر شباط 2026": ("2026-02",),
    "كانون ثاني 2026": ("2026-01",), "كانون أول 2025": ("2025-12",), "تشرين أول 2025": ("2025-10",),
    "تشرين ثاني ٢٠٢٥": ("2025-11",), "شباط/فبراير 2026": ("2026-02",), "February (شباط) 2026": ("2026-02",),
    "26-Feb": ("2026-02", "two_digit_year"), "Feb-26": ("2026-02", "two_digit_year"),
    "02/03/2026": ("2026-03", "day_first_assumed"),
    "2024Q1": ("quarter_not_month",), "Q1 2024": ("quarter_not_month",), "الربع الأول 2024": ("quarter_not_month",),
    "H1 2024": ("several_months",), "Jan-Mar 2026": ("several_months",), "آذار ونيسان 2026": ("several_months",),
    "شباط لعام 2026م": ("2026-02",), "2026–02": ("2026-02",), "2026M02": ("2026-02",), "شهر 2/2026": ("2026-02",),
    "1447-09": ("hijri_date",), "رمضان 1447": ("hijri_date",), "رمضان": ("hijri_date",), "١٤٤٧/٩": ("hijri_date",),
    "9/1447": ("hijri_date",), "1447 هـ": ("hijri_date",), "محرم ١٤٤٨هـ": ("hijri_date",), "1404-02": ("hijri_date",),
    "0026-02": ("month_out_of_range",), "2062-03": ("month_out_of_range",), "9999-12": ("month_out_of_range",),
    "2010-12": ("month_out_of_range",), "2026-13": ("not_a_month",), "2026.1": ("not_a_month",),
    "2026.10": ("2026-10",), "2026.2": ("2026-02",), "2026": ("not_a_month",), "05": ("year_missing",),
    "Feb-05": ("year_missing",), "شباط": ("year_missing",),
}  # fmt: skip


MIXED_MARKS = {
    "2025-10/11": ("not_a_month",), "2025/10-11": ("not_a_month",), "10-11/2025": ("not_a_month",),
    "10/11 2025": ("not_a_month",), "10/11-2025": ("not_a_month",), "2025-10-11": ("2025-10",),
    "10 / 11 / 2025": ("2025-11", "day_first_assumed"), "10.11.2025": ("2025-11", "day_first_assumed"),
}  # fmt: skip


async def test_two_months_with_two_marks_are_no_day(service: ServiceClient) -> None:
    assert await by_itself(service, "Month", MIXED_MARKS) == MIXED_MARKS


async def test_a_degree_nobody_can_read_is_kept_to_the_letter(service: ServiceClient) -> None:
    await column(service, "Latitude", ["36.123.456"])
    [row] = await service.rows("select latitude, as_written ->> 'latitude' as kept from report")
    assert tuple(row.values()) == (None, "36.123.456")


async def test_a_month_is_right_flagged_or_refused_by_name(service: ServiceClient) -> None:
    assert await by_itself(service, "Month", MONTHS) == MONTHS


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["05", "شباط", "12-Feb", "26-Feb"], ["2026-05", "2026-02", "2026-02", "2026-02"]),
        (["25-Feb"], ["ambiguous_month"]),
        (["25-Feb", "31-Mar"], ["2026-02", "2026-03"]),
        (["Dec-25"], ["2025-12"]),
    ],
)
async def test_a_month_without_a_year_has_the_forms(
    service: ServiceClient, cells: list[str], expected: list[Told]
) -> None:
    assert values(await column(service, "Month", cells, month="2026-04")) == expected


async def test_a_month_without_a_year_has_that_of_its_row(service: ServiceClient) -> None:
    content = "Sector,Area,Month,Year,Status,Total\n" + "".join(
        f"WSH,SY070302,{month},{year},Ongoing,{number}\n"
        for number, (month, year) in enumerate(
            [
                ("05", "2025"),
                ("شباط", "٢٠٢٤"),
                ("5", "2024"),
                ("2026-01", "2025"),
                ("05", ""),
                ("05", "1447"),
                ("05", "25/26"),
                ("05", "NA"),
            ]
        )
    )
    state = await taken(service, content)
    rows = await service.rows("select month, flags from report order by upload_row")
    assert [(row["month"], row["flags"]) for row in rows] == [
        ("2025-05", []), ("2024-02", []), ("2024-05", []), ("2026-01", ["year_differs"]),
    ]  # fmt: skip
    assert [problem["code"] for problem in state["problems"]] == [
        "year_missing",
        "hijri_date",
        "year_missing",
        "year_missing",
    ]


async def test_a_month_has_the_year_of_its_own_row_whatever_the_rows_before_said(service: ServiceClient) -> None:
    content = "Sector,Area,Month,Year,Status,Total\nWSH,SY070302,05,,Ongoing,1\nWSH,SY070302,05,2024,Ongoing,2\n"
    await taken(service, content, month="2025-08")
    rows = await service.rows("select month from report order by upload_row")
    assert [row["month"] for row in rows] == ["2025-05", "2024-05"]


async def test_a_list_of_places_with_a_year_is_no_sheet_of_reports(service: ServiceClient) -> None:
    reports: list[list[Any]] = [
        ["Sector", "Area", "Month", "Status", "Total"],
        ["WSH", "SY070302", "2026-02", "Ongoing", 5],
    ]
    places: list[list[Any]] = [["Sub-district P-code", "Community", "Year"], ["SY070302", "Atma", 2025]]
    state = await taken(service, workbook({"5W": reports, "Population": places}), kind=XLSX)
    assert state["counts"]["rows"] == 1
    assert state["sheets"][1]["reason"]["code"] == "sheet_without_reports"


async def test_a_day_without_a_year_has_that_of_its_row(service: ServiceClient) -> None:
    content = "Sector,Area,Month,Year,Status,Total,Start date\nWSH,SY070302,آذار,2025,Ongoing,5,25-Mar\n"
    state = await taken(service, content)
    assert state["counts"]["accepted"] == 1, state["problems"]
    [row] = await service.rows("select month, start_date::text, flags from report")
    assert tuple(row.values()) == ("2025-03", "2025-03-25", [])


DAYS: dict[str, tuple[Told, ...]] = {
    "2026-03-25": ("2026-03-25",), "25/03/2026": ("2026-03-25",), "25/03/2026 14:30": ("2026-03-25",),
    "25/03/2026 02:30 م": ("2026-03-25",), "2026-03-25T10:00Z": ("2026-03-25",), "25.3.2026": ("2026-03-25",),
    "25-Mar-2026": ("2026-03-25",), "25 آذار 2026": ("2026-03-25",), "٢٥ آذار/مارس ٢٠٢٦": ("2026-03-25",),
    "March 25, 2026": ("2026-03-25",), "20260325": ("2026-03-25",), "25-Mar-26": ("2026-03-25", "two_digit_year"),
    "03/04/2026": ("2026-04-03", "day_first_assumed"), "15 رمضان 1447": ("hijri_date",), "1/9/1447": ("hijri_date",),
    "1447-09-01": ("hijri_date",), "0026-02-03": ("date_out_of_range",), "2062-03-01": ("date_out_of_range",),
    "2010-12-31": ("date_out_of_range",), "31/02/2026": ("not_a_date",), "Mar-26": ("not_a_date",),
    "25-Mar": ("not_a_date",), "الأربعاء ٢٥ آذار ٢٠٢٦": ("2026-03-25",), "25/03/2026 م": ("2026-03-25",),
}  # fmt: skip


async def test_a_date_is_right_flagged_or_refused_by_name(service: ServiceClient) -> None:
    assert await by_itself(service, "Start date", DAYS) == DAYS


@pytest.mark.parametrize(
    ("heading", "cells", "expected"),
    [
        ("Start date", ["03/25/2026", "03/04/2026", "02/11/2026"], ["2026-03-25", "2026-03-04", "2026-02-11"]),
        ("Start date", ["03/04/2026", "25/03/2026"], ["2026-04-03", "2026-03-25"]),
        ("Start date", ["25/03/2026", "03/25/2026", "03/04/2026", "3/3/2026"],
            ["2026-03-25", "2026-03-25", "ambiguous_date", "2026-03-03"]),
        ("Month", ["03/31/2026", "02/03/2026"], ["2026-03", "2026-02"]),
        ("Month", ["31/03/2026", "03/31/2026", "02/03/2026"], ["2026-03", "2026-03", "ambiguous_date"]),
    ],
)  # fmt: skip
async def test_a_column_has_one_order_of_day_and_month(
    service: ServiceClient, heading: str, cells: list[str], expected: list[Told]
) -> None:
    found = await column(service, heading, cells)
    assert values(found) == expected
    assert not [flags for _, flags in found if flags]


async def test_the_dates_of_a_sheet_prove_one_anothers_order(service: ServiceClient) -> None:
    content = "Sector,Area,Month,Status,Total,Start date,End date\n" + "".join(
        f"WSH,SY070302,2026-02,Ongoing,{number},{start},{end}\n"
        for number, (start, end) in enumerate([("01/25/2026", "02/03/2026"), ("01/02/2026", "02/04/2026")])
    )
    state = await taken(service, content)
    rows = await service.rows("select start_date::text, end_date::text from report order by upload_row")
    assert [tuple(row.values()) for row in rows] == [("2026-01-25", "2026-02-03"), ("2026-01-02", "2026-02-04")]
    assert [(entry["code"], entry["rows"]) for entry in state["assumptions"]] == [("date_order_from_sheet", 2)]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"month": "9999-12"}, "month_out_of_range"),
        ({"month": "2010-12"}, "month_out_of_range"),
        ({"month": "0026-02"}, "month_out_of_range"),
        ({"month": "1447-09"}, "hijri_date"),
        ({"month": f"{NEXT_YEAR + 1}-01", "status": "Planned"}, "month_out_of_range"),
        ({"month": f"{NEXT_YEAR}-12"}, "completed_in_the_future"),
        ({"month": f"{NEXT_YEAR}-12", "status": "Planned"}, None),
        ({"month": "2011-01"}, None),
        ({"start_date": "1447-09-01"}, "hijri_date"),
        ({"end_date": f"{NEXT_YEAR + 1}-01-01"}, "date_out_of_range"),
        ({"end_date": f"{NEXT_YEAR}-12-31"}, None),
    ],
)
async def test_rows_lie_in_the_window(service: ServiceClient, change: dict[str, Any], code: str | None) -> None:
    [result] = (await service.post(report(**change))).json()["results"]
    assert [error["code"] for error in result["errors"]] == ([code] if code else [])


async def test_a_month_that_has_begun_anywhere_can_be_completed(service: ServiceClient) -> None:
    [result] = (await service.post(report(month=instants.today().isoformat()[:7]))).json()["results"]
    assert result["status"] == "created"


@pytest.mark.parametrize(("month", "code"), [("9999-12", "month_out_of_range"), ("1447-09", "hijri_date")])
async def test_forms_lie_in_the_window_and_questions_need_not(service: ServiceClient, month: str, code: str) -> None:
    headers = {**service.bearer("secretariat"), "Accept-Language": "ar"}
    answer = await send(service, "x", month=month)
    assert [error["code"] for error in answer.json()["errors"]] == [code]
    listed = await service.client.get("/v1/reports?month_from=2001-01&month_to=2150-01", headers=headers)
    assert listed.status_code == 200, listed.text


async def test_shares_of_people_keep_their_total_and_are_estimated(service: ServiceClient) -> None:
    shares = {"total": 10, "men": 2.5, "women": 2.5, "boys": 2.5, "girls": 2.5}
    [result] = (await service.post(report(people=shares, households=2.5))).json()["results"]
    assert "rounded" in result["flags"]
    assert "total_does_not_add_up" not in result["flags"]
    [row] = await service.rows(
        "select people_total, people_men, people_women, people_boys, people_girls, households, disaggregation_method "
        "from report"
    )
    assert tuple(row.values()) == (10, 3, 3, 2, 2, 2, "estimated")


async def test_what_computers_lose_of_a_count_is_no_estimate(service: ServiceClient) -> None:
    people = {"total": 25.000000001, "men": 12.9999999, "women": 12.0000001}
    [result] = (await service.post(report(people=people))).json()["results"]
    assert result["flags"] == ["rounded"]
    [row] = await service.rows("select people_total, people_men, people_women, disaggregation_method from report")
    assert tuple(row.values()) == (25, 13, 12, None)
    again = await service.post(report(people={"total": 2.5}, disaggregation_method="counted"))
    assert again.json()["results"][0]["flags"] == ["rounded"]
    methods = await service.rows("select disaggregation_method from report where people_total = 2")
    assert [row["disaggregation_method"] for row in methods] == ["counted"]


async def test_shares_in_a_file_are_rounded_together(service: ServiceClient) -> None:
    content = (
        "Sector,Area,Month,Status,Total,Men,Women,Boys,Girls\n"
        "WSH,SY070302,2026-02,Ongoing,101,25.25,25.25,25.25,25.25\n"
    )
    state = await taken(service, content)
    assert {entry["code"] for entry in state["assumptions"]} == {"rounded"}
    [row] = await service.rows("select people_total, people_men, people_women, people_boys, people_girls from report")
    assert tuple(row.values()) == (101, 26, 25, 25, 25)


HUNDREDTHS = st.integers(0, 10**6).map(lambda number: Decimal(number) / 100)


@given(st.sampled_from(PARTITIONS), st.lists(HUNDREDTHS, min_size=1, max_size=4), st.booleans())
def test_rounded_parts_add_up_to_the_rounded_total(
    names: tuple[str, ...], shares: list[Decimal], as_floats: bool
) -> None:
    parts = dict(zip(names, shares, strict=False))
    total = sum(shares, Decimal(0))
    sent = {**parts, "total": total}
    if as_floats:
        sent = {name: float(value) for name, value in sent.items()}  # type: ignore[misc]
    people = NewReport.model_validate({**report(), "people": sent}).people.model_dump(exclude_none=True)
    assert people["total"] == round(Fraction(total))
    assert sum(people[name] for name in parts) == people["total"]
    assert all(abs(people[name] - part) < 1 for name, part in parts.items())


COUNTS = st.floats() | st.integers() | st.text() | st.decimals()


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from([*PARTITIONS[0], "total", "with_disability"]), COUNTS))
def test_any_people_are_counts_or_left_to_be_refused(sent: dict[str, Any]) -> None:
    people_as_written(sent)


CELLS = st.text(alphabet="0123456789.,٫٬'’ -/٠٣JanFebشباط", min_size=1, max_size=16)


@given(st.lists(CELLS, max_size=6), st.sampled_from(list(conventions.ColumnKind)))
def test_no_column_breaks_its_reader(cells: list[str], sort: conventions.ColumnKind) -> None:
    evidence = conventions.Evidence()
    for cell in cells:
        evidence.observe(cell)
    convention = conventions.conventions_of({0: sort}, {0: evidence})[0]
    for cell in cells:
        for read in (read_date, lambda text, flags, found: read_month(text, "2026-01", flags, found)):
            try:
                read(cell, {}, convention)
            except Refusal:
                continue


@pytest.mark.parametrize("text", [" 1" + " " * 200_000 + "x", "1 " * 100_000, "٣" * 200_000, "1," * 100_000 + "a"])
def test_a_long_cell_is_no_work(text: str) -> None:
    began = time.process_time()
    evidence = conventions.Evidence()
    evidence.observe(text)
    for sort in conventions.ColumnKind:
        assert read_number(text, {}, sort=sort) == text
    assert read_date(text, {}) == text
    with pytest.raises(Refusal):
        read_month(text, "2026-01", {})
    assert time.process_time() - began < 0.5
