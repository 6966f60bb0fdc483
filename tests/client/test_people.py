"""`tansiq people`: who is invited to what, and the link that is handed over."""

import json
from uuid import UUID

import orjson
import pytest
from client.cli.app import app
from contracts.examples import example_of
from contracts.people import HeldGrant, InvitationLink, Person
from testkit.scripted import ScriptedPlatform, json_answer
from typer.testing import CliRunner, Result

FIRST, SECOND = (str(UUID(int=number)) for number in (1, 2))
INVITATION = example_of(InvitationLink) | {
    "token": "T" * 43,
    "link": "http://tansiq.test/invitation?token=" + "T" * 43,
    "expires_at": "2026-03-08T12:00:00+00:00",
}
GRANT = example_of(HeldGrant) | {"role": "hub"}
WHO = {"id": FIRST, "state": "active", "name": "Rana", "email": "r@people.example", "grants": [GRANT]}
PERSON = example_of(Person) | WHO


@pytest.fixture(autouse=True)
def in_english(signed_in: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANSIQ_LANGUAGE", "en")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["people", *arguments])


def test_coordinator_is_invited_and_the_link_printed(platform: ScriptedPlatform) -> None:
    platform.ready.append(json_answer(201, INVITATION))
    options = ["--sector", "WSH", "--sector", "SHL", "--area", "SY07", "--reads", "en", "--name", "Rana"]
    result = run("invite", "r@people.example", "--role", "coordinator", *options)
    assert result.exit_code == 0
    assert INVITATION["link"] in result.stdout.split("\n")
    [request] = platform.requests
    assert (request.method, request.path) == ("POST", "/api/registry/v1/people/invitations")
    assert "idempotency-key" in request.headers
    grant = {"role": "coordinator", "sectors": ["WSH", "SHL"], "areas": ["SY07"]}
    sent = {"email": "r@people.example", "name": "Rana", "language": "en", "grants": [grant]}
    assert orjson.loads(request.body) == sent


def test_member_is_invited_for_an_organisation_and_told_as_json(platform: ScriptedPlatform) -> None:
    platform.ready.append(json_answer(201, INVITATION))
    result = run("invite", "r@people.example", "--role", "member", "--organisation", SECOND, "--json")
    told = {name: value for name, value in INVITATION.items() if name != "token"}
    assert json.loads(result.stdout) == told
    sent = orjson.loads(platform.requests[0].body)
    assert (sent["name"], sent["grants"][0]["organisation_id"]) == ("r", SECOND)


def test_role_there_is_not_is_wrong_usage(platform: ScriptedPlatform) -> None:
    assert run("invite", "r@people.example", "--role", "queen").exit_code == 2
    assert platform.requests == []


def test_refused_invitation_says_why(platform: ScriptedPlatform) -> None:
    errors = [{"code": "grant_needs_areas", "detail": "areas are needed", "field": "grants.0.areas"}]
    platform.ready.append(json_answer(422, {"code": "invalid", "detail": "see", "errors": errors}))
    result = run("invite", "r@people.example", "--role", "hub")
    assert result.exit_code == 3
    assert "grant_needs_areas" in result.output
    assert " row " not in result.stdout


def test_people_are_listed_over_all_pages(platform: ScriptedPlatform) -> None:
    platform.ready.append(json_answer(200, {"items": [PERSON], "next": "c1"}))
    platform.ready.append(
        json_answer(200, {"items": [{"id": SECOND, "state": "invited", "name": "Ali"}], "next": None})
    )
    result = run("list", "--state", "active")
    assert result.exit_code == 0
    assert all(word in result.stdout for word in (FIRST, "Rana", "r@people.example", "hub", SECOND, "Ali"))
    assert [request.query["state"] for request in platform.requests] == ["active", "active"]


def test_nobody_to_list(platform: ScriptedPlatform) -> None:
    platform.ready.append(json_answer(200, {"items": [], "next": None}))
    assert "Nothing" in run("list").stdout


def test_person_is_shut_out_and_let_in_again(platform: ScriptedPlatform) -> None:
    platform.ready.append(json_answer(200, PERSON | {"state": "deactivated"}))
    assert run("deactivate", FIRST).exit_code == 0
    platform.ready.append(json_answer(201, INVITATION))
    assert INVITATION["link"] in run("reset", FIRST).stdout
    asked = [(request.method, request.path) for request in platform.requests]
    assert asked == [
        ("POST", f"/api/registry/v1/people/{FIRST}/deactivate"),
        ("POST", f"/api/registry/v1/people/{FIRST}/reset"),
    ]


def test_states_and_roles_are_told_in_the_readers_words(
    platform: ScriptedPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TANSIQ_LANGUAGE", "ar")
    newer = {**PERSON, "state": "asleep", "grants": [GRANT | {"role": "member"}, GRANT | {"role": "gardener"}]}
    platform.otherwise = json_answer(200, {"items": [PERSON, newer], "next": None})
    shown = run("list").stdout
    assert all(word in shown for word in ("فعّال", "هيكل تنسيق إقليمي", "منظمة عضو، gardener", "asleep"))
    assert json.loads(run("list", "--json").stdout) == {"items": [PERSON, newer]}
