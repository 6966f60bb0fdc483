"""Bearer tokens: short JWTs, verified in every service against the published keys."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

import httpx2
from contracts.lines import line
from contracts.text import FORBIDDEN
from joserfc import jwt
from joserfc.errors import BadSignatureError, ClaimError, ExpiredTokenError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import extract_compact

from runtime.access import Principal, Role
from runtime.language import LocalizedText
from runtime.problems import InvalidToken, Unavailable

ALGORITHMS = ["Ed25519", "RS256"]
LEEWAY_SECONDS = 5
REFRESH_SECONDS = 10
REMEMBERED = 4096
HEEDED_SECONDS = 300
"""How long a token or a key is taken on trust, so that a key taken out of use is heeded."""
LONGEST = 8192
LONGEST_SUBJECT = 300

NO_BEARER = LocalizedText(
    "ترويسة Authorization ليست بالصيغة Bearer", "the Authorization header is not of the form Bearer"
)
MALFORMED = LocalizedText("صيغته غير سليمة", "it is malformed")
EXPIRED = LocalizedText("انتهت صلاحيته", "it has expired")
NOT_SIGNED_HERE = LocalizedText("لم يوقَّع بمفتاح هذه المنصة", "it was not signed with a key of this platform")
NOT_FOR_HERE = LocalizedText("بياناته لا تصلح لهذه المنصة", "what it says does not hold on this platform")
REASONS: tuple[tuple[type[JoseError], LocalizedText], ...] = (
    (ExpiredTokenError, EXPIRED),
    (ClaimError, NOT_FOR_HERE),
    (BadSignatureError, NOT_SIGNED_HERE),
    (InvalidKeyIdError, NOT_SIGNED_HERE),
    (JoseError, MALFORMED),
)
"""Why a token is not valid, the first kind that fits."""

LoadKeys = Callable[[], Awaitable[KeySet]]


class TokenVerifier:
    """Turns a bearer token into a `Principal`, or raises `InvalidToken`.

    Keys are read once, again after five minutes, and when a token names an unknown one: at most every ten seconds,
    whether that succeeds or not, and by one request for all that wait.
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
        self._asked_at = float("-inf")
        self._asking: asyncio.Task[None] | None = None
        self._remembered: dict[str, tuple[Principal, float]] = {}

    async def verify(self, token: str) -> Principal:
        """Raises `InvalidToken`, or `Unavailable` while the keys can't be read."""
        known = self._remembered.get(token)
        if known and known[1] > self._clock():
            return known[0]
        if len(token) > LONGEST:
            raise InvalidToken(reason=MALFORMED)
        claims = await self._checked_claims(token)
        principal = principal_of(claims, token)
        self._remember(token, principal, min(float(claims["exp"]), self._clock() + HEEDED_SECONDS))
        return principal

    async def ready(self) -> bool:
        """Whether there are keys to verify with; asks for them while there are none."""
        try:
            if self._keys is None:
                await self._ask_for_keys()
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
            raise InvalidToken(reason=next(why for kind, why in REASONS if isinstance(refused, kind))) from refused
        except (ValueError, TypeError, KeyError, RecursionError) as refused:
            raise InvalidToken(reason=MALFORMED) from refused
        return decoded.claims

    async def _keys_for(self, token: str) -> KeySet:
        waited = self._clock() - self._asked_at
        due = self._asking is not None or waited > REFRESH_SECONDS
        if self._keys is None or (due and not _names_a_key_of(token, self._keys)):
            await self._ask_for_keys()
        elif waited > HEEDED_SECONDS:
            with suppress(Unavailable):  # until they can be read again, old keys serve better than none
                await self._ask_for_keys()
        assert self._keys is not None, "asking for keys brings some or raises"
        return self._keys

    async def _ask_for_keys(self) -> None:
        """All who ask meanwhile wait for one answer. Raises `Unavailable`."""
        if self._asking is None:
            self._asked_at = self._clock()
            self._asking = asyncio.create_task(self._read_keys())
        # Shielded: one that gives up waiting must not take the answer from the others.
        await asyncio.shield(self._asking)

    async def _read_keys(self) -> None:
        try:
            self._keys = await self._load_keys()
        finally:
            self._asking = None


def _names_a_key_of(token: str, keys: KeySet) -> bool:
    try:
        kid = extract_compact(token.encode()).headers().get("kid")
    except (JoseError, ValueError, AttributeError):
        return True  # broken anyway: no reason to ask for keys
    return any(key.kid == kid for key in keys.keys)


def principal_of(claims: Mapping[str, Any], token: str) -> Principal:
    """The principal a verified token's claims describe. A claim of a wrong kind is refused."""
    try:
        organisation, session = claims.get("organisation_id"), claims.get("sid")
        return Principal(
            subject=_subject(claims["sub"]),
            role=Role(claims["role"]),
            organisation_id=UUID(organisation) if organisation else None,
            sectors=_codes(claims.get("sectors")),
            areas=_codes(claims.get("areas")),
            session_id=UUID(session) if session else None,
            token=token,
            same_organisations=tuple(map(UUID, _codes(claims.get("same_organisations")))),
            expires_at=float(claims["exp"]) if "exp" in claims else None,
        )
    except (KeyError, ValueError, TypeError, AttributeError) as refused:
        raise InvalidToken(reason=NOT_FOR_HERE) from refused


def _subject(claim: str) -> str:
    if len(claim) > LONGEST_SUBJECT or FORBIDDEN.search(claim) or line(claim) != claim:
        raise ValueError("sub")
    return claim


def _codes(claim: object) -> tuple[str, ...]:
    codes = claim or []
    if not isinstance(codes, list) or not all(isinstance(code, str) and code.isascii() for code in codes):
        raise ValueError("codes")
    return tuple(codes)


def keys_at(url: str, http: httpx2.AsyncClient) -> LoadKeys:
    """Reads the keys published at `url`."""

    async def load() -> KeySet:
        try:
            answer = await http.get(url)
            answer.raise_for_status()
            return KeySet.import_key_set(answer.json())
        except (httpx2.HTTPError, JoseError, ValueError, KeyError, TypeError, AttributeError) as failed:
            raise Unavailable from failed  # whatever answers there, it does not publish keys now

    return load
