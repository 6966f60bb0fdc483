"""Withdrawing a file with all it made, and restoring it."""

import asyncio
from typing import Any

import httpx2
import pytest
from activities.main import SERVICE
from activities.withdrawals import commands, jobs, store
from jobs import JobWorker
from runtime.service import Worker
from testkit.patience import tries
from testkit.service_clients import settings_of
from testkit.small_syria import IHSAN, VIOLET

from .conftest import ServiceClient
from .test_following import READERS, Follower
from .test_uploading import send, taken, working
from .test_withdrawing import (
    HEAD,
    OFFICE,
    OTHER,
    OWNER,
    WASH,
    WHY,
    Who,
    approve,
    ask,
    given,
    line,
    listed,
    refused,
    restore,
    stages,
    tell,
    withdraw,
)


async def undo(
    service: ServiceClient, id: str, what: str = "withdraw", who: Who = OWNER, **said: Any
) -> httpx2.Response:
    return await tell(
        service, f"/v1/uploads/{id}/{what}", who, None, **({"reason": WHY, **said} if what != "restore" else said)
    )


def counts(answer: httpx2.Response, number: int = 0) -> dict[str, int]:
    assert answer.status_code in (200, 202), answer.text
    told: dict[str, int] = answer.json()["withdrawals"][number]["counts"]
    return {name: count for name, count in told.items() if count}


async def test_a_file_is_withdrawn_with_all_it_made_and_nothing_later_changed(service: ServiceClient) -> None:
    first = await taken(service, HEAD + line("old", 5) + line("same", 6))
    second = await taken(service, HEAD + line("old", 50) + line("same", 6) + line("new", 7) + line("later", 8))
    await given(service, {"external_id": "later", "sector": "WSH", "area": "SY070302", "month": "2026-02",
                       "status": "Completed", "people": {"total": 9}})  # fmt: skip
    answer = await undo(service, second["id"])
    assert answer.status_code == 200
    assert counts(answer) == {"reports": 3, "withdrawn": 1, "put_back": 1, "left": 1}
    assert await stages(service) == [
        ("later", "submitted", 2, 9), ("new", "withdrawn", 2, 7),
        ("old", "submitted", 3, 5), ("same", "submitted", 1, 6),
    ]  # fmt: skip
    told = {(event["id"], event["version"]): event["stage"] for event in await service.events()}
    rows = await service.rows("select id, version, stage, upload_id from report")
    assert all(told[str(row["id"]), row["version"]] == row["stage"] for row in rows)
    assert len(await listed(service, upload=first["id"])) == 2
    [entry] = await service.rows("select object, details from audit_entry where action = 'upload.withdraw'")
    assert (entry["object"], entry["details"]["reason"]) == (f"upload:{second['id']}", WHY)


async def test_a_file_is_restored_and_what_was_sent_since_stays(service: ServiceClient) -> None:
    await taken(service, HEAD + line("old", 5))
    file = await taken(service, HEAD + line("old", 50) + line("new", 7) + line("sent", 8))
    await undo(service, file["id"])
    await given(service, {"external_id": "sent", "sector": "WSH", "area": "SY070302", "month": "2026-02",
                       "status": "Completed", "people": {"total": 9}})  # fmt: skip
    answer = await undo(service, file["id"], "restore")
    assert counts(answer) == {"reports": 3, "restored": 2, "left": 1}
    assert answer.json()["withdrawals"][0]["state"] == "restored"
    assert await stages(service) == [
        ("new", "submitted", 3, 7),
        ("old", "submitted", 4, 50),
        ("sent", "submitted", 3, 9),
    ]
    assert len(await listed(service, upload=file["id"])) == 2


async def test_a_repeat_of_both_changes_nothing_and_both_can_be_done_again(service: ServiceClient) -> None:
    file = await taken(service, HEAD + line("a", 1))
    assert refused(await undo(service, file["id"], "restore")) == (409, "nothing_withdrawn")
    for _ in range(2):
        assert counts(await undo(service, file["id"])) == {"reports": 1, "withdrawn": 1}
    for _ in range(2):
        assert counts(await undo(service, file["id"], "restore")) == {"reports": 1, "restored": 1}
    assert await stages(service) == [("a", "submitted", 3, 1)]
    answer = await undo(service, file["id"])
    assert [one["state"] for one in answer.json()["withdrawals"]] == ["withdrawn", "restored"]
    assert await stages(service) == [("a", "withdrawn", 4, 1)]
    state = (await ask(service, f"/v1/uploads/{file['id']}")).json()
    assert state["withdrawals"] == answer.json()["withdrawals"]


async def test_approved_reports_of_a_file_are_withdrawn_and_come_back_submitted(service: ServiceClient) -> None:
    await taken(service, HEAD + line("old", 5))
    [old] = await listed(service)
    await approve(service, old, 1)
    file = await taken(service, HEAD + line("old", 50) + line("new", 7))
    for id, version in ((old, 3), ((await listed(service, external_id="new"))[0], 1)):
        await approve(service, id, version)
    assert counts(await undo(service, file["id"])) == {"reports": 2, "withdrawn": 1, "put_back": 1}
    assert await stages(service) == [("new", "withdrawn", 3, 7), ("old", "submitted", 5, 5)]
    await undo(service, file["id"], "restore")
    assert await stages(service) == [("new", "submitted", 4, 7), ("old", "submitted", 6, 50)]
    assert not await service.rows("select 1 from report where reviewed_at is not null")


async def test_what_was_returned_or_withdrawn_before_a_file_is_so_again(service: ServiceClient) -> None:
    await taken(service, HEAD + line("returned", 5) + line("withdrawn", 6))
    ids = {row["external_id"]: str(row["id"]) for row in await service.rows("select id, external_id from report")}
    said = {"report_id": ids["returned"], "version": 1, "decision": "returned", "comment": "Which camp?"}
    await service.client.post("/v1/reviews", json=said, headers=service.bearer(WASH[0], **WASH[1]))
    await withdraw(service, ids["withdrawn"])
    file = await taken(service, HEAD + line("returned", 50) + line("withdrawn", 60))
    assert counts(await undo(service, file["id"])) == {"reports": 2, "put_back": 2}
    assert await stages(service) == [("returned", "returned", 4, 5), ("withdrawn", "withdrawn", 4, 6)]
    row = (await ask(service, f"/v1/reports/{ids['returned']}")).json()
    assert (row["review_comment"], row["reviewed_by_role"]) == ("Which camp?", "coordinator")
    row = (await ask(service, f"/v1/reports/{ids['withdrawn']}")).json()
    assert row["withdrawal_reason"] == WHY
    await undo(service, file["id"], "restore")
    assert await stages(service) == [("returned", "submitted", 5, 50), ("withdrawn", "submitted", 5, 60)]


async def test_nothing_goes_back_to_what_a_withdrawn_file_said(service: ServiceClient) -> None:
    first = await taken(service, HEAD + line("a", 1))
    second = await taken(service, HEAD + line("a", 2))
    third = await taken(service, HEAD + line("a", 3))
    assert counts(await undo(service, second["id"])) == {"reports": 1, "left": 1}
    assert counts(await undo(service, third["id"])) == {"reports": 1, "put_back": 1}
    assert await stages(service) == [("a", "submitted", 4, 1)]
    assert counts(await undo(service, first["id"])) == {"reports": 1, "withdrawn": 1}
    assert await stages(service) == [("a", "withdrawn", 5, 1)]


async def test_what_a_later_file_says_too_is_left_until_that_is_withdrawn(service: ServiceClient) -> None:
    january = await taken(service, HEAD + line("a", 1) + line("b", 2))
    until_march = await taken(service, HEAD + line("a", 1) + line("b", 3) + line("c", 4))
    assert counts(await undo(service, january["id"])) == {"reports": 2, "left": 2}
    assert [(row[0], row[1]) for row in await stages(service)] == [(name, "submitted") for name in "abc"]
    assert counts(await undo(service, until_march["id"])) == {"reports": 3, "withdrawn": 3}
    assert [(row[0], row[1]) for row in await stages(service)] == [(name, "withdrawn") for name in "abc"]
    assert counts(await undo(service, until_march["id"], "restore")) == {"reports": 3, "restored": 3}
    assert [(row[0], row[1], row[3]) for row in await stages(service)] == [
        ("a", "submitted", 1), ("b", "submitted", 3), ("c", "submitted", 4),
    ]  # fmt: skip


async def test_what_a_file_said_before_another_changed_it_keeps_nothing_up(service: ServiceClient) -> None:
    await taken(service, HEAD + line("a", 1))
    await taken(service, HEAD + line("a", 1))
    wrong = await taken(service, HEAD + line("a", 2))
    assert counts(await undo(service, wrong["id"])) == {"reports": 1, "put_back": 1}
    assert await stages(service) == [("a", "submitted", 3, 1)]


async def test_going_back_keeps_the_higher_level_and_the_contest(service: ServiceClient) -> None:
    head = "external_id,sector,area,month,status,total,implementing_organisation,comments\n"
    one = "a,WSH,SY070302,2026-02,Completed,5,{},{}\n"
    await taken(service, head + one.format("Ihsan Relief", "water"))
    [id] = await listed(service)
    answer = await tell(service, f"/v1/reports/{id}/contest", OTHER, reason="We never worked there at all.")
    assert answer.status_code == 200, answer.text
    file = await taken(service, head + one.format("New Hope", "GBV survivors"))
    await undo(service, file["id"])
    [row] = await service.rows("select sensitivity, implementer_contest, comments, implementer_id from report")
    assert tuple(row.values()) == ("severe", "open", "water", IHSAN)


async def test_a_file_that_is_not_read_yet_is_not_withdrawn(service: ServiceClient) -> None:
    answer = await send(service, HEAD + line("a", 1), replaces="true")
    id = answer.json()["id"]
    assert refused(await undo(service, id)) == (409, "upload_unread")
    assert refused(await undo(service, id, "replace", missing=0)) == (409, "upload_unread")
    async with working(service):
        pass
    await service.rows("select 1")


async def test_a_file_is_withdrawn_by_its_senders_side_and_the_office_alone(service: ServiceClient) -> None:
    file = await taken(service, HEAD + line("a", 1))
    for who in (OTHER, WASH):
        for what in ("withdraw", "restore"):
            assert refused(await undo(service, file["id"], what, who)) == (404, "not_found")
        assert refused(await undo(service, file["id"], "replace", who, missing=0)) == (404, "not_found")
    colleague: Who = ("member", {"organisation_id": VIOLET, "subject": "violet-person"})
    assert counts(await undo(service, file["id"], who=colleague)) == {"reports": 1, "withdrawn": 1}
    assert counts(await undo(service, file["id"], "restore", OFFICE)) == {"reports": 1, "restored": 1}


async def test_a_file_for_others_is_withdrawn_within_the_scope_its_sender_still_has(service: ServiceClient) -> None:
    claims = WASH[1]
    head = "external_id,organisation,sector,area,month,status,total\n"
    rows = "".join(
        f"{id},Violet Organization,WSH,{area},2026-02,Completed,5\n"
        for id, area in (("a", "SY070302"), ("b", "SY070000"))
    )
    async with working(service):
        answer = await send(service, head + rows, "coordinator", claims=claims)
        state = await done(service, answer.headers["location"], ("coordinator", claims))
    assert state["counts"]["accepted"] == 2, state
    answer = await undo(service, state["id"], who=("coordinator", {**claims, "areas": ["SY0703"]}))
    assert counts(answer) == {"reports": 2, "withdrawn": 1, "left": 1}


async def done(service: ServiceClient, address: str, who: Who) -> dict[str, Any]:
    async for _ in tries():
        state: dict[str, Any] = (await ask(service, address, who)).json()
        if state["state"] in ("done", "failed"):
            return state
    raise AssertionError(state)


async def test_a_large_file_is_carried_on_after_a_restart_and_no_report_twice(
    service: ServiceClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "AT_ONCE", 3)
    monkeypatch.setattr(commands, "AT_ONCE", 1)
    file = await taken(service, HEAD + "".join(line(f"r{number:02}", number) for number in range(10)))
    answer = await undo(service, file["id"])
    assert answer.status_code == 202
    assert counts(answer) == {"reports": 10, "withdrawn": 3, "open": 7}
    assert refused(await undo(service, file["id"], "restore")) == (409, "withdrawal_unfinished")
    again = await undo(service, file["id"])
    assert (again.status_code, counts(again)) == (202, counts(answer))
    await _carried_on(service, file["id"])
    assert counts(await undo(service, file["id"])) == {"reports": 10, "withdrawn": 10}
    assert {row["version"] for row in await service.rows("select version from report")} == {2}
    assert len(await service.events()) == 20
    assert (await undo(service, file["id"], "restore")).status_code == 202
    await _carried_on(service, file["id"], "restored")
    assert {(row[1], row[2]) for row in await stages(service)} == {("submitted", 3)}


async def _carried_on(service: ServiceClient, id: str, state: str = "withdrawn") -> None:
    """By a worker, until all is done."""
    stop = asyncio.Event()
    worker = Worker("activities", service.database, settings_of(SERVICE, service.url), None, None)  # type: ignore[arg-type]
    task = asyncio.create_task(JobWorker(service.database, jobs.JOBS, worker).run(stop))
    async for _ in tries():
        [told] = (await ask(service, f"/v1/uploads/{id}")).json()["withdrawals"]
        if told["state"] == state and not await service.rows("select from job where queue = 'withdrawal'"):
            break
    stop.set()
    await task
    assert told["counts"]["open"] == 0


@pytest.mark.parametrize("role", READERS)
async def test_a_followers_copy_is_the_list_whatever_is_taken_back(service: ServiceClient, role: str) -> None:
    file = await taken(service, HEAD + line("a", 1) + line("b", 2) + line("c", 3))
    asked: list[dict[str, Any]] = [
        {},
        {"include_withdrawn": "true"},
        {"stage": "withdrawn"},
        {"external_id": "a"},
        {"upload": file["id"]},
        {"upload": file["id"], "include_withdrawn": "true"},
    ]
    followers = [Follower(service, role, READERS[role], filter=filter) for filter in asked]

    async def all_follow() -> None:
        for follower in followers:
            assert (await follower.poll()).copy == await follower.listed(), follower.filter

    await all_follow()
    [a] = await listed(service, external_id="a")
    await withdraw(service, a)
    await all_follow()
    await taken(service, HEAD + line("b", 20))
    await undo(service, file["id"])
    await all_follow()
    await restore(service, a)
    await undo(service, file["id"], "restore")
    await all_follow()


async def test_of_two_at_once_one_takes_back_and_the_other_finds_itdone(service: ServiceClient) -> None:
    file = await taken(service, HEAD + "".join(line(f"r{number}", number) for number in range(40)))
    answers = await asyncio.gather(*(undo(service, file["id"]) for _ in range(3)))
    assert [counts(answer) for answer in answers] == [{"reports": 40, "withdrawn": 40}] * 3
    answers = await asyncio.gather(*(undo(service, file["id"], "restore") for _ in range(3)))
    assert [counts(answer) for answer in answers] == [{"reports": 40, "restored": 40}] * 3
    assert {row[2] for row in await stages(service)} == {3}
    [id] = await listed(service, external_id="r1")
    answers = await asyncio.gather(*(withdraw(service, id, match='"v3"') for _ in range(4)))
    assert {(answer.status_code, answer.json()["version"]) for answer in answers} == {(200, 4)}
