"""Telling the other replicas what was spent here, by way of the registry, beside all requests."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import structlog
from runtime.problems import Refusal

from gateway.allowances.counting import CounterUpdate, ReplicaCounters
from gateway.upstream.questions import InvalidServiceQuery, ServiceQueries

log = structlog.get_logger("allowances")

EXCHANGE: Final = "/internal/allowances"
MOST: Final = 5000
LONGEST_PAUSE: Final = 30.0


@asynccontextmanager
async def sharing(counting: ReplicaCounters, questions: ServiceQueries, seconds: float) -> AsyncIterator[None]:
    """Exchange every so many seconds; while the registry is away, each replica counts for itself."""
    exchanging = asyncio.create_task(_exchange_always(counting, questions, seconds))
    try:
        yield
    finally:
        exchanging.cancel()
        with suppress(asyncio.CancelledError):
            await exchanging


async def _exchange_always(counting: ReplicaCounters, questions: ServiceQueries, seconds: float) -> None:
    pause = seconds
    while True:
        await asyncio.sleep(pause)
        pause = seconds if await exchange(counting, questions) else min(pause * 2, max(LONGEST_PAUSE, seconds))


async def exchange(counting: ReplicaCounters, questions: ServiceQueries) -> bool:
    """Tell what was spent here and learn what was spent everywhere; whether the registry was there."""
    told = counting.take_updates(MOST)
    if not told:
        return True
    try:
        answer = await questions.ask("registry", EXCHANGE, _columns(told), {})
        totals = list(zip(told, answer["spent"], strict=True))
    except (Refusal, InvalidServiceQuery, KeyError, ValueError) as failed:  # whatever answers there: it is tried again
        log.warning("not_shared", cause=type(failed).__name__)
        counting.put_back(told)
        return False
    for each, total in totals:
        each.counter.record_total(each.window, each.spent, total)
    return True


def _columns(updates: list[CounterUpdate]) -> dict[str, list[int] | list[str]]:
    return {
        "keys": [each.counter.key for each in updates],
        "windows": [each.window for each in updates],
        "lasting": [2 * each.counter.policy.seconds for each in updates],
        "spent": [each.spent for each in updates],
    }
