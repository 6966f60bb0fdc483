"""Taking back: a report, all that a file made, what a file that replaces does not hold; and the way back from each."""

import asyncio
from typing import Any
from uuid import UUID

import httpx2
import pytest
from activities.main import SERVICE
from activities.withdrawals import commands, jobs, store
from runtime.service import Worker
from testkit.doors import settings_of

from .conftest import APPLIED, IHSAN, VIOLET, Door, report
from .test_following import READERS, Follower
from .test_uploading import send, taken, working

WHY = "Counted twice: Ihsan reports this camp."
Who = tuple[str, dict[str, Any]]
OWNER: Who = ("member", {"organisation_id": VIOLET})
OTHER: Who = ("member", {"organisation_id": IHSAN, "subject": "ihsan"})
WASH: Who = ("coordinator", {"subject": "wash", "organisation_id": APPLIED, "sectors": ["WSH"], "areas": ["SY07"]})
HUB: Who = ("hub", {"areas": ["SY07"]})
OFFICE: Who = ("secretariat", {})
HEAD = "external_id,sector,area,month,status,total\n"


def line(id: str, total: int, area: str = "SY070302", sector: str = "WSH", month: str = "2026-02") -> str:
    return f"{id},{sector},{area},{month},Completed,{total}\n"


async def given(door: Door, row: dict[str, Any] | None = None, role: str = "member", **claims: Any) -> str:
    answer = await door.post(row or report(), role, **claims)
    [result] = answer.json()["results"]
    assert result["status"] in ("created", "updated"), answer.text
    return str(result["id"])


async def tell(door: Door, path: str, who: Who = OWNER, match: str | None = "*", **said: Any) -> httpx2.Response:
    headers = {**door.bearer(who[0], **who[1]), "Accept-Language": "en", **({"If-Match": match} if match else {})}
    return await door.client.post(path, json=said, headers=headers)


async def withdraw(door: Door, id: str, who: Who = OWNER, match: str = "*", **said: Any) -> httpx2.Response:
    return await tell(door, f"/v1/reports/{id}/withdraw", who, match, **{"reason": WHY, **said})


async def restore(door: Door, id: str, who: Who = OWNER, match: str = "*", **said: Any) -> httpx2.Response:
    return await tell(door, f"/v1/reports/{id}/restore", who, match, **said)


async def ask(door: Door, path: str, who: Who = OWNER, **params: Any) -> httpx2.Response:
    return await door.client.get(
        path, params=params, headers={**door.bearer(who[0], **who[1]), "Accept-Language": "en"}
    )


async def listed(door: Door, who: Who = OWNER, **params: Any) -> list[str]:
    answer = await ask(door, "/v1/reports", who, **params)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


async def approve(door: Door, id: str, version: int) -> None:
    said = {"report_id": id, "version": version, "decision": "approved"}
    answer = await door.client.post("/v1/reviews", json=said, headers=door.bearer(WASH[0], **WASH[1]))
    assert answer.status_code == 200, answer.text


async def stages(door: Door) -> list[tuple[Any, ...]]:
    rows = await door.rows("select external_id, stage, version, people_total from report order by external_id")
    return [tuple(row.values()) for row in rows]


def refused(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


# One report.


async def test_a_withdrawal_is_a_version_with_who_when_and_why(door: Door) -> None:
    id = await given(door)
    await approve(door, id, 1)
    answer = await withdraw(door, id, match='"v2"')
    assert (answer.status_code, answer.json()) == (200, {"id": id, "version": 3, "stage": "withdrawn"})
    assert answer.headers["etag"] == '"v3"'
    [newest, approved, first] = (await ask(door, f"/v1/reports/{id}/versions")).json()["items"]
    assert (newest["stage"], newest["by"], newest["role"], newest["comment"]) == (
        "withdrawn", "violet-system", "member", WHY,
    )  # fmt: skip
    assert newest["at"]
    assert (approved["stage"], first["stage"]) == ("approved", "submitted")
    event = (await door.events())[-1]
    assert (event["id"], event["version"], event["stage"], event["people"]["total"]) == (id, 3, "withdrawn", 100)
    [entry] = await door.rows("select object, details from audit_entry where action = 'report.withdraw'")
    assert entry == {"object": f"report:{id}", "details": {"reason": WHY, "version": 2}}


async def test_a_restored_report_is_submitted_and_never_approved(door: Door) -> None:
    id = await given(door)
    await approve(door, id, 1)
    await withdraw(door, id)
    answer = await restore(door, id, comment="It was ours after all.")
    assert (answer.status_code, answer.json()) == (200, {"id": id, "version": 4, "stage": "submitted"})
    row = (await ask(door, f"/v1/reports/{id}")).json()
    assert (row["stage"], row["reviewed_at"], row["withdrawn_at"], row["submission_comment"]) == (
        "submitted", None, None, "It was ours after all.",
    )  # fmt: skip
    assert (await door.events())[-1]["stage"] == "submitted"
    assert await listed(door) == [id]
    [entry] = await door.rows("select object from audit_entry where action = 'report.restore'")
    assert entry == {"object": f"report:{id}"}


async def test_a_repeat_changes_nothing(door: Door) -> None:
    id = await given(door)
    first = await withdraw(door, id, match='"v1"')
    again = await withdraw(door, id, match='"v1"')
    assert (again.status_code, again.json()) == (200, first.json())
    assert (await restore(door, id, match='"v2"')).json()["version"] == 3
    assert (await restore(door, id, match='"v2"')).json()["version"] == 3
    assert len(await door.events()) == 3


async def test_a_withdrawal_is_of_the_version_that_was_read(door: Door) -> None:
    row = report()
    id = await given(door, row)
    await given(door, {**row, "people": {"total": 7}})
    assert refused(await withdraw(door, id, match='"v1"')) == (412, "version_mismatch")
    assert refused(await tell(door, f"/v1/reports/{id}/withdraw", match=None, reason=WHY)) == (428, "version_missing")
    assert (await withdraw(door, id, match='"v2"')).status_code == 200


@pytest.mark.parametrize("reason", [None, "", "  ", "x", "\u200b\u200b\u200b"])
async def test_a_withdrawal_needs_a_reason(door: Door, reason: str | None) -> None:
    id = await given(door)
    said: dict[str, Any] = {} if reason is None else {"reason": reason}
    assert (await tell(door, f"/v1/reports/{id}/withdraw", **said)).status_code == 422
    assert await stages(door) == [((await door.rows("select external_id from report"))[0]["external_id"],
                                   "submitted", 1, 100)]  # fmt: skip


async def test_others_do_not_hear_of_it_and_the_owner_its_reviewers_and_the_office_do(door: Door) -> None:
    id = await given(door)
    await withdraw(door, id)
    for who in (OTHER, HUB, ("coordinator", {**WASH[1], "sectors": ["SHL"]})):
        assert (await ask(door, f"/v1/reports/{id}", who)).status_code == 404
        assert (await ask(door, f"/v1/reports/{id}/versions", who)).status_code == 404
        for asked in ({}, {"stage": "withdrawn"}, {"include_withdrawn": "true"}, {"id": id}):
            assert await listed(door, who, **asked) == []
    for who in (OWNER, WASH, OFFICE):
        assert (await ask(door, f"/v1/reports/{id}", who)).json()["stage"] == "withdrawn"
        assert await listed(door, who) == []
        for asked in ({"stage": "withdrawn"}, {"include_withdrawn": "true"}, {"id": id}):
            assert await listed(door, who, **asked) == [id]
        query = {"columns": ["id", "stage"], "filter": {"include_withdrawn": True}}
        headers = door.bearer(who[0], **who[1])
        asked_for = await door.client.post("/internal/reports/query", json=query, headers=headers)
        assert asked_for.json()["columns"] == {"id": [id], "stage": ["withdrawn"]}


async def test_a_withdrawn_report_waits_for_no_review_and_is_not_decided_on(door: Door) -> None:
    id = await given(door)
    assert await listed(door, WASH, reviewable="true") == [id]
    await withdraw(door, id)
    assert await listed(door, WASH, reviewable="true") == []
    decision = {"report_id": id, "version": 2, "decision": "approved"}
    answer = await door.client.post("/v1/reviews", json=decision, headers=door.bearer(WASH[0], **WASH[1]))
    assert answer.json()["results"][0]["errors"][0]["code"] == "not_to_be_reviewed"
    assert refused(await tell(door, f"/v1/reports/{id}/submit")) == (409, "not_returned")


async def test_followers_hear_that_it_left_their_list_and_came_back(door: Door) -> None:
    id = await given(door)
    readers: list[tuple[Who, dict[str, str]]] = [
        (OTHER, {}), (HUB, {}), (WASH, {}), (OWNER, {}), (OWNER, {"include_withdrawn": "true"})
    ]  # fmt: skip
    await door.caught_up()
    positions = [
        (await ask(door, "/v1/reports", who, changes_after="start", **asked)).json()["position"]
        for who, asked in readers
    ]
    await withdraw(door, id)
    await door.caught_up()
    told = []
    for number, (who, asked) in enumerate(readers):
        page = (await ask(door, "/v1/reports", who, changes_after=positions[number], **asked)).json()
        positions[number] = page["position"]
        told.append([(item["id"], item.get("gone"), item.get("stage")) for item in page["items"]])
    assert told == [*[[(id, True, None)]] * 4, [(id, None, "withdrawn")]]
    await restore(door, id)
    await door.caught_up()
    for number, (who, asked) in enumerate(readers):
        page = (await ask(door, "/v1/reports", who, changes_after=positions[number], **asked)).json()
        assert [(item["id"], item["stage"]) for item in page["items"]] == [(id, "submitted")]


async def test_who_takes_back_and_who_does_not(door: Door) -> None:
    id = await given(door)
    assert refused(await withdraw(door, id, OTHER)) == (403, "not_yours")
    assert refused(await withdraw(door, id, WASH)) == (403, "sent_by_its_owner")
    assert refused(await withdraw(door, id, ("coordinator", {**WASH[1], "sectors": ["SHL"]}))) == (
        422, "outside_your_scope",
    )  # fmt: skip
    assert (await withdraw(door, id, OFFICE)).status_code == 200
    assert refused(await restore(door, id, OTHER)) == (404, "not_found")
    assert (await restore(door, id, OFFICE)).status_code == 200
    sent = await given(door, report(organisation_id=str(VIOLET)), "coordinator", **WASH[1])
    assert (await withdraw(door, sent, WASH)).status_code == 200
    assert (await restore(door, sent, WASH)).status_code == 200
    assert (await withdraw(door, sent, OWNER)).status_code == 200
    severe = await given(door, report(sector="PRO-GBV"))
    assert refused(await withdraw(door, severe, OTHER)) == (404, "not_found")
    assert refused(await withdraw(door, str(UUID(int=7)))) == (404, "not_found")


@pytest.mark.parametrize("total", [100, 40])
async def test_sent_again_it_comes_back_as_submitted(door: Door, total: int) -> None:
    row = report()
    id = await given(door, row)
    await approve(door, id, 1)
    await withdraw(door, id)
    answer = await door.post({**row, "people": {**row["people"], "total": total}})
    assert [(result["status"], result["version"]) for result in answer.json()["results"]] == [("updated", 4)]
    seen = (await ask(door, f"/v1/reports/{id}")).json()
    assert (seen["stage"], seen["withdrawn_at"], seen["withdrawal_reason"]) == ("submitted", None, None)
    assert (await door.events())[-1]["stage"] == "submitted"


# Finding one's own.


async def test_reports_are_found_by_the_id_their_sender_gave_by_who_may_see_it(door: Door) -> None:
    id = await given(door, report(external_id="وا-17"))
    await given(door, report(external_id="وا-18"))
    theirs = await given(door, report(external_id="وا-17"), organisation_id=IHSAN, subject="ihsan")
    assert await listed(door, OWNER, external_id="وا-17") == [id]
    assert await listed(door, OTHER, external_id="وا-17") == [theirs]
    assert sorted(await listed(door, WASH, external_id="وا-17")) == sorted([id, theirs])
    assert sorted(await listed(door, OFFICE, external_id="وا-17")) == sorted([id, theirs])
    for who in (HUB, ("member", {"organisation_id": APPLIED, "subject": "new-hope"}),
                ("coordinator", {**WASH[1], "sectors": ["SHL"]})):  # fmt: skip
        assert await listed(door, who, external_id="وا-17") == []
        query = {"columns": ["id"], "filter": {"external_id": "وا-17"}}
        answer = await door.client.post("/internal/reports/query", json=query, headers=door.bearer(who[0], **who[1]))
        assert answer.json()["columns"]["id"] == []
    await withdraw(door, id)
    assert await listed(door, OWNER, external_id="وا-17") == [id]


async def test_reports_of_a_file_are_found_by_who_may_see_whence_they_came(door: Door) -> None:
    state = await taken(door, HEAD + line("a", 1) + line("b", 2))
    await given(door)
    for who, count in ((OWNER, 2), (WASH, 2), (OFFICE, 2), (OTHER, 0), (HUB, 0)):
        assert len(await listed(door, who, upload=state["id"])) == count, who
    [row] = (await ask(door, "/v1/reports", OWNER, external_id="a")).json()["items"]
    assert (row["upload_id"], row["upload_row"]) == (state["id"], 2)
    [row] = [each for each in (await ask(door, "/v1/reports", OTHER)).json()["items"] if each["id"] == row["id"]]
    assert (row["upload_id"], row["upload_row"], row["external_id"]) == (None, None, None)


@pytest.mark.parametrize(
    "asked",
    [{"external_id": "\x00"}, {"external_id": ""}, {"external_id": "x" * 101}, {"upload": "1"}, {"stage": "gone"},
     {"include_withdrawn": "perhaps"}],
)  # fmt: skip
async def test_what_can_not_be_asked_for_is_refused(door: Door, asked: dict[str, Any]) -> None:
    assert (await ask(door, "/v1/reports", **asked)).status_code == 422


@pytest.mark.parametrize(
    "said",
    [{}, {"missing": -1}, {"missing": 2**70}, {"missing": "1"}, {"missing": True}, {"missing": 0, "digest": "x"},
     {"missing": 0, "despite_refused": "perhaps"}, {"missing": 0, "all": True}],
)  # fmt: skip
async def test_a_replacement_must_say_how_many(door: Door, said: dict[str, Any]) -> None:
    file = await taken(door, HEAD + line("a", 1), replaces="true")
    assert (await undo(door, file["id"], "replace", **said)).status_code == 422


@pytest.mark.parametrize("asked", [{"external_id": "a"}, {"upload": "00000000-0000-7000-8000-000000000009"}])
async def test_both_are_found_by_an_index(door: Door, asked: dict[str, str]) -> None:
    name = {"external_id": "report_by_external_id", "upload": "report_by_upload"}[next(iter(asked))]
    column = {"external_id": "external_id = 'a'", "upload": f"upload_id = '{VIOLET}'"}[next(iter(asked))]
    async with door.database.transaction() as tx:
        await tx.execute("set local enable_seqscan = off; set local enable_sort = off")
        plan = await tx.fetch(
            f"explain select id from report as r where r.{column} order by r.month desc, r.id limit 9"
        )
    assert any(name in row[0] for row in plan), plan


# A file.


async def undo(door: Door, id: str, what: str = "withdraw", who: Who = OWNER, **said: Any) -> httpx2.Response:
    return await tell(
        door, f"/v1/uploads/{id}/{what}", who, None, **({"reason": WHY, **said} if what != "restore" else said)
    )


def counts(answer: httpx2.Response, number: int = 0) -> dict[str, int]:
    assert answer.status_code in (200, 202), answer.text
    told: dict[str, int] = answer.json()["withdrawals"][number]["counts"]
    return {name: count for name, count in told.items() if count}


async def test_a_file_is_withdrawn_with_all_it_made_and_nothing_later_changed(door: Door) -> None:
    first = await taken(door, HEAD + line("old", 5) + line("same", 6))
    second = await taken(door, HEAD + line("old", 50) + line("same", 6) + line("new", 7) + line("later", 8))
    await given(door, {"external_id": "later", "sector": "WSH", "area": "SY070302", "month": "2026-02",
                       "status": "Completed", "people": {"total": 9}})  # fmt: skip
    answer = await undo(door, second["id"])
    assert answer.status_code == 200
    assert counts(answer) == {"reports": 3, "withdrawn": 1, "put_back": 1, "left": 1}
    assert await stages(door) == [
        ("later", "submitted", 2, 9), ("new", "withdrawn", 2, 7),
        ("old", "submitted", 3, 5), ("same", "submitted", 1, 6),
    ]  # fmt: skip
    told = {(event["id"], event["version"]): event["stage"] for event in await door.events()}
    rows = await door.rows("select id, version, stage, upload_id from report")
    assert all(told[str(row["id"]), row["version"]] == row["stage"] for row in rows)
    assert len(await listed(door, upload=first["id"])) == 2
    [entry] = await door.rows("select object, details from audit_entry where action = 'upload.withdraw'")
    assert (entry["object"], entry["details"]["reason"]) == (f"upload:{second['id']}", WHY)


async def test_a_file_is_restored_and_what_was_sent_since_stays(door: Door) -> None:
    await taken(door, HEAD + line("old", 5))
    file = await taken(door, HEAD + line("old", 50) + line("new", 7) + line("sent", 8))
    await undo(door, file["id"])
    await given(door, {"external_id": "sent", "sector": "WSH", "area": "SY070302", "month": "2026-02",
                       "status": "Completed", "people": {"total": 9}})  # fmt: skip
    answer = await undo(door, file["id"], "restore")
    assert counts(answer) == {"reports": 3, "restored": 2, "left": 1}
    assert answer.json()["withdrawals"][0]["state"] == "restored"
    assert await stages(door) == [("new", "submitted", 3, 7), ("old", "submitted", 4, 50), ("sent", "submitted", 3, 9)]
    assert len(await listed(door, upload=file["id"])) == 2


async def test_a_repeat_of_both_changes_nothing_and_both_can_be_done_again(door: Door) -> None:
    file = await taken(door, HEAD + line("a", 1))
    assert refused(await undo(door, file["id"], "restore")) == (409, "nothing_withdrawn")
    for _ in range(2):
        assert counts(await undo(door, file["id"])) == {"reports": 1, "withdrawn": 1}
    for _ in range(2):
        assert counts(await undo(door, file["id"], "restore")) == {"reports": 1, "restored": 1}
    assert await stages(door) == [("a", "submitted", 3, 1)]
    answer = await undo(door, file["id"])
    assert [one["state"] for one in answer.json()["withdrawals"]] == ["withdrawn", "restored"]
    assert await stages(door) == [("a", "withdrawn", 4, 1)]
    state = (await ask(door, f"/v1/uploads/{file['id']}")).json()
    assert state["withdrawals"] == answer.json()["withdrawals"]


async def test_approved_reports_of_a_file_are_withdrawn_and_come_back_submitted(door: Door) -> None:
    await taken(door, HEAD + line("old", 5))
    [old] = await listed(door)
    await approve(door, old, 1)
    file = await taken(door, HEAD + line("old", 50) + line("new", 7))
    for id, version in ((old, 3), ((await listed(door, external_id="new"))[0], 1)):
        await approve(door, id, version)
    assert counts(await undo(door, file["id"])) == {"reports": 2, "withdrawn": 1, "put_back": 1}
    assert await stages(door) == [("new", "withdrawn", 3, 7), ("old", "submitted", 5, 5)]
    await undo(door, file["id"], "restore")
    assert await stages(door) == [("new", "submitted", 4, 7), ("old", "submitted", 6, 50)]
    assert not await door.rows("select 1 from report where reviewed_at is not null")


async def test_what_was_returned_or_withdrawn_before_a_file_is_so_again(door: Door) -> None:
    await taken(door, HEAD + line("returned", 5) + line("withdrawn", 6))
    ids = {row["external_id"]: str(row["id"]) for row in await door.rows("select id, external_id from report")}
    said = {"report_id": ids["returned"], "version": 1, "decision": "returned", "comment": "Which camp?"}
    await door.client.post("/v1/reviews", json=said, headers=door.bearer(WASH[0], **WASH[1]))
    await withdraw(door, ids["withdrawn"])
    file = await taken(door, HEAD + line("returned", 50) + line("withdrawn", 60))
    assert counts(await undo(door, file["id"])) == {"reports": 2, "put_back": 2}
    assert await stages(door) == [("returned", "returned", 4, 5), ("withdrawn", "withdrawn", 4, 6)]
    row = (await ask(door, f"/v1/reports/{ids['returned']}")).json()
    assert (row["review_comment"], row["reviewed_by_role"]) == ("Which camp?", "coordinator")
    row = (await ask(door, f"/v1/reports/{ids['withdrawn']}")).json()
    assert row["withdrawal_reason"] == WHY
    await undo(door, file["id"], "restore")
    assert await stages(door) == [("returned", "submitted", 5, 50), ("withdrawn", "submitted", 5, 60)]


async def test_nothing_goes_back_to_what_a_withdrawn_file_said(door: Door) -> None:
    first = await taken(door, HEAD + line("a", 1))
    second = await taken(door, HEAD + line("a", 2))
    third = await taken(door, HEAD + line("a", 3))
    assert counts(await undo(door, second["id"])) == {"reports": 1, "left": 1}
    assert counts(await undo(door, third["id"])) == {"reports": 1, "put_back": 1}
    assert await stages(door) == [("a", "submitted", 4, 1)]
    assert counts(await undo(door, first["id"])) == {"reports": 1, "withdrawn": 1}
    assert await stages(door) == [("a", "withdrawn", 5, 1)]


async def test_what_a_later_file_says_too_is_left_until_that_is_withdrawn(door: Door) -> None:
    january = await taken(door, HEAD + line("a", 1) + line("b", 2))
    until_march = await taken(door, HEAD + line("a", 1) + line("b", 3) + line("c", 4))
    assert counts(await undo(door, january["id"])) == {"reports": 2, "left": 2}
    assert [(row[0], row[1]) for row in await stages(door)] == [(name, "submitted") for name in "abc"]
    assert counts(await undo(door, until_march["id"])) == {"reports": 3, "withdrawn": 3}
    assert [(row[0], row[1]) for row in await stages(door)] == [(name, "withdrawn") for name in "abc"]
    assert counts(await undo(door, until_march["id"], "restore")) == {"reports": 3, "restored": 3}
    assert [(row[0], row[1], row[3]) for row in await stages(door)] == [
        ("a", "submitted", 1), ("b", "submitted", 3), ("c", "submitted", 4),
    ]  # fmt: skip


async def test_what_a_file_said_before_another_changed_it_keeps_nothing_up(door: Door) -> None:
    await taken(door, HEAD + line("a", 1))
    await taken(door, HEAD + line("a", 1))
    wrong = await taken(door, HEAD + line("a", 2))
    assert counts(await undo(door, wrong["id"])) == {"reports": 1, "put_back": 1}
    assert await stages(door) == [("a", "submitted", 3, 1)]


async def test_going_back_keeps_the_higher_level_and_the_contest(door: Door) -> None:
    head = "external_id,sector,area,month,status,total,implementing_organisation,comments\n"
    one = "a,WSH,SY070302,2026-02,Completed,5,{},{}\n"
    await taken(door, head + one.format("Ihsan Relief", "water"))
    [id] = await listed(door)
    answer = await tell(door, f"/v1/reports/{id}/contest", OTHER, reason="We never worked there at all.")
    assert answer.status_code == 200, answer.text
    file = await taken(door, head + one.format("New Hope", "GBV survivors"))
    await undo(door, file["id"])
    [row] = await door.rows("select sensitivity, implementer_contest, comments, implementer_id from report")
    assert tuple(row.values()) == ("severe", "open", "water", IHSAN)


async def test_a_file_that_is_not_read_yet_is_not_withdrawn(door: Door) -> None:
    answer = await send(door, HEAD + line("a", 1), replaces="true")
    id = answer.json()["id"]
    assert refused(await undo(door, id)) == (409, "upload_unread")
    assert refused(await undo(door, id, "replace", missing=0)) == (409, "upload_unread")
    async with working(door):
        pass
    await door.rows("select 1")


async def test_a_file_is_withdrawn_by_its_senders_side_and_the_office_alone(door: Door) -> None:
    file = await taken(door, HEAD + line("a", 1))
    for who in (OTHER, WASH):
        for what in ("withdraw", "restore"):
            assert refused(await undo(door, file["id"], what, who)) == (404, "not_found")
        assert refused(await undo(door, file["id"], "replace", who, missing=0)) == (404, "not_found")
    colleague: Who = ("member", {"organisation_id": VIOLET, "subject": "violet-person"})
    assert counts(await undo(door, file["id"], who=colleague)) == {"reports": 1, "withdrawn": 1}
    assert counts(await undo(door, file["id"], "restore", OFFICE)) == {"reports": 1, "restored": 1}


async def test_a_file_for_others_is_withdrawn_within_the_scope_its_sender_still_has(door: Door) -> None:
    claims = WASH[1]
    head = "external_id,organisation,sector,area,month,status,total\n"
    rows = "".join(
        f"{id},Violet Organization,WSH,{area},2026-02,Completed,5\n"
        for id, area in (("a", "SY070302"), ("b", "SY070000"))
    )
    async with working(door):
        answer = await send(door, head + rows, "coordinator", claims=claims)
        state = await _done(door, answer.headers["location"], ("coordinator", claims))
    assert state["counts"]["taken"] == 2, state
    answer = await undo(door, state["id"], who=("coordinator", {**claims, "areas": ["SY0703"]}))
    assert counts(answer) == {"reports": 2, "withdrawn": 1, "left": 1}


async def _done(door: Door, address: str, who: Who) -> dict[str, Any]:
    for _ in range(600):
        state: dict[str, Any] = (await ask(door, address, who)).json()
        if state["state"] in ("done", "failed"):
            return state
        await asyncio.sleep(0.02)
    raise AssertionError(state)


async def test_a_large_file_is_carried_on_after_a_restart_and_no_report_twice(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "AT_ONCE", 3)
    monkeypatch.setattr(commands, "AT_ONCE", 1)
    file = await taken(door, HEAD + "".join(line(f"r{number:02}", number) for number in range(10)))
    answer = await undo(door, file["id"])
    assert answer.status_code == 202
    assert counts(answer) == {"reports": 10, "withdrawn": 3, "open": 7}
    assert refused(await undo(door, file["id"], "restore")) == (409, "withdrawal_unfinished")
    again = await undo(door, file["id"])
    assert (again.status_code, counts(again)) == (202, counts(answer))
    await _carried_on(door, file["id"])
    assert counts(await undo(door, file["id"])) == {"reports": 10, "withdrawn": 10}
    assert {row["version"] for row in await door.rows("select version from report")} == {2}
    assert len(await door.events()) == 20
    assert (await undo(door, file["id"], "restore")).status_code == 202
    while await jobs.carry_on(door.database):
        pass
    assert {(row[1], row[2]) for row in await stages(door)} == {("submitted", 3)}


async def _carried_on(door: Door, id: str) -> None:
    """By a worker, until all is done."""
    stop = asyncio.Event()
    worker = Worker(door.database, settings_of(SERVICE, door.url), None, None)  # type: ignore[arg-type]
    task = asyncio.create_task(jobs.carry_on_withdrawals(worker, stop))
    for _ in range(600):
        [told] = (await ask(door, f"/v1/uploads/{id}")).json()["withdrawals"]
        if told["state"] == "withdrawn":
            break
        await asyncio.sleep(0.02)
    stop.set()
    await task
    assert told["counts"]["open"] == 0


# A file that replaces.


async def told(door: Door, id: str, who: Who = OWNER) -> dict[str, Any]:
    state: dict[str, Any] = (await ask(door, f"/v1/uploads/{id}", who)).json()["replaces"]
    return state


async def test_a_file_that_replaces_tells_first_what_it_lacks_and_then_withdraws_it(door: Door) -> None:
    await taken(door, HEAD + line("a", 1) + line("b", 2) + line("gone", 3) + line("shl", 4, sector="SHL")
                + line("jan", 5, month="2026-01"))  # fmt: skip
    await given(door, report(external_id="theirs", month="2026-02"), organisation_id=IHSAN, subject="ihsan")
    file = await taken(door, HEAD + line("b", 2) + line("a", 10) + line("c", 4), replaces="true")
    replaces = file["replaces"]
    assert replaces["whole_of"] == [
        {"country": "SY", "organisation_id": str(VIOLET), "sector": "WSH", "month": "2026-02"}
    ]
    assert (replaces["missing"], replaces["refused_rows"], replaces["whole_of_count"]) == (1, 0, 1)
    [lacking] = replaces["reports"]
    assert (lacking["external_id"], lacking["people_total"], lacking["month"]) == ("gone", 3, "2026-02")
    assert {row[1] for row in await stages(door)} == {"submitted"}
    answer = await undo(door, file["id"], "replace", missing=1, digest=replaces["digest"])
    assert counts(answer) == {"reports": 1, "withdrawn": 1}
    assert answer.json()["withdrawals"][0]["kind"] == "replacement"
    assert [row[0] for row in await stages(door) if row[1] == "withdrawn"] == ["gone"]
    assert (await door.events())[-1]["stage"] == "withdrawn"
    again = await undo(door, file["id"], "replace", missing=1, digest=replaces["digest"])
    assert (again.status_code, again.json()) == (200, answer.json())
    assert counts(await undo(door, file["id"], "restore")) == {"reports": 1, "restored": 1}
    assert {row[1] for row in await stages(door)} == {"submitted"}


async def test_a_changed_situation_is_refused_by_name(door: Door) -> None:
    await taken(door, HEAD + line("a", 1) + line("gone", 3))
    file = await taken(door, HEAD + line("a", 1), replaces="true")
    assert file["replaces"]["missing"] == 1
    assert refused(await undo(door, file["id"], "replace", missing=2)) == (409, "missing_changed")
    [gone] = await listed(door, external_id="gone")
    await withdraw(door, gone)
    other = await given(door, report(external_id="other", month="2026-02"))
    digest = file["replaces"]["digest"]
    assert refused(await undo(door, file["id"], "replace", missing=1, digest=digest)) == (409, "missing_changed")
    now = await told(door, file["id"])
    assert (now["missing"], [row["id"] for row in now["reports"]]) == (1, [other])
    assert counts(await undo(door, file["id"], "replace", missing=1, digest=now["digest"])) == {
        "reports": 1,
        "withdrawn": 1,
    }


async def test_what_came_since_is_replaced_by_another_call_and_both_are_restored(door: Door) -> None:
    await taken(door, HEAD + line("a", 1) + line("gone", 3))
    file = await taken(door, HEAD + line("a", 1), replaces="true")
    await undo(door, file["id"], "replace", missing=1)
    await given(door, report(external_id="since", month="2026-02"))
    assert refused(await undo(door, file["id"], "replace", missing=0)) == (409, "missing_changed")
    assert counts(await undo(door, file["id"], "replace", missing=1)) == {"reports": 1, "withdrawn": 1}
    assert [row[:2] for row in await stages(door)] == [
        ("a", "submitted"),
        ("gone", "withdrawn"),
        ("since", "withdrawn"),
    ]
    answer = await undo(door, file["id"], "restore")
    assert [one["counts"]["restored"] for one in answer.json()["withdrawals"]] == [1, 1]
    assert {row[1] for row in await stages(door)} == {"submitted"}


async def test_refused_rows_keep_a_file_from_replacing_unless_that_is_meant(door: Door) -> None:
    await taken(door, HEAD + line("a", 1) + line("b", 3))
    file = await taken(door, HEAD + line("a", 1) + line("b", 3, area="SY999999"), replaces="true")
    assert (file["replaces"]["missing"], file["replaces"]["refused_rows"]) == (1, 1)
    assert refused(await undo(door, file["id"], "replace", missing=1)) == (409, "rows_were_refused")
    answer = await undo(door, file["id"], "replace", missing=1, despite_refused=True)
    assert counts(answer) == {"reports": 1, "withdrawn": 1}


async def test_a_file_that_did_not_say_so_replaces_nothing(door: Door) -> None:
    file = await taken(door, HEAD + line("a", 1))
    assert file["replaces"] is None
    assert refused(await undo(door, file["id"], "replace", missing=0)) == (409, "not_declared")
    assert not await door.rows("select 1 from upload_report union all select 1 from upload_whole")
    given_up = await taken(door, "no,headings,here\n", replaces="true")
    assert given_up["state"] == "failed"
    assert refused(await undo(door, given_up["id"], "replace", missing=0)) == (409, "not_read_whole")
    answer = await send(door, HEAD, replaces="perhaps")
    assert answer.status_code == 422


async def test_withdrawing_a_file_that_replaced_restores_what_it_replaced(door: Door) -> None:
    await taken(door, HEAD + line("a", 1) + line("gone", 3))
    file = await taken(door, HEAD + line("a", 10) + line("new", 4), replaces="true")
    await undo(door, file["id"], "replace", missing=1)
    answer = await undo(door, file["id"])
    kinds = {one["kind"]: (one["state"], one["counts"]["restored"]) for one in answer.json()["withdrawals"]}
    assert kinds == {"withdrawal": ("withdrawn", 0), "replacement": ("restored", 1)}
    assert [(row[0], row[1], row[3]) for row in await stages(door)] == [
        ("a", "submitted", 1), ("gone", "submitted", 3), ("new", "withdrawn", 4),
    ]  # fmt: skip
    assert refused(await undo(door, file["id"], "replace", missing=1)) == (409, "upload_withdrawn")


async def test_a_coordinators_file_replaces_only_what_coordinators_sent_in_its_scope(door: Door) -> None:
    await given(door, report(external_id="own", month="2026-02"))
    await given(
        door, report(external_id="for-them", month="2026-02", organisation_id=str(VIOLET)), "coordinator", **WASH[1]
    )
    head = "external_id,organisation,sector,area,month,status,total\n"
    async with working(door):
        answer = await send(door, head + "x,Violet Organization,WSH,SY070302,2026-02,Completed,5\n", "coordinator",
                            claims=WASH[1], replaces="true")  # fmt: skip
        state = await _done(door, answer.headers["location"], WASH)
    assert [row["external_id"] for row in state["replaces"]["reports"]] == ["for-them"]
    assert (await told(door, state["id"], OFFICE))["missing"] == 2
    assert counts(await undo(door, state["id"], "replace", WASH, missing=1)) == {"reports": 1, "withdrawn": 1}


async def test_rows_without_ids_are_held_when_sent_again_unchanged(door: Door) -> None:
    head = "sector,area,month,status,total\n"
    rows = ["WSH,SY070302,2026-02,Completed,11\n", "WSH,SY070000,2026-02,Completed,12\n"]
    await taken(door, head + "".join(rows))
    file = await taken(door, head + rows[1], replaces="true")
    assert (file["counts"]["unchanged"], file["replaces"]["missing"]) == (1, 1)
    assert [row["people_total"] for row in file["replaces"]["reports"]] == [11]


# Followers, and two at once.


@pytest.mark.parametrize("role", READERS)
async def test_a_followers_copy_is_the_list_whatever_is_taken_back(door: Door, role: str) -> None:
    file = await taken(door, HEAD + line("a", 1) + line("b", 2) + line("c", 3))
    asked: list[dict[str, Any]] = [
        {},
        {"include_withdrawn": "true"},
        {"stage": "withdrawn"},
        {"external_id": "a"},
        {"upload": file["id"]},
        {"upload": file["id"], "include_withdrawn": "true"},
    ]
    followers = [Follower(door, role, READERS[role], filter=filter) for filter in asked]

    async def all_follow() -> None:
        for follower in followers:
            assert (await follower.poll()).copy == await follower.listed(), follower.filter

    await all_follow()
    [a] = await listed(door, external_id="a")
    await withdraw(door, a)
    await all_follow()
    await taken(door, HEAD + line("b", 20))
    await undo(door, file["id"])
    await all_follow()
    await restore(door, a)
    await undo(door, file["id"], "restore")
    await all_follow()


async def test_of_two_at_once_one_takes_back_and_the_other_finds_it_done(door: Door) -> None:
    file = await taken(door, HEAD + "".join(line(f"r{number}", number) for number in range(40)))
    answers = await asyncio.gather(*(undo(door, file["id"]) for _ in range(3)))
    assert [counts(answer) for answer in answers] == [{"reports": 40, "withdrawn": 40}] * 3
    answers = await asyncio.gather(*(undo(door, file["id"], "restore") for _ in range(3)))
    assert [counts(answer) for answer in answers] == [{"reports": 40, "restored": 40}] * 3
    assert {row[2] for row in await stages(door)} == {3}
    [id] = await listed(door, external_id="r1")
    answers = await asyncio.gather(*(withdraw(door, id, match='"v3"') for _ in range(4)))
    assert {(answer.status_code, answer.json()["version"]) for answer in answers} == {(200, 4)}
