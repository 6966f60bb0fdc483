"""Who reads what of alerts; canary coordinates turn up nowhere they may not."""

from typing import Any

import pytest
from alerts.alerts.queries import COLUMNS

CANARY = "35.987654,36.123456"
POLYGON = f"{CANARY} 35.99,36.12 35.99,36.13 {CANARY}"
HIGH = {"polygons": [POLYGON], "circles": [f"{CANARY} 0.5"], "area_description": "خلف مدرسة الكناري"}
SECRETS = ("35.987654", "36.123456", "الكناري")


async def seen(alerts: Any, id: str) -> dict[str, int]:
    everyone = ("member", "other_member", "coordinator", "far_coordinator", "hub", "far_hub", "secretariat")
    return {who: (await alerts.read(who, id)).status_code for who in everyone}


async def test_restricted_alerts_are_read_by_responders_and_by_hubs_in_their_areas(alerts: Any) -> None:
    found = await seen(alerts, (await alerts.issued())["id"])
    assert found == {**dict.fromkeys(found, 200), "far_hub": 404}


async def test_an_alert_for_the_country_concerns_every_hub(alerts: Any) -> None:
    found = await seen(alerts, (await alerts.issued(areas=["SY"]))["id"])
    assert set(found.values()) == {200}


async def test_private_alerts_are_read_by_sender_addressees_and_secretariat(alerts: Any, id_of: Any) -> None:
    private = await alerts.issued(scope="Private", addresses=[str(id_of("Bunyan"))])
    found = await seen(alerts, private["id"])
    assert {who for who, status in found.items() if status == 200} == {"member", "other_member", "secretariat"}
    for who, status in found.items():
        assert bool(await alerts.listed(who)) == (status == 200)


async def test_a_hub_finds_what_it_issued_as_coordinator_elsewhere_in_the_list_too(alerts: Any, issuer: Any) -> None:
    id = (await alerts.issued("far_coordinator", areas=["SY0200"]))["id"]
    await alerts.issued(areas=["SY0200"])
    now_a_hub = issuer.bearer(role="hub", areas=["SY07"], subject="wash-aleppo")
    assert (await alerts.door.get(f"/v1/alerts/{id}", headers=now_a_hub)).status_code == 200
    for asked in ({}, {"changes_after": "start"}):
        answer = await alerts.door.get("/v1/alerts", params=asked, headers=now_a_hub)
        assert [row["id"] for row in answer.json()["items"]] == [id]


async def everything(alerts: Any, who: str, id: str) -> str:
    """All that somebody can get to see of alerts."""
    detail = await alerts.read(who, id)
    listed = await alerts.door.get("/v1/alerts", headers=alerts.bearer(who))
    columns = await alerts.door.post(
        "/internal/alerts/query", json={"columns": COLUMNS, "filter": {}}, headers=alerts.bearer(who)
    )
    assert columns.status_code == 200
    return str(detail.text + listed.text + columns.text)


async def test_places_inside_an_area_are_for_sender_coordinator_in_scope_and_secretariat(alerts: Any) -> None:
    issued = await alerts.issued(**HIGH)
    for who in ("member", "coordinator", "secretariat"):
        assert (await alerts.read(who, issued["id"])).json()["polygons"] == [POLYGON]
    for who in ("other_member", "far_coordinator", "hub", "far_hub"):
        found = await everything(alerts, who, issued["id"])
        assert not any(secret in found for secret in SECRETS), who
    told = str(await alerts.events())
    assert not any(secret in told for secret in SECRETS)
    entries = await alerts.rows("select details::text from audit_entry")
    assert not any(secret in str(entries) for secret in SECRETS)


async def test_a_coordinator_sees_no_places_of_an_alert_that_reaches_beyond_their_scope(alerts: Any) -> None:
    wide = await alerts.issued(areas=["SY070004", "SY0200"], **HIGH)
    other_sector = await alerts.issued(sectors=["SHL"], **HIGH)
    for one in (wide, other_sector):
        assert (await alerts.read("coordinator", one["id"])).json()["polygons"] is None


async def test_refusals_quote_no_coordinates(alerts: Any) -> None:
    answer = await alerts.issue(polygons=[f"{CANARY} {CANARY}"], circles=[f"{CANARY};1"])
    assert answer.status_code == 422
    assert not any(secret in answer.text for secret in SECRETS)


async def test_a_look_at_anothers_places_is_audited_and_at_ones_own_is_not(alerts: Any) -> None:
    issued = await alerts.issued(**HIGH)
    plain = await alerts.issued()
    for who, id in (("member", issued["id"]), ("hub", issued["id"]), ("secretariat", plain["id"])):
        await alerts.read(who, id)
    assert await alerts.rows("select from audit_entry where action = 'alert.look'") == []
    await alerts.read("coordinator", issued["id"])
    await alerts.door.post(
        "/internal/alerts/query",
        json={"columns": ["id", "polygons"], "filter": {}},
        headers=alerts.bearer("secretariat"),
    )
    looks = await alerts.rows("select subject, object from audit_entry where action = 'alert.look' order by number")
    assert [tuple(look) for look in looks] == [
        ("wash-idlib", f"alert:{issued['id']}"),
        ("secretariat", f"alert:{issued['id']}"),
    ]


async def test_filters_find_what_they_say(alerts: Any) -> None:
    flood = await alerts.issued(sectors=["WSH"], sent="2026-03-01T08:00:00+03:00")
    storm = await alerts.issued(areas=["SY0200"], severity="Minor", sent="2026-03-02T08:00:00+03:00")
    gone = await alerts.issued(areas=["SY07"], status="Exercise", sent="2026-03-03T08:00:00+03:00")

    async def ids(**filters: Any) -> list[str]:
        return [row["id"] for row in await alerts.listed(**filters)]

    assert await ids() == [storm["id"], flood["id"]]
    assert await ids(area="SY07") == [flood["id"]]
    assert await ids(area="SY07", status="Exercise") == [gone["id"]]
    assert await ids(area="SY070004") == [flood["id"]]
    assert await ids(sector="WSH") == [storm["id"], flood["id"]]  # one that names no sector concerns every sector
    assert await ids(sector="SHL") == [storm["id"]]
    assert await ids(severity="Minor") == [storm["id"]]
    assert await ids(status="Exercise") == [gone["id"]]
    assert await ids(active=True) == [storm["id"], flood["id"]]
    assert await ids(sent_since="2026-03-02T08:00:00+03:00") == [storm["id"]]
    for unknown, code in (("country", "AF"), "unknown_country"), (("area", "SY99"), "unknown_area"):
        refused = await alerts.door.get("/v1/alerts", params=dict([unknown]), headers=alerts.bearer("member"))
        assert (refused.status_code, refused.json()["code"]) == (422, code)


@pytest.mark.parametrize("status", ["Exercise", "Test"])
async def test_drills_come_only_to_those_who_ask_for_them(alerts: Any, status: Any) -> None:
    drill = await alerts.issued(status=status)
    assert await alerts.listed(active=True) == await alerts.listed() == []
    assert [row["id"] for row in await alerts.listed(status=status)] == [drill["id"]]
    assert [row["id"] for row in await alerts.listed(id=drill["id"])] == [drill["id"]]


async def test_pages_hold_every_alert_once(alerts: Any) -> None:
    for _ in range(5):
        await alerts.issued(sent="2026-03-01T08:00:00+03:00")
    whole = [row["id"] for row in await alerts.listed()]
    paged, after = [], None
    while True:
        place: dict[str, str] = {"after": after} if after else {}
        answer = await alerts.door.get("/v1/alerts", params={"first": 2, **place}, headers=alerts.bearer("member"))
        paged += [row["id"] for row in answer.json()["items"]]
        if (after := answer.json()["next"]) is None:
            break
    assert paged == whole
    assert len(set(paged)) == 5


async def test_faulty_questions_are_refused(alerts: Any) -> None:
    answer = await alerts.door.get("/v1/alerts", params={"sent_since": "yesterday"}, headers=alerts.bearer("hub"))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    answer = await alerts.door.get("/v1/alerts/nobody", headers=alerts.bearer("hub"))
    assert answer.status_code == 422
    answer = await alerts.door.post(
        "/internal/alerts/query", json={"columns": ["within"], "filter": {}}, headers=alerts.bearer("hub")
    )
    assert answer.json()["code"] == "unknown_column"
