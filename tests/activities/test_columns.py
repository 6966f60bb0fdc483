"""Columns: what is not understood is asked, never passed over; two for one field; headings over two rows; long rows."""

import io
from typing import Any

import pytest
from activities.uploads.headings import report_headings
from activities.words import rows_of
from openpyxl import Workbook
from plans.targets.columns import DATA
from tables import words
from tables.contents import Content, content_of
from tables.headings import read_tag

from .conftest import ServiceClient
from .test_uploading import taken

BASE = "external_id,sector,area,month,status"
ROW = "{id},WSH,SY070302,2026-02,Completed"
FILLED = ROW.format(id="r1")


def table(headings: str, *rows: str) -> str:
    """The base row with more columns."""
    lines = (f"{ROW.format(id=f'r{number}')},{row}" for number, row in enumerate(rows, start=1))
    return "\n".join([f"{BASE},{headings}", *lines, ""])


def workbook(*rows: tuple[Any, ...]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    return saved(book)


def saved(book: Workbook) -> bytes:
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


async def people(service: ServiceClient) -> list[tuple[int | None, ...]]:
    rows = await service.rows("select people_total, people_men, people_women from report order by external_id")
    return [tuple(row.values()) for row in rows]


def flags(state: dict[str, Any]) -> dict[str, int]:
    return {entry["code"]: entry["rows"] for entry in state["assumptions"]}


# What is not understood.


UNKNOWN = [
    ("Girls 12-17", "7", "9"),
    ("Cash recipients", '"1,200"', "٣٤"),
    ("Total Beneficiaries – auto calculated", "80", "90"),
    ("REPEATED (BOYS <18)", "3", "4"),
    ("New beneficiaries", "13", "14"),
    ("Newly reached", "6", "1"),
    ("% women", "55%", "45 %"),
    ("Berichtsmonat", "2026-03", "2026-04"),
    ("فترة العمل", "آذار 2026", "نيسان"),
    ("Delivered on", "03/04/2026", "25/04/2026"),
    ("Camp ref", "CP000123", "CP000124"),
    ("رمز غير معروف", "SY070302", "SY020400"),
    ("مستفيدون غير مباشرين", "40", "50"),
    ("Cumulative total", "1000", "1200"),
    ("Direct beneficiaries", "5", "6"),
]


@pytest.mark.parametrize(("heading", "first", "second"), UNKNOWN)
async def test_a_column_that_would_be_lost_makes_the_file_be_refused_by_name(
    service: ServiceClient, heading: str, first: str, second: str
) -> None:
    content = table(f"total,{heading}", f"10,{first}", f"20,{second}")
    state = await taken(service, content)
    assert (state["state"], state["failure"]["code"]) == ("failed", "columns_not_understood")
    assert heading in state["failure"]["detail"]
    assert first.strip('"') in state["failure"]["detail"]
    assert "accept_ignored" in state["failure"]["detail"]
    assert (state["counts"]["rows"], await people(service), await service.events()) == (0, [], [])
    state = await taken(service, content, accept_ignored="true")
    assert (state["state"], state["counts"]["accepted"]) == ("done", 2)
    assert await people(service) == [(10, None, None), (20, None, None)]
    assert flags(state)["column_not_read"] == 2
    [flagged] = await service.rows("select flags from report where external_id = 'r1'")
    assert "column_not_read" in flagged["flags"]


HARMLESS = [
    ("م", "1", "2"),
    ("ت", "١", "٢"),
    ("No.", "1", "2"),
    ("#", "1", "2"),
    ("S/N", "1", "2"),
    ("الرقم", "1", "2"),
    ("Phone", "0944123456", "+963 944 123 456"),
    ("رقم الهاتف", "944123456", "944123457"),
    ("WhatsApp group", "0944 123 456", "00963944123456"),
    ("E-mail", "a1@example.org", "b2@example.org"),
    ("Contact person", "Ali", "Amal"),
    ("Last updated", "2026-03-05", "2026-03-06"),
    ("تاريخ الإدخال", "2026-03-05", "2026-03-06"),
    ("Week", "5", "6"),
    ("Project code", "SYR-26/1", "SYR-26/2"),
    ("رقم المشروع", "17", "18"),
    ("Targeted men", "50", "60"),
    ("المستهدف", "50", "60"),
    ("Year", "2026", "2026"),
    ("Total (auto)", "10", "20"),
    ("Notes of our team", "see the minutes of 5 May", "nothing"),
    ("Verified?", "Yes", "No"),
    ("Nothing here", "", "-"),
]


@pytest.mark.parametrize(("heading", "first", "second"), HARMLESS)
async def test_a_column_whose_values_change_no_figure_stops_no_file(
    service: ServiceClient, heading: str, first: str, second: str
) -> None:
    state = await taken(service, table(f"total,{heading}", f"10,{first}", f"20,{second}"))
    assert (state["state"], state["counts"]["accepted"]) == ("done", 2), state["failure"]
    assert await people(service) == [(10, None, None), (20, None, None)]
    assert "column_not_read" not in flags(state)
    assert heading in [column["heading"] for column in state["ignored_columns"]] or heading == "Year"


async def test_targets_beside_no_reach_are_a_question(service: ServiceClient) -> None:
    state = await taken(service, table("Targeted men,Targeted women", "50,60"))
    assert state["failure"]["code"] == "columns_not_understood"


async def test_an_index_without_a_heading_is_the_number_of_the_row(service: ServiceClient) -> None:
    content = f",{BASE},total\n0,{FILLED},10\n1,{ROW.format(id='r2')},20\n"
    state = await taken(service, content)
    assert (state["state"], flags(state)) == ("done", {})
    state = await taken(service, f",{BASE},total\n40,{FILLED},10\n17,{ROW.format(id='r2')},20\n")
    assert state["failure"]["code"] == "columns_not_understood"
    assert "«A»" in state["failure"]["detail"]


async def test_what_people_reached_are_called_differently_is_understood(service: ServiceClient) -> None:
    await taken(service, table("People reached", "13"))
    state = await taken(service, table("No. of Total Beneficiaries Reached", "13"))
    assert state["counts"]["unchanged"] == 1
    assert await people(service) == [(13, None, None)]


async def test_in_a_workbook_of_several_sheets_the_sheet_is_named(service: ServiceClient) -> None:
    book = Workbook()
    for name, odd in (("Idleb", "men"), ("حلب", "Attendees")):
        sheet = book.create_sheet(name)
        sheet.append([*BASE.split(","), "total", odd])
        sheet.append([*ROW.format(id=name).split(","), 10, 4])
    state = await taken(service, saved(book))
    assert "حلب: «Attendees» (4)" in state["failure"]["detail"]
    assert not await people(service)


async def test_the_answer_is_a_field_of_the_form_and_part_of_what_makes_a_request_the_same(
    service: ServiceClient,
) -> None:
    content = table("total,Attendees", "10,4")
    answer = await service.client.post(
        "/v1/uploads",
        data={"accept_ignored": "perhaps"},
        files={"file": content.encode()},
        headers=service.bearer(),
    )
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "accept_ignored")


# The month of the form.


async def test_the_months_of_a_file_are_not_hidden_by_the_forms(service: ServiceClient) -> None:
    rows = "".join(f"r{month},WSH,SY070302,Completed,5,{name}\n" for month, name in MONTHS.items())
    content = f"external_id,sector,area,status,total,Berichtszeitraum\n{rows}"
    state = await taken(service, content, month="2026-09")
    assert state["failure"]["code"] == "columns_not_understood"
    state = await taken(service, content, month="2026-09", accept_ignored="true")
    assert flags(state) == {"column_not_read": len(MONTHS), "month_from_form": len(MONTHS)}


MONTHS = {1: "January", 2: "شباط", 3: "Mart", 4: "Nisan 2026", 5: "May-26", 6: "06/2026", 7: "2026-07"}


async def test_a_row_says_that_its_month_is_the_forms(service: ServiceClient) -> None:
    content = "external_id,sector,area,status,month,start date,end date\n"
    content += "a,WSH,SY070302,Completed,,,\nb,WSH,SY070302,Completed,2026-02,,\n"
    content += "c,WSH,SY070302,Completed,,2026-04-01,2026-04-20\nd,WSH,SY070302,Completed,,2026-01-05,2026-02-28\n"
    content += "e,WSH,SY070302,Completed,,2026-02-01,2026-03-31\n"
    state = await taken(service, content, month="2026-03")
    rows = await service.rows("select external_id, month, flags from report order by external_id")
    assert [(row["external_id"], row["month"], set(row["flags"])) for row in rows] == [
        ("a", "2026-03", {"month_from_form"}),
        ("b", "2026-02", set()),
        ("c", "2026-03", {"month_from_form", "month_contradicts_dates"}),
        ("d", "2026-03", {"month_from_form", "month_contradicts_dates"}),
        ("e", "2026-03", {"month_from_form"}),
    ]
    assert flags(state) == {"month_from_form": 4, "month_contradicts_dates": 2}


async def test_the_sectors_of_a_file_are_not_hidden_by_the_forms(service: ServiceClient) -> None:
    head = "external_id,area,month,status,Thematisches Feld,total\n"
    content = head + "a,SY070302,2026-02,Completed,WASH,5\nb,SY070302,2026-02,Completed,التعليم,5\n"
    state = await taken(service, content, sector="WSH")
    assert state["failure"]["code"] == "columns_not_understood"
    assert "التعليم" in state["failure"]["detail"]
    state = await taken(service, content, sector="WSH", accept_ignored="true")
    assert (state["counts"]["accepted"], flags(state)["column_not_read"]) == (2, 2)
    state = await taken(service, content.replace("التعليم", "WSH"), sector="WSH")
    assert state["counts"]["unchanged"] == 2


async def test_a_year_beside_the_month_is_the_months(service: ServiceClient) -> None:
    head = "external_id,sector,area,status,Year,Month\n"
    rows = ["2026,March", "2025,٣", "2026,آذار", "2026,2026-03", "2025,2026-03", ",2026-03"]
    content = head + "".join(f"r{number},WSH,SY070302,Completed,{row}\n" for number, row in enumerate(rows))
    state = await taken(service, content, month="2024-12")
    kept = await service.rows("select external_id, month from report order by external_id")
    assert [tuple(row.values()) for row in kept] == [
        ("r0", "2026-03"),
        ("r1", "2025-03"),
        ("r2", "2026-03"),
        ("r3", "2026-03"),
        ("r4", "2026-03"),
        ("r5", "2026-03"),
    ]
    assert {told["code"]: told["rows"] for told in state["assumptions"]} == {"year_differs": 1}


# Two columns for one field.


@pytest.mark.parametrize(
    ("headings", "rows", "row"),
    [
        ("Beneficiaries,Total", ("6,6", "6,7"), 3),
        ("المجموع,عدد المستفيدين", ("6,7",), 2),
        ("Men,Adult men", ("6,", "6,5"), 3),
        ("Month of report,Total", ("2026-03,5",), 2),
        ("Camp,Facility", ("Atma,School 3",), 2),
        ("Total,Beneficiaries,Individuals", ("6,6,6", ",6,7"), 3),
        ("Governorate,المحافظة", ("Idleb,إدلب", "Idleb,حلب"), 3),
        ("HH,Families", ("3,4",), 2),
        ("Governorate,المحافظة", ("Idleb,حلب",), 2),
        ("Status,حالة النشاط", ("Completed,مكتمل", "Completed,مخطط"), 3),
        ("Cluster,القطاع", ("WASH,التعليم",), 2),
        ("Implementer,الجهة المنفذة", ("ACT,جهة أولى", "ACT,جهة ثانية"), 2),
    ],
)
async def test_two_columns_that_say_two_things_are_a_question(
    service: ServiceClient, headings: str, rows: tuple[str, ...], row: int
) -> None:
    state = await taken(service, table(headings, *rows), accept_ignored="true")
    failure = state["failure"]
    assert (state["state"], failure["code"]) == ("failed", "columns_disagree")
    assert f"row {row} " in failure["detail"]
    assert not await people(service)


@pytest.mark.parametrize(
    ("headings", "rows", "total"),
    [
        ("Beneficiaries,Total", ('"1,006",1006', "7,7"), (1006, 7)),
        ("Beneficiaries,Total", ("6,", ",7"), (6, 7)),
        ("المجموع,Total", ("٦,6", "NA,7"), (6, 7)),
        ("Governorate,المحافظة,Total", ("Idleb,إدلب,6", "Aleppo,حلب,7"), (6, 7)),
        ("Implementation status,Total", ("مكتمل,6", "Completed,7"), (6, 7)),
        ("Implementer,الجهة المنفذة,Total", ("Violet,بنفسج,6", "Violet,بنفسج,7"), (6, 7)),
        ("Indicator,Indicator code,Total", (",,6", ",,7"), (6, 7)),
        ("Comments,ملاحظات,Total", ("a,b,6", "c,,7"), (6, 7)),
        ("Donor,Funded by,Total", ("ECHO,BHA,6", "ECHO,,7"), (6, 7)),
    ],
)
async def test_two_columns_that_agree_or_complete_each_other_are_one(
    service: ServiceClient, headings: str, rows: tuple[str, ...], total: tuple[int, int]
) -> None:
    state = await taken(service, table(headings, *rows))
    assert state["state"] == "done", state["failure"]
    assert tuple(row[0] for row in await people(service)) == total, state["problems"]


async def test_that_a_second_column_was_there_is_said(service: ServiceClient) -> None:
    state = await taken(service, table("Beneficiaries,Total", "6,6", "7,", ",8"))
    assert flags(state)["columns_of_one_field"] == 2  # rows 2 and 4
    assert [row[0] for row in await people(service)] == [6, 7, 8]


# Words of headings.


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Men (18+)", "people.men"),
        ("نساء (+18 سنة)", "people.women"),
        ("# of Men", "people.men"),
        ("عدد الرجال / No. of men", "people.men"),
        ("Men \\ رجال", "people.men"),
        ("رجال Men", "people.men"),
        ("Sector (please select) *", "sector"),
        ("Start date (dd/mm/yyyy)", "start_date"),
        ("Governorate - drop-down list", "adm1_name"),
        ("Pcode", "area"),
        ("P code", "area"),
        ("P-Codes", "area"),
        ("Admin 3 PCODE", "adm3"),
        ("admin3Pcode", "adm3"),
        ("Sub-District P.Code", "adm3"),
        ("ADM4_PCODE", "adm4"),
        ("رمز الناحية (P-code)", "adm3"),
        ("P-code / P.Code", "area"),
        ("Total number of beneficiaries reached", "people.total"),
        ("Boys (0-17)", "people.boys"),
        ("Individuals reached - Women", "people.women"),
        ("Men <18", None),
        ("Girls 12-17", None),
        ("REPEATED (BOYS <18)", None),
        ("New men", None),
        ("Planned women", None),
        ("Total Beneficiaries – auto calculated", None),
        ("Indirect beneficiaries", None),
        ("People reached (cumulative)", None),
        ("Disability % (avg)", None),
        ("Men / Women", None),
        ("Sector / Activity", None),
        ("إجمالي المستفيدين (تراكمي)", None),
        ("رجال جدد", None),
        ("نسبة النساء", None),
        ("Site / Site type", None),
        ("People reached per day", None),
    ],
)
def test_every_word_of_a_heading_is_accounted_for(heading: str, field: str | None) -> None:
    assert report_headings().field_called(heading) == field


@pytest.mark.parametrize(
    ("tag", "field"),
    [
        ("#reached+ind", "people.total"),
        ("#reached+ind+en", "people.total"),
        ("#reached+f+adults+ind", "people.women"),
        ("#adm3+code+v_pcode", "adm3"),
        ("#sector+cluster+name", "sector_name"),
        ("#org+prog+name+ar", "organisation"),
        ("#reached+new+ind", None),
        ("#reached+ind+planned", None),
        ("#reached+ind+cumulative", None),
        ("#reached+indirect", None),
        ("#reached+ind+pct", None),
        ("#modality+main", None),
        ("#targeted", None),
        ("#targeted+f", None),
        ("#status+previous", None),
        ("#adm1+origin+code", None),
        ("#date+reported+previous", None),
    ],
)
def test_an_attribute_that_may_change_the_meaning_is_never_passed_over(tag: str, field: str | None) -> None:
    read = read_tag(tag)
    assert read is not None
    assert report_headings().field_of(read) == field


async def test_a_tag_that_is_not_understood_is_asked_like_a_heading(service: ServiceClient) -> None:
    tags = "#activity+id,#sector+code,#adm3+code,#date+reported,#status,#reached+ind"
    state = await taken(service, f"{tags},#reached+ind+cumulative\n{FILLED},10,70\n")
    assert state["failure"]["code"] == "columns_not_understood"
    assert "#reached+cumulative+ind" in state["failure"]["detail"]
    state = await taken(service, f"{tags},#targeted+ind,#meta+id\n{FILLED},10,70,5\n")
    assert state["state"] == "done"
    assert await people(service) == [(10, None, None)]


async def test_a_column_without_a_tag_goes_by_its_heading(service: ServiceClient) -> None:
    head = "id,sector,place,month,status,People reached,Men,Attendees\n"
    tags = "#activity+id,#sector+code,#adm3+code,#date+reported,#status,#reached+ind,,"
    state = await taken(service, f"{head}{tags}\n{FILLED},10,4,\n")
    assert state["state"] == "done", state["failure"]
    assert await people(service) == [(10, 4, None)]
    state = await taken(service, f"{head}{tags}\n{FILLED},10,4,3\n")
    assert "Attendees" in state["failure"]["detail"]


@pytest.mark.parametrize(("cell", "kept"), [("yes", True), ("نعم", True), ("Latrines", None)])
async def test_a_doubtful_heading_is_decided_by_its_values(
    service: ServiceClient, cell: str, kept: bool | None
) -> None:
    await taken(service, table("HRP Activity,total", f"{cell},5"))
    [row] = await service.rows("select in_response_plan from report")
    assert row["in_response_plan"] is kept


async def test_a_community_beside_its_code_is_no_other_place(service: ServiceClient) -> None:
    tags = "#activity+id,#sector+code,#loc+code,#loc+community,#date+reported,#status,#reached+ind"
    content = f"{tags}\na,WSH,C4126,Atma,2026-02,Completed,5\nb,WSH,C4126,,2026-02,Completed,6\n"
    state = await taken(service, content)
    assert state["counts"]["accepted"] == 2, state["problems"]
    rows = await service.rows("select area, community from report order by external_id")
    assert [tuple(row.values()) for row in rows] == [("C4126", None), ("C4126", None)]


def test_what_stands_in_cells_is_told_apart() -> None:
    cells = {
        Content.NUMBER: ("5", "1,200", "1 200", "٣٤", "45 %", "2.02602E+15", "$300", "-3", "1٬234"),
        Content.MONTH: ("2026-03", "March", "آذار 2026", "Mar-26", "03/2026", "Q1", "Jan-Mar", "25 Mar 2026"),
        Content.DATE: ("2026-03-04", "03/04/2026", "2026-03-04 10:20:00", "3.4.26"),
        Content.CODE: ("SY070302", "C4126", "wsh_ind_1_1", "PRJ-001", "12A"),
        Content.TEXT: ("Idleb", "see row 5", "0944123456", "+963944123456", "a1@b.org", "مخيم 3", "x" * 100),
        Content.NOTHING: ("", "NA", "-"),
    }
    told = {text: content_of(text) for texts in cells.values() for text in texts}
    assert told == {text: content for content, texts in cells.items() for text in texts}


# Headings over two rows.


LEVELS = [
    ("People reached,,", "Men,Women,Total", (11, 5, 6)),
    ("People reached,People reached,People reached", "Men,Women,Total", (11, 5, 6)),
    ("عدد المستفيدين,,", "رجال,نساء,المجموع", (11, 5, 6)),
    ("Achieved,,", "Men (18+),Women (18+),Total", (11, 5, 6)),
    ("المستفيدون / Beneficiaries,,", "ذكور بالغون,إناث بالغات,الإجمالي", (11, 5, 6)),
]


@pytest.mark.parametrize(("upper", "lower", "expected"), LEVELS)
@pytest.mark.parametrize("repeated", [False, True])
async def test_headings_over_two_rows_are_two_levels(
    service: ServiceClient, upper: str, lower: str, expected: tuple[int, ...], repeated: bool
) -> None:
    beside = BASE if repeated else ",,,,"
    content = f"{BASE},{upper}\n{beside},{lower}\n{FILLED},5,6,11\n"
    state = await taken(service, content)
    assert (state["state"], state["counts"]["rows"], state["counts"]["accepted"]) == ("done", 1, 1), state
    assert await people(service) == [expected]


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        ("Adults,,Children,", "Male,Female,Male,Female"),
        ("بالغون,,أطفال,", "ذكور,إناث,ذكور,إناث"),
        ("Beneficiaries,,,", "Adults,,Children,\n,,,,,Men,Women,Boys,Girls"),
        ("رجال,نساء,أولاد,بنات", "Men,Women,Boys,Girls"),
    ],
)
async def test_groups_of_age_and_sex_and_three_levels(service: ServiceClient, upper: str, lower: str) -> None:
    below = BASE if upper.startswith("رجال") else ",,,,"
    state = await taken(service, f"{BASE},{upper}\n{below},{lower}\n{FILLED},5,6,7,8\n")
    assert (state["state"], state["counts"]["rows"]) == ("done", 1), state
    [row] = await service.rows("select people_men, people_women, people_boys, people_girls from report")
    assert tuple(row.values()) == (5, 6, 7, 8)


async def test_of_two_groups_the_one_that_was_reached_counts(service: ServiceClient) -> None:
    content = f"{BASE},Planned,,Reached,\n,,,,,Men,Women,Men,Women\n{FILLED},50,60,5,6\n"
    await taken(service, content)
    assert await people(service) == [(11, 5, 6)]
    content = f"{BASE},Men,,Women,\n,,,,,مخطط,منجز,مخطط,منجز\n{FILLED},50,7,60,8\n"
    await taken(service, content)
    assert await people(service) == [(15, 7, 8)]


@pytest.mark.parametrize(
    "group", ["Planned", "المستهدف", "New", "جدد", "Indirect", "Deaths", "IDPs", "Trained staff", "%"]
)
async def test_a_group_that_makes_another_figure_is_asked(service: ServiceClient, group: str) -> None:
    state = await taken(service, f"{BASE},{group},\n,,,,,Men,Women\n{FILLED},50,60\n")
    assert state["failure"]["code"] == "columns_not_understood", state["columns"]
    assert not await people(service)


@pytest.mark.parametrize(
    "above",
    [
        "Monthly report of Violet,,,,,,,",
        "تقرير شهري,,,شباط 2026,,,,",
        "Organisation:,Violet,Month:,2026-02,,,,",
        "Planned and completed activities 2026,,,,,,,",
        "Who,What,Where,When,,For whom,,",
        "معلومات عامة,,,,,عدد المستفيدين,,",
        "Report information,,,,,Beneficiaries,,",
    ],
)
async def test_a_title_or_the_name_of_a_part_changes_nothing_below_it(service: ServiceClient, above: str) -> None:
    state = await taken(service, f"{above}\n{BASE},men,women,total\n{FILLED},5,6,11\n")
    assert state["state"] == "done", state["failure"]
    assert await people(service) == [(11, 5, 6)]


async def test_a_first_row_of_words_is_no_second_row_of_headings(service: ServiceClient) -> None:
    content = "Sector,Governorate,Site type,Population group,Status,Unit\n"
    rows = "WASH,Idleb,Camp,IDPs,Planned,Individuals\nWASH,Aleppo,Village,Returnees,Planned,HH\n"
    state = await taken(service, content + rows, month="2026-02")
    assert state["counts"]["rows"] == 2


async def test_merged_headings_of_a_workbook_are_two_levels(service: ServiceClient) -> None:
    book = Workbook()
    sheet = book.create_sheet()
    sheet.append([*BASE.split(","), "People reached", None, None])
    sheet.append([None] * 5 + ["Men", "Women", "Total"])
    sheet.append([*FILLED.split(","), 5, 6, 11])
    sheet.merge_cells("F1:H1")
    for column in "ABCDE":
        sheet.merge_cells(f"{column}1:{column}2")
    state = await taken(service, saved(book))
    assert state["counts"]["accepted"] == 1, state
    assert await people(service) == [(11, 5, 6)]


# Rows and their lengths.


async def test_a_number_that_fell_apart_is_no_two_numbers(service: ServiceClient) -> None:
    content = table("men,women", "1,500,700", '"1,500",700,,', "5,6")
    state = await taken(service, content)
    assert [(problem["row"], problem["code"]) for problem in state["problems"]] == [(2, "row_longer_than_headings")]
    assert "700" in state["problems"][0]["detail"]
    assert await people(service) == [(2200, 1500, 700), (11, 5, 6)]


async def test_a_text_that_fell_apart_moves_no_cell(service: ServiceClient) -> None:
    content = f"external_id,sector,site name,area,month,status,men,comments\na,WSH,Camp 3,east,{FILLED[7:]},5,fine\n"
    state = await taken(service, content)
    assert "row_longer_than_headings" in [problem["code"] for problem in state["problems"]]


async def test_a_note_far_behind_the_table_of_a_text_file_is_said(service: ServiceClient) -> None:
    state = await taken(service, f"{BASE},total,,,\n{FILLED},5,,see mail,\n{ROW.format(id='r2')},6,,,\n")
    assert (state["counts"]["accepted"], flags(state)) == (2, {"cell_without_heading": 1})


async def test_a_note_beside_the_table_of_a_workbook_is_said_and_a_number_refused(service: ServiceClient) -> None:
    head = (*BASE.split(","), "total")
    rows = [(*ROW.format(id=f"r{number}").split(","), 10) for number in range(1, 6)]
    content = workbook(head, (*rows[0], None, "see the minutes"), *rows[1:4], (*rows[4], None, 50))
    state = await taken(service, content)
    assert [(problem["row"], problem["code"]) for problem in state["problems"]] == [(6, "row_longer_than_headings")]
    assert (state["counts"]["accepted"], flags(state)) == (4, {"cell_without_heading": 1})


async def test_rows_of_idle_formulas_are_blank(service: ServiceClient) -> None:
    content = f"م,{BASE},men,total,place\n1,{FILLED},5,5,x\n2,,,,,,,0,#N/A\n3,,,,,,0,0.00,-\n4,,,,,,,0,\n"
    state = await taken(service, content)
    assert (state["counts"]["rows"], state["counts"]["accepted"], state["counts"]["blank"]) == (1, 1, 3)


def test_words_that_add_nothing_stand_for_fields_there_are() -> None:
    rows = (*rows_of("headings.csv"), *words.rows_of("target_headings.csv", DATA))
    fields = {row["field"].removesuffix("?") for row in rows}
    for name in ("heading_words.csv", "hxl_attributes.csv"):
        for row in words.rows_of(name):
            for said in row["for"].split() if row.get("kind", "adds_nothing") == "adds_nothing" else ():
                bare = said.removeprefix("!")
                assert any(field.startswith(bare[:-1]) if bare.endswith("*") else field == bare for field in fields), (
                    row
                )


@pytest.mark.parametrize(
    ("heading", "first", "second"),
    [
        ("رقم متسلسل", "1", "2"),
        ("الرقم المتسلسل", "1", "2"),
        ("Last edit time", "2026-03-01 10:00", "2026-03-02 10:00"),
        ("_GPS_precision", "4.5", "3"),
    ],
)
async def test_serial_numbers_and_what_tools_add_hold_no_file_up(
    service: ServiceClient, heading: str, first: str, second: str
) -> None:
    state = await taken(service, table(f"total,{heading}", f"10,{first}", f"20,{second}"))
    assert (state["state"], state["counts"]["accepted"]) == ("done", 2)
    assert await people(service) == [(10, None, None), (20, None, None)]
