"""Client credentials, and the keys tokens are verified with."""

import asyncio
from typing import Any

import httpx2
import pytest
from database import Database
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from registry.identity.tokens.commands import signing_key
from registry.identity.tokens.domain import new_key, seal, unseal
from registry.main import SERVICE
from testkit.services import Migrated
from testkit.trust import AUDIENCE, ISSUER

from .conftest import CREDENTIALS, MEMBER, RegistryClient, basic

GRANT = {"grant_type": "client_credentials"}


async def ask(registry: RegistryClient, form: dict[str, Any], headers: dict[str, str] | None = None) -> httpx2.Response:
    return await registry.client.post("/oauth/token", data=form, headers=headers or {})


async def claims_of(registry: RegistryClient, name: str) -> dict[str, Any]:
    answer = await ask(registry, {**GRANT, **CREDENTIALS[name]})
    keys = (await registry.client.get("/.well-known/jwks.json")).json()
    return dict(jwt.decode(answer.json()["access_token"], KeySet.import_key_set(keys), algorithms=["Ed25519"]).claims)


async def test_token_says_who_the_client_is_and_lives_five_minutes(own_shared_registry: RegistryClient) -> None:
    claims = await claims_of(own_shared_registry, "member")
    assert (claims["iss"], claims["aud"], claims["sub"]) == (ISSUER, AUDIENCE, "member-id")
    assert (claims["role"], claims["organisation_id"]) == ("member", str(MEMBER))
    assert (claims["sectors"], claims["areas"]) == ([], [])
    assert claims["exp"] - claims["iat"] == 300
    coordinator = await claims_of(own_shared_registry, "coordinator")
    assert (coordinator["sectors"], coordinator["areas"]) == (["WSH"], ["SY02", "SY07"])
    assert (await claims_of(own_shared_registry, "hub"))["areas"] == ["SY", "AF", "ET", "SO"]


@pytest.mark.parametrize("way", ["basic", "post"])
async def test_credentials_come_by_header_or_in_the_form(own_shared_registry: RegistryClient, way: str) -> None:
    answer = await (
        ask(own_shared_registry, GRANT, basic("hub"))
        if way == "basic"
        else ask(own_shared_registry, {**GRANT, **CREDENTIALS["hub"]})
    )
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert {"token_type": "Bearer", "expires_in": 300}.items() <= answer.json().items()
    bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    assert (await own_shared_registry.client.get("/v1/sectors", headers=bearer)).status_code == 200


BROKEN: list[tuple[dict[str, Any], dict[str, str], int, str]] = [
    ({}, {}, 400, "invalid_request"),
    ({**GRANT}, {}, 401, "invalid_client"),
    ({"grant_type": "password", **CREDENTIALS["hub"]}, {}, 400, "unsupported_grant_type"),
    ({**GRANT, **CREDENTIALS["hub"], "client_secret": "wrong"}, {}, 401, "invalid_client"),
    ({**GRANT, "client_id": "nobody", "client_secret": "x"}, {}, 401, "invalid_client"),
    ({**GRANT, "client_id": "a\0b", "client_secret": "x"}, {}, 401, "invalid_client"),
    ({**GRANT, "client_id": "a" * 5000, "client_secret": "x"}, {}, 401, "invalid_client"),
    ({**GRANT, **CREDENTIALS["hub"]}, basic("hub"), 400, "invalid_request"),
    ({**GRANT, "client_id": "member-id"}, basic("hub"), 400, "invalid_request"),
    (GRANT, basic("hub", "wrong"), 401, "invalid_client"),
    (GRANT, {"Authorization": "Basic !!!"}, 401, "invalid_client"),
    (GRANT, {"Authorization": "Bearer abc"}, 401, "invalid_client"),
    ({"grant_type": ["client_credentials", "client_credentials"]}, {}, 400, "invalid_request"),
    ({**GRANT, "filling": "x" * 9000}, {}, 400, "invalid_request"),
]


@pytest.mark.parametrize(("form", "headers", "status", "error"), BROKEN)
async def test_refusal_speaks_the_words_of_rfc_6749(
    shared_registry: RegistryClient, form: dict[str, Any], headers: dict[str, str], status: int, error: str
) -> None:
    answer = await ask(shared_registry, form, headers)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "application/json"
    if status == 401 and headers:
        assert answer.headers["www-authenticate"].startswith("Basic ")


@pytest.mark.parametrize("body", [b"\xff\xfe", b"grant_type=client_credentials&client_id=%FF", b"&" * 3000])
async def test_body_that_is_no_form_is_an_invalid_request(shared_registry: RegistryClient, body: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await shared_registry.client.post("/oauth/token", content=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_json_is_not_taken_for_a_form(shared_registry: RegistryClient) -> None:
    answer = await shared_registry.client.post("/oauth/token", json={**GRANT, **CREDENTIALS["hub"]})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_revoked_client_gets_no_token(own_registry: RegistryClient) -> None:
    await own_registry.rows("update client set revoked_at = now() where id = 'hub-id'")
    answer = await ask(own_registry, {**GRANT, **CREDENTIALS["hub"]})
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_clients_of_a_suspended_organisation_get_no_token(own_registry: RegistryClient) -> None:
    token = (await ask(own_registry, {**GRANT, **CREDENTIALS["secretariat"]})).json()["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    suspended = await own_registry.client.post(f"/v1/organisations/{MEMBER}/suspend", headers=bearer)
    assert suspended.status_code == 200
    assert (await ask(own_registry, {**GRANT, **CREDENTIALS["member"]})).status_code == 401
    assert (await ask(own_registry, {**GRANT, **CREDENTIALS["other_member"]})).status_code == 200
    await own_registry.client.post(f"/v1/organisations/{MEMBER}/verify", headers=bearer)
    assert (await ask(own_registry, {**GRANT, **CREDENTIALS["member"]})).status_code == 200


async def test_token_of_another_issuer_is_refused(own_shared_registry: RegistryClient) -> None:
    answer = await own_shared_registry.ask("secretariat", "GET", "/v1/clients")
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")


async def test_published_keys_are_public_halves_and_may_be_kept_a_while(own_shared_registry: RegistryClient) -> None:
    answer = await own_shared_registry.client.get("/.well-known/jwks.json", headers={"Authorization": "Bearer broken"})
    assert answer.status_code == 200
    assert "max-age" in answer.headers["cache-control"]
    [key] = answer.json()["keys"]
    assert (key["kty"], key["crv"], key["use"], "d" in key) == ("OKP", "Ed25519", "sig", False)


@pytest.mark.parametrize(("minutes", "published"), [(59, 2), (61, 1)])
async def test_retired_key_is_published_for_an_hour(own_registry: RegistryClient, minutes: int, published: int) -> None:
    await own_registry.rows(f"update signing_key set retired_at = now() - interval '{minutes} minutes'")
    keys = (await own_registry.client.get("/.well-known/jwks.json")).json()["keys"]
    assert len(keys) == published
    [active] = await own_registry.rows("select kid from signing_key where retired_at is null")
    assert active["kid"] in {key["kid"] for key in keys}


async def test_two_processes_starting_at_once_sign_with_one_key(migrated: Migrated) -> None:
    database = await Database.connect(await migrated(SERVICE), application="tests", largest=8)

    async def start() -> str:
        async with database.transaction() as tx:
            return str((await signing_key(tx, "secret")).kid)

    kids = await asyncio.gather(*(start() for _ in range(8)))
    async with database.connection() as connection:
        stored = await connection.fetch("select kid, private_key from signing_key")
    await database.close()
    assert len(stored) == 1
    assert set(kids) == {stored[0]["kid"]}


def test_private_key_is_opened_by_its_own_secret_alone() -> None:
    key = new_key()
    sealed = seal(key, "one secret")
    assert str(key.as_dict(private=True)["d"]) not in sealed
    assert unseal(sealed, "one secret").as_dict(private=True) == key.as_dict(private=True)
    with pytest.raises(JoseError):
        unseal(sealed, "another secret")
