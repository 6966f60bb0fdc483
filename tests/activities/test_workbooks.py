"""Workbooks: each sheet by itself, rows as the spreadsheet numbers them, cells as people meant them."""

import asyncio
import json
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from activities.uploads import commands
from testkit.small_syria import IHSAN, VIOLET

from .conftest import ServiceClient
from .test_uploading import HXL, finished, multipart, send, taken, working
from .workbooks import ods, part_of, sheet_xml, with_parts, workbook

SAMPLES = Path(__file__).with_name("samples")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADINGS = ["Sector", "Sub-district P-code", "Month", "Total", "Status"]
ROW: list[Any] = ["WSH", "SY070302", "2026-10", 100, "Completed"]
FIRST = ["WSH", "SY070302", "2026-10", "100", "Completed"]


async def stored(service: ServiceClient) -> list[tuple[Any, ...]]:
    rows = await service.rows(
        "select upload_sheet, upload_row, sector, area, month, people_total from report"
        " order by upload_sheet, upload_row"
    )
    return [tuple(row.values()) for row in rows]


async def test_each_sheet_is_read_by_its_own_headings_and_rows_are_numbered_as_in_the_spreadsheet(
    service: ServiceClient,
) -> None:
    content = workbook(
        {
            "Idlib": [[], [], ["5W October"], HEADINGS, ROW, [], [*ROW[:3], 7, "Ongoing"]],
            "حلب": [
                ["القطاع", "الناحية / Sub-district", "الشهر", "المجموع", "الحالة"],
                ["#sector", "#adm3+code", "#date+reported", "#reached+ind", "#status"],
                ["EDU", "SY020400", "تشرين الأول ٢٠٢٦", "٥٠", "مكتمل"],
                ["EDU", "SY999999", "2026-10", 1, "Completed"],
            ],
            "Lists": [["Governorate", "Sub-district"], ["Idleb", "Dana"]],
            "Codes": [["Status", "Sector"], ["Completed", "WSH"]],
            "Old": [HEADINGS, ROW],
            "Empty": [],
            "Notes": [["Please fill in the sheets"], ["Thank you"]],
        },
        hidden=["Old"],
    )
    state = await taken(service, content, kind=XLSX)
    assert (state["state"], state["kind"], state["progress"]) == ("done", "workbook", 1.0)
    assert await stored(service) == [
        ("Idlib", 5, "WSH", "SY070302", "2026-10", 100),
        ("Idlib", 7, "WSH", "SY070302", "2026-10", 7),
        ("حلب", 3, "EDU", "SY020400", "2026-10", 50),
    ]
    assert {sheet["name"]: sheet.get("reason", {}).get("code") for sheet in state["sheets"]} == {
        "Idlib": None,
        "حلب": None,
        "Lists": "sheet_without_reports",
        "Codes": "sheet_without_reports",
        "Old": "sheet_hidden",
        "Empty": "sheet_empty",
        "Notes": "no_headings",
    }
    first, second = state["sheets"][:2]
    assert (first["counts"]["accepted"], first["counts"]["blank"], second["counts"]["rejected"]) == (2, 1, 1)
    assert [column["field"] for column in second["columns"]] == ["sector", "adm3", "month", "people.total", "status"]
    [problem] = state["problems"]
    assert (problem["sheet"], problem["row"], problem["code"]) == ("حلب", 4, "unknown_area")
    assert (state["counts"]["rows"], state["counts"]["accepted"]) == (4, 3)


async def test_problems_of_all_sheets_are_paged_in_the_order_of_the_file(service: ServiceClient) -> None:
    bad = [*ROW[:1], "SY999999", *ROW[2:]]
    content = workbook({"B": [HEADINGS, bad, bad], "A": [HEADINGS, bad]})
    async with working(service):
        address = (await send(service, content, kind=XLSX)).headers["location"]
        await finished(service, address)
    met, after = [], ""
    for _ in range(3):
        page = (await service.client.get(f"{address}/problems?first=1{after}", headers=service.bearer())).json()
        met += [(problem["sheet"], problem["row"]) for problem in page["items"]]
        after = f"&after={page['next']}"
    assert met == [("B", 2), ("B", 3), ("A", 2)]
    assert page["next"] is None


async def test_a_row_repeated_on_another_sheet_is_a_repeat_and_is_kept(service: ServiceClient) -> None:
    content = workbook({"A": [HEADINGS, ROW], "B": [HEADINGS, ROW]})
    state = await taken(service, content, kind=XLSX)
    assert (state["counts"]["created"], state["counts"]["exact_repeats"]) == (2, 1)
    assert [sheet["counts"]["exact_repeats"] for sheet in state["sheets"]] == [0, 1]
    again = await taken(service, content, kind=XLSX)
    assert again["counts"]["unchanged"] == 2


@pytest.mark.parametrize("date_1904", [False, True], ids=["1900", "1904"])
async def test_dates_numbers_and_truths_are_read_as_the_spreadsheet_shows_them(
    service: ServiceClient, date_1904: bool
) -> None:
    headings = [
        "Sector",
        "Area",
        "Start date",
        "End date",
        "Month",
        "Total",
        "Status",
        "HRP",
        "Output value",
        "Comments",
    ]
    day, moment = date(2026, 3, 5), datetime(2026, 3, 20, 10, 30)  # noqa: DTZ001  a cell knows no zone
    unformatted = (date(2026, 3, 1) - (date(1904, 1, 1) if date_1904 else date(1899, 12, 30))).days
    content = workbook(
        {
            "5W": [
                headings,
                ["WSH", "SY070302", day, moment, date(2026, 3, 1), 120.0, "Completed", True, 0.1 + 0.2, "=1+1"],
                ["WSH", "SY070302", unformatted, moment, unformatted, "١٢٠", "Completed", False, 7, "+963 11"],
                ["WSH", "SY070302", day, moment, None, 1, "Completed", True, 1, None],
                ["WSH", "SY070302", day, moment, "Jan-Mar 2026", 1, "Completed", True, 1, None],
                ["WSH", "SY070302", day, moment, "2026-03", 1.5, "Completed", True, 1, None],
            ]
        },
        date_1904=date_1904,
    )
    state = await taken(service, content, kind=XLSX)
    rows = await service.rows(
        "select start_date, end_date, month, people_total, in_response_plan, output_value::text, comments from report "
        "order by upload_row"
    )
    first = (day, moment.date(), "2026-03", 120, True, "0.3", None)
    assert [tuple(row.values()) for row in rows] == [
        first,
        (date(2026, 3, 1), moment.date(), "2026-03", 120, False, "7", "+963 11"),
        (day, moment.date(), "2026-03", 1, True, "1", None),
        (day, moment.date(), "2026-03", 2, True, "1", None),
    ]
    assert [(problem["row"], problem["code"]) for problem in state["problems"]] == [(5, "several_months")]
    assumed = {entry["code"]: entry["rows"] for entry in state["assumptions"]}
    assert (assumed["excel_serial_date"], assumed["month_from_dates"], assumed["rounded"]) == (1, 1, 1)


async def test_an_error_of_the_spreadsheet_refuses_its_row_and_names_itself(service: ServiceClient) -> None:
    content = workbook({"5W": [HEADINGS, [*ROW[:3], "total", "Completed"], ROW]})
    name = "xl/worksheets/sheet1.xml"
    cell = b'<c r="D2" t="inlineStr"><is><t>total</t></is></c>'
    sheet = part_of(content, name)
    shared = sheet.index(b'r="D2"')
    start, end = sheet.rindex(b"<c ", 0, shared + 1), sheet.index(b"</c>", shared) + 4
    broken = sheet[:start] + b'<c r="D2" t="e"><f>1/0</f><v>#DIV/0!</v></c>' + sheet[end:]
    assert cell not in broken
    state = await taken(service, with_parts(content, {name: broken}), kind=XLSX)
    [problem] = state["problems"]
    assert (problem["row"], problem["code"], problem["field"]) == (2, "cell_error", "people.total")
    assert "#DIV/0!" in problem["detail"]
    assert state["counts"]["accepted"] == 1


async def test_a_formula_is_its_last_value_and_text_that_looks_like_one_stays_text(service: ServiceClient) -> None:
    content = workbook({"5W": [[*HEADINGS, "Comments"], [*ROW, "placeholder"]]})
    name = "xl/worksheets/sheet1.xml"
    sheet = part_of(content, name)
    at = sheet.index(b'r="D2"')
    start, end = sheet.rindex(b"<c ", 0, at + 1), sheet.index(b"</c>", at) + 4
    sheet = sheet[:start] + b'<c r="D2"><f>SUM(1,41)</f><v>42</v></c>' + sheet[end:]
    at = sheet.index(b'r="F2"')
    start, end = sheet.rindex(b"<c ", 0, at + 1), sheet.index(b"</c>", at) + 4
    text = b'<c r="F2" t="inlineStr"><is><t>=cmd|\' /C calc\'!A0</t></is></c>'
    await taken(service, with_parts(content, {name: sheet[:start] + text + sheet[end:]}), kind=XLSX)
    [row] = await service.rows("select people_total, comments from report")
    assert tuple(row.values()) == (42, "=cmd|' /C calc'!A0")


async def test_the_same_table_is_read_from_every_kind_of_file(service: ServiceClient) -> None:
    table: list[list[str]] = [["#sector", "#adm3+code", "#date+reported", "#reached+ind", "#status"], FIRST]
    for name, content in {
        "csv": "\n".join(",".join(row) for row in table).encode(),
        "tsv": "\n".join("\t".join(row) for row in table).encode(),
        "ssv": "\n".join(";".join(row) for row in table).encode(),
        "json": json.dumps(table).encode(),
        "xlsx": workbook({"5W": table}),
        "ods": ods(table),
        "xlsm": with_parts(workbook({"5W": table}), {"xl/vbaProject.bin": b"a macro, which nobody runs"}),
        "xls": (SAMPLES / "reports.xls").read_bytes(),
    }.items():
        state = await taken(service, content, kind="application/octet-stream")
        assert (state["state"], state["counts"]["accepted"]) == ("done", 1), (name, state)
    assert len(await service.rows("select 1 from report")) == 1


async def test_what_the_file_is_its_content_says_and_not_its_name_or_type(service: ServiceClient) -> None:
    body, headers = multipart(workbook({"5W": [HEADINGS, ROW]}))
    async with working(service):
        answer = await service.client.post("/v1/uploads", content=body, headers={**service.bearer(), **headers})
        state = await finished(service, answer.headers["location"])
    assert (state["counts"]["accepted"], state["kind"], state["file_name"]) == (1, "workbook", "f.csv")
    state = await taken(service, HXL + "WSH,SY070302,2026-10,1,Completed\n", kind=XLSX)
    assert (state["counts"]["accepted"], state["kind"], state["file_name"]) == (1, "text", None)


async def test_a_form_fills_what_a_workbook_leaves_out(service: ServiceClient) -> None:
    content = workbook({"5W": [["Area", "Organisation"], ["SY070302", "Ihsan Relief"], ["SY070302", None]]})
    form = {"month": "2026-09", "sector": "HEA", "organisation": "VO", "country": "SY"}
    state = await taken(service, content, "secretariat", kind=XLSX, **form)
    assert state["counts"]["accepted"] == 2, state["problems"]
    rows = await service.rows("select organisation_id, month, sector from report order by upload_row")
    assert [tuple(row.values()) for row in rows] == [(IHSAN, "2026-09", "HEA"), (VIOLET, "2026-09", "HEA")]


async def test_the_sheets_name_says_the_sector_and_with_it_how_headings_are_meant(service: ServiceClient) -> None:
    content = workbook(
        {
            "WASH": [["Sub-district", "Month", "Water users", "Status"], ["الدانا", "2026-10", 10, "Completed"]],
            "التعليم": [["الناحية", "الشهر", "الطلاب", "الحالة"], ["الدانا", "2026-10", 20, "مكتمل"]],
        }
    )
    state = await taken(service, content, kind=XLSX)
    assert [(row[0], row[2], row[5]) for row in await stored(service)] == [("WASH", "WSH", 10), ("التعليم", "EDU", 20)]
    assert "sector_from_sheet_name" in {entry["code"] for entry in state["assumptions"]}


async def test_a_p_code_under_the_heading_of_a_name_is_the_code(service: ServiceClient) -> None:
    content = workbook(
        {"5W": [["القطاع", "الناحية", "الشهر"], ["WSH", "SY070302", "2026-10"], ["WSH", "الدانا", "2026-10"]]}
    )
    state = await taken(service, content, kind=XLSX)
    assert [row[3] for row in await stored(service)] == ["SY070302", "SY070302"]
    assert {entry["code"]: entry["rows"] for entry in state["assumptions"]}["pcode_among_names"] == 1


async def test_a_member_may_not_send_others_rows_in_a_workbook_a_coordinator_may_within_its_group(
    service: ServiceClient,
) -> None:
    headings = [*HEADINGS, "Organisation"]
    content = workbook(
        {
            "5W": [
                headings,
                [*ROW, "Ihsan Relief"],
                [*ROW, "Violet Organization"],
                ["SHL", *ROW[1:], "Ihsan Relief"],
                ["WSH", "SY020400", *ROW[2:], "Ihsan Relief"],
                [*ROW, "Nobody Knows Them"],
            ]
        }
    )
    member = await taken(service, content, kind=XLSX)
    assert [(problem["row"], problem["code"]) for problem in member["problems"]] == [
        (2, "not_yours"),
        (4, "not_yours"),
        (5, "not_yours"),
        (6, "not_yours"),
    ]
    claims = {"organisation_id": VIOLET, "sectors": ["WSH"], "areas": ["SY07"]}
    headers = {**service.bearer("coordinator", **claims), "Accept-Language": "en", "Content-Type": XLSX}
    async with working(service):
        sent = await service.client.post("/v1/uploads", content=content, headers=headers)
        state: dict[str, Any] = {}
        while state.get("state") not in ("done", "failed"):
            await asyncio.sleep(0.02)
            state = (await service.client.get(sent.headers["location"], headers=headers)).json()
    assert [(problem["row"], problem["code"], problem["field"]) for problem in state["problems"]] == [
        (4, "outside_your_scope", "sector"),
        (5, "outside_your_scope", "area"),
    ]
    assert (state["counts"]["created"], state["counts"]["unchanged"]) == (2, 1)
    unresolved = await service.rows("select organisation_name, flags from report where not organisation_resolved")
    assert [row["organisation_name"] for row in unresolved] == ["Nobody Knows Them"]
    assert "organisation_unresolved" in unresolved[0]["flags"]
    for role in ("coordinator", "secretariat"):
        assert (await taken(service, content, "secretariat", kind=XLSX))["counts"]["accepted"] == 5, role


async def test_a_worker_that_dies_between_sheets_is_followed_without_doubling_a_row(
    service: ServiceClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activities.uploads.job.BATCH", 4)
    monkeypatch.setattr("jobs.worker.TROUBLE_SECONDS", 0.01)
    rows: list[list[Any]] = [[], HEADINGS, *([*ROW[:3], number % 3, "Completed"] for number in range(10))]
    sheets = dict.fromkeys("ABC", rows)
    take, calls = commands.take_rows, 0

    async def dying(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        progress = await take(*arguments, **named)
        if calls in (2, 4, 7):
            raise ConnectionResetError  # before the commit
        return progress

    monkeypatch.setattr(commands, "take_rows", dying)
    async with working(service, readers=1):
        sent = await send(service, workbook(sheets), kind=XLSX)
        state = await finished(service, sent.headers["location"])
    assert calls == 12
    assert [sheet["counts"]["rows"] for sheet in state["sheets"]] == [10, 10, 10]
    assert (state["counts"]["created"], state["counts"]["exact_repeats"]) == (30, 27)
    assert (await service.rows("select count(*), max(version) from report"))[0] == {"count": 30, "max": 1}
    assert len(await service.events()) == 30
    assert sorted({(row[0], row[1]) for row in await stored(service)}) == [(n, r) for n in "ABC" for r in range(3, 13)]


# Not `ru_maxrss`: a new process inherits that of the one it was started by.
MEASURED = """
import pathlib, runpy, sys
sys.argv = ["workbook", "workbook", sys.argv[1], "60"]
runpy.run_module("tables.workbook", run_name="__main__")
status = pathlib.Path("/proc/self/status").read_text()
print(status.partition("VmHWM:")[2].split()[0], file=sys.stderr)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of a process is told by /proc")
def test_fifty_thousand_rows_of_forty_columns_are_read_within_300_megabytes(tmp_path: Path) -> None:
    said = "Violet Organization,Partner 7,UNICEF,WASH,wsh_act_1,trucking,wsh_ind_1,people,Yes,Gaziantep,No,In-kind"
    place = "Unconditional,Idleb,SY07,Harim,SY0703,Dana,SY070302,Atma,Camp 12,camp,Completed,IDP"
    texts = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in f"{said},{place}".split(","))
    row = f"<row>{texts}{''.join(f'<c><v>{number}.5</v></c>' for number in range(16))}</row>"
    large = with_parts(workbook({"5W": [HEADINGS]}), {"xl/worksheets/sheet1.xml": sheet_xml(row * 50_000)})
    (tmp_path / "file").write_bytes(large)
    with (tmp_path / "file").open("rb") as file, (tmp_path / "rows").open("wb") as rows:
        command = [sys.executable, "-c", MEASURED, str(rows.fileno())]
        run = subprocess.run(command, stdin=file, capture_output=True, pass_fds=(rows.fileno(),), check=True)
    assert json.loads(run.stdout)["sheets"] == [{"name": "5W", "offset": 0, "rows": 50_000}]
    assert int(run.stderr) < 300 * 1024


async def test_uploads_are_listed_newest_first_for_the_senders_side_and_the_secretariat(service: ServiceClient) -> None:
    sent = [(await send(service, HXL)).json()["id"] for _ in range(3)]
    colleague = service.bearer(subject="violet-person")
    stranger = service.bearer(organisation_id=IHSAN, subject="ihsan-system")
    coordinator = service.bearer("coordinator", sectors=["WSH"], areas=["SY07"])
    for headers, expected in (
        (service.bearer(), sent[::-1]),
        (colleague, sent[::-1]),
        (service.bearer("secretariat"), sent[::-1]),
        (stranger, []),
        (coordinator, []),
    ):
        met, after = [], ""
        for _ in range(4):
            page = (await service.client.get(f"/v1/uploads?first=2{after}", headers=headers)).json()
            met += [upload["id"] for upload in page["items"]]
            if page["next"] is None:
                break
            after = f"&after={page['next']}"
        assert met == expected
    first = (await service.client.get("/v1/uploads?first=1", headers=service.bearer())).json()
    foreign = await service.client.get(f"/v1/uploads?after={first['next']}", headers=colleague)
    assert (foreign.status_code, foreign.json()["code"]) == (400, "invalid_cursor")
    assert "problems" not in first["items"][0]


async def test_a_files_name_is_kept_bare_and_bounded(service: ServiceClient) -> None:
    for said, kept in (
        ("C:\\Users\\x\\تقرير.xlsx", "تقرير.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("a\u202egpj.xlsx", "agpj.xlsx"),
        ("x" * 400 + ".csv", ("x" * 400 + ".csv")[-200:]),
    ):
        part = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{said}"\r\n\r\n{HXL}\r\n--b--\r\n'
        headers = {**service.bearer(), "Content-Type": "multipart/form-data; boundary=b"}
        answer = await service.client.post("/v1/uploads", content=part.encode(), headers=headers)
        state = (await service.client.get(answer.headers["location"], headers=service.bearer())).json()
        assert state["file_name"] == kept
