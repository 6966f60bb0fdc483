"""Hints that something was published, for those who wait for changes of a list."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import structlog
from contracts.event import Topic
from messaging import Kafka, notice

log = structlog.get_logger("hints")

MOST_AT_ONCE: Final = 16
"""Questions for changes under way at the same time: they wait for one another, not other questions for them."""


class ChangeHints:
    """Listens to a topic for as long as anybody waits for its changes. Nothing of what is published is read."""

    def __init__(self, kafka: Kafka | None) -> None:
        self.places = asyncio.Semaphore(MOST_AT_ONCE)
        self._kafka = kafka
        self._waiting: dict[Topic, set[asyncio.Event]] = {}
        self._noticing: dict[Topic, asyncio.Task[None]] = {}

    @asynccontextmanager
    async def of(self, topic: Topic) -> AsyncIterator[asyncio.Event]:
        """An event that is set whenever something was published on the topic."""
        hint = asyncio.Event()
        waiting = self._waiting.setdefault(topic, set())
        waiting.add(hint)
        self._notice(topic)
        try:
            yield hint
        finally:
            waiting.discard(hint)
            if not waiting and (noticing := self._noticing.pop(topic, None)):
                noticing.cancel()

    def give(self, topic: Topic) -> None:
        """Wakes those who wait for changes told on the topic."""
        for hint in self._waiting.get(topic, ()):
            hint.set()

    def _notice(self, topic: Topic) -> None:
        if self._kafka is None or topic in self._noticing:
            return
        noticing = asyncio.create_task(notice(self._kafka, topic, lambda: self.give(topic), asyncio.Event()))
        self._noticing[topic] = noticing
        noticing.add_done_callback(lambda task: self._ended(topic, task))

    def _ended(self, topic: Topic, task: "asyncio.Task[None]") -> None:
        # Who waits asks now and then without a hint; the next one to come tries to listen again.
        if self._noticing.get(topic) is task:
            del self._noticing[topic]
        if not task.cancelled() and (failed := task.exception()):
            log.error("no_longer_noticing", topic=topic.noun, cause=repr(failed))
