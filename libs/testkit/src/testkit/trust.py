"""An issuer for tests: tokens of any role, and the faulty ones a door must refuse."""

import time
from collections.abc import Sequence
from uuid import UUID, uuid4

from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey
from runtime.access import Role
from runtime.tokens import LoadKeys

ISSUER = "http://tansiq.test"
AUDIENCE = "tansiq"


class TestIssuer:
    """Signs tokens as the registry does."""

    __test__ = False

    def __init__(self) -> None:
        self.key = OKPKey.generate_key("Ed25519", {"kid": "test", "use": "sig"})

    def load_keys(self) -> LoadKeys:
        async def load() -> KeySet:
            return KeySet([self.key])

        return load

    def token(
        self,
        role: Role | str,
        *,
        subject: str | None = None,
        organisation_id: UUID | str | None = None,
        sectors: Sequence[str] = (),
        areas: Sequence[str] = (),
        session_id: UUID | str | None = None,
        same_organisations: Sequence[UUID | str] = (),
        expires_in: int = 300,
        audience: str = AUDIENCE,
        issuer: str = ISSUER,
    ) -> str:
        now = int(time.time())
        claims = {
            "iss": issuer,
            "aud": audience,
            "sub": subject or f"test-{role}-{uuid4()}",
            "iat": now,
            "exp": now + expires_in,
            "role": str(role),
            "organisation_id": str(organisation_id) if organisation_id else None,
            "sectors": list(sectors),
            "areas": list(areas),
            **({"same_organisations": list(map(str, same_organisations))} if same_organisations else {}),
            **({"kind": "person", "sid": str(session_id)} if session_id else {"kind": "client"}),
        }
        return jwt.encode({"alg": "Ed25519", "kid": "test"}, claims, self.key, algorithms=["Ed25519"])

    def bearer(self, role: Role | str, **claims: object) -> dict[str, str]:
        """The Authorization header of such a token."""
        return {"Authorization": f"Bearer {self.token(role, **claims)}"}  # type: ignore[arg-type]
