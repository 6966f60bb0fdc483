"""Confirming: a file is counted as its proposal says, but for what a person corrects."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from activities.proposals import store as proposals
from activities.uploads import job, store
from testkit.patience import tries
from testkit.small_syria import IHSAN

from .conftest import ServiceClient
from .test_proposals import ASKED, proposal_at, proposed
from .test_uploading import HXL, finished, send, working

ROW = "WSH,SY070302,2026-10,Completed,10,500\n"


async def confirm(service: ServiceClient, address: str, role: str = "member", **said: Any) -> Any:
    """The answer to a confirmation of the proposal as it stands."""
    told = await proposal_at(service, address, role)
    headers = {**service.bearer(role), "Accept-Language": "en"}
    body = {"digest": told.get("digest", "0" * 32), **said}
    return await service.client.post(f"{address}/confirm", json=body, headers=headers)


async def counted(service: ServiceClient, address: str, role: str = "member", **said: Any) -> dict[str, Any]:
    """What became of the file once it is confirmed."""
    async with working(service):
        answer = await confirm(service, address, role, **said)
        assert answer.status_code == 202, answer.text
        return await finished(service, address, role)


async def test_what_was_seen_is_counted(service: ServiceClient) -> None:
    address, _ = await proposed(service, HXL + "WSH,SY070302,2026-10,7,Completed\n", dry_run="true")
    state = await counted(service, address)
    assert (state["state"], state["counts"]["created"]) == ("done", 1)
    [row] = await service.rows("select people_total, sector from report")
    assert tuple(row.values()) == (7, "WSH")
    assert not await service.rows("select 1 from upload_chunk union all select 1 from upload_proposal")
    again = await confirm(service, address)
    assert (again.status_code, again.json()["code"]) == (409, "not_proposed")


@pytest.mark.parametrize(
    "said", [{"columns": {"Cash distributed": None}}, {"columns": {"6": None}}, {"accept_ignored": True}]
)
async def test_a_column_that_is_asked_about_is_left_out(service: ServiceClient, said: Any) -> None:
    address, _ = await proposed(service, ASKED + ROW)
    state = await counted(service, address, **said)
    assert (state["state"], state["counts"]["accepted"]) == ("done", 1)


async def test_a_column_is_for_the_field_a_person_says(service: ServiceClient) -> None:
    address, _ = await proposed(service, ASKED.replace("Total", "Souls") + ROW)
    state = await counted(service, address, columns={"souls": "people.total", "Cash distributed": "transfer_value_usd"})
    assert state["state"] == "done", state
    [row] = await service.rows("select people_total, transfer_value_usd from report")
    assert (row["people_total"], int(row["transfer_value_usd"])) == (10, 500)


async def test_a_column_without_a_heading_is_named_by_its_number(service: ServiceClient) -> None:
    content = "Sector,Sub-district,Month,Status,Total,,\nWSH,SY070302,2026-10,Completed,10,4,99\n"
    address, told = await proposed(service, content, dry_run="true")
    assert [cause["code"] for cause in told["problems"]] == ["row_longer_than_headings"]
    state = await counted(service, address, columns={"6": "people.men", "7": None})
    assert state["counts"]["accepted"] == 1, state
    assert [each["code"] for each in state["assumptions"]] == ["pcode_among_names"]
    [row] = await service.rows("select people_total, people_men from report")
    assert tuple(row.values()) == (10, 4)


async def test_values_defaults_and_rows_to_pass_over_are_as_a_person_says(service: ServiceClient) -> None:
    content = "Sector,Sub-district,Month,Total,Kind\nMains,Danaa,October,10,real\nMains,Danaa,October,30,sum\n"
    address, told = await proposed(service, content, dry_run="true")
    assert [cause["code"] for cause in told["problems"]] == ["year_missing"]
    await counted(service, address, defaults={"year": "2026"}, dry_run=True)
    told = await proposal_at(service, address)
    settle = {(each["field"], each["value"]): each["rows"] for each in told["to_settle"]}
    assert settle == {("sector", "Mains"): 2, ("adm3_name", "Danaa"): 2}
    state = await counted(
        service,
        address,
        values={"sector": {"Mains": "WSH"}, "adm3_name": {"Danaa": "SY070302"}},
        defaults={"status": "مكتمل"},
        passed_over={"Kind": ["sum"]},
    )
    assert (state["counts"]["accepted"], state["counts"]["blank"]) == (1, 1), state["problems"]
    [row] = await service.rows("select sector, area, month, status, people_total from report")
    assert tuple(row.values()) == ("WSH", "SY070302", "2026-10", "Completed", 10)
    assert {"said_by_profile"} <= {each["code"] for each in state["assumptions"]}


async def test_a_person_says_which_rows_are_the_headings(service: ServiceClient) -> None:
    content = "Bericht\nBereich,Ort,Monat,Leute\nWSH,SY070302,2026-10,4\n"
    address, _ = await proposed(service, content, dry_run="true")
    fields = {"Bereich": "sector", "Ort": "adm3", "Monat": "month", "Leute": "people.total"}
    state = await counted(service, address, headings=[2], columns=fields, defaults={"status": "Completed"})
    assert state["counts"]["accepted"] == 1, state
    assert [row["people_total"] for row in await service.rows("select people_total from report")] == [4]


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"columns": {"Total": "people.ghosts"}}, "unknown_field", "columns.Total"),
    ({"columns": {"Nowhere": "month"}}, "column_missing", "columns.Nowhere"),
    ({"columns": {"Cash distributed": "people.total"}}, "two_columns_for_field", "columns.Cash distributed"),
    ({"columns": {}}, "columns_not_understood", "columns"),
    ({"values": {"status": {"x": "bananas"}}}, "not_a_choice", "values.status"),
    ({"values": {"sector": {"x": "bananas"}}}, "unknown_sector", "values.sector"),
    ({"values": {"adm3_name": {"x": "bananas"}}}, "unknown_area", "values.adm3_name"),
    ({"values": {"organisation": {"x": "VO"}}}, "column_missing", "values.organisation"),
    ({"defaults": {"organisation": "nobody"}}, "unknown_organisation", "defaults.organisation"),
    ({"defaults": {"month": "soon"}}, "not_a_month", "defaults.month"),
    ({"defaults": {"year": "soon"}}, "not_a_choice", "defaults.year"),
    ({"defaults": {"ghost": "x"}}, "unknown_field", "defaults.ghost"),
    ({"passed_over": {"Nowhere": ["x"]}}, "column_missing", "passed_over.Nowhere"),
    ({"sheets": ["Nowhere"]}, "sheet_missing", "sheets"),
    ({"headings": [99]}, "row_not_shown", "headings"),
]


async def test_a_wrong_correction_is_refused_by_name(service: ServiceClient) -> None:
    address, _ = await proposed(service, ASKED + ROW)
    for said, code, field in WRONG:
        answer = await confirm(service, address, **{"accept_ignored": "columns" not in said, **said})
        assert answer.status_code == 422, said
        told = {(error["code"], error["field"]) for error in answer.json()["errors"]}
        assert (code, field) in told, (said, told)
    answer = await confirm(service, address, digest="f" * 32)
    assert (answer.status_code, answer.json()["code"]) == (409, "proposal_changed")
    state = (await service.client.get(address, headers=service.bearer())).json()
    assert state["state"] == "proposed"


async def test_two_columns_that_disagree_are_asked_about_again_until_one_is_left_out(service: ServiceClient) -> None:
    content = "Sector,Sub-district,Month,Status,Total,People reached\nWSH,SY070302,2026-10,Completed,10,11\n"
    address, told = await proposed(service, content)
    assert told["failure"]["code"] == "columns_disagree"
    assert (await counted(service, address))["state"] == "proposed"
    state = await counted(service, address, columns={"People reached": None})
    assert (state["state"], state["counts"]["accepted"]) == ("done", 1)


async def test_a_proposal_nobody_confirms_is_given_up(service: ServiceClient) -> None:
    address, _ = await proposed(service, ASKED + ROW)
    async with service.database.transaction() as tx:
        await proposals.give_up_proposals(tx, datetime.now(UTC) + timedelta(seconds=1))
        await store.drop_orphans(tx)
    state = (await service.client.get(address, headers=service.bearer())).json()
    assert (state["state"], state["failure"]["code"]) == ("failed", "proposal_expired")
    assert not await service.rows("select 1 from upload_chunk union all select 1 from upload_proposal")


async def test_the_file_of_a_proposal_is_kept_while_it_waits(service: ServiceClient) -> None:
    address, _ = await proposed(service, ASKED + ROW)
    async with service.database.transaction() as tx:
        await tx.execute("update upload_chunk set stored_at = now() - interval '3 days'")
        await store.drop_orphans(tx)
    assert (await counted(service, address, accept_ignored=True))["state"] == "done"


async def test_of_many_proposals_the_oldest_is_given_up(
    service: ServiceClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proposals, "MOST_PROPOSED", 1)
    first, _ = await proposed(service, ASKED + ROW)
    await proposed(service, ASKED + ROW)
    state = (await service.client.get(first, headers=service.bearer())).json()
    assert (state["state"], state["failure"]["code"]) == ("failed", "proposal_expired")


async def test_proposals_take_no_places_of_files_that_wait(
    service: ServiceClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activities.uploads.commands.MOST_WAITING", 1)
    await proposed(service, ASKED + ROW)
    assert (await send(service, ASKED + ROW)).status_code == 202


async def test_others_confirm_nothing(service: ServiceClient) -> None:
    address, told = await proposed(service, ASKED + ROW)
    other = service.bearer("member", organisation_id="00000000-0000-7000-8000-000000000002", subject="ihsan-system")
    answer = await service.client.post(f"{address}/confirm", json={"digest": told["digest"]}, headers=other)
    assert answer.status_code == 404


async def test_a_worker_that_dies_in_between_loses_and_doubles_nothing(
    service: ServiceClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "BATCH", 5)
    content = HXL + "".join(f"WSH,SY070302,2026-10,{number + 1},Completed\n" for number in range(400))
    address = (await send(service, content, dry_run="true")).headers["location"]
    await broken_off(service, "select position > 0 from upload")
    assert (await service.rows("select state from upload"))[0]["state"] == "running"
    async with working(service):
        assert (await finished(service, address))["state"] == "proposed"
    told = await proposal_at(service, address)
    assert (told["sums"]["rows"], told["sums"]["people"]) == (400, {"people.total": 80_200})
    assert (await confirm(service, address)).status_code == 202
    await broken_off(service, "select count(*) > 0 from report")
    async with working(service):
        state = await finished(service, address)
    assert (state["counts"]["created"], state["counts"]["rows"]) == (400, 400)


async def test_a_file_that_is_to_be_proposed_lets_others_have_their_turn(
    service: ServiceClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "BATCH", 5)
    monkeypatch.setattr(job, "TURN_SECONDS", 0.0)
    rows = "".join(f"WSH,SY07030{2 + 7 * (number == 7)},2026-10,{number + 1},Completed\n" for number in range(100))
    address = (await send(service, HXL + rows, dry_run="true")).headers["location"]
    others = {"organisation_id": IHSAN, "subject": "ihsan-system"}
    other = (await send(service, HXL + "WSH,SY070302,2026-10,1,Completed\n", claims=others)).headers["location"]
    async with working(service, readers=1):
        await finished(service, address)
    told = await proposal_at(service, address)
    assert (told["sums"]["accepted"], told["sums"]["people"]) == (99, {"people.total": 5050 - 8})
    assert [(cause["code"], cause["rows"]) for cause in told["problems"]] == [("unknown_area", 1)]
    assert told["sheets"][0]["columns"][0]["samples"] == ["WSH"]
    states = await service.rows("select state from upload where id = $1", UUID(other.rpartition("/")[2]))
    assert states[0]["state"] == "done"


async def broken_off(service: ServiceClient, condition: str) -> None:
    """Let a worker work until this is so, and break off what it does."""
    async with working(service):
        async for _ in tries():
            if (await service.rows(f"select ({condition}) as so"))[0]["so"]:
                return
