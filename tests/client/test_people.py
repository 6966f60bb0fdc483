"""`tansiq people`: who is invited to what, and the link that is handed over."""

import json

import orjson
import pytest
from client.cli.app import app
from testkit.scripted import ScriptedPlatform, json_answer
from typer.testing import CliRunner, Result

INVITATION = {
    "id": "i-1",
    "person_id": "p-1",
    "token": "T" * 43,
    "link": "http://tansiq.test/invitation?token=" + "T" * 43,
    "expires_at": "2026-03-08T12:00:00+00:00",
}
PERSON = {"id": "p-1", "state": "active", "name": "Rana", "email": "r@people.example", "grants": [{"role": "hub"}]}


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
    result = run("invite", "r@people.example", "--role", "member", "--organisation", "o-1", "--json")
    assert json.loads(result.stdout)["link"] == INVITATION["link"]
    sent = orjson.loads(platform.requests[0].body)
    assert (sent["name"], sent["grants"][0]["organisation_id"]) == ("r", "o-1")


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
    platform.ready.append(json_answer(200, {"items": [{"id": "p-2", "state": "invited", "name": "Ali"}], "next": None}))
    result = run("list", "--state", "active")
    assert result.exit_code == 0
    assert all(word in result.stdout for word in ("p-1", "Rana", "r@people.example", "hub", "p-2", "Ali"))
    assert [request.query["state"] for request in platform.requests] == ["active", "active"]


def test_nobody_to_list(platform: ScriptedPlatform) -> None:
    platform.ready.append(json_answer(200, {"items": [], "next": None}))
    assert "Nothing" in run("list").stdout


def test_person_is_shut_out_and_let_in_again(platform: ScriptedPlatform) -> None:
    platform.ready.append(json_answer(200, {**PERSON, "state": "deactivated"}))
    assert run("deactivate", "p-1").exit_code == 0
    platform.ready.append(json_answer(201, INVITATION))
    assert INVITATION["link"] in run("reset", "p-1").stdout
    asked = [(request.method, request.path) for request in platform.requests]
    assert asked == [
        ("POST", "/api/registry/v1/people/p-1/deactivate"),
        ("POST", "/api/registry/v1/people/p-1/reset"),
    ]


def test_states_and_roles_are_told_in_the_readers_words(
    platform: ScriptedPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TANSIQ_LANGUAGE", "ar")
    newer = {**PERSON, "state": "asleep", "grants": [{"role": "member"}, {"role": "gardener"}]}
    platform.otherwise = json_answer(200, {"items": [PERSON, newer], "next": None})
    shown = run("list").stdout
    assert all(word in shown for word in ("فعّال", "هيكل تنسيق إقليمي", "منظمة عضو، gardener", "asleep"))
    assert json.loads(run("list", "--json").stdout)[0]["state"] == "active"
