"""Taking a report back, the way back from that, and finding one's own."""

from typing import Any
from uuid import UUID

import httpx2
import pytest
from testkit.small_syria import APPLIED, IHSAN, VIOLET

from .conftest import ServiceClient, report
from .test_uploading import taken

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


async def given(service: ServiceClient, row: dict[str, Any] | None = None, role: str = "member", **claims: Any) -> str:
    answer = await service.post(row or report(), role, **claims)
    [result] = answer.json()["results"]
    assert result["status"] in ("created", "updated"), answer.text
    return str(result["id"])


async def tell(
    service: ServiceClient, path: str, who: Who = OWNER, match: str | None = "*", **said: Any
) -> httpx2.Response:
    headers = {**service.bearer(who[0], **who[1]), "Accept-Language": "en", **({"If-Match": match} if match else {})}
    return await service.client.post(path, json=said, headers=headers)


async def withdraw(service: ServiceClient, id: str, who: Who = OWNER, match: str = "*", **said: Any) -> httpx2.Response:
    return await tell(service, f"/v1/reports/{id}/withdraw", who, match, **{"reason": WHY, **said})


async def restore(service: ServiceClient, id: str, who: Who = OWNER, match: str = "*", **said: Any) -> httpx2.Response:
    return await tell(service, f"/v1/reports/{id}/restore", who, match, **said)


async def ask(service: ServiceClient, path: str, who: Who = OWNER, **params: Any) -> httpx2.Response:
    return await service.client.get(
        path, params=params, headers={**service.bearer(who[0], **who[1]), "Accept-Language": "en"}
    )


async def listed(service: ServiceClient, who: Who = OWNER, **params: Any) -> list[str]:
    answer = await ask(service, "/v1/reports", who, **params)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


async def approve(service: ServiceClient, id: str, version: int) -> None:
    said = {"report_id": id, "version": version, "decision": "approved"}
    answer = await service.client.post("/v1/reviews", json=said, headers=service.bearer(WASH[0], **WASH[1]))
    assert answer.status_code == 200, answer.text


async def stages(service: ServiceClient) -> list[tuple[Any, ...]]:
    rows = await service.rows("select external_id, stage, version, people_total from report order by external_id")
    return [tuple(row.values()) for row in rows]


def refused(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


# One report.


async def test_a_withdrawal_is_a_version_with_who_when_and_why(service: ServiceClient) -> None:
    id = await given(service)
    await approve(service, id, 1)
    answer = await withdraw(service, id, match='"v2"')
    assert (answer.status_code, answer.json()) == (200, {"id": id, "version": 3, "stage": "withdrawn"})
    assert answer.headers["etag"] == '"v3"'
    [newest, approved, first] = (await ask(service, f"/v1/reports/{id}/versions")).json()["items"]
    assert (newest["stage"], newest["by"], newest["role"], newest["comment"]) == (
        "withdrawn", "violet-system", "member", WHY,
    )  # fmt: skip
    assert newest["at"]
    assert (approved["stage"], first["stage"]) == ("approved", "submitted")
    event = (await service.events())[-1]
    assert (event["id"], event["version"], event["stage"], event["people"]["total"]) == (id, 3, "withdrawn", 100)
    [entry] = await service.rows("select object, details from audit_entry where action = 'report.withdraw'")
    assert entry == {"object": f"report:{id}", "details": {"reason": WHY, "version": 2}}


async def test_a_restored_report_is_submitted_and_never_approved(service: ServiceClient) -> None:
    id = await given(service)
    await approve(service, id, 1)
    await withdraw(service, id)
    answer = await restore(service, id, comment="It was ours after all.")
    assert (answer.status_code, answer.json()) == (200, {"id": id, "version": 4, "stage": "submitted"})
    row = (await ask(service, f"/v1/reports/{id}")).json()
    assert (row["stage"], row["reviewed_at"], row["withdrawn_at"], row["submission_comment"]) == (
        "submitted", None, None, "It was ours after all.",
    )  # fmt: skip
    assert (await service.events())[-1]["stage"] == "submitted"
    assert await listed(service) == [id]
    [entry] = await service.rows("select object from audit_entry where action = 'report.restore'")
    assert entry == {"object": f"report:{id}"}


async def test_a_repeat_changes_nothing(service: ServiceClient) -> None:
    id = await given(service)
    first = await withdraw(service, id, match='"v1"')
    again = await withdraw(service, id, match='"v1"')
    assert (again.status_code, again.json()) == (200, first.json())
    assert (await restore(service, id, match='"v2"')).json()["version"] == 3
    assert (await restore(service, id, match='"v2"')).json()["version"] == 3
    assert len(await service.events()) == 3


async def test_a_withdrawal_is_of_the_version_that_was_read(service: ServiceClient) -> None:
    row = report()
    id = await given(service, row)
    await given(service, {**row, "people": {"total": 7}})
    assert refused(await withdraw(service, id, match='"v1"')) == (412, "version_mismatch")
    assert refused(await tell(service, f"/v1/reports/{id}/withdraw", match=None, reason=WHY)) == (
        428,
        "version_missing",
    )
    assert (await withdraw(service, id, match='"v2"')).status_code == 200


@pytest.mark.parametrize("reason", [None, "", "  ", "x", "\u200b\u200b\u200b"])
async def test_a_withdrawal_needs_a_reason(service: ServiceClient, reason: str | None) -> None:
    id = await given(service)
    said: dict[str, Any] = {} if reason is None else {"reason": reason}
    assert (await tell(service, f"/v1/reports/{id}/withdraw", **said)).status_code == 422
    assert await stages(service) == [((await service.rows("select external_id from report"))[0]["external_id"],
                                   "submitted", 1, 100)]  # fmt: skip


async def test_others_do_not_hear_of_it_and_the_owner_its_reviewers_and_the_office_do(service: ServiceClient) -> None:
    id = await given(service)
    await withdraw(service, id)
    for who in (OTHER, HUB, ("coordinator", {**WASH[1], "sectors": ["SHL"]})):
        assert (await ask(service, f"/v1/reports/{id}", who)).status_code == 404
        assert (await ask(service, f"/v1/reports/{id}/versions", who)).status_code == 404
        for asked in ({}, {"stage": "withdrawn"}, {"include_withdrawn": "true"}, {"id": id}):
            assert await listed(service, who, **asked) == []
    for who in (OWNER, WASH, OFFICE):
        assert (await ask(service, f"/v1/reports/{id}", who)).json()["stage"] == "withdrawn"
        assert await listed(service, who) == []
        for asked in ({"stage": "withdrawn"}, {"include_withdrawn": "true"}, {"id": id}):
            assert await listed(service, who, **asked) == [id]
        query = {"columns": ["id", "stage"], "filter": {"include_withdrawn": True}}
        headers = service.bearer(who[0], **who[1])
        asked_for = await service.client.post("/internal/reports/query", json=query, headers=headers)
        assert asked_for.json()["columns"] == {"id": [id], "stage": ["withdrawn"]}


async def test_a_withdrawn_report_waits_for_no_review_and_is_not_decided_on(service: ServiceClient) -> None:
    id = await given(service)
    assert await listed(service, WASH, reviewable="true") == [id]
    await withdraw(service, id)
    assert await listed(service, WASH, reviewable="true") == []
    decision = {"report_id": id, "version": 2, "decision": "approved"}
    answer = await service.client.post("/v1/reviews", json=decision, headers=service.bearer(WASH[0], **WASH[1]))
    assert answer.json()["results"][0]["errors"][0]["code"] == "not_to_be_reviewed"
    assert refused(await tell(service, f"/v1/reports/{id}/submit")) == (409, "not_returned")


async def test_followers_hear_that_it_left_their_list_and_came_back(service: ServiceClient) -> None:
    id = await given(service)
    readers: list[tuple[Who, dict[str, str]]] = [
        (OTHER, {}), (HUB, {}), (WASH, {}), (OWNER, {}), (OWNER, {"include_withdrawn": "true"})
    ]  # fmt: skip
    await service.caught_up()
    positions = [
        (await ask(service, "/v1/reports", who, changes_after="start", **asked)).json()["position"]
        for who, asked in readers
    ]
    await withdraw(service, id)
    await service.caught_up()
    told = []
    for number, (who, asked) in enumerate(readers):
        page = (await ask(service, "/v1/reports", who, changes_after=positions[number], **asked)).json()
        positions[number] = page["position"]
        told.append([(item["id"], item.get("gone"), item.get("stage")) for item in page["items"]])
    assert told == [*[[(id, True, None)]] * 4, [(id, None, "withdrawn")]]
    await restore(service, id)
    await service.caught_up()
    for number, (who, asked) in enumerate(readers):
        page = (await ask(service, "/v1/reports", who, changes_after=positions[number], **asked)).json()
        assert [(item["id"], item["stage"]) for item in page["items"]] == [(id, "submitted")]


async def test_who_takes_back_and_who_does_not(service: ServiceClient) -> None:
    id = await given(service)
    assert refused(await withdraw(service, id, OTHER)) == (403, "not_yours")
    assert refused(await withdraw(service, id, WASH)) == (403, "sent_by_its_owner")
    assert refused(await withdraw(service, id, ("coordinator", {**WASH[1], "sectors": ["SHL"]}))) == (
        403, "outside_your_scope",
    )  # fmt: skip
    assert (await withdraw(service, id, OFFICE)).status_code == 200
    assert refused(await restore(service, id, OTHER)) == (404, "not_found")
    assert (await restore(service, id, OFFICE)).status_code == 200
    sent = await given(service, report(organisation_id=str(VIOLET)), "coordinator", **WASH[1])
    assert (await withdraw(service, sent, WASH)).status_code == 200
    assert (await restore(service, sent, WASH)).status_code == 200
    assert (await withdraw(service, sent, OWNER)).status_code == 200
    severe = await given(service, report(sector="PRO-GBV"))
    assert refused(await withdraw(service, severe, OTHER)) == (404, "not_found")
    assert refused(await withdraw(service, str(UUID(int=7)))) == (404, "not_found")


@pytest.mark.parametrize("total", [100, 40])
async def test_sent_again_it_comes_back_as_submitted(service: ServiceClient, total: int) -> None:
    row = report()
    id = await given(service, row)
    await approve(service, id, 1)
    await withdraw(service, id)
    answer = await service.post({**row, "people": {**row["people"], "total": total}})
    assert [(result["status"], result["version"]) for result in answer.json()["results"]] == [("updated", 4)]
    seen = (await ask(service, f"/v1/reports/{id}")).json()
    assert (seen["stage"], seen["withdrawn_at"], seen["withdrawal_reason"]) == ("submitted", None, None)
    assert (await service.events())[-1]["stage"] == "submitted"


# Finding one's own.


async def test_reports_are_found_by_the_id_their_sender_gave_by_who_may_see_it(service: ServiceClient) -> None:
    id = await given(service, report(external_id="وا-17"))
    await given(service, report(external_id="وا-18"))
    theirs = await given(service, report(external_id="وا-17"), organisation_id=IHSAN, subject="ihsan")
    assert await listed(service, OWNER, external_id="وا-17") == [id]
    assert await listed(service, OTHER, external_id="وا-17") == [theirs]
    assert sorted(await listed(service, WASH, external_id="وا-17")) == sorted([id, theirs])
    assert sorted(await listed(service, OFFICE, external_id="وا-17")) == sorted([id, theirs])
    for who in (HUB, ("member", {"organisation_id": APPLIED, "subject": "new-hope"}),
                ("coordinator", {**WASH[1], "sectors": ["SHL"]})):  # fmt: skip
        assert await listed(service, who, external_id="وا-17") == []
        query = {"columns": ["id"], "filter": {"external_id": "وا-17"}}
        answer = await service.client.post(
            "/internal/reports/query", json=query, headers=service.bearer(who[0], **who[1])
        )
        assert answer.json()["columns"]["id"] == []
    await withdraw(service, id)
    assert await listed(service, OWNER, external_id="وا-17") == [id]


async def test_reports_of_a_file_are_found_by_who_may_see_whence_they_came(service: ServiceClient) -> None:
    state = await taken(service, HEAD + line("a", 1) + line("b", 2))
    await given(service)
    for who, count in ((OWNER, 2), (WASH, 2), (OFFICE, 2), (OTHER, 0), (HUB, 0)):
        assert len(await listed(service, who, upload=state["id"])) == count, who
    [row] = (await ask(service, "/v1/reports", OWNER, external_id="a")).json()["items"]
    assert (row["upload_id"], row["upload_row"]) == (state["id"], 2)
    [row] = [each for each in (await ask(service, "/v1/reports", OTHER)).json()["items"] if each["id"] == row["id"]]
    assert (row["upload_id"], row["upload_row"], row["external_id"]) == (None, None, None)


@pytest.mark.parametrize(
    "asked",
    [{"external_id": "\x00"}, {"external_id": ""}, {"external_id": "x" * 101}, {"upload": "1"}, {"stage": "gone"},
     {"include_withdrawn": "perhaps"}],
)  # fmt: skip
async def test_what_can_not_be_asked_for_is_refused(service: ServiceClient, asked: dict[str, Any]) -> None:
    assert (await ask(service, "/v1/reports", **asked)).status_code == 422


@pytest.mark.parametrize("asked", [{"external_id": "a"}, {"upload": "00000000-0000-7000-8000-000000000009"}])
async def test_both_are_found_by_an_index(service: ServiceClient, asked: dict[str, str]) -> None:
    name = {"external_id": "report_by_external_id", "upload": "report_by_upload"}[next(iter(asked))]
    column = {"external_id": "external_id = 'a'", "upload": f"upload_id = '{VIOLET}'"}[next(iter(asked))]
    async with service.database.transaction() as tx:
        await tx.execute("set local enable_seqscan = off; set local enable_sort = off")
        plan = await tx.fetch(
            f"explain select id from report as r where r.{column} order by r.month desc, r.id limit 9"
        )
    assert any(name in row[0] for row in plan), plan
