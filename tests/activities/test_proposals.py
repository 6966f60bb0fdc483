"""Proposals: how a file would be read is seen before any row of it counts."""

from typing import Any

from .conftest import ServiceClient
from .test_uploading import HXL, finished, send, taken, working

ASKED = "Sector,Sub-district,Month,Status,Total,Cash distributed\n"


async def proposed(service: ServiceClient, content: str, role: str = "member", **form: str) -> tuple[str, Any]:
    """The address of a file, and how it would be read."""
    async with working(service):
        address = (await send(service, content, role, **form)).headers["location"]
        state = await finished(service, address, role)
    assert state["state"] == "proposed", state
    return address, await proposal_at(service, address, role)


async def proposal_at(service: ServiceClient, address: str, role: str = "member") -> Any:
    headers = {**service.bearer(role), "Accept-Language": "en"}
    return (await service.client.get(f"{address}/proposal", headers=headers)).json()


async def test_a_dry_run_tells_how_a_file_would_be_read_and_counts_nothing(service: ServiceClient) -> None:
    rows = [
        "WSH,SY070302,2026-10,100,Completed",
        "Wash sector,SY070302,2026-10,1,Completed",
        "EDU,SY020400,2026-09,50,Ongoing",
        "WSH,SY070302,2026-10,5,bananas",
        "WSH,SY999999,2026-10,5,Completed",
    ]
    _, told = await proposed(service, HXL + "\n".join(rows), dry_run="true")
    assert not await service.rows("select 1 from report union all select 1 from event")
    [sheet] = told["sheets"]
    assert (sheet["state"], sheet["reason"]["code"], sheet["headings"]) == ("read", "sheet_by_tags", [1, 2])
    assert [(column["field"], column["confidence"]) for column in sheet["columns"]] == [
        ("sector", 1.0),
        ("adm3", 1.0),
        ("month", 1.0),
        ("people.total", 1.0),
        ("status", 1.0),
    ]
    assert sheet["columns"][4]["samples"] == ["Completed", "Ongoing", "bananas"]
    assert sheet["columns"][3]["people"] == 150
    assert sheet["top"][0] == {"row": 1, "cells": ["Sector", "District", "Month", "Total", "Status"]}
    sums = told["sums"]
    assert {name: sums[name] for name in ("rows", "accepted", "rejected")} == {"rows": 5, "accepted": 2, "rejected": 3}
    assert sums["people"] == {"people.total": 150}
    assert sums["months"] == {"2026-09": 1, "2026-10": 1}
    assert (sums["sectors"], sums["statuses"]) == ({"EDU": 1, "WSH": 1}, {"Completed": 1, "Ongoing": 1})
    assert (sums["areas"], sums["areas_not_found"]) == ({"SY020400": 1, "SY070302": 1}, {"SY999999": 1})
    causes = {(cause["code"], cause["field"]): (cause["rows"], cause["first_rows"]) for cause in told["problems"]}
    assert causes[("unknown_area", "adm3")] == (1, [7])
    assert causes[("unknown_sector", "sector")] == (1, [4])
    settle = {(each["field"], each["value"]): each["proposal"] for each in told["to_settle"]}
    assert settle.keys() == {("sector", "Wash sector"), ("status", "bananas"), ("adm3", "SY999999")}


async def test_a_value_nobody_knows_comes_with_the_nearest_that_is_known(service: ServiceClient) -> None:
    content = (
        "Sector,Sub-district,Month,Organisation\n"
        "HEA,Danaa,2026-10,Violet Organisation\n"
        "HEA,Danaa,2026-10,Violet Organisation\n"
        "HEA,SY070302,2026-10,Unheard Of\n"
        "Helth,SY070302,2026-10,VO\n"
    )
    _, told = await proposed(service, content, "secretariat", dry_run="true")
    settle = {(each["field"], each["value"]): each for each in told["to_settle"]}
    dana = settle["adm3_name", "Danaa"]
    assert (dana["proposal"], dana["label"], dana["rows"]) == ("SY070302", "Dana", 2)
    assert 0.8 < dana["score"] < 1
    assert settle["sector", "Helth"]["proposal"] == "HEA"
    assert settle["organisation", "Unheard Of"]["proposal"] is None


async def test_a_file_that_would_be_refused_for_its_columns_waits_and_says_why(service: ServiceClient) -> None:
    content = ASKED + "WSH,SY070302,2026-10,Completed,10,500\n"
    address, told = await proposed(service, content)
    assert told["failure"]["code"] == "columns_not_understood"
    assert [column["state"] for column in told["sheets"][0]["columns"]][-1] == "asked"
    state = (await service.client.get(address, headers=service.bearer())).json()
    assert (state["state"], state["failure"]["code"]) == ("proposed", "columns_not_understood")
    refused = await taken(service, content, confirm="true")
    assert (refused["state"], refused["failure"]["code"]) == ("failed", "columns_not_understood")


async def test_a_file_without_known_headings_is_shown_as_it_begins(service: ServiceClient) -> None:
    _, told = await proposed(service, "Ort,Wann\nDana,gestern\n", dry_run="true")
    [sheet] = told["sheets"]
    assert (sheet["state"], sheet["reason"]["code"]) == ("passed_over", "no_headings")
    assert sheet["top"] == [{"row": 1, "cells": ["Ort", "Wann"]}, {"row": 2, "cells": ["Dana", "gestern"]}]


async def test_what_an_earlier_file_of_this_shape_held_is_missed(service: ServiceClient) -> None:
    await taken(service, HXL + "WSH,SY070302,2026-09,5,Completed\nWSH,SY020400,2026-10,6,Completed\n")
    _, told = await proposed(service, HXL + "WSH,SY070302,2026-10,7,Completed\n", dry_run="true")
    assert (told["earlier"]["months"], told["earlier"]["areas"]) == (["2026-09"], ["SY020400"])
    assert told["earlier"]["columns"] == []


async def test_rows_that_say_what_stands_already_are_told(service: ServiceClient) -> None:
    rows = "WSH,SY070302,2026-10,7,Completed\n" * 2 + "WSH,SY020400,2026-10,8,Completed\n"
    await taken(service, HXL + rows)
    _, told = await proposed(service, HXL + rows + "WSH,SY020400,2026-10,9,Completed\n", dry_run="true")
    assert (told["sums"]["accepted"], told["sums"]["unchanged"]) == (4, 3)


async def test_a_proposal_is_its_senders_and_the_secretariats(service: ServiceClient) -> None:
    address, _ = await proposed(service, HXL + "WSH,SY070302,2026-10,7,Completed\n", dry_run="true")
    other = service.bearer("member", organisation_id="00000000-0000-7000-8000-000000000002", subject="ihsan-system")
    assert (await service.client.get(f"{address}/proposal", headers=other)).status_code == 404
    assert (await service.client.get(f"{address}/proposal", headers=service.bearer("secretariat"))).status_code == 200


async def test_a_file_that_was_counted_has_no_proposal(service: ServiceClient) -> None:
    async with working(service):
        address = (await send(service, HXL + "WSH,SY070302,2026-10,7,Completed\n")).headers["location"]
        await finished(service, address)
    answer = await service.client.get(f"{address}/proposal", headers=service.bearer())
    assert (answer.status_code, answer.json()["code"]) == (409, "not_proposed")
