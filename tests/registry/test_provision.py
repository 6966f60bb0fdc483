"""`provision`: what a registry starts with, safe at every start."""

import asyncio
import json
import os
import subprocess
import sys
from typing import Any

from database import Database
from registry.main import SERVICE
from registry.provision import ProvisionInput, provide
from testkit.service_clients import settings_of
from testkit.services import Migrated

from .conftest import CREDENTIALS, MEMBER, RegistryClient

EVERYTHING = ("event", "organisation", "client", "area", "sector", "indicator", "scope", "country", "signing_key")


async def contents(registry: RegistryClient) -> dict[str, Any]:
    return {table: await registry.rows(f"select * from {table} order by 1, 2") for table in EVERYTHING}


def run(url: str, stdin: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "TANSIQ_PORT": "0",
        "TANSIQ_KAFKA_BOOTSTRAP": "127.0.0.1:1",
        "TANSIQ_ISSUER": "http://tansiq.test",
        "TANSIQ_JWKS_URL": "http://tansiq.test/jwks",
        "TANSIQ_CURSOR_KEY": "c" * 40,
        "TANSIQ_SIGNING_KEY_SECRET": "test-secret-test-secret-test-secret-0",
        "TANSIQ_DATABASE_URL": url,
        **settings,
    }
    command = [sys.executable, "-m", "registry.main", "provision"]
    return subprocess.run(command, input=stdin, env=environment, capture_output=True, text=True, check=False)


async def test_second_run_changes_nothing(registry: RegistryClient) -> None:
    before = await contents(registry)
    wanted = json.dumps({"clients": CREDENTIALS})
    done = await asyncio.to_thread(run, registry.url, wanted, TANSIQ_ENVIRONMENT="development")
    assert (done.returncode, done.stderr) == (0, "")
    assert await contents(registry) == before


async def test_what_people_changed_is_not_set_back(registry: RegistryClient) -> None:
    await registry.load("level,pcode,name_en,parent_pcode\n1,SY07,Idlib,SY\n")
    await registry.ask("secretariat", "POST", f"/v1/organisations/{MEMBER}/suspend")
    database_before = await contents(registry)
    await registry.database.run(
        lambda tx: provide(
            tx, settings_of(SERVICE, registry.url), ProvisionInput.model_validate({"clients": CREDENTIALS})
        )
    )
    assert await contents(registry) == database_before


async def test_new_secret_takes_the_place_of_the_old_one(registry: RegistryClient) -> None:
    sent = {"hub": {"client_id": "hub-id", "client_secret": "another-secret"}}
    await registry.database.run(
        lambda tx: provide(tx, settings_of(SERVICE, registry.url), ProvisionInput.model_validate({"clients": sent}))
    )
    form = {"grant_type": "client_credentials", **CREDENTIALS["hub"]}
    assert (await registry.client.post("/oauth/token", data=form)).status_code == 401
    assert (await registry.client.post("/oauth/token", data={**form, **sent["hub"]})).status_code == 200


async def test_without_clients_only_the_lists_are_loaded(migrated: Migrated) -> None:
    url = await migrated(SERVICE)
    done = await asyncio.to_thread(run, url, "", TANSIQ_ENVIRONMENT="development")
    assert (done.returncode, done.stderr) == (0, "")
    database = await Database.connect(url, application="tests", largest=2)
    async with database.connection() as connection:
        counts = {table: await connection.fetchval(f"select count(*) from {table}") for table in EVERYTHING}
    await database.close()
    assert (counts["area"], counts["sector"], counts["scope"], counts["signing_key"]) == (349, 16, 14, 1)
    assert (counts["client"], counts["organisation"]) == (0, 0)
    assert counts["event"] == 349 + 16 + 28 + 14


async def test_production_has_no_sample_organisations(migrated: Migrated) -> None:
    url = await migrated(SERVICE)
    clients = {name: CREDENTIALS[name] for name in ("secretariat", "hub")}
    done = await asyncio.to_thread(run, url, json.dumps({"clients": clients}))
    assert (done.returncode, done.stderr) == (0, "")
    refused = await asyncio.to_thread(run, url, json.dumps({"clients": {"member": CREDENTIALS["member"]}}))
    assert refused.returncode == 2
    assert "organisation_id" in refused.stderr
    assert CREDENTIALS["member"]["client_secret"] not in refused.stderr


async def test_faulty_input_is_named_without_its_secrets(shared_registry: RegistryClient) -> None:
    sent = {"clients": {"hub": {"client_id": "x", "client_secret": "very-secret", "role": "secretariat"}}}
    done = await asyncio.to_thread(run, shared_registry.url, json.dumps(sent))
    assert done.returncode == 2
    assert "clients.hub.role" in done.stderr
    assert "very-secret" not in done.stderr


PEOPLE = {
    name: {"email": f"{name}@people.example", "password": f"random-{name}-Secret-1"}
    for name in ("secretariat", "coordinator", "member", "hub")
}


async def test_sample_people_sign_in_and_a_second_run_changes_nothing(registry: RegistryClient) -> None:
    wanted = json.dumps({"clients": CREDENTIALS, "people": PEOPLE})
    done = await asyncio.to_thread(run, registry.url, wanted, TANSIQ_ENVIRONMENT="development")
    assert (done.returncode, done.stderr) == (0, "")
    for name, person in PEOPLE.items():
        answer = await registry.ask("public", "POST", "/internal/sessions", person)
        acting = answer.json()["acting"]
        assert (answer.status_code, acting["role"]) == (201, name)
        assert acting["organisation_id"] == (str(MEMBER) if name == "member" else None)
    before = await registry.rows("select * from person_password"), await registry.rows("select * from event")
    await asyncio.to_thread(run, registry.url, wanted, TANSIQ_ENVIRONMENT="development")
    assert (await registry.rows("select * from person_password"), await registry.rows("select * from event")) == before
    other = {"member": {**PEOPLE["member"], "password": "second-random-secret-2"}}
    await asyncio.to_thread(run, registry.url, json.dumps({"people": other}), TANSIQ_ENVIRONMENT="development")
    assert (await registry.ask("public", "POST", "/internal/sessions", PEOPLE["member"])).status_code == 401
    assert (await registry.ask("public", "POST", "/internal/sessions", other["member"])).status_code == 201


async def test_production_has_no_sample_people(registry: RegistryClient) -> None:
    done = await asyncio.to_thread(run, registry.url, json.dumps({"people": PEOPLE}))
    assert done.returncode == 2
    assert "people" in done.stderr
    assert PEOPLE["member"]["password"] not in done.stderr
    assert await registry.rows("select from person") == []


async def test_clients_of_before_are_told_of_once(registry: RegistryClient) -> None:
    await registry.rows("update client set version = 0")
    await registry.rows("update client set revoked_at = now() where id = 'hub-id'")
    before = len(await registry.events("registry.identities"))
    for _ in range(2):
        await registry.database.run(lambda tx: provide(tx, settings_of(SERVICE, registry.url), ProvisionInput()))
    told = (await registry.events("registry.identities"))[before:]
    assert {event["subject"]: (event["version"], len(event["grants"])) for event in told} == {
        **{sent["client_id"]: (1, 1) for sent in CREDENTIALS.values()},
        "hub-id": (1, 0),
    }
    assert len(told) == len(CREDENTIALS)


async def test_names_that_were_kept_folded_otherwise_are_folded_anew_once(registry: RegistryClient) -> None:
    id = await registry.apply(names={"en": "Men & Women of Côte d'Azur"})
    await registry.load("level,pcode,name_en,parent_pcode\n1,SY99,Land & Sea,SY\n")
    async with registry.database.transaction() as tx:
        await tx.execute("update shipped_list set digest = '1' where name = 'folding'")
        await tx.execute("update organisation set sort_name = 'x' where id = $1", id)
        await tx.execute("update organisation_name set folded = 'x' || folded where organisation_id = $1", id)
        await tx.execute("update area_name set folded = 'x' || folded where pcode = 'SY99'")
    for _ in range(2):
        await registry.database.run(lambda tx: provide(tx, settings_of(SERVICE, registry.url), ProvisionInput()))
    for search in ("men and women", "women%20of cote d azur", "azur"):
        found = (await registry.ask("secretariat", "GET", f"/v1/organisations?search={search}")).json()["items"]
        assert [item["id"] for item in found] == [str(id)], search
    found = (await registry.ask("secretariat", "GET", "/v1/areas?search=land %26 sea")).json()["items"]
    assert [item["pcode"] for item in found] == ["SY99"]
    [row] = await registry.rows("select sort_name from organisation where id = $1", id)
    assert row["sort_name"].startswith("men and women")
