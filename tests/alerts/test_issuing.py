"""Issuing: the answer, the row, the event, and what is refused."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

SQUARE = "35.111111,36.222222 35.2,36.222222 35.2,36.3 35.111111,36.222222"


def soon(hours: int) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


async def test_an_alert_is_stored_told_and_answered(alerts: Any, id_of: Any) -> None:
    issued = await alerts.issued(sectors=["WSH"], expires=soon(6), polygons=[SQUARE], response_types=["Prepare"])
    assert (issued["status"], issued["scope"], issued["message_type"]) == ("Actual", "Restricted", "Alert")
    assert issued["sender"] == f"urn:uuid:{id_of('Amal')}"
    assert issued["identifier"].startswith("2.25.")
    assert "humanitarian responders" in issued["restriction"]
    assert (issued["active"], issued["drill"], issued["organisation_names"]) == (True, False, {"en": "Amal"})
    [row] = await alerts.rows("select * from alert")
    assert (str(row["id"]), row["within"]) == (issued["id"], ["SY", "SY07", "SY0700", "SY070004"])
    [event] = await alerts.events()
    assert (event["id"], event["version"], event["areas"]) == (issued["id"], 1, ["SY070004"])
    assert event["headline"] == {"ar": "سيول في المخيم", "en": "Flood", "tr": None, "ku": None}
    [entry] = await alerts.rows("select action, object from audit_entry")
    assert tuple(entry) == ("alert.issue", f"alert:{issued['id']}")


async def test_a_draft_is_stored_and_told_to_nobody(alerts: Any) -> None:
    draft = await alerts.issued(status="Draft", severity="Extreme")
    assert await alerts.events() == []
    assert (await alerts.read("member", draft["id"])).status_code == 200
    for other in ("other_member", "coordinator", "hub", "secretariat"):
        assert (await alerts.read(other, draft["id"])).status_code == 404
        assert await alerts.listed(other, status="Draft") == []
    assert [row["id"] for row in await alerts.listed("member", status="Draft")] == [draft["id"]]
    assert await alerts.listed("member") == []


@pytest.mark.parametrize("status", ["Exercise", "Test"])
async def test_a_drill_is_marked(alerts: Any, status: Any) -> None:
    issued = await alerts.issued(status=status)
    assert issued["drill"] is True
    assert (await alerts.events())[0]["status"] == status


async def test_extreme_needs_a_second_person_or_a_stated_reason_that_is_audited(alerts: Any) -> None:
    refused = await alerts.issue(severity="Extreme")
    assert (refused.status_code, refused.json()["code"]) == (422, "second_person_needed")
    issued = await alerts.issued(severity="Extreme", override_reason="The dam is breaking and nobody answers")
    [entry] = await alerts.rows("select object, details from audit_entry where action = 'alert.override'")
    assert entry["object"] == f"alert:{issued['id']}"
    assert "dam" in entry["details"]["reason"]
    assert len(await alerts.events()) == 1


@pytest.mark.parametrize(("who", "status"), [("member", 403), ("coordinator", 403), ("secretariat", 201)])
async def test_only_the_secretariat_asks_people_to_evacuate(alerts: Any, who: Any, status: Any) -> None:
    answer = await alerts.issue(who, response_types=["Evacuate"])
    assert answer.status_code == status
    assert status == 201 or answer.json()["code"] == "evacuate_not_mandated"


async def test_a_coordinator_issues_within_scope_only(alerts: Any) -> None:
    await alerts.issued("coordinator")
    answer = await alerts.issue("coordinator", areas=["SY070004", "SY0200"])
    assert (answer.status_code, answer.json()["code"]) == (403, "outside_your_scope")
    answer = await alerts.issue("coordinator", areas=["SY"])
    assert answer.json()["code"] == "outside_your_scope"
    told = answer.json()
    assert {told["legacy_code"], told["errors"][0]["legacy_code"]} == {"area_outside_scope"}, "for one release"
    assert told["detail"].endswith(": SY.")


FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"areas": ["SY9999"]}, "unknown_area", "areas"),
    ({"areas": []}, "invalid", "areas"),
    ({"sectors": ["XYZ"]}, "unknown_sector", "sectors"),
    ({"scope": "Private"}, "addresses_missing", "addresses"),
    ({"scope": "Private", "addresses": ["0190a0b0-0000-7000-8000-00000000dead"]}, "unknown_organisation", "addresses"),
    ({"message_type": "Update"}, "references_missing", "references"),
    ({"message_type": "Cancel", "references": ["2.25.1"]}, "unknown_alert", "references"),
    ({"references": ["2.25.1"]}, "references_of_alert", "references"),
    ({"message_type": "Ack"}, "invalid", "message_type"),
    ({"expires": "2020-01-01T00:00:00+03:00"}, "expires_too_early", "expires"),
    ({"expires": "2030-01-01T00:00:00"}, "invalid", "expires"),
    ({"sent": "0001-01-01T00:00:00+14:00"}, "invalid", "sent"),
    ({"sent": "2199-01-01T00:00:00Z"}, "sent_in_future", "sent"),
    ({"info": {}}, "invalid", "info"),
    ({"info": {"ar": {"event": "a\u0000", "headline": "b"}}}, "invalid", "info.ar.event"),
    ({"info": {"fr": {"event": "a", "headline": "b"}}}, "invalid", "info.fr"),
    ({"polygons": ["35.1,36.2 35.2,36.2 35.2,36.3"]}, "malformed_polygon", "polygons.0"),
    ({"polygons": ["95.1,36.2 35.2,36.2 35.2,36.3 95.1,36.2"]}, "malformed_polygon", "polygons.0"),
    ({"circles": ["35.1 36.2 5"]}, "malformed_circle", "circles.0"),
    ({"identifier": "has space"}, "invalid", "identifier"),
    ({"severity": "Terrible"}, "invalid", "severity"),
    ({"colour": "red"}, "invalid", "colour"),
]


@pytest.mark.parametrize(("changes", "code", "field"), FAULTS)
async def test_faulty_alerts_are_refused_by_field_and_leave_nothing_behind(
    alerts: Any, changes: Any, code: Any, field: Any
) -> None:
    answer = await alerts.issue(**changes)
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["errors"][0]["field"]) == (422, code, field)
    assert await alerts.rows("select from alert") == []
    assert await alerts.events() == []


async def test_a_reference_time_that_expires_before_onset_is_refused(alerts: Any) -> None:
    answer = await alerts.issue(onset=soon(9), expires=soon(6))
    assert answer.json()["code"] == "onset_after_expiry"


async def test_the_same_identifier_and_content_is_one_alert(alerts: Any) -> None:
    first = await alerts.issue(identifier="flood-7")
    again = await alerts.issue(identifier="flood-7")
    other = await alerts.issue(identifier="flood-7", severity="Minor")
    stranger = await alerts.issue("other_member", identifier="flood-7")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert [(one.status_code, one.json()["code"]) for one in (other, stranger)] == [(409, "identifier_taken")] * 2
    assert len(await alerts.events()) == 1


async def test_two_requests_at_once_with_one_identifier_make_one_alert(alerts: Any) -> None:
    both = await asyncio.gather(*(alerts.issue(identifier="flood-7") for _ in range(2)))
    assert sorted(answer.status_code for answer in both) == [200, 201]
    assert len({answer.json()["id"] for answer in both}) == len(await alerts.rows("select from alert")) == 1


async def test_the_same_idempotency_key_gives_the_first_answer(alerts: Any) -> None:
    first = await alerts.issue(key="k1")
    again = await alerts.issue(key="k1")
    assert (again.status_code, again.json()) == (201, first.json())
    assert len(await alerts.rows("select from alert")) == 1


async def test_an_update_and_a_cancel_supersede_what_they_name(alerts: Any) -> None:
    first = await alerts.issued()
    reference = f"{first['sender']},{first['identifier']},{first['sent']}"
    update = await alerts.issued(message_type="Update", references=[reference], severity="Minor")
    assert update["references"] == [
        f"{first['sender']},{first['identifier']},{first['sent'][:19]}-00:00",
    ]
    assert (await alerts.read("member", first["id"])).json()["superseded_by"] == update["id"]
    assert [row["id"] for row in await alerts.listed(active=True)] == [update["id"]]
    cancel = await alerts.issued(message_type="Cancel", references=[update["identifier"]])
    assert await alerts.listed(active=True) == []
    assert {row["id"] for row in await alerts.listed(active=False)} == {first["id"], update["id"], cancel["id"]}
    assert [event["message_type"] for event in await alerts.events()] == ["Alert", "Update", "Cancel"]


async def test_only_the_sender_or_the_secretariat_cancels(alerts: Any) -> None:
    first = await alerts.issued()
    refused = await alerts.issue("other_member", message_type="Cancel", references=[first["identifier"]])
    assert (refused.status_code, refused.json()["code"]) == (403, "not_yours")
    assert (await alerts.issue("secretariat", message_type="Cancel", references=[first["identifier"]])).is_success


async def test_an_alert_one_may_not_see_can_not_be_named(alerts: Any, id_of: Any) -> None:
    private = await alerts.issued(scope="Private", addresses=[str(id_of("Cedar"))])
    answer = await alerts.issue("other_member", message_type="Cancel", references=[private["identifier"]])
    assert answer.json()["code"] == "unknown_alert"
    draft = await alerts.issued(status="Draft")
    answer = await alerts.issue(message_type="Update", references=[draft["identifier"]])
    assert answer.json()["code"] == "unknown_alert"


async def test_a_drill_can_not_cancel_an_actual_alert(alerts: Any) -> None:
    first = await alerts.issued()
    answer = await alerts.issue(status="Exercise", message_type="Cancel", references=[first["identifier"]])
    assert (answer.status_code, answer.json()["code"]) == (422, "status_differs")
    assert (await alerts.listed(active=True))[0]["id"] == first["id"]


async def test_a_headline_is_one_line_and_a_description_keeps_its_lines(alerts: Any) -> None:
    text = {
        "event": "Flood\u2029x",
        "headline": "Flood\r\nBcc: x\u200b",
        "description": "One\r\ntwo\u202e\u2028three\t.",
    }
    issued = await alerts.issued(info={"en": text}, area_description="Camp\u0085\ufeffB")
    assert (await alerts.events())[0]["headline"]["en"] == "Flood Bcc: x"
    [row] = await alerts.rows("select area_description from alert")
    assert row["area_description"] == "Camp B"
    kept = (await alerts.read("member", issued["id"])).json()["info"]["en"]
    assert (kept["event"], kept["headline"]) == ("Flood x", "Flood Bcc: x")
    assert kept["description"] == "One\ntwo\nthree ."
