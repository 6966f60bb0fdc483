"""Only tokens of our issuer, for us, in time and whole are taken."""

import base64
import json
import time
from uuid import uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, OKPKey
from runtime.access import Role
from runtime.problems import InvalidToken
from runtime.tokens import TokenVerifier
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


async def test_verified_token_still_expires(issuer: TestIssuer) -> None:
    now = time.time()
    verifier = TokenVerifier(issuer.load_keys(), issuer=ISSUER, audience=AUDIENCE, clock=lambda: now)
    token = issuer.token(Role.HUB, expires_in=60)
    await verifier.verify(token)
    now += 120
    with pytest.raises(InvalidToken):
        await verifier.verify(token)


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
