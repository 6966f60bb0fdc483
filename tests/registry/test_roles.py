"""Each role on commands and single rows: who may goes through. `tests/house` walks every route with less in it."""

from typing import Any
from uuid import UUID

import pytest
from registry.main import SERVICE
from runtime.access import Extent, Role

from .conftest import APPLICATION, MEMBER, OTHER, RegistryClient

CSV = {"Content-Type": "text/csv"}
COUNTRY = {"names": {"en": "Syria", "ar": "سوريا"}, "levels": [{"level": 1, "pattern": "^SY\\d{2}$"}]}
CLIENT = {"name": "A system", "role": "member", "organisation_id": str(MEMBER)}
PERSON, INVITATION_ID = UUID(int=77), UUID(int=78)
INVITATION = {
    "email": "new@people.example",
    "name": "New",
    "grants": [{"role": "member", "organisation_id": str(MEMBER)}],
}
"""Somebody of the member's, who has not come in yet: written by hand, for the walk to go by their ids."""
INVITED = f"""
with added as (
    insert into person (id, state) values ('{PERSON}', 'invited') on conflict do nothing returning id
), known as (
    insert into person_profile (person_id, name, email, folded_email, language)
    select id, 'Invited', 'i@people.example', 'i@people.example', 'ar' from added
), held as (
    insert into person_grant (id, person_id, place, role, organisation_id)
    select gen_random_uuid(), id, 1, 'member', '{MEMBER}' from added
)
insert into invitation (id, person_id, token_hash, invited_by, created_at, expires_at)
select '{INVITATION_ID}', id, ''::bytea, 'test', now(), now() + interval '1 day' from added
"""
PAIR = UUID(int=79)
PAIRED = f"""
insert into organisation_duplicate (id, organisation_id, other_id, score, reasons)
values ('{PAIR}', '{MEMBER}', '{OTHER}', 80, array['similar_name']) on conflict do nothing
"""
CASES: dict[tuple[str, str], tuple[str, Any, dict[str, str]]] = {
    ("POST", "/v1/organisations"): ("/v1/organisations", APPLICATION, {}),
    ("GET", "/v1/organisations/{organisation_id}"): (f"/v1/organisations/{MEMBER}", None, {}),
    ("PATCH", "/v1/organisations/{organisation_id}"): (
        f"/v1/organisations/{MEMBER}",
        {"aliases": ["Another"]},
        {"If-Match": '"v1"'},
    ),
    ("POST", "/v1/organisations/{organisation_id}/verify"): (f"/v1/organisations/{MEMBER}/verify", None, {}),
    ("POST", "/v1/organisations/{organisation_id}/suspend"): (f"/v1/organisations/{MEMBER}/suspend", None, {}),
    ("POST", "/v1/organisations/identifiers"): (
        "/v1/organisations/identifiers",
        {"organisation_id": str(MEMBER), "issuer": "WSH", "code": "1"},
        {},
    ),
    ("POST", "/v1/organisations/{id}/merge"): (
        f"/v1/organisations/{OTHER}/merge",
        {"into": str(MEMBER), "reason": "One organisation"},
        {},
    ),
    ("POST", "/v1/organisations/{id}/part"): (f"/v1/organisations/{OTHER}/part", {"reason": "Two after all"}, {}),
    ("POST", "/v1/organisations/find_duplicates"): ("/v1/organisations/find_duplicates", None, {}),
    ("GET", "/v1/organisation_duplicates/{id}"): (f"/v1/organisation_duplicates/{PAIR}", None, {}),
    ("POST", "/v1/organisation_duplicates/{id}/dismiss"): (
        f"/v1/organisation_duplicates/{PAIR}/dismiss",
        {"reason": "Two bodies"},
        {},
    ),
    ("POST", "/v1/areas"): ("/v1/areas", b"level,pcode,name_en,parent_pcode\n1,XX01,One,XX\n", CSV),
    ("GET", "/v1/areas/{country}/{pcode}"): ("/v1/areas/SY/SY02", None, {}),
    ("GET", "/v1/countries/{country}"): ("/v1/countries/SY", None, {}),
    ("PUT", "/v1/countries/{country}"): ("/v1/countries/SY", COUNTRY, {}),
    ("POST", "/v1/clients"): ("/v1/clients", CLIENT, {}),
    ("DELETE", "/v1/clients/{client_id}"): ("/v1/clients/hub-id", None, {}),
    ("POST", "/v1/people/invitations"): ("/v1/people/invitations", INVITATION, {}),
    ("DELETE", "/v1/people/invitations/{invitation_id}"): (f"/v1/people/invitations/{INVITATION_ID}", None, {}),
    ("GET", "/v1/people/{person_id}"): (f"/v1/people/{PERSON}", None, {}),
    ("PATCH", "/v1/people/{person_id}"): (f"/v1/people/{PERSON}", {"name": "Another"}, {"If-Match": "*"}),
    ("POST", "/v1/people/{person_id}/deactivate"): (f"/v1/people/{PERSON}/deactivate", None, {}),
    ("POST", "/v1/people/{person_id}/reset"): (f"/v1/people/{PERSON}/reset", None, {}),
    ("POST", "/v1/people/{person_id}/erase"): (f"/v1/people/{PERSON}/erase", None, {}),
    ("GET", "/v1/session"): ("/v1/session", None, {}),
}


@pytest.mark.parametrize("route", [route for route in CASES if route[0] == "GET"], ids=" ".join)
async def test_roles_of_the_table_may_read_and_no_other(
    shared_registry: RegistryClient, route: tuple[str, str]
) -> None:
    await walk(shared_registry, route)


@pytest.mark.parametrize("route", [route for route in CASES if route[0] != "GET"], ids=" ".join)
async def test_roles_of_the_table_may_change_and_no_other(registry: RegistryClient, route: tuple[str, str]) -> None:
    await walk(registry, route)


async def walk(registry: RegistryClient, route: tuple[str, str]) -> None:
    path, body, headers = CASES[route]
    await registry.rows(INVITED)
    await registry.rows(PAIRED)
    for role in sorted(
        Role, key=lambda role: role in SERVICE.access[route].roles
    ):  # those refused first: they change nothing
        answer = await registry.ask(role, route[0], path, body, headers=headers)
        if role in SERVICE.access[route].roles:
            # The second role to change an organisation names a version that has passed, or invites whom the first did.
            assert answer.status_code in {200, 201, 204, 409, 412}, (role, answer.text)
        else:
            expected = 401 if role is Role.PUBLIC else 403
            assert answer.status_code == expected, (role, answer.text)


async def test_member_changes_its_own_organisation_only(registry: RegistryClient) -> None:
    assert SERVICE.access["PATCH", "/v1/organisations/{organisation_id}"].roles[Role.MEMBER] is Extent.OWN
    change = {"aliases": ["Renamed"]}
    other = await registry.ask("member", "PATCH", f"/v1/organisations/{OTHER}", change, headers={"If-Match": '"v1"'})
    assert (other.status_code, other.json()["code"]) == (403, "not_yours")
    own = await registry.ask("member", "PATCH", f"/v1/organisations/{MEMBER}", change, headers={"If-Match": '"v1"'})
    assert own.status_code == 200
    rows = await registry.rows("select id, version from organisation order by id")
    assert {row["id"]: row["version"] for row in rows} == {MEMBER: 2, OTHER: 1}
    assert await registry.events("registry.organisations", OTHER) != []


@pytest.mark.parametrize("role", ["member", "coordinator", "hub"])
async def test_applicants_and_suspended_organisations_are_hidden(registry: RegistryClient, role: str) -> None:
    applied = await registry.apply()
    await registry.ask("secretariat", "POST", f"/v1/organisations/{OTHER}/suspend")
    for hidden in (applied, OTHER):
        assert (await registry.ask(role, "GET", f"/v1/organisations/{hidden}")).status_code == 404
        patched = await registry.ask("member", "PATCH", f"/v1/organisations/{hidden}", {}, headers={"If-Match": "*"})
        assert patched.status_code == 404
    listed = (await registry.ask(role, "GET", "/v1/organisations")).json()["items"]
    assert [item["id"] for item in listed] == [str(MEMBER)]
    filtered = await registry.ask(role, "GET", "/v1/organisations?status=applied")
    assert filtered.json()["items"] == []


async def test_secretariat_sees_all_and_an_organisation_itself(registry: RegistryClient) -> None:
    applied = await registry.apply()
    listed = (await registry.ask("secretariat", "GET", "/v1/organisations")).json()["items"]
    assert {UUID(item["id"]) for item in listed} == {applied, MEMBER, OTHER}
    own = await registry.ask("member", "GET", f"/v1/organisations/{applied}", claims={"organisation_id": applied})
    assert (own.status_code, own.json()["status"]) == (200, "applied")
