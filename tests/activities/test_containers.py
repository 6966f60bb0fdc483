"""What a container says of its cells beside their values, and what text in columns is written in and parted by."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from .conftest import ServiceClient
from .test_uploading import taken
from .workbooks import Rows, ods, part_of, with_parts, workbook

SAMPLES = Path(__file__).with_name("samples")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ANY = "application/octet-stream"
HEADINGS = ["external_id", "sector", "area", "month", "status", "total"]
SHEET = "xl/worksheets/sheet1.xml"
FRAME = "xl/workbook.xml"


def row(external_id: Any, total: Any = 10, **other: Any) -> list[Any]:
    told = {"sector": "WSH", "area": "SY070302", "month": "2026-02", "status": "Completed", **other}
    return [external_id, *told.values(), total]


def formatted(rows: Rows, formats: dict[str, str], *, merged: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for cells in rows:
        sheet.append(list(cells))
    for place, code in formats.items():
        sheet[place].number_format = code
    for places in merged:
        sheet.merge_cells(places)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def with_cell(content: bytes, place: str, inside: str, kind: str = "") -> bytes:
    """The workbook with one cell of its first sheet replaced."""
    sheet = part_of(content, SHEET).decode()
    cell = f'<c r="{place}"{kind}>{inside}</c>'
    changed, times = re.subn(rf'<c r="{place}"[^<>]*?(/>|>.*?</c>)', lambda _: cell, sheet)
    assert times == 1
    return with_parts(content, {SHEET: changed.encode()})


def calculated(content: bytes) -> bytes:
    """As a program leaves it that calculates its formulas itself."""
    frame = re.sub(rb"<calcPr[^<>]*>", b'<calcPr calcId="191029"/>', part_of(content, FRAME))
    return with_parts(content, {FRAME: frame})


async def ids(service: ServiceClient) -> list[str]:
    return [each["external_id"] for each in await service.rows("select external_id from report order by upload_row")]


def problems(state: dict[str, Any]) -> list[tuple[int, str, str | None]]:
    return [(problem["row"], problem["code"], problem.get("field")) for problem in state["problems"]]


def assumed(state: dict[str, Any]) -> set[str]:
    return {entry["code"] for entry in state["assumptions"]}


async def test_an_id_keeps_all_digits_its_cell_holds_and_is_refused_beyond(service: ServiceClient) -> None:
    numbers = [2026020100000001, 2026020100000002, 2026020100000003, 2**53 - 1]
    content = workbook({"5W": [HEADINGS, *map(row, numbers), row(2**53 + 2), row(20260201000000012), row(7.0)]})
    state = await taken(service, content, kind=XLSX)
    assert await ids(service) == [*map(str, numbers), "7"]
    assert problems(state) == [(6, "digits_lost", "external_id"), (7, "digits_lost", "external_id")]


@pytest.mark.parametrize("text", ["2.02602E+15", "2,02602E+15", "2E+16", "٢٫٠٢E+15"])
async def test_an_id_that_was_shortened_is_refused_by_name_and_one_that_looks_alike_is_kept(
    service: ServiceClient, text: str
) -> None:
    rows = io.StringIO()
    csv.writer(rows).writerows([HEADINGS, row(text), row("2E16"), row("1E5-7"), row("A+15")])
    state = await taken(service, rows.getvalue())
    assert problems(state) == [(2, "digits_lost", "external_id")]
    assert await ids(service) == ["2E16", "1E5-7", "A+15"]


async def test_numbers_of_hxl_as_json_stay_whole_or_are_refused(service: ServiceClient) -> None:
    table = [HEADINGS, *map(row, [2026020100000001, 2**53 - 1, 2**60 + 1, 2.5, "1152921504606846977"])]
    text = json.dumps(table).replace("2.5", "20260201000000000000123")
    state = await taken(service, text, kind=ANY)
    assert await ids(service) == ["2026020100000001", str(2**53 - 1), "1152921504606846977"]
    assert problems(state) == [(4, "digits_lost", "external_id"), (5, "digits_lost", "external_id")]


async def test_a_large_number_in_a_column_of_numbers_is_still_one(service: ServiceClient) -> None:
    content = workbook(
        {"5W": [[*HEADINGS, "Budget required"], [*row("a"), 2**53], [*row("b"), 1234567.25], [*row("c"), 0.00001]]}
    )
    state = await taken(service, content, kind=XLSX)
    assert state["counts"]["accepted"] + state["counts"]["rejected"] == 3
    kept = await service.rows("select budget_required::float as budget from report where external_id <> 'a' order by 1")
    assert [each["budget"] for each in kept] == [0.00001, 1234567.25]


@pytest.mark.parametrize(
    ("code", "number", "shown"),
    [
        ("00000000", 42, "00000042"),
        ("00000", 123456, "123456"),
        ("[$-401]000000;-000000", 7, "000007"),
        ('"W-"0000', 12, "W-0012"),
        ("000-000", 12345, "012-345"),
        (r"\A\B000", 7, "AB007"),
        ("General", 42, "42"),
        ("0", 42, "42"),
        ("#,##0", 42, "42"),
        ('#,##0.00 "USD"', 42, "42"),
    ],
)
async def test_an_id_reads_as_its_cell_shows_it(service: ServiceClient, code: str, number: int, shown: str) -> None:
    await taken(service, formatted([HEADINGS, row(number)], {"A2": code}), kind=XLSX)
    assert await ids(service) == [shown]


async def test_formats_change_no_number_and_no_text(service: ServiceClient) -> None:
    rows = [HEADINGS, row("12", 7), row("13", 1200.0), row("14", "15"), row("0015", 0.5)]
    formats = {"A2": "00000000", "F2": "000", "F3": '#,##0 "شخص"', "F4": "0%", "F5": "0%"}
    state = await taken(service, formatted(rows, formats), kind=XLSX)
    found = await service.rows("select external_id, people_total from report order by upload_row")
    assert [tuple(each.values()) for each in found] == [("12", 7), ("13", 1200), ("14", 15)]
    assert [problem[0] for problem in problems(state)] == [5], "half of something is no number of people"


async def test_a_formula_without_a_value_refuses_the_row_it_would_count_in(service: ServiceClient) -> None:
    """As every program leaves it that writes formulas without calculating them."""
    rows = [
        [*HEADINGS, "Comments"],
        [*row("a", "=SUM(1,41)"), None],
        [*row("b", month='=TEXT(DATE(2026,2,1),"yyyy-mm")'), None],
        [*row("c", area='=VLOOKUP("Dana",A1:B9,2)'), None],
        [*row('="d"&1'), None],
        [*row("e"), '="see row "&1'],
    ]
    state = await taken(service, workbook({"5W": rows}), kind=XLSX)
    assert await ids(service) == ["e"]
    assert problems(state) == [
        (2, "cell_without_value", "people.total"),
        (3, "cell_without_value", "month"),
        (4, "cell_without_value", "area"),
        (5, "cell_without_value", "external_id"),
    ]
    assert "{" not in state["problems"][0]["detail"]


async def test_a_zero_no_program_calculated_is_no_zero(service: ServiceClient) -> None:
    """Some programs write 0 for each formula, and leave it to the next one to calculate."""
    written = workbook({"5W": [HEADINGS, row("a", "=SUM(1,41)"), row("b", 3)]})
    zero = with_cell(written, "F2", "<f>SUM(1,41)</f><v>0</v>")
    state = await taken(service, zero, kind=XLSX)
    assert (problems(state), await ids(service)) == ([(2, "cell_without_value", "people.total")], ["b"])
    state = await taken(service, calculated(zero), kind=XLSX)
    assert (problems(state), await ids(service)) == ([], ["a", "b"])
    # One that came to something shows that the others were calculated, too.
    both = with_cell(zero, "F3", "<f>SUM(1,2)</f><v>3</v>")
    assert problems(await taken(service, both, kind=XLSX)) == []


@pytest.mark.parametrize(
    ("inside", "kind"),
    [
        ("<f>SUM(D9:E9)</f><v>0</v>", ""),
        ("<f>SUM(D9:E9)</f><v>0</v>", ' s="0"'),
        ('<f>IF(A9="","",1)</f><v></v>', ' t="str"'),
        ("<f>SUM(D9:E9)</f><v/>", ""),
        ("<f>SUM(D9:E9)</f>", ""),
        ('<f t="shared" si="0"/><v>0</v>', ""),
        ("<f>VLOOKUP(A9,B1:C9,2)</f><v>#N/A</v>", ' t="e"'),
    ],
)
async def test_a_row_of_nothing_but_prepared_formulas_is_blank(service: ServiceClient, inside: str, kind: str) -> None:
    rows = [HEADINGS, row("a", "=SUM(1,41)"), *([None] * 5 + ["x"] for _ in range(5)), row("b", 7)]
    content = with_cell(calculated(workbook({"5W": rows})), "F2", "<f>SUM(1,41)</f><v>42</v>")
    for number in range(3, 8):
        content = with_cell(content, f"F{number}", inside, kind)
    state = await taken(service, content, kind=XLSX)
    assert (await ids(service), problems(state)) == (["a", "b"], [])
    assert (state["counts"]["rows"], state["counts"]["blank"]) == (2, 5)


async def test_a_sheet_that_is_all_formulas_without_values_is_told_and_not_passed_over(service: ServiceClient) -> None:
    rows = [HEADINGS, *([f"=Data!{column}{number}" for column in "ABCDEF"] for number in (2, 3))]
    state = await taken(service, workbook({"5W": rows}), kind=XLSX)
    assert state["counts"]["rejected"] == 2
    assert {code for _, code, _ in problems(state)} == {"cell_without_value"}


async def test_rows_inside_a_merged_cell_take_its_value_and_it_is_said(service: ServiceClient) -> None:
    rows: Rows = [
        ["5W of February", *[None] * 5],
        HEADINGS,
        row("a", 1),
        row("b", 2, sector=None, area=None, month=None),
        row("c", 3, sector=None, area="SY020400", month=None),
        [None] * 6,
        row("e", 5, month="2026-01"),
    ]
    content = formatted(rows, {}, merged=("A1:F1", "B3:B6", "C3:C4", "D3:D6"))
    state = await taken(service, content, kind=XLSX)
    found = await service.rows("select external_id, sector, area, month from report order by upload_row")
    assert [tuple(each.values()) for each in found] == [
        ("a", "WSH", "SY070302", "2026-02"),
        ("b", "WSH", "SY070302", "2026-02"),
        ("c", "WSH", "SY020400", "2026-02"),
        ("e", "WSH", "SY070302", "2026-01"),
    ]
    assert (state["counts"]["blank"], problems(state)) == (1, [])
    assert "merged_cells_filled" in assumed(state)


async def test_a_number_merged_over_two_columns_is_counted_in_none(service: ServiceClient) -> None:
    rows: Rows = [
        [None, "People reached", *[None] * 6],
        [*HEADINGS[:5], "Men", "Women", "Comments"],
        [*row("a", 4), None, None],
        [*row("b", 1), 2, None],
        [*row("c", 1), 3, None],
        [*row("d", 1), None, None],
        [*row("e", "one"), None, "no number, but refused all the same"],
    ]
    state = await taken(service, formatted(rows, {}, merged=("B1:G1", "F3:G3", "G5:H6", "F7:G7")), kind=XLSX)
    assert problems(state) == [(3, "cell_merged", "people.women"), (7, "not_whole", "people.men")]
    found = await service.rows("select people_total from report order by upload_row")
    assert [each["people_total"] for each in found] == [3, 4, 4]
    kept = await service.rows("select comments from report order by upload_row")
    assert {each["comments"] for each in kept} == {None}
    assert {value["field"] for value in state["values_not_understood"]} == {"comments"}


async def test_the_names_of_another_space_are_read_as_well(service: ServiceClient) -> None:
    """Some programs write a prefix before each name."""
    content = formatted([HEADINGS, row(7), row(8, "=1+1")], {"A2": "0000"})
    parts = {}
    for name in (SHEET, FRAME, "xl/styles.xml"):
        prefixed = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", part_of(content, name))
        parts[name] = prefixed.replace(b" xmlns=", b" xmlns:x=")
    state = await taken(service, with_parts(content, parts), kind=XLSX)
    assert (await ids(service), problems(state)) == (["0007"], [(3, "cell_without_value", "people.total")])


async def test_rows_of_errors_are_no_row_of_tags(service: ServiceClient) -> None:
    text = "\n".join(map(",".join, [HEADINGS, ["", "#N/A", "#REF!"], ["", "#VALUE!", "#DIV/0!"], map(str, row("a"))]))
    state = await taken(service, text)
    assert (await ids(service), {number for number, _, _ in problems(state)} <= {2, 3}) == (["a"], True)


def ods_cell(text: str, said: str = 'office:value-type="string"') -> str:
    inside = f"<text:p>{text}</text:p>" if text else ""
    return f"<table:table-cell {said}>{inside}</table:table-cell>"


def ods_of(rows: list[list[str]]) -> bytes:
    """An ODS of cells as they are written, with the names of a spreadsheet program."""
    content = ods([["*"]])
    body = part_of(content, "content.xml").decode()
    start, end = body.index("<table:table-row>"), body.index("</table:table>")
    table = "".join(f"<table:table-row>{''.join(cells)}</table:table-row>" for cells in rows)
    names = ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    body = (body[:start] + table + body[end:]).replace("<office:document-content", "<office:document-content" + names)
    return with_parts(content, {"content.xml": body.encode()})


async def test_an_ods_is_read_as_it_is_seen(service: ServiceClient) -> None:
    def number(value: str, shown: str | None = None, more: str = "") -> str:
        return ods_cell(shown or value, f'office:value-type="float" office:value="{value}" {more}')

    def cells(first: str, total: str, sector: str = ods_cell("WSH")) -> list[str]:
        texts = map(ods_cell, ["SY070302", "2026-02", "Completed"])
        return [first, sector, *texts, total]

    covered = '<table:covered-table-cell office:value-type="string"/>'
    spans = 'table:number-rows-spanned="2" table:number-columns-spanned="1"'
    spanned = ods_cell("WSH", f'{spans} office:value-type="string"')
    total = 'table:formula="of:=SUM([.A1:.B1])"'
    failed = 'calcext:value-type="error" office:value-type="string" office:string-value=""'
    content = ods_of(
        [
            [ods_cell(heading) for heading in HEADINGS],
            cells(number("2026020100000001"), number("1"), spanned),
            cells(number("42", "00000042"), number("2", more=total), covered),
            cells(ods_cell("c"), f"<table:table-cell {total}/>"),
            cells(ods_cell("d"), ods_cell("50%", 'office:value-type="percentage" office:value="0.5"')),
            cells(ods_cell("e"), ods_cell("#DIV/0!", f"{total} {failed}")),
            ['<table:table-cell table:number-columns-repeated="5"/>', number("0", more=total)],
            cells(ods_cell("f"), number("7")),
        ]
    )
    state = await taken(service, content, kind=ANY)
    found = await service.rows("select external_id, sector, people_total from report order by upload_row")
    assert [tuple(each.values()) for each in found] == [
        ("2026020100000001", "WSH", 1),
        ("00000042", "WSH", 2),
        ("f", "WSH", 7),
    ]
    assert [problem[:2] for problem in problems(state)][0::2] == [(4, "cell_without_value"), (6, "cell_error")]
    assert problems(state)[1][0] == 5
    assert state["counts"]["blank"] == 1


async def test_an_xls_is_read_as_it_is_seen(service: ServiceClient) -> None:
    state = await taken(service, (SAMPLES / "shown.xls").read_bytes(), kind=ANY)
    found = await service.rows("select external_id, sector, people_total from report order by upload_row")
    assert [tuple(each.values()) for each in found] == [
        ("2026020100000001", "WSH", 1),
        ("00000042", "WSH", 2),
        ("c", "WSH", 3),
    ]
    told = {row: code for row, code, _ in problems(state)}
    assert told.pop(8)
    assert told == {5: "digits_lost", 6: "cell_without_value", 9: "cell_error"}
    assert (state["counts"]["blank"], "merged_cells_filled" in assumed(state)) == (1, True)


async def test_formulas_in_cells_without_names_are_told_for_the_file(service: ServiceClient) -> None:
    content = workbook({"5W": [HEADINGS, row("a", "=1+1")]})
    nameless = re.sub(rb'(<c|<row) r="[A-Z0-9]+"', rb"\1", part_of(content, SHEET))
    state = await taken(service, with_parts(content, {SHEET: nameless}), kind=XLSX)
    assert (state["state"], state["failure"]["code"]) == ("failed", "cell_without_value")
    assert "…" not in state["failure"]["detail"]


SEPARATED = "external_id{0}sector{0}area{0}month{0}status{0}total{0}Comments\n"


@pytest.mark.parametrize("separator", list(",;\t|،؛"))
@pytest.mark.parametrize(
    "above",
    ["", "Report; of the month, for, all|areas\t2026\n\n", "Fill in sector, area, month, status, total; thank you\n"],
    ids=["bare", "title", "instruction"],
)
async def test_the_separator_is_the_one_its_headings_are_understood_by(
    service: ServiceClient, separator: str, above: str
) -> None:
    others = ",;\t|،؛".replace(separator, "") * 20
    note = f'"{separator} {others}\nx{others}""y"" {separator}"'
    plain = f"x {others} y"
    text = above + SEPARATED.format(separator)
    for number, comment in enumerate([note, plain, note, "", plain]):
        text += separator.join([f"r{number}", "WSH", "SY070302", "2026-02", "Completed", str(number), comment]) + "\n"
    state = await taken(service, text)
    assert (await ids(service), problems(state)) == ([f"r{number}" for number in range(5)], [])
    [longest] = await service.rows("select max(length(comments)) as letters from report")
    assert longest["letters"] > 100


async def test_decimal_commas_and_a_declared_separator_are_read(service: ServiceClient) -> None:
    heading = [*HEADINGS, "Output value"]
    text = "sep=;\r\n" + ";".join(heading) + "\r\n" + ";".join(map(str, [*row("a"), "1,5"])) + "\r\n"
    state = await taken(service, text)
    [kept] = await service.rows("select upload_row, output_value::float as value from report")
    assert (kept, problems(state)) == ({"upload_row": 2, "value": 1.5}, [])


async def test_text_that_keeps_its_zeros_as_a_formula_is_that_text(service: ServiceClient) -> None:
    lines = [
        ",".join(HEADINGS),
        *(",".join([first, *map(str, row("")[1:])]) for first in ('="0042"', '"=""0043"""', '="x')),
    ]
    await taken(service, "\n".join(lines))
    assert await ids(service) == ["0042", "0043", '="x']


ARABIC = "المعرّف;القطاع;الناحية;الشهر;الحالة;المجموع;ملاحظات\n"
ARABIC_ROW = "{0};WSH;الدانا;2026-02;مكتمل;5;تم توزيع السلل الغذائية على النازحين في المخيم\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1256"])
async def test_text_is_read_in_what_it_surely_is_written_in(service: ServiceClient, encoding: str) -> None:
    state = await taken(service, (ARABIC + ARABIC_ROW.format("a")).encode(encoding))
    [kept] = await service.rows("select external_id, area, comments from report")
    assert (kept["external_id"], kept["area"], kept["comments"][:8]) == ("a", "SY070302", "تم توزيع")
    assert ("windows_1256" in assumed(state)) == (encoding == "cp1256")


FOREIGN = {
    "iso8859_6": ARABIC + ARABIC_ROW.format("a"),
    "mac_arabic": ARABIC + ARABIC_ROW.format("a"),
    "cp720": ARABIC.replace("ّ", "") + ARABIC_ROW.format("a"),
    "cp1254": "external_id,sector,area,month,Site name\na,WSH,SY070302,2026-02,Şanlıurfa kampı\n",
    "cp1252": "external_id,sector,area,month,Organisation\na,WSH,SY070302,2026-02,Médecins Sans Frontières\n",
    "cp857": "external_id,sector,area,month,Site name\na,WSH,SY070302,2026-02,Şırnak ığş\n",
    "cp1251": "external_id,sector,area,month,Site name\na,WSH,SY070302,2026-02,Лагерь беженцев\n",
    "mac_roman": "external_id,sector,area,month,Site name\na,WSH,SY070302,2026-02,Hôpital général éèê\n",
}


@pytest.mark.parametrize("page", FOREIGN)
async def test_letters_of_a_code_page_nobody_can_tell_are_named_and_never_guessed(
    service: ServiceClient, page: str
) -> None:
    state = await taken(service, FOREIGN[page].encode(page))
    assert (state["state"], state["failure"]["code"]) == ("failed", "encoding_not_understood")
    assert "CSV UTF-8" in state["failure"]["detail"]
    assert not await service.rows("select 1 from report")


async def test_broken_letters_among_others_are_the_fault_of_their_row(service: ServiceClient) -> None:
    rows = [",".join(map(str, [*row(f"r{number}"), "Dana"])) for number in range(40)]
    text = "\n".join([",".join([*HEADINGS, "Site name"]), *rows]).encode()
    foreign = text.replace(b"r35,", b"r35,").replace(b"10,Dana\nr36", b"10,Caf\xe9\nr36")
    assert foreign != text
    state = await taken(service, foreign)
    assert (state["counts"]["accepted"], state["values_not_understood"]) == (
        40,
        [{"field": "site_name", "value": "Caf\ufffd", "rows": 1}],
    )
    pasted = (ARABIC + ARABIC_ROW.format("a")).encode("cp1256") + ARABIC_ROW.format("b").encode()
    state = await taken(service, pasted)
    assert (state["state"], state["failure"]["code"]) == ("failed", "encoding_not_understood")
    mixed = text.replace(b"r3,", "r3م,".encode()).replace(b"10,Dana\nr5,", b"10,\xcf\xc7\xe4\xc7\nr5,")
    state = await taken(service, mixed)
    assert [(value["field"], value["rows"]) for value in state["values_not_understood"]] == [("site_name", 1)]
