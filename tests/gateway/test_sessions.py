"""Sessions exchanged for tokens: how often, how long, and what is kept."""

import asyncio
from typing import Any

import orjson
import pytest
from gateway.signing_in.sessions import KEPT_SECONDS, MOST, Sessions
from gateway.upstream.questions import ServiceQueries
from runtime.problems import Unavailable
from testkit.trust import TestIssuer

from .people import Registry


class Scripted(ServiceQueries):
    """Answers exchanges without a registry."""

    def __init__(self, issuer: TestIssuer) -> None:
        self.registry = Registry(issuer)
        self.asked = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.failing = False

    async def ask(self, service: str, path: str, question: Any, headers: Any) -> dict[str, Any]:
        self.asked += 1
        await self.gate.wait()
        if self.failing:
            raise Unavailable
        self.registry.sessions.setdefault(question["secret"], self.registry.grants[0])
        told: dict[str, Any] = orjson.loads(self.registry._exchanged(question["secret"]).body)
        return told


async def test_exchange_is_kept_shorter_than_its_token_lives(issuer: TestIssuer) -> None:
    clock = [0.0]
    questions = Scripted(issuer)
    sessions = Sessions(questions, clock=lambda: clock[0])
    for now, asked in ((0.0, 1), (KEPT_SECONDS - 1, 1), (KEPT_SECONDS, 2)):
        clock[0] = now
        assert await sessions.exchange("A" * 43) is not None
        assert questions.asked == asked


async def test_memory_of_sessions_is_bounded_and_holds_no_secret(issuer: TestIssuer) -> None:
    questions = Scripted(issuer)
    sessions = Sessions(questions)
    for number in range(MOST + 50):
        sessions._keep(str(number).encode(), None, 1e12)  # type: ignore[arg-type]
    assert len(sessions._kept) == MOST
    await sessions.exchange("A" * 43)
    assert "A" * 43 not in repr(vars(sessions))


async def test_sign_out_during_an_exchange_keeps_nothing(issuer: TestIssuer) -> None:
    questions = Scripted(issuer)
    sessions = Sessions(questions)
    questions.gate.clear()
    waiting = asyncio.create_task(sessions.exchange("A" * 43))
    await asyncio.sleep(0)
    sessions.forget("A" * 43)
    questions.gate.set()
    await waiting
    await sessions.exchange("A" * 43)
    assert questions.asked == 2


async def test_failed_exchange_is_tried_anew(issuer: TestIssuer) -> None:
    questions = Scripted(issuer)
    sessions = Sessions(questions)
    questions.failing = True
    with pytest.raises(Unavailable):
        await sessions.exchange("A" * 43)
    questions.failing = False
    assert await sessions.exchange("A" * 43) is not None
