"""POST /v1/reports: the answer, the row and the event."""

from .conftest import IHSAN, VIOLET, Door, report


async def test_a_member_sends_its_own_report(door: Door) -> None:
    answer = await door.post(report(external_id="w-1", indicator="wsh_ind_1", community="Atma"))
    assert answer.status_code == 200, answer.text
    [result] = answer.json()["results"]
    assert (result["row"], result["status"], result["version"], result["flags"]) == (1, "created", 1, [])
    [row] = await door.rows("select * from report")
    assert (row["organisation_id"], row["adm1"], row["adm2"], row["adm3"]) == (VIOLET, "SY07", "SY0703", "SY070302")
    assert row["area_path"] == ["SY", "SY07", "SY0703", "SY070302"]
    [event] = await door.events()
    assert event["id"] == result["id"]
    assert event["people"]["total"] == 100
    assert event["organisation"] == {"id": str(VIOLET), "name": None, "resolved": True}


async def test_the_same_again_is_unchanged_and_a_change_is_a_new_version(door: Door) -> None:
    first = (await door.post(report(external_id="w-1"))).json()["results"][0]
    again = (await door.post(report(external_id="w-1"))).json()["results"][0]
    assert (again["status"], again["id"], again["version"]) == ("unchanged", first["id"], 1)
    changed = (await door.post(report(external_id="w-1", status="Ongoing"))).json()["results"][0]
    assert (changed["status"], changed["id"], changed["version"]) == ("updated", first["id"], 2)
    assert [event["version"] for event in await door.events()] == [1, 2]
    [kept] = await door.rows("select version, submitted_by, replaced_by, row->>'status' as status from report_version")
    assert (kept["version"], kept["status"]) == (1, "Completed")
    assert (kept["submitted_by"], kept["replaced_by"]) == ("violet-system", "violet-system")


async def test_another_organisations_report_is_refused_for_its_row_alone(door: Door) -> None:
    answer = await door.post([report(), report(organisation_id=str(IHSAN)), report(organisation="Ihsan Relief")])
    assert answer.status_code == 207
    assert [result["status"] for result in answer.json()["results"]] == ["created", "refused", "refused"]
    assert answer.json()["results"][1]["errors"][0]["code"] == "not_yours"
