"""A file that is the whole of its organisations, sectors and months: told first what it lacks, then withdrawn."""

from typing import Any

import pytest
from testkit.small_syria import IHSAN, VIOLET

from .conftest import ServiceClient, report
from .test_uploading import send, taken, working
from .test_withdrawing import HEAD, OFFICE, OWNER, WASH, Who, ask, given, line, listed, refused, stages, withdraw
from .test_withdrawing_files import counts, done, undo


async def told(service: ServiceClient, id: str, who: Who = OWNER) -> dict[str, Any]:
    state: dict[str, Any] = (await ask(service, f"/v1/uploads/{id}", who)).json()["replaces"]
    return state


async def test_a_file_that_replaces_tells_first_what_it_lacks_and_then_withdraws_it(service: ServiceClient) -> None:
    await taken(service, HEAD + line("a", 1) + line("b", 2) + line("gone", 3) + line("shl", 4, sector="SHL")
                + line("jan", 5, month="2026-01"))  # fmt: skip
    await given(service, report(external_id="theirs", month="2026-02"), organisation_id=IHSAN, subject="ihsan")
    file = await taken(service, HEAD + line("b", 2) + line("a", 10) + line("c", 4), replaces="true")
    replaces = file["replaces"]
    assert replaces["whole_of"] == [
        {"country": "SY", "organisation_id": str(VIOLET), "sector": "WSH", "month": "2026-02"}
    ]
    assert (replaces["missing"], replaces["rejected_rows"], replaces["whole_of_count"]) == (1, 0, 1)
    [lacking] = replaces["reports"]
    assert (lacking["external_id"], lacking["people_total"], lacking["month"]) == ("gone", 3, "2026-02")
    assert {row[1] for row in await stages(service)} == {"submitted"}
    answer = await undo(service, file["id"], "replace", missing=1, digest=replaces["digest"])
    assert counts(answer) == {"reports": 1, "withdrawn": 1}
    assert answer.json()["withdrawals"][0]["kind"] == "replacement"
    assert [row[0] for row in await stages(service) if row[1] == "withdrawn"] == ["gone"]
    assert (await service.events())[-1]["stage"] == "withdrawn"
    again = await undo(service, file["id"], "replace", missing=1, digest=replaces["digest"])
    assert (again.status_code, again.json()) == (200, answer.json())
    assert counts(await undo(service, file["id"], "restore")) == {"reports": 1, "restored": 1}
    assert {row[1] for row in await stages(service)} == {"submitted"}


async def test_a_changed_situation_is_refused_by_name(service: ServiceClient) -> None:
    await taken(service, HEAD + line("a", 1) + line("gone", 3))
    file = await taken(service, HEAD + line("a", 1), replaces="true")
    assert file["replaces"]["missing"] == 1
    assert refused(await undo(service, file["id"], "replace", missing=2)) == (409, "missing_changed")
    [gone] = await listed(service, external_id="gone")
    await withdraw(service, gone)
    other = await given(service, report(external_id="other", month="2026-02"))
    digest = file["replaces"]["digest"]
    assert refused(await undo(service, file["id"], "replace", missing=1, digest=digest)) == (409, "missing_changed")
    now = await told(service, file["id"])
    assert (now["missing"], [row["id"] for row in now["reports"]]) == (1, [other])
    assert counts(await undo(service, file["id"], "replace", missing=1, digest=now["digest"])) == {
        "reports": 1,
        "withdrawn": 1,
    }


async def test_what_came_since_is_replaced_by_another_call_and_both_are_restored(service: ServiceClient) -> None:
    await taken(service, HEAD + line("a", 1) + line("gone", 3))
    file = await taken(service, HEAD + line("a", 1), replaces="true")
    await undo(service, file["id"], "replace", missing=1)
    await given(service, report(external_id="since", month="2026-02"))
    assert refused(await undo(service, file["id"], "replace", missing=0)) == (409, "missing_changed")
    assert counts(await undo(service, file["id"], "replace", missing=1)) == {"reports": 1, "withdrawn": 1}
    assert [row[:2] for row in await stages(service)] == [
        ("a", "submitted"),
        ("gone", "withdrawn"),
        ("since", "withdrawn"),
    ]
    answer = await undo(service, file["id"], "restore")
    assert [one["counts"]["restored"] for one in answer.json()["withdrawals"]] == [1, 1]
    assert {row[1] for row in await stages(service)} == {"submitted"}


async def test_refused_rows_keep_a_file_from_replacing_unless_that_is_meant(service: ServiceClient) -> None:
    await taken(service, HEAD + line("a", 1) + line("b", 3))
    file = await taken(service, HEAD + line("a", 1) + line("b", 3, area="SY999999"), replaces="true")
    assert (file["replaces"]["missing"], file["replaces"]["rejected_rows"]) == (1, 1)
    assert refused(await undo(service, file["id"], "replace", missing=1)) == (409, "rows_were_refused")
    answer = await undo(service, file["id"], "replace", missing=1, despite_refused=True)
    assert counts(answer) == {"reports": 1, "withdrawn": 1}


async def test_a_file_that_did_not_say_so_replaces_nothing(service: ServiceClient) -> None:
    file = await taken(service, HEAD + line("a", 1))
    assert file["replaces"] is None
    assert refused(await undo(service, file["id"], "replace", missing=0)) == (409, "not_declared")
    assert not await service.rows("select 1 from upload_report union all select 1 from upload_whole")
    given_up = await taken(service, "no,headings,here\n", replaces="true")
    assert given_up["state"] == "failed"
    assert refused(await undo(service, given_up["id"], "replace", missing=0)) == (409, "not_read_whole")
    answer = await send(service, HEAD, replaces="perhaps")
    assert answer.status_code == 422


async def test_withdrawing_a_file_that_replaced_restores_what_it_replaced(service: ServiceClient) -> None:
    await taken(service, HEAD + line("a", 1) + line("gone", 3))
    file = await taken(service, HEAD + line("a", 10) + line("new", 4), replaces="true")
    await undo(service, file["id"], "replace", missing=1)
    answer = await undo(service, file["id"])
    kinds = {one["kind"]: (one["state"], one["counts"]["restored"]) for one in answer.json()["withdrawals"]}
    assert kinds == {"withdrawal": ("withdrawn", 0), "replacement": ("restored", 1)}
    assert [(row[0], row[1], row[3]) for row in await stages(service)] == [
        ("a", "submitted", 1), ("gone", "submitted", 3), ("new", "withdrawn", 4),
    ]  # fmt: skip
    assert refused(await undo(service, file["id"], "replace", missing=1)) == (409, "upload_withdrawn")


async def test_a_coordinators_file_replaces_only_what_coordinators_sent_in_its_scope(service: ServiceClient) -> None:
    await given(service, report(external_id="own", month="2026-02"))
    await given(
        service, report(external_id="for-them", month="2026-02", organisation_id=str(VIOLET)), "coordinator", **WASH[1]
    )
    head = "external_id,organisation,sector,area,month,status,total\n"
    async with working(service):
        answer = await send(service, head + "x,Violet Organization,WSH,SY070302,2026-02,Completed,5\n", "coordinator",
                            claims=WASH[1], replaces="true")  # fmt: skip
        state = await done(service, answer.headers["location"], WASH)
    assert [row["external_id"] for row in state["replaces"]["reports"]] == ["for-them"]
    assert (await told(service, state["id"], OFFICE))["missing"] == 2
    assert counts(await undo(service, state["id"], "replace", WASH, missing=1)) == {"reports": 1, "withdrawn": 1}


async def test_rows_without_ids_are_held_when_sent_again_unchanged(service: ServiceClient) -> None:
    head = "sector,area,month,status,total\n"
    rows = ["WSH,SY070302,2026-02,Completed,11\n", "WSH,SY070000,2026-02,Completed,12\n"]
    await taken(service, head + "".join(rows))
    file = await taken(service, head + rows[1], replaces="true")
    assert (file["counts"]["unchanged"], file["replaces"]["missing"]) == (1, 1)
    assert [row["people_total"] for row in file["replaces"]["reports"]] == [11]


@pytest.mark.parametrize(
    "said",
    [{}, {"missing": -1}, {"missing": 2**70}, {"missing": "1"}, {"missing": True}, {"missing": 0, "digest": "x"},
     {"missing": 0, "despite_refused": "perhaps"}, {"missing": 0, "all": True}],
)  # fmt: skip
async def test_a_replacement_must_say_how_many(service: ServiceClient, said: dict[str, Any]) -> None:
    file = await taken(service, HEAD + line("a", 1), replaces="true")
    assert (await undo(service, file["id"], "replace", **said)).status_code == 422
