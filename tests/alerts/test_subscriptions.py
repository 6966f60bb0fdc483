"""Subscribing: what is kept and told, what is refused, and whose rights it stands on."""

import asyncio
import base64
from typing import Any
from uuid import UUID

import pytest
from contracts.identities import Grant, IdentityChanged
from contracts.organisations import OrganisationChanged, OrganisationStatus
from contracts.values import Names

from .conftest import ASKING

URL = "https://hooks.example.org/alerts"


async def ask(alerts: Any, method: str, path: str = "", who: str = "member", **sent: Any) -> Any:
    headers = {**alerts.bearer(who), "Accept-Language": "en", **sent.pop("headers", {})}
    return await alerts.door.request(method, f"/v1/subscriptions{path}", headers=headers, **sent)


async def test_the_secret_is_told_once_and_kept_sealed(alerts: Any) -> None:
    answer = await ask(alerts, "POST", json={"url": URL}, headers={"Idempotency-Key": "one"})
    made = answer.json()
    assert (answer.status_code, answer.headers["cache-control"]) == (201, "no-store")
    assert answer.headers["location"] == f"/v1/subscriptions/{made['id']}"
    assert len(base64.b64decode(made["secret"].removeprefix("whsec_"))) == 32
    assert (made["state"], made["rights_ended"], made["filter"]["statuses"]) == ("active", False, ["Actual"])
    read = await ask(alerts, "GET", f"/{made['id']}")
    assert "secret" not in read.json()
    listed = (await ask(alerts, "GET")).json()["items"]
    assert [one["id"] for one in listed] == [made["id"]]
    assert made["secret"] not in str(await alerts.rows("select * from subscription"))
    again = await ask(alerts, "POST", json={"url": URL}, headers={"Idempotency-Key": "one"})
    assert (again.status_code, again.json()["code"]) == (409, "answer_not_kept")
    [entry] = await alerts.rows("select action, object from audit_entry")
    assert tuple(entry) == ("subscription.make", f"subscription:{made['id']}")


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"url": "https://10.0.0.1/"}, "url", "private_address"),
        ({"url": "https://localhost.localdomain.internal/"}, "url", "private_address"),
        ({"url": "http://hooks.example.org/"}, "url", "url_not_taken"),
        ({"url": "https://a:b@hooks.example.org/"}, "url", "url_not_taken"),
        ({"url": "https://hooks.example.org:22/"}, "url", "url_not_taken"),
        ({"url": "https://hooks.example.org/\x00"}, "url", "invalid_text"),
        ({"url": URL + "x" * 3000}, "url", "text_too_long"),
        ({"url": URL, "filter": {"areas": ["SY99"]}}, "filter.areas", "unknown_area"),
        ({"url": URL, "filter": {"country": "AF"}}, "filter.country", "unknown_country"),
        ({"url": URL, "filter": {"sectors": ["XXX"]}}, "filter.sectors", "unknown_sector"),
        ({"url": URL, "filter": {"statuses": ["Draft"]}}, "filter.statuses.0", "not_a_choice"),
        ({"url": URL, "filter": {"statuses": []}}, "filter.statuses", "too_few"),
        ({"url": URL, "extra": 1}, "extra", "unknown_field"),
    ],
)
async def test_bad_subscriptions_name_the_field(alerts: Any, body: Any, field: str, code: str) -> None:
    answer = await ask(alerts, "POST", json=body)
    assert answer.status_code == 422
    assert (field, code) in [(error["field"], error["code"]) for error in answer.json()["errors"]]
    assert await alerts.rows("select from subscription") == []


@pytest.mark.parametrize(
    ("url", "english", "arabic"),
    [
        ("http://hooks.example.org/", "it does not begin with https", "لا يبدأ بـ https"),
        ("https://a:b@hooks.example.org/", "it holds a user name", "فيه اسم مستخدم"),
        ("https://hooks.example.org:22/", "the port is not taken", "المنفذ غير مقبول"),
    ],
)
async def test_what_is_wrong_with_a_url_is_told_in_the_readers_language(
    alerts: Any, url: str, english: str, arabic: str
) -> None:
    for language, fault in (("en", english), ("ar", arabic)):
        answer = await ask(alerts, "POST", json={"url": url}, headers={"Accept-Language": language})
        assert answer.json()["detail"].endswith(f": {fault}."), answer.json()["detail"]


async def test_nobody_has_more_than_fifty(alerts: Any) -> None:
    for _ in range(50):
        await alerts.subscribed()
    answer = await ask(alerts, "POST", json={"url": URL})
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_subscriptions")
    await alerts.subscribed("other_member")
    seen, after = set(), None
    while True:
        page = (await ask(alerts, "GET", params={"first": 20, **({"after": after} if after else {})})).json()
        seen |= {one["id"] for one in page["items"]}
        if (after := page["next"]) is None:
            break
    assert len(seen) == 50


async def test_a_change_is_made_for_the_version_that_was_read(alerts: Any) -> None:
    made = await alerts.subscribed(filter={"sectors": ["WSH"]})
    path = f"/{made['id']}"
    assert (await ask(alerts, "PATCH", path, json={"state": "paused"})).status_code == 428
    paused = await ask(alerts, "PATCH", path, json={"state": "paused"}, headers={"If-Match": '"v1"'})
    assert (paused.json()["state"], paused.json()["reason"], paused.headers["etag"]) == ("paused", "by_holder", '"v2"')
    assert paused.json()["filter"]["sectors"] == ["WSH"]
    late = await ask(alerts, "PATCH", path, json={"state": "active"}, headers={"If-Match": '"v1"'})
    assert (late.status_code, late.json()["code"]) == (412, "version_mismatch")
    walled = await ask(alerts, "PATCH", path, json={"url": "https://[::1]:8443/"}, headers={"If-Match": "*"})
    assert walled.status_code == 200  # the stage allows its own loopback, as development does
    walled = await ask(alerts, "PATCH", path, json={"url": "https://192.168.0.1/"}, headers={"If-Match": "*"})
    assert walled.json()["errors"][0]["code"] == "private_address"
    empty = await ask(alerts, "PATCH", path, json={}, headers={"If-Match": "*"})
    assert empty.json()["code"] == "nothing_to_change"


async def jobs_of(alerts: Any, **changes: Any) -> int:
    """How many deliveries issuing an alert makes."""
    issued = await alerts.issued(**{"who": "other_member", **changes})
    rows = await alerts.rows("select state from delivery where alert_id = $1", issued["id"])
    return len(rows)


@pytest.mark.parametrize(
    ("wish", "alert", "expected"),
    [
        ({}, {}, 1),
        ({"areas": ["SY07"]}, {"areas": ["SY070004"]}, 1),
        ({"areas": ["SY070004"]}, {"areas": ["SY07"]}, 1),
        ({"areas": ["SY02"]}, {"areas": ["SY070004"]}, 0),
        ({"areas": ["SY02"]}, {"areas": ["SY"]}, 1),
        ({"sectors": ["WSH"]}, {"sectors": ["SHL"]}, 0),
        ({"sectors": ["WSH"]}, {"sectors": ["SHL", "WSH"]}, 1),
        ({"sectors": ["WSH"]}, {"sectors": []}, 1),
        ({"severities": ["Extreme"]}, {"severity": "Severe"}, 0),
        ({"severities": ["Severe"]}, {"severity": "Severe"}, 1),
        ({}, {"status": "Exercise"}, 0),
        ({"statuses": ["Exercise"]}, {"status": "Exercise"}, 1),
        ({"statuses": ["Exercise"]}, {}, 0),
        ({"statuses": ["Actual", "Test"]}, {"status": "Draft"}, 0),
    ],
)
async def test_an_alert_makes_a_delivery_where_the_filter_matches(
    alerts: Any, wish: Any, alert: Any, expected: int
) -> None:
    await alerts.subscribed("member", filter=wish)
    assert await jobs_of(alerts, **alert) == expected


async def test_deliveries_are_made_for_those_who_may_read_the_alert(alerts: Any, id_of: Any) -> None:
    everyone = ("member", "other_member", "coordinator", "far_coordinator", "hub", "far_hub", "secretariat")
    holders = {(await alerts.subscribed(who))["id"]: who for who in everyone}
    for changes in ({}, {"areas": ["SY"]}, {"scope": "Private", "addresses": [str(id_of("Bunyan"))]}):
        issued = await alerts.issued(**changes)
        rows = await alerts.rows("select subscription_id from delivery where alert_id = $1", issued["id"])
        told = {holders[str(row["subscription_id"])] for row in rows}
        readers = {who for who in everyone if (await alerts.read(who, issued["id"])).status_code == 200}
        assert told == readers


def identity(*grants: Grant, version: int = 1) -> IdentityChanged:
    return IdentityChanged(version=version, subject="hub", kind="client", grants=grants)


async def test_rights_follow_their_holder(alerts: Any) -> None:
    made = await alerts.subscribed("hub")
    assert await jobs_of(alerts) == 1  # the registry has said nothing of this identity yet
    await alerts.hear(identity(Grant(role="hub", areas=("SY02",))))
    assert (await jobs_of(alerts), await jobs_of(alerts, areas=["SY0200"])) == (0, 1)
    await alerts.hear(identity(Grant(role="member"), version=2))
    assert await jobs_of(alerts, areas=["SY0200"]) == 0
    assert (await ask(alerts, "GET", f"/{made['id']}", "secretariat")).json()["rights_ended"] is True
    await alerts.hear(identity(version=3), identity(Grant(role="hub", areas=("SY07",)), version=2))
    assert await jobs_of(alerts) == 0
    await alerts.hear(identity(Grant(role="hub", areas=("SY07",)), version=4))
    assert await jobs_of(alerts) == 1


async def test_a_suspended_organisation_is_told_nothing(alerts: Any, id_of: Any) -> None:
    await alerts.subscribed("member")
    await alerts.hear(
        OrganisationChanged(
            version=2, id=id_of("Amal"), names=Names(en="Amal"), type_code="441", status=OrganisationStatus.SUSPENDED
        )
    )
    assert await jobs_of(alerts) == 0


async def test_subscriptions_of_an_erased_person_go_with_their_address(alerts: Any) -> None:
    made = await alerts.subscribed("hub", description="Telephone of Rana")
    other = await alerts.subscribed("member")
    assert await jobs_of(alerts) == 2
    await alerts.hear(identity())
    assert (await ask(alerts, "GET", f"/{made['id']}", "secretariat")).json()["rights_ended"] is True
    await alerts.hear(IdentityChanged(version=2, subject="hub", kind="person", erased=True))
    assert (await ask(alerts, "GET", f"/{made['id']}", "secretariat")).status_code == 404
    left = [str(row["id"]) for row in await alerts.rows("select id from subscription")]
    assert left == [str(row["id"]) for row in await alerts.rows("select subscription_id as id from delivery")]
    assert left == [other["id"]]


async def test_an_organisation_has_so_many_subscriptions_whoever_makes_them(
    alerts: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alerts.subscriptions.commands.MOST_OF_ORGANISATION", 3)

    async def made_by(subject: str) -> Any:
        asking = alerts.issuer.bearer(**{**ASKING["member"], "subject": subject})
        return await alerts.door.post("/v1/subscriptions", json={"url": URL}, headers=asking)

    answers = [await made_by("one"), *await asyncio.gather(*(made_by(name) for name in ("two", "three", "four")))]
    assert sorted(answer.status_code for answer in answers) == [201, 201, 201, 409]
    [refused] = [answer.json()["code"] for answer in answers if answer.status_code == 409]
    assert refused == "too_many_of_organisation"
    await alerts.subscribed("other_member")
    await alerts.subscribed("hub")


async def test_what_is_heard_anew_gives_nobody_rights_meanwhile(alerts: Any, id_of: Any) -> None:
    """Between emptying and hearing, a revoked holder would be unknown and a suspended organisation be one of many."""
    await alerts.subscribed("hub")
    await alerts.subscribed("member")
    suspended = OrganisationChanged(
        version=2, id=id_of("Amal"), names=Names(en="Amal"), type_code="441", status=OrganisationStatus.SUSPENDED
    )
    await alerts.hear(identity(), suspended)
    assert await jobs_of(alerts) == 0
    replayed = await alerts.door.post("/v1/operations/replay", headers=alerts.bearer("secretariat"))
    assert replayed.status_code == 202
    assert await jobs_of(alerts) == 0
    await alerts.rows('update identity set grants = \'[{"role": "hub"}]\'')
    await alerts.hear(identity(), suspended)  # the same states once more: what was kept wrongly is mended
    [kept] = await alerts.rows("select grants from identity")
    assert kept["grants"] == []


async def test_a_paused_subscription_gets_no_alerts_but_a_ping(alerts: Any) -> None:
    made = await alerts.subscribed()
    await ask(alerts, "PATCH", f"/{made['id']}", json={"state": "paused"}, headers={"If-Match": "*"})
    assert await jobs_of(alerts) == 0
    for _ in range(5):
        assert (await ask(alerts, "POST", f"/{made['id']}/test")).status_code == 202
    often = await ask(alerts, "POST", f"/{made['id']}/test")
    assert (often.status_code, often.json()["code"], often.headers["retry-after"]) == (429, "tested_too_often", "60")
    assert [one["kind"] for one in await alerts.deliveries(made)] == ["ping"] * 5


async def test_removing_a_subscription_removes_what_was_to_be_sent(alerts: Any) -> None:
    made = await alerts.subscribed()
    assert await jobs_of(alerts) == 1
    assert (await ask(alerts, "DELETE", f"/{made['id']}")).status_code == 204
    assert await alerts.rows("select from delivery") == []
    assert (await ask(alerts, "GET", f"/{made['id']}")).status_code == 404


async def test_numbers_of_alerts_have_no_gaps(alerts: Any) -> None:
    await alerts.issued()
    await alerts.issued(status="Draft")
    assert (await alerts.issue(areas=["SY99"])).status_code == 422
    await alerts.issued()
    rows = await alerts.rows("select number from alert order by number nulls last")
    assert [row["number"] for row in rows] == [1, 2, None]


async def test_a_private_alert_reaches_who_subscribed_for_what_was_merged(alerts: Any, id_of: Any) -> None:
    await alerts.subscribed("other_member")
    own = UUID(str(ASKING["other_member"]["organisation_id"]))
    changed = OrganisationChanged(
        version=2, id=own, names=Names(en="Old"), type_code="441", status=OrganisationStatus.SUSPENDED
    )
    private = {"who": "member", "scope": "Private", "addresses": [str(id_of("Cedar"))]}
    await alerts.hear(changed)
    assert await jobs_of(alerts, **private) == 0
    await alerts.hear(changed.model_copy(update={"version": 3, "merged_into": id_of("Cedar")}))
    assert await jobs_of(alerts, **private) == 1, "it stands for Cedar now, which is not suspended"
    await alerts.hear(changed.model_copy(update={"version": 4, "status": OrganisationStatus.VERIFIED}))
    assert await jobs_of(alerts, **private) == 0
