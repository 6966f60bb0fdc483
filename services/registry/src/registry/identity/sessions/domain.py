"""What a session is, how long it lasts, and how long somebody waits who guesses (decision 0024)."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from runtime.access import Principal
from runtime.addresses import customer_of, network_of
from runtime.language import Language

from registry.identity.people.domain import Grant, fold_email
from registry.identity.places import domain as places
from registry.identity.places.domain import KnownPlace, keyed
from registry.identity.tokens.domain import TokenHolder

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
NOTED_EVERY = timedelta(minutes=1)
"""How often the use of a session is written down."""
MOST = 20
"""Sessions of one person; a new one ends the one that was used longest ago."""
TOKEN_SECONDS = 60

FREE, FREE_FOR_ADDRESS = 5, 30
"""Failures before the first wait: from one place, and from one address, which many people may share."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=15)
LONGEST_PACE = timedelta(minutes=1)
"""The longest that somebody from an unknown place waits for what others did to the account."""
NO_PACE = timedelta(0)
FORGOTTEN = timedelta(days=1)
"""After which failures no longer count."""
NOBODY = UUID(int=0)
"""Stands for whoever has no account, so that the same is done for them."""
DEVICES = 4
"""Accounts one browser is known for."""


@dataclass(frozen=True)
class Attempts:
    """Tries under one key. Each counts as a failure until it has succeeded, so that guesses sent at once are as slow
    as guesses sent in turn."""

    failures: int
    last_at: datetime
    free_at: datetime

    def promised(self, pace: timedelta) -> "Attempts":
        """With a time at which the next try is taken. What was told once is kept, whatever happens meanwhile."""
        return self if self.free_at > self.last_at else replace(self, free_at=self.last_at + pace)

    def wait(self, now: datetime) -> int:
        """Seconds until the next try is taken."""
        if self.free_at <= self.last_at:
            return 0  # nothing was promised, though another may have come a moment after this one
        return max(0, -(-(self.free_at - now) // timedelta(seconds=1)))

    def another(self, now: datetime, free: int | None, pace: timedelta = NO_PACE) -> "Attempts":
        """With one more, and `pace` at least until the next; without a wait where nothing says how many are free."""
        failures = self.failures_at(now) + 1
        return Attempts(failures, now, now + max(pace, wait(failures, free) if free else NO_PACE))

    def failures_at(self, now: datetime) -> int:
        return 0 if now - self.last_at > FORGOTTEN else self.failures

    def unjudged(self, now: datetime) -> "Attempts":
        """Without the last one, which was never judged; the next is taken at once."""
        return Attempts(max(self.failures - 1, 0), now - timedelta(seconds=1), now)

    def one_taken_back(self) -> "Attempts":
        return replace(self, failures=max(self.failures - 1, 0), free_at=self.last_at)


def wait(failures: int, free: int) -> timedelta:
    """None until so many have failed, then twice as long each time, and never for ever."""
    if failures < free:
        return NO_PACE
    doublings = min(failures - free, 20)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def pace(failures: int) -> timedelta:
    """Between two tries from one unknown network, by what strangers have done to the account."""
    return min(wait(failures, FREE), LONGEST_PACE)


@dataclass(frozen=True)
class ThrottleLane:
    """Under which keys a try is counted. A known browser and a known network have a lane of their own each."""

    name: str
    own: bytes
    """Of the browser, or of the account as tried from one network."""
    address: bytes | None = None
    account: bytes | None = None
    """All that strangers have tried. It slows each of their networks, and never stops them together."""

    @property
    def known(self) -> bool:
        return self.account is None

    @property
    def free(self) -> Mapping[bytes, int | None]:
        """Failures each key has free, in the order in which they are locked."""
        free = {self.own: FREE, self.address: FREE_FOR_ADDRESS, self.account: None}
        return dict(sorted((key, number) for key, number in free.items() if key))

    def named(self, key: bytes) -> str:
        return {self.own: self.name, self.address: "address"}.get(key, "account")


@dataclass(frozen=True)
class Visitor:
    """A browser as it comes to sign in: where from, and the tokens it was given when it did so before."""

    address: str
    devices: tuple[str, ...]
    secret: str = field(repr=False)

    def places(self, person_id: UUID) -> list[KnownPlace]:
        """What the person would have to be known by: the network, and each of the tokens."""
        network = places.network(self.secret, person_id, self.address)
        return [*([network] if network else []), *(self._device(person_id, token) for token in self.devices)]

    def device_of(self, person_id: UUID, known: Set[bytes]) -> str | None:
        """The token this browser was given for that person."""
        return next((token for token in self.devices if self._device(person_id, token).key in known), None)

    def lane(self, email: str, person_id: UUID, known: Set[bytes]) -> ThrottleLane:
        """How a try is counted, where the person is known by these keys."""
        if token := self.device_of(person_id, known):
            return ThrottleLane("device", self._key(f"device {token}"))
        own = self._key(f"account {fold_email(email)} from {network_of(self.address) or 'unknown'}")
        if known:
            return ThrottleLane("network", own)
        address = self._key(f"address {customer_of(self.address)}")
        return ThrottleLane("stranger", own, address, self._key(f"account {fold_email(email)}"))

    def _device(self, person_id: UUID, token: str) -> KnownPlace:
        return places.device(self.secret, person_id, token)

    def _key(self, text: str) -> bytes:
        return keyed(self.secret, text)


@dataclass(frozen=True)
class ActiveSession:
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
            str(self.person_id),
            powers.role,
            powers.organisation_id,
            powers.sectors,
            powers.areas,
            self.session_id,
            same_organisations=powers.same_organisations,
        )

    @property
    def holder(self) -> TokenHolder:
        return TokenHolder(str(self.person_id), self.acting.powers, self.session_id)

    def shown(self) -> dict[str, Any]:
        return {
            "kind": "person",
            "person": {"id": str(self.person_id), "name": self.name, "language": self.language},
            "grants": [grant.shown() for grant in self.grants],
            "acting": self.acting.shown(),
        }


@dataclass(frozen=True)
class NewSession:
    """A session with its secret, which is told once."""

    secret: str = field(repr=False)
    device: str = field(repr=False)
    """Token by which the browser is known the next time."""
    signed_in: ActiveSession
