"""A file with refused rows on its way back: marked, explained, mended, and read again as the same shape."""

import io
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from tables.headings import REASONS

from .conftest import ServiceClient
from .test_uploading import HXL, finished, send, taken, working
from .workbooks import workbook

HEADINGS = ["Sector", "District P-code", "Month", "Total reached", "Status"]
GOOD = ["WSH", "SY070302", "2026-10", 5, "Completed"]
BAD = ["WSH", "SY070302", "someday", "#REF!", "Completed"]
ANY = "application/octet-stream"


async def returned(service: ServiceClient, state: dict[str, Any], language: str = "en", **asked: str) -> Workbook:
    answer = await service.client.get(
        f"/v1/uploads/{state['id']}/error-workbook",
        params=asked,
        headers={**service.bearer("member"), "Accept-Language": language},
    )
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-language"] == language
    return openpyxl.load_workbook(io.BytesIO(answer.content))


async def code_of_refusal(service: ServiceClient, state: dict[str, Any]) -> tuple[int, str]:
    answer = await service.client.get(f"/v1/uploads/{state['id']}/error-workbook", headers=service.bearer("member"))
    return answer.status_code, answer.json()["code"]


async def test_refused_rows_come_back_marked_with_their_reasons(service: ServiceClient) -> None:
    rows: list[list[Any]] = [["Report of October"], [], HEADINGS, GOOD, BAD, GOOD]
    state = await taken(service, workbook({"Data": rows}), kind=ANY)
    [sheet] = (await returned(service, state, rows="rejected")).worksheets
    assert (sheet.title, sheet.freeze_panes, bool(sheet.sheet_view.rightToLeft)) == ("Data", "A4", False)
    assert sheet["A1"].value == "Report of October"
    assert [cell.value for cell in sheet[3]] == [*HEADINGS, REASONS["en"]]
    assert [cell.value for cell in sheet[4]][:5] == BAD
    reason = str(sheet["F4"].value)
    assert len(reason.splitlines()) == 2
    marked = {cell.coordinate for cell in sheet[4] if cell.fill.fill_type == "solid"}
    assert marked == {"C4", "D4"}
    assert sheet["C4"].comment is not None
    assert sheet["C4"].comment.text in reason
    assert sheet.max_row == 4


async def test_in_arabic_the_sheet_runs_from_right_to_left(service: ServiceClient) -> None:
    state = await taken(service, workbook({"Data": [HEADINGS, BAD]}), kind=ANY)
    [sheet] = (await returned(service, state, "ar")).worksheets
    assert sheet.sheet_view.rightToLeft
    assert sheet["F1"].value == REASONS["ar"]
    assert "\u0627" in str(sheet["F2"].value)


@pytest.mark.parametrize("language", ["ar", "en"])
async def test_mended_it_is_read_as_the_file_was_and_rows_taken_before_are_unchanged(
    service: ServiceClient, language: str
) -> None:
    state = await taken(service, workbook({"Data": [HEADINGS, GOOD, BAD, [*GOOD[:3], 9, "Ongoing"]]}), kind=ANY)
    book = await returned(service, state, language)
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[2]][:5] == GOOD
    sheet["C3"], sheet["D3"] = "2026-10", 7
    mended = io.BytesIO()
    book.save(mended)
    again = await taken(service, mended.getvalue(), kind=ANY)
    assert again["state"] == "done", again
    counts = {name: again["counts"][name] for name in ("rows", "created", "unchanged", "rejected")}
    assert counts == {"rows": 3, "created": 1, "unchanged": 2, "rejected": 0}, again["problems"]


async def test_a_text_file_with_tags_comes_back_as_a_workbook_that_is_read(service: ServiceClient) -> None:
    state = await taken(service, HXL + "WSH,SY070302,2026-10,100,Completed\nWSH,SY070302,someday,007,Completed\n")
    book = await returned(service, state, rows="rejected")
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[2]][-1] == "#meta+reason"
    assert sheet["D3"].value == "007"
    sheet["C3"] = "2026-09"
    mended = io.BytesIO()
    book.save(mended)
    again = await taken(service, mended.getvalue(), kind=ANY)
    assert (again["counts"]["created"], again["counts"]["rejected"]) == (1, 0), again


async def test_still_faulty_rows_come_back_with_new_reasons_in_the_same_column(service: ServiceClient) -> None:
    state = await taken(service, workbook({"Data": [HEADINGS, BAD]}), kind=ANY)
    book = await returned(service, state)
    book.worksheets[0]["C2"] = "2026-10"
    mended = io.BytesIO()
    book.save(mended)
    again = await taken(service, mended.getvalue(), kind=ANY)
    [sheet] = (await returned(service, again, "ar")).worksheets
    assert [cell.value for cell in sheet[1]] == [*HEADINGS, REASONS["ar"]]
    assert len(str(sheet["F2"].value).splitlines()) == 1


async def test_a_file_read_by_a_mapping_is_read_by_it_again(service: ServiceClient) -> None:
    souls = ["Sector", "District P-code", "Month", "Souls", "Status"]
    content = workbook({"Data": [souls, BAD, GOOD]})
    async with working(service):
        sent = await send(service, content, kind=ANY, dry_run="true")
        address = sent.headers["location"]
        await finished(service, address)
        told = (await service.client.get(f"{address}/proposal", headers=service.bearer("member"))).json()
        body = {"digest": told["digest"], "columns": {"Souls": "people.total"}}
        answer = await service.client.post(f"{address}/confirm", json=body, headers=service.bearer("member"))
        assert answer.status_code == 202, answer.text
        state = await finished(service, address)
    book = await returned(service, state)
    book.worksheets[0]["C2"], book.worksheets[0]["D2"] = "2026-10", 7
    mended = io.BytesIO()
    book.save(mended)
    again = await taken(service, mended.getvalue(), kind=ANY)
    assert again["sheets"][0]["mapping"] is not None
    assert again["counts"]["created"] == 1, again
    assert await service.rows("select 1 from report where people_total = 7")


async def test_sheets_whose_names_begin_alike_stay_apart(service: ServiceClient) -> None:
    name = "Report of the water cluster of October"
    state = await taken(service, workbook({f"{name} 1": [HEADINGS, BAD], f"{name} 2": [HEADINGS, BAD]}), kind=ANY)
    book = await returned(service, state)
    assert [sheet.max_row for sheet in book.worksheets] == [2, 2]


async def test_of_a_file_with_severe_rows_nothing_is_kept(service: ServiceClient) -> None:
    heading = "Activity description"
    content = workbook({"Data": [[*HEADINGS, heading], [*BAD, "Safe space for GBV survivors"], [*GOOD, "Wells"]]})
    state = await taken(service, content, kind=ANY)
    assert state["counts"]["rejected"] == 1
    assert await code_of_refusal(service, state) == (409, "severe_rows_not_kept")
    assert not await service.rows("select 1 from upload_rows union all select 1 from upload_chunk")


async def test_there_is_none_without_refused_rows_nor_once_they_are_forgotten(service: ServiceClient) -> None:
    good = await taken(service, workbook({"Data": [HEADINGS, GOOD]}), kind=ANY)
    assert await code_of_refusal(service, good) == (409, "no_rows_refused")
    bad = await taken(service, workbook({"Data": [HEADINGS, BAD]}), kind=ANY)
    await service.rows("delete from upload_rows returning 1")
    assert await code_of_refusal(service, bad) == (410, "rows_not_kept")


async def test_another_organisation_gets_none(service: ServiceClient) -> None:
    state = await taken(service, workbook({"Data": [HEADINGS, BAD]}), kind=ANY)
    headers = service.bearer("member", organisation_id="00000000-0000-4000-8000-000000000009", subject="others")
    answer = await service.client.get(f"/v1/uploads/{state['id']}/error-workbook", headers=headers)
    assert answer.status_code == 404
