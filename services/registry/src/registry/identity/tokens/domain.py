"""What a token says, how a client proves itself, and how a private key is kept."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote_plus
from uuid import UUID

import orjson
from contracts.text import FORBIDDEN
from joserfc import jwe, jwt
from joserfc.jwk import OctKey, OKPKey

from registry.identity.grants.domain import Powers
from registry.identity.secrets import hash_secret
from registry.identity.tokens.errors import InvalidClient, InvalidRequest, UnsupportedGrantType

ALGORITHM = "Ed25519"
LIFETIME_SECONDS = 300
LONGEST = 300
"""Characters of a client id or secret."""
SEALING = {"alg": "dir", "enc": "A256GCM"}


@dataclass(frozen=True)
class ClientProof:
    """The credentials a client sent."""

    client_id: str
    client_secret: str

    @property
    def secret_hash(self) -> bytes:
        return hash_secret(self.client_secret)


@dataclass(frozen=True)
class TokenHolder:
    """Who a token speaks for."""

    subject: str
    powers: Powers
    session_id: UUID | None = None
    """A person's, who is signed in; a machine client has none."""

    def claims(self, *, issuer: str, audience: str, now: int, lifetime: int = LIFETIME_SECONDS) -> dict[str, Any]:
        powers = self.powers
        person = {"kind": "person", "sid": str(self.session_id)} if self.session_id else {"kind": "client"}
        return {
            "iss": issuer,
            "aud": audience,
            "sub": self.subject,
            "iat": now,
            "exp": now + lifetime,
            **person,
            "role": powers.role,
            "organisation_id": str(powers.organisation_id) if powers.organisation_id else None,
            "sectors": list(powers.sectors),
            "areas": list(powers.areas),
            **({"same_organisations": list(map(str, powers.same_organisations))} if powers.same_organisations else {}),
        }


def proof_of(authorization: str | None, body: bytes) -> ClientProof:
    """The credentials of a client credentials request: HTTP Basic or fields of the form, never both.

    Raises `InvalidRequest`, `UnsupportedGrantType`, `InvalidClient`.
    """
    form = _form(body)
    if "grant_type" not in form:
        raise InvalidRequest("grant_type is required")
    if form["grant_type"] != "client_credentials":
        raise UnsupportedGrantType("grant_type must be client_credentials")
    if authorization is None:
        return _checked(form.get("client_id", ""), form.get("client_secret", ""))
    if "client_secret" in form:
        raise InvalidRequest("send the credentials in one way, not in two")
    proof = _checked(*_basic(authorization))
    if form.get("client_id", proof.client_id) != proof.client_id:
        raise InvalidRequest("client_id names another client")
    return proof


def _form(body: bytes) -> Mapping[str, str]:
    try:
        fields = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=20)
    except ValueError as broken:
        raise InvalidRequest("the body is not a form in UTF-8") from broken
    form = dict(fields)
    if len(form) != len(fields):
        raise InvalidRequest("a parameter is repeated")
    return form


def _basic(authorization: str) -> tuple[str, str]:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        raise InvalidClient
    try:
        client_id, _, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError) as broken:
        raise InvalidClient from broken
    return unquote_plus(client_id), unquote_plus(secret)


def _checked(client_id: str, secret: str) -> ClientProof:
    texts = (client_id, secret)
    if any(not text or len(text) > LONGEST or FORBIDDEN.search(text) for text in texts):
        raise InvalidClient
    return ClientProof(client_id, secret)


def new_key() -> OKPKey:
    return OKPKey.generate_key("Ed25519", auto_kid=True)


def published(key: OKPKey) -> dict[str, Any]:
    """The public half, as it stands in the JWKS."""
    return {**key.as_dict(private=False), "use": "sig", "alg": ALGORITHM}


def seal(key: OKPKey, secret: str) -> str:
    """The private half, encrypted under the installation's secret."""
    return jwe.encrypt_compact(
        {**SEALING, "kid": key.kid}, orjson.dumps(key.as_dict(private=True)), _sealing_key(secret)
    )


def unseal(sealed: str, secret: str) -> OKPKey:
    """Raises `joserfc.errors.JoseError` when the secret is another one."""
    opened = jwe.decrypt_compact(sealed, _sealing_key(secret), algorithms=list(SEALING.values()))
    return OKPKey.import_key(orjson.loads(opened.plaintext or b""))


def _sealing_key(secret: str) -> OctKey:
    return OctKey.import_key(hashlib.sha256(b"tansiq signing key\n" + secret.encode()).digest())


def sign(claims: dict[str, Any], key: OKPKey) -> str:
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid}, claims, key, algorithms=[ALGORITHM])
