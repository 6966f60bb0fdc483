"""The life of a report: reviewed by its working group or the secretariat, sent again, every version kept."""

import asyncio
import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx2
import orjson
import pytest
from activities.reports.bodies import validated
from activities.reports.commands import submit_reports
from activities.reports.domain import Sender
from activities.reviews import commands
from activities.reviews.schemas import NewDecision
from contracts.codes import SectorChanged
from runtime.access import Principal, Role
from testkit.small_syria import IHSAN, VIOLET, registry, scope

from .conftest import ServiceClient, report

WASH: dict[str, Any] = {"subject": "wash", "organisation_id": IHSAN, "sectors": ["WSH"], "areas": ["SY07"]}
WHY = "Which camp? The total is larger than its population."
OVERRIDE = "The group has no coordinator this month."
STATE = "select version, stage from report where id = $1::uuid"


async def given(
    service: ServiceClient, role: str = "member", /, claims: dict[str, Any] | None = None, **fields: Any
) -> str:
    """The id of a report that was taken."""
    [taken] = (await service.post(report(**fields), role, **(claims or {}))).json()["results"]
    assert taken["status"] in ("created", "updated"), taken
    return str(taken["id"])


def decision(id: str, decided: str = "approved", version: int = 1, **more: Any) -> dict[str, Any]:
    if decided == "returned":
        more = {"comment": WHY, **more}
    return {"report_id": id, "version": version, "decision": decided, **more}


async def review(service: ServiceClient, rows: Any, role: str = "coordinator", **claims: Any) -> httpx2.Response:
    if role == "coordinator":
        claims = {**WASH, **claims}
    headers = {**service.bearer(role, **claims), "Accept-Language": "en", "Content-Type": "application/json"}
    return await service.client.post("/v1/reviews", content=orjson.dumps(rows), headers=headers)


async def one(service: ServiceClient, row: dict[str, Any], role: str = "coordinator", **claims: Any) -> dict[str, Any]:
    """What became of one decision."""
    answer = await review(service, row, role, **claims)
    [result] = answer.json()["results"]
    assert answer.status_code == (422 if result["status"] == "rejected" else 200)
    return dict(result)


def why(result: dict[str, Any]) -> tuple[str, str]:
    [error] = result["errors"]
    return error["field"], error["code"]


async def state(service: ServiceClient, id: str) -> tuple[int, str]:
    [row] = await service.rows(STATE, id)
    return row["version"], row["stage"]


async def versions(service: ServiceClient, id: str, role: str = "member", **claims: Any) -> list[dict[str, Any]]:
    answer = await service.client.get(f"/v1/reports/{id}/versions", headers=service.bearer(role, **claims))
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def submit(
    service: ServiceClient, id: str, match: str | None, role: str = "member", **more: Any
) -> httpx2.Response:
    headers = {**service.bearer(role, **more.pop("claims", {})), **({"If-Match": match} if match else {})}
    return await service.client.post(f"/v1/reports/{id}/submit", headers=headers, **more)


async def test_a_working_group_approves_a_report_and_everybody_hears_of_it(service: ServiceClient) -> None:
    id = await given(service)
    result = await one(service, decision(id, comment="Thank you."))
    assert result == {"row": 1, "status": "approved", "id": id, "version": 2, "flags": [], "errors": []}
    submitted, approved = await service.events()
    assert approved == {**submitted, "version": 2, "stage": "approved"}
    [audited] = await service.rows("select subject, object, details from audit_entry where action = 'report.review'")
    assert (audited["subject"], audited["object"]) == ("wash", f"report:{id}")
    assert audited["details"] == {
        "decision": "approved", "version": 1, "reviewed_as": "working_group", "sensitivity": "moderate"
    }  # fmt: skip
    shown = (await service.client.get(f"/v1/reports/{id}", headers=service.bearer())).json()
    assert (shown["stage"], shown["version"], shown["review_comment"]) == ("approved", 2, "Thank you.")
    assert (shown["reviewed_by"], shown["reviewed_by_role"], shown["reviewed_as"]) == (
        "wash", "coordinator", "working_group"
    )  # fmt: skip


async def test_an_approved_report_that_changes_is_provisional_again_and_the_approved_version_is_kept(
    service: ServiceClient,
) -> None:
    row = report()
    id = await given(service, **row)
    await one(service, decision(id))
    [unchanged] = (await service.post(row)).json()["results"]
    assert (unchanged["status"], unchanged["version"], await state(service, id)) == ("unchanged", 2, (2, "approved"))
    changed = {**row, "people": {"total": 120}}
    [updated] = (await service.post(changed)).json()["results"]
    assert (updated["status"], await state(service, id)) == ("updated", (3, "submitted"))
    shown = (await service.client.get(f"/v1/reports/{id}", headers=service.bearer())).json()
    assert (shown["reviewed_at"], shown["reviewed_by"], shown["review_comment"]) == (None, None, None)
    told = [(version["version"], version["stage"], version["by"], version["role"], version["report"]["people"]["total"])
            for version in await versions(service, id)]  # fmt: skip
    assert told == [
        (3, "submitted", "violet-system", "member", 120),
        (2, "approved", "wash", "coordinator", 100),
        (1, "submitted", "violet-system", "member", 100),
    ]
    assert [(event["version"], event["stage"]) for event in await service.events()] == [
        (1, "submitted"), (2, "approved"), (3, "submitted")
    ]  # fmt: skip


async def test_a_returned_report_is_sent_again_changed(service: ServiceClient) -> None:
    row = report()
    id = await given(service, **row)
    assert (await one(service, decision(id, "returned")))["status"] == "returned"
    await service.post({**row, "people": {"total": 90}})
    assert await state(service, id) == (3, "submitted")
    assert [(version["stage"], version["comment"]) for version in await versions(service, id)] == [
        ("submitted", None), ("returned", WHY), ("submitted", None)
    ]  # fmt: skip
    assert (await one(service, decision(id, version=3)))["version"] == 4


async def test_a_returned_report_is_sent_again_as_it_is_with_an_answer_to_the_reviewer(service: ServiceClient) -> None:
    id = await given(service)
    await one(service, decision(id, "returned"))
    answer = await submit(service, id, '"v2"', json={"comment": "Two camps share the name."})
    assert (answer.status_code, answer.json()) == (200, {"id": id, "version": 3, "stage": "submitted"})
    assert answer.headers["etag"] == '"v3"'
    first, returned, again = await service.events()
    assert again == {**returned, "version": 3, "stage": "submitted"} == {**first, "version": 3}
    newest = (await versions(service, id))[0]
    assert (newest["comment"], newest["by"]) == ("Two camps share the name.", "violet-system")
    queue = await service.client.get("/v1/reports?reviewable=true", headers=service.bearer("coordinator", **WASH))
    assert [item["submission_comment"] for item in queue.json()["items"]] == ["Two camps share the name."]
    assert await service.rows("select details from audit_entry where action = 'report.submit'") == [
        {"details": {"version": 2}}
    ]


@pytest.mark.parametrize(
    ("match", "status", "code"),
    [(None, 428, "version_missing"), ('"v1"', 412, "version_mismatch"), ("x", 412, "version_mismatch")],
)
async def test_sending_again_names_the_version_that_was_read(
    service: ServiceClient, match: str | None, status: int, code: str
) -> None:
    id = await given(service)
    await one(service, decision(id, "returned"))
    answer = await submit(service, id, match)
    assert (answer.status_code, answer.json()["code"], await state(service, id)) == (status, code, (2, "returned"))


async def test_only_a_returned_report_is_sent_again_as_it_is(service: ServiceClient) -> None:
    id = await given(service)
    answer = await submit(service, id, "*")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_returned")
    await one(service, decision(id))
    assert (await submit(service, id, '"v2"')).status_code == 409


@pytest.mark.parametrize(
    ("role", "claims", "status"),
    [
        ("member", {"organisation_id": IHSAN}, 403),
        ("coordinator", {"sectors": ["SHL"], "areas": ["SY07"]}, 403),
        ("coordinator", {"sectors": ["WSH"], "areas": ["SY07"]}, 200),
        ("secretariat", {}, 200),
        ("hub", {"areas": ["SY07"]}, 403),
    ],
)
async def test_who_may_send_a_report_may_send_it_again(
    service: ServiceClient, role: str, claims: dict[str, Any], status: int
) -> None:
    id = await given(service)
    await one(service, decision(id, "returned"))
    assert (await submit(service, id, "*", role, claims=claims)).status_code == status


async def test_a_severe_report_is_not_there_to_be_sent_again_by_others(service: ServiceClient) -> None:
    id = await given(service, sector="PRO-GBV")
    await one(service, decision(id, "returned"), "secretariat")
    for role, claims in (
        ("member", {"organisation_id": IHSAN}),
        ("coordinator", {"sectors": ["PRO-GBV"], "areas": ["SY07"]}),
    ):
        answer = await submit(service, id, "*", role, claims=claims)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (await submit(service, id, "*")).status_code == 200


async def test_an_approval_is_taken_back_by_returning_the_report(service: ServiceClient) -> None:
    id = await given(service)
    await one(service, decision(id))
    assert (await one(service, decision(id, "returned", 2)))["version"] == 3
    assert why(await one(service, decision(id, "returned", 3))) == ("decision", "not_to_be_reviewed")
    assert why(await one(service, decision(id, "approved", 3))) == ("decision", "not_to_be_reviewed")
    assert await state(service, id) == (3, "returned")


async def test_nobody_reviews_a_report_of_their_own_organisation(service: ServiceClient) -> None:
    reported = await given(service)
    done = await given(service, implementing_organisation_id=str(IHSAN))
    for id, organisation in ((reported, VIOLET), (done, IHSAN)):
        assert why(await one(service, decision(id), organisation_id=organisation)) == ("report_id", "own_report")
        own = await one(service, decision(id, override_reason=OVERRIDE), "secretariat", organisation_id=organisation)
        assert why(own) == ("report_id", "own_report")
        assert await state(service, id) == (1, "submitted")


@pytest.mark.parametrize("sector", ["WSH", "HEA"])
async def test_nobody_reviews_what_they_sent_for_others(service: ServiceClient, sector: str) -> None:
    claims = {**WASH, "sectors": ["WSH", "HEA"]}
    id = await given(service, "coordinator", claims, sector=sector, organisation_id=str(VIOLET))
    assert why(await one(service, decision(id), **claims)) == ("report_id", "sent_by_you")
    assert (await one(service, decision(id), **{**claims, "subject": "wash-deputy"}))["status"] == "approved"


async def test_outside_its_sectors_and_areas_a_working_group_decides_nothing(service: ServiceClient) -> None:
    ids = [await given(service, sector="SHL"), await given(service, area="SY020400")]
    for id in ids:
        assert why(await one(service, decision(id))) == ("report_id", "outside_your_scope")
        assert await state(service, id) == (1, "submitted")


@pytest.mark.parametrize("sector", ["PRO-GBV", "PRO-CPN"])
async def test_severe_reports_are_not_there_for_a_working_group_and_reviewed_by_the_secretariat(
    service: ServiceClient, sector: str
) -> None:
    id = await given(service, sector=sector)
    protection: dict[str, Any] = {"sectors": ["PRO", "PRO-GBV", "PRO-CPN"]}
    unseen = await one(service, decision(id), **protection)
    assert unseen == {**await one(service, decision(str(uuid4())), **protection), "row": 1}
    assert why(unseen) == ("report_id", "not_found")
    assert (await one(service, decision(id), "secretariat"))["status"] == "approved"
    [version, _] = await versions(service, id, "secretariat")
    assert (version["reviewed_as"], version["override_reason"]) == ("secretariat", None)


async def test_severe_reports_are_the_secretariats_even_where_their_sector_has_a_working_group(
    service: ServiceClient,
) -> None:
    children = next(each for each in registry() if isinstance(each, SectorChanged) and each.code == "PRO-CPN")
    await service.announce(children.model_copy(update={"version": 2, "has_working_group": True}))
    id = await given(service, sector="PRO-CPN")
    queue = await service.client.get("/v1/reports?reviewable=true", headers=service.bearer("secretariat"))
    assert [item["id"] for item in queue.json()["items"]] == [id]
    assert (await one(service, decision(id), "secretariat"))["status"] == "approved"
    await service.announce(children.model_copy(update={"version": 3}))


@pytest.mark.parametrize("fields", [{"sector": "HEA"}, {"area": "SY020400"}, {"area": "SY"}])
async def test_the_secretariat_reviews_what_no_working_group_can(
    service: ServiceClient, fields: dict[str, Any]
) -> None:
    id = await given(service, **fields)
    assert (await one(service, decision(id, override_reason="not needed"), "secretariat"))["status"] == "approved"
    [row] = await service.rows("select reviewed_as, override_reason from report where id = $1::uuid", id)
    assert row == {"reviewed_as": "secretariat", "override_reason": None}


async def test_the_secretariat_says_why_it_decides_in_place_of_a_working_group(service: ServiceClient) -> None:
    id = await given(service)
    assert why(await one(service, decision(id), "secretariat")) == ("override_reason", "belongs_to_working_group")
    assert why(await one(service, decision(id, override_reason=" "), "secretariat"))[1] == "belongs_to_working_group"
    assert (await one(service, decision(id, override_reason=OVERRIDE), "secretariat"))["status"] == "approved"
    [audited] = await service.rows("select details from audit_entry where action = 'report.review'")
    assert audited["details"]["override_reason"] == OVERRIDE
    assert (await versions(service, id))[0]["override_reason"] == OVERRIDE


async def test_an_area_belongs_to_a_working_group_from_the_day_its_scope_starts(service: ServiceClient) -> None:
    [day] = await service.rows("select (now() at time zone 'Asia/Damascus')::date as today")
    tomorrow = day["today"] + timedelta(days=2)
    try:
        for version, active_from, refused in ((2, tomorrow, False), (3, day["today"], True)):
            await service.announce(scope("aleppo", "SY02", active_from, version))
            id = await given(service, area="SY020400")
            assert bool((await one(service, decision(id), "secretariat"))["errors"]) is refused
    finally:
        await service.announce(scope("aleppo", "SY02", None, 4))


async def test_of_two_reviewers_at_once_exactly_one_decides(service: ServiceClient) -> None:
    id = await given(service)
    answers = await asyncio.gather(
        one(service, decision(id)),
        one(service, decision(id, "returned"), subject="wash-deputy"),
    )
    won = [answer for answer in answers if answer["status"] != "rejected"]
    [lost] = [answer for answer in answers if answer["status"] == "rejected"]
    assert (len(won), won[0]["version"], why(lost)) == (1, 2, ("version", "version_mismatch"))
    assert await state(service, id) == (2, won[0]["status"])
    assert len(await service.events()) == 2


async def test_a_reviewer_waits_for_another_and_sees_what_they_decided(service: ServiceClient) -> None:
    ids = [await given(service) for _ in range(5)]

    def decisions(decided: str) -> list[tuple[int, NewDecision]]:
        return [(row, NewDecision.model_validate(decision(id, decided))) for row, id in enumerate(ids, start=1)]

    first, second = (Principal(name, Role.COORDINATOR, None, ("WSH",), ("SY07",)) for name in ("first", "second"))
    async with service.database.transaction() as tx:
        await commands.review_reports(tx, first, decisions("approved"))

        async def late() -> list[Any]:
            async with service.database.transaction() as other:
                return await commands.review_reports(other, second, decisions("returned")[::-1])

        waiting = asyncio.create_task(late())
        await asyncio.sleep(0.3)
        assert not waiting.done()
    outcomes = await waiting
    assert {error.code for outcome in outcomes for error in outcome.errors} == {"version_mismatch"}
    assert {await state(service, id) for id in ids} == {(2, "approved")}


async def test_reviewing_and_sending_the_same_reports_at_once_never_waits_in_a_ring(service: ServiceClient) -> None:
    rows = [report() for _ in range(300)]
    results = (await service.post(rows)).json()["results"]
    sender = Sender("violet-system", Role.MEMBER, VIOLET)
    group = Principal("wash", Role.COORDINATOR, None, ("WSH",), ("SY07",))

    async def send(turn: int) -> None:
        changed = [{**row, "people": {"total": turn}} for row in rows[::-1]]
        sent, _ = validated(list(enumerate(changed, start=1)))
        async with service.database.transaction() as tx:  # without the edge, which would try again
            await submit_reports(tx, sent, sender, b"secret")

    async def decide() -> None:
        made = [NewDecision.model_validate(decision(result["id"])) for result in results]
        async with service.database.transaction() as tx:
            await commands.review_reports(tx, group, list(enumerate(made, start=1)))

    await asyncio.gather(send(1), decide(), send(2))
    told: dict[str, list[int]] = {}
    for event in await service.events():
        told.setdefault(event["id"], []).append(event["version"])
    assert len(told) == 300
    for id, numbers in told.items():
        assert numbers == list(range(1, len(numbers) + 1))
        assert (await state(service, id))[0] == len(numbers)


async def test_a_report_that_changed_since_it_was_read_is_not_decided_on(service: ServiceClient) -> None:
    row = report()
    id = await given(service, **row)
    await service.post({**row, "people": {"total": 7}})
    result = await one(service, decision(id))
    assert (why(result), await state(service, id)) == (("version", "version_mismatch"), (2, "submitted"))


async def test_each_decision_is_taken_or_refused_by_itself(service: ServiceClient) -> None:
    good, own, twice = [await given(service) for _ in range(3)]
    rows = [
        decision(good),
        {"report_id": "x", "version": 1, "decision": "approved"},
        decision(own, "returned", comment=None),
        decision(twice),
        decision(twice, "returned"),
        decision(str(uuid4())),
        7,
        {**decision(good), "stage": "approved"},
    ]
    answer = await review(service, rows)
    results = answer.json()["results"]
    assert (answer.status_code, answer.json()["accepted"], answer.json()["rejected"]) == (207, 2, 6)
    assert [result["row"] for result in results] == list(range(1, 9))
    refused = {r["row"]: (r["errors"][0].get("field"), r["errors"][0]["code"]) for r in results if r["errors"]}
    assert refused == {
        2: ("report_id", "not_an_id"),
        3: ("comment", "missing"),
        5: ("report_id", "decided_twice"),
        6: ("report_id", "not_found"),
        7: (None, "malformed_row"),
        8: ("stage", "unknown_field"),
    }


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("version", True, "not_whole"),
        ("version", 0, "too_small"),
        ("version", 2**63, "too_large"),
        ("version", 10**4000, None),
        ("version", "1", "not_whole"),
        ("decision", "submitted", "not_a_choice"),
        ("comment", "a\x00b", "invalid_text"),
        ("comment", "a\ud800b", "invalid_text"),
        ("comment", "x" * 5001, "text_too_long"),
        ("comment", {"a": 1}, "not_text"),
        ("override_reason", "x" * 5001, "text_too_long"),
    ],
)
async def test_a_bad_decision_is_refused_with_its_field(
    service: ServiceClient, field: str, value: Any, code: str | None
) -> None:
    id = await given(service)
    # Lone surrogates and huge numbers: orjson writes none.
    content = json.dumps({**decision(id), field: value}).encode()
    headers = {**service.bearer("coordinator", **WASH), "Content-Type": "application/json"}
    answer = await service.client.post("/v1/reviews", content=content, headers=headers)
    assert 400 <= answer.status_code < 500
    if code:
        assert why(answer.json()["results"][0]) == (field, code)
    assert await state(service, id) == (1, "submitted")


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"[]", 422, "no_rows"),
        (b"{", 400, "malformed_body"),
        (b"[" + b"{}," * 10_000 + b"{}]", 413, "too_many_rows"),
    ],
)
async def test_a_request_without_decisions_or_with_too_many(
    service: ServiceClient, content: bytes, status: int, code: str
) -> None:
    headers = {**service.bearer("coordinator", **WASH), "Content-Type": "application/json"}
    answer = await service.client.post("/v1/reviews", content=content, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_thousands_are_approved_at_once_as_lines_and_each_is_told(service: ServiceClient) -> None:
    results = (await service.post([report() for _ in range(2500)])).json()["results"]
    lines = b"\n".join(orjson.dumps(decision(result["id"])) for result in results)
    headers = {**service.bearer("coordinator", **WASH), "Content-Type": "application/x-ndjson"}
    answer = await service.client.post("/v1/reviews", content=lines, headers=headers)
    assert (answer.status_code, answer.json()["accepted"]) == (200, 2500)
    assert await service.rows("select stage, version, count(*) from report group by 1, 2") == [
        {"stage": "approved", "version": 2, "count": 2500}
    ]
    for table, where in (("event", "version = 2"), ("audit_entry", "action = 'report.review'"),
                         ("report_version", "row ->> 'stage' = 'submitted'")):  # fmt: skip
        assert await service.rows(f"select count(*) from {table} where {where}") == [{"count": 2500}]


async def test_the_same_request_again_is_answered_and_not_done_again(service: ServiceClient) -> None:
    id = await given(service)
    headers = {**service.bearer("coordinator", **WASH), "Idempotency-Key": str(uuid4())}
    first, second = [await service.client.post("/v1/reviews", json=decision(id), headers=headers) for _ in range(2)]
    assert (first.content, second.headers["idempotency-replayed"]) == (second.content, "true")
    assert await state(service, id) == (2, "approved")


QUEUES: list[tuple[str, dict[str, Any]]] = [
    ("coordinator", WASH),
    ("coordinator", {**WASH, "organisation_id": VIOLET}),
    ("coordinator", {**WASH, "sectors": ["PRO", "PRO-GBV"], "areas": ["SY02", "C4126"]}),
    ("coordinator", {**WASH, "sectors": ["WSH", "HEA"], "areas": ["SY"]}),
    ("coordinator", {**WASH, "subject": "violet-system"}),
    ("coordinator", {**WASH, "areas": []}),
    ("secretariat", {"subject": "office"}),
    ("secretariat", {"subject": "office", "organisation_id": VIOLET}),
    ("secretariat", {"subject": "violet-system"}),
]


@pytest.mark.parametrize(("role", "claims"), QUEUES)
async def test_the_queue_holds_just_what_its_reader_may_decide(
    service: ServiceClient, role: str, claims: dict[str, Any]
) -> None:
    rows = [
        report(sector=sector, area=area, implementing_organisation_id=implementer)
        for sector in ("WSH", "HEA", "PRO", "PRO-GBV")
        for area in ("SY", "C4126", "SY020400")
        for implementer in (None, str(IHSAN))
    ]
    results = (await service.post(rows)).json()["results"]
    settled = await given(service, organisation_id=str(VIOLET))
    await review(service, decision(settled), subject="another")
    await service.post(report(organisation_id=str(IHSAN)), "secretariat", subject="office")
    headers = service.bearer(role, **claims)
    listed = await service.client.get("/v1/reports?reviewable=true&first=500", headers=headers)
    queue = {item["id"]: item["version"] for item in listed.json()["items"]}
    internal = {"columns": ["id"], "filter": {"reviewable": True}, "first": 500}
    columns = await service.client.post("/internal/reports/query", json=internal, headers=headers)
    assert set(columns.json()["columns"]["id"]) == set(queue)
    everything = [result["id"] for result in results]
    everything += [
        str(row["id"]) for row in await service.rows("select id from report") if str(row["id"]) not in everything
    ]
    answer = await review(service, [decision(id, version=queue.get(id, 1)) for id in everything], role, **claims)
    taken = {result["id"] for result in answer.json()["results"] if result["status"] == "approved"}
    assert taken == set(queue)


@pytest.mark.parametrize(("role", "claims"), [("member", {"organisation_id": VIOLET}), ("hub", {"areas": ["SY07"]})])
async def test_who_reviews_nothing_has_an_empty_queue(
    service: ServiceClient, role: str, claims: dict[str, Any]
) -> None:
    await given(service)
    listed = await service.client.get("/v1/reports?reviewable=true", headers=service.bearer(role, **claims))
    assert listed.json()["items"] == []


@pytest.mark.parametrize(
    ("role", "claims", "sees"),
    [
        ("member", {"organisation_id": VIOLET}, True),
        ("member", {"organisation_id": IHSAN}, False),
        ("coordinator", WASH, True),
        ("coordinator", {**WASH, "sectors": ["SHL"]}, False),
        ("hub", {"areas": ["SY07"]}, False),
        ("secretariat", {}, True),
    ],
)
async def test_who_wrote_what_is_between_the_owner_its_reviewers_and_the_secretariat(
    service: ServiceClient, role: str, claims: dict[str, Any], sees: bool
) -> None:
    id = await given(service, site_name="Canary Hospital", area="C4126")
    await one(service, decision(id, "returned", comment="Canary remark"))
    headers = service.bearer(role, **claims)
    for path in (f"/v1/reports/{id}", "/v1/reports", f"/v1/reports/{id}/versions"):
        text = (await service.client.get(path, headers=headers)).text
        assert '"returned"' in text
        for secret in ("Canary remark", "Canary Hospital", "C4126", "violet-system", '"wash"'):
            assert (secret in text) is sees, (path, secret)


async def test_a_version_that_was_severe_stays_hidden_when_the_report_no_longer_is(service: ServiceClient) -> None:
    row = report(sector="PRO-GBV")
    id = await given(service, **row)
    await service.post({**row, "sector": "PRO"})
    protection = {"sectors": ["PRO"], "areas": ["SY07"]}
    lowered = {"sensitivity": "moderate", "reason": "It was another sector's from the start"}
    headers = {**service.bearer("secretariat"), "If-Match": '"v2"'}
    assert (
        await service.client.post(f"/v1/reports/{id}/sensitivity", json=lowered, headers=headers)
    ).status_code == 200
    assert [version["version"] for version in await versions(service, id, "coordinator", **protection)] == [3]
    assert [version["version"] for version in await versions(service, id)] == [3, 2, 1]
    await service.post({**row, "sector": "PRO-CPN"})
    hidden = await service.client.get(f"/v1/reports/{id}/versions", headers=service.bearer("coordinator", **protection))
    assert hidden.status_code == 404


async def test_versions_come_in_pages(service: ServiceClient) -> None:
    row = report()
    id = await given(service, **row)
    for total in range(5):
        await service.post({**row, "people": {"total": total}})
    seen, path = [], f"/v1/reports/{id}/versions?first=4"
    while path:
        page = (await service.client.get(path, headers=service.bearer())).json()
        seen += [version["version"] for version in page["items"]]
        path = page["next"] and f"/v1/reports/{id}/versions?first=4&after={page['next']}"
    assert seen == [6, 5, 4, 3, 2, 1]
    forged = await service.client.get(f"/v1/reports/{uuid4()}/versions?after=x", headers=service.bearer())
    assert (forged.status_code, forged.json()["code"]) == (400, "invalid_cursor")


async def test_looking_at_versions_with_sensitive_data_is_audited(service: ServiceClient) -> None:
    id = await given(service)
    await versions(service, id, "secretariat")
    await versions(service, id, "member", organisation_id=IHSAN)
    looks = await service.rows("select subject, object, details from audit_entry where action = 'reports.look'")
    assert looks == [{"subject": "secretariat-client", "object": f"report:{id}", "details": {"versions": 1}}]


async def test_a_review_is_a_change_since(service: ServiceClient) -> None:
    reviewed, _ = await given(service), await given(service)
    [moment] = await service.rows("select clock_timestamp() as now")
    await one(service, decision(reviewed))
    since = moment["now"].isoformat()
    listed = await service.client.get("/v1/reports", params={"updated_since": since}, headers=service.bearer())
    assert [UUID(item["id"]) for item in listed.json()["items"]] == [UUID(reviewed)]
