"""A chain of messages: it has one end, and that reaches everyone its beginning reached, in order and once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from alerts.deliveries.domain import LADDER, come_back_after

from .listening import heard, live_door
from .receiving import Receiver, due_now, postman, receiving, settled, until

PLACES = ("SY", "SY07", "SY0700", "SY070004", "SY02", "SY0200")


def soon(**ahead: float) -> str:
    return (datetime.now(UTC) + timedelta(**ahead)).isoformat()


def after(earlier: dict[str, Any], kind: str = "Update", **changes: Any) -> dict[str, Any]:
    """A message that goes on with an earlier one."""
    return {"message_type": kind, "references": [earlier["identifier"]], **changes}


@pytest.fixture
async def live(alerts: Any) -> AsyncIterator[Any]:
    async with live_door(alerts) as client:
        yield client


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as made:
        yield made


async def refused(alerts: Any, who: str = "member", **changes: Any) -> tuple[int, str, str]:
    answer = await alerts.issue(who, **changes)
    problem = answer.json()
    return answer.status_code, problem["errors"][0]["code"], problem["errors"][0]["detail"]


# Whom an end reaches.


async def test_an_end_of_lesser_severity_reaches_whom_the_beginning_reached(
    alerts: Any, live: Any, receiver: Receiver
) -> None:
    await alerts.subscribed(url=receiver.url("severe"), filter={"severities": ["Severe"]})
    await alerts.subscribed(url=receiver.url("minor"), filter={"severities": ["Minor"]})
    await alerts.subscribed(url=receiver.url("extreme"), filter={"severities": ["Extreme"]})
    async with postman(alerts), heard(live, alerts, params={"severity": "Severe"}) as stream:
        first = await alerts.issued()
        assert (await stream.alert())["id"] == first["id"]
        await settled(alerts)
        cancel = await alerts.issued(**after(first, "Cancel", severity="Minor"))
        told = await stream.alert()
        assert (told["id"], told["supersedes"]) == (cancel["id"], [first["id"]])
        await settled(alerts, count=3)
    assert [one["id"] for one in receiver.alerts("severe")] == [first["id"], cancel["id"]]
    assert [one["id"] for one in receiver.alerts("minor")] == [cancel["id"]]
    assert receiver.alerts("extreme") == []


@pytest.mark.parametrize(
    ("wish", "moved"),
    [
        ({"areas": ["SY070004"]}, {"areas": ["SY0200"]}),
        ({"sectors": ["WSH"]}, {"sectors": ["SHL"]}),
        ({"severities": ["Severe"]}, {"severity": "Unknown"}),
        ({"country": "SY", "areas": ["SY07"], "sectors": ["WSH"]}, {"areas": ["SY02"], "sectors": ["SHL"]}),
    ],
)
async def test_an_update_that_moves_away_is_told_and_so_is_the_end_after_it(
    alerts: Any, live: Any, wish: Any, moved: Any
) -> None:
    made = await alerts.subscribed(filter=wish)
    names = {"areas": "area", "sectors": "sector", "severities": "severity", "country": "country"}
    async with heard(live, alerts, params={names[name]: value for name, value in wish.items()}) as stream:
        first = await alerts.issued(sectors=["WSH"])
        assert (await stream.alert())["id"] == first["id"]
        update = await alerts.issued(**after(first, sectors=["WSH"]) | moved)
        assert (await stream.alert())["id"] == update["id"]
        cancel = await alerts.issued(**after(update, "Cancel", sectors=["WSH"]) | moved)
        assert (await stream.alert())["id"] == cancel["id"]
        ids = [first["id"], update["id"], cancel["id"]]
    assert sorted(one["alert_id"] for one in await alerts.deliveries(made)) == sorted(ids)


async def test_a_hub_hears_that_what_it_was_told_has_moved_away(alerts: Any, live: Any) -> None:
    async with heard(live, alerts, "hub") as stream, heard(live, alerts, "far_hub") as far:
        first = await alerts.issued()
        assert (await stream.alert())["id"] == first["id"]
        update = await alerts.issued(**after(first, areas=["SY0200"]))
        assert (await stream.alert())["id"] == (await far.alert())["id"] == update["id"]
        cancel = await alerts.issued(**after(update, "Cancel", areas=["SY0200"]))
        assert (await stream.alert())["id"] == (await far.alert())["id"] == cancel["id"]
    assert (await alerts.read("hub", cancel["id"])).status_code == 200
    assert (await alerts.read("far_hub", first["id"])).status_code == 404
    assert {row["id"] for row in await alerts.listed("hub")} == {first["id"], update["id"], cancel["id"]}


async def test_a_subscription_that_was_changed_meanwhile_is_told_the_end(alerts: Any, receiver: Receiver) -> None:
    made = await alerts.subscribed(url=receiver.url("changed"))
    async with postman(alerts):
        first = await alerts.issued()
        await settled(alerts)
    changed = await alerts.door.patch(
        f"/v1/subscriptions/{made['id']}",
        json={"filter": {"areas": ["SY02"]}},
        headers={**alerts.bearer("member"), "If-Match": "*"},
    )
    assert changed.status_code == 200
    cancel = await alerts.issued(**after(first, "Cancel"))
    assert {one["alert_id"] for one in await alerts.deliveries(made)} == {first["id"], cancel["id"]}
    await alerts.issued()
    assert len(await alerts.deliveries(made)) == 2


async def test_who_paused_after_the_beginning_is_told_the_end_when_they_go_on(alerts: Any, receiver: Receiver) -> None:
    made = await alerts.subscribed(url=receiver.url("paused"))

    async def change(state: str) -> None:
        headers = {**alerts.bearer("member"), "If-Match": "*"}
        answer = await alerts.door.patch(f"/v1/subscriptions/{made['id']}", json={"state": state}, headers=headers)
        assert answer.status_code == 200

    async with postman(alerts):
        first = await alerts.issued()
        await settled(alerts)
        await change("paused")
        missed = await alerts.issued()
        cancel = await alerts.issued(**after(first, "Cancel"))
        await asyncio.sleep(1.2)
        assert len(receiver.alerts("paused")) == 1
        await change("active")
        await settled(alerts, count=2)
    assert [one["id"] for one in receiver.alerts("paused")] == [first["id"], cancel["id"]]
    assert missed["id"] not in {one["id"] for one in receiver.alerts("paused")}


async def test_who_comes_back_is_told_the_end_and_not_what_it_took_the_place_of(alerts: Any, live: Any) -> None:
    wanted = {"severity": "Severe"}
    async with heard(live, alerts, params=wanted) as stream:
        first = await alerts.issued()
        seen = (await stream.alert())["number"]
    update = await alerts.issued(**after(first, severity="Minor"))
    cancel = await alerts.issued(**after(update, "Cancel", severity="Minor"))
    later = await alerts.issued()
    async with heard(live, alerts, params=wanted, headers={"Last-Event-ID": str(seen)}) as stream:
        end = await stream.alert()
        assert (end["id"], set(end["supersedes"])) == (cancel["id"], {first["id"], update["id"]})
        assert (await stream.alert())["id"] == later["id"]


# A chain has one end.


async def test_who_goes_on_with_a_superseded_message_is_told_the_last_one(alerts: Any) -> None:
    first = await alerts.issued()
    update = await alerts.issued(**after(first))
    for kind in ("Update", "Cancel"):
        status, code, detail = await refused(alerts, **after(first, kind))
        assert (status, code) == (409, "reference_superseded")
        assert update["identifier"] in detail
    assert [row["id"] for row in await alerts.listed(active=True)] == [update["id"]]
    cancel = await alerts.issued(**after(update, "Cancel", references=[first["identifier"], update["identifier"]]))
    assert await alerts.listed(active=True) == []
    assert (await alerts.read("member", first["id"])).json()["superseded_by"] == update["id"]
    assert (await alerts.read("member", update["id"])).json()["superseded_by"] == cancel["id"]


async def test_what_was_cancelled_is_over(alerts: Any) -> None:
    first = await alerts.issued()
    cancel = await alerts.issued(**after(first, "Cancel"))
    assert (await refused(alerts, **after(cancel)))[:2] == (409, "reference_cancelled")
    assert (await refused(alerts, **after(first)))[:2] == (409, "reference_superseded")
    assert len(await alerts.events()) == 2


async def test_one_message_can_end_several_alerts(alerts: Any) -> None:
    first, second = await alerts.issued(), await alerts.issued(areas=["SY0200"])
    update = await alerts.issued(**after(first))
    cancel = await alerts.issued(
        message_type="Cancel", references=[update["identifier"], second["identifier"]], severity="Minor"
    )
    assert set(cancel["supersedes"]) == {first["id"], update["id"], second["id"]}
    assert await alerts.listed(active=True) == []


async def test_of_two_who_end_an_alert_at_once_one_does(alerts: Any) -> None:
    first = await alerts.issued()
    both = await asyncio.gather(*(alerts.issue(**after(first, kind)) for kind in ("Cancel", "Update")))
    won, lost = sorted(both, key=lambda answer: answer.status_code)
    assert (won.status_code, lost.status_code, lost.json()["code"]) == (201, 409, "reference_superseded")
    assert won.json()["identifier"] in lost.json()["detail"]
    assert (await alerts.read("member", first["id"])).json()["superseded_by"] == won.json()["id"]
    assert len(await alerts.events()) == 2


async def test_an_end_can_not_leave_out_who_was_reached(alerts: Any, id_of: Any) -> None:
    amal, bunyan, cedar = (str(id_of(name)) for name in ("Amal", "Bunyan", "Cedar"))
    for_all = await alerts.issued()
    private = after(for_all, "Cancel", scope="Private", addresses=[cedar])
    assert (await refused(alerts, **private))[:2] == (422, "scope_narrower")
    first = await alerts.issued(scope="Private", addresses=[bunyan, cedar])
    narrower = after(first, "Cancel", scope="Private", addresses=[cedar])
    status, code, detail = await refused(alerts, **narrower)
    assert (status, code) == (422, "addressee_left_out")
    assert bunyan in detail
    by_others = after(first, "Cancel", scope="Private", addresses=[bunyan, cedar])
    assert (await refused(alerts, "secretariat", **by_others))[1] == "addressee_left_out"
    assert (await alerts.issue("secretariat", **by_others | {"addresses": [amal, bunyan, cedar]})).status_code == 201


@pytest.mark.parametrize("kind", ["Alert", "Update"])
async def test_what_has_expired_on_arrival_is_refused(alerts: Any, kind: str) -> None:
    first = await alerts.issued()
    went_by = {"sent": soon(hours=-3), "expires": soon(minutes=-1)}
    message = went_by if kind == "Alert" else after(first, **went_by)
    assert (await refused(alerts, **message))[:2] == (422, "expired_on_arrival")
    assert len(await alerts.events()) == 1


async def test_a_repeat_of_what_has_expired_meanwhile_is_still_that_alert(alerts: Any) -> None:
    sent, expires = soon(hours=-1), soon(seconds=4)
    first = await alerts.issued(identifier="flood-8", sent=sent, expires=expires)
    await asyncio.sleep(4.1)
    again = await alerts.issue(identifier="flood-8", sent=sent, expires=expires)
    assert (again.status_code, again.json()["id"]) == (200, first["id"])


# Webhooks: in order, and nothing that is over as if it were new.


async def test_what_was_superseded_while_it_waited_is_not_delivered(alerts: Any, receiver: Receiver) -> None:
    made = await alerts.subscribed(url=receiver.url("down"))
    receiver.answers["down"] = [503]
    async with postman(alerts):
        first = await alerts.issued()
        await until(lambda: alerts.rows("select from delivery where last_status = 503"))
        cancel = await alerts.issued(**after(first, "Cancel"))
        await settled(alerts)
        await due_now(alerts)
        later = await alerts.issued()
        await settled(alerts, count=2)
    assert [one["id"] for one in receiver.alerts("down")] == [first["id"], cancel["id"], later["id"]]
    states = {one["alert_id"]: (one["state"], one["last_failure"]) for one in await alerts.deliveries(made)}
    assert states[first["id"]] == ("dropped", "superseded")


async def test_what_was_superseded_before_it_was_sent_is_not_sent(alerts: Any, receiver: Receiver) -> None:
    await alerts.subscribed(url=receiver.url("late"))
    first = await alerts.issued()
    cancel = await alerts.issued(**after(first, "Cancel"))
    async with postman(alerts):
        await settled(alerts)
    assert [one["id"] for one in receiver.alerts("late")] == [cancel["id"]]


async def test_an_update_waits_for_its_alert_and_nothing_else_does(alerts: Any, receiver: Receiver) -> None:
    await alerts.subscribed(url=receiver.url("never"))
    async with postman(alerts):
        first = await alerts.issued()
        await until(lambda: _arrived(receiver, "never", 1))
        update = await alerts.issued(**after(first))
        other = await alerts.issued()
        await until(lambda: _arrived(receiver, "never", 2))
        await asyncio.sleep(1.5)  # longer than the worker waits before it looks again
        assert [one["id"] for one in receiver.alerts("never")] == [first["id"], other["id"]]
        receiver.never.set()
        await settled(alerts, count=3)
    assert [one["id"] for one in receiver.alerts("never")] == [first["id"], other["id"], update["id"]]


async def _arrived(receiver: Receiver, path: str, count: int) -> bool:
    return len(receiver.seen.get(path, [])) >= count


async def test_an_attempt_that_fails_after_its_alert_was_superseded_is_not_made_again(
    alerts: Any, receiver: Receiver
) -> None:
    made = await alerts.subscribed(url=receiver.url("never"))
    receiver.answers["never"] = [500]
    async with postman(alerts):
        first = await alerts.issued()
        await until(lambda: _arrived(receiver, "never", 1))
        cancel = await alerts.issued(**after(first, "Cancel"))
        receiver.never.set()
        await settled(alerts)
    assert [one["id"] for one in receiver.alerts("never")] == [first["id"], cancel["id"]]
    assert [one["state"] for one in await alerts.deliveries(made)] == ["delivered", "dropped"]


async def test_what_is_sent_again_is_the_same_though_other_languages_are_asked_for(
    alerts: Any, receiver: Receiver
) -> None:
    made = await alerts.subscribed(url=receiver.url("words"), filter={"languages": ["ar"]})
    receiver.answers["words"] = [500]
    async with postman(alerts):
        await alerts.issued()
        await until(lambda: alerts.rows("select from delivery where last_status = 500"))
        changed = await alerts.door.patch(
            f"/v1/subscriptions/{made['id']}",
            json={"filter": {"languages": ["en"]}},
            headers={**alerts.bearer("member"), "If-Match": "*"},
        )
        assert changed.status_code == 200
        await due_now(alerts)
        await settled(alerts)
    (headers, body), (again, same) = receiver.seen["words"]
    assert (headers["webhook-id"], body) == (again["webhook-id"], same)


@pytest.mark.parametrize("form", ["seconds", "date"])
async def test_a_receiver_says_when_to_come_back(alerts: Any, receiver: Receiver, form: str) -> None:
    await alerts.subscribed(url=receiver.url("busy"))
    later = format_datetime(datetime.now(UTC) + timedelta(minutes=30), usegmt=True)
    receiver.headers = {"Retry-After": "1800" if form == "seconds" else later}
    receiver.answers["busy"] = [429]
    async with postman(alerts):
        await alerts.issued()
        await until(lambda: alerts.rows("select from delivery where last_status = 429"))
    [row] = await alerts.rows("select due_at - now() as left from delivery")
    assert timedelta(minutes=28) < row["left"] <= timedelta(minutes=30)


@pytest.mark.parametrize(
    ("header", "pause"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("0", timedelta()),
        ("99999999999999", timedelta(seconds=999999999)),
        ("Sun, 01 Mar 2026 00:00:30 GMT", timedelta(seconds=30)),
        ("Sat, 28 Feb 2026 00:00:00 GMT", timedelta()),
        ("Sun, 01 Mar 2026 00:00:30", None),
        ("Sun, 99 Mar 99999 00:00:30 GMT", None),
    ],
)
def test_retry_after_is_read_as_http_writes_it(header: str | None, pause: timedelta | None) -> None:
    assert come_back_after(header, datetime(2026, 3, 1, tzinfo=UTC)) == pause


async def test_a_receiver_that_asks_for_years_is_asked_again_within_the_longest_pause(
    alerts: Any, receiver: Receiver
) -> None:
    await alerts.subscribed(url=receiver.url("busy"))
    receiver.headers, receiver.answers["busy"] = {"Retry-After": "999999999"}, [503]
    async with postman(alerts):
        await alerts.issued()
        await until(lambda: alerts.rows("select from delivery where last_status = 503"))
    [row] = await alerts.rows("select state, due_at - now() as left from delivery")
    assert (row["state"], row["left"] <= LADDER.pauses[-1]) == ("due", True)


# Which alerts concern a place.


async def test_which_alerts_concern_a_place_is_the_same_at_every_door(alerts: Any, live: Any) -> None:
    made = {place: await alerts.subscribed(filter={"areas": [place]}) for place in PLACES}
    issued = {place: (await alerts.issued(areas=[place]))["id"] for place in PLACES}
    for place in PLACES:
        concern = {issued[other] for other in PLACES if other.startswith(place) or place.startswith(other)}
        assert {row["id"] for row in await alerts.listed(area=place)} == concern, place
        assert {one["alert_id"] for one in await alerts.deliveries(made[place])} == concern, place
        async with heard(live, alerts, params={"area": place}, headers={"Last-Event-ID": "0"}) as stream:
            assert {(await stream.alert())["id"] for _ in concern} == concern, place


async def test_an_alert_for_every_sector_is_listed_for_each(alerts: Any) -> None:
    for_all, shelter = await alerts.issued(), await alerts.issued(sectors=["SHL"])
    assert [row["id"] for row in await alerts.listed(sector="WSH")] == [for_all["id"]]
    assert {row["id"] for row in await alerts.listed(sector="SHL")} == {for_all["id"], shelter["id"]}


@pytest.mark.parametrize(
    ("asked", "code", "field"),
    [
        ({"area": "SY99"}, "unknown_area", "area"),
        ({"area": ["SY07", "SY99"]}, "unknown_area", "area"),
        ({"sector": ["WSH", "XYZ"]}, "unknown_sector", "sector"),
        ({"country": "AF"}, "unknown_country", "country"),
    ],
)
async def test_a_stream_of_what_nobody_knows_is_refused_by_name(
    alerts: Any, live: Any, asked: Any, code: str, field: str
) -> None:
    answer = await live.get("/v1/alerts/stream", params=asked, headers=alerts.bearer("member"))
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["code"], error["field"]) == (422, code, field)


# Clients that come back by the address.


async def test_places_in_the_address_give_way_to_newer_ones(alerts: Any, live: Any) -> None:
    ids = [(await alerts.issued())["id"] for _ in range(4)]
    ways: list[tuple[dict[str, str], dict[str, str], int]] = [
        ({"lastEventId": "1"}, {}, 1),
        ({"last_event_id": "1", "lastEventId": "2", "_": "1719"}, {}, 2),
        ({"last_event_id": "1", "lastEventId": "2", "r": "0.25"}, {"Last-Event-ID": "3"}, 3),
    ]
    for params, headers, seen in ways:
        async with heard(live, alerts, params=params, headers=headers) as stream:
            assert (await stream.alert())["id"] == ids[seen]
    answer = await live.get("/v1/alerts/stream", params={"lastEventID": "1"}, headers=alerts.bearer("member"))
    assert answer.status_code == 422
