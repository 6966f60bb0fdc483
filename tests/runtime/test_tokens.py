"""Only tokens of our issuer, for us, in time and whole are taken."""

import asyncio
import base64
import json
import time
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, OKPKey
from runtime.access import Role
from runtime.problems import InvalidToken, Unavailable
from runtime.tokens import EXPIRED, MALFORMED, NOT_FOR_HERE, NOT_SIGNED_HERE, TokenVerifier, keys_at
from testkit.trust import AUDIENCE, ISSUER, TestIssuer


@pytest.fixture
def verifier(issuer: TestIssuer) -> TokenVerifier:
    return TokenVerifier(issuer.load_keys(), issuer=ISSUER, audience=AUDIENCE)


async def test_principal_is_what_the_token_says(issuer: TestIssuer, verifier: TokenVerifier) -> None:
    organisation = uuid4()
    token = issuer.token(Role.MEMBER, subject="a", organisation_id=organisation, sectors=["WSH"], areas=["SY02"])
    principal = await verifier.verify(token)
    assert (principal.subject, principal.role, principal.organisation_id) == ("a", Role.MEMBER, organisation)
    assert (principal.sectors, principal.areas, principal.token) == (("WSH",), ("SY02",), token)
    assert token not in repr(principal)


def unsigned(token: str) -> str:
    header = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode()).decode().rstrip("=")
    return f"{header}.{token.split('.')[1]}."


def tampered(token: str) -> str:
    head, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    forged = base64.urlsafe_b64encode(json.dumps({**claims, "role": "secretariat"}).encode()).decode().rstrip("=")
    return f"{head}.{forged}.{signature}"


def signed_with_published_key_as_secret(issuer: TestIssuer) -> str:
    secret = OctKey.import_key(json.dumps(issuer.key.as_dict(private=False)).encode())
    return jwt.encode({"alg": "HS256", "kid": "test"}, {"sub": "a"}, secret, algorithms=["HS256"])


async def test_bad_tokens_are_refused(issuer: TestIssuer, verifier: TokenVerifier) -> None:
    good = issuer.token(Role.MEMBER)
    stranger = OKPKey.generate_key("Ed25519", {"kid": "test"})
    bad = [
        issuer.token(Role.MEMBER, expires_in=-60),
        issuer.token(Role.MEMBER, audience="somebody-else"),
        issuer.token(Role.MEMBER, issuer="http://elsewhere.test"),
        issuer.token("emperor"),
        issuer.token(Role.MEMBER, organisation_id="not-a-uuid"),
        unsigned(good),
        tampered(good),
        signed_with_published_key_as_secret(issuer),
        jwt.encode({"alg": "Ed25519", "kid": "test"}, {"sub": "a"}, stranger, algorithms=["Ed25519"]),
        good[:-4],
        good + "." + good,
        "",
        "....",
        "a" * 100_000,
        "é.ü.ß",
        base64.urlsafe_b64encode(b"[" * 3000).decode() + ".e30.x",
    ]
    for token in bad:
        with pytest.raises(InvalidToken):
            await verifier.verify(token)
    assert (await verifier.verify(good)).role == Role.MEMBER


async def test_reason_is_told_in_the_readers_language(issuer: TestIssuer, verifier: TokenVerifier) -> None:
    good = issuer.token(Role.MEMBER)
    unknown = OKPKey.generate_key("Ed25519", {"kid": "another"})
    stranger = OKPKey.generate_key("Ed25519", {"kid": "test"})
    for token, words in (
        (issuer.token(Role.MEMBER, expires_in=-60), EXPIRED),
        (issuer.token(Role.MEMBER, audience="somebody-else"), NOT_FOR_HERE),
        (issuer.token("emperor"), NOT_FOR_HERE),
        (tampered(good), NOT_SIGNED_HERE),
        (
            jwt.encode({"alg": "Ed25519", "kid": "test"}, {"sub": "a"}, stranger, algorithms=["Ed25519"]),
            NOT_SIGNED_HERE,
        ),
        (
            jwt.encode({"alg": "Ed25519", "kid": "another"}, {"sub": "a"}, unknown, algorithms=["Ed25519"]),
            NOT_SIGNED_HERE,
        ),
        ("....", MALFORMED),
        ("a" * 100_000, MALFORMED),
    ):
        with pytest.raises(InvalidToken) as refused:
            await verifier.verify(token)
        assert refused.value.sentence("en") == f"The bearer token is not valid: {words.en}."
        assert refused.value.sentence("ar") == f"رمز الوصول غير صالح: {words.ar}."


async def test_verified_token_still_expires(issuer: TestIssuer) -> None:
    now = time.time()
    verifier = TokenVerifier(issuer.load_keys(), issuer=ISSUER, audience=AUDIENCE, clock=lambda: now)
    token = issuer.token(Role.HUB, expires_in=60)
    await verifier.verify(token)
    now += 120
    with pytest.raises(InvalidToken):
        await verifier.verify(token)


async def test_key_taken_out_of_use_is_heeded_within_five_minutes(issuer: TestIssuer) -> None:
    published, now = KeySet([issuer.key]), time.time()

    async def load() -> KeySet:
        return published

    verifier = TokenVerifier(load, issuer=ISSUER, audience=AUDIENCE, clock=lambda: now)
    token = issuer.token(Role.HUB, expires_in=100_000)
    await verifier.verify(token)
    published = KeySet([OKPKey.generate_key("Ed25519", {"kid": "new"})])
    now += 301
    with pytest.raises(InvalidToken):
        await verifier.verify(token)


async def test_known_keys_serve_while_the_issuer_is_away(issuer: TestIssuer) -> None:
    asked, now = 0, time.time()

    async def load() -> KeySet:
        nonlocal asked
        asked += 1
        if asked > 1:
            raise Unavailable
        return KeySet([issuer.key])

    verifier = TokenVerifier(load, issuer=ISSUER, audience=AUDIENCE, clock=lambda: now)
    token = issuer.token(Role.HUB, expires_in=100_000)
    for _ in range(3):
        await verifier.verify(token)
        now += 301
    assert asked == 3


def signed(issuer: TestIssuer, *, kid: str = "test", **claims: Any) -> str:
    known = {"iss": ISSUER, "aud": AUDIENCE, "sub": "a", "role": "hub", "exp": int(time.time()) + 60, **claims}
    return jwt.encode({"alg": "Ed25519", "kid": kid}, known, issuer.key, algorithms=["Ed25519"])


@pytest.mark.parametrize(
    "claims",
    [
        {"organisation_id": 5},
        {"organisation_id": {"a": 1}},
        {"sectors": "WSH"},
        {"sectors": [1]},
        {"areas": {"SY": 1}},
        {"sub": "a\0b"},
        {"sub": "a" * 301},
        {"sub": 5},
        {"nbf": 4_000_000_000},
        {"iat": 4_000_000_000},
        {"exp": "tomorrow"},
        {"aud": []},
        {"role": ["hub"]},
    ],
)
async def test_claim_of_a_wrong_kind_is_refused(
    issuer: TestIssuer, verifier: TokenVerifier, claims: dict[str, Any]
) -> None:
    with pytest.raises(InvalidToken):
        await verifier.verify(signed(issuer, **claims))


async def test_tokens_of_unknown_keys_do_not_flood_the_issuer(issuer: TestIssuer) -> None:
    asked, now = 0, time.time()

    async def load() -> KeySet:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0.01)
        if asked > 1:
            raise Unavailable
        return KeySet([issuer.key])

    verifier = TokenVerifier(load, issuer=ISSUER, audience=AUDIENCE, clock=lambda: now)
    good = [verifier.verify(signed(issuer)) for _ in range(20)]
    assert len(await asyncio.gather(*good)) == 20
    assert asked == 1
    now += 11
    bad = [verifier.verify(signed(issuer, kid=f"unknown-{number}")) for number in range(20)]
    answers = await asyncio.gather(*bad, return_exceptions=True)
    assert {type(answer) for answer in answers} == {Unavailable}
    with pytest.raises(InvalidToken):
        await verifier.verify(signed(issuer, kid="unknown"))
    assert asked == 2, "a failed try counts too"
    assert (await verifier.verify(signed(issuer))).subject == "a"


@pytest.mark.parametrize("answer", ["{}", "[]", '{"keys": [{}]}', '{"keys": 5}', "<html>", '{"keys": ["a"]}'])
async def test_address_that_publishes_no_keys_is_unavailable(answer: str) -> None:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, text=answer))
    async with httpx2.AsyncClient(transport=transport) as http:
        with pytest.raises(Unavailable):
            await keys_at("http://issuer.test/keys", http)()


async def test_rotated_key_is_read_again() -> None:
    old, new = TestIssuer(), TestIssuer()
    new.key = OKPKey.generate_key("Ed25519", {"kid": "new"})
    published = KeySet([old.key])

    async def load() -> KeySet:
        return published

    now = time.time()
    verifier = TokenVerifier(load, issuer=ISSUER, audience=AUDIENCE, clock=lambda: now)
    await verifier.verify(old.token(Role.HUB))
    published = KeySet([old.key, new.key])
    now += 11
    token = jwt.encode(
        {"alg": "Ed25519", "kid": "new"},
        {"iss": ISSUER, "aud": AUDIENCE, "sub": "b", "role": "hub", "exp": int(now) + 60},
        new.key,
        algorithms=["Ed25519"],
    )
    assert (await verifier.verify(token)).subject == "b"
