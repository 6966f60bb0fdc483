"""Sessions: opened by a password, exchanged for tokens of a minute, ended; and guesses that are made to wait."""

import asyncio
import threading
from datetime import timedelta
from typing import Any, Literal
from uuid import uuid4

import pytest
import pytest_asyncio
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from joserfc import jwt
from joserfc.jwk import KeySet
from registry.identity.people.passwords import HASHING, WAITING, Hashing
from registry.identity.secrets import hash_secret
from runtime.problems import Unavailable

from .conftest import MEMBER, OTHER, RegistryClient, basic
from .people import (
    COORDINATOR_GRANT,
    MEMBER_GRANT,
    PASSWORD,
    Met,
    accepted,
    exchanged,
    met,
    signed_in,
    tried,
)

TWO_GRANTS = [MEMBER_GRANT, COORDINATOR_GRANT]


@pytest_asyncio.fixture
async def person(registry: RegistryClient) -> Met:
    return await met(registry, grants=TWO_GRANTS)


async def asked_as(registry: RegistryClient, secret: str, method: str, path: str, body: Any = None) -> Any:
    """As the test issuer would say what the session's own token says."""
    [row] = await registry.rows("select id, person_id from session where secret_hash = $1", hash_secret(secret))
    claims = {"subject": str(row["person_id"]), "session_id": row["id"]}
    return await registry.ask("member", method, path, body, claims=claims)


async def test_secret_is_told_once_and_kept_as_a_hash(registry: RegistryClient, person: Met) -> None:
    answer = await tried(registry, person.email.upper())
    assert (answer.status_code, answer.headers["cache-control"]) == (201, "no-store")
    told = answer.json()
    [row] = await registry.rows("select *, expires_at - created_at as lasts from session")
    assert row["secret_hash"] == hash_secret(told["secret"])
    assert row["lasts"] == timedelta(days=7)
    assert told["person"] == {"id": person.id, "name": "Canary Personname", "language": "ar"}
    assert [grant["role"] for grant in told["grants"]] == ["member", "coordinator"]
    [entry] = await registry.rows("select * from audit_entry where action = 'session.open'")
    assert (entry["subject"], entry["object"], entry["role"]) == (person.id, f"session:{row['id']}", "member")


async def test_session_is_exchanged_for_a_token_of_a_minute_without_a_name(own_registry: RegistryClient) -> None:
    secretariat = (
        await own_registry.client.post(
            "/oauth/token", data={"grant_type": "client_credentials"}, headers=basic("secretariat")
        )
    ).json()["access_token"]
    headers = {"Authorization": f"Bearer {secretariat}"}
    new: dict[str, Any] = {"email": "canary@people.example", "name": "Canary", "grants": TWO_GRANTS}
    invitation = (await own_registry.client.post("/v1/people/invitations", json=new, headers=headers)).json()
    await accepted(own_registry, invitation["token"])
    secret = (await tried(own_registry, new["email"])).json()["secret"]
    answer = await exchanged(own_registry, secret)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    keys = KeySet.import_key_set((await own_registry.client.get("/.well-known/jwks.json")).json())
    claims = dict(jwt.decode(answer.json()["access_token"], keys, algorithms=["Ed25519"]).claims)
    assert claims["exp"] - claims["iat"] == answer.json()["expires_in"] == 60
    assert (claims["sub"], claims["kind"], claims["role"]) == (invitation["person_id"], "person", "member")
    assert (claims["organisation_id"], claims["sectors"], claims["areas"]) == (str(MEMBER), [], [])
    assert "canary" not in str(claims).lower()
    own = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    who = (await own_registry.client.get("/v1/session", headers=own)).json()
    assert (who["person"]["name"], who["acting"]["role"]) == ("Canary", "member")
    acted = await own_registry.client.post("/v1/session/act-as", json={"grant_id": who["grants"][1]["id"]}, headers=own)
    assert acted.json()["acting"]["role"] == "coordinator"
    token = (await exchanged(own_registry, secret)).json()["access_token"]
    claims = dict(jwt.decode(token, keys, algorithms=["Ed25519"]).claims)
    assert (claims["role"], claims["sectors"], claims["areas"]) == ("coordinator", ["WSH"], ["SY07"])


async def test_one_answer_whatever_is_wrong(registry: RegistryClient, person: Met) -> None:
    waiting = await registry.ask(
        "secretariat",
        "POST",
        "/v1/people/invitations",
        {"email": "w@people.example", "name": "W", "grants": TWO_GRANTS},
    )
    assert waiting.status_code == 201
    gone = await met(registry, email="gone@people.example")
    await registry.ask("secretariat", "POST", f"/v1/people/{gone.id}/deactivate")
    lone = await met(registry, email="lone@people.example")
    await registry.ask("secretariat", "PATCH", f"/v1/people/{lone.id}", {"grants": []}, headers={"If-Match": "*"})
    bodies = []
    for email, password in (
        (person.email, "wrong password!"),
        ("nobody@people.example", PASSWORD),
        ("no address at all", PASSWORD),
        ("w@people.example", PASSWORD),
        (gone.email, PASSWORD),
        (lone.email, PASSWORD),
    ):
        answer = await tried(registry, email, password)
        assert answer.status_code == 401
        bodies.append(answer.json())
    assert bodies[0]["code"] == "sign_in_refused"
    assert all(body == bodies[0] for body in bodies)
    assert await registry.rows("select from session") == []
    refused = await registry.rows("select object from audit_entry where action = 'session.refuse' order by number")
    assert [entry["object"] for entry in refused[:2]] == [f"person:{person.id}", "person:unknown"]


async def test_unknown_account_costs_a_hash_as_a_known_one_does(
    registry: RegistryClient, person: Met, monkeypatch: Any
) -> None:
    verified: list[str | None] = []

    async def proves(known: str | None, password: str, *, first: bool = False) -> bool:
        verified.append(known)
        return False

    monkeypatch.setattr(HASHING, "proves", proves)
    for email in (person.email, "nobody@people.example"):
        await tried(registry, email)
    assert [known is None for known in verified] == [False, True]


class Counting(PasswordHasher):
    """Keeps what it was to verify."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified: list[str | bytes] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        self.verified.append(hash)
        return super().verify(hash, password)


async def test_nobody_is_verified_against_a_hash_of_the_same_parameters() -> None:
    hasher = Counting()
    hashing = Hashing(hasher)
    assert not await hashing.proves(None, PASSWORD)
    assert not await hashing.proves(None, "")
    assert await hashing.proves(await hashing.make(PASSWORD), PASSWORD)
    nobodys, again, known = (str(each).split("$")[1:4] for each in hasher.verified)
    assert nobodys == again == known
    assert not await hashing.proves("no hash at all", PASSWORD)


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        "x",
        {"email": "a\u0000b", "password": "x"},
        {"email": "a" * 301, "password": "x"},
        {"email": "a@b.example", "password": "x" * 1001},
        {"email": "a@b.example", "password": ""},
        {"email": ["a@b.example"], "password": "x"},
        {"email": "a@b.example", "password": "x", "address": "1" * 65},
        {"email": "a@b.example", "password": "x", "more": 1},
    ],
)
async def test_bad_sign_in_is_refused(shared_registry: RegistryClient, body: Any) -> None:
    assert (await shared_registry.ask("public", "POST", "/internal/sessions", body)).status_code == 422


@pytest.mark.parametrize("body", [b'{"email": "\\ud800", "password": "x"}', b"\xff", b"x" * 9000, b'{"email":'])
async def test_broken_sign_in_is_refused(shared_registry: RegistryClient, body: bytes) -> None:
    assert 400 <= (await shared_registry.ask("public", "POST", "/internal/sessions", body)).status_code < 500


@pytest.mark.parametrize("password", ["\u0000 with NUL in it", "زيتون وزعتر ١٩٣١", "\u00e9\u0065\u0301 harvests 31"])
async def test_password_of_any_characters_signs_in(registry: RegistryClient, password: str) -> None:
    person = await met(registry)
    link = (await registry.ask("secretariat", "POST", f"/v1/people/{person.id}/reset")).json()
    assert (await accepted(registry, link["token"], password)).status_code == 200
    assert (await tried(registry, person.email, password.replace("e\u0301", "\u00e9"))).status_code == 201


ENDINGS = {
    "idle": "update session set used_at = now() - interval '12 hours 1 second'",
    "a week old": "update session set expires_at = now()",
}


@pytest.mark.parametrize("how", ENDINGS)
async def test_session_ends_by_itself_and_is_cleared_away(registry: RegistryClient, person: Met, how: str) -> None:
    secret = await signed_in(registry, person)
    await registry.rows(ENDINGS[how])
    assert (await exchanged(registry, secret)).status_code == 401
    assert (await asked_as(registry, secret, "GET", "/v1/session")).status_code == 401
    await signed_in(registry, person)
    assert len(await registry.rows("select from session")) == 1


async def test_use_keeps_a_session_awake_and_is_noted_once_a_minute(registry: RegistryClient, person: Met) -> None:
    secret = await signed_in(registry, person)
    [first] = await registry.rows("select used_at from session")
    await exchanged(registry, secret)
    assert await registry.rows("select used_at from session") == [first]
    await registry.rows("update session set used_at = now() - interval '11 hours'")
    assert (await exchanged(registry, secret)).status_code == 200
    [row] = await registry.rows("select now() - used_at < interval '1 minute' as fresh from session")
    assert row["fresh"]


async def test_session_ends_with_the_grant_it_acts_under_and_no_other(registry: RegistryClient, person: Met) -> None:
    secret = await signed_in(registry, person)
    path = f"/v1/people/{person.id}"
    await registry.ask("secretariat", "PATCH", path, {"grants": [MEMBER_GRANT]}, headers={"If-Match": "*"})
    assert (await exchanged(registry, secret)).json()["acting"]["role"] == "member"
    await registry.ask("secretariat", "PATCH", path, {"grants": [COORDINATOR_GRANT]}, headers={"If-Match": "*"})
    assert (await exchanged(registry, secret)).status_code == 401
    assert (await tried(registry, person.email)).json()["acting"]["role"] == "coordinator"


async def test_session_of_before_a_suspension_does_not_come_back_with_its_end(registry: RegistryClient) -> None:
    person = await met(registry, grants=[MEMBER_GRANT])
    secret = await signed_in(registry, person)
    for act in ("suspend", "verify"):
        await registry.ask("secretariat", "POST", f"/v1/organisations/{MEMBER}/{act}")
    assert (await exchanged(registry, secret)).status_code == 401
    assert (await exchanged(registry, await signed_in(registry, person))).status_code == 200


async def test_tries_of_yesterday_are_cleared_away(registry: RegistryClient, person: Met) -> None:
    await tried(registry, "nobody@people.example", address="198.51.100.1")
    await registry.rows("update sign_in_attempt set last_at = now() - interval '25 hours'")
    await signed_in(registry, person)
    assert await registry.rows("select from sign_in_attempt where last_at < now() - interval '24 hours'") == []


async def test_session_ends_when_its_organisation_is_suspended(registry: RegistryClient) -> None:
    person = await met(registry, grants=[MEMBER_GRANT, COORDINATOR_GRANT, {"role": "hub", "areas": ["SY"]}])
    secret = await signed_in(registry, person)
    await registry.ask("secretariat", "POST", f"/v1/organisations/{OTHER}/suspend")
    assert (await exchanged(registry, secret)).status_code == 200
    await registry.ask("secretariat", "POST", f"/v1/organisations/{MEMBER}/suspend")
    assert (await exchanged(registry, secret)).status_code == 401
    again = (await tried(registry, person.email)).json()
    # Who coordinates is of their organisation there, too.
    assert [grant["role"] for grant in again["grants"]] == ["hub"]
    await registry.ask("secretariat", "POST", f"/v1/organisations/{MEMBER}/verify")
    assert (await exchanged(registry, secret)).status_code == 401


async def test_own_grants_are_acted_under_and_no_others(registry: RegistryClient, person: Met) -> None:
    stranger = await met(registry, email="s@people.example", grants=[{"role": "secretariat"}])
    theirs = (await registry.ask("secretariat", "GET", f"/v1/people/{stranger.id}")).json()["grants"][0]["id"]
    secret = await signed_in(registry, person)
    grants = (await exchanged(registry, secret)).json()["grants"]
    acted = await asked_as(registry, secret, "POST", "/v1/session/act-as", {"grant_id": grants[1]["id"]})
    assert (acted.status_code, acted.json()["acting"]) == (200, grants[1])
    for wrong in (theirs, str(uuid4())):
        refused = await asked_as(registry, secret, "POST", "/v1/session/act-as", {"grant_id": wrong})
        assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    assert (await exchanged(registry, secret)).json()["acting"]["role"] == "coordinator"
    entries = await registry.rows("select role from audit_entry where action = 'session.act_as'")
    assert [entry["role"] for entry in entries] == ["coordinator"]


async def test_sign_out_ends_one_session_and_everywhere_all(registry: RegistryClient, person: Met) -> None:
    one, two, three = [await signed_in(registry, person) for _ in range(3)]
    other = await signed_in(registry, await met(registry, email="other@people.example"))
    assert (await asked_as(registry, one, "DELETE", "/v1/session")).status_code == 204
    statuses = [(await exchanged(registry, secret)).status_code for secret in (one, two, three)]
    assert statuses == [401, 200, 200]
    assert (await asked_as(registry, two, "DELETE", "/v1/sessions")).status_code == 204
    statuses = [(await exchanged(registry, secret)).status_code for secret in (two, three, other)]
    assert statuses == [401, 401, 200]


async def test_person_has_so_many_sessions_and_the_longest_unused_goes(registry: RegistryClient, person: Met) -> None:
    first = await signed_in(registry, person)
    await registry.rows("update session set used_at = used_at - interval '1 hour'")
    await registry.rows(
        """
        insert into session (id, secret_hash, person_id, grant_id, created_at, used_at, expires_at)
        select gen_random_uuid(), sha256(n::text::bytea), person_id, grant_id, created_at, now(), expires_at
          from session, generate_series(1, 19) as n
        """
    )
    last = await signed_in(registry, person)
    assert len(await registry.rows("select from session")) == 20
    assert [(await exchanged(registry, secret)).status_code for secret in (first, last)] == [401, 200]


@pytest.mark.parametrize("role", ["member", "coordinator", "hub", "secretariat"])
async def test_machine_client_learns_what_it_is_and_has_no_session(shared_registry: RegistryClient, role: str) -> None:
    who = (await shared_registry.ask(role, "GET", "/v1/session")).json()
    assert (who["kind"], who["client"], who["acting"]["role"]) == ("client", {"id": f"test-{role}"}, role)
    for method, path in (("DELETE", "/v1/session"), ("DELETE", "/v1/sessions"), ("POST", "/v1/session/act-as")):
        answer = await shared_registry.ask(role, method, path, {"grant_id": str(uuid4())} if method == "POST" else None)
        assert (answer.status_code, answer.json()["code"]) == (403, "no_session")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/session"), ("DELETE", "/v1/session"), ("DELETE", "/v1/sessions"), ("POST", "/v1/session/act-as")],
)
async def test_nobody_has_a_session_without_a_token(shared_registry: RegistryClient, method: str, path: str) -> None:
    assert (await shared_registry.ask("public", method, path)).status_code == 401


@pytest.mark.parametrize("secret", ["A" * 43, "x", "", None, "A" * 44, "A" * 42 + "\u0000"])
async def test_secret_of_no_session_is_exchanged_for_nothing(shared_registry: RegistryClient, secret: Any) -> None:
    answer = await shared_registry.ask("public", "POST", "/internal/sessions/token", {"secret": secret})
    assert answer.status_code == (401 if secret == "A" * 43 else 422)


async def test_password_is_hashed_anew_when_the_parameters_change(registry: RegistryClient, person: Met) -> None:
    old = PasswordHasher.from_parameters(CHEAPEST).hash(PASSWORD)
    await registry.rows("update person_password set hash = $1", old)
    await signed_in(registry, person)
    [row] = await registry.rows("select hash from person_password")
    assert not HASHING.is_outdated(row["hash"])
    await signed_in(registry, person)


async def test_invitation_accepted_at_the_gateway_signs_in_at_once(registry: RegistryClient, person: Met) -> None:
    link = (await registry.ask("secretariat", "POST", f"/v1/people/{person.id}/reset")).json()
    before = await signed_in(registry, person)
    body = {"token": link["token"], "password": "Another 77 olives"}
    answer = await registry.ask("public", "POST", "/internal/sessions/by-invitation", body)
    assert (answer.status_code, answer.headers["cache-control"]) == (201, "no-store")
    assert (await exchanged(registry, answer.json()["secret"])).json()["person"]["id"] == person.id
    assert (await exchanged(registry, before)).status_code == 401


async def test_more_hashes_than_can_wait_are_asked_to_come_again() -> None:
    slow = Hashing(PasswordHasher.from_parameters(CHEAPEST), at_once=1)
    results = await asyncio.gather(*(slow.make(PASSWORD) for _ in range(1 + WAITING + 5)), return_exceptions=True)
    assert sum(isinstance(result, Unavailable) for result in results) == 5
    assert await slow.proves(await slow.make(PASSWORD), PASSWORD)


class Stuck(PasswordHasher):
    """Verifies when it is told to, and remembers in which order."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.go = threading.Semaphore(0)
        self.seen: list[str | bytes] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        self.go.acquire()
        self.seen.append(password)
        return super().verify(hash, password)


async def test_known_places_do_not_wait_behind_the_guesses_of_others() -> None:
    stuck = Stuck()
    hashing = Hashing(stuck, at_once=1)
    made = stuck.hash(PASSWORD)
    guesses = [asyncio.create_task(hashing.proves(made, f"guess {n}")) for n in range(1 + WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await hashing.proves(made, "one guess more")
    own = asyncio.create_task(hashing.proves(made, PASSWORD, first=True))
    await asyncio.sleep(0)
    stuck.go.release(2)
    assert await own
    assert stuck.seen == ["guess 0", PASSWORD]
    guesses[5].cancel()  # who leaves takes nobody's turn along
    stuck.go.release(WAITING)
    answers = await asyncio.gather(*guesses, return_exceptions=True)
    assert sum(answer is False for answer in answers) == WAITING


async def test_a_hash_is_waited_for_shortly() -> None:
    stuck = Stuck()
    hashing = Hashing(stuck, at_once=1, seconds=0.01)
    first = asyncio.create_task(hashing.proves(stuck.hash(PASSWORD), PASSWORD))
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await hashing.proves(None, PASSWORD)
    stuck.go.release(2)
    assert await first
    assert not await hashing.proves(None, PASSWORD)
