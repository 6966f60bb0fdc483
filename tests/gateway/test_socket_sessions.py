"""Who speaks on the WebSocket: the session of our own page, renewed while it lasts, or a token."""

import asyncio
from typing import Any

import pytest
from gateway.graph import socket_identity
from gateway.signing_in import sessions
from testkit.trust import ISSUER

from .people import Registry, cookie
from .subscribing import ISSUED, Stage


def page(secret: str, origin: str | None = ISSUER) -> dict[str, str]:
    """What a browser sends as it opens a socket."""
    return {**cookie(secret), **({"Origin": origin} if origin else {})}


@pytest.fixture
def person(registry: tuple[Registry, str]) -> Registry:
    return registry[0]


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch, person: Registry) -> None:
    """Tokens of three seconds, exchanged anew two before they end."""
    person.token_seconds = 3
    monkeypatch.setattr(sessions, "KEPT_SECONDS", 0.5)
    monkeypatch.setattr(socket_identity, "RENEWED_SECONDS", 2.0)
    monkeypatch.setattr(socket_identity, "PAUSE_SECONDS", 0.2)


async def test_a_page_of_ours_is_let_in_by_its_session_and_told_what_its_person_may_see(
    stage: Stage, person: Registry
) -> None:
    async with stage.opened(None, page(person.signed_in())) as client:
        await client.say(type="connection_init")
        assert await client.hear() == {"type": "connection_ack"}
        await client.subscribe(ISSUED)
        await stage.until_listening(1)
        issued = await stage.issue()
        told = (await client.hear())["payload"]["data"]["alertIssued"]
    assert (told["id"], told["polygons"]) == (issued["id"], issued["polygons"])  # as the secretariat sees it


@pytest.mark.parametrize(
    "origin", ["https://evil.example", ISSUER + ".evil.example", ISSUER.replace("http:", "https:"), "null", None]
)
async def test_a_page_of_another_site_is_nobody_whatever_cookie_comes_with_it(
    stage: Stage, person: Registry, origin: str | None
) -> None:
    async with stage.opened(None, page(person.signed_in(), origin)) as client:
        await client.say(type="connection_init")
        assert await client.closed() == 4403
    assert person.of("/internal/sessions/token") == []


@pytest.mark.parametrize("origin", [ISSUER, "https://evil.example", None])
async def test_a_token_in_the_first_message_comes_before_a_session(
    stage: Stage, person: Registry, origin: str | None
) -> None:
    headers = page(person.signed_in(), origin)
    async with stage.opened("hub", headers) as client:
        await client.subscribe("{ __schema { types { name } } }")  # the secretariat would be told
        assert (await client.hear())["payload"][0]["extensions"]["code"] == "introspection_off"
    async with stage.opened(None, headers) as client:
        await client.say(type="connection_init", payload={"authorization": "Bearer x"})
        assert await client.closed() == 4403
    assert person.of("/internal/sessions/token") == []


async def test_a_session_that_has_ended_lets_nobody_in(stage: Stage, person: Registry) -> None:
    for secret in ("9" * 43, "", "x"):
        async with stage.opened(None, page(secret)) as client:
            await client.say(type="connection_init")
            assert await client.closed() == 4403
    person.refusal = (503, {}, {})
    async with stage.opened(None, page(person.signed_in())) as client:
        await client.say(type="connection_init")
        assert await client.closed() == 1013


@pytest.mark.usefixtures("hurried")
async def test_a_subscription_outlives_the_tokens_of_its_session(stage: Stage, person: Registry) -> None:
    async with stage.opened(None, page(person.signed_in())) as client:
        await client.say(type="connection_init", payload={})
        await client.hear()
        await client.subscribe(ISSUED)
        for _ in range(2):
            await asyncio.sleep(3.2)
            issued = await stage.issue()
            assert (await client.hear())["payload"]["data"]["alertIssued"]["id"] == issued["id"]
    assert len(person.of("/internal/sessions/token")) >= 4


async def _signs_out(person: Registry) -> None:
    person.sessions.clear()


async def _acts_otherwise(person: Registry) -> None:
    person.sessions = dict.fromkeys(person.sessions, person.grants[1])


async def _loses_the_registry(person: Registry) -> None:
    person.refusal = (503, {}, {})


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(
    ("happens", "code"), [(_signs_out, 4403), (_acts_otherwise, 4403), (_loses_the_registry, 1013)]
)
async def test_a_socket_ends_soon_after_its_session_or_its_rights(
    stage: Stage, person: Registry, happens: Any, code: int
) -> None:
    async with stage.opened(None, page(person.signed_in())) as client:
        await client.say(type="connection_init")
        await client.hear()
        await client.subscribe(ISSUED)
        await stage.until_listening(1)
        await happens(person)
        async with asyncio.timeout(20):
            assert await client.closed() == code
    await stage.until_listening(0)


@pytest.mark.usefixtures("hurried")
async def test_a_registry_that_is_away_for_a_moment_ends_nothing(
    stage: Stage, person: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.token_seconds = 6
    monkeypatch.setattr(socket_identity, "RENEWED_SECONDS", 5.0)
    async with stage.opened(None, page(person.signed_in())) as client:
        await client.say(type="connection_init")
        await client.hear()
        await _loses_the_registry(person)
        await asyncio.sleep(1.6)
        person.refusal = None
        await asyncio.sleep(5)
        await client.subscribe("{ sectors { code } }")
        assert (await client.hear())["type"] == "next"


async def test_a_token_of_the_handshake_lets_in_and_comes_before_a_session(stage: Stage, person: Registry) -> None:
    bearer = stage.issuer.bearer("hub", areas=["SY07"])
    async with stage.opened(None, {**page(person.signed_in()), **bearer}) as client:
        await client.say(type="connection_init")
        assert await client.hear() == {"type": "connection_ack"}
        await client.subscribe(ISSUED, filter={"areas": ["SY07"]})
        await stage.until_listening(1)
        issued = await stage.issue()
        told = (await client.hear())["payload"]["data"]["alertIssued"]
        assert (told["id"], told["polygons"]) == (issued["id"], None)  # as a hub sees it, not the person of the cookie
    assert person.of("/internal/sessions/token") == []


async def test_a_token_of_the_handshake_is_checked_as_any_other(stage: Stage, person: Registry) -> None:
    issuer = stage.issuer
    bad = ["Bearer x", "Basic YTpi", "Bearer", f"Bearer {issuer.token('hub', expires_in=-60)}", "",
           f"Bearer {issuer.token('hub', audience='other')}", f"Bearer {issuer.token('public')}"]  # fmt: skip
    for header in bad:
        async with stage.opened(None, {**page(person.signed_in()), "Authorization": header}) as client:
            await client.say(type="connection_init", payload={"authorization": None})
            assert await client.closed() == 4403
    async with stage.opened(None, issuer.bearer("hub", areas=["SY07"], expires_in=1)) as client:
        await client.say(type="connection_init")
        assert await client.hear() == {"type": "connection_ack"}
        assert await client.closed() == 4403


async def test_two_tokens_name_one_and_the_same(stage: Stage) -> None:
    hub, other = (stage.issuer.bearer("hub", subject="hub", areas=[area]) for area in ("SY07", "SY02"))
    again = stage.issuer.bearer("hub", subject="hub", areas=["SY07"], expires_in=200)
    secretariat, bad = stage.issuer.bearer("secretariat"), {"Authorization": "Bearer x"}
    for said, ends in ((hub, None), (again, None), (other, 4403), (secretariat, 4403), (bad, 4403)):
        async with stage.opened(None, hub) as client:
            await client.say(type="connection_init", payload={"authorization": said["Authorization"]})
            if ends:
                assert await client.closed() == ends
            else:
                assert await client.hear() == {"type": "connection_ack"}
