"""What a session is, how long it lasts, and how long somebody waits who guesses."""

import hmac
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from runtime.access import Principal
from runtime.language import Language

from registry.people.domain import Grant, fold_email
from registry.sessions.errors import TooManyAttempts
from registry.tokens.domain import Holder

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
NOTED_EVERY = timedelta(minutes=1)
"""How often the use of a session is written down."""
MOST = 20
"""Sessions of one person; a new one ends the one that was used longest ago."""
TOKEN_SECONDS = 60

FREE_FOR_ACCOUNT, FREE_FOR_ADDRESS = 5, 30
"""Failures before the first wait. Many people share one address: an office, a mobile network."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=15)
FORGOTTEN = timedelta(days=1)
"""After which failures no longer count."""


@dataclass(frozen=True)
class Attempts:
    """Tries to sign in to one account, or from one address. Each counts as a failure until it has succeeded,
    so that guesses sent at once are as slow as guesses sent in turn."""

    failures: int
    last_at: datetime
    free_at: datetime

    def another(self, now: datetime, free: int) -> "Attempts":
        """With one more. Raises `TooManyAttempts` while there is a wait."""
        if now < self.free_at:
            raise TooManyAttempts(-(-(self.free_at - now) // timedelta(seconds=1)))
        failures = 1 if now - self.last_at > FORGOTTEN else self.failures + 1
        return Attempts(failures, now, now + wait(failures, free))

    def one_taken_back(self) -> "Attempts":
        return replace(self, failures=max(self.failures - 1, 0), free_at=self.last_at)


def wait(failures: int, free: int) -> timedelta:
    """None until so many have failed, then twice as long each time, and never for ever."""
    if failures < free:
        return timedelta(0)
    doublings = min(failures - free, 20)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


@dataclass(frozen=True)
class Tried:
    """Under which keys a try to sign in is counted."""

    account: bytes
    address: bytes

    @classmethod
    def of(cls, email: str, address: str, secret: str) -> "Tried":
        """Keys that tell neither the account nor the address."""
        return cls(_key(secret, f"account {fold_email(email)}"), _key(secret, f"address {network(address)}"))

    def free(self) -> Mapping[bytes, int]:
        """Failures each key has free, in the order in which they are locked."""
        return dict(sorted({self.account: FREE_FOR_ACCOUNT, self.address: FREE_FOR_ADDRESS}.items()))


def network(address: str) -> str:
    """Where a try came from: an IPv4 address, or the /64 that one IPv6 customer has for themselves."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(parsed.ipv4_mapped or ipaddress.ip_network((int(parsed), 64), strict=False))
    return str(parsed)


def _key(secret: str, text: str) -> bytes:
    return hmac.digest(b"tansiq sign-in\n" + secret.encode(), text.encode(), "sha256")


@dataclass(frozen=True)
class SignedIn:
    """Somebody who is signed in: their session, who they are, what they hold and what they act under."""

    session_id: UUID
    person_id: UUID
    name: str = field(repr=False)
    language: Language
    grants: tuple[Grant, ...]
    """Those that can be acted under now."""
    acting_id: UUID

    @property
    def acting(self) -> Grant:
        return next(grant for grant in self.grants if grant.id == self.acting_id)

    @property
    def principal(self) -> Principal:
        powers = self.acting.powers
        return Principal(
            str(self.person_id), powers.role, powers.organisation_id, powers.sectors, powers.areas, self.session_id
        )

    @property
    def holder(self) -> Holder:
        return Holder(str(self.person_id), self.acting.powers, self.session_id)

    def shown(self) -> dict[str, Any]:
        return {
            "kind": "person",
            "person": {"id": str(self.person_id), "name": self.name, "language": self.language},
            "grants": [grant.shown() for grant in self.grants],
            "acting": self.acting.shown(),
        }


@dataclass(frozen=True)
class Opened:
    """A session with its secret, which is told once."""

    secret: str = field(repr=False)
    signed_in: SignedIn
