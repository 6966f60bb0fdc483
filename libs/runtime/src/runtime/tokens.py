"""Bearer tokens: short JWTs, verified in every service against the published keys."""

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from runtime.access import Principal, Role
from runtime.problems import InvalidToken, Unavailable

ALGORITHMS = ["Ed25519", "RS256"]
LEEWAY_SECONDS = 5
REFRESH_SECONDS = 10
REMEMBERED = 4096
LONGEST = 8192

LoadKeys = Callable[[], Awaitable[KeySet]]


class TokenVerifier:
    """Turns a bearer token into a `Principal`, or raises `InvalidToken`.

    Keys are read once and again when a token names an unknown one, at most every ten seconds.
    """

    def __init__(
        self, load_keys: LoadKeys, *, issuer: str, audience: str, clock: Callable[[], float] = time.time
    ) -> None:
        self._load_keys = load_keys
        self._claims = jwt.JWTClaimsRegistry(
            now=lambda: int(clock()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
        )
        self._clock = clock
        self._keys: KeySet | None = None
        self._loaded_at = float("-inf")
        self._remembered: dict[str, tuple[Principal, float]] = {}

    async def verify(self, token: str) -> Principal:
        """Raises `InvalidToken`, or `Unavailable` while the keys can't be read."""
        known = self._remembered.get(token)
        if known and known[1] > self._clock():
            return known[0]
        if len(token) > LONGEST:
            raise InvalidToken(reason="length")
        claims = await self._checked_claims(token)
        principal = principal_of(claims, token)
        self._remember(token, principal, float(claims["exp"]))
        return principal

    async def ready(self) -> bool:
        """Whether there are keys to verify with; asks for them while there are none."""
        try:
            self._keys = self._keys or await self._load_keys()
        except Unavailable:
            return False
        return True

    def _remember(self, token: str, principal: Principal, until: float) -> None:
        if len(self._remembered) >= REMEMBERED:
            self._remembered.clear()
        self._remembered[token] = (principal, until)

    async def _checked_claims(self, token: str) -> Mapping[str, Any]:
        try:
            decoded = jwt.decode(token, await self._keys_for(token), algorithms=ALGORITHMS)
            self._claims.validate(decoded.claims)
        except JoseError as refused:
            raise InvalidToken(reason=refused.error) from refused
        except (ValueError, TypeError, KeyError, RecursionError) as refused:
            raise InvalidToken(reason="malformed") from refused
        return decoded.claims

    async def _keys_for(self, token: str) -> KeySet:
        stale = self._clock() - self._loaded_at > REFRESH_SECONDS
        if self._keys is None or (stale and not _names_a_key_of(token, self._keys)):
            self._keys = await self._load_keys()
            self._loaded_at = self._clock()
        return self._keys


def _names_a_key_of(token: str, keys: KeySet) -> bool:
    from joserfc.jws import extract_compact

    try:
        kid = extract_compact(token.encode()).headers().get("kid")
    except (JoseError, ValueError):
        return True  # broken anyway: no reason to ask for keys
    return any(key.kid == kid for key in keys.keys)


def principal_of(claims: Mapping[str, Any], token: str) -> Principal:
    """The principal a verified token's claims describe."""
    try:
        organisation = claims.get("organisation_id")
        return Principal(
            subject=str(claims["sub"]),
            role=Role(claims["role"]),
            organisation_id=UUID(organisation) if organisation else None,
            sectors=tuple(claims.get("sectors") or ()),
            areas=tuple(claims.get("areas") or ()),
            token=token,
        )
    except (KeyError, ValueError, TypeError) as refused:
        raise InvalidToken(reason="claims") from refused


def keys_at(url: str, http: httpx2.AsyncClient) -> LoadKeys:
    """Reads the keys published at `url`."""

    async def load() -> KeySet:
        try:
            answer = await http.get(url)
            answer.raise_for_status()
            return KeySet.import_key_set(answer.json())
        except (httpx2.HTTPError, ValueError) as failed:
            raise Unavailable from failed

    return load
