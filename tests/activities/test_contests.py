"""An organisation that another names as implementer hears of it and may contest it; a reviewer settles."""

from typing import Any

import httpx2
import pytest
from activities.reports.columns import COLUMNS
from testkit.small_syria import APPLIED, IHSAN, VIOLET

from .conftest import ServiceClient, report

WHY = "We have no office in Idleb and never worked there."
SETTLED = "Their field office confirms that they were not there."
WASH: dict[str, Any] = {"subject": "wash", "organisation_id": APPLIED, "sectors": ["WSH"], "areas": ["SY07"]}
NAMED: tuple[str, dict[str, Any]] = ("member", {"organisation_id": IHSAN, "subject": "ihsan"})
TOLD: list[tuple[str, dict[str, Any]]] = [
    ("member", {"organisation_id": VIOLET}),
    NAMED,
    ("coordinator", WASH),
    ("secretariat", {}),
]
OTHERS: list[tuple[str, dict[str, Any]]] = [
    ("member", {"organisation_id": APPLIED, "subject": "new-hope"}),
    ("coordinator", {**WASH, "sectors": ["SHL"]}),
    ("hub", {"areas": ["SY07"]}),
]


def naming(**fields: Any) -> dict[str, Any]:
    return report(**{"implementing_organisation_id": str(IHSAN), **fields})


async def given(service: ServiceClient, row: dict[str, Any], **claims: Any) -> str:
    answer = await service.post(row, **claims)
    [taken] = answer.json()["results"]
    assert taken["status"] in ("created", "updated"), answer.text
    return str(taken["id"])


async def contest(
    service: ServiceClient, id: str, who: tuple[str, dict[str, Any]] = NAMED, match: str = "*", **said: Any
) -> httpx2.Response:
    headers = {**service.bearer(who[0], **who[1]), "If-Match": match}
    return await service.client.post(f"/v1/reports/{id}/contest", json={"reason": WHY, **said}, headers=headers)


async def settle(
    service: ServiceClient, id: str, decision: str, role: str = "coordinator", match: str = "*", **claims: Any
) -> httpx2.Response:
    claims = {**WASH, **claims} if role == "coordinator" else claims
    said = {"decision": decision, "reason": SETTLED}
    headers = {**service.bearer(role, **claims), "If-Match": match}
    return await service.client.post(f"/v1/reports/{id}/contest/settle", json=said, headers=headers)


def outcome(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def seen(service: ServiceClient, id: str, role: str, claims: dict[str, Any]) -> list[dict[str, Any]]:
    """The row through every door: by itself, in the list, by its changes, as each version, and for the gateway."""
    headers = service.bearer(role, **claims)
    one = (await service.client.get(f"/v1/reports/{id}", headers=headers)).json()
    [listed] = (await service.client.get("/v1/reports", params={"id": id}, headers=headers)).json()["items"]
    await service.caught_up()
    changed = (await service.client.get("/v1/reports?changes_after=start", headers=headers)).json()["items"]
    versions = (await service.client.get(f"/v1/reports/{id}/versions", headers=headers)).json()["items"]
    query = {"columns": list(COLUMNS), "filter": {"id": id}}
    asked = (await service.client.post("/internal/reports/query", json=query, headers=headers)).json()["columns"]
    told = {name: values[0] for name, values in asked.items()}
    following = [row for row in changed if row["id"] == id]
    assert following
    return [one, listed, told, *following, *(version["report"] for version in versions)]


async def implementers(service: ServiceClient, id: str, role: str, claims: dict[str, Any]) -> set[str | None]:
    return {row["implementer_id"] for row in await seen(service, id, role, claims)}


async def told(service: ServiceClient, id: str) -> list[str | None]:
    """The implementer of each version that was published."""
    return [
        event["implementer"] and event["implementer"]["id"] for event in await service.events() if event["id"] == id
    ]


async def test_who_is_named_by_another_finds_those_reports_and_no_others(service: ServiceClient) -> None:
    named = await given(service, naming())
    await given(service, report())
    await given(service, naming(), organisation_id=IHSAN, subject="ihsan")
    await given(service, naming(sector="PRO-GBV"))
    await given(service, report(implementing_organisation="Nobody Knows"))
    wanted: list[tuple[str, dict[str, Any], list[str]]] = [
        (*NAMED, [named]), ("member", {}, []), ("secretariat", {}, [])
    ]  # fmt: skip
    for role, claims, expected in wanted:
        headers = service.bearer(role, **claims)
        listed = await service.client.get("/v1/reports?named_as_implementer=true", headers=headers)
        query = {"columns": ["id"], "filter": {"named_as_implementer": True}}
        asked = await service.client.post("/internal/reports/query", json=query, headers=headers)
        assert [row["id"] for row in listed.json()["items"]] == expected
        assert asked.json()["columns"]["id"] == expected


async def test_who_is_named_follows_the_naming_and_hears_when_it_ends(service: ServiceClient) -> None:
    row = naming()
    id = await given(service, row)
    headers = service.bearer(NAMED[0], **NAMED[1])
    path = "/v1/reports?named_as_implementer=true&changes_after="
    await service.caught_up()
    page = (await service.client.get(f"{path}start", headers=headers)).json()
    assert [item["id"] for item in page["items"]] == [id]
    await given(service, {**row, "implementing_organisation_id": str(APPLIED)})
    await service.caught_up()
    page = (await service.client.get(f"{path}{page['position']}", headers=headers)).json()
    assert [(item["id"], item.get("gone")) for item in page["items"]] == [(id, True)]


async def test_a_contest_withholds_the_name_from_others_in_rows_versions_and_events(service: ServiceClient) -> None:
    id = await given(service, naming())
    for role, claims in (*TOLD, *OTHERS):
        assert await implementers(service, id, role, claims) == {str(IHSAN)}
    answer = await contest(service, id, match='"v1"')
    assert (answer.status_code, answer.headers["etag"]) == (200, '"v2"')
    assert answer.json() == {"id": id, "version": 2, "implementer_contest": "open"}
    for role, claims in TOLD:
        rows = await seen(service, id, role, claims)
        assert {row["implementer_id"] for row in rows} == {str(IHSAN)}
        assert (rows[0]["implementer_contest"], rows[0]["contest_reason"], rows[0]["contested_by"]) == (
            "open", WHY, "ihsan"
        )  # fmt: skip
    for role, claims in OTHERS:
        rows = await seen(service, id, role, claims)
        assert {row["implementer_id"] for row in rows} == {None}
        assert rows[0]["implementer_contest"] == "open"
        assert {(row["contest_reason"], row["contested_by"]) for row in rows} == {(None, None)}
    assert await told(service, id) == [str(IHSAN), None]
    [audited] = await service.rows("select subject, object, details from audit_entry where action = 'report.contest'")
    assert (audited["subject"], audited["object"]) == ("ihsan", f"report:{id}")
    assert audited["details"] == {"reason": WHY, "version": 1}


@pytest.mark.parametrize(("decision", "shown"), [("upheld", None), ("dismissed", str(IHSAN))])
@pytest.mark.parametrize(("role", "by"), [("coordinator", "wash"), ("secretariat", "secretariat-client")])
async def test_a_reviewer_settles_it(
    service: ServiceClient, decision: str, shown: str | None, role: str, by: str
) -> None:
    id = await given(service, naming())
    await contest(service, id)
    answer = await settle(service, id, decision, role, match='"v2"')
    assert answer.json() == {"id": id, "version": 3, "implementer_contest": decision}
    for who in OTHERS:
        assert await implementers(service, id, *who) == {shown}
    assert await told(service, id) == [str(IHSAN), None, shown]
    [own, *_] = await seen(service, id, *NAMED)
    assert (own["implementer_id"], own["contest_settled_by"], own["contest_settlement"]) == (str(IHSAN), by, SETTLED)
    [audited] = await service.rows("select details from audit_entry where action = 'report.contest.settle'")
    assert audited["details"] == {"decision": decision, "reason": SETTLED, "version": 2}
    assert outcome(await settle(service, id, "upheld", role)) == (409, "no_open_contest")
    assert outcome(await contest(service, id)) == (409, "contested_already")


async def test_reviewers_find_what_is_contested(service: ServiceClient) -> None:
    open_one, upheld, _ = [await given(service, naming()) for _ in range(3)]
    for id in (open_one, upheld):
        await contest(service, id)
    await settle(service, upheld, "upheld")
    for state, expected in (("open", [open_one]), ("upheld", [upheld]), ("dismissed", [])):
        listed = await service.client.get(
            f"/v1/reports?implementer_contest={state}", headers=service.bearer("coordinator", **WASH)
        )
        assert [row["id"] for row in listed.json()["items"]] == expected


@pytest.mark.parametrize(
    ("who", "refused"),
    [
        (("member", {"organisation_id": VIOLET}), (403, "not_named")),
        (("member", {"organisation_id": APPLIED}), (403, "not_named")),
        (("member", {"organisation_id": None}), (403, "not_named")),
        (("coordinator", WASH), (403, "not_named")),
        (("secretariat", {}), (403, "not_permitted")),
        (("hub", {"areas": ["SY07"]}), (403, "not_permitted")),
    ],
)
async def test_only_who_is_named_contests(
    service: ServiceClient, who: tuple[str, dict[str, Any]], refused: tuple[int, str]
) -> None:
    id = await given(service, naming())
    for _ in range(2):  # nor does anybody learn from the refusal whether it is contested
        assert outcome(await contest(service, id, who)) == refused
        await contest(service, id)


async def test_a_coordinator_of_the_named_organisation_contests_too(service: ServiceClient) -> None:
    id = await given(service, naming())
    assert (await contest(service, id, ("coordinator", {**WASH, "organisation_id": IHSAN}))).status_code == 200


async def test_naming_oneself_is_not_contested(service: ServiceClient) -> None:
    id = await given(service, naming(), organisation_id=IHSAN, subject="ihsan")
    assert outcome(await contest(service, id)) == (403, "not_named")


async def test_a_severe_report_is_not_there_for_who_is_named_in_it(service: ServiceClient) -> None:
    id = await given(service, naming(sector="PRO-GBV"))
    unknown = await contest(service, "00000000-0000-7000-8000-00000000ffff")
    assert outcome(await contest(service, id)) == outcome(unknown) == (404, "not_found")


@pytest.mark.parametrize(
    ("role", "claims", "refused"),
    [
        ("coordinator", {"organisation_id": IHSAN}, (403, "own_report")),
        ("coordinator", {"organisation_id": VIOLET}, (403, "own_report")),
        ("coordinator", {"sectors": ["SHL"]}, (403, "outside_your_scope")),
        ("coordinator", {"areas": ["SY02"]}, (403, "outside_your_scope")),
        ("secretariat", {"organisation_id": IHSAN}, (403, "own_report")),
        ("member", NAMED[1], (403, "not_permitted")),
        ("member", {"organisation_id": VIOLET}, (403, "not_permitted")),
    ],
)
async def test_only_a_reviewer_settles(
    service: ServiceClient, role: str, claims: dict[str, Any], refused: tuple[int, str]
) -> None:
    id = await given(service, naming())
    await contest(service, id)
    assert outcome(await settle(service, id, "dismissed", role, **claims)) == refused
    assert await implementers(service, id, *OTHERS[0]) == {None}


async def test_nothing_is_settled_that_nobody_contests(service: ServiceClient) -> None:
    id = await given(service, naming())
    assert outcome(await settle(service, id, "upheld")) == (409, "no_open_contest")


async def test_another_version_is_refused(service: ServiceClient) -> None:
    id = await given(service, naming())
    assert outcome(await contest(service, id, match='"v2"')) == (412, "version_mismatch")
    await contest(service, id, match='"v1"')
    assert outcome(await settle(service, id, "upheld", match='"v1"')) == (412, "version_mismatch")


@pytest.mark.parametrize("reason", ["too short", "   short    ", None, 7, "x" * 5001, "a\x00bcdefghijklm", ""])
async def test_a_contest_has_a_reason(service: ServiceClient, reason: Any) -> None:
    id = await given(service, naming())
    answer = await contest(service, id, reason=reason)
    assert answer.status_code == 422, answer.text
    assert await told(service, id) == [str(IHSAN)]


@pytest.mark.parametrize("settled", [None, "upheld", "dismissed"])
async def test_sent_again_with_the_same_implementer_it_stays_contested(
    service: ServiceClient, settled: str | None
) -> None:
    row = naming()
    id = await given(service, row)
    await contest(service, id)
    if settled:
        await settle(service, id, settled)
    await given(service, {**row, "people": {"total": 120}})
    shown = str(IHSAN) if settled == "dismissed" else None
    assert await implementers(service, id, *OTHERS[0]) == {shown}
    assert (await told(service, id))[-1] == shown
    [own, *_] = await seen(service, id, *TOLD[0])
    assert (own["implementer_contest"], own["contest_reason"]) == (settled or "open", WHY)


async def test_a_review_leaves_it_contested(service: ServiceClient) -> None:
    id = await given(service, naming())
    await contest(service, id)
    decision = {"report_id": id, "version": 2, "decision": "approved"}
    answer = await service.client.post("/v1/reviews", json=decision, headers=service.bearer("coordinator", **WASH))
    assert answer.status_code == 200, answer.text
    assert (await told(service, id))[-1] is None
    assert await implementers(service, id, *OTHERS[0]) == {None}


@pytest.mark.parametrize("named", [str(APPLIED), None])
async def test_sent_again_with_another_implementer_the_contest_ends_and_its_versions_stay_withheld(
    service: ServiceClient, named: str | None
) -> None:
    row = naming()
    id = await given(service, row)
    await contest(service, id)
    changed = {name: value for name, value in row.items() if name != "implementing_organisation_id"}
    await given(service, {**changed, **({"implementing_organisation_id": named} if named else {})})
    rows = await seen(service, id, *OTHERS[2])
    assert [(row["implementer_id"], row["implementer_contest"]) for row in rows[-3:]] == [
        (named, None), (None, "open"), (None, None)
    ]  # fmt: skip
    assert (rows[0]["contested_at"], rows[0]["contest_reason"]) == (None, None)
    assert await told(service, id) == [str(IHSAN), None, named]


async def test_lists_of_contests_are_found_by_an_index(service: ServiceClient) -> None:
    indexes = {
        "report_by_implementer": f"implementer_id = '{IHSAN}'",
        "report_by_contest": "implementer_contest = 'open'",
    }
    async with service.database.transaction() as tx:
        await tx.execute("set local enable_seqscan = off; set local enable_sort = off")
        for index, condition in indexes.items():
            plan = await tx.fetch(f"explain select id from report where {condition} order by month desc, id limit 2")
            assert index in str(plan)
