"""Sessions exchanged for tokens at the registry: one exchange for all that wait, kept for less than a token lives."""

import asyncio
import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import structlog
from fastapi import Request
from runtime.language import Language
from runtime.problems import Unavailable

from gateway.upstream.questions import InvalidServiceQuery, ServiceQueries, ServiceRefusal

log = structlog.get_logger("signing_in")

KEPT_SECONDS = 45.0
"""A token lives 60: what it is sent on for has 15 seconds to be let in."""
MOST = 5000
"""Sessions kept in memory; the one that was exchanged longest ago goes first."""
EXCHANGE = "/internal/sessions/token"
SESSION_ENDED = "session_ended"
"""The registry's word for a secret that is no session's, or no longer."""


@dataclass(frozen=True)
class Grant:
    """A role somebody may act under."""

    id: UUID
    role: str
    organisation_id: UUID | None
    sectors: tuple[str, ...]
    areas: tuple[str, ...]

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> "Grant":
        organisation = answer["organisation_id"]
        return cls(
            UUID(answer["id"]),
            answer["role"],
            UUID(organisation) if organisation else None,
            tuple(answer["sectors"]),
            tuple(answer["areas"]),
        )


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in, as a page shows them."""

    id: UUID
    name: str = field(repr=False)
    language: Language
    grants: tuple[Grant, ...]
    acting: Grant

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> "Person":
        person = answer["person"]
        grants = tuple(Grant.of(grant) for grant in answer["grants"])
        return cls(UUID(person["id"]), person["name"], person["language"], grants, Grant.of(answer["acting"]))


@dataclass(frozen=True)
class ExchangedSession:
    """What a session was exchanged for."""

    person: Person
    token: str = field(repr=False)


def signed_in_by(request: Request) -> ExchangedSession | None:
    """Who is signed in in this browser; nobody where a request comes with a token, or with nothing."""
    signed_in: ExchangedSession | None = getattr(request.state, "signed_in", None)
    return signed_in


class Sessions:
    """Exchanges secrets of sessions for tokens."""

    def __init__(self, questions: ServiceQueries, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._questions = questions
        self._clock = clock
        self._kept: OrderedDict[bytes, tuple[ExchangedSession, float]] = OrderedDict()
        self._asked: dict[bytes, asyncio.Task[ExchangedSession | None]] = {}

    async def exchange(self, secret: str) -> ExchangedSession | None:
        """Who has this secret; nobody once the session has ended. Raises `Unavailable`, `ServiceTooSlow`."""
        key = _key(secret)
        kept = self._kept.get(key)
        if kept and kept[1] > self._clock():
            return kept[0]
        asked = self._asked.get(key)
        if asked is None:
            asked = self._asked[key] = asyncio.create_task(self._ask(key, secret))
        # Shielded: one that gives up waiting must not take the answer from the others.
        return await asyncio.shield(asked)

    def knows(self, secret: str) -> bool:
        """Whether this was exchanged here before, also where it must be anew."""
        return _key(secret) in self._kept

    def forget(self, secret: str) -> None:
        """Exchange anew next time: it has ended or acts under another grant. What is on its way is not kept."""
        self._kept.pop(_key(secret), None)
        self._asked.pop(_key(secret), None)

    async def _ask(self, key: bytes, secret: str) -> ExchangedSession | None:
        started, own = self._clock(), asyncio.current_task()
        try:
            told = await self._questions.ask("registry", EXCHANGE, {"secret": secret}, {})
            found = ExchangedSession(Person.of(told), told["access_token"])
            if self._asked.get(key) is own:
                self._keep(key, found, started + KEPT_SECONDS)
            return found
        except ServiceRefusal as refused:
            if refused.code != SESSION_ENDED:
                raise
            return None
        except InvalidServiceQuery as wrong:
            log.error("registry_failed", cause=str(wrong))
            raise Unavailable from wrong
        finally:
            if self._asked.get(key) is own:
                del self._asked[key]

    def _keep(self, key: bytes, found: ExchangedSession, until: float) -> None:
        self._kept[key] = (found, until)
        self._kept.move_to_end(key)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)


def _key(secret: str) -> bytes:
    # By its hash, so that a look into the memory of the gateway finds no secret that outlives its token.
    return hashlib.sha256(secret.encode()).digest()
