"""Tables of targets: what their columns and cells say, and what is asked of who sends them."""

import pytest
from testkit.small_syria import OpenService

from tests.activities.test_ends_of_time import MONTHS

from .test_targets import listed, post

TARGETS = "Sector,Area,Month"


async def test_a_table_of_targets_is_asked_likewise(door: OpenService) -> None:
    content = f"{TARGETS},Target,Of which new\nWSH,SY07,2026-10,500,20\n"
    answer = await post(door, content, kind="csv")
    assert (answer.status_code, answer.json()["code"]) == (422, "columns_not_understood")
    answer = await post(door, content, kind="csv", accept_ignored="true")
    assert answer.status_code == 200, answer.text
    assert [row["people"] for row in await listed(door)] == [500]
    assert "column_not_read" in answer.json()["results"][0]["flags"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (f"{TARGETS},Target,Targeted\nWSH,SY07,2026-10,500,400\n", "columns_disagree"),
        ("#sector,#loc+code,#date,#targeted+new\nWSH,SY07,2026-10,500\n", "no_target_columns"),
        ("#sector,#loc+code,#date,#targeted,#targeted+cumulative\nWSH,SY07,2026-10,5,9\n", "columns_not_understood"),
        (f"{TARGETS},New target\nWSH,SY07,2026-10,500\n", "no_target_columns"),
        (f"{TARGETS},Target / Reached\nWSH,SY07,2026-10,500\n", "no_target_columns"),
    ],
)
async def test_what_targets_do_not_say_plainly_is_refused_whole(door: OpenService, content: str, code: str) -> None:
    answer = await post(door, content, kind="csv")
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert not await listed(door)


async def test_a_row_of_targets_longer_than_its_headings_is_refused(door: OpenService) -> None:
    answer = await post(door, f"{TARGETS},Target\nWSH,SY07,2026-10,1,500\nSHL,SY07,2026-10,5,,\n", kind="csv")
    results = [(row["row"], row["status"], [e["code"] for e in row["errors"]]) for row in answer.json()["results"]]
    assert results == [(2, "rejected", ["row_longer_than_headings"]), (3, "created", [])]


async def test_columns_beside_a_target_that_say_other_things_stop_no_table(door: OpenService) -> None:
    head = "م,Governorate,P-code,Sector,From,To,Population,PiN,Men,Women,People targeted,Targeted people\n"
    answer = await post(door, f"{head}1,Idleb,SY07,WSH,2026-01,2026-12,9000,5000,250,250,500,500\n", kind="csv")
    assert answer.status_code == 200, answer.text
    assert [row["people"] for row in await listed(door)] == [500]


async def test_a_table_of_targets_has_conventions_too(door: OpenService) -> None:
    table = "Sector;Area;Month;Target\nWSH;SY07;03/31/2026;1.000\nWSH;SY0703;02/03/2026;12\nWSH;SY02;2026-05;12.5\n"
    headers = {**door.bearer("secretariat"), "Content-Type": "text/csv"}
    results = (await door.client.post("/v1/targets", content=table, headers=headers)).json()["results"]
    assert [[error["code"] for error in result["errors"]] for result in results] == [["ambiguous_number"], [], []]
    rows = await door.rows("select month_from, value from target order by month_from")
    assert [tuple(row.values()) for row in rows] == [("2026-02", 12), ("2026-05", 12)]
    assert results[2]["flags"] == ["rounded"]


@pytest.mark.parametrize(("month", "code"), [("9999-12", "month_out_of_range"), ("1447-09", "hijri_date")])
async def test_targets_lie_in_the_window(door: OpenService, month: str, code: str) -> None:
    headers = {**door.bearer("secretariat"), "Accept-Language": "ar"}
    target = {"sector": "WSH", "area": "SY07", "month": month, "people": 1}
    [result] = (await door.client.post("/v1/targets", json=target, headers=headers)).json()["results"]
    assert [error["code"] for error in result["errors"]] == [code]
    table = f"Sector,Area,Month,Target\nWSH,SY07,{month},5\n"
    sent = await door.client.post("/v1/targets", content=table, headers={**headers, "Content-Type": "text/csv"})
    assert [error["code"] for error in sent.json()["results"][0]["errors"]] == [code]


@pytest.mark.parametrize("month", MONTHS)
async def test_months_at_the_ends_of_time_are_refused(door: OpenService, month: str) -> None:
    headers = door.bearer("secretariat")
    target = {"sector": "WSH", "area": "SY07", "month": month, "people": 1}
    for answer in (
        await door.client.post("/v1/targets", json=target, headers=headers),
        await door.client.post("/v1/targets", params={"month": month}, json=target, headers=headers),
        await door.client.get("/v1/targets", params={"month_from": month}, headers=headers),
    ):
        assert answer.status_code == 422, answer.text
