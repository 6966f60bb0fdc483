"""Organisations that were one: merged, known by both ids, and parted again."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from .conftest import MEMBER, OTHER, RegistryClient, basic

REASON = "One organisation under two names"
TOPIC = "registry.organisations"


async def merge(registry: RegistryClient, one: UUID, into: UUID, expected: int = 200) -> Any:
    answer = await registry.ask(
        "secretariat", "POST", f"/v1/organisations/{one}/merge", {"into": str(into), "reason": REASON}
    )
    assert answer.status_code == expected, answer.text
    return answer.json()


async def part(registry: RegistryClient, one: UUID, expected: int = 200) -> Any:
    answer = await registry.ask("secretariat", "POST", f"/v1/organisations/{one}/part", {"reason": REASON})
    assert answer.status_code == expected, answer.text
    return answer.json()


async def verified(registry: RegistryClient, name: str) -> UUID:
    id = await registry.apply(names={"en": name}, acronyms={}, aliases=[], external_ids={})
    await registry.ask("secretariat", "POST", f"/v1/organisations/{id}/verify")
    return id


async def test_a_merged_organisation_is_answered_by_the_one_it_became(registry: RegistryClient) -> None:
    told = await merge(registry, OTHER, MEMBER)
    assert told == {"id": str(OTHER), "version": 2, "merged_into": str(MEMBER)}
    read = await registry.ask("hub", "GET", f"/v1/organisations/{OTHER}")
    assert (read.status_code, read.json()["id"]) == (200, str(MEMBER))
    assert read.headers["content-location"] == f"/v1/organisations/{MEMBER}"
    listed = (await registry.ask("hub", "GET", "/v1/organisations")).json()["items"]
    assert [each["id"] for each in listed] == [str(MEMBER)]
    both = (await registry.ask("hub", "GET", "/v1/organisations?merged=true")).json()["items"]
    assert {each["id"]: each["merged_into"] for each in both} == {str(MEMBER): None, str(OTHER): str(MEMBER)}
    event = (await registry.events(TOPIC, OTHER))[-1]
    assert (event["version"], event["status"], event["merged_into"]) == (2, "verified", str(MEMBER))
    [entry] = await registry.rows("select * from audit_entry where action = 'organisation.merge'")
    assert (entry["object"], entry["details"]["reason"]) == (f"organisation:{OTHER}", REASON)


async def test_a_merge_is_undone_and_all_stands_as_before(registry: RegistryClient) -> None:
    before = (await registry.ask("member", "GET", f"/v1/organisations/{OTHER}")).json()
    position = (await registry.ask("hub", "GET", "/v1/organisations?changes_after=")).json()["position"]
    await merge(registry, OTHER, MEMBER)
    changes = (await registry.ask("hub", "GET", f"/v1/organisations?changes_after={position}")).json()
    assert changes["items"] == [{"id": str(OTHER), "gone": True}]
    assert (await part(registry, OTHER))["merged_into"] is None
    changes = (await registry.ask("hub", "GET", f"/v1/organisations?changes_after={changes['position']}")).json()
    assert [each["id"] for each in changes["items"]] == [str(OTHER)]
    after = (await registry.ask("member", "GET", f"/v1/organisations/{OTHER}")).json()
    assert after == {**before, "version": 3}
    assert (await registry.events(TOPIC, OTHER))[-1]["merged_into"] is None


async def test_what_was_merged_into_it_goes_with_it_and_comes_back_with_it(registry: RegistryClient) -> None:
    first, second, third = [await verified(registry, name) for name in ("Alpha", "Beta", "Gamma")]
    await merge(registry, first, second)
    await merge(registry, second, third)
    rows = await registry.rows("select id, merged_into from organisation where merged_into is not null")
    assert {row["id"]: row["merged_into"] for row in rows} == {first: third, second: third}
    await part(registry, second)
    rows = await registry.rows("select id, merged_into from organisation where merged_into is not null")
    assert {row["id"]: row["merged_into"] for row in rows} == {first: second}


async def test_what_makes_no_sense_is_refused_by_name(registry: RegistryClient) -> None:
    first, second = await verified(registry, "Alpha"), await verified(registry, "Beta")
    applicant = await registry.apply(names={"en": "Applicant"})
    assert (await merge(registry, first, first, 422))["code"] == "merged_with_itself"
    assert (await merge(registry, first, applicant, 422))["code"] == "organisation_not_verified"
    assert (await merge(registry, first, uuid4(), 404))["code"] == "not_found"
    assert (await part(registry, first, 409))["code"] == "not_merged"
    await merge(registry, first, second)
    assert (await merge(registry, first, MEMBER, 409))["code"] == "already_merged"
    assert (await merge(registry, second, first, 409))["code"] == "into_merged"
    assert (await merge(registry, MEMBER, first, 409))["code"] == "into_merged"
    await part(registry, first)
    assert (await part(registry, first, 409))["code"] == "not_merged"
    await registry.ask("secretariat", "POST", f"/v1/organisations/{second}/suspend")
    assert (await merge(registry, first, second, 422))["code"] == "organisation_not_verified"


@pytest.mark.parametrize(("client", "own"), [("member", MEMBER), ("other_member", OTHER)])
async def test_clients_of_both_speak_for_one(own_registry: RegistryClient, client: str, own: UUID) -> None:
    async def claims() -> dict[str, Any]:
        answer = await own_registry.client.post(
            "/oauth/token",
            content="grant_type=client_credentials",
            headers={**basic(client), "Content-Type": "application/x-www-form-urlencoded"},
        )
        keys = KeySet.import_key_set((await own_registry.client.get("/.well-known/jwks.json")).json())
        return jwt.decode(answer.json()["access_token"], keys, algorithms=["Ed25519"]).claims

    assert "same_organisations" not in await claims()
    await own_registry.rows("update organisation set merged_into = $1 where id = $2", MEMBER, OTHER)
    told = await claims()
    assert (told["organisation_id"], told["same_organisations"]) == (str(own), [str(MEMBER), str(OTHER)])
    await own_registry.rows("update organisation set status = 'suspended' where id = $1", MEMBER)
    with pytest.raises(KeyError):
        await claims()


async def test_who_was_merged_changes_the_one_it_became(registry: RegistryClient) -> None:
    await merge(registry, OTHER, MEMBER)
    claims = {"organisation_id": OTHER, "same_organisations": [str(MEMBER), str(OTHER)]}
    path = f"/v1/organisations/{OTHER}"
    changed = await registry.ask("member", "PATCH", path, {"aliases": ["X"]}, headers={"If-Match": "*"}, claims=claims)
    assert (changed.status_code, changed.json()["id"], changed.json()["aliases"]) == (200, str(MEMBER), ["X"])


async def test_a_pair_that_was_merged_is_no_duplicate_and_its_old_name_finds_what_it_became(
    registry: RegistryClient,
) -> None:
    first, second = await verified(registry, "Ghiras Al-Nahda"), await verified(registry, "Ghiras Al-Nahda Foundation")
    assert len((await registry.ask("secretariat", "GET", "/v1/organisation_duplicates")).json()["items"]) == 1
    await merge(registry, first, second)
    found = await registry.ask("secretariat", "POST", "/v1/organisations/find_duplicates")
    assert found.json()["open"] == 0
    body = {"names": {"en": "Ghirass al Nahdah"}, "type_code": "441"}
    near = (await registry.ask("member", "POST", "/v1/organisations", body)).json()["near"]
    assert [each["id"] for each in near] == [str(second)]
    await part(registry, first)
    found = await registry.ask("secretariat", "POST", "/v1/organisations/find_duplicates")
    assert found.json()["open"] == 3, "each with each"
