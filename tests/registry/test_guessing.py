"""Guesses are made to wait, and nobody else: browsers and networks of before keep their way free (decision 0024)."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st
from registry.identity.people.passwords import HASHING
from registry.identity.places.domain import MOST
from registry.identity.sessions.domain import (
    FREE,
    FREE_FOR_ADDRESS,
    LONGEST_PACE,
    LONGEST_WAIT,
    NOBODY,
    Attempts,
    Visitor,
    pace,
    wait,
)
from runtime.addresses import customer_of, network_of
from runtime.problems import Unavailable

from .conftest import RegistryClient
from .people import PASSWORD, Met, accepted, invited, met, tried

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOME, CAFE = "192.0.2.7", "198.51.100.20"
WRONG = "wrong password!"


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """There are hundreds of guesses here."""
    monkeypatch.setattr(HASHING, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    monkeypatch.setattr(HASHING, "_nobodys", "")


@pytest_asyncio.fixture
async def person(registry: RegistryClient) -> Met:
    return await met(registry)


async def later(registry: RegistryClient, seconds: float) -> None:
    """As if so much time had passed."""
    passed = timedelta(seconds=seconds)
    await registry.rows("update sign_in_attempt set free_at = free_at - $1::interval, last_at = last_at - $1", passed)
    await registry.rows("update known_place set seen_at = seen_at - $1::interval", passed)


async def attack(registry: RegistryClient, email: str, tries: int = 30) -> list[int]:
    """One guess each from many networks of the world."""
    return [(await tried(registry, email, WRONG, f"203.{n}.113.9")).status_code for n in range(tries)]


async def device_of(registry: RegistryClient, person: Met, address: str = HOME) -> str:
    answer = await tried(registry, person.email, address=address)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["device"])


async def test_known_browser_signs_in_from_anywhere_while_the_account_is_attacked(
    registry: RegistryClient, person: Met
) -> None:
    device = await device_of(registry, person)
    assert set(await attack(registry, person.email)) == {401, 429}
    again = await tried(registry, person.email, address=CAFE, devices=("A" * 43, device))
    assert (again.status_code, again.json()["device"]) == (201, device)
    assert (await tried(registry, person.email, address="203.0.113.9", devices=(device,))).status_code == 201


async def test_known_network_signs_in_while_the_account_is_attacked(registry: RegistryClient, person: Met) -> None:
    await device_of(registry, person)
    await attack(registry, person.email)
    neighbour = await tried(registry, person.email, address="192.0.2.250")
    assert neighbour.status_code == 201


async def test_right_password_from_an_unknown_place_comes_through_at_a_pace_while_the_attack_goes_on(
    registry: RegistryClient, person: Met
) -> None:
    await attack(registry, person.email, 60)
    for _ in range(3):  # the more is tried, the longer the pace, but never for ever
        await later(registry, LONGEST_PACE.total_seconds())
        await attack(registry, person.email, 60)
    first = await tried(registry, person.email, address=CAFE)
    assert (first.status_code, first.json()["code"]) == (429, "too_many_attempts")
    seconds = int(first.headers["retry-after"])
    assert 1 <= seconds <= LONGEST_PACE.total_seconds()
    await later(registry, seconds)
    await attack(registry, person.email)
    assert (await tried(registry, person.email, address=CAFE)).status_code == 201
    await attack(registry, person.email)
    assert (await tried(registry, person.email, address=CAFE)).status_code == 201  # and is known from now on


async def test_network_of_a_guesser_waits_longer_each_time(registry: RegistryClient, person: Met) -> None:
    for n in range(FREE):
        assert (await tried(registry, person.email, WRONG, f"198.51.100.{n}")).status_code == 401
    waits = []
    for _ in range(4):
        refused = await tried(registry, person.email, WRONG, CAFE)
        assert refused.status_code == 429
        waits.append(int(refused.headers["retry-after"]))
        await later(registry, waits[-1])
        assert (await tried(registry, person.email, WRONG, CAFE)).status_code == 401
    # Whole seconds of what is left when it is asked again.
    assert all(most - 2 <= wait <= most for wait, most in zip(waits, (5, 10, 20, 40), strict=True)), waits


async def test_guesses_sent_at_once_are_counted_each(registry: RegistryClient, person: Met) -> None:
    answers = await asyncio.gather(*(tried(registry, person.email, f"wrong password {n}") for n in range(12)))
    statuses = [answer.status_code for answer in answers]
    assert (statuses.count(401), statuses.count(429)) == (FREE, 12 - FREE)


async def test_stolen_device_is_counted_by_itself(registry: RegistryClient, person: Met) -> None:
    device = await device_of(registry, person)
    statuses = [
        (await tried(registry, person.email, WRONG, f"203.{n}.113.9", (device,))).status_code for n in range(FREE + 1)
    ]
    assert statuses == [401] * FREE + [429]
    assert (await tried(registry, person.email)).status_code == 201  # the network's way is another one


async def test_device_is_of_one_account(registry: RegistryClient, person: Met) -> None:
    other = await met(registry, email="other@people.example")
    device, known = await device_of(registry, person), await device_of(registry, other)
    assert known != device
    await attack(registry, other.email)
    assert (await tried(registry, other.email, address=CAFE, devices=(device,))).status_code == 429
    assert (await tried(registry, other.email, devices=(device, known))).json()["device"] == known


async def test_address_that_tries_many_accounts_waits_but_not_for_who_is_known_there(registry: RegistryClient) -> None:
    person = await met(registry)
    await device_of(registry, person)
    for n in range(FREE_FOR_ADDRESS):
        assert (await tried(registry, f"{n}@people.example", WRONG)).status_code == 401
    assert (await tried(registry, "another@people.example", WRONG)).status_code == 429
    assert (await tried(registry, person.email)).status_code == 201
    assert (await tried(registry, "another@people.example", WRONG, CAFE)).status_code == 401
    later_on = await tried(registry, "another@people.example", WRONG)
    assert later_on.status_code == 429  # a sign-in of one's own frees no guesser


async def test_same_answers_whether_there_is_such_an_account(registry: RegistryClient, person: Met) -> None:
    for email in (person.email, "nobody@people.example"):
        answers = [
            (answer.status_code, answer.json()["code"], "retry-after" in answer.headers)
            for answer in [await tried(registry, email, WRONG, f"203.{n // 4}.113.{n}") for n in range(28)]
        ]
        await registry.rows("delete from sign_in_attempt")
        if email == person.email:
            expected = answers
    assert answers == expected
    assert {status for status, _, _ in answers} == {401, 429}


ENDS = {
    "erased": ("POST", "erase"),
    "deactivated": ("POST", "deactivate"),
    "reset": ("POST", "reset"),
}


@pytest.mark.parametrize("how", ENDS)
async def test_whose_access_ends_or_is_reset_is_known_from_nowhere(
    registry: RegistryClient, person: Met, how: str
) -> None:
    await device_of(registry, person)
    assert len(await registry.rows("select from known_place")) == 2
    method, act = ENDS[how]
    answer = await registry.ask("secretariat", method, f"/v1/people/{person.id}/{act}")
    assert answer.is_success
    assert await registry.rows("select from known_place") == []


async def test_new_password_forgets_the_places_of_the_old(registry: RegistryClient, person: Met) -> None:
    link = (await registry.ask("secretariat", "POST", f"/v1/people/{person.id}/reset")).json()
    device = await device_of(registry, person)
    assert (await accepted(registry, link["token"], "Another 77 olives")).status_code == 200
    assert await registry.rows("select from known_place") == []
    await attack(registry, person.email)
    assert (await tried(registry, person.email, "Another 77 olives", devices=(device,))).status_code == 429


async def test_invitation_makes_browser_and_network_known(registry: RegistryClient) -> None:
    link = await invited(registry, email="new@people.example")
    body = {"token": link["token"], "password": PASSWORD, "address": HOME}
    opened = (await registry.ask("public", "POST", "/internal/sessions/by-invitation", body)).json()
    await attack(registry, "new@people.example")
    assert (await tried(registry, "new@people.example", address=CAFE, devices=(opened["device"],))).status_code == 201
    assert (await tried(registry, "new@people.example", address="192.0.2.99")).status_code == 201


async def test_places_are_few_and_grow_old(registry: RegistryClient, person: Met) -> None:
    for n in range(MOST + 5):
        assert (await tried(registry, person.email, address=f"10.{n}.0.1")).status_code == 201
    held = await registry.rows("select kind, count(*) as n from known_place group by kind order by kind")
    assert held == [{"kind": "device", "n": MOST}, {"kind": "network", "n": MOST}]
    await attack(registry, person.email)
    assert (await tried(registry, person.email, address=f"10.{MOST + 4}.0.77")).status_code == 201
    assert (await tried(registry, person.email, address="10.0.0.1")).status_code == 429  # the oldest made room
    await later(registry, timedelta(days=181).total_seconds())
    await attack(registry, person.email)
    assert (await tried(registry, person.email, address=f"10.{MOST + 4}.0.77")).status_code == 429


async def test_nothing_kept_tells_where_somebody_was(registry: RegistryClient, person: Met) -> None:
    device = await device_of(registry, person)
    await attack(registry, person.email)
    kept = str(await registry.rows("select * from known_place")) + str(
        await registry.rows("select * from sign_in_attempt")
    )
    audited = str(await registry.rows("select * from audit_entry where action like 'session.%'"))
    for word in (HOME, "192.0.2.0", device, person.email, "203.0.113"):
        assert word not in kept + audited
    brakes = await registry.rows("select object, details from audit_entry where action = 'session.brake'")
    assert brakes == [{"object": f"person:{person.id}", "details": {"brake": "account", "failures": FREE}}]


async def test_try_that_was_never_judged_is_none(registry: RegistryClient, person: Met, monkeypatch: Any) -> None:
    async def busy(known: str | None, password: str, *, first: bool = False) -> bool:
        raise Unavailable

    with monkeypatch.context() as patched:
        patched.setattr(HASHING, "proves", busy)
        for _ in range(FREE + 3):
            answer = await tried(registry, person.email)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert (await tried(registry, person.email)).status_code == 201


async def test_turn_of_somebody_unknown_is_not_lost_while_too_many_wait(
    registry: RegistryClient, person: Met, monkeypatch: Any
) -> None:
    async def busy(known: str | None, password: str, *, first: bool = False) -> bool:
        raise Unavailable

    await attack(registry, person.email)
    waited = await tried(registry, person.email, address=CAFE)
    await later(registry, int(waited.headers["retry-after"]))
    with monkeypatch.context() as patched:
        patched.setattr(HASHING, "proves", busy)
        assert (await tried(registry, person.email, address=CAFE)).status_code == 503
    assert (await tried(registry, person.email, address=CAFE)).status_code == 201


@given(st.integers(1, 10_000), st.integers(1, 100))
def test_waits_grow_and_end(failures: int, free: int) -> None:
    assert wait(failures, free) <= wait(failures + 1, free) <= LONGEST_WAIT
    assert (wait(failures, free) == timedelta(0)) == (failures < free)
    assert pace(failures) <= LONGEST_PACE


def test_failures_of_yesterday_are_forgotten() -> None:
    known = Attempts(50, NOW, NOW + LONGEST_WAIT)
    assert known.wait(NOW + LONGEST_WAIT - timedelta(microseconds=1)) == 1
    assert known.wait(NOW + LONGEST_WAIT) == 0
    assert known.another(NOW + LONGEST_WAIT, 5).failures == 51
    tomorrow = NOW + timedelta(days=1, seconds=1)
    assert known.another(tomorrow, 5) == Attempts(1, tomorrow, tomorrow)


def test_networks_and_customers_are_told_apart() -> None:
    assert customer_of("2001:db8:1:2::1") == customer_of("2001:db8:1:2:ffff::9") != customer_of("2001:db8:1:3::1")
    assert customer_of("::ffff:192.0.2.7") == customer_of(HOME) != customer_of("192.0.2.8")
    assert customer_of("no address") == customer_of("") == "unknown"
    assert network_of("2001:db8:1:2::1") == network_of("2001:db8:1:ffff::9") != network_of("2001:db8:2:2::1")
    assert network_of("::ffff:192.0.2.7") == network_of("192.0.2.8") == "192.0.2.0/24" != network_of("192.0.3.8")
    assert network_of("no address") is None


def test_keys_tell_neither_account_nor_address() -> None:
    one, other = (Visitor(HOME, (), secret).lane("a@people.example", NOBODY, frozenset()) for secret in ("one", "two"))
    assert not set(one.free) & set(other.free)
    assert Visitor(HOME, (), "one").lane(" A@PEOPLE.example", NOBODY, frozenset()) == one
