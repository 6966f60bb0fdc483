"""The watchdog: aiokafka may stop fetching without a word after a broker's restart."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence

import structlog
from contracts.event import Topic

from messaging.broker import BrokerClient, BrokerUnavailable, Partition
from messaging.kafka import Kafka

log = structlog.get_logger(__name__)


class Watchdog:
    """Asks by a connection of its own how far the topics reach, and barks when we stay behind without working."""

    def __init__(
        self,
        client: BrokerClient,
        kafka: Kafka,
        topics: Sequence[Topic],
        positions: Callable[[], Mapping[Partition, int]],
        stall_seconds: float,
        on_lag: Callable[[Partition, int], None],
    ) -> None:
        self.stalled = asyncio.Event()
        self._client = client
        self._kafka = kafka
        self._topics = topics
        self._positions = positions
        self._stall_seconds = stall_seconds
        self._on_lag = on_lag
        self._behind: dict[Partition, tuple[int, float]] = {}
        self._task = asyncio.create_task(self._watch())

    def working(self) -> None:
        """The position may stand still for as long as a batch takes, or the database is away."""
        self._behind.clear()

    def close(self) -> None:
        self._task.cancel()

    async def _watch(self) -> None:
        while not self.stalled.is_set():
            await asyncio.sleep(min(10.0, self._stall_seconds / 4))
            try:
                self._look(await self._client.ends(self._kafka, self._topics))
            except BrokerUnavailable as error:
                # Nobody can fetch now; whether we still can is seen when it is back.
                self._behind.clear()
                log.info("watchdog.no_broker", error=str(error))

    def _look(self, ends: Mapping[Partition, int]) -> None:
        now = time.monotonic()
        for partition, position in self._positions().items():
            lag = max(0, ends.get(partition, 0) - position)
            self._on_lag(partition, lag)
            before, since = self._behind.get(partition, (-1, now))
            if not lag:
                self._behind.pop(partition, None)
            elif before != position:
                self._behind[partition] = (position, now)
            elif now - since >= self._stall_seconds:
                self.stalled.set()
