"""Machine clients: made, listed, revoked; their secrets shown once."""

import base64
import hashlib
from typing import Any

import pytest

from .conftest import CREDENTIALS, MEMBER, RegistryClient

NEW = {"name": "Partner's database", "role": "member", "organisation_id": str(MEMBER)}


async def test_secret_is_shown_once_and_kept_as_a_hash(registry: RegistryClient) -> None:
    made = await registry.ask("secretariat", "POST", "/v1/clients", NEW)
    assert made.status_code == 201
    assert made.headers["cache-control"] == "no-store"
    secret = made.json()["client_secret"]
    assert len(base64.urlsafe_b64decode(secret + "=")) == 32
    [row] = await registry.rows("select * from client where id = $1", made.json()["client_id"])
    assert row["secret_hash"] == hashlib.sha256(secret.encode()).digest()
    assert (row["role"], row["organisation_id"]) == ("member", MEMBER)
    form = {"grant_type": "client_credentials", **made.json()}
    assert (await registry.client.post("/oauth/token", data=form)).status_code == 200
    [entry] = await registry.rows("select * from audit_entry where action = 'client.make'")
    assert (entry["object"], entry["details"]) == (f"client:{made.json()['client_id']}", {"role": "member"})
    everything = ""
    for table in ("client", "audit_entry", "idempotency_key", "event"):
        everything += str(await registry.rows(f"select {table}::text as row from {table}"))
    assert secret not in everything


async def test_repeat_of_the_request_makes_no_second_client_and_shows_no_secret(registry: RegistryClient) -> None:
    headers = {"Idempotency-Key": "client-1"}
    first = await registry.ask("secretariat", "POST", "/v1/clients", NEW, headers=headers)
    again = await registry.ask("secretariat", "POST", "/v1/clients", NEW, headers=headers)
    assert (again.status_code, again.json()["code"]) == (409, "answer_not_kept")
    assert first.json()["client_secret"] not in str(await registry.rows("select i::text from idempotency_key i"))
    assert len(await registry.rows("select from client where name = $1", NEW["name"])) == 1


async def test_list_tells_no_secrets(shared_registry: RegistryClient) -> None:
    page = (await shared_registry.ask("secretariat", "GET", "/v1/clients?first=3")).json()
    rest = (await shared_registry.ask("secretariat", "GET", f"/v1/clients?first=3&after={page['next']}")).json()
    items = [*page["items"], *rest["items"]]
    assert [item["id"] for item in items] == sorted(sent["client_id"] for sent in CREDENTIALS.values())
    assert all("secret" not in name for item in items for name in item)


async def test_revoked_client_stays_listed_and_gets_no_token(registry: RegistryClient) -> None:
    assert (await registry.ask("secretariat", "DELETE", "/v1/clients/member-id")).status_code == 204
    assert (await registry.ask("secretariat", "DELETE", "/v1/clients/member-id")).status_code == 204
    form = {"grant_type": "client_credentials", **CREDENTIALS["member"]}
    assert (await registry.client.post("/oauth/token", data=form)).status_code == 401
    listed = (await registry.ask("secretariat", "GET", "/v1/clients")).json()["items"]
    assert next(item for item in listed if item["id"] == "member-id")["revoked_at"] is not None


async def test_unknown_client_is_not_found(shared_registry: RegistryClient) -> None:
    assert (await shared_registry.ask("secretariat", "DELETE", "/v1/clients/nobody")).status_code == 404
    assert (await shared_registry.ask("secretariat", "DELETE", "/v1/clients/a%00b")).status_code == 422


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"role": "public"}, "not_a_choice", "role"),
        ({"organisation_id": None}, "grant_needs_organisation", "organisation_id"),
        ({"organisation_id": "01990000-0000-7000-8000-00000000ffff"}, "organisation_not_verified", "organisation_id"),
        ({"role": "coordinator", "areas": ["SY02"]}, "grant_needs_sectors", "sectors"),
        ({"role": "coordinator", "sectors": ["WSH"]}, "grant_needs_areas", "areas"),
        ({"role": "hub", "organisation_id": None}, "grant_needs_areas", "areas"),
        ({"role": "hub", "areas": ["SY"]}, "not_of_this_role", "organisation_id"),
        ({"role": "secretariat"}, "not_of_this_role", "organisation_id"),
        ({"role": "hub", "areas": ["SY"], "sectors": ["WSH"]}, "not_of_this_role", "sectors"),
        ({"role": "hub", "areas": ["SY99"], "organisation_id": None}, "unknown_area", "areas"),
        ({"role": "coordinator", "sectors": ["XYZ"], "areas": ["SY02"]}, "unknown_sector", "sectors"),
        ({"client_secret": "mine"}, "unknown_field", "client_secret"),
    ],
)
async def test_faulty_client_is_refused(
    shared_registry: RegistryClient, fields: dict[str, Any], code: str, field: str
) -> None:
    answer = await shared_registry.ask("secretariat", "POST", "/v1/clients", {**NEW, **fields})
    assert answer.status_code == 422
    assert (answer.json()["errors"][0]["code"], answer.json()["errors"][0]["field"]) == (code, field)
    assert len(await shared_registry.rows("select from client")) == len(CREDENTIALS)
