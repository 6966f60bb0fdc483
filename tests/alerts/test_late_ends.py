"""Ends that come at a bad moment: told privately, paused, refused just then, or taken by a worker that stood still."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from alerts.deliveries import job, store

from .conftest import ASKING, id_of
from .receiving import Receiver, postman, receiving, settled, until
from .test_chains import after


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as made:
        yield made


async def told(alerts: Any, subscription: Any) -> set[str]:
    return {one["alert_id"] for one in await alerts.deliveries(subscription)}


async def change(alerts: Any, made: Any, **body: Any) -> None:
    headers = {**alerts.bearer("member"), "If-Match": "*"}
    answer = await alerts.door.patch(f"/v1/subscriptions/{made['id']}", json=body, headers=headers)
    assert answer.status_code == 200, answer.text


async def test_a_hub_that_was_told_privately_hears_the_end(alerts: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    cedar = id_of("Cedar")
    asking = {"role": "hub", "areas": ["SY02"], "subject": "hc", "organisation_id": cedar}
    monkeypatch.setitem(ASKING, "hub_of_cedar", asking)
    made = await alerts.subscribed("hub_of_cedar")
    first = await alerts.issued(scope="Private", addresses=[str(cedar)])
    cancel = await alerts.issued(**after(first, "Cancel"))
    assert await told(alerts, made) == {first["id"], cancel["id"]}


async def test_an_author_without_organisation_hears_that_the_secretariat_ended_it(alerts: Any) -> None:
    made = await alerts.subscribed("far_coordinator")
    private: dict[str, Any] = {"areas": ["SY0200"], "scope": "Private", "addresses": [str(id_of("Bunyan"))]}
    first = await alerts.issued("far_coordinator", **private)
    cancel = await alerts.issued("secretariat", **after(first, "Cancel", **private))
    assert await told(alerts, made) == {first["id"], cancel["id"]}


async def test_who_paused_while_the_alert_waited_is_told_what_took_its_place(alerts: Any, receiver: Receiver) -> None:
    made = await alerts.subscribed(url=receiver.url("paused"))
    first = await alerts.issued()
    await change(alerts, made, state="paused")
    update = await alerts.issued(**after(first))
    await change(alerts, made, state="active")
    async with postman(alerts):
        await settled(alerts)
    assert [one["id"] for one in receiver.alerts("paused")] == [update["id"]]


async def test_an_attempt_that_fails_while_the_end_is_issued_does_not_hold_it_up(
    alerts: Any, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    await alerts.subscribed(url=receiver.url("never"))
    receiver.answers["never"], receiver.headers = [503], {"Retry-After": "28800"}
    make, late = store.make_deliveries, asyncio.Event()

    async def made_late(tx: Any, id: Any) -> Any:
        if late.is_set():
            receiver.never.set()
            await until(lambda: alerts.rows("select from delivery where last_status = 503"))
        return await make(tx, id)

    async def arrived() -> bool:
        return bool(receiver.seen.get("never"))

    monkeypatch.setattr(store, "make_deliveries", made_late)
    async with postman(alerts):
        first = await alerts.issued()
        await until(arrived)
        late.set()
        cancel = await alerts.issued(**after(first, "Cancel"))
        await settled(alerts)
    assert [one["id"] for one in receiver.alerts("never")] == [first["id"], cancel["id"]]


async def test_a_worker_that_wakes_after_its_lease_sends_no_alert_behind_its_end(
    alerts: Any, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    await alerts.subscribed(url=receiver.url("thaw"))
    wakes, held = asyncio.Event(), asyncio.Event()
    attempt = job.DeliveryWorker._attempt

    async def freezing(self: Any, *taken: Any) -> None:
        if not held.is_set():
            held.set()
            await wakes.wait()
        await attempt(self, *taken)

    monkeypatch.setattr(job.DeliveryWorker, "_attempt", freezing)
    async with postman(alerts):
        first = await alerts.issued()
        await asyncio.wait_for(held.wait(), 20)
        cancel = await alerts.issued(**after(first, "Cancel"))
        async with alerts.database.transaction() as tx:
            await tx.execute("update delivery set due_at = now() where under_way")
        async with postman(alerts):
            await settled(alerts)
        monkeypatch.setattr(job, "TRUSTED_SECONDS", 0.3)
        await asyncio.sleep(0.5)
        wakes.set()
        await asyncio.sleep(1)
    assert [one["id"] for one in receiver.alerts("thaw")] == [cancel["id"]]


async def test_a_cancel_that_comes_late_still_ends_its_alert(alerts: Any) -> None:
    now = datetime.now(UTC)
    first = await alerts.issued()
    late = {"sent": (now - timedelta(hours=2)).isoformat(), "expires": (now - timedelta(minutes=1)).isoformat()}
    assert (await alerts.issue(**after(first, "Cancel", **late))).status_code == 201
    assert await alerts.listed(active=True) == []
