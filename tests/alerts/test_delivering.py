"""Deliveries on real sockets: what arrives, what is tried again, and that nobody waits for anybody else."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from alerts.alerts import store as alert_store
from alerts.deliveries import job, store
from alerts.deliveries.domain import LADDER, Delivery, DeliveryState, ReceiverAnswer, outcome_of
from alerts.deliveries.job import DeliveryWorker
from alerts.deliveries.sending import WebhookSender
from alerts.main import SERVICE
from alerts.subscriptions import store as subscription_store
from contracts.identities import Grant, IdentityChanged
from contracts.organisations import OrganisationChanged, OrganisationStatus
from contracts.values import Names
from database import new_id
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError
from testkit.service_clients import settings_of

from .receiving import Receiver, due_now, postman, receiving, settled, until

SQUARE = "35.111111,36.222222 35.2,36.222222 35.2,36.3 35.111111,36.222222"


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as made:
        yield made


async def test_an_alert_arrives_signed_and_without_places(alerts: Any, receiver: Receiver) -> None:
    made = await alerts.subscribed("secretariat", url=receiver.url("a"), filter={"languages": ["ar"]})
    async with postman(alerts):
        issued = await alerts.issued(polygons=[SQUARE], area_description="خلف المدرسة")
        await settled(alerts)
    [(headers, body)] = receiver.seen["a"]
    content = Webhook(made["secret"]).verify(body, headers)
    assert content["type"] == "alert.issued"
    assert (content["data"]["id"], content["data"]["number"]) == (issued["id"], 1)
    assert content["data"]["info"] == {"ar": issued["info"]["ar"]}
    assert content["data"]["link"].endswith(f"/api/alerts/v1/alerts/{issued['id']}")
    assert not {"polygons", "circles", "area_description", "override_reason"} & set(content["data"])
    assert "35.111" not in body.decode()
    [told] = await alerts.deliveries(made)
    assert (told["state"], told["attempts"], told["last_status"]) == ("delivered", 1, 204)
    assert told["message_id"] == headers["webhook-id"]


async def test_a_ping_arrives(alerts: Any, receiver: Receiver) -> None:
    made = await alerts.subscribed(url=receiver.url("p"))
    async with postman(alerts):
        answer = await alerts.door.post(f"/v1/subscriptions/{made['id']}/test", headers=alerts.bearer("member"))
        await settled(alerts)
    [(headers, body)] = receiver.seen["p"]
    assert Webhook(made["secret"]).verify(body, headers)["type"] == "ping"
    assert headers["webhook-id"] == answer.json()["message_id"]


async def test_what_fails_is_sent_again_with_the_same_id_and_bytes(alerts: Any, receiver: Receiver) -> None:
    made = await alerts.subscribed(url=receiver.url("flaky"))
    receiver.answers["flaky"] = [500, 302]
    async with postman(alerts):
        first = await alerts.issued()
        for status in (500, 302):
            await until(lambda status=status: _answered(alerts, status))
            await alerts.issued()
            await due_now(alerts)
        await settled(alerts, count=3)
    mine = [(h, b) for h, b in receiver.seen["flaky"] if orjson.loads(b)["data"]["id"] == first["id"]]
    assert len({headers["webhook-id"] for headers, _ in mine}) == len({body for _, body in mine}) == 1
    assert len(mine) >= 2
    assert len({headers["webhook-id"] for headers, _ in receiver.seen["flaky"]}) == 3
    [subscription] = await alerts.rows("select state, failing_since from subscription")
    assert tuple(subscription) == ("active", None)
    assert {one["state"] for one in await alerts.deliveries(made)} == {"delivered"}


async def _answered(alerts: Any, status: int) -> bool:
    """Whether this answer is written: what is under way still gets its due time then."""
    return bool(
        await alerts.rows(
            "select from delivery where number = 1 and (state = 'delivered' or last_status = $1)",
            status,
        )
    )


async def test_gone_ends_the_subscription_and_drops_what_waits(alerts: Any, receiver: Receiver) -> None:
    made = await alerts.subscribed(url=receiver.url("gone"))
    receiver.answers["gone"] = [410]
    async with postman(alerts):
        await alerts.issued()
        await settled(alerts, "dropped")
    assert (await alerts.rows("select state, reason from subscription")) == [("ended", "gone")]
    await alerts.issued()
    assert len(await alerts.deliveries(made)) == 1
    headers = {**alerts.bearer("member"), "If-Match": "*"}
    answer = await alerts.door.patch(f"/v1/subscriptions/{made['id']}", json={"state": "active"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "subscription_ended")


async def test_failing_for_days_pauses_and_says_so(alerts: Any, receiver: Receiver) -> None:
    made = await alerts.subscribed(url=receiver.url("down"))
    receiver.answers["down"] = [503]
    await alerts.issued()
    async with alerts.database.transaction() as tx:
        await tx.execute("update delivery set issued_at = now() - interval '3 days'")
        await tx.execute("update subscription set failing_since = now() - interval '3 days'")
    async with postman(alerts):
        await settled(alerts, "failed")
    answer = await alerts.door.get(f"/v1/subscriptions/{made['id']}", headers=alerts.bearer("member"))
    assert (answer.json()["state"], answer.json()["reason"], answer.json()["version"]) == ("paused", "failing", 2)


async def test_a_right_that_ended_meanwhile_stops_the_delivery(alerts: Any, receiver: Receiver) -> None:
    await alerts.subscribed("hub", url=receiver.url("hub"))
    await alerts.issued()
    await alerts.hear(
        IdentityChanged(version=1, subject="hub", kind="client", grants=(Grant(role="hub", areas=("SY02",)),))
    )
    async with postman(alerts):
        [dropped] = await settled(alerts, "dropped")
    assert dropped["last_failure"] == "right_ended"
    assert receiver.seen == {}


async def test_after_a_rotation_both_secrets_verify(alerts: Any, receiver: Receiver) -> None:
    made = await alerts.subscribed(url=receiver.url("r"))
    answer = await alerts.door.post(f"/v1/subscriptions/{made['id']}/rotate", headers=alerts.bearer("member"))
    new = answer.json()["secret"]
    assert answer.headers["cache-control"] == "no-store"
    assert new != made["secret"]
    async with postman(alerts):
        await alerts.issued()
        await settled(alerts)
        async with alerts.database.transaction() as tx:
            await tx.execute("update subscription set earlier_secret_until = now()")
        await alerts.issued()
        await settled(alerts, count=2)
    (headers, body), (later, later_body) = receiver.seen["r"]
    for secret in (made["secret"], new):
        Webhook(secret).verify(body, headers)
    Webhook(new).verify(later_body, later)
    with pytest.raises(WebhookVerificationError):
        Webhook(made["secret"]).verify(later_body, later)


async def test_what_a_dead_worker_had_taken_is_sent_by_the_next(alerts: Any, receiver: Receiver) -> None:
    await alerts.subscribed(url=receiver.url("x"))
    await alerts.issued()
    async with alerts.database.transaction() as tx:
        assert len(await store.take_due(tx, [], most=10, each=4)) == 1
    async with alerts.database.transaction() as tx:
        assert await store.take_due(tx, [], most=10, each=4) == []  # while the lease lasts it is nobody else's
    await due_now(alerts)
    async with postman(alerts):
        [row] = await settled(alerts)
    assert (row["attempts"], len(receiver.seen["x"])) == (2, 1)


async def test_a_failing_subscription_is_tried_one_at_a_time(alerts: Any) -> None:
    failing, healthy = await alerts.subscribed(), await alerts.subscribed("other_member")
    for _ in range(3):
        await alerts.issued()
    async with alerts.database.transaction() as tx:
        await tx.execute("update subscription set failing_since = now() where id = $1", failing["id"])
        taken = Counter(str(one.subscription_id) for one in await store.take_due(tx, [], most=10, each=2))
    assert taken == {failing["id"]: 1, healthy["id"]: 2}


async def test_a_suspension_meanwhile_stops_the_delivery(alerts: Any, receiver: Receiver, id_of: Any) -> None:
    await alerts.subscribed(url=receiver.url("amal"))
    await alerts.issued("other_member")
    await alerts.hear(
        OrganisationChanged(
            version=2, id=id_of("Amal"), names=Names(en="Amal"), type_code="441", status=OrganisationStatus.SUSPENDED
        )
    )
    async with postman(alerts):
        [dropped] = await settled(alerts, "dropped")
    assert (dropped["last_failure"], receiver.seen) == ("right_ended", {})


async def test_what_became_of_a_delivery_is_forgotten_after_a_month(alerts: Any) -> None:
    made = await alerts.subscribed()
    old, waiting, recent = [(await alerts.issued())["id"] for _ in range(3)]
    async with alerts.database.transaction() as tx:
        month_ago = "update delivery set issued_at = now() - interval '31 days', state = $2 where alert_id = $1"
        await tx.execute(month_ago, old, "delivered")
        await tx.execute(month_ago, waiting, "due")
    before = datetime.now(UTC) - timedelta(days=30)
    await alerts.database.run(lambda tx: store.forget_old(tx, before))
    assert {one["alert_id"]: one["state"] for one in await alerts.deliveries(made)} == {
        recent: "due",
        waiting: "dropped",
    }


async def test_two_workers_send_each_delivery_once(alerts: Any, receiver: Receiver) -> None:
    for _ in range(3):
        await alerts.subscribed(url=receiver.url("twice"))
    async with postman(alerts), postman(alerts):
        for _ in range(10):
            await alerts.issued()
        await settled(alerts, count=30)
    ids = [headers["webhook-id"] for headers, _ in receiver.seen["twice"]]
    assert len(ids) == len(set(ids)) == 30


async def test_others_get_it_while_a_tenth_never_answers(
    alerts: Any, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The dead ones would hold all room there is, if theirs were not bounded.
    monkeypatch.setattr(job, "AT_ONCE", 120)
    async with alerts.database.transaction() as tx:
        template = await alerts.subscribed(url=receiver.url("template"))
        await tx.execute(
            """
            insert into subscription select gen_random_uuid(), version, created_at, changed_at, subject, role,
                organisation_id, areas, sectors, $2 || case when n % 10 = 0 then 'never' else 'quick' end || n,
                description, wanted_country, wanted_areas, wanted_sectors, wanted_severities, wanted_statuses,
                languages, state, reason, failing_since, secret
              from subscription, generate_series(1, 200) as n where id = $1
            """,
            template["id"],
            receiver.url(""),
        )
        await tx.execute("delete from subscription where id = $1", template["id"])
    async with postman(alerts):
        for _ in range(3):
            await alerts.issued()
        await settled(alerts, count=180 * 3)
        waiting = await alerts.rows("select s.url from delivery as d join subscription as s on s.id = d.subscription_id"
                                    " where d.state = 'due'")  # fmt: skip
        receiver.never.set()
    assert {"never" in row["url"] for row in waiting} == {True}
    assert all(len(receiver.seen[f"quick{n}"]) == 3 for n in range(1, 200) if n % 10)


@given(st.integers(1, 40), st.floats(0, 1), st.integers(0, 80 * 3600), st.sampled_from([None, 200, 299, 302, 404, 500]))
def test_attempts_end_within_three_days_and_never_come_at_once(
    attempts: int, chance: float, age: int, status: int | None
) -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    delivery = Delivery(
        new_id(), new_id(), None, now - timedelta(seconds=age), attempts, "", (), (), False, True, False, None
    )
    outcome = outcome_of(delivery, ReceiverAnswer(status, None if status else "timeout"), now, lambda: chance)
    if status in (200, 299):
        assert outcome.state is DeliveryState.DELIVERED
    elif outcome.state is DeliveryState.DUE:
        assert LADDER.pauses[0] * 0.7 < outcome.due_at - now < LADDER.pauses[-1] * 1.3
        assert outcome.due_at <= delivery.issued_at + timedelta(days=3)
    else:
        assert outcome.state is DeliveryState.FAILED
        assert age > (timedelta(days=3) - LADDER.pauses[-1] * 1.3).total_seconds()


async def test_a_worker_that_stops_finishes_what_is_under_way(alerts: Any, receiver: Receiver) -> None:
    await alerts.subscribed(url=receiver.url("never"))
    async with postman(alerts):
        await alerts.issued()
        await until(lambda: _arrived(receiver, "never"))
        receiver.never.set()
    [row] = await alerts.rows("select state from delivery")
    assert row["state"] == "delivered"


async def _arrived(receiver: Receiver, path: str) -> bool:
    with contextlib.suppress(KeyError):
        return bool(receiver.seen[path])
    return False


async def test_worker_that_can_not_write_outcomes_ends_instead_of_sending_for_nothing(
    alerts: Any, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> None:
        raise RuntimeError("no outcome can be written")

    monkeypatch.setattr(store, "settle", broken)
    await alerts.subscribed(url=receiver.url("x"))
    await alerts.issued()
    with pytest.RaisesGroup(RuntimeError):
        async with asyncio.timeout(10), WebhookSender(loopback=True) as sender:
            settings = settings_of(SERVICE, alerts.url, webhooks_to_loopback=True)
            await DeliveryWorker(alerts.database, settings, sender).run(asyncio.Event())


async def test_numbers_become_visible_in_their_order_and_without_gaps(alerts: Any) -> None:
    class Undone(Exception):
        """The first one to issue fails after all."""

    with contextlib.suppress(Undone):
        async with alerts.database.transaction() as tx:
            number = await alert_store.next_number(tx)
            second = asyncio.create_task(alerts.issued())
            await asyncio.sleep(0.3)
            assert not second.done()
            raise Undone
    issued = await second
    assert await alerts.rows("select id::text, number from alert") == [(issued["id"], number)]


async def test_removing_a_subscription_neither_delays_nor_breaks_an_alert(alerts: Any, receiver: Receiver) -> None:
    made = await alerts.subscribed(url=receiver.url("removed"))
    kept = await alerts.subscribed(url=receiver.url("kept"))
    async with alerts.database.transaction() as tx:
        await subscription_store.delete(tx, made["id"])
        await asyncio.wait_for(alerts.issued(), 9)
    async with postman(alerts):
        await settled(alerts)
        await asyncio.sleep(0.2)
    assert set(receiver.seen) == {"kept"}
    assert [one["state"] for one in await alerts.deliveries(kept)] == ["delivered"]


async def test_a_change_of_a_subscription_does_not_hold_up_an_alert(alerts: Any, receiver: Receiver) -> None:
    made = await alerts.subscribed(url=receiver.url("x"))
    async with alerts.database.transaction() as tx:
        await tx.fetch("select from subscription where id = $1 for update", made["id"])
        await asyncio.wait_for(alerts.issued(), 9)
    assert len(await alerts.deliveries(made)) == 1
